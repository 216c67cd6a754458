// Command moduletests runs the module tests in examples/module-testing on every
// Terraform and OpenTofu of this machine, against the simulator, in the way that
// the guide "Test your modules offline" describes.
//
// Each file under tests/ gets a simulator of its own. The flags of the simulator
// are those that the comment at the top of the file tells the reader to use, so
// that comment is tested, too. A test file of which nothing ran is a failure.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/tavus/terraform-provider-tavus/internal/clitools"
)

const module = "examples/module-testing"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), clitools.EndSignals()...)
	err := run(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "moduletests:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	clis, err := clitools.All(ctx)
	if err != nil {
		return err
	}
	if len(clis) == 0 {
		built, err := clitools.Find(ctx, clitools.Stderr)
		if err != nil {
			return err
		}
		clis = append(clis, built)
	}
	ran := 0
	var failed []error
	for _, cli := range clis {
		if !cli.HasFunctions() {
			fmt.Printf("NOT CHECKED: module tests on %s: the module uses a provider function, which needs Terraform 1.8 or OpenTofu 1.7\n", cli)
			continue
		}
		ran++
		if err := testOn(ctx, cli); err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", cli, err))
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	if ran == 0 {
		return errors.New("no CLI here can run the module tests")
	}
	return errors.Join(failed...)
}

func testOn(ctx context.Context, cli clitools.CLI) (err error) {
	box, err := clitools.NewSandbox(ctx, cli)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, box.Close()) }()
	program, err := box.BuildSimulator(ctx)
	if err != nil {
		return err
	}
	dir := filepath.Join(box.Dir, "module")
	root, err := clitools.Root()
	if err != nil {
		return err
	}
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(root, filepath.FromSlash(module)))); err != nil {
		return err
	}
	if err := expectOK(box.Run(ctx, dir, nil, "init", "-no-color")); err != nil {
		return fmt.Errorf("init: %w", err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "tests", "*.tftest.hcl"))
	if err != nil || len(files) == 0 {
		return errors.Join(err, errors.New("no test files in "+module))
	}
	for _, file := range files {
		if err := testFile(ctx, box, program, dir, file); err != nil {
			return fmt.Errorf("%s: %w", filepath.Base(file), err)
		}
	}
	return nil
}

func testFile(ctx context.Context, box *clitools.Sandbox, program, dir, file string) (err error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	flags := simulatorFlags(string(text))
	simulator, err := clitools.StartSimulator(ctx, program, flags...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, simulator.Stop()) }()
	box.Setenv("TAVUS_API_KEY=module-tests", "TAVUS_BASE_URL="+simulator.URL)
	name := filepath.Base(file)
	result, err := box.Run(ctx, dir, nil, "test", "-no-color", "-filter="+filepath.Join("tests", name))
	if err := expectOK(result, err); err != nil {
		return err
	}
	passed := passedRuns(result.Stdout)
	if want := strings.Count("\n"+string(text), "\nrun \""); passed != want || passed == 0 {
		return fmt.Errorf("%d runs passed, but the file has %d\n%s", passed, want, result.Stdout)
	}
	fmt.Printf("ok  %s: %s: %d runs passed\n", box.CLI, name, passed)
	return nil
}

// simulatorFlags returns the flags in the comment at the top of a test file. They
// are on a line of their own that begins with a dash.
func simulatorFlags(text string) []string {
	for line := range strings.Lines(text) {
		words, ok := strings.CutPrefix(line, "#")
		if !ok {
			return nil
		}
		if words = strings.TrimSpace(words); strings.HasPrefix(words, "-") {
			return strings.Fields(words)
		}
	}
	return nil
}

var summary = regexp.MustCompile(`(?m)^Success! (\d+) passed, 0 failed\.`)

// passedRuns reads the last line of "test". 0: there is no such line.
func passedRuns(output string) int {
	match := summary.FindStringSubmatch(output)
	if match == nil {
		return 0
	}
	n, err := strconv.Atoi(match[1])
	if err != nil {
		return 0
	}
	return n
}

func expectOK(result clitools.Result, err error) error {
	if err != nil {
		return err
	}
	if result.Code != 0 {
		return fmt.Errorf("exit code %d\n%s%s", result.Code, result.Stdout, result.Stderr)
	}
	return nil
}
