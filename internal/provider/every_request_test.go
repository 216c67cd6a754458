package provider_test

import (
	"fmt"
	"maps"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
	"github.com/tavus/terraform-provider-tavus/internal/testkit"
)

// everyFault are the ways in which one request may fail. Those of onlyWrites spoil the answer
// to a request that had its effect, which for a read is no other than their twin.
func everyFault() (all map[string]simulator.Fault, onlyWrites map[string]bool) {
	all = map[string]simulator.Fault{
		"refused":    {Kind: simulator.FaultRefused},
		"cut before": {Kind: simulator.FaultCutBefore},
		"cut after":  {Kind: simulator.FaultCutAfter},
		"half body":  {Kind: simulator.FaultHalfBody},
		"garbage":    {Kind: simulator.FaultGarbage},
		"empty":      {Kind: simulator.FaultEmpty},
		"HTML":       {Kind: simulator.FaultHTML},
		"other JSON": {Kind: simulator.FaultBody, Body: []byte(`{"message":"ok"}`)},
		"redirect":   {Kind: simulator.FaultRedirect},
		"429":        {Kind: simulator.FaultStatus, Status: http.StatusTooManyRequests, RetryAfter: "0"},
		"hang":       {Kind: simulator.FaultHang},
		"401":        {Kind: simulator.FaultStatus, Status: http.StatusUnauthorized},
		"403":        {Kind: simulator.FaultStatus, Status: http.StatusForbidden},
		"404":        {Kind: simulator.FaultStatus, Status: http.StatusNotFound},
		"400":        {Kind: simulator.FaultStatus, Status: http.StatusBadRequest},
		"409":        {Kind: simulator.FaultStatus, Status: http.StatusConflict},
		"412":        {Kind: simulator.FaultStatus, Status: http.StatusPreconditionFailed},
	}
	onlyWrites = map[string]bool{"cut after": true}
	for _, status := range []int{500, 502, 503, 504} {
		all[strconv.Itoa(status)] = simulator.Fault{Kind: simulator.FaultStatus, Status: status}
		after := fmt.Sprintf("%d after", status)
		all[after], onlyWrites[after] = simulator.Fault{Kind: simulator.FaultStatusAfter, Status: status}, true
	}
	return all, onlyWrites
}

// TestEveryRequest_Fails lets every single request of an object's story fail in every way. The
// next applies converge: the id is kept, nothing is lost, and nothing is there twice.
func TestEveryRequest_Fails(t *testing.T) {
	t.Parallel()
	faults, onlyWrites := everyFault()
	for _, kind := range fixtures() {
		for _, retries := range []int{0, 2} {
			s := newStory(t, kind, retries)
			if err := s.tell(); err != nil {
				t.Fatalf("without a fault: %v", err)
			}
			reads, writes := 0, 0
			for _, r := range s.Requests() {
				if isWrite(r) {
					writes++
				} else {
					reads++
				}
			}
			for i, name := range slices.Sorted(maps.Keys(faults)) {
				// The short round of a client that repeats requests takes every third one.
				taken := func(k int) bool { return inRound(kind, i+k) && (long || retries == 0 || (i+k)%3 == 0) }
				t.Run(fmt.Sprintf("%s/max_retries %d/%s", kind.Type, retries, name), func(t *testing.T) {
					t.Parallel()
					var stories sync.WaitGroup // at the same time, because most of them wait
					for k := 1; k <= writes; k++ {
						if !taken(k) {
							continue
						}
						stories.Go(func() { failOne(t, kind, retries, k, isWrite, faults[name]) })
					}
					for k := 1; k <= reads && !onlyWrites[name]; k++ {
						if !taken(k) {
							continue
						}
						stories.Go(func() { failOne(t, kind, retries, k, isRead, faults[name]) })
					}
					stories.Wait()
				})
			}
		}
	}
}

func isWrite(r simulator.Request) bool { return r.Method != http.MethodGet }

