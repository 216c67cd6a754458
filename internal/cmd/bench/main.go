// Command bench measures the provider of this source tree beside a bare one,
// under the real CLI and against the simulator. See package bench, and
// BENCHMARKS.md for how to read what it prints.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/tavus/terraform-provider-tavus/internal/bench"
	"github.com/tavus/terraform-provider-tavus/internal/clitools"
)

type options struct {
	counts, parallelisms []int
	runs, starts         int
	latency              time.Duration
	json, cli            string
	env, beside          []string
}

func main() {
	o := options{counts: []int{1, 200}, parallelisms: []int{10, 50}}
	flag.Func("n", "numbers of `deployments`, such as 1,200,1000", numbers(&o.counts))
	flag.Func("parallelism", "`numbers` for Terraform's -parallelism, such as 10,50", numbers(&o.parallelisms))
	flag.IntVar(&o.runs, "runs", 3, "how many `times` each measurement is made")
	flag.IntVar(&o.starts, "starts", 10, "how many `times` start-up is measured")
	flag.DurationVar(&o.latency, "latency", 50*time.Millisecond, "`time` that every answer of the API takes")
	flag.StringVar(&o.json, "json", "", "`file` for everything measured as JSON; - is standard output")
	flag.StringVar(&o.cli, "cli", "", "use the CLI at this `path`")
	flag.Func("env", "a `setting` for the CLI and all providers, such as TF_LOG_SDK=OFF; may be repeated", list(&o.env))
	flag.Func("beside", "`folder` of another provider to measure, see BENCHMARKS.md; may be repeated", list(&o.beside))
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), clitools.EndSignals()...)
	err := run(ctx, o)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func numbers(to *[]int) func(string) error {
	return func(text string) error {
		*to = nil
		for part := range strings.SplitSeq(text, ",") {
			n, err := strconv.Atoi(strings.TrimSpace(part))
			if err != nil || n < 1 {
				return fmt.Errorf("%q is not a number above zero", part)
			}
			*to = append(*to, n)
		}
		return nil
	}
}

func list(to *[]string) func(string) error {
	return func(text string) error {
		*to = append(*to, text)
		return nil
	}
}

func run(ctx context.Context, o options) (err error) {
	if o.runs < 1 || o.starts < 0 {
		return errors.New("-runs must be 1 or more, and -starts 0 or more")
	}
	scratch, err := os.MkdirTemp("", "tavus-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(scratch)) }()
	cli, err := choose(ctx, o.cli, scratch)
	if err != nil {
		return err
	}
	contenders, launcher, err := prepare(ctx, scratch, o.beside)
	if err != nil {
		return err
	}
	runner := &bench.Runner{CLI: cli, Launcher: launcher, Scratch: scratch, Latency: o.latency, Env: o.env}
	report := bench.NewReport()
	report.CLI, report.Latency, report.Env, report.Runs = cli.String(), o.latency, o.env, o.runs
	if err := measure(ctx, o, runner, contenders, report); err != nil {
		return err
	}
	report.Judge("tavus")
	if o.json != "-" {
		report.Print(os.Stdout)
	}
	if err := save(report, o.json); err != nil {
		return err
	}
	if broken := report.Broken(true); len(broken) > 0 {
		return fmt.Errorf("not met on any machine:\n  %s", strings.Join(broken, "\n  "))
	}
	return nil
}

// choose returns the CLI that is used first and that has the HTTP backend.
func choose(ctx context.Context, path, scratch string) (clitools.CLI, error) {
	fits := func(c clitools.CLI) bool { return bench.HasHTTPBackend(ctx, c, scratch) }
	var c clitools.CLI
	var err error
	if path != "" {
		c, err = clitools.Inspect(ctx, path)
	} else {
		c, err = clitools.Choose(ctx, clitools.Stderr, fits)
	}
	if err == nil && !fits(c) {
		err = fmt.Errorf("%s at %s cannot keep its state in an HTTP backend, which the bench needs", c, c.Path)
	}
	return c, err
}

// prepare builds the programs and returns the contenders, the bare one first.
func prepare(ctx context.Context, scratch string, beside []string) (contenders []bench.Contender, launcher string, err error) {
	root, err := clitools.Root()
	if err != nil {
		return nil, "", err
	}
	suffix := filepath.Ext(os.Args[0]) // .exe on Windows
	build := func(name, pkg string) string {
		target := filepath.Join(scratch, name+suffix)
		if err == nil {
			// The flags of a release, see .goreleaser.yml.
			cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", target, pkg)
			cmd.Dir, cmd.Env = root, append(os.Environ(), "CGO_ENABLED=0")
			var out []byte
			if out, err = cmd.CombinedOutput(); err != nil {
				err = fmt.Errorf("cannot build %s: %w\n%s", name, err, out)
			}
		}
		return target
	}
	launcher = build("launcher", "./internal/cmd/bench/launcher")
	bareProgram := build("bare", "./internal/cmd/bench/bare")
	program := build("terraform-provider-tavus", ".")
	if err != nil {
		return nil, "", err
	}
	bare, err := bench.Bare(bareProgram)
	if err != nil {
		return nil, "", err
	}
	tavus, err := bench.Tavus(program)
	if err != nil {
		return nil, "", err
	}
	contenders = []bench.Contender{bare, tavus}
	for _, dir := range beside {
		other, err := bench.LoadContender(dir)
		if err != nil {
			return nil, "", err
		}
		contenders = append(contenders, other)
	}
	return contenders, launcher, nil
}

func measure(ctx context.Context, o options, runner *bench.Runner, contenders []bench.Contender, report *bench.Report) error {
	for _, count := range o.counts {
		for _, parallelism := range o.parallelisms {
			for turn := range o.runs {
				for _, c := range contenders {
					clitools.Stderr("%s: %d deployments, parallelism %d, run %d of %d", c.Name, count, parallelism, turn+1, o.runs)
					round, err := runner.Run(ctx, c, count, parallelism)
					if err != nil {
						return err
					}
					report.Rounds = append(report.Rounds, round)
				}
			}
		}
	}
	report.Summarise()
	for _, c := range contenders {
		size, err := bench.Size(c)
		if err != nil {
			return err
		}
		report.Sizes[c.Name] = size
	}
	if o.starts == 0 {
		return nil
	}
	clitools.Stderr("start-up, %d times", o.starts)
	starts, err := runner.Start(ctx, contenders, o.starts)
	if err != nil {
		return err
	}
	report.SummariseStart(starts)
	return nil
}

func save(report *bench.Report, path string) error {
	if path == "" {
		return nil
	}
	text, err := json.MarshalIndent(report, "", "  ")
	if err != nil {
		return err
	}
	text = append(text, '\n')
	if path == "-" {
		_, err = os.Stdout.Write(text)
		return err
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		return err
	}
	fmt.Printf("\nEverything measured is in %s.\n", path)
	return nil
}
