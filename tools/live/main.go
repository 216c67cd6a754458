// Command live asks the live Tavus API the questions that its documentation leaves
// open and that change what the provider does. scripts/live.sh runs it, and then lets
// a CLI take an agent through its life with the provider of this source tree.
//
// It makes a small agent, sends about fifty requests, and deletes what it made, also after
// Ctrl-C. It never starts a conversation. What a run that was killed has left, -sweep deletes.
//
// Each question is a switch of the simulator. The report gives the position that
// does as the API does, and the flags of a simulator of this API.
package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/tavus/terraform-provider-tavus/internal/tavus"
)

// marker begins the name of everything that this command makes, unless it is told
// otherwise. Small letters and digits survive what servers do to names.
const marker = "tflive"

// options are what a run is told.
type options struct {
	key, baseURL string
	page         string // address of a page for a document; empty: no document is made
	name         string // begins the name of everything that the run makes
	sweep        bool   // do nothing but delete what earlier runs have left
}

func main() {
	o := options{key: os.Getenv("TAVUS_API_KEY"), baseURL: os.Getenv("TAVUS_BASE_URL"), page: os.Getenv("TAVUS_DOCUMENT_URL")}
	flag.StringVar(&o.name, "name", marker, "`text` that begins the name of everything that this run makes, or sweeps; small letters and digits")
	flag.BoolVar(&o.sweep, "sweep", false, "only delete what earlier runs have left behind")
	flag.Parse()
	// SIGPIPE is what "| head" sends, SIGHUP a terminal that is closed.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGPIPE, syscall.SIGHUP)
	err := run(ctx, o, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "live:", err)
		os.Exit(1)
	}
}

// run builds, asks and deletes, and writes the report to out.
func run(ctx context.Context, o options, out io.Writer) (err error) {
	o.baseURL = cmp.Or(o.baseURL, "https://tavusapi.com")
	client, err := tavus.New(tavus.Config{APIKey: o.key, BaseURL: o.baseURL, MaxRetries: 4})
	switch {
	case err != nil:
		return fmt.Errorf("check TAVUS_API_KEY and TAVUS_BASE_URL: %w", err)
	case !strings.HasPrefix(o.name, marker):
		return fmt.Errorf("-name must begin with %s, so that a sweep finds nothing but what runs have made", marker)
	case o.sweep:
		return sweep(ctx, client, o.name, nil, out)
	}
	name := o.name + strings.ToLower(rand.Text()[:10])
	s := &suite{
		probe: newProbe(o.baseURL, o.key), values: map[string]string{"name": name, "url": o.page},
		answers: map[string]answer{}, made: map[string]bool{},
	}
	fmt.Fprintf(out, "Asking %s, with an agent named %s...\n", o.baseURL, name)
	if err := s.take(ctx, steps[0]); err != nil {
		return err // nothing is made yet
	}
	defer func() { // runs after a panic, too
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 15*time.Minute)
		defer cancel()
		err = errors.Join(err, sweep(ctx, client, name, s.made, out))
	}()
	for _, step := range steps[1:] {
		if err = s.take(ctx, step); err != nil {
			break
		}
	}
	s.report(out)
	if err != nil && ctx.Err() != nil {
		return errors.New("interrupted; the report is not complete")
	}
	return err
}
