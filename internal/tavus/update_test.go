package tavus

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestUpdateSendsTheETag(t *testing.T) {
	t.Parallel()
	for _, etag := range []string{`"abc"`, `W/"abc"`, `bare`, ``} {
		w := handle(func(w http.ResponseWriter, r *http.Request) {
			if etag != "" {
				w.Header().Set("ETag", etag)
			}
			answer(http.StatusOK, wholeD1)(w, r)
		})
		result, err := w.client(t).UpdateDeployment(t.Context(), "d1", setName("new"))
		if err != nil || len(result.Sent) != 1 || result.Before == nil || result.After == nil {
			t.Fatalf("%+v %v", result, err)
		}
		if got := w.last("PATCH"); got.ifMatch != etag || got.body != `[{"op":"add","path":"/name","value":"new"}]` {
			t.Errorf("If-Match %q, body %s", got.ifMatch, got.body)
		}
		if got := w.last("GET"); got.encoding != "identity" {
			t.Errorf("the GET accepts %q", got.encoding)
		}
		if len(w.log()) != 2 {
			t.Errorf("requests: %v", w.log())
		}
	}
}

func TestUpdateWithoutOperations(t *testing.T) {
	t.Parallel()
	s := newShop()
	id := s.put(map[string]any{"name": "same"}, testTime)
	w := s.wire()
	result, err := w.client(t).UpdateDeployment(t.Context(), id, setName("same"))
	if err != nil || len(result.Sent) != 0 || result.After != result.Before || result.After.Name != "same" || len(w.log()) != 1 {
		t.Errorf("%+v %v %v", result, err, w.log())
	}
}

func TestMergeErrorIsReturnedAsItIs(t *testing.T) {
	t.Parallel()
	s := newShop()
	id := s.put(nil, testTime)
	w := s.wire()
	mine := errors.New("conflict")
	result, err := w.client(t).UpdateDeployment(t.Context(), id, func(MergeInput) ([]Operation, error) { return nil, mine })
	if err != mine || result != nil || w.count("PATCH") != 0 { //nolint:errorlint // As it is, not wrapped.
		t.Errorf("%v %v", result, err)
	}
}

// Somebody edits between GET and PATCH: merge sees it, and nothing is lost.
func TestUpdateMergesAgain(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusPreconditionFailed, http.StatusConflict, http.StatusPreconditionRequired} {
		synctest.Test(t, func(t *testing.T) {
			s := newShop()
			s.staleStatus = status
			id := s.put(map[string]any{"name": "old"}, testTime)
			s.beforePatch = func(s *shop, n int) {
				if n <= 2 {
					s.edit(id, func(doc map[string]any) { doc["status"] = []string{"", "draft", "inactive"}[n] })
				}
			}
			w := s.wire()
			var seen []string
			result, err := w.client(t).UpdateDeployment(t.Context(), id, func(in MergeInput) ([]Operation, error) {
				seen = append(seen, in.Live.Status)
				if in.Attempt != len(seen) || len(in.Unknown) != 0 {
					t.Errorf("attempt %d, unknown %v", in.Attempt, in.Unknown)
				}
				return setName("new")(in)
			})
			if err != nil || result.After.Name != "new" || result.After.Status != "inactive" || result.Before.Status != "inactive" || len(result.Sent) != 1 {
				t.Errorf("%d: %+v %v", status, result, err)
			}
			if strings.Join(seen, " ") != "active draft inactive" || w.count("PATCH") != 3 {
				t.Errorf("merge saw %v, requests %v", seen, w.log())
			}
		})
	}
}

func TestUpdateGivesUpMerging(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newShop()
		id := s.put(nil, testTime)
		s.beforePatch = func(s *shop, n int) {
			s.edit(id, func(doc map[string]any) { doc["pal_id"] = strings.Repeat("p", n+1) })
		}
		w := s.wire()
		result, err := w.client(t).UpdateDeployment(t.Context(), id, setName("new"))
		if err == nil || result != nil || w.count("PATCH") != 1+maxMerges {
			t.Errorf("%+v %v %v", result, err, w.log())
		}
		wantText(t, err.Error(), "412", "the document changed", "6 attempts")
	})
}

