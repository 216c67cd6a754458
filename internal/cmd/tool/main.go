// Command tool runs one of the development tools that this project uses, in the
// version that it uses, and installs it first when it is missing:
//
//	go run ./internal/cmd/tool golangci-lint run
//
// The versions are in package clitools.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"

	"github.com/tavus/terraform-provider-tavus/internal/clitools"
)

func main() {
	os.Exit(run())
}

func run() int {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: tool NAME [ARGUMENT ...]")
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), clitools.EndSignals()...)
	defer stop()
	path, err := clitools.Tool(ctx, os.Args[1], clitools.Stderr)
	if err != nil {
		fmt.Fprintln(os.Stderr, "tool:", err)
		return 1
	}
	cmd := exec.CommandContext(ctx, path, os.Args[2:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	err = cmd.Run()
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		return max(exit.ExitCode(), 1)
	case err != nil:
		fmt.Fprintln(os.Stderr, "tool:", err)
		return 1
	}
	return 0
}
