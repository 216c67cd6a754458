package tavus

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

const (
	docD1   = `{"deployment_id":"d1","pal_id":"p1","channel":"widget"}`
	wholeD1 = `{"deployment_id":"d1","pal_id":"p1","channel":"widget","status":"active","name":"old","has_password":false,` +
		`"thumbnail_video_url":null,"thumbnail_image_url":null,"created_at":"2026-01-02T03:04:05Z"}`
)

// failing fails the first n requests.
func failing(n int, f fault) func(int, *http.Request) *fault {
	return func(i int, _ *http.Request) *fault {
		if i <= n {
			return &f
		}
		return nil
	}
}

func TestHealthyRequests(t *testing.T) {
	t.Parallel()
	s := newShop()
	w := s.wire()
	c := w.client(t)
	made, err := c.CreateDeployment(t.Context(), CreateRequest{PalID: "p1", Channel: "widget", Name: text("one")})
	if err != nil || made.Adopted {
		t.Fatal(made, err)
	}
	id := made.Deployment.DeploymentID
	if _, err := c.GetDeployment(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if _, err := c.UpdateDeployment(t.Context(), id, setName("two")); err != nil {
		t.Fatal(err)
	}
	if err := c.DeleteDeployment(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	want := []string{"POST /v2/deployments", "GET /v2/deployments/" + id, "GET /v2/deployments/" + id, "PATCH /v2/deployments/" + id, "DELETE /v2/deployments/" + id}
	if got := strings.Join(w.log(), "\n"); got != strings.Join(want, "\n") {
		t.Errorf("requests:\n%s", got)
	}
}

// Which failures are repeated depends on what the server may have done.
func TestRepeats(t *testing.T) {
	t.Parallel()
	get := func(ctx context.Context, c *Client) error { _, err := c.GetDeployment(ctx, "d1"); return err }
	del := func(ctx context.Context, c *Client) error { return c.DeleteDeployment(ctx, "d1") }
	patch := func(ctx context.Context, c *Client) error {
		_, err := c.PatchDeployment(ctx, "d1", []Operation{{Op: "add", Path: "/status", Value: mustJSON("draft")}})
		return err
	}
	insert := func(ctx context.Context, c *Client) error {
		_, err := c.PatchDeployment(ctx, "d1", []Operation{{Op: "add", Path: "/allowed_origins/-", Value: mustJSON("x")}})
		return err
	}
	post := func(ctx context.Context, c *Client) error {
		_, err := c.CreateDeployment(ctx, CreateRequest{PalID: "p1", Channel: "widget"})
		return err
	}
	replace := func(ctx context.Context, c *Client) error {
		_, err := c.PatchDeployment(ctx, "d1", []Operation{{Op: "add", Path: "/allowed_origins/0", Value: mustJSON("x")}})
		return err
	}
	const all, one, without429 = 4, 1, 5
	for _, tc := range []struct {
		name      string
		operation func(context.Context, *Client) error
		method    string
		fault     fault
		want      int // requests while the fault lasts, of at most five
	}{
		{"GET 429", get, "GET", fault{status: 429}, without429},
		{"GET 500", get, "GET", fault{status: 500}, all},
		{"GET 502", get, "GET", fault{status: 502}, all},
		{"GET 503", get, "GET", fault{status: 503}, all},
		{"GET 504", get, "GET", fault{status: 504}, all},
		{"GET 501", get, "GET", fault{status: 501}, one},
		{"GET 401", get, "GET", fault{status: 401}, one},
		{"GET 403", get, "GET", fault{status: 403}, one},
		{"GET 410", get, "GET", fault{status: 410}, one},
		{"GET cut", get, "GET", fault{cut: true}, all},
		{"GET half", get, "GET", fault{effect: true, half: true}, all},
		{"GET garbage", get, "GET", fault{status: 200, body: "<html>"}, all},
		{"GET refused", get, "GET", fault{refuse: true}, all},
		{"GET hang", get, "GET", fault{hang: true}, all},
		{"DELETE 429", del, "DELETE", fault{status: 429}, without429},
		{"DELETE 500", del, "DELETE", fault{status: 500}, one},
		{"DELETE 503", del, "DELETE", fault{status: 503}, all},
		{"DELETE cut", del, "DELETE", fault{cut: true}, all},
		{"DELETE 403", del, "DELETE", fault{status: 403}, one},
		{"PATCH 429", patch, "PATCH", fault{status: 429}, without429},
		{"PATCH 500", patch, "PATCH", fault{status: 500}, one},
		{"PATCH 503", patch, "PATCH", fault{status: 503}, all},
		{"PATCH cut", patch, "PATCH", fault{cut: true}, all},
		{"insert 429", insert, "PATCH", fault{status: 429}, without429},
		{"insert cut", insert, "PATCH", fault{cut: true}, one},
		{"insert before cut", replace, "PATCH", fault{cut: true}, one},
		{"insert refused", insert, "PATCH", fault{refuse: true}, all},
		{"POST 429", post, "POST", fault{status: 429}, without429},
		{"POST refused", post, "POST", fault{refuse: true}, all},
		{"POST 400", post, "POST", fault{status: 400}, one},
		{"POST 500", post, "POST", fault{status: 500}, one},
		{"POST 503", post, "POST", fault{status: 503}, one},
		{"POST cut", post, "POST", fault{cut: true}, one},
		{"POST hang", post, "POST", fault{hang: true}, one},
		{"POST 307", post, "POST", fault{status: 307}, one},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := handle(answer(http.StatusOK, docD1))
				seen := 0
				w.fault = func(_ int, r *http.Request) *fault {
					if r.Method != tc.method {
						return nil
					}
					if seen++; seen <= 5 {
						return &tc.fault
					}
					return nil
				}
				err := tc.operation(t.Context(), w.client(t))
				if tc.want == without429 {
					if err != nil || seen != 6 {
						t.Errorf("%d requests, %v", seen, err)
					}
					return
				}
				if err == nil || seen != tc.want {
					t.Fatalf("%d requests, want %d: %v", seen, tc.want, err)
				}
				if e := apiError(t, err); e.Attempts != tc.want || e.Method != tc.method {
					t.Errorf("%d attempts of %s in the error", e.Attempts, e.Method)
				}
			})
		})
	}
}