// An ETag that moves by itself, or never matches, must not stop an update.
func TestUpdateWithAnETagThatNeverMatches(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusPreconditionFailed, http.StatusConflict} {
		synctest.Test(t, func(t *testing.T) {
			s := newShop()
			s.staleStatus, s.movingETag = status, true
			id := s.put(map[string]any{"name": "old"}, testTime)
			w := s.wire()
			result, err := w.client(t).UpdateDeployment(t.Context(), id, setName("new"))
			if err != nil || result.After.Name != "new" {
				t.Fatalf("%+v %v", result, err)
			}
			if w.count("PATCH") != 3 || w.last("PATCH").ifMatch != "" {
				t.Errorf("%v, the last with If-Match %q", w.log(), w.last("PATCH").ifMatch)
			}
		})
	}
}

// One edit between two refusals keeps the condition: somebody does edit.
func TestConditionIsKeptWhileSomebodyEdits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newShop()
		s.movingETag = true
		id := s.put(map[string]any{"name": "old"}, testTime)
		s.beforePatch = func(s *shop, n int) {
			if n == 2 {
				s.edit(id, func(doc map[string]any) { doc["status"] = "draft" })
			}
		}
		w := s.wire()
		result, err := w.client(t).UpdateDeployment(t.Context(), id, setName("new"))
		if err != nil || result.Before.Status != "draft" || w.count("PATCH") != 5 {
			t.Errorf("%+v %v %v", result, err, w.log())
		}
	})
}

// A conflict that is none of the ETag's ends with the server's words.
func TestLastingConflict(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newShop()
		id := s.put(nil, testTime)
		w := s.wire()
		w.fault = func(_ int, r *http.Request) *fault {
			if r.Method == http.MethodPatch {
				return &fault{status: http.StatusConflict, body: `{"error":"duplicate of another"}`}
			}
			return nil
		}
		_, err := w.client(t).UpdateDeployment(t.Context(), id, setName("new"))
		if err == nil || w.count("PATCH") != 3 {
			t.Fatalf("%v %v", err, w.log())
		}
		wantText(t, err.Error(), "409", "duplicate of another", "3 attempts")
	})
}

func TestRefusedUpdateIsNotRepeated(t *testing.T) {
	t.Parallel()
	for _, status := range []int{400, 401, 403, 404, 422, 428, 412, 409} {
		w := handle(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPatch {
				answer(status, `{"message":"Invalid JSON patch format"}`)(w, r)
				return
			}
			answer(http.StatusOK, docD1)(w, r) // Without an ETag, so no answer is about one.
		})
		result, err := w.client(t).UpdateDeployment(t.Context(), "d1", setName("new"))
		if err == nil || result != nil || w.count("PATCH") != 1 || IsNotFound(err) != (status == 404) {
			t.Errorf("%d: %+v %v %v", status, result, err, w.log())
		}
	}
}

