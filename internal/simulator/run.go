package simulator

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

const runIntro = `A fake of the Tavus API for deployments and PALs. Everything is in memory.

Usage:
  tavus-simulator [flags]

Point the provider at it with the address that it prints:
  export TAVUS_BASE_URL=http://127.0.0.1:PORT TAVUS_API_KEY=any-text

Flags:
`

const runSwitches = `
Switches, one for each thing that the API's documentation leaves open. The
first position is the default.
`

// settings are the flags that are not part of Options.
type settings struct {
	options Options
	listen  string
	faults  func(int, Request) *Fault
}

// Run is the program tavus-simulator. It serves until ctx is done and returns
// the exit code: 0 after a clean end, 1 if it could not serve, 2 for wrong
// flags.
func Run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	settings, err := parseFlags(args, stdout)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		_, _ = fmt.Fprintf(stderr, "%v\nRun tavus-simulator -help for the flags.\n", err)
		return 2
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", settings.listen)
	if err != nil {
		_, _ = fmt.Fprintf(stderr, "tavus-simulator cannot listen on %s: %v\nChoose another address with -listen.\n", settings.listen, err)
		return 1
	}
	simulator := New(settings.options)
	simulator.SetFaults(settings.faults)
	return simulator.serveOn(ctx, listener, stdout, stderr)
}

func (s *Simulator) serveOn(ctx context.Context, listener net.Listener, stdout, stderr io.Writer) int {
	if address, ok := listener.Addr().(*net.TCPAddr); ok && !address.IP.IsLoopback() {
		_, _ = fmt.Fprintf(stderr, "Warning: %s can be reached from other machines. Any key is good for a simulator, and with -portal no key is needed.\n"+
			"On another machine: export TAVUS_BASE_URL=http://NAME-OF-THIS-MACHINE:%d TAVUS_ALLOW_HTTP=true TAVUS_API_KEY=any-text\n", address, address.Port)
	}
	// Requests end with the program, so that one that hangs does not keep it.
	requests, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	server := &http.Server{
		Handler: s, ReadHeaderTimeout: 10 * time.Second,
		BaseContext: func(net.Listener) context.Context { return requests },
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	_, _ = fmt.Fprintf(stdout, "Tavus simulator listening on http://%s\n", listener.Addr())
	select {
	case err := <-ended:
		_, _ = fmt.Fprintf(stderr, "tavus-simulator stopped serving: %v\n", err)
		return 1
	case <-ctx.Done():
	}
	grace, stop := context.WithTimeout(context.WithoutCancel(ctx), 500*time.Millisecond)
	defer stop()
	if err := server.Shutdown(grace); err != nil {
		cancel()
		_ = server.Close() // what is left is a request that hangs or a client that does not read
	}
	return 0
}

// parseFlags writes to help only where the arguments ask for it.
func parseFlags(args []string, help io.Writer) (settings, error) {
	var result settings
	options := &result.options
	flags := flag.NewFlagSet("tavus-simulator", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // errors are printed once, without the usage
	flags.StringVar(&result.listen, "listen", "127.0.0.1:0", "`address` to listen on; port 0 takes a free one")
	flags.Func("keys", "API keys and their accounts, as in `KEY=ACCOUNT,KEY=ACCOUNT`; without it every key is good", func(text string) error {
		keys, err := parseKeys(text)
		options.Keys = keys
		return err
	})
	flags.BoolVar(&options.Forbidden, "forbidden", false, "answer 403, as for a key that is bound to other IP addresses")
	flags.Float64Var(&options.RatePerSecond, "rate", 0, "`requests` per second; above it the answer is 429; 0: no limit")
	flags.DurationVar(&options.Latency, "latency", 0, "`time` to add to every answer, such as 50ms")
	flags.Uint64Var(&options.Seed, "seed", 0, "`number` that makes the ids repeat from run to run; 0: random")
	flags.BoolVar(&options.Portal, "portal", false, "serve the control API under /_simulator/, for scripts that do what a person does in the portal")
	flags.IntVar(&options.ThumbnailReads, "thumbnail-reads", 2, "`reads` without thumbnails, for -thumbnails=late")
	flags.Func("faults", "requests to spoil, as in `POST:2:cut-after`,PATCH:1-3:429:retry-after=2", func(text string) (err error) {
		result.faults, err = ParseFaults(text)
		return err
	})
	general := map[string]bool{}
	flags.VisitAll(func(f *flag.Flag) { general[f.Name] = true })
	for _, item := range Switches() {
		flags.Func(item.Name, item.Doc, func(value string) error { return item.Set(options, value) })
	}
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			printUsage(help, flags, general)
		}
		return settings{}, err
	}
	if flags.NArg() > 0 {
		return settings{}, fmt.Errorf("unexpected argument %q; tavus-simulator takes flags only", flags.Arg(0))
	}
	return result, nil
}

func printUsage(out io.Writer, flags *flag.FlagSet, general map[string]bool) {
	_, _ = io.WriteString(out, runIntro)
	flags.VisitAll(func(f *flag.Flag) {
		if general[f.Name] {
			value, doc := flag.UnquoteUsage(f)
			_, _ = fmt.Fprintf(out, "  %s\n        %s\n", strings.TrimSpace("-"+f.Name+" "+value), doc)
		}
	})
	_, _ = fmt.Fprintf(out, "        The kinds of faults: %v\n", FaultKinds())
	_, _ = io.WriteString(out, runSwitches)
	for _, item := range Switches() {
		_, _ = fmt.Fprintf(out, "  -%s=%s\n        %s\n", item.Name, strings.Join(item.Values, "|"), item.Doc)
	}
}

func parseKeys(text string) (map[string]string, error) {
	keys := map[string]string{}
	for pair := range strings.SplitSeq(text, ",") {
		key, account, ok := strings.Cut(strings.TrimSpace(pair), "=")
		if !ok || key == "" || account == "" {
			return nil, errors.New("want KEY=ACCOUNT, with commas between them")
		}
		keys[key] = account
	}
	return keys, nil
}
