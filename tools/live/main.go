// Command live asks the live Tavus API the questions that its documentation leaves
// open and that change what the provider does. scripts/live.sh runs it, and then lets
// a CLI take a deployment through its life with the provider of this source tree.
//
// It makes two deployments of a PAL, sends about thirty requests, and deletes what it
// made, also after Ctrl-C. It never starts a conversation. What a run that was killed
// has left behind, -sweep deletes.
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
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/tavus/terraform-provider-tavus/internal/tavus"
)

// marker begins the name of everything that this command makes, unless it is told
// otherwise. Small letters and digits survive what servers do to names.
const marker = "tflive"

// sweepTime bounds the clean-up, which goes on after an interrupt.
const sweepTime = 2 * time.Minute

// options are what a run is told.
type options struct {
	key, pal, baseURL string
	name              string // begins the name of everything that the run makes
	sweep             bool   // do nothing but delete what earlier runs have left
}

func main() {
	o := options{key: os.Getenv("TAVUS_API_KEY"), pal: os.Getenv("TAVUS_PAL_ID"), baseURL: os.Getenv("TAVUS_BASE_URL")}
	flag.StringVar(&o.name, "name", marker, "`text` that begins the name of everything that this run makes, or sweeps; small letters and digits")
	flag.BoolVar(&o.sweep, "sweep", false, "only delete what earlier runs have left behind")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, o, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "live:", err)
		os.Exit(1)
	}
}

// run asks, tries and deletes, and writes the report to out.
func run(ctx context.Context, o options, out io.Writer) (err error) {
	o.baseURL = cmp.Or(o.baseURL, "https://tavusapi.com")
	if err := o.check(); err != nil {
		return err
	}
	p := &probe{base: strings.TrimRight(o.baseURL, "/"), key: o.key}
	if o.sweep {
		return sweep(ctx, p, o.name, out)
	}
	s := &suite{probe: p, pal: o.pal, name: o.name + strings.ToLower(rand.Text()[:10])}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), sweepTime)
		defer cancel()
		err = errors.Join(err, sweep(ctx, p, s.name, out))
	}()
	fmt.Fprintf(out, "Asking %s, with deployments named %s...\n", o.baseURL, s.name)
	err = s.ask(ctx)
	s.report(out)
	if err != nil && ctx.Err() != nil {
		return errors.New("interrupted; the report is not complete")
	}
	return err
}

func (o options) check() error {
	switch err := tavus.CheckBaseURL(o.baseURL, false); {
	case err != nil:
		return fmt.Errorf("TAVUS_BASE_URL: %w", err)
	case o.key == "":
		return errors.New("set TAVUS_API_KEY to a key of the account to ask")
	case o.pal == "" && !o.sweep:
		return errors.New("set TAVUS_PAL_ID to a PAL of that account; nobody talks to it, and it is not changed")
	}
	return nil
}

// sweep deletes the deployments whose names begin with a text. The list is filtered
// here as well: a server that ignores "search" must not cost anybody a deployment.
func sweep(ctx context.Context, p *probe, name string, out io.Writer) error {
	deleted := 0
	for {
		got, err := p.send(ctx, "GET", deployments+"?limit=100&search="+url.QueryEscape(name), "")
		if err != nil {
			return fmt.Errorf("cannot look for deployments named %s...; delete them in the portal, or with -sweep: %w", name, err)
		}
		ours := slices.DeleteFunc(got.items(), func(each map[string]any) bool {
			title, _ := each["name"].(string)
			return !strings.HasPrefix(strings.ToLower(title), name)
		})
		if len(ours) == 0 {
			fmt.Fprintf(out, "\nCleaned up: %d deployments deleted.\n", deleted)
			return nil
		}
		for _, each := range ours {
			id, _ := each["deployment_id"].(string)
			if got, err = p.send(ctx, "DELETE", one(id), ""); err != nil || !got.ok() && got.status != http.StatusNotFound {
				return errors.Join(err, fmt.Errorf("%s is left behind: %s; delete it in the portal, or with -sweep", id, got.words()))
			}
			deleted++
		}
	}
}
