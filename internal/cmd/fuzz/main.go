// Command fuzz runs every fuzz target of this module for a short time each. Go
// runs one target of one package at a time, so somebody has to list them.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"time"

	"github.com/tavus/terraform-provider-tavus/internal/clitools"
)

func main() {
	fuzztime := flag.Duration("fuzztime", 10*time.Second, "how long each target runs")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), clitools.EndSignals()...)
	err := run(ctx, *fuzztime)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "fuzz:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, fuzztime time.Duration) error {
	root, err := clitools.Root()
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, "go", "test", "-list", "^Fuzz", "./...")
	cmd.Dir = root
	cmd.Stderr = os.Stderr
	list, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("go test -list: %w\n%s", err, list)
	}
	targets := parse(string(list))
	if len(targets) == 0 {
		return errors.New("this module has no fuzz target")
	}
	var failed error
	for _, t := range targets {
		fmt.Printf("%s in %s, for %s\n", t.name, t.pkg, fuzztime)
		// Where goroutines make the coverage differ from run to run, Go would spend
		// a minute on making each new input smaller, and try no other.
		cmd := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-fuzz", "^"+t.name+"$", "-fuzztime", fuzztime.String(),
			"-fuzzminimizetime", "10x", t.pkg)
		cmd.Dir = root
		out, err := cmd.CombinedOutput()
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			fmt.Printf("%s\n", out)
			failed = errors.Join(failed, fmt.Errorf("%s in %s: %w", t.name, t.pkg, err))
		}
	}
	return failed
}

type target struct{ pkg, name string }

// parse reads "go test -list": the names of a package's targets, a line each,
// and then a line "ok PACKAGE TIME" that says whose they are.
func parse(list string) []target {
	var out []target
	var names []string
	for line := range strings.Lines(list) {
		fields := strings.Fields(line)
		switch {
		case len(fields) == 1 && strings.HasPrefix(fields[0], "Fuzz"):
			names = append(names, fields[0])
		case len(fields) > 1 && fields[0] == "ok":
			for _, name := range names {
				out = append(out, target{fields[1], name})
			}
			names = nil
		}
	}
	return out
}
