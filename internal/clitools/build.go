package clitools

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// ModulePath is the module of this project.
const ModulePath = "github.com/tavus/terraform-provider-tavus"

const tofuModule = "github.com/opentofu/opentofu"

// Say tells the person at the screen what is going on, one line a call.
type Say func(format string, args ...any)

// Stderr is the Say of commands whose standard output is read by programs.
func Stderr(format string, args ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", args...)
}

// Root is the folder with the go.mod of this project, found upwards from the
// working folder.
func Root() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err == nil && hasModuleLine(text) {
			return dir, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", errors.New("not inside the source tree of " + ModulePath)
		}
		dir = up
	}
}

func hasModuleLine(gomod []byte) bool {
	for line := range bytes.Lines(gomod) {
		if string(bytes.TrimSpace(line)) == "module "+ModulePath {
			return true
		}
	}
	return false
}

// BuildOpenTofu builds the OpenTofu that internal/tools/tofu/go.mod requires,
// unless the CLI cache holds it. It takes minutes on a small machine, so it says
// what it does. Several may run at once: each builds a file of its own and
// renames it when it is whole.
func BuildOpenTofu(ctx context.Context, say Say) (CLI, error) {
	root, err := Root()
	if err != nil {
		return CLI{}, err
	}
	dir := filepath.Join(root, "internal", "tools", "tofu")
	out, err := goOutput(ctx, dir, "list", "-m", "-mod=readonly", "-f", "{{.Version}}", tofuModule)
	if err != nil {
		return CLI{}, fmt.Errorf("the version of OpenTofu: %w", err)
	}
	version := strings.TrimPrefix(strings.TrimSpace(out), "v")
	cache, err := CLICache()
	if err != nil {
		return CLI{}, err
	}
	target := filepath.Join(cache, OpenTofu+"-"+version, exe(OpenTofu))
	if _, err := os.Stat(target); err != nil {
		say("Building OpenTofu %s from source into %s. This is done once and takes some minutes.", version, filepath.Dir(target))
		stop := heartbeat(say, "still building OpenTofu "+version)
		// Without this the build calls itself a development version, and
		// Terraform's experiments are on.
		err := goBuild(ctx, dir, target, "-s -w -X "+tofuModule+"/version.dev=no", tofuModule+"/cmd/tofu")
		stop()
		if err != nil {
			return CLI{}, fmt.Errorf("cannot build OpenTofu %s: %w", version, err)
		}
	}
	return Inspect(ctx, target)
}

// goBuild compiles pkg in the module at dir to the file target. The target
// appears whole or not at all.
func goBuild(ctx context.Context, dir, target, ldflags, pkg string) error {
	folder := filepath.Dir(target)
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return err
	}
	// The temporary file is beside its target, because a rename does not cross
	// file systems.
	scratch, err := os.MkdirTemp(folder, ".build-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(scratch) }()
	built := filepath.Join(scratch, filepath.Base(target))
	_, err = goOutput(ctx, dir, "build", "-mod=readonly", "-buildvcs=false", "-trimpath", "-ldflags", ldflags, "-o", built, pkg)
	if err != nil {
		return err
	}
	return os.Rename(built, target)
}

// goOutput runs the go command in dir and returns its standard output. Its
// error holds what the command wrote to standard error.
func goOutput(ctx context.Context, dir string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		return "", fmt.Errorf("go %s: %w\n%s", args[0], err, bytes.TrimSpace(stderr.Bytes()))
	}
	return stdout.String(), nil
}

// heartbeat says a line every half minute until the returned function is
// called, so that nobody takes a long build for a hang.
func heartbeat(say Say, what string) (stop func()) {
	done := make(chan struct{})
	go func() {
		start := time.Now()
		tick := time.NewTicker(30 * time.Second)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				say("... %s, %s so far", what, time.Since(start).Round(time.Second))
			}
		}
	}()
	return func() { close(done) }
}
