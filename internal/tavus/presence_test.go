package tavus

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

const emptyList = `{"data": []}`

// remove deletes and fails the test on an error.
func remove(t *testing.T, c *Client, id string) {
	t.Helper()
	if err := c.Delete(t.Context(), things, id); err != nil {
		t.Fatal(err)
	}
}

func TestPresence_GoneWhenTheListAgrees(t *testing.T) {
	t.Parallel()
	for _, status := range []int{404, 400, 410} {
		for _, others := range []int{0, 1} {
			s := &shop{}
			for range others {
				s.add("other")
			}
			w := &wire{handler: s, fault: under("/nope", &fault{status: status, body: `{"error": "Invalid thing_id"}`})}
			if _, err := w.client(t).Get(t.Context(), things, "nope"); !IsGone(err) || len(w.requests) != 2 {
				t.Errorf("%d: %v, %v", status, err, w.log())
			}
			remove(t, w.client(t), "nope")
		}
	}
}

func TestPresence_APassingDenialIsReadAgain(t *testing.T) {
	t.Parallel()
	for _, status := range []int{404, 400, 410} {
		synctest.Test(t, func(t *testing.T) {
			s, w := shopOfOne()
			w.fault = once("GET", 1, &fault{status: status})
			if got, err := w.client(t).Get(t.Context(), things, "t0001"); err != nil || got.ID != "t0001" {
				t.Errorf("%d: %v", status, err)
			}
			if status == 400 {
				return // a refusal, see TestDelete_ReturnsARefusalAtOnce
			}
			w.fault = once("DELETE", 1, &fault{status: status})
			if remove(t, w.client(t), "t0001"); len(s.docs) != 0 {
				t.Errorf("%d: it is not deleted", status)
			}
		})
	}
}

func TestPresence_ShownByTheListAlone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, w := shopOfOne()
		w.fault = under("/t0001", &fault{status: 404})
		c := w.client(t)
		_, err := c.Get(t.Context(), things, "t0001")
		_ = wantReason(t, err, Doubtful)
		_ = wantReason(t, c.Delete(t.Context(), things, "t0001"), Doubtful)
		if got := w.count("GET /v2/things/"); got != 1+readsAgain {
			t.Errorf("%d reads", got)
		}
	})
}

func TestPresence_AListThatCannotBeReadDecidesNothing(t *testing.T) {
	t.Parallel()
	for list, want := range map[int]Reason{404: WrongAddress, 200: Doubtful, 401: Auth, 403: Auth, 500: Doubtful} {
		synctest.Test(t, func(t *testing.T) {
			w := &wire{handler: answer(404, ""), fault: under("/things", &fault{status: list, body: `<html><title>Hello</title></html>`})}
			c := w.client(t)
			_, err := c.Get(t.Context(), things, "one")
			_ = wantReason(t, err, want)
			_ = wantReason(t, c.Delete(t.Context(), things, "one"), want)
		})
	}
}

// An address that showed an object before is not a wrong one.
func TestPresence_AListThatIsMissingLater(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, w := shopOfOne()
		c := w.client(t)
		if _, err := c.Get(t.Context(), things, "t0001"); err != nil {
			t.Fatal(err)
		}
		s.list = "none"
		_, err := c.Get(t.Context(), things, "other")
		if e := wantReason(t, err, Doubtful); !strings.Contains(e.Error(), "the list cannot be read") {
			t.Error(e)
		}
	})
}

func TestPresence_RefusalsNeverRemove(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]Reason{401: Auth, 403: Auth, 500: Server, 422: Refused, 402: Other} {
		synctest.Test(t, func(t *testing.T) {
			w := &wire{handler: answer(status, "")}
			_, err := w.client(t).Get(t.Context(), things, "one")
			_ = wantReason(t, err, want)
			_ = wantReason(t, w.client(t).Delete(t.Context(), things, "one"), want)
			if w.count("GET /v2/things") != w.count("GET /v2/things/one") {
				t.Errorf("%d: the list was asked: %v", status, w.log())
			}
		})
	}
}

func TestPresence_AYoungObjectOnAReplicaThatLags(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &shop{}
		w := &wire{handler: s}
		c := w.client(t)
		made := mustCreate(t, c)
		lag := func() {
			begun := time.Now()
			w.fault = func(_ int, r *http.Request) *fault {
				switch {
				case time.Since(begun) > time.Second:
					return nil
				case strings.HasSuffix(r.URL.Path, "/things"):
					return &fault{status: 200, body: emptyList}
				}
				return &fault{status: 404}
			}
		}
		lag()
		if _, err := c.Get(t.Context(), things, made.ID); err != nil {
			t.Error("made by this process:", err)
		}
		lag()
		ctx := WithCreatedAt(t.Context(), member(made.Object, "created_at"))
		if _, err := w.client(t).Get(ctx, things, made.ID); err != nil {
			t.Error("young by its created_at:", err)
		}
		lag()
		if remove(t, c, made.ID); len(s.docs) != 0 {
			t.Error("it is not deleted")
		}
	})
}

func TestPresence_YouthIsByTheServersClock(t *testing.T) {
	t.Parallel()
	for age, want := range map[time.Duration]int{time.Minute: 1 + readsAgain, time.Hour: 1} {
		synctest.Test(t, func(t *testing.T) {
			server := time.Now().Add(-24 * time.Hour) // this machine is a day ahead
			w := &wire{handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				status := 404
				if strings.HasSuffix(r.URL.Path, "/things") {
					status = 200
				}
				answer(status, emptyList, "Date", server.UTC().Format(http.TimeFormat))(w, r)
			})}
			ctx := WithCreatedAt(t.Context(), server.Add(-age).Format(time.RFC3339))
			_, err := w.client(t).Get(ctx, things, "one")
			if got := w.count("GET /v2/things/"); !IsGone(err) || got != want {
				t.Errorf("%s old: %d reads, want %d, %v", age, got, want, err)
			}
		})
	}
}

