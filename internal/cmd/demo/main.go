// Command demo shows the provider's main job from plan to destroy, with a real
// CLI against the simulator: it applies examples/demo in a scratch folder,
// shows that a second plan is empty, lets people work in the portal and visitors
// come, changes the configuration, repairs drift, and takes everything down.
//
// It checks what it shows and fails when something is not as it should be.
// Whatever happens, a failure or a signal, it destroys what it made, ends the
// simulator and removes the folder. On a terminal it has colours, unless
// NO_COLOR is set; in a pipe it is plain text.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"time"

	"github.com/tavus/terraform-provider-tavus/internal/clitools"
)

// cleanupTime is how long the destroy of a cleanup may take.
const cleanupTime = time.Minute

func main() {
	s := newScreen(os.Stdout)
	ctx, stop := signal.NotifyContext(context.Background(), clitools.EndSignals()...)
	start := time.Now()
	err := run(ctx, s)
	interrupted := ctx.Err() != nil
	stop()
	switch {
	case interrupted && errors.Is(err, context.Canceled):
		// A cleanup that failed is in the error as well.
		fmt.Fprintln(os.Stderr, "demo: interrupted, and cleaned up:", err)
		os.Exit(130)
	case err != nil:
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
	s.done("The demo is over: %d checks held, in %s. Nothing is left behind.", s.checks, time.Since(start).Round(time.Second))
}

func run(ctx context.Context, s *screen) (err error) {
	cli, err := clitools.Find(ctx, s.note)
	if err != nil {
		return err
	}
	s.title("Tavus deployments with " + cli.Title())
	s.note("%s (%s). The provider and the simulator are built from this source tree.", cli, cli.Path)
	box, err := clitools.NewSandbox(ctx, cli)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, box.Close()) }()
	program, err := box.BuildSimulator(ctx)
	if err != nil {
		return err
	}
	simulator, err := clitools.StartSimulator(ctx, program, "-portal")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, simulator.Stop()) }()
	s.note("The simulator stands in for the Tavus API at %s.", simulator.URL)

	dir, err := box.Copy(filepath.Join("examples", "demo"), "demo")
	if err != nil {
		return err
	}
	box.Setenv(
		"TAVUS_API_KEY=demo-key",
		"TAVUS_BASE_URL="+simulator.URL,
		"TF_VAR_campaign_password=tulips-and-daffodils",
	)
	t := &story{screen: s, box: box, dir: dir, portal: portal{url: simulator.URL}}
	defer func() { err = errors.Join(err, t.cleanup(ctx)) }()
	return t.tell(ctx)
}
