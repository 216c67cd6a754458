package tavus

import (
	"compress/gzip"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestSlowBodyCountsAsTimeout(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for range 3000 { // A byte now and then, for as long as somebody listens.
			if _, err := io.WriteString(w, " "); err != nil {
				return
			}
			_ = http.NewResponseController(w).Flush()
			select {
			case <-r.Context().Done():
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	}))
	defer server.Close()
	c := realClient(t, server, func(cfg *Config) { cfg.RequestTimeout = 150 * time.Millisecond })
	begun := time.Now()
	_, err := c.GetDeployment(t.Context(), "d1")
	if took := time.Since(begun); err == nil || took > 20*time.Second {
		t.Errorf("took %v: %v", took, err)
	}
	wantText(t, err.Error(), "no complete answer within 150ms")
}

func realClient(t *testing.T, server *httptest.Server, change ...func(*Config)) *Client {
	t.Helper()
	cfg := Config{APIKey: testKey, BaseURL: server.URL, RetryWait: time.Millisecond, SearchWindow: -1}
	for _, f := range change {
		f(&cfg)
	}
	c, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestBodiesAreCapped(t *testing.T) {
	t.Parallel()
	written := make(chan int64, 8)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var out io.Writer = w
		size := int64(1 << 30)
		if r.URL.Path == "/v2/deployments/bomb" {
			w.Header().Set("Content-Encoding", "gzip")
			packed := gzip.NewWriter(w)
			defer func() { _ = packed.Close() }()
			out, size = packed, 32<<20 // Packed, it fits into any buffer.
		}
		if r.URL.Path == "/v2/deployments/error" {
			w.WriteHeader(http.StatusBadRequest)
		}
		n, _ := io.CopyN(out, endless{}, size)
		written <- n
	}))
	defer server.Close()
	c := realClient(t, server, func(cfg *Config) { cfg.MaxRetries = 3 })
	for _, id := range []string{"large", "bomb"} {
		_, err := c.GetDeployment(t.Context(), id)
		if err == nil {
			t.Fatal("no error")
		}
		wantText(t, err.Error(), "larger than 8 MiB")
		if e := apiError(t, err); e.Attempts != 1 {
			t.Errorf("%d attempts", e.Attempts)
		}
		// What is on its way in buffers comes on top of what was read.
		if n := <-written; n > 128<<20 {
			t.Errorf("%d bytes were taken", n)
		}
	}
	if err := c.DeleteDeployment(t.Context(), "error"); err == nil || len(err.Error()) > 1000 {
		t.Errorf("%v", err)
	}
	if n := <-written; n > 128<<20 {
		t.Errorf("%d bytes were taken", n)
	}
}

// endless is zeros without end, as digits, which compress well.
type endless struct{}

var zeros = strings.Repeat("0", 32<<10)

func (endless) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		n += copy(p[n:], zeros)
	}
	return n, nil
}

func TestConnectionRefused(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // Only for a port that nobody listens on.
	if err != nil {
		t.Fatal(err)
	}
	_ = listener.Close()
	c, err := New(Config{APIKey: testKey, BaseURL: "http://" + listener.Addr().String(), MaxRetries: 2, RetryWait: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.CreateDeployment(t.Context(), CreateRequest{PalID: "p1", Channel: "widget", Name: text("n")})
	e := apiError(t, err)
	if _, unknown := errors.AsType[*UnknownOutcomeError](err); unknown || e.Attempts != 3 {
		t.Errorf("%d attempts, %v", e.Attempts, err)
	}
	wantText(t, err.Error(), "connection refused", "POST /v2/deployments")
}

// A certificate that is not trusted does not become so by asking again.
func TestUntrustedCertificate(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(answer(200, docD1))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	c := realClient(t, server, func(cfg *Config) { cfg.MaxRetries = 5 })
	_, err := c.CreateDeployment(t.Context(), CreateRequest{PalID: "p1", Channel: "widget", Name: text("n")})
	e := apiError(t, err)
	if _, unknown := errors.AsType[*UnknownOutcomeError](err); unknown || e.Attempts != 1 {
		t.Errorf("%d attempts, %v", e.Attempts, err)
	}
	wantText(t, err.Error(), "certificate")
}