func isRead(r simulator.Request) bool { return r.Method == http.MethodGet }

func failOne(t *testing.T, kind *testkit.Fixture, retries, k int, counts func(simulator.Request) bool, fault simulator.Fault) {
	t.Helper()
	s := newStory(t, kind, retries)
	defer s.Close()
	hit := s.Trip(k, counts, fault)
	err := s.tell()
	if hit() == "" {
		t.Errorf("the request %d never came", k)
	}
	if err != nil {
		t.Errorf("%s, number %d: %v\nrequests: %s", hit(), k, err, s.Log())
	}
}

// story is the life of one object, each step of which is repeated until it works.
type story struct {
	*world
	failures []string
}

func newStory(t *testing.T, kind *testkit.Fixture, retries int) *story {
	t.Helper()
	w, err := openWorld(t, kind, testkit.Config{"max_retries": retries})
	if err != nil {
		t.Fatal(err)
	}
	return &story{world: w}
}

// tell plays the story: create, plan, portal edits, change, plan, destroy.
func (s *story) tell() error {
	if err := s.converge("create", func() error { return s.applied(s.kind.Full) }); err != nil {
		return err
	}
	id := s.ID()
	if err := s.kind.PortalEdits(s.Server, id); err != nil {
		return err
	}
	if err := s.converge("change", func() error { return s.applied(s.kind.Changed) }); err != nil {
		return err
	}
	if s.ID() != id {
		return fmt.Errorf("the id is %s instead of %s: %s", s.ID(), id, s.failures)
	}
	if err := s.kind.Untouched(s.Server, id); err != nil {
		return err
	}
	if err := s.converge("destroy", s.Destroy); err != nil {
		return err
	}
	if left := s.ids(); len(left) > 0 {
		return fmt.Errorf("objects are left on the server: %v", left)
	}
	return nil
}

// converge repeats a step until it works. A failure may cost one more attempt for itself, and one
// that cleans up.
func (s *story) converge(what string, step func() error) error {
	for attempt := 0; ; attempt++ {
		err := step()
		if s.Tainted {
			return fmt.Errorf("%s: the object is tainted after %w", what, err)
		}
		if err == nil {
			return nil
		}
		s.failures = append(s.failures, err.Error())
		if err := s.importLost(err); err != nil {
			return err
		}
		if attempt == 2 {
			return fmt.Errorf("%s does not converge: %s", what, strings.Join(s.failures, "\nthen: "))
		}
	}
}

// applied applies a configuration, and asserts that the server holds one object and that the next
// plan is empty.
func (s *story) applied(config testkit.Config) error {
	had := s.ID()
	p, err := s.Run(config)
	if had != "" && s.ID() != had {
		return fmt.Errorf("%s is lost: %w", had, err)
	}
	if err != nil {
		return err
	}
	if had != "" && p.Action != testkit.Update && p.Action != testkit.NoOp {
		return fmt.Errorf("the plan for %s is %s", had, p.Action)
	}
	if ids := s.ids(); !slices.Equal(ids, []string{s.ID()}) {
		return fmt.Errorf("the server holds %v, the state %s", ids, s.ID())
	}
	changed, err := s.Refresh()
	if err != nil {
		return err
	}
	if p, err = s.Plan(config); err != nil {
		return err
	}
	if len(changed) > 0 || p.Action != testkit.NoOp {
		return fmt.Errorf("the second plan is %s%s; the refresh shows %v", p.Action, p.Difference(), changed)
	}
	return nil
}

// TestNeverDropped_WhateverTheServerAnswers lets reads and deletes of an object that is there fail
// once and for a while. The state keeps the object, and the server holds it once.
func TestNeverDropped_WhateverTheServerAnswers(t *testing.T) {
	t.Parallel()
	for _, kind := range fixtures() {
		for i, status := range []int{400, 401, 403, 404, 410, 500, 502, 503} {
			if !inRound(kind, i) && status != http.StatusNotFound {
				continue
			}
			for _, fault := range []string{"GET:1:%d", "GET:*:%d", "DELETE:1:%d", "*:*:%d"} {
				fault := fmt.Sprintf(fault, status)
				t.Run(kind.Type+"/"+fault, func(t *testing.T) {
					t.Parallel()
					neverDropped(t, kind, fault)
				})
			}
		}
	}
}

