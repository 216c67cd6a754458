package tavus

import (
	"cmp"
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

func TestCreate_IsOneRequest(t *testing.T) {
	t.Parallel()
	w := &wire{handler: &shop{}}
	made := mustCreate(t, w.client(t))
	if len(w.requests) != 1 || made.Adopted || member(made.Object, "name") != "one" || string(made.Answer) != string(made.Document) {
		t.Errorf("%+v, %v", made, w.log())
	}
}

func TestCreate_ReadsWhatTheAnswerLeavesOut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := &wire{handler: &shop{writes: "part"}}
		made := mustCreate(t, w.client(t))
		if strings.Join(w.log(), ", ") != "POST /v2/things, GET /v2/things/t0001" || member(made.Object, "name") != "one" ||
			member(&Object{Document: made.Answer}, "name") != "" {
			t.Errorf("%+v, %v", made, w.log())
		}
	})
}

func TestCreate_ReadsOnlyWhatIsMissed(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		body   string
		change func(*Collection)
		reads  int
	}{
		{`{"name": "x", "note": "n"}`, func(*Collection) {}, 1},
		{`{"name": "x", "secret": "s"}`, func(col *Collection) { col.WriteOnly = []string{"secret"} }, 0},
		{`{"name": "x"}`, func(col *Collection) { col.Whole = []string{"status"} }, 1},
	} {
		col := *things
		test.change(&col)
		w := &wire{handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = fmt.Fprintf(w, `{"thing_id": "a", "name": "x", "has_password": true, "created_at": %q}`, time.Now().UTC().Format(time.RFC3339))
		})}
		if _, err := w.client(t).Create(t.Context(), &col, []byte(test.body)); err != nil || w.count("GET") != test.reads {
			t.Errorf("%s: %v, %d reads, want %d", test.body, err, w.count("GET"), test.reads)
		}
	}
}

func TestCreate_ReturnsWhatCouldNotBeRead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &shop{writes: "part"}
		w := &wire{handler: s, fault: func(n int, _ *http.Request) *fault {
			if n > 1 {
				return &fault{status: 403}
			}
			return nil
		}}
		made, err := w.client(t).Create(t.Context(), things, body("one"))
		_ = wantReason(t, err, Auth)
		if made == nil || made.ID != "t0001" {
			t.Errorf("the object is %v", made)
		}
	})
}

func TestCreate_ReadsBackFromAReplicaThatLags(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := &wire{handler: &shop{writes: "part"}, fault: once("GET", 1, &fault{status: 404})}
		made := mustCreate(t, w.client(t))
		if member(made.Object, "name") != "one" || w.count("POST") != 1 {
			t.Error(w.log())
		}
	})
}

func TestCreate_IsRepeatedWhereNothingHappened(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]*fault{"no connection": {refuse: true}, "limited": {status: 429}} {
		synctest.Test(t, func(t *testing.T) {
			s := &shop{}
			w := &wire{handler: s, fault: once("POST", 1, f)}
			if made := mustCreate(t, w.client(t)); made.Adopted || len(s.docs) != 1 || w.count("POST") != 2 {
				t.Errorf("%s: %v", name, w.log())
			}
		})
	}
}

func TestCreate_RefusalsAreNotSearchedFor(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]Reason{400: Refused, 401: Auth, 402: Other, 404: Refused, 422: Refused, 501: Server} {
		w := &wire{handler: answer(status, `{"error": "no"}`)}
		_, err := w.client(t).Create(t.Context(), things, body("one"))
		_ = wantReason(t, err, want)
		if len(w.requests) != 1 {
			t.Errorf("%d: %v", status, w.log())
		}
	}
}

func TestCreate_SomebodyElsesObjectIsLeftAlone(t *testing.T) {
	t.Parallel()
	now := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC) // of the bubble
	stamp := func(d time.Duration) string { return now.Add(d).Format(time.RFC3339) }
	for name, text := range map[string]string{
		"older":             `{"thing_id": "x", "name": "one", "owner": "p1", "created_at": "` + stamp(-time.Hour) + `"}`,
		"another, older":    `{"thing_id": "x", "name": "two", "owner": "p1", "created_at": "` + stamp(-10*time.Second) + `"}`,
		"another, no times": `{"thing_id": "x", "name": "two", "owner": "p1"}`,
	} {
		synctest.Test(t, func(t *testing.T) {
			s := &shop{}
			w := &wire{handler: s, fault: once("POST", 1, &fault{status: 200, body: text})}
			c := w.client(t)
			_, err := c.Create(t.Context(), things, body("one"))
			e := wantReason(t, err, OutcomeUnknown)
			if !e.Searched || len(e.Candidates) != 0 || c.isOwned("x") {
				t.Errorf("%s: %v", name, e)
			}
		})
	}
}

func TestCreate_AnAnswerThatShowsAnOwnedObject(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &shop{}
		w := &wire{handler: s}
		c := w.client(t)
		first := mustCreate(t, c)
		w.fault = once("POST", 1, &fault{status: 200, body: string(first.Document)})
		_, err := c.Create(t.Context(), things, body("one"))
		if e := wantReason(t, err, OutcomeUnknown); len(e.Candidates) != 0 || !strings.Contains(e.Error(), "left alone") {
			t.Error(e)
		}
	})
}