func TestErrorSaysWhatTheServerSaid(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := handle(answer(503, `{"error":"down for maintenance until noon"}`, "X-Request-Id", "req-7"))
		_, err := w.client(t).GetDeployment(t.Context(), "d1")
		want := "GET /v2/deployments/d1: 503 Service Unavailable: down for maintenance until noon (4 attempts, request id req-7)"
		if err == nil || err.Error() != want {
			t.Errorf("%v", err)
		}
		e := apiError(t, err)
		if e.Status != 503 || e.Text != "down for maintenance until noon" || e.Method != "GET" || e.Path != "/v2/deployments/d1" || e.RequestID != "req-7" {
			t.Errorf("%+v", e)
		}
	})
}

func TestNotFoundAndAuth(t *testing.T) {
	t.Parallel()
	for status, want := range map[int][2]bool{401: {false, true}, 403: {false, true}, 404: {true, false}, 500: {false, false}, 422: {false, false}} {
		w := handle(besideAList(answer(status, "")))
		_, err := w.client(t, func(c *Config) { c.MaxRetries = 0 }).GetDeployment(t.Context(), "d1")
		wrapped := fmt.Errorf("around: %w", err)
		if IsNotFound(wrapped) != want[0] || IsAuth(wrapped) != want[1] {
			t.Errorf("%d: %v %v", status, IsNotFound(wrapped), IsAuth(wrapped))
		}
	}
	if IsNotFound(nil) || IsAuth(nil) || IsNotFound(io.EOF) {
		t.Error("nothing is something")
	}
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	stamp := func(d time.Duration) string { return now.Add(d).Format(http.TimeFormat) }
	for _, tc := range []struct {
		value, date string
		want        time.Duration
	}{
		{"", "", -1},
		{"7", "", 7 * time.Second},
		{"0", "", 0},
		{"1.5", "", 1500 * time.Millisecond},
		{"86400", "", time.Minute},
		{"1e300", "", time.Minute},
		{"-3", "", -1},
		{"NaN", "", -1},
		{"soon", "", -1},
		{stamp(9 * time.Second), "", 9 * time.Second},
		{stamp(9 * time.Second), stamp(4 * time.Second), 5 * time.Second}, // The server's clock counts.
		{stamp(-time.Hour), "", 0},
		{stamp(time.Hour), "", time.Minute},
	} {
		header := http.Header{"Retry-After": {tc.value}, "Date": {tc.date}}
		if got := retryAfter(header, now); got != tc.want {
			t.Errorf("%q: %v, want %v", tc.value, got, tc.want)
		}
	}
}