func neverDropped(t *testing.T, kind *testkit.Fixture, fault string) {
	t.Helper()
	w, err := openWorld(t, kind, testkit.Config{"max_retries": 0})
	if err != nil {
		t.Fatal(err)
	}
	w.Must(t, testkit.Create, kind.Full)
	id := w.ID()
	spoiled := func(what string, step func() error) {
		t.Helper()
		w.Fault(fault)
		err := step()
		w.Fault("")
		if w.ID() != id {
			t.Fatalf("%s: the state holds %q instead of %s, error: %v", what, w.ID(), id, err)
		}
		if ids := w.ids(); !slices.Equal(ids, []string{id}) {
			t.Fatalf("%s: the server holds %v instead of %s, error: %v", what, ids, id, err)
		}
		if strings.HasPrefix(fault, "*:*") && err == nil {
			t.Fatalf("%s: no error, although nothing worked", what)
		}
	}
	spoiled("refresh", func() error {
		_, err := w.Refresh()
		return err
	})
	w.Must(t, testkit.NoOp, kind.Full)
	spoiled("update", func() error { return w.Write(kind.Changed) })
	if _, err := w.Run(kind.Full); err != nil {
		t.Fatal(err)
	}
	w.Quiet(t, kind.Full)
	// A delete that failed keeps the object on both sides; one that got over it, on none.
	w.Fault(fault)
	err = w.Destroy()
	w.Fault("")
	if w.Exists() != (err != nil) || w.Exists() != (len(w.ids()) == 1) {
		t.Fatalf("destroy: the state holds %q, the server %v, error: %v", w.ID(), w.ids(), err)
	}
	if err := w.Destroy(); err != nil || len(w.ids()) > 0 {
		t.Fatalf("destroy: %v, left are %v", err, w.ids())
	}
}

// TestNeverDropped_GoneOnlyWhereTheListSaysSo deletes an object in the portal and spoils the list:
// without the list's word the state keeps it.
func TestNeverDropped_GoneOnlyWhereTheListSaysSo(t *testing.T) {
	t.Parallel()
	for _, kind := range fixtures() {
		for i, status := range []int{404, 401, 403, 500, 503} {
			if !inRound(kind, i) && i > 0 {
				continue
			}
			t.Run(fmt.Sprintf("%s/%d", kind.Type, status), func(t *testing.T) {
				t.Parallel()
				w, err := openWorld(t, kind, testkit.Config{"max_retries": 0})
				if err != nil {
					t.Fatal(err)
				}
				w.SetClock(func() time.Time { return time.Now().Add(-time.Hour) }) // it is an old object
				w.Must(t, testkit.Create, kind.Full)
				w.SetClock(time.Now)
				id := w.ID()
				w.Delete(kind.Collection, id)
				w.SetFault(func(_ int, r simulator.Request) *simulator.Fault {
					if strings.HasSuffix(r.Path, "/"+path.Base(id)) {
						return nil
					}
					return &simulator.Fault{Kind: simulator.FaultStatus, Status: status}
				})
				if _, err := w.Refresh(); err == nil || w.ID() != id {
					t.Fatalf("the state holds %q, error: %v", w.ID(), err)
				}
				if err := w.Destroy(); err == nil || w.ID() != id {
					t.Fatalf("destroy: the state holds %q, error: %v", w.ID(), err)
				}
				w.SetFault(nil)
				if _, err := w.Refresh(); err != nil || w.Exists() {
					t.Fatalf("the state still holds %q, error: %v", w.ID(), err)
				}
			})
		}
	}
}