func TestPresence_AListThatShowsADeletedObjectForAWhile(t *testing.T) {
	t.Parallel()
	for shown, want := range map[int]Reason{0: Other, 1: Other, 3: Other, 9: Doubtful} {
		synctest.Test(t, func(t *testing.T) {
			_, w := shopOfOne()
			left := shown
			w.fault = func(n int, r *http.Request) *fault {
				switch {
				case n == 1: // the object is deleted, and the answer is lost
					return &fault{effect: true, cut: true}
				case strings.HasSuffix(r.URL.Path, "/things") && left > 0:
					left--
					return &fault{status: 200, body: `{"data": [{"thing_id": "t0001"}], "total_count": 1}`}
				}
				return nil
			}
			if err := w.client(t).Delete(t.Context(), things, "t0001"); ReasonOf(err) != want || (err == nil) != (want == Other) {
				t.Errorf("%v, want %v", err, want)
			}
		})
	}
}

func TestPresence_ManyMissesShareAWalk(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &shop{}
		for i := range 250 {
			s.add(fmt.Sprint("keeps ", i))
		}
		w := &wire{handler: s, latency: 10 * time.Millisecond}
		c := w.client(t)
		var group sync.WaitGroup
		slots := make(chan struct{}, 10)
		for i := range 250 {
			group.Go(func() {
				slots <- struct{}{}
				defer func() { <-slots }()
				remove(t, c, fmt.Sprintf("gone%d", i))
			})
		}
		group.Wait()
		if walks := w.count("GET"); walks != 3 {
			t.Errorf("%d requests of the list, want 3", walks)
		}
	})
}

func TestPresence_OldWalksAreNotBelieved(t *testing.T) {
	t.Parallel()
	for name, later := range map[string]func(t *testing.T, c *Client, id string){
		"older than the last sighting": func(t *testing.T, c *Client, id string) {
			t.Helper()
			if _, err := c.Get(t.Context(), things, id); err != nil {
				t.Fatal(err)
			}
		},
		"older than some time": func(*testing.T, *Client, string) { time.Sleep(2 * walkAge) },
	} {
		synctest.Test(t, func(t *testing.T) {
			s := &shop{}
			w := &wire{handler: s}
			c := w.client(t)
			remove(t, c, "other") // walks the empty list
			id := s.add("later")
			later(t, c, id)
			w.fault = once("GET", 1, &fault{status: 404})
			if _, err := c.Get(t.Context(), things, id); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		})
	}
	synctest.Test(t, func(t *testing.T) { // one that failed
		_, w := shopOfOne()
		c := w.client(t)
		w.fault = under("/things", &fault{status: 401})
		_ = wantReason(t, c.Delete(t.Context(), things, "other"), Auth)
		w.fault = nil
		remove(t, c, "other")
	})
	synctest.Test(t, func(t *testing.T) { // a delete that is repeated, of an object that was seen since
		s := &shop{}
		w := &wire{handler: s}
		c := w.client(t)
		remove(t, c, "other")
		mustCreate(t, c)
		w.fault = func(n int, _ *http.Request) *fault {
			return map[int]*fault{4: {cut: true}, 5: {status: 404}}[n]
		}
		if remove(t, c, "t0001"); len(s.docs) != 0 {
			t.Error("it is not deleted", w.log())
		}
	})
	synctest.Test(t, func(t *testing.T) { // one that shows the object
		s, w := shopOfOne()
		c := w.client(t)
		remove(t, c, "other")
		s.docs = nil
		if _, err := c.Get(t.Context(), things, "t0001"); !IsGone(err) {
			t.Error(err)
		}
	})
}

func TestPresence_AListThatMovesIsReadUntilItIsSteady(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &shop{size: 2}
		for _, name := range []string{"last", "wanted", "d", "c", "b", "a"} {
			s.add(name)
		}
		walked := 0
		w := &wire{handler: s, fault: func(_ int, r *http.Request) *fault {
			if strings.HasSuffix(r.URL.Path, "/t0002") {
				return &fault{status: 404}
			}
			// Somebody deletes on the first walk, so the wanted one moves to a page that was read.
			if walked++; walked == 3 {
				s.docs = s.docs[1:]
			}
			return nil
		}}
		_, err := w.client(t).Get(t.Context(), things, "t0002")
		_ = wantReason(t, err, Doubtful)
	})
}

// A read that shows an older version than the last write is read again.
func TestGet_ReadsThatLagBehindAWrite(t *testing.T) {
	t.Parallel()
	const before, after = "2026-01-01T00:00:00.100000Z", "2026-01-01T00:00:01.200000Z"
	for name, test := range map[string]struct {
		versions []string
		want     string
		requests int
	}{
		"lags once":    {[]string{before, after}, after, 2},
		"is current":   {[]string{after}, after, 1},
		"lags forever": {[]string{before, before, before, before}, before, 4},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sent := 0
			w := &wire{handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				version := test.versions[min(sent, len(test.versions)-1)]
				sent++
				w.Header().Set("Content-Type", "application/json")
				_, _ = fmt.Fprintf(w, `{"thing_id": "t0001", "updated_at": %q}`, version)
			})}
			live, err := w.client(t).Get(WithVersion(t.Context(), after), things, "t0001")
			if err != nil || live.Version() != test.want || sent != test.requests {
				t.Errorf("%v after %d requests, error %v", live, sent, err)
			}
		})
	}
}
