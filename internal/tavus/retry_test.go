package tavus

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func get(t *testing.T, w *wire, change ...func(*Config)) error {
	t.Helper()
	_, err := w.client(t, change...).Get(t.Context(), things, "t0001")
	return err
}

func TestRetry_RepeatsWhatPasses(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]*fault{
		"500": {status: 500}, "502": {status: 502}, "503": {status: 503}, "504": {status: 504}, "cut": {cut: true},
		"refused": {refuse: true}, "hang": {hang: true}, "429": {status: 429}, "no JSON": {status: 200, body: "<html>"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				_, w := shopOfOne()
				w.fault = once("GET", 1, f)
				if err := get(t, w); err != nil || len(w.requests) != 2 {
					t.Errorf("%v, %v", err, w.log())
				}
			})
		})
	}
}

func TestRetry_EndsWithTheRetries(t *testing.T) {
	t.Parallel()
	for retries := range 3 {
		synctest.Test(t, func(t *testing.T) {
			w := &wire{handler: answer(503, "", "X-Tavus-Request-Id", "r-1")}
			e := wantReason(t, get(t, w, func(c *Config) { c.MaxRetries = retries }), Server)
			if len(w.requests) != retries+1 || e.Attempts != retries+1 || e.RequestID != "r-1" {
				t.Errorf("%d retries: %+v, %v", retries, e, w.log())
			}
		})
	}
}

func TestRetry_DoesNotRepeatWhatStays(t *testing.T) {
	t.Parallel()
	for _, status := range []int{301, 401, 403, 405, 422, 501, 505} {
		w := &wire{handler: answer(status, "")}
		if err := get(t, w); err == nil || len(w.requests) != 1 {
			t.Errorf("%d: %v, %v", status, err, w.log())
		}
	}
}

func TestRetry_HonoursRetryAfter(t *testing.T) {
	t.Parallel()
	for _, status := range []int{429, 503} {
		synctest.Test(t, func(t *testing.T) {
			_, w := shopOfOne()
			w.fault = once("GET", 1, &fault{status: status, header: map[string]string{"Retry-After": "7"}})
			begun := time.Now()
			if err := get(t, w); err != nil {
				t.Fatal(err)
			}
			if took := time.Since(begun); took < 7*time.Second || took > 9*time.Second {
				t.Errorf("%d: waited %s", status, took)
			}
		})
	}
}

func TestRetry_AWaitThatIsTooLongFailsAtOnce(t *testing.T) {
	t.Parallel()
	for _, status := range []int{429, 503} {
		for text, change := range map[string]func(*Config){
			"86400": func(*Config) {},
			"90":    func(c *Config) { c.OperationTimeout = time.Minute },
		} {
			synctest.Test(t, func(t *testing.T) {
				w := &wire{handler: answer(status, "", "Retry-After", text)}
				begun := time.Now()
				err := get(t, w, change)
				e := asError(err)
				asked, _ := time.ParseDuration(text + "s")
				if e == nil || e.RetryAfter != asked || !strings.Contains(e.Error(), asked.String()) || time.Since(begun) > time.Second || len(w.requests) != 1 {
					t.Errorf("%d, %s: %v after %s", status, text, err, time.Since(begun))
				}
			})
		}
	}
}

func TestRetry_NoRetriesStopAtA429(t *testing.T) {
	t.Parallel()
	w := &wire{handler: answer(429, "", "Retry-After", "1")}
	if e := wantReason(t, get(t, w, func(c *Config) { c.MaxRetries = 0 }), RateLimited); len(w.requests) != 1 || e.RetryAfter != time.Second {
		t.Errorf("%+v, %v", e, w.log())
	}
}

func TestRetry_EndsWithTheOperation(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := &wire{handler: answer(429, `{"error": "slow down"}`)}
		begun := time.Now()
		e := wantReason(t, get(t, w, func(c *Config) { c.OperationTimeout = time.Minute }), RateLimited)
		if took := time.Since(begun); took > time.Minute || e.Message != "slow down" || !strings.Contains(e.Error(), "the time for the operation was up") {
			t.Errorf("%v after %s", e, took)
		}
		if !errors.Is(e, context.DeadlineExceeded) {
			t.Error("the cause is lost")
		}
	})
}

func TestRetry_EndsWithTheContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := &wire{handler: answer(503, "")}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(100*time.Millisecond, cancel)
		_, err := w.client(t).Get(ctx, things, "t0001")
		if e := wantReason(t, err, Server); !errors.Is(e, context.Canceled) || len(w.requests) != 1 {
			t.Errorf("%v, %v", e, w.log())
		}
	})
}

func TestRetryAfter_ReadsBothForms(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Duration{
		"": -1, "soon": -1, "-3": -1, "0": 0, "1.5": 1500 * time.Millisecond, "4": 4 * time.Second,
		now.Add(time.Minute).Format(http.TimeFormat): time.Minute, now.Add(-time.Minute).Format(http.TimeFormat): 0,
		"1e300": 1e9 * time.Second,
	} {
		if got := retryAfter(http.Header{"Retry-After": {text}}, now); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
	header := http.Header{"Retry-After": {now.Format(http.TimeFormat)}, "Date": {now.Add(-time.Second).Format(http.TimeFormat)}}
	if got := retryAfter(header, now.Add(time.Hour)); got != time.Second {
		t.Errorf("by the server's clock: %s", got)
	}
}

func TestRetry_LogsEveryRequestWithoutBodies(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, w := shopOfOne()
		w.fault = once("GET", 1, &fault{status: 503, header: map[string]string{"X-Tavus-Request-Id": "r-1"}})
		var lines []map[string]any
		err := get(t, w, func(c *Config) {
			c.Log = func(_ context.Context, _ string, fields map[string]any) { lines = append(lines, fields) }
		})
		if err != nil || len(lines) != 2 {
			t.Fatalf("%v, %v", err, lines)
		}
		if first := lines[0]; first["status"] != 503 || first["request_id"] != "r-1" || first["attempt"] != 1 || first["path"] != "/v2/things/t0001" {
			t.Error(first)
		}
	})
}