func TestCreate_ServersWithOddTimesWork(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]*shop{
		"no zone":     {stamp: "2006-01-02T15:04:05"},
		"unreadable":  {stamp: "Jan 2 2006"},
		"no Date":     {noDate: true},
		"local times": {stamp: "2006-01-02 03:04:05"},
	} {
		w := &wire{handler: s}
		if _, err := w.client(t).Create(t.Context(), things, body("one")); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCreate_AnInterruptDoesNotCutIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := &wire{handler: &shop{writes: "part"}, latency: time.Second}
		ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		defer cancel()
		made, err := w.client(t).Create(ctx, things, body("one"))
		if err != nil || member(made.Object, "name") != "one" {
			t.Error(made, err)
		}
	})
}

// lostCreate is a create whose answer was lost after the server did its part.
func lostCreate(t *testing.T, s *shop, f *fault, col *Collection, content []byte) (*wire, *Creation, error) {
	t.Helper()
	w := &wire{handler: s, fault: once("POST", 1, f)}
	made, err := w.client(t).Create(t.Context(), col, content)
	return w, made, err
}

func TestLost_AdoptsTheOneThatMustBeIt(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]*fault{
		"cut": {cut: true}, "hang": {hang: true}, "500": {status: 500}, "502": {status: 502}, "503": {status: 503},
		"no JSON": {status: 200, body: "<html>"}, "no id": {status: 200, body: "{}"}, "empty": {status: 200}, "303": {status: 303},
		"cut JSON": {status: 200, body: `{"thing_id": "t00`}, "null": {status: 201, body: "null"}, "control": {status: 201, body: `{"thing_id": "t\u001b2"}`},
		"no UTF-8": {status: 201, body: "{\"thing_id\": \"t0002\", \"name\": \"\xff\"}"},
	} {
		synctest.Test(t, func(t *testing.T) {
			f.effect = true
			s := &shop{}
			s.add("two")
			w, made, err := lostCreate(t, s, f, things, body("one"))
			if err != nil || !made.Adopted || made.ID != "t0002" || member(made.Object, "name") != "one" || w.count("POST") != 1 || len(s.docs) != 2 {
				t.Errorf("%s: %v, %v, %v", name, made, err, w.log())
			}
		})
	}
}

func TestLost_FindsWhatTheServerRenamed(t *testing.T) {
	t.Parallel()
	for sent, stored := range map[string]string{"support-desk (2)": "SUPPORT desk 2", "Ämter!": "ämter"} {
		synctest.Test(t, func(t *testing.T) {
			s := &shop{}
			w := &wire{handler: s, fault: func(n int, _ *http.Request) *fault {
				if n == 1 {
					return &fault{effect: true, cut: true}
				}
				s.docs[0]["name"] = stored
				return nil
			}}
			if made, err := w.client(t).Create(t.Context(), things, body(sent)); err != nil || !made.Adopted {
				t.Error(err)
			}
		})
	}
}

func TestLost_NothingHappened(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &shop{}
		s.add("one") // older
		time.Sleep(time.Minute)
		w, made, err := lostCreate(t, s, &fault{cut: true}, things, body("one"))
		e := wantReason(t, err, OutcomeUnknown)
		if made != nil || !e.Searched || len(e.Candidates) != 0 || w.count("POST") != 1 || !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%v, %v", e, w.log())
		}
	})
}

func TestLost_AnObjectThatComesLateIsFound(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &shop{}
		time.AfterFunc(2*time.Second, func() { s.add("one") })
		if _, made, err := lostCreate(t, s, &fault{status: 504}, things, body("one")); err != nil || !made.Adopted {
			t.Error(err)
		}
	})
}

func TestLost_WhatCannotBeToldApartIsNotAdopted(t *testing.T) {
	t.Parallel()
	blind := &Collection{Path: things.Path, ID: things.ID, Noun: things.Noun}
	for name, test := range map[string]struct {
		shop  *shop
		col   *Collection
		name  string
		other bool
		want  string
	}{
		"two of the name":  {&shop{}, things, "one", true, "t0002 t0001"},
		"no name":          {&shop{}, things, "", false, "t0001"},
		"no members":       {&shop{}, blind, "one", false, "t0001"},
		"no Date":          {&shop{noDate: true}, things, "one", false, "t0001"},
		"no created_at":    {&shop{stamp: "Jan 2"}, things, "one", false, "t0001"},
		"a foreign clock":  {&shop{ahead: time.Hour}, things, "one", false, "t0001"},
		"no list to be in": {&shop{list: "none"}, things, "one", false, ""},
	} {
		synctest.Test(t, func(t *testing.T) {
			if test.other {
				test.shop.add(test.name)
			}
			_, _, err := lostCreate(t, test.shop, &fault{effect: true, cut: true}, test.col, body(test.name))
			e := wantReason(t, err, OutcomeUnknown)
			if strings.Join(e.Candidates, " ") != test.want || e.Searched != (test.shop.list != "none") {
				t.Errorf("%s: %+v", name, e)
			}
		})
	}
}

