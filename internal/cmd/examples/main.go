// Command examples checks everything under examples/ against the simulator, on
// the CLI of this machine that knows the most, or the one in TF_CLI. It checks
// the formatting, plans each folder without an error or a warning, applies each
// resource and expects an empty second plan, and imports in each way shown.
//
// With -fmt it formats the examples instead.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"

	"github.com/tavus/terraform-provider-tavus/internal/clitools"
)

func main() {
	format := flag.Bool("fmt", false, "format the examples")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), clitools.EndSignals()...)
	err := run(ctx, *format)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "examples:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, format bool) (err error) {
	root, err := clitools.Root()
	if err != nil {
		return err
	}
	cli, err := best(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("Checking the examples with %s (%s)\n", cli, cli.Path)
	box, err := clitools.NewSandbox(ctx, cli)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, box.Close()) }()
	if err := fmtExamples(ctx, box, filepath.Join(root, "examples"), format); err != nil || format {
		return err
	}
	program, err := box.BuildSimulator(ctx)
	if err != nil {
		return err
	}
	simulator, err := clitools.StartSimulator(ctx, program)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, simulator.Stop()) }()
	box.Setenv("TAVUS_API_KEY=examples", "TAVUS_BASE_URL="+simulator.URL)

	c := &checker{box: box, root: root, url: simulator.URL}
	if c.seed, err = makeDeployment(ctx, simulator.URL); err != nil {
		return err
	}
	if err := c.all(ctx); err != nil {
		return err
	}
	for _, line := range c.notChecked {
		fmt.Println("NOT CHECKED:", line)
	}
	if len(c.notChecked) == 0 {
		fmt.Println("NOT CHECKED: nothing")
	}
	return nil
}

// best returns the CLI in TF_CLI or else the one that can check the most, and
// builds one when there is none.
func best(ctx context.Context) (clitools.CLI, error) {
	if os.Getenv("TF_CLI") != "" {
		return clitools.Find(ctx, clitools.Stderr)
	}
	all, err := clitools.All(ctx)
	if err != nil {
		return clitools.CLI{}, err
	}
	for _, fits := range []func(clitools.CLI) bool{clitools.CLI.HasQuery, clitools.CLI.HasIdentity} {
		for _, c := range all {
			if fits(c) {
				return c, nil
			}
		}
	}
	return clitools.Find(ctx, clitools.Stderr)
}

func fmtExamples(ctx context.Context, box *clitools.Sandbox, dir string, write bool) error {
	args := []string{"fmt", "-recursive", "-no-color"}
	if !write {
		args = append(args, "-check", "-diff")
	}
	result, err := box.Run(ctx, dir, nil, args...)
	if err != nil {
		return err
	}
	if result.Code != 0 {
		return fmt.Errorf("%s fmt, exit code %d; \"make fmt\" formats the examples\n%s%s", box.CLI, result.Code, result.Stdout, result.Stderr)
	}
	return nil
}
