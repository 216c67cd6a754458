// Command acceptance runs the acceptance tests (TestAcc...) of internal/provider
// once on every Terraform and OpenTofu CLI of this machine, and builds an
// OpenTofu when there is none.
//
// With -short, which "make test" uses, one of them runs all tests, and the others
// those whose outcome depends on the CLI (see share.go).
//
// It prints the output of every test that failed, then one line for each CLI,
// then what was not covered: the tests that every CLI here skipped, with the
// reason. It fails when a test fails, when a CLI ran no test, and when there is
// no CLI.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"time"

	"github.com/tavus/terraform-provider-tavus/internal/clitools"
)

// everyTest matches the names of all acceptance tests.
const everyTest = "^TestAcc"

type options struct {
	pattern  string
	parallel int
	timeout  time.Duration
	path     string
	short    bool
}

func main() {
	var o options
	flag.StringVar(&o.pattern, "run", everyTest, "run only the tests that match this `pattern`")
	// A test waits for CLI processes most of the time, so more of them than
	// cores are under way.
	flag.IntVar(&o.parallel, "parallel", 2*runtime.NumCPU(), "how many tests run at once")
	flag.DurationVar(&o.timeout, "timeout", 20*time.Minute, "how long one CLI may take")
	flag.BoolVar(&o.short, "short", false, "run all tests on one CLI, and on the others those whose outcome depends on the CLI")
	flag.StringVar(&o.path, "cli", "", "use only the CLI at this `path`")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), clitools.EndSignals()...)
	err := run(ctx, os.Stdout, o)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "acceptance:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, w io.Writer, o options) (err error) {
	root, err := clitools.Root()
	if err != nil {
		return err
	}
	clis, err := choose(ctx, o.path)
	if err != nil {
		return err
	}
	scratch, err := os.MkdirTemp("", "tavus-acceptance-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(scratch)) }()
	binaries, err := compile(ctx, root, scratch)
	if err != nil {
		return err
	}
	var all []*round
	for i, s := range shares(clis, o) {
		if i == 1 && s.o.pattern != o.pattern {
			fmt.Fprintln(w, "Short: the other CLIs run what depends on the CLI. \"make test-acc\" runs everything on each.")
		}
		fmt.Fprintf(w, "Acceptance tests on %s (%s)\n", s.cli, s.cli.Path)
		r, err := runOn(ctx, w, s.cli, binaries, s.o)
		if err != nil {
			return err
		}
		all = append(all, r)
	}
	fmt.Fprintln(w)
	report(w, all)
	return verdict(all)
}

// choose returns the CLIs to run on: the one at path, or all of this machine, or
// a freshly built OpenTofu where there is none.
func choose(ctx context.Context, path string) ([]clitools.CLI, error) {
	if path != "" {
		c, err := clitools.Inspect(ctx, path)
		return []clitools.CLI{c}, err
	}
	clis, err := clitools.All(ctx)
	if err != nil || len(clis) > 0 {
		return clis, err
	}
	c, err := clitools.BuildOpenTofu(ctx, clitools.Stderr)
	if err != nil {
		return nil, errors.Join(clitools.ErrNoCLI, err)
	}
	return []clitools.CLI{c}, nil
}