// The answer to a PATCH may be anything; what the server holds is what counts.
func TestPatchAnswers(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		answer func(doc map[string]any) (int, any)
		gets   int
	}{
		"the document": {nil, 1},
		"nothing":      {func(map[string]any) (int, any) { return 204, nil }, 2},
		"200, nothing": {func(map[string]any) (int, any) { return 200, nil }, 2},
		"304":          {func(map[string]any) (int, any) { return 304, nil }, 2},
		"a message":    {func(map[string]any) (int, any) { return 200, map[string]any{"message": "done"} }, 2},
		"a part":       {func(map[string]any) (int, any) { return 200, map[string]any{"deployment_id": "d1", "name": "wrong"} }, 2},
		"another": {func(map[string]any) (int, any) {
			return 200, json.RawMessage(`{"deployment_id":"d2","pal_id":"p","channel":"c"}`)
		}, 2},
		"a wrong type":  {func(map[string]any) (int, any) { return 200, json.RawMessage(`{"deployment_id":"d1","name":7}`) }, 2},
		"not an object": {func(map[string]any) (int, any) { return 200, []int{1} }, 2},
	} {
		s := newShop()
		s.patchAnswer = tc.answer
		id := s.put(map[string]any{"name": "old"}, testTime)
		w := s.wire()
		c := w.client(t)
		result, err := c.UpdateDeployment(t.Context(), id, setName("new"))
		if err != nil || result.After.Name != "new" || result.After.DeploymentID != id || result.Before.Name != "old" || w.count("GET") != tc.gets {
			t.Errorf("%s: %+v %v %v", name, result, err, w.log())
		}
		after, err := c.PatchDeployment(t.Context(), id, []Operation{{Op: "add", Path: "/name", Value: mustJSON("newer")}})
		if err != nil || after.Name != "newer" || w.last("PATCH").ifMatch != "" || w.count("GET") != tc.gets*2-1 {
			t.Errorf("%s: %+v %v %v", name, after, err, w.log())
		}
	}
}

// The effect of a PATCH whose answer is lost is the update's own, not an edit
// by somebody else.
func TestLostPatch(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]fault{
		"cut": {effect: true, cut: true}, "503": {effect: true, status: 503}, "hang": {effect: true, hang: true}, "half": {effect: true, half: true},
		"cut before": {cut: true}, "504 before": {status: 504},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := newShop()
			id := s.put(map[string]any{"name": "old"}, testTime)
			w := s.wire()
			w.fault = func(n int, _ *http.Request) *fault {
				if n == 2 {
					return &f
				}
				return nil
			}
			attempts := 0
			result, err := w.client(t).UpdateDeployment(t.Context(), id, func(in MergeInput) ([]Operation, error) {
				attempts = in.Attempt
				if wantUnknown := in.Attempt == 2; wantUnknown != (len(in.Unknown) == 1) {
					t.Errorf("%s: attempt %d has unknown %v", name, in.Attempt, in.Unknown)
				}
				return setName("new")(in)
			})
			if err != nil || result.After.Name != "new" || attempts != 2 {
				t.Fatalf("%s: %+v %v", name, result, err)
			}
			patches := 2
			if f.effect {
				patches = 1
			}
			if w.count("PATCH") != patches || len(result.Sent) != patches {
				t.Errorf("%s: sent %v, requests %v", name, result.Sent, w.log())
			}
		})
	}
}

// An update that ends with an error says what may have taken effect.
func TestUpdateErrorAfterTheEffect(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		patch   *fault
		get     *fault // of the GETs after the PATCH
		partial bool
	}{
		"500 of unknown effect":   {&fault{effect: true, status: 500}, nil, true},
		"503 for ever":            {&fault{status: 503}, nil, true},
		"cut, then no reading":    {&fault{effect: true, cut: true}, &fault{status: 403}, true},
		"done, but no reading":    {&fault{effect: true, status: 204}, &fault{status: 503}, true},
		"refused":                 {&fault{status: 422}, nil, false},
		"no connection":           {&fault{refuse: true}, nil, false},
		"stale, then no reading":  {&fault{status: 412}, &fault{status: 503}, false},
		"redirect to another URL": {&fault{status: 302}, nil, false},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := newShop()
			id := s.put(map[string]any{"name": "old"}, testTime)
			w := s.wire()
			patched := false
			w.fault = func(_ int, r *http.Request) *fault {
				if r.Method == http.MethodPatch {
					patched = true
					return tc.patch
				}
				if patched {
					return tc.get
				}
				return nil
			}
			result, err := w.client(t).UpdateDeployment(t.Context(), id, setName("new"))
			if err == nil || (result != nil) != tc.partial {
				t.Fatalf("%s: %+v %v", name, result, err)
			}
			if tc.partial && (result.After != nil || result.Before.Name != "old" || len(result.Sent) == 0) {
				t.Errorf("%s: %+v", name, result)
			}
			if w.count("PATCH") > 4 {
				t.Errorf("%s: %v", name, w.log())
			}
		})
	}
}

