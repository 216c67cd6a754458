package tavus

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestUpdate_IsTwoRequests(t *testing.T) {
	t.Parallel()
	s, w := shopOfOne()
	tag := s.tag(s.docs[0])
	u, err := w.client(t).Update(t.Context(), things, "t0001", url.Values{"force": {"true"}}, rename("two"))
	if err != nil || len(w.requests) != 2 || s.docs[0]["name"] != "two" {
		t.Fatalf("%v, %v", err, w.log())
	}
	if member(u.After, "name") != "two" || u.Stale || u.Answer == nil || u.After.ETag == "" {
		t.Errorf("%+v", u)
	}
	if r := w.last("PATCH"); r.query != "force=true" || r.ifMatch != tag {
		t.Errorf("%+v", r)
	}
}

func TestUpdate_PassesEveryTagBackAsItCame(t *testing.T) {
	t.Parallel()
	for kind, prefix := range map[string]string{"weak": `W/"`, "": `"`, "none": ""} {
		s, w := shopOfOne()
		s.etag = kind
		if _, err := w.client(t).Update(t.Context(), things, "t0001", nil, rename("two")); err != nil {
			t.Fatal(err)
		}
		if got := w.last("PATCH").ifMatch; !strings.HasPrefix(got, prefix) || (got == "") != (prefix == "") {
			t.Errorf("%q: If-Match %q", kind, got)
		}
	}
}

func TestUpdate_UsesTheMethodOfTheCollection(t *testing.T) {
	t.Parallel()
	w := &wire{handler: answer(200, `{"thing_id": "t0001", "created_at": "x"}`)}
	col := *things
	col.Style = Put
	merge := func(*Object, bool) ([]byte, error) { return []byte(`{}`), nil }
	if _, err := w.client(t).Update(t.Context(), &col, "t0001", nil, merge); err != nil || w.count("PUT") != 1 {
		t.Errorf("%v, %v", err, w.log())
	}
}

func TestUpdate_SendsNothingForNothing(t *testing.T) {
	t.Parallel()
	_, w := shopOfOne()
	u, err := w.client(t).Update(t.Context(), things, "t0001", nil, func(*Object, bool) ([]byte, error) { return nil, nil })
	if err != nil || member(u.After, "name") != "one" || len(w.requests) != 1 {
		t.Errorf("%+v, %v", u, err)
	}
	mine := errors.New("mine")
	u, err = w.client(t).Update(t.Context(), things, "t0001", nil, func(*Object, bool) ([]byte, error) { return nil, mine })
	if u != nil || !errors.Is(err, mine) {
		t.Errorf("%+v, %v", u, err)
	}
}

func TestUpdate_MergesAgainAfterAnEdit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, w := shopOfOne()
		s.editedBy = 2
		s.editing = func(doc map[string]any) { doc["note"] = fmt.Sprint("edit ", s.editedBy) }
		merges := 0
		u, err := w.client(t).Update(t.Context(), things, "t0001", nil, func(live *Object, unsure bool) ([]byte, error) {
			merges++
			if unsure {
				t.Error("a refusal is no unknown outcome")
			}
			return rename("two")(live, unsure)
		})
		if err != nil || merges != 3 || member(u.After, "note") != "edit 0" || member(u.After, "name") != "two" {
			t.Errorf("%v, %d merges, %+v", err, merges, u)
		}
	})
}

func TestUpdate_GivesUpWhereSomebodyAlwaysEdits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, w := shopOfOne()
		s.editedBy = 100
		s.editing = func(doc map[string]any) { doc["note"] = fmt.Sprint("edit ", s.editedBy) }
		u, err := w.client(t).Update(t.Context(), things, "t0001", nil, rename("two"))
		_ = wantReason(t, err, Stale)
		if u != nil || w.count("PATCH") != 1+maxMerges {
			t.Errorf("%+v, %v", u, w.log())
		}
	})
}

func TestUpdate_LeavesOutATagThatNeverMatches(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, w := shopOfOne()
		s.etag = "moves"
		w.latency = time.Millisecond
		u, err := w.client(t).Update(t.Context(), things, "t0001", nil, rename("two"))
		if err != nil || member(u.After, "name") != "two" || w.count("PATCH") != 3 || w.last("PATCH").ifMatch != "" {
			t.Errorf("%v, %v", err, w.log())
		}
	})
}