func TestLost_WhatWasReadBeforeIsNotAdopted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, w := shopOfOne()
		c := w.client(t)
		if _, err := c.Get(t.Context(), things, "t0001"); err != nil {
			t.Fatal(err)
		}
		w.fault = once("POST", 1, &fault{cut: true})
		_, err := c.Create(t.Context(), things, body("one"))
		if e := wantReason(t, err, OutcomeUnknown); len(e.Candidates) != 0 {
			t.Error(e)
		}
	})
}

func TestLost_WhatWasReadMeanwhileIsAdopted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := &wire{handler: &shop{}, latency: time.Second, fault: once("POST", 1, &fault{effect: true, hang: true})}
		c := w.client(t)
		time.AfterFunc(1500*time.Millisecond, func() { // such as a data source
			if _, err := c.Get(context.Background(), things, "t0001"); err != nil {
				t.Error(err)
			}
		})
		if made, err := c.Create(t.Context(), things, body("one")); err != nil || !made.Adopted {
			t.Errorf("%v, %v", err, w.log())
		}
	})
}

func TestLost_AnAdoptedObjectIsReadOnAReplicaThatLags(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := &wire{handler: &shop{}}
		cut, denied := once("POST", 1, &fault{effect: true, cut: true}), once("GET", 1, &fault{status: 404})
		w.fault = func(n int, r *http.Request) *fault { return cmp.Or(cut(n, r), denied(n, r)) }
		if made, err := w.client(t).Create(t.Context(), things, body("one")); err != nil || !made.Adopted {
			t.Errorf("%v, %v", err, w.log())
		}
	})
}

func TestLost_ACandidateThatCannotBeReadIsNotPassedOver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, w := shopOfOne()
		col := *things
		col.Whole = []string{"note"} // which the list does not show
		w.fault = func(n int, r *http.Request) *fault {
			if n == 1 {
				return &fault{effect: true, cut: true}
			}
			return under("t0001", &fault{status: 403})(n, r)
		}
		_, err := w.client(t).Create(t.Context(), &col, body("one"))
		_ = wantReason(t, err, OutcomeUnknown)
	})
}

// creates makes things at once, one a little after the other, and returns their errors. Those that
// succeed are adopted.
func creates(t *testing.T, w *wire, names ...string) []error {
	t.Helper()
	w.latency = time.Second
	c := w.client(t)
	all := make([]error, len(names))
	var group sync.WaitGroup
	for i, name := range names {
		group.Go(func() {
			time.Sleep(time.Duration(i) * 50 * time.Millisecond)
			made, err := c.Create(context.Background(), things, body(name))
			if all[i] = err; err == nil && (!made.Adopted || member(made.Object, "name") != name) {
				t.Errorf("%s: %+v", name, made)
			}
		})
	}
	group.Wait()
	return all
}

func TestLost_TwinsAdoptNothing(t *testing.T) {
	t.Parallel()
	for effects := range 3 { // how many of two creates take effect; both answers are lost
		synctest.Test(t, func(t *testing.T) {
			w := &wire{handler: &shop{}, fault: func(n int, r *http.Request) *fault {
				if r.Method == http.MethodPost {
					return &fault{effect: n <= effects, cut: true}
				}
				return nil
			}}
			for _, err := range creates(t, w, "one", "one") {
				_ = wantReason(t, err, OutcomeUnknown)
			}
		})
	}
}

func TestLost_CreatesOfOtherNamesDoNotMatter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &shop{}
		w := &wire{handler: s, fault: func(_ int, r *http.Request) *fault {
			if r.Method == http.MethodPost {
				return &fault{effect: true, cut: true}
			}
			return nil
		}}
		err := errors.Join(creates(t, w, "a", "b", "c", "d", "e", "f", "g", "h")...)
		if err != nil || len(s.docs) != 8 || w.count("POST") != 8 {
			t.Errorf("%v, %d things, %d creates", err, len(s.docs), w.count("POST"))
		}
	})
}

func TestLost_ShortItemsAreRead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &shop{}
		s.add("two")
		w := &wire{handler: s, fault: func(n int, r *http.Request) *fault {
			if n == 1 {
				return &fault{effect: true, cut: true}
			}
			return under("/things", &fault{status: 200, body: `{"data": [{"thing_id": "t0001"}, {"thing_id": "t0002"}], "total_count": 2}`})(n, r)
		}}
		if made, err := w.client(t).Create(t.Context(), things, body("one")); err != nil || !made.Adopted || made.ID != "t0002" {
			t.Error(made, err)
		}
	})
}

func TestLost_TheSearchGoesOnAfterAnInterrupt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := &wire{handler: &shop{}, latency: time.Second, fault: once("POST", 1, &fault{effect: true, cut: true})}
		ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		defer cancel()
		if made, err := w.client(t).Create(ctx, things, body("one")); err != nil || !made.Adopted {
			t.Error(err)
		}
	})
}
