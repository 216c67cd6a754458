package tavus

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestPresence_GoneWhenTheListAgrees(t *testing.T) {
	t.Parallel()
	for _, status := range []int{404, 400, 410} {
		synctest.Test(t, func(t *testing.T) {
			s := &shop{}
			s.add("other")
			w := &wire{handler: s, fault: func(_ int, r *http.Request) *fault {
				if strings.HasSuffix(r.URL.Path, "/nope") {
					return &fault{status: status, body: `{"error": "Invalid thing_id"}`}
				}
				return nil
			}}
			_, err := w.client(t).Get(t.Context(), things, "nope")
			if !IsGone(err) || len(w.requests) != 2 {
				t.Errorf("%d: %v, %v", status, err, w.log())
			}
			if err := w.client(t).Delete(t.Context(), things, "nope"); err != nil {
				t.Errorf("%d: %v", status, err)
			}
		})
	}
}

func TestPresence_AnEmptyListIsAnAbsence(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := &wire{handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/things") {
				answer(200, `{"data": []}`)(w, r)
				return
			}
			answer(404, "")(w, r)
		})}
		if _, err := w.client(t).Get(t.Context(), things, "nope"); !IsGone(err) {
			t.Error(err)
		}
	})
}

func TestPresence_APassingDenialIsReadAgain(t *testing.T) {
	t.Parallel()
	for _, status := range []int{404, 400} {
		synctest.Test(t, func(t *testing.T) {
			s := &shop{}
			id := s.add("one")
			w := &wire{handler: s, fault: once("GET", 1, &fault{status: status})}
			if got, err := w.client(t).Get(t.Context(), things, id); err != nil || got.ID != id {
				t.Error(err)
			}
		})
	}
	synctest.Test(t, func(t *testing.T) {
		s := &shop{}
		id := s.add("one")
		w := &wire{handler: s, fault: once("DELETE", 1, &fault{status: 404})}
		if err := w.client(t).Delete(t.Context(), things, id); err != nil || len(s.docs) != 0 {
			t.Error(err, "and", len(s.docs), "left")
		}
	})
}

func TestPresence_ShownByTheListAlone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &shop{}
		id := s.add("one")
		w := &wire{handler: s, fault: func(_ int, r *http.Request) *fault {
			if strings.HasSuffix(r.URL.Path, id) {
				return &fault{status: 404}
			}
			return nil
		}}
		c := w.client(t)
		_, err := c.Get(t.Context(), things, id)
		wantReason(t, err, Doubtful)
		wantReason(t, c.Delete(t.Context(), things, id), Doubtful)
		if got := w.count("GET /v2/things/"); got != 1+readsAgain {
			t.Errorf("%d reads", got)
		}
	})
}

func TestPresence_AListThatCannotBeReadDecidesNothing(t *testing.T) {
	t.Parallel()
	for list, want := range map[int]Reason{404: WrongAddress, 200: Doubtful, 401: Auth, 403: Auth, 500: Doubtful} {
		t.Run(fmt.Sprint(list), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := &wire{handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if strings.HasSuffix(r.URL.Path, "/things") {
						answer(list, `<html><title>Hello</title></html>`)(w, r)
						return
					}
					answer(404, "")(w, r)
				})}
				c := w.client(t)
				_, err := c.Get(t.Context(), things, "one")
				wantReason(t, err, want)
				wantReason(t, c.Delete(t.Context(), things, "one"), want)
			})
		})
	}
}

func TestPresence_RefusalsNeverRemove(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]Reason{401: Auth, 403: Auth, 500: Server, 422: Refused, 402: Other} {
		synctest.Test(t, func(t *testing.T) {
			w := &wire{handler: answer(status, "")}
			_, err := w.client(t).Get(t.Context(), things, "one")
			wantReason(t, err, want)
			if w.count("GET /v2/things") != w.count("GET /v2/things/one") {
				t.Errorf("%d: the list was asked: %v", status, w.log())
			}
		})
	}
}

func TestPresence_AYoungObjectIsDeletedOnAReplicaThatLags(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &shop{}
		w := &wire{handler: s}
		c := w.client(t)
		made := mustCreate(t, c, "one")
		w.fault = func(_ int, r *http.Request) *fault {
			switch {
			case time.Since(w.requests[0].at) > time.Second:
				return nil
			case strings.HasSuffix(r.URL.Path, "/things"):
				return &fault{status: 200, body: `{"data": []}`}
			}
			return &fault{status: 404}
		}
		if err := c.Delete(t.Context(), things, made.ID); err != nil || len(s.docs) != 0 {
			t.Errorf("%v, %d left", err, len(s.docs))
		}
	})
}

