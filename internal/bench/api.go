package bench

import (
	"context"
	"maps"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

// server is an HTTP server on a free loopback port that counts its connections.
type server struct {
	URL         string
	connections atomic.Int64
	http        *http.Server
}

func startServer(ctx context.Context, handler http.Handler) (*server, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &server{URL: "http://" + listener.Addr().String()}
	s.http = &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	s.http.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			s.connections.Add(1)
		}
	}
	go func() { _ = s.http.Serve(listener) }()
	return s, nil
}

func (s *server) stop() { _ = s.http.Close() }

// api is the simulator with a latency, and counts of what it is asked.
type api struct {
	*server
	simulator *simulator.Simulator

	mu    sync.Mutex
	count map[string]int
}

func startAPI(ctx context.Context, latency time.Duration) (*api, error) {
	a := &api{simulator: simulator.New(simulator.Options{Latency: latency}), count: map[string]int{}}
	var err error
	a.server, err = startServer(ctx, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.mu.Lock()
		a.count[r.Method]++
		a.mu.Unlock()
		a.simulator.ServeHTTP(w, r)
	}))
	return a, err
}

// take returns the requests by method and the connections since the last call.
func (a *api) take() (requests map[string]int, connections int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	requests = maps.Clone(a.count)
	clear(a.count)
	a.simulator.ResetRequests()
	return requests, int(a.connections.Swap(0))
}
