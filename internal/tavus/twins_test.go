package tavus

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

// outcome is what one of several creates ended with.
type outcome struct {
	made *Creation
	err  error
}

// together creates all requests at the same time, each with a client of its own
// for the same server, as provider aliases have.
func together(t *testing.T, w *wire, reqs []CreateRequest) []outcome {
	t.Helper()
	first := w.client(t)
	results := make([]outcome, len(reqs))
	var group sync.WaitGroup
	for i, req := range reqs {
		c := w.client(t, func(cfg *Config) { cfg.BaseURL = first.base })
		group.Go(func() {
			made, err := c.CreateDeployment(context.Background(), req)
			results[i] = outcome{made, err}
		})
	}
	group.Wait()
	return results
}

// Twins are two resources with the same arguments: whichever answers are lost,
// there are as many deployments as resources, and each belongs to one.
func TestTwins(t *testing.T) {
	t.Parallel()
	lost, hung, answered := &fault{effect: true, cut: true}, &fault{effect: true, hang: true}, (*fault)(nil)
	for _, faults := range [][]*fault{
		{lost, answered},
		{answered, lost},
		{lost, lost},
		{hung, lost},
		{lost, hung},
		{hung, hung},
		{hung, answered},
		{lost, lost, lost},
		{lost, answered, hung},
		{answered, answered},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := newShop()
			w := s.wire()
			w.latency = 100 * time.Millisecond
			var mu sync.Mutex
			choose := onPost(faults...)
			w.fault = func(n int, r *http.Request) *fault {
				mu.Lock()
				defer mu.Unlock()
				return choose(n, r)
			}
			var reqs []CreateRequest
			for range faults {
				reqs = append(reqs, named("twin"))
			}
			var ids []string
			for _, one := range together(t, w, reqs) {
				if one.err != nil {
					t.Fatal(one.err)
				}
				ids = append(ids, one.made.Deployment.DeploymentID)
			}
			all := s.ids()
			slices.Sort(ids)
			slices.Sort(all)
			if !slices.Equal(ids, all) || len(all) != len(faults) {
				t.Errorf("resources have %v, the server has %v", ids, all)
			}
		})
	}
}

// For any faults, no deployment belongs to two resources, and a resource has
// only what it asked for.
func TestTwinsProperty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		count := rapid.IntRange(2, 6).Draw(rt, "creates")
		var reqs []CreateRequest
		var faults []*fault
		for range count {
			req := named(rapid.SampledFrom([]string{"Docs 1", "docs-1", "other"}).Draw(rt, "name"))
			req.Limits = json.RawMessage(rapid.SampledFrom([]string{`{}`, `{"a":1}`, `{"a":1,"b":2}`}).Draw(rt, "limits"))
			reqs = append(reqs, req)
			faults = append(faults, rapid.SampledFrom([]*fault{
				nil, {effect: true, cut: true}, {cut: true}, {effect: true, hang: true}, {hang: true}, {status: 503}, {refuse: true}, {status: 429},
			}).Draw(rt, "fault"))
		}
		synctest.Test(t, func(t *testing.T) {
			s := newShop()
			w := s.wire()
			w.latency = time.Millisecond
			var mu sync.Mutex
			choose := onPost(faults...)
			w.fault = func(n int, r *http.Request) *fault {
				mu.Lock()
				defer mu.Unlock()
				return choose(n, r)
			}
			owner := map[string]int{}
			for i, one := range together(t, w, reqs) {
				if one.err != nil {
					_ = unknownOutcome(t, one.err)
					continue
				}
				id := one.made.Deployment.DeploymentID
				if other, taken := owner[id]; taken {
					t.Errorf("%s belongs to %d and %d", id, other, i)
				}
				owner[id] = i
				// The server adds nothing, so what is there must be what was sent.
				if !fits(&reqs[i], one.made.Deployment) || string(one.made.Deployment.Limits) != string(reqs[i].Limits) {
					t.Errorf("%d has %s, and asked for %s", i, one.made.Deployment.Limits, reqs[i].Limits)
				}
			}
		})
		if t.Failed() {
			rt.Fatalf("failed for %d creates", count)
		}
	})
}

