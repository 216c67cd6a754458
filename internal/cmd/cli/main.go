// Command cli lists the Terraform and OpenTofu CLIs of this machine, one a line:
// name, version, path, and what it can run. Flags:
//
//	-need identity   build OpenTofu first, unless there is a CLI with identity
//	-path            print only the path of the CLI that is used first, building
//	                 OpenTofu when there is none
//	-paths           print only the paths, of all of them
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"

	"github.com/tavus/terraform-provider-tavus/internal/clitools"
)

func main() {
	need := flag.String("need", "", "`feature` that some CLI must have: identity")
	path := flag.Bool("path", false, "print only the path of the CLI that is used first")
	paths := flag.Bool("paths", false, "print only the paths")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), clitools.EndSignals()...)
	err := run(ctx, *need, *path, *paths)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "cli:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, need string, path, paths bool) error {
	if path {
		c, err := clitools.Find(ctx, clitools.Stderr)
		if err != nil {
			return err
		}
		fmt.Println(c.Path)
		return nil
	}
	all, err := clitools.All(ctx)
	if err != nil {
		return err
	}
	switch need {
	case "":
	case "identity":
		if !slices.ContainsFunc(all, clitools.CLI.HasIdentity) {
			built, err := clitools.BuildOpenTofu(ctx, clitools.Stderr)
			if err != nil {
				return err
			}
			all = append(all, built)
		}
	default:
		return fmt.Errorf("unknown feature %q; there is only identity", need)
	}
	if len(all) == 0 {
		return clitools.ErrNoCLI
	}
	for _, c := range all {
		if paths {
			fmt.Println(c.Path)
			continue
		}
		var can []string
		for _, feature := range []struct {
			name string
			has  bool
		}{{"write-only", c.HasWriteOnly()}, {"identity", c.HasIdentity()}, {"query", c.HasQuery()}} {
			if feature.has {
				can = append(can, feature.name)
			}
		}
		fmt.Printf("%-10s %-8s %s  (%s)\n", c.Title(), c.Version, c.Path, strings.Join(can, ", "))
	}
	return nil
}