func TestDeletedMeanwhile(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newShop()
		id := s.put(nil, testTime)
		s.beforePatch = func(s *shop, _ int) {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.docs = nil
		}
		if _, err := s.wire().client(t).UpdateDeployment(t.Context(), id, setName("new")); !IsNotFound(err) {
			t.Error(err)
		}
		id = s.put(nil, testTime)
		w := s.wire()
		w.fault = func(n int, _ *http.Request) *fault {
			if n == 2 {
				return &fault{effect: true, cut: true}
			}
			return nil
		}
		if _, err := w.client(t).UpdateDeployment(t.Context(), id, setName("new")); !IsNotFound(err) {
			t.Error(err)
		}
	})
}

func TestUpdateAfterCancel(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newShop()
		s.patchAnswer = func(map[string]any) (int, any) { return http.StatusNoContent, nil }
		id := s.put(map[string]any{"name": "old"}, testTime)
		w := s.wire()
		w.latency = 2 * time.Second
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(3*time.Second, cancel) // While the PATCH is under way.
		result, err := w.client(t).UpdateDeployment(ctx, id, setName("new"))
		if err != nil || result.After.Name != "new" {
			t.Errorf("%+v %v", result, err)
		}

		ctx, cancel = context.WithCancel(t.Context())
		time.AfterFunc(3*time.Second, cancel)
		w.fault = func(_ int, r *http.Request) *fault {
			if r.Method == http.MethodPatch {
				return &fault{status: 503, body: "busy"}
			}
			return nil
		}
		before := w.count("PATCH")
		_, err = w.client(t).UpdateDeployment(ctx, id, setName("newer"))
		if !errors.Is(err, context.Canceled) || w.count("PATCH") != before+1 {
			t.Errorf("%v after %v", err, w.log())
		}
		wantText(t, err.Error(), "busy")
	})
}

// Ten writers add a key each, at the same time: no edit is lost.
func TestConcurrentUpdates(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newShop()
		id := s.put(nil, testTime)
		w := s.wire()
		w.latency = 10 * time.Millisecond
		c := w.client(t)
		var group sync.WaitGroup
		for _, key := range []string{"a", "b", "c", "d"} {
			group.Go(func() {
				_, err := c.UpdateDeployment(t.Context(), id, func(in MergeInput) ([]Operation, error) {
					// The whole object, as somebody without a merge would write it.
					var object map[string]any
					if err := json.Unmarshal(in.Live.Limits, &object); err != nil {
						return nil, err
					}
					object[key] = true
					return []Operation{{Op: "add", Path: "/limits", Value: mustJSON(object)}}, nil
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		s.edit(id, func(doc map[string]any) {
			if limits, _ := doc["limits"].(map[string]any); len(limits) != 4 {
				t.Errorf("limits are %v", limits)
			}
		})
	})
}

func TestPatchNothing(t *testing.T) {
	t.Parallel()
	s := newShop()
	id := s.put(nil, testTime)
	w := s.wire()
	if d, err := w.client(t).PatchDeployment(t.Context(), id, nil); err != nil || d.DeploymentID != id || w.count("PATCH") != 0 {
		t.Errorf("%v %v %v", d, err, w.log())
	}
	bad := []Operation{{Op: "add", Path: "/x", Value: json.RawMessage("{")}}
	if _, err := w.client(t).PatchDeployment(t.Context(), id, bad); err == nil || w.count("PATCH") != 0 {
		t.Errorf("%v %v", err, w.log())
	}
}