func TestUpdate_AConflictIsStaleOnlyWithoutACode(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, w := shopOfOne()
		w.fault = once("PATCH", 1, &fault{status: 409, body: `{"error": "draft", "conflict": "maker_changes"}`})
		_, err := w.client(t).Update(t.Context(), things, "t0001", nil, rename("two"))
		if e := wantReason(t, err, Conflict); e.Code != "maker_changes" || w.count("PATCH") != 1 {
			t.Errorf("%+v, %v", e, w.log())
		}
		w.fault = once("PATCH", 1, &fault{status: 409})
		if _, err := w.client(t).Update(t.Context(), things, "t0001", nil, rename("two")); err != nil {
			t.Error(err)
		}
	})
}

func TestUpdate_AnUnknownOutcomeIsMergedAgain(t *testing.T) {
	t.Parallel()
	for _, effect := range []bool{true, false} {
		for _, f := range []*fault{{cut: true}, {status: 502}, {hang: true}} {
			synctest.Test(t, func(t *testing.T) {
				s, w := shopOfOne()
				f.effect = effect
				w.fault = once("PATCH", 1, f)
				var flags []bool
				u, err := w.client(t).Update(t.Context(), things, "t0001", nil, func(live *Object, unsure bool) ([]byte, error) {
					flags = append(flags, unsure)
					if member(live, "name") == "two" {
						return nil, nil
					}
					return rename("two")(live, unsure)
				})
				if err != nil || u.After == nil || s.docs[0]["name"] != "two" || len(flags) != 2 || !flags[1] {
					t.Errorf("effect %v: %+v, %v, %v", effect, u, err, flags)
				}
			})
		}
	}
}

func TestUpdate_A500IsNotRepeated(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, w := shopOfOne()
		w.fault = func(_ int, r *http.Request) *fault {
			if r.Method == http.MethodPatch {
				return &fault{status: 500}
			}
			return nil
		}
		u, err := w.client(t).Update(t.Context(), things, "t0001", nil, rename("two"))
		_ = wantReason(t, err, Server)
		if u != nil || w.count("PATCH") != 1 {
			t.Errorf("%+v, %v", u, w.log())
		}
		w.fault = once("PATCH", 1, &fault{status: 422})
		if u, err := w.client(t).Update(t.Context(), things, "t0001", nil, rename("two")); u != nil || ReasonOf(err) != Refused {
			t.Errorf("%+v, %v", u, err)
		}
	})
}

func TestUpdate_A304IsNoRead(t *testing.T) {
	t.Parallel()
	_, w := shopOfOne()
	w.fault = once("PATCH", 1, &fault{status: 304})
	u, err := w.client(t).Update(t.Context(), things, "t0001", nil, rename("one"))
	if err != nil || member(u.After, "name") != "one" || len(w.requests) != 2 {
		t.Errorf("%+v, %v", u, err)
	}
}

// Without an ETag a 304 can mean that the read before it lagged behind an edit.
func TestUpdate_A304WithoutATagIsRead(t *testing.T) {
	t.Parallel()
	for lag, want := range map[int]int{0: 5, 1: 2, 3: 4} { // reads that lag, the one before the write among them
		synctest.Test(t, func(t *testing.T) {
			s, w := shopOfOne()
			s.etag, s.lag = "none", lag
			s.lagging = maps.Clone(s.docs[0])
			if lag > 0 {
				s.docs[0]["name"], s.docs[0]["updated_at"] = "two", "2026-01-01T00:00:01.5Z"
			}
			w.fault = once("PATCH", 1, &fault{status: 304})
			u, err := w.client(t).Update(t.Context(), things, "t0001", nil, rename("two"))
			if err != nil || u.Stale || (member(u.After, "name") == "two") != (lag > 0) || w.count("GET") != want {
				t.Errorf("lag %d: %+v, %v, %v", lag, u, err, w.log())
			}
		})
	}
}

func TestUpdate_AStaleReadBackIsReadAgain(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		answer, layout string
		lag            int
		stale          bool
	}{{"nothing", "", 0, false}, {"part", "", 1, false}, {"nothing", "", 3, false}, {"nothing", time.RFC3339, 2, false}, {"part", "", 20, true}} {
		synctest.Test(t, func(t *testing.T) {
			s, w := shopOfOne()
			s.writes, s.stamp = test.answer, test.layout
			time.Sleep(2 * time.Second)
			w.fault = func(_ int, r *http.Request) *fault {
				if r.Method == http.MethodPatch {
					s.lag = test.lag
				} else if s.lagging != nil { // counters that move make nothing fresh
					s.lagging["visits"] = time.Now().UnixNano()
				}
				return nil
			}
			u, err := w.client(t).Update(t.Context(), things, "t0001", nil, rename("two"))
			if err != nil || u.Stale != test.stale || (member(u.After, "name") == "two") == test.stale || w.count("GET") != 2+min(test.lag, readsAgain) {
				t.Errorf("%v: %+v, %v, %v", test, u, err, w.log())
			}
		})
	}
}

