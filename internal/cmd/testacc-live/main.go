// Command testacc-live asks the live Tavus API what its documentation leaves
// open. Each such thing is a switch of the simulator, so the report names, for
// each, what the API does and the position of the switch that does the same.
//
//	TAVUS_API_KEY=... TAVUS_PAL_ID=... make testacc-live
//
// It makes two or three deployments of that PAL, with names that begin with
// "tflive", sends about thirty requests about them, and deletes them again. It never
// starts a conversation: a request for one is refused before it is sent. An
// interrupt ends the questions, not the clean-up. What a run that was killed has
// left behind, -sweep deletes.
//
// A suite (suite.go) goes through the checks in order and keeps what they share.
// The checks look at raw answers (probe.go), because internal/tavus evens out just
// the differences that are asked for; the clean-up (clean.go) uses internal/tavus.
// A check that cannot tell says why, and the report (report.go) lists it as open.
// The test runs the suite against the simulator, with each switch in each
// position, and compares the report with the switches.
package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/tavus/terraform-provider-tavus/internal/tavus"
)

// marker begins the name of everything that this command makes. Letters and
// digits survive what servers do to names.
const marker = "tflive"

// settings say which account is asked.
type settings struct {
	key, pal, baseURL string
	allowHTTP         bool
}

func main() {
	sweep := flag.Bool("sweep", false, "only delete what earlier runs have left behind")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := start(ctx, os.Getenv, *sweep, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "testacc-live:", err)
		os.Exit(1)
	}
}

func start(ctx context.Context, getenv func(string) string, sweep bool, out io.Writer) error {
	s := settings{
		key: getenv("TAVUS_API_KEY"), pal: getenv("TAVUS_PAL_ID"), baseURL: getenv("TAVUS_BASE_URL"),
		allowHTTP: getenv("TAVUS_ALLOW_HTTP") == "true",
	}
	if s.baseURL == "" {
		s.baseURL = "https://tavusapi.com"
	}
	switch {
	case s.key == "":
		return errors.New("set TAVUS_API_KEY to a key of the account to ask")
	case s.pal == "" && !sweep:
		return errors.New("set TAVUS_PAL_ID to a PAL of that account; nobody talks to it, and it is not changed")
	}
	client, err := tavus.New(tavus.Config{APIKey: s.key, BaseURL: s.baseURL, AllowHTTP: s.allowHTTP, MaxRetries: 4})
	if err != nil {
		return err
	}
	if sweep {
		return sweepAll(ctx, client, marker, out)
	}
	return ask(ctx, s, client, out)
}

// ask runs the suite, cleans up whatever happens, and prints the report.
func ask(ctx context.Context, s settings, client *tavus.Client, out io.Writer) (err error) {
	random := make([]byte, 4)
	_, _ = rand.Read(random) // it never fails
	name := marker + hex.EncodeToString(random)
	u := &suite{probe: newProbe(s), pal: s.pal, name: name, findings: findings{}}
	defer func() { err = errors.Join(err, u.clean(ctx, client, out)) }()
	fmt.Fprintf(out, "Asking %s, with deployments named %s...\n", s.baseURL, name)
	failed := u.run(ctx)
	// The values of the account's own settings are in no finding, the key in no error.
	fmt.Fprintln(out, strings.TrimRight(u.findings.report(u.probe.count), "\n"))
	if failed != nil && ctx.Err() != nil {
		return errors.New("interrupted; the report is not complete")
	}
	return failed
}