func TestPresence_YouthIsByTheServersClock(t *testing.T) {
	t.Parallel()
	for age, want := range map[time.Duration]int{time.Minute: 1 + readsAgain, time.Hour: 1} {
		synctest.Test(t, func(t *testing.T) {
			server := time.Now().Add(-24 * time.Hour) // this machine is a day ahead
			w := &wire{handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				date := server.UTC().Format(http.TimeFormat)
				if strings.HasSuffix(r.URL.Path, "/things") {
					answer(200, `{"data": []}`, "Date", date)(w, r)
					return
				}
				answer(404, "", "Date", date)(w, r)
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
	for shown, want := range map[int]Reason{1: Other, 3: Other, 9: Doubtful} {
		synctest.Test(t, func(t *testing.T) {
			s := &shop{}
			id := s.add("one")
			w := &wire{handler: s}
			w.fault = func(n int, r *http.Request) *fault {
				switch {
				case n == 1: // the object is deleted, and the answer is lost
					return &fault{effect: true, cut: true}
				case strings.HasSuffix(r.URL.Path, "/things") && shown > 0:
					shown--
					return &fault{status: 200, body: `{"data": [{"thing_id": "` + id + `"}], "total_count": 1}`}
				}
				return nil
			}
			if err := w.client(t).Delete(t.Context(), things, id); ReasonOf(err) != want || (err == nil) != (want == Other) {
				t.Errorf("%v, want %v", err, want)
			}
		})
	}
}

func TestPresence_AWalkDoesNotLastForEver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &shop{}
		w := &wire{handler: s}
		c := w.client(t)
		if err := c.Delete(t.Context(), things, "other"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * walkAge)
		id := s.add("made by another process")
		w.fault = once("GET", 1, &fault{status: 404})
		if _, err := c.Get(t.Context(), things, id); err != nil {
			t.Errorf("an old walk was believed: %v", err)
		}
	})
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
				if err := c.Delete(t.Context(), things, fmt.Sprintf("gone%d", i)); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		if walks := w.count("GET"); walks != 3 {
			t.Errorf("%d requests of the list, want 3", walks)
		}
	})
}

func TestPresence_AWalkFromBeforeTheLastSightingDoesNotCount(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &shop{}
		w := &wire{handler: s}
		c := w.client(t)
		if err := c.Delete(t.Context(), things, "other"); err != nil { // walks the empty list
			t.Fatal(err)
		}
		id := s.add("later")
		if _, err := c.Get(t.Context(), things, id); err != nil {
			t.Fatal(err)
		}
		w.fault = once("GET", 1, &fault{status: 404})
		if got, err := c.Get(t.Context(), things, id); err != nil || got.ID != id {
			t.Errorf("an old walk was believed: %v", err)
		}
	})
}

func TestPresence_AWalkThatShowsTheObjectIsRepeated(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &shop{}
		id := s.add("one")
		w := &wire{handler: s}
		c := w.client(t)
		if err := c.Delete(t.Context(), things, "other"); err != nil {
			t.Fatal(err)
		}
		s.docs = nil
		if _, err := c.Get(t.Context(), things, id); !IsGone(err) {
			t.Error(err)
		}
	})
}

func TestPresence_AListThatMovesIsReadUntilItIsSteady(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &shop{size: 2}
		s.add("last")
		id := s.add("wanted")
		for i := range 4 {
			s.add(fmt.Sprint(i))
		}
		walked := 0
		w := &wire{handler: s, fault: func(_ int, r *http.Request) *fault {
			if strings.HasSuffix(r.URL.Path, id) {
				return &fault{status: 404}
			}
			// Somebody deletes on the first walk, so the wanted one moves to a page that was read.
			if walked++; walked == 3 {
				s.docs = s.docs[1:]
			}
			return nil
		}}
		_, err := w.client(t).Get(t.Context(), things, id)
		wantReason(t, err, Doubtful)
	})
}

func TestPresence_YoungObjectsAreReadAgainFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &shop{}
		w := &wire{handler: s}
		c := w.client(t)
		made := mustCreate(t, c, "one")
		w.fault = func(_ int, r *http.Request) *fault { // a replica that lags: object and list are not there
			if time.Since(w.requests[0].at) < time.Second && r.Method == http.MethodGet {
				if strings.HasSuffix(r.URL.Path, "/things") {
					return &fault{status: 200, body: `{"data": []}`}
				}
				return &fault{status: 404}
			}
			return nil
		}
		if _, err := c.Get(t.Context(), things, made.ID); err != nil {
			t.Error("of this process:", err)
		}
		ctx := WithCreatedAt(context.Background(), member(made.Object, "created_at"))
		w.requests[0].at = time.Now()
		if _, err := w.client(t).Get(ctx, things, made.ID); err != nil {
			t.Error("by its created_at:", err)
		}
	})
}

func TestPresence_WithoutAListTheServerIsBelieved(t *testing.T) {
	t.Parallel()
	col := &Collection{Path: "/v2/odd", ID: "odd_id", Noun: "odd", NoList: true}
	w := &wire{handler: answer(404, `{"error": "no"}`)}
	if _, err := w.client(t).Get(t.Context(), col, "one"); !IsGone(err) || len(w.requests) != 1 {
		t.Error(err, w.log())
	}
	if err := w.client(t).Delete(t.Context(), col, "one"); err != nil || len(w.requests) != 2 {
		t.Error(err, w.log())
	}
}