func TestRetryAfterIsWaitedFor(t *testing.T) {
	t.Parallel()
	for _, status := range []int{429, 503} {
		for _, form := range []string{"seconds", "date"} {
			synctest.Test(t, func(t *testing.T) {
				value := "20"
				if form == "date" {
					value = time.Now().Add(20 * time.Second).UTC().Format(http.TimeFormat)
				}
				w := handle(answer(200, docD1))
				w.fault = failing(1, fault{status: status, header: map[string]string{"Retry-After": value}})
				begun := time.Now()
				if _, err := w.client(t).GetDeployment(t.Context(), "d1"); err != nil {
					t.Fatal(err)
				}
				if took := time.Since(begun); took < 20*time.Second || took > 23*time.Second {
					t.Errorf("%d %s: waited %v", status, form, took)
				}
			})
		}
	}
}

func TestWaitsEndWithTheContext(t *testing.T) {
	t.Parallel()
	for _, status := range []int{429, 503} {
		synctest.Test(t, func(t *testing.T) {
			w := handle(answer(status, `{"error":"busy now"}`, "Retry-After", "50"))
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(3*time.Second, cancel)
			begun := time.Now()
			_, err := w.client(t).GetDeployment(ctx, "d1")
			if took := time.Since(begun); took != 3*time.Second {
				t.Errorf("took %v", took)
			}
			if !errors.Is(err, context.Canceled) {
				t.Errorf("not cancelled: %v", err)
			}
			wantText(t, err.Error(), "busy now", "cancelled")
		})
	}
}

// Refusals because of the rate leave the repeats for other failures.
func TestRateIsNoRepeat(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := handle(answer(200, docD1))
		w.fault = func(n int, _ *http.Request) *fault {
			switch {
			case n <= 6:
				return &fault{status: 429}
			case n <= 9:
				return &fault{status: 503}
			}
			return nil
		}
		if _, err := w.client(t).GetDeployment(t.Context(), "d1"); err != nil || len(w.log()) != 10 {
			t.Errorf("%v after %d requests", err, len(w.log()))
		}
	})
}

// When the end of the context cuts a read, the server's earlier words are worth
// more. A write is not cut, so its own end is what counts.
func TestLastWords(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"GET", "POST"} {
		synctest.Test(t, func(t *testing.T) {
			w := handle(answer(200, `[]`))
			w.fault = func(n int, _ *http.Request) *fault {
				switch n {
				case 1:
					return &fault{status: 429, body: "slow down please", header: map[string]string{"Retry-After": "1"}}
				case 2:
					return &fault{hang: true}
				}
				return nil
			}
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(5*time.Second, cancel)
			c := w.client(t)
			if method == "GET" {
				_, err := c.GetDeployment(ctx, "d1")
				wantText(t, err.Error(), "slow down please", "2 attempts")
				return
			}
			_, err := c.CreateDeployment(ctx, CreateRequest{PalID: "p1", Channel: "widget", Name: text("n")})
			wantText(t, unknownOutcome(t, err).Err.Error(), "no complete answer within 30s", "2 attempts")
		})
	}
}

// The text of Go's errors holds the address with the query.
func TestNetworkErrorsHoldNoQuery(t *testing.T) {
	t.Parallel()
	w := handle(answer(200, `[]`))
	w.fault = failing(100, fault{cut: true})
	dial := handle(answer(200, `[]`))
	dial.fault = failing(100, fault{refuse: true})
	for _, c := range []*Client{w.client(t, fast), dial.client(t, fast)} {
		for _, err := range c.ListDeployments(t.Context(), ListFilter{PalID: "the-pal", Search: "the-search"}) {
			if err == nil {
				t.Fatal("no error")
			}
			wantText(t, err.Error(), "GET /v2/deployments: ")
			wantNoText(t, err.Error(), "the-pal", "the-search", "limit", "example")
		}
	}
}

