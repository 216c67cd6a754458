// Command tavus-simulator is a fake of the Tavus API for people who try or
// test Terraform configurations without an account. It keeps everything in
// memory and ends cleanly on SIGINT and SIGTERM. Its work is done by the
// package simulator; see tavus-simulator -help.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

func main() {
	os.Exit(run())
}

func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return simulator.Run(ctx, os.Args[1:], os.Stdout, os.Stderr)
}
