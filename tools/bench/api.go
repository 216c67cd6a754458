//go:build unix

package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

// api is a simulator in this process.
type api struct{ url string }

// startAPI serves a simulator until ctx is done.
func startAPI(ctx context.Context, latency time.Duration) (*api, error) {
	reader, writer := io.Pipe()
	go func() {
		code := simulator.Run(ctx, []string{"-portal", "-latency=" + latency.String()}, writer, os.Stderr)
		_ = writer.CloseWithError(fmt.Errorf("the simulator ended with the exit code %d", code))
	}()
	text, err := bufio.NewReader(reader).ReadString('\n')
	if err != nil {
		return nil, err
	}
	go func() { _, _ = io.Copy(io.Discard, reader) }()
	_, url, ok := strings.Cut(strings.TrimSpace(text), " listening on ")
	if !ok {
		return nil, fmt.Errorf("the simulator says %q instead of its address", text)
	}
	return &api{url}, nil
}

// takeRequests returns how many requests came since the last call.
func (a *api) takeRequests(ctx context.Context) (int, error) {
	var log struct {
		Requests []json.RawMessage `json:"requests"`
	}
	for _, method := range []string{http.MethodGet, http.MethodDelete} {
		req, err := http.NewRequestWithContext(ctx, method, a.url+"/_simulator/requests", http.NoBody)
		if err != nil {
			return 0, err
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			return 0, err
		}
		if method == http.MethodGet {
			err = json.NewDecoder(resp.Body).Decode(&log)
		}
		if err = errors.Join(err, resp.Body.Close()); err != nil {
			return 0, err
		}
	}
	return len(log.Requests), nil
}
