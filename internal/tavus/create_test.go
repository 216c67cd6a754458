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

func TestCreate_IsOneRequest(t *testing.T) {
	t.Parallel()
	w := &wire{handler: &shop{}}
	made := mustCreate(t, w.client(t), "one")
	if len(w.requests) != 1 || made.Adopted || member(made.Object, "name") != "one" || string(made.Answer) != string(made.Document) {
		t.Errorf("%+v, %v", made, w.log())
	}
}

func TestCreate_ReadsWhatTheAnswerLeavesOut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := &wire{handler: &shop{writes: "part"}}
		made := mustCreate(t, w.client(t), "one")
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
		w := &wire{handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = fmt.Fprintf(w, `{"thing_id": "a", "name": "x", "has_password": true, "created_at": %q}`, time.Now().UTC().Format(time.RFC3339))
		})}
		if _, err := w.client(t).Create(t.Context(), &col, []byte(test.body)); err != nil || w.count("GET") != test.reads {
			t.Errorf("%s: %v, %d reads, want %d", test.body, err, w.count("GET"), test.reads)
		}
	}
}

func TestCreate_SaysWhichObjectCouldNotBeRead(t *testing.T) {
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
		e := wantReason(t, err, OutcomeUnknown)
		if made != nil || strings.Join(e.Candidates, " ") != "t0001" {
			t.Errorf("%v, %v", made, e)
		}
	})
}

func TestCreate_ReadsBackFromAReplicaThatLags(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := &wire{handler: &shop{writes: "part"}, fault: once("GET", 1, &fault{status: 404})}
		made := mustCreate(t, w.client(t), "one")
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
			if made := mustCreate(t, w.client(t), "one"); made.Adopted || len(s.docs) != 1 || w.count("POST") != 2 {
				t.Errorf("%s: %v", name, w.log())
			}
		})
	}
}

func TestCreate_RefusalsAreNotSearchedFor(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]Reason{400: Refused, 401: Auth, 402: Other, 404: Doubtful, 422: Refused, 501: Server} {
		w := &wire{handler: answer(status, `{"error": "no"}`)}
		_, err := w.client(t).Create(t.Context(), things, body("one"))
		wantReason(t, err, want)
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
		first := mustCreate(t, c, "one")
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
		"cut JSON": {status: 200, body: `{"thing_id": "t00`}, "null": {status: 201, body: "null"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f.effect = true
				s := &shop{}
				s.add("two")
				w, made, err := lostCreate(t, s, f, things, body("one"))
				if err != nil || !made.Adopted || made.ID != "t0002" || member(made.Object, "name") != "one" {
					t.Fatalf("%v, %v, %v", made, err, w.log())
				}
				if w.count("POST") != 1 || len(s.docs) != 2 {
					t.Errorf("%v", w.log())
				}
			})
		})
	}
}

func TestLost_ComparesNamesByLettersAndDigits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &shop{}
		w := &wire{handler: s}
		w.fault = func(n int, _ *http.Request) *fault {
			if n == 1 {
				return &fault{effect: true, cut: true}
			}
			s.docs[0]["name"] = "SUPPORT desk 2"
			return nil
		}
		made, err := w.client(t).Create(t.Context(), things, body("support-desk (2)"))
		if err != nil || !made.Adopted {
			t.Error(err)
		}
	})
}

func TestLost_NothingHappened(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &shop{}
		s.add("one") // older
		time.Sleep(time.Minute)
		w, made, err := lostCreate(t, s, &fault{cut: true}, things, body("one"))
		e := wantReason(t, err, OutcomeUnknown)
		if made != nil || !e.Searched || len(e.Candidates) != 0 || w.count("POST") != 1 {
			t.Errorf("%v, %v", e, w.log())
		}
		if !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Error("the cause is lost:", e.Err)
		}
	})
}

func TestLost_AnObjectThatComesLateIsFound(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &shop{}
		go func() {
			time.Sleep(2 * time.Second)
			s.add("one")
		}()
		_, made, err := lostCreate(t, s, &fault{status: 504}, things, body("one"))
		if err != nil || !made.Adopted {
			t.Error(err)
		}
	})
}

func TestLost_WhatCannotBeToldApartIsNotAdopted(t *testing.T) {
	t.Parallel()
	unnamed := []byte(`{"owner": "p1"}`)
	blind := &Collection{Path: things.Path, ID: things.ID, Noun: things.Noun}
	for name, test := range map[string]struct {
		shop    *shop
		col     *Collection
		content []byte
		other   string
		want    string
	}{
		"two of the name":  {&shop{}, things, body("one"), "one", "t0001 t0002"},
		"no name":          {&shop{}, things, unnamed, "", "t0001"},
		"no members":       {&shop{}, blind, body("one"), "", "t0001"},
		"no Date":          {&shop{noDate: true}, things, body("one"), "", "t0001"},
		"no created_at":    {&shop{stamp: "Jan 2"}, things, body("one"), "", "t0001"},
		"a foreign clock":  {&shop{ahead: time.Hour}, things, body("one"), "", "t0001"},
		"no list to be in": {&shop{list: "none"}, things, body("one"), "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				if test.other != "" {
					test.shop.add(test.other)
				}
				_, _, err := lostCreate(t, test.shop, &fault{effect: true, cut: true}, test.col, test.content)
				e := wantReason(t, err, OutcomeUnknown)
				got := map[string]bool{}
				for _, id := range e.Candidates {
					got[id] = true
				}
				for _, id := range strings.Fields(test.want) {
					if !got[id] {
						t.Errorf("%s is no candidate: %v", id, e)
					}
				}
				if len(got) != len(strings.Fields(test.want)) || e.Searched != (test.shop.list != "none") {
					t.Errorf("%+v", e)
				}
			})
		})
	}
}

