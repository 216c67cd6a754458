// Command mirror takes what GoReleaser has left in dist/ and uses it as a user in
// a closed network does: the sums are compared, the archive goes into a filesystem
// mirror as it is, and each Terraform and OpenTofu of this machine installs the
// provider from there with "init", and plans, applies and destroys with it. The
// API is the simulator, from its own archive. At the end, the same through a proxy
// and with a company CA, where the address of the API is one that only the proxy
// knows.
//
// dist.go reads and checks dist/, user.go is the user, proxy.go the network. What
// cannot be checked here is printed as NOT CHECKED.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"

	"github.com/tavus/terraform-provider-tavus/internal/clitools"
)

func main() {
	dist := flag.String("dist", "", "the `folder` that GoReleaser wrote; if left out, dist/ of the source tree")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), clitools.EndSignals()...)
	err := run(ctx, *dist)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "mirror:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, folder string) (err error) {
	if folder == "" {
		root, err := clitools.Root()
		if err != nil {
			return err
		}
		folder = filepath.Join(root, "dist")
	}
	release, err := readDist(folder)
	if err != nil {
		return err
	}
	fmt.Printf("ok  %s: %d files as the sums say, %d systems\n", release.version, release.files, len(release.systems))
	if err := release.checkSignature(ctx); err != nil {
		return err
	}
	scratch, err := os.MkdirTemp("", "tavus-mirror-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(scratch)) }()
	if err := release.fillMirror(scratch); err != nil {
		return err
	}
	program, err := release.unpackSimulator(scratch)
	if err != nil {
		return err
	}
	simulator, err := clitools.StartSimulator(ctx, program)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, simulator.Stop()) }()
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
	for _, cli := range clis {
		u := &user{cli: cli, version: release.version, scratch: scratch}
		if err := u.life(ctx, simulator.URL); err != nil {
			return fmt.Errorf("%s: %w", cli, err)
		}
		if err := u.behindProxy(ctx, simulator.URL); err != nil {
			return fmt.Errorf("%s behind a proxy: %w", cli, err)
		}
	}
	fmt.Printf("NOT CHECKED: the archives for systems other than %s_%s were compared with their sums and not run\n", runtime.GOOS, runtime.GOARCH)
	return nil
}