// More deployments than lost creates: one of them is somebody else's.
func TestTooManyCandidates(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newShop()
		w := s.wire()
		w.fault = func(_ int, r *http.Request) *fault {
			if r.Method == http.MethodPost {
				s.put(map[string]any{"name": "docs"}, time.Now())
				return &fault{effect: true, cut: true}
			}
			return nil
		}
		_, err := w.client(t).CreateDeployment(t.Context(), named("docs"))
		e := unknownOutcome(t, err)
		slices.Sort(e.Candidates)
		if !slices.Equal(e.Candidates, []string{"d1", "d2"}) {
			t.Errorf("%+v", e)
		}
		wantText(t, err.Error(), "one of d")
	})
}

// Two lost creates with the same name and other settings: a deployment that may
// be either's is given to neither.
func TestLostCreatesWithOtherSettings(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newShop()
		w := s.wire()
		w.fault = onPost(&fault{cut: true}, &fault{effect: true, cut: true})
		c := w.client(t)
		small, large := named("docs"), named("docs")
		small.Limits, large.Limits = json.RawMessage(`{"a":1}`), json.RawMessage(`{"a":1,"b":2}`)
		_, err := c.CreateDeployment(t.Context(), small)
		_ = unknownOutcome(t, err)
		_, err = c.CreateDeployment(t.Context(), large)
		if e := unknownOutcome(t, err); !slices.Equal(e.Candidates, []string{"d1"}) {
			t.Errorf("%+v", e)
		}
	})
}

// The deployment of a create that failed earlier comes late, and is not taken
// for a second one of the same body: there are two lost creates then.
func TestLateTwin(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newShop()
		w := s.wire()
		w.fault = onPost(&fault{cut: true}, &fault{effect: true, hang: true})
		c := w.client(t)
		_, err := c.CreateDeployment(t.Context(), named("docs"))
		_ = unknownOutcome(t, err)
		time.AfterFunc(time.Second, func() { s.put(map[string]any{"name": "docs"}, time.Now()) })
		made, err := c.CreateDeployment(t.Context(), named("docs"))
		if err != nil || !made.Adopted {
			t.Errorf("%+v %v", made, err)
		}
	})
}

// A search waits for the creates that could be taken for its own, and for no others.
func TestDoor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := (&room{doors: map[string]*door{}}).door("x")
		enter := func(search bool, entered *bool) func() {
			leave := make(chan struct{})
			go func() {
				out, err := d.enter(t.Context(), search)
				if err != nil {
					return
				}
				*entered = true
				<-leave
				out()
				*entered = false
			}()
			synctest.Wait()
			return func() { close(leave); synctest.Wait() }
		}
		var one, two, search, three, second bool
		leaveOne, leaveTwo := enter(false, &one), enter(false, &two)
		if !one || !two {
			t.Error("creates wait for each other")
		}
		leaveSearch := enter(true, &search)
		leaveThree := enter(false, &three)
		if search || three {
			t.Error("a search is in beside creates, or a create passed a search that waits")
		}
		leaveOne()
		if search {
			t.Error("a search is in beside a create")
		}
		leaveTwo()
		leaveSecond := enter(true, &second)
		if !search || three || second {
			t.Errorf("search %v, create %v, second search %v", search, three, second)
		}
		leaveSearch()
		if !second || three {
			t.Errorf("second search %v, create %v", second, three)
		}
		leaveSecond()
		if !three {
			t.Error("the create waits for ever")
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := d.enter(ctx, true); err == nil {
			t.Error("a search is in beside a create")
		}
		leaveThree()
		if d.waiting != 0 || d.inside != 0 || d.searching {
			t.Errorf("%+v", d)
		}
	})
}