func TestLost_WhatIsOwnedIsNotAdopted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &shop{}
		id := s.add("one")
		w := &wire{handler: s}
		c := w.client(t)
		if _, err := c.Get(t.Context(), things, id); err != nil {
			t.Fatal(err)
		}
		w.fault = once("POST", 1, &fault{cut: true})
		_, err := c.Create(t.Context(), things, body("one"))
		if e := wantReason(t, err, OutcomeUnknown); len(e.Candidates) != 0 {
			t.Error(e)
		}
	})
}

func TestLost_AnObjectThatWasReadMeanwhileIsAdopted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &shop{}
		w := &wire{handler: s, latency: time.Second}
		c := w.client(t)
		w.fault = func(n int, r *http.Request) *fault {
			if n == 1 {
				go func() { // such as a data source
					time.Sleep(1500 * time.Millisecond)
					if _, err := c.Get(context.Background(), things, "t0001"); err != nil {
						t.Error(err)
					}
				}()
				return &fault{effect: true, hang: true}
			}
			return nil
		}
		made, err := c.Create(t.Context(), things, body("one"))
		if err != nil || !made.Adopted {
			t.Errorf("%v, %v", err, w.log())
		}
	})
}

func TestLost_ACandidateThatCannotBeReadIsNotPassedOver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &shop{}
		w := &wire{handler: s}
		col := *things
		col.Whole = []string{"note"} // which the list does not show
		w.fault = func(n int, r *http.Request) *fault {
			switch {
			case n == 1:
				return &fault{effect: true, cut: true}
			case strings.HasSuffix(r.URL.Path, "t0001"):
				return &fault{status: 403}
			}
			return nil
		}
		s.add("one")
		_, err := w.client(t).Create(t.Context(), &col, body("one"))
		wantReason(t, err, OutcomeUnknown)
	})
}

func TestLost_TwinsThatAreBothLostAdoptNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		// Both answers are lost, and only the first create took effect.
		w := &wire{handler: &shop{}, latency: time.Second, fault: func(n int, r *http.Request) *fault {
			if r.Method == http.MethodPost {
				return &fault{effect: n == 1, cut: true}
			}
			return nil
		}}
		c := w.client(t)
		var group sync.WaitGroup
		for i := range 2 {
			group.Go(func() {
				time.Sleep(time.Duration(i) * 100 * time.Millisecond)
				_, err := c.Create(context.Background(), things, body("one"))
				if ReasonOf(err) != OutcomeUnknown {
					t.Error(err)
				}
			})
		}
		group.Wait()
	})
}

func TestLost_CreatesOfOtherNamesDoNotMatter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &shop{}
		w := &wire{handler: s, latency: 50 * time.Millisecond, fault: func(_ int, r *http.Request) *fault {
			if r.Method == http.MethodPost {
				return &fault{effect: true, cut: true}
			}
			return nil
		}}
		c := w.client(t)
		var group sync.WaitGroup
		for i := range 20 {
			group.Go(func() {
				name := fmt.Sprint("name ", i)
				made, err := c.Create(context.Background(), things, body(name))
				if err != nil || !made.Adopted || member(made.Object, "name") != name {
					t.Errorf("%s: %v, %v", name, made, err)
				}
			})
		}
		group.Wait()
		if len(s.docs) != 20 || w.count("POST") != 20 {
			t.Errorf("%d things, %d creates", len(s.docs), w.count("POST"))
		}
	})
}

func TestLost_ShortItemsAreRead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &shop{}
		w := &wire{handler: s}
		w.fault = func(n int, r *http.Request) *fault {
			switch {
			case n == 1:
				return &fault{effect: true, cut: true}
			case strings.HasSuffix(r.URL.Path, "/things"):
				return &fault{status: 200, body: `{"data": [{"thing_id": "t0001"}, {"thing_id": "t0002"}], "total_count": 2}`}
			}
			return nil
		}
		s.next = 1
		s.docs = []map[string]any{{"thing_id": "t0001", "owner": "p1", "name": "two", "created_at": s.now()}}
		made, err := w.client(t).Create(t.Context(), things, body("one"))
		if err != nil || !made.Adopted || made.ID != "t0002" {
			t.Error(made, err)
		}
	})
}

func TestLost_TheSearchGoesOnAfterAnInterrupt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &shop{}
		w := &wire{handler: s, latency: time.Second, fault: once("POST", 1, &fault{effect: true, cut: true})}
		ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		defer cancel()
		if made, err := w.client(t).Create(ctx, things, body("one")); err != nil || !made.Adopted {
			t.Error(err)
		}
	})
}
