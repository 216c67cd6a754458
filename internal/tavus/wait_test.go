package tavus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// books are things that the server goes on with after their create.
var books = &Collection{
	Path: "/v2/books", ID: "book_id", Noun: "book",
	Ready: func(document json.RawMessage) (string, bool) {
		status := textAt(document, "/status")
		return status, status == "ready"
	},
	Limit: func(message string) Reason {
		switch message {
		case "at once":
			return Busy
		case "too many":
			return LimitReached
		}
		return RateLimited
	},
}

// press makes each book ready some time after its create.
type press struct {
	takes time.Duration

	mu    sync.Mutex
	began map[string]time.Time
}

func (p *press) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	id := strings.TrimPrefix(r.URL.Path, "/v2/books/")
	if r.Method == http.MethodPost {
		id = fmt.Sprint("b", len(p.began))
		p.began[id] = time.Now()
	}
	status := "ready"
	switch age := time.Since(p.began[id]); {
	case age < p.takes/2:
		status = "started"
	case age < p.takes:
		status = "printing"
	}
	answer(http.StatusOK, fmt.Sprintf(`{"book_id": %q, "status": %q}`, id, status))(w, r)
}

func mustPrint(t *testing.T, c *Client) *Object {
	t.Helper()
	made, err := c.Create(t.Context(), books, []byte(`{}`))
	if err != nil {
		t.Fatal(err)
	}
	return made.Object
}

// Fifty objects that take a minute each, ten at a time, take little more than the server's five minutes.
func TestWait_TakesLittleMoreThanTheServer(t *testing.T) {
	t.Parallel()
	for _, takes := range []time.Duration{10 * time.Second, time.Minute, 61 * time.Second, 5 * time.Minute} {
		synctest.Test(t, func(t *testing.T) {
			w := &wire{latency: 50 * time.Millisecond, handler: &press{takes: takes, began: map[string]time.Time{}}}
			c := w.client(t)
			began := time.Now()
			var ten sync.WaitGroup
			for range 10 {
				ten.Go(func() {
					for range 5 {
						if _, err := c.Wait(t.Context(), books, mustPrint(t, c)); err != nil {
							t.Error(err)
						}
					}
				})
			}
			ten.Wait()
			if took := time.Since(began); took < 5*takes || took > 5*takes*115/100 {
				t.Errorf("50 books of %s, 10 at a time, took %s", takes, took)
			}
			if reads := w.count(http.MethodGet) / 50; reads > 35 {
				t.Errorf("a book of %s was read %d times", takes, reads)
			}
		})
	}
}

func TestWait_LogsEachStatusOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var said []string
		w := &wire{handler: &press{takes: time.Minute, began: map[string]time.Time{}}}
		c := w.client(t, func(cfg *Config) {
			cfg.Log = func(_ context.Context, message string, fields map[string]any) {
				if status := fields["status"]; message == "Tavus object status" {
					said = append(said, fmt.Sprint(fields["path"], " ", status))
				}
			}
		})
		object, err := c.Wait(t.Context(), books, mustPrint(t, c))
		if err != nil || textAt(object.Document, "/status") != "ready" {
			t.Fatalf("%v, %v", object, err)
		}
		if got := strings.Join(said, ", "); got != "/v2/books/b0 started, /v2/books/b0 printing, /v2/books/b0 ready" {
			t.Errorf("the log has %s", got)
		}
	})
}

func TestWait_EndsWithTheContextOrAFailedRead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := &wire{handler: &press{takes: time.Hour, began: map[string]time.Time{}}}
		c := w.client(t)
		ctx, cancel := context.WithTimeout(t.Context(), 45*time.Minute)
		defer cancel()
		object, err := c.Wait(ctx, books, mustPrint(t, c))
		if !errors.Is(err, context.DeadlineExceeded) || textAt(object.Document, "/status") != "printing" {
			t.Errorf("out of time: %v, %v", object, err)
		}
		w.fault = func(int, *http.Request) *fault { return &fault{status: http.StatusForbidden} }
		again, err := c.Wait(t.Context(), books, object)
		if ReasonOf(err) != Auth || again != object {
			t.Errorf("a failed read: %v, %v", again, err)
		}
	})
}

// A read that shows the document from before the action is not its end.
func TestWait_ReadThatLagsIsNotTheEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		reads := 0
		w := &wire{handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			document := `{"book_id": "b", "status": "ready", "updated_at": "2026-01-01T00:00:00.1Z"}`
			if reads++; reads > 2 {
				document = `{"book_id": "b", "status": "ready", "updated_at": "2026-01-01T00:00:09.1Z"}`
			}
			answer(http.StatusOK, document)(w, r)
		})}
		acted := &Object{ID: "b", Document: json.RawMessage(`{"book_id": "b", "status": "printing", "updated_at": "2026-01-01T00:00:05.1Z"}`)}
		if _, err := w.client(t).Wait(t.Context(), books, acted); err != nil || reads != 3 {
			t.Errorf("%d reads, error: %v", reads, err)
		}
	})
}

func TestPatiently_RepeatsWhileTheServerIsBusy(t *testing.T) {
	t.Parallel()
	for message, want := range map[string]struct {
		reason Reason
		posts  int
	}{"at once": {0, 4}, "too many": {LimitReached, 1}} {
		synctest.Test(t, func(t *testing.T) {
			w := &wire{handler: &press{began: map[string]time.Time{}}}
			w.fault = func(n int, _ *http.Request) *fault {
				if n > 3 {
					return nil
				}
				return &fault{status: http.StatusTooManyRequests, body: fmt.Sprintf(`{"error": %q}`, message)}
			}
			c, began := w.client(t), time.Now()
			err := c.Patiently(t.Context(), func() error {
				_, err := c.Create(t.Context(), books, []byte(`{}`))
				return err
			})
			if ReasonOf(err) != want.reason || w.count(http.MethodPost) != want.posts {
				t.Errorf("%s: %d requests, error: %v", message, w.count(http.MethodPost), err)
			}
			if took := time.Since(began); took != time.Duration(want.posts-1)*2*time.Second {
				t.Errorf("%s: it took %s", message, took)
			}
		})
	}
}

func TestAct_BusyIsNoConflict(t *testing.T) {
	t.Parallel()
	w := &wire{handler: &press{began: map[string]time.Time{}}}
	w.fault = once(http.MethodPost, 1, &fault{status: http.StatusConflict})
	c := w.client(t)
	if _, err := c.Act(t.Context(), books, "b1", "print"); ReasonOf(err) != Busy {
		t.Errorf("the error is %v", err)
	}
	w.handler = answer(http.StatusAccepted, `{"book_id": "b1", "status": "printing"}`)
	object, err := c.Act(t.Context(), books, "b1", "print")
	if err != nil || textAt(object.Document, "/status") != "printing" || w.last(http.MethodPost).path != "/v2/books/b1/print" {
		t.Errorf("%v, %v", object, err)
	}
	w.handler = answer(http.StatusAccepted, `{}`)
	if _, err := c.Act(t.Context(), books, "b1", "print"); ReasonOf(err) != Server {
		t.Errorf("without an object: %v", err)
	}
}
