package tavus

import (
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"time"
)

// socketClient returns a client of a server behind a socket.
func socketClient(t *testing.T, server *httptest.Server, change ...func(*Config)) *Client {
	t.Helper()
	cfg := Config{APIKey: testKey, BaseURL: server.URL, RetryWait: time.Millisecond, ReadAgainWait: time.Millisecond, SearchWindow: -1}
	for _, f := range change {
		f(&cfg)
	}
	c, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func serve(t *testing.T, f http.HandlerFunc) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	return server
}

func TestTransport_SendsTheHeaders(t *testing.T) {
	t.Parallel()
	var got http.Header
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		got = r.Header.Clone()
		answer(200, `{"thing_id": "a", "created_at": "x"}`)(w, r)
	})
	c := socketClient(t, server, func(c *Config) { c.UserAgent = "provider/1 (x)" })
	if _, err := c.Get(t.Context(), things, "a"); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"X-Api-Key": testKey, "User-Agent": "provider/1 (x)", "Accept": "application/json", "Content-Type": ""} {
		if got.Get(name) != want {
			t.Errorf("%s: %q, want %q", name, got.Get(name), want)
		}
	}
	if _, err := c.Patch(t.Context(), things, &Object{ID: "a", Document: []byte("{}")}, []byte("[]")); err != nil || got.Get("Content-Type") != "application/json" {
		t.Error(err, got)
	}
}

func TestTransport_FollowsNoRedirect(t *testing.T) {
	t.Parallel()
	hits := 0
	other := serve(t, func(http.ResponseWriter, *http.Request) { hits++ })
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other.URL+"/v2/things/a", http.StatusPermanentRedirect)
	})
	_, err := socketClient(t, server).Get(t.Context(), things, "a")
	if e := wantReason(t, err, Other); hits != 0 || !strings.Contains(e.Message, "redirects to the host 127.0.0.1") {
		t.Errorf("%v, %d hits", e, hits)
	}
}

func TestTransport_ACertificateThatIsNotTrusted(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(answer(200, "{}"))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	_, err := socketClient(t, server, func(c *Config) { c.MaxRetries = 5; c.RetryWait = time.Hour }).Get(t.Context(), things, "a")
	if e := wantReason(t, err, Certificate); e.Attempts != 1 {
		t.Error(e)
	}
}

func TestTransport_NobodyListens(t *testing.T) {
	t.Parallel()
	server := serve(t, answer(200, "{}"))
	server.Close()
	_, err := socketClient(t, server, func(c *Config) { c.MaxRetries = 2 }).Create(t.Context(), things, body("one"))
	if e := wantReason(t, err, Network); e.Attempts != 3 || !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("%+v", e)
	}
}

func TestTransport_AConnectionThatIsCut(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]http.HandlerFunc{
		"before": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"inside": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = w.Write([]byte(`{"thing_id"`))
		},
	} {
		server := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost {
				f(w, r)
				return
			}
			answer(200, `{"data": []}`)(w, r)
		})
		_, err := socketClient(t, server).Create(t.Context(), things, body("one"))
		if e := wantReason(t, err, OutcomeUnknown); !e.Searched || !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
			t.Errorf("%s: %+v", name, e)
		}
	}
}

func TestTransport_HalfAnErrorBodyShowsNoHalfSecret(t *testing.T) {
	t.Parallel()
	server := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		answer(422, strings.Repeat("the password is wrong, ", 30)+"s3cr3t-pa")(w, nil)
	})
	_, err := socketClient(t, server).Get(Redact(t.Context(), "s3cr3t-password"), things, "a")
	if e := wantReason(t, err, Refused); strings.Contains(e.Message, "s3cr3t") || !strings.HasPrefix(e.Message, "the password is wrong") {
		t.Error(e)
	}
}

func TestTransport_AServerThatSaysNothing(t *testing.T) {
	t.Parallel()
	stop := make(chan struct{})
	server := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-stop:
		case <-r.Context().Done():
		}
	})
	defer close(stop)
	_, err := socketClient(t, server, func(c *Config) { c.RequestTimeout = 30 * time.Millisecond }).Get(t.Context(), things, "a")
	if e := wantReason(t, err, Network); !strings.Contains(e.Error(), "no complete answer within 30ms") {
		t.Error(e)
	}
}

func TestTransport_ABodyThatIsTooLarge(t *testing.T) {
	t.Parallel()
	chunk := []byte(strings.Repeat(" ", 1<<20))
	server := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		for range 10 {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	})
	_, err := socketClient(t, server, func(c *Config) { c.MaxRetries = 3 }).Get(t.Context(), things, "a")
	if e := asError(err); e == nil || e.Attempts != 1 || !strings.Contains(e.Message, "larger than 8 MiB") {
		t.Error(err)
	}
}
