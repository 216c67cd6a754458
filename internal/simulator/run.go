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

const intro = `A fake of the Tavus API for deployments, PALs and what they use. Everything is in memory.

Point the provider at it with the address that it prints:
  export TAVUS_BASE_URL=http://127.0.0.1:PORT TAVUS_API_KEY=any-text

Flags. Most are switches, one for each thing that the API's documentation
leaves open; the first position is the default.
`

// Run is the program tavus-simulator. It serves until ctx is done and returns
// the exit code: 0 after a clean end, 1 if it could not serve, 2 for wrong
// flags.
func Run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	listen, settings, err := parseFlags(args, stdout)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		_, _ = fmt.Fprintf(stderr, "%v\nRun tavus-simulator -help for the flags.\n", err)
		return 2
	}
	simulator, err := New(settings...)
	if err != nil {
		_, _ = fmt.Fprintf(stderr, "%v\nRun tavus-simulator -help for the flags.\n", err)
		return 2
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", listen)
	if err != nil {
		_, _ = fmt.Fprintf(stderr, "tavus-simulator cannot listen on %s: %v\nChoose another address with -listen.\n", listen, err)
		return 1
	}
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

// parseFlags returns the settings for [New]. It writes to help only where the
// arguments ask for it.
func parseFlags(args []string, help io.Writer) (listen string, settings []string, err error) {
	flags := flag.NewFlagSet("tavus-simulator", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // errors are printed once, without the usage
	flags.StringVar(&listen, "listen", "127.0.0.1:0", "`ADDRESS` to listen on; port 0 takes a free one")
	add := func(name string) func(string) error {
		return func(value string) error {
			settings = append(settings, name+"="+value)
			return newSettings().set(name, value)
		}
	}
	flags.BoolFunc("portal", "serve the control API under /_simulator/, for scripts that do what a person does in the portal", add("portal"))
	flags.Func("latency", "`TIME` to add to every answer, such as 50ms", add("latency"))
	flags.Func("document-time", "how long the processing of a document takes, a `TIME` such as 1m, in the place of -document-speed", add("document-time"))
	flags.Func("faults", fmt.Sprintf("`LIST` of requests to spoil, as in POST:2:cut-after,PATCH:1-3:429:retry-after=2; the kinds are %v", FaultKinds()), add("faults"))
	for _, item := range Switches() {
		flags.Func(item.Name, fmt.Sprintf("%s: %#q", item.Doc, strings.Join(item.Positions, "|")), add(item.Name))
	}
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		_, _ = io.WriteString(help, intro)
		flags.SetOutput(help)
		flags.PrintDefaults()
		return "", nil, err
	case err != nil:
		return "", nil, err
	case flags.NArg() > 0:
		return "", nil, fmt.Errorf("unexpected argument %q; tavus-simulator takes flags only", flags.Arg(0))
	}
	return listen, settings, nil
}