func TestUpdate_ReadsBackWhatTheAnswerDoesNotShow(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]*fault{
		"another object": {status: 200, body: `{"thing_id": "t9", "name": "x", "owner": "p1", "updated_at": "x", "visits": 0, "created_at": "x"}`},
		"garbage":        {status: 200, body: "<html>"}, "no UTF-8": {status: 200, body: "\xff"}, "a text": {status: 202, body: `"done"`},
	} {
		synctest.Test(t, func(t *testing.T) {
			_, w := shopOfOne()
			f.effect = true
			time.Sleep(time.Second)
			written, denied := once("PATCH", 1, f), once("GET", 2, &fault{status: 404})
			w.fault = func(n int, r *http.Request) *fault { return cmp.Or(written(n, r), denied(n, r)) }
			u, err := w.client(t).Update(t.Context(), things, "t0001", nil, rename("two"))
			if err != nil || u.Stale || u.After.ID != "t0001" || member(u.After, "name") != "two" || w.count("PATCH") != 1 {
				t.Errorf("%s: %+v, %v, %v", name, u, err, w.log())
			}
		})
	}
}

func TestUpdate_SaysThatTheReadBackFailed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, w := shopOfOne()
		s.writes = "nothing"
		w.fault = once("GET", 2, &fault{status: 403})
		u, err := w.client(t).Update(t.Context(), things, "t0001", nil, rename("two"))
		_ = wantReason(t, err, Auth)
		if u == nil || u.After != nil {
			t.Errorf("%+v", u)
		}
	})
}

func TestUpdate_ADenialOfTheWrite(t *testing.T) {
	t.Parallel()
	for _, status := range []int{404, 410} { // that pass
		synctest.Test(t, func(t *testing.T) {
			s, w := shopOfOne()
			w.fault = once("PATCH", 1, &fault{status: status})
			if _, err := w.client(t).Update(t.Context(), things, "t0001", nil, rename("two")); err != nil || s.docs[0]["name"] != "two" {
				t.Error(status, err)
			}
		})
	}
	synctest.Test(t, func(t *testing.T) { // a refusal
		_, w := shopOfOne()
		w.fault = once("PATCH", 1, &fault{status: 400, body: `{"error": "bad name"}`})
		_, err := w.client(t).Update(t.Context(), things, "t0001", nil, rename("two"))
		if e := wantReason(t, err, Refused); e.Message != "bad name" {
			t.Error(e)
		}
	})
	synctest.Test(t, func(t *testing.T) { // gone in between
		s, w := shopOfOne()
		_, err := w.client(t).Update(t.Context(), things, "t0001", nil, func(live *Object, unsure bool) ([]byte, error) {
			s.docs = nil
			return rename("two")(live, unsure)
		})
		if !IsGone(err) {
			t.Error(err)
		}
	})
}

func TestUpdate_AnInterruptDoesNotCutTheWrite(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, w := shopOfOne()
		s.writes, w.latency = "nothing", time.Second
		ctx, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond)
		defer cancel()
		u, err := w.client(t).Update(ctx, things, "t0001", nil, rename("two"))
		if err != nil || member(u.After, "name") != "two" {
			t.Errorf("%+v, %v", u, err)
		}
	})
}

func TestPatch_IsOneRequest(t *testing.T) {
	t.Parallel()
	s := &shop{}
	w := &wire{handler: s}
	c := w.client(t)
	made := mustCreate(t, c)
	got, err := c.Patch(t.Context(), things, made.Object, []byte(`[{"op": "add", "path": "/name", "value": "two"}]`))
	if err != nil || member(got, "name") != "two" || len(w.requests) != 2 || w.last("PATCH").ifMatch != "" {
		t.Errorf("%v, %v", got, w.log())
	}
}

func TestPatch_AStaleReadBackAfterACreateIsReadAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &shop{}
		w := &wire{handler: s}
		c := w.client(t)
		made := mustCreate(t, c)
		s.writes, s.lag = "nothing", 2
		time.Sleep(time.Second)
		got, err := c.Patch(t.Context(), things, made.Object, []byte(`[{"op": "add", "path": "/name", "value": "two"}]`))
		if err != nil || member(got, "name") != "two" || w.count("GET") != 3 {
			t.Errorf("%v, %v", err, w.log())
		}
	})
}
