package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/tavus/terraform-provider-tavus/internal/clitools"
)

// A binary is the compiled tests of one package.
type binary struct {
	path string
	pkg  string
	dir  string // the package's folder, where its tests expect to run
}

// compile builds the test binaries once, for all CLIs.
func compile(ctx context.Context, root, scratch string) ([]binary, error) {
	list, err := goCommand(ctx, root, "list", "-f", "{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}}\t{{.Dir}}{{end}}", "./internal/provider/...")
	if err != nil {
		return nil, err
	}
	var out []binary
	for line := range strings.Lines(list) {
		pkg, dir, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if !ok {
			continue
		}
		path := filepath.Join(scratch, strconv.Itoa(len(out))+".test.exe")
		if _, err := goCommand(ctx, root, "test", "-c", "-o", path, pkg); err != nil {
			return nil, err
		}
		out = append(out, binary{path: path, pkg: pkg, dir: dir})
	}
	if len(out) == 0 {
		return nil, errors.New("no package under internal/provider has tests")
	}
	return out, nil
}

// goCommand runs the go command in dir and returns its standard output.
func goCommand(ctx context.Context, dir string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = dir
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("go %s: %w\n%s%s", args[0], err, stdout.Bytes(), stderr.Bytes())
	}
	return stdout.String(), nil
}

// runOn runs all binaries on one CLI. Failing tests are in the round, not in
// the error.
func runOn(ctx context.Context, w io.Writer, c clitools.CLI, binaries []binary, o options) (*round, error) {
	r := newRound(c)
	start := time.Now()
	for _, b := range binaries {
		if err := r.runBinary(ctx, w, b, o); err != nil {
			return r, err
		}
	}
	r.took = time.Since(start)
	return r, ctx.Err()
}

func (r *round) runBinary(ctx context.Context, w io.Writer, b binary, o options) error {
	cmd := exec.CommandContext(ctx, "go", "tool", "test2json", "-t", "-p", b.pkg, b.path,
		"-test.v=test2json", "-test.run="+o.pattern,
		"-test.timeout="+o.timeout.String(), "-test.parallel="+strconv.Itoa(o.parallel))
	cmd.Dir = b.dir
	cmd.Env = environ(r.cli)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	events, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	known := len(r.tests)
	outside, readErr := r.read(w, events)
	if readErr != nil {
		// Nobody reads on, so the process must not wait for a reader.
		_, _ = io.Copy(io.Discard, events)
	}
	err = cmd.Wait()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if readErr != nil {
		return readErr
	}
	_, failed, _ := r.counts()
	if err != nil && failed == 0 {
		r.trouble = append(r.trouble, fmt.Sprintf("%s: %v\n%s%s", b.pkg, err, strings.Join(outside, ""), stderr.Bytes()))
	}
	if failed > 0 && len(r.tests) > known {
		r.showUnfinished(w, outside)
	}
	return nil
}

// showUnfinished prints the tests that a panic or the time limit cut off, and
// what the binary said last.
func (r *round) showUnfinished(w io.Writer, outside []string) {
	found := false
	for _, t := range r.leaves() {
		if t.action == "run" {
			found = true
			fmt.Fprintf(w, "\n%s did not finish:\n%s\n", t.name, strings.Join(t.output, ""))
		}
	}
	if found {
		fmt.Fprintln(w, strings.Join(outside, ""))
	}
}

// environ is what plugin-testing needs to run the tests on the CLI.
func environ(c clitools.CLI) []string {
	env := append(clitools.CleanEnviron(), "TF_ACC=1", "TF_ACC_TERRAFORM_PATH="+c.Path)
	if c.Name == clitools.OpenTofu {
		env = append(env, "TF_ACC_PROVIDER_HOST="+c.RegistryHost())
	}
	// These are meant for the tests, so they pass.
	for _, name := range []string{"TAVUS_LONG", "TF_LOG", "TF_LOG_PATH", "TF_ACC_LOG_PATH"} {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return env
}
