//go:build unix

// Command bench measures what the provider costs beside a bare one, under a real
// CLI and against the simulator: the time that passes, the CPU and the memory of the
// provider's processes, and the requests that it sends. Each contender goes through
// one life of N deployments: create, an empty plan, a change of one key in each,
// destroy. The bare provider (folder bare) is the floor: the same attributes on the
// same framework, and no request.
//
//	TF_LOG_SDK=OFF go run ./tools/bench -n 100 -runs 5
//	go run ./tools/bench -beside old=/path/of/another/terraform-provider-tavus
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
)

type options struct {
	count, runs int
	cli         string
	beside      []contender
}

// A contender is a provider that is measured.
type contender struct {
	name   string
	kind   string // the provider's name and the prefix of its resources
	source string // its address, as required_providers has it
	binary string // path
}

const (
	floor   = "bare"
	latency = "50ms" // of every answer of the API
)

func main() {
	if os.Getenv(envProgram) != "" {
		os.Exit(launch())
	}
	var o options
	flag.IntVar(&o.count, "n", 100, "number of `deployments`")
	flag.IntVar(&o.runs, "runs", 3, "how many `times` each life is measured; the table shows medians")
	flag.StringVar(&o.cli, "cli", "terraform", "the `path` of Terraform or OpenTofu")
	flag.Func("beside", "`NAME=BINARY` of another build of this provider to measure; may be repeated", func(text string) error {
		name, binary, ok := strings.Cut(text, "=")
		path, err := filepath.Abs(binary)
		if !ok || err != nil {
			return errors.Join(errors.New("want NAME=BINARY"), err)
		}
		o.beside = append(o.beside, contender{name, "tavus", "tavus/tavus", path})
		return nil
	})
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, o)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) (err error) {
	if o.count < 1 || o.runs < 1 {
		return errors.New("-n and -runs must be 1 or more")
	}
	scratch, err := os.MkdirTemp("", "tavus-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(scratch)) }()
	contenders := []contender{
		{floor, "bare", "bare/bare", filepath.Join(scratch, "bare")},
		{"tavus", "tavus", "tavus/tavus", filepath.Join(scratch, "tavus")},
	}
	for i, pkg := range []string{"./tools/bench/bare", "."} {
		// The flags of a release, see .goreleaser.yml.
		cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", contenders[i].binary, pkg)
		cmd.Env, cmd.Stderr = append(os.Environ(), "CGO_ENABLED=0"), os.Stderr
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("cannot build %s: %w", pkg, err)
		}
	}
	contenders = append(contenders, o.beside...)
	results := table{}
	// The contenders take turns, so that a busy minute of the machine hits all.
	for range o.runs {
		for _, c := range contenders {
			samples, err := life(ctx, o, c, scratch)
			if err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
			results[c.name] = append(results[c.name], samples)
		}
	}
	fmt.Printf("%d deployments, every answer after %s, medians of %d\n\n", o.count, latency, o.runs)
	return results.print(os.Stdout, contenders)
}
