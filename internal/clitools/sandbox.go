package clitools

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"
)

// SandboxVersion is the version that the sandbox gives to the provider built
// from the source tree. It must fit the version constraints in examples/.
const SandboxVersion = "0.1.0"

// grace is how long an interrupted CLI may take to finish what is under way.
const grace = 30 * time.Second

// A Sandbox is a scratch folder where one CLI runs with the provider of this
// source tree. The provider comes from a filesystem mirror, so "init" works as
// it does for a user, and nothing is asked of a registry.
type Sandbox struct {
	CLI CLI
	Dir string // absolute; removed by Close
	env []string
}

// NewSandbox makes a sandbox and builds the provider into it. The caller closes
// it.
func NewSandbox(ctx context.Context, cli CLI) (_ *Sandbox, err error) {
	root, err := Root()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "tavus-")
	if err != nil {
		return nil, err
	}
	s := &Sandbox{CLI: cli, Dir: dir}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	// A configuration may write the default host out in full, so a mirror for
	// OpenTofu serves Terraform's host as well.
	first := ""
	for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		target := filepath.Join(dir, "mirror", host, "tavus", "tavus", SandboxVersion,
			runtime.GOOS+"_"+runtime.GOARCH, exe("terraform-provider-tavus_v"+SandboxVersion))
		if first == "" {
			first = target
			if err := goBuild(ctx, root, target, "-s -w -X main.version="+SandboxVersion, "."); err != nil {
				return nil, fmt.Errorf("cannot build the provider: %w", err)
			}
			continue
		}
		if err := os.MkdirAll(filepath.Dir(target), 0o750); err != nil {
			return nil, err
		}
		if err := os.Link(first, target); err != nil {
			return nil, err
		}
	}
	config := filepath.Join(dir, "cli.tfrc")
	text := fmt.Sprintf("disable_checkpoint = true\nprovider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n",
		filepath.ToSlash(filepath.Join(dir, "mirror")))
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		return nil, err
	}
	s.env = []string{"TF_CLI_CONFIG_FILE=" + config}
	return s, nil
}

// Setenv adds settings such as "TAVUS_API_KEY=..." to every later command.
func (s *Sandbox) Setenv(settings ...string) { s.env = append(s.env, settings...) }

// Environ is the environment of every command, for a script that runs the CLI.
func (s *Sandbox) Environ() []string { return Environ(s.env...) }

// BuildSimulator builds the simulator into the sandbox and returns its path.
func (s *Sandbox) BuildSimulator(ctx context.Context) (string, error) {
	root, err := Root()
	if err != nil {
		return "", err
	}
	target := filepath.Join(s.Dir, exe("tavus-simulator"))
	if err := goBuild(ctx, root, target, "-s -w", "./internal/cmd/tavus-simulator"); err != nil {
		return "", fmt.Errorf("cannot build the simulator: %w", err)
	}
	return target, nil
}

// Copy copies the files of a folder of the source tree (not its subfolders) to a
// new folder of the sandbox, and returns its path.
func (s *Sandbox) Copy(from, name string) (string, error) {
	root, err := Root()
	if err != nil {
		return "", err
	}
	to := filepath.Join(s.Dir, filepath.FromSlash(name))
	if err := os.MkdirAll(to, 0o750); err != nil {
		return "", err
	}
	entries, err := os.ReadDir(filepath.Join(root, from))
	if err != nil {
		return "", err
	}
	for _, entry := range entries {
		if !entry.Type().IsRegular() {
			continue
		}
		text, err := os.ReadFile(filepath.Join(root, from, entry.Name()))
		if err != nil {
			return "", err
		}
		if err := os.WriteFile(filepath.Join(to, entry.Name()), text, 0o600); err != nil {
			return "", err
		}
	}
	return to, nil
}

// A Result is what a CLI command that ran to its end left behind.
type Result struct {
	Code   int // the exit code
	Stdout string
	Stderr string
}

// Run runs the CLI in the folder dir and returns what it wrote. An exit code
// other than 0 is no error. Where screen is not nil, both outputs go there
// instead of into the result. When the context ends, the CLI is interrupted
// once and gets half a minute to finish what is under way.
func (s *Sandbox) Run(ctx context.Context, dir string, screen *os.File, args ...string) (Result, error) {
	cmd := exec.CommandContext(ctx, s.CLI.Path, args...)
	cmd.Dir = dir
	cmd.Env = Environ(s.env...)
	cmd.Cancel = func() error { return askToEnd(cmd.Process) }
	cmd.WaitDelay = grace
	ownGroup(cmd)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = io.Writer(&stdout), io.Writer(&stderr)
	if screen != nil {
		// The file itself, so that the CLI sees the terminal and its width.
		cmd.Stdout, cmd.Stderr = screen, screen
	}
	err := cmd.Run()
	result := Result{Code: cmd.ProcessState.ExitCode(), Stdout: stdout.String(), Stderr: stderr.String()}
	if ctx.Err() != nil {
		return result, ctx.Err()
	}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return result, err
	}
	return result, nil
}

// Close removes the sandbox.
func (s *Sandbox) Close() error { return os.RemoveAll(s.Dir) }