// A server that refuses for ever must not hold an apply for ever.
func TestOperationIsBounded(t *testing.T) {
	t.Parallel()
	for _, f := range []fault{{status: 429, body: `{"error":"too many"}`}, {status: 503, body: `{"error":"too many"}`, header: map[string]string{"Retry-After": "60"}}} {
		synctest.Test(t, func(t *testing.T) {
			w := handle(answer(200, docD1))
			w.fault = func(int, *http.Request) *fault { return &f }
			begun := time.Now()
			_, err := w.client(t, func(c *Config) { c.MaxRetries = 1000 }).GetDeployment(t.Context(), "d1")
			if took := time.Since(begun); took < 9*time.Minute || took > 11*time.Minute {
				t.Errorf("took %v", took)
			}
			wantText(t, err.Error(), "too many", "attempts", "gave up after 10m0s")
			wantNoText(t, err.Error(), "context deadline")
		})
	}
}

func TestRequestTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := handle(answer(200, docD1))
		w.fault = failing(100, fault{hang: true})
		begun := time.Now()
		_, err := w.client(t, func(c *Config) { c.MaxRetries = 0 }).GetDeployment(t.Context(), "d1")
		if took := time.Since(begun); took != 30*time.Second {
			t.Errorf("took %v", took)
		}
		wantText(t, err.Error(), "no complete answer within 30s")
		if e := apiError(t, err); e.Status != 0 || e.Err == nil {
			t.Errorf("%+v", e)
		}
	})
}

func TestWritesAreFinishedAfterCancel(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"POST", "PATCH", "DELETE", "GET"} {
		synctest.Test(t, func(t *testing.T) {
			s := newShop()
			id := s.put(map[string]any{"name": "old"}, testTime)
			w := s.wire()
			w.latency = 5 * time.Second
			c := w.client(t)
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(2*time.Second, cancel)
			var err error
			switch method {
			case "POST":
				_, err = c.CreateDeployment(ctx, CreateRequest{PalID: "p1", Channel: "widget"})
			case "PATCH":
				_, err = c.PatchDeployment(ctx, id, []Operation{{Op: "add", Path: "/name", Value: mustJSON("new")}})
			case "DELETE":
				err = c.DeleteDeployment(ctx, id)
			case "GET":
				if _, err = c.GetDeployment(ctx, id); !errors.Is(err, context.Canceled) {
					t.Errorf("GET: %v", err)
				}
				return
			}
			if err != nil {
				t.Errorf("%s: %v", method, err)
			}
		})
	}
}

func TestNoAttemptAfterCancel(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := handle(answer(503, `{"error":"busy"}`))
		w.latency = 5 * time.Second
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(2*time.Second, cancel)
		err := w.client(t).DeleteDeployment(ctx, "d1")
		if len(w.log()) != 1 {
			t.Errorf("requests: %v", w.log())
		}
		wantText(t, err.Error(), "503", "busy", "cancelled")

		err = w.client(t).DeleteDeployment(ctx, "d1")
		if len(w.log()) != 1 || !errors.Is(err, context.Canceled) {
			t.Errorf("%v after %v", err, w.log())
		}
		wantText(t, err.Error(), "cancelled before the request was sent")
	})
}

func TestLogHoldsNoValues(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var lines []string
		w := newShop().wire()
		w.fault = func(n int, _ *http.Request) *fault {
			switch n {
			case 1:
				return &fault{status: 429, body: "secret-name secret-value"}
			case 3:
				return &fault{cut: true}
			}
			return nil
		}
		c := w.client(t, func(cfg *Config) {
			cfg.Log = func(_ context.Context, message string, fields map[string]any) {
				mu.Lock()
				defer mu.Unlock()
				lines = append(lines, fmt.Sprint(message, fields))
			}
		})
		made, err := c.CreateDeployment(t.Context(), CreateRequest{
			PalID: "p1", Channel: "widget", Name: text("secret-name"), Password: "secret-password", Customization: mustJSON(map[string]string{"a": "secret-value"}),
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.GetDeployment(t.Context(), made.Deployment.DeploymentID); err != nil {
			t.Fatal(err)
		}
		for _, err := range c.ListDeployments(t.Context(), ListFilter{Search: "secret-search"}) {
			if err != nil {
				t.Fatal(err)
			}
		}
		_, _ = c.GetDeployment(Mask(t.Context(), func() []string { return []string{"secret-id"} }), "secret-id")
		all := strings.Join(lines, "\n")
		wantText(t, all, "method:POST", "path:/v2/deployments", "status:429", "status:200", "attempt:2", "duration_ms:", "error:the connection was cut")
		wantNoText(t, all, "secret", testKey, "limit=")
		if len(lines) != len(w.log()) {
			t.Errorf("%d lines for %d requests", len(lines), len(w.log()))
		}
	})
}
