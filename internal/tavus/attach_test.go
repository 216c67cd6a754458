package tavus

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

var parts = &Collection{Path: "/v2/things/{thing_id}/parts", ID: "part_id", Noun: "part", Of: things}

// store keeps the parts of things, and loses one of two writes to a thing at the same time.
type store struct {
	mu    sync.Mutex
	parts map[string][]string
	// answers: a POST answers what it was sent only.
	answers string
}

func (s *store) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := strings.Split(strings.TrimPrefix(r.URL.Path, "/v2/things/"), "/")
	s.mu.Lock()
	held := s.parts[path[0]]
	s.mu.Unlock()
	time.Sleep(time.Second)
	var body struct {
		IDs []string `json:"part_ids"`
	}
	_ = json.NewDecoder(r.Body).Decode(&body)
	switch r.Method {
	case http.MethodPost:
		held = append(without(held, body.IDs), body.IDs...)
	case http.MethodDelete:
		held = without(held, path[2:])
	}
	s.mu.Lock()
	s.parts[path[0]] = held
	s.mu.Unlock()
	if s.answers == "sent" {
		held = body.IDs
	}
	if s.answers == "nothing" && r.Method == http.MethodPost {
		_, _ = fmt.Fprint(w, `{"message": "ok"}`)
		return
	}
	items := []string{}
	for _, id := range held {
		items = append(items, fmt.Sprintf(`{"part_id": %q}`, id))
	}
	_, _ = fmt.Fprintf(w, `{"data": [%s]}`, strings.Join(items, ","))
}

func TestAttach_TakesTurnsOnOneObject(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &store{parts: map[string][]string{"a": {"old"}}}
		w := &wire{handler: s}
		c := w.client(t)
		began := time.Now()
		var all sync.WaitGroup
		for n := range 5 {
			for _, thing := range []string{"a", "b"} {
				all.Go(func() {
					if err := c.Attach(t.Context(), parts, thing, []string{fmt.Sprint("p", n)}); err != nil {
						t.Error(err)
					}
				})
			}
		}
		all.Go(func() {
			if err := c.Detach(t.Context(), parts, "a", []string{"old", "other"}); err != nil {
				t.Error(err)
			}
		})
		all.Wait()
		if len(s.parts["a"]) != 5 || len(s.parts["b"]) != 5 {
			t.Errorf("%v", s.parts)
		}
		if took := time.Since(began); took != 7*time.Second { // 5 POST, a GET and a DELETE; the other thing meanwhile
			t.Errorf("it took %s", took)
		}
	})
}

func TestAttach_IsSureOfWhatIsAttached(t *testing.T) {
	t.Parallel()
	for answers, want := range map[string]string{
		"all": "POST /v2/things/a/parts", "sent": "POST /v2/things/a/parts", "nothing": "POST /v2/things/a/parts GET /v2/things/a/parts",
	} {
		synctest.Test(t, func(t *testing.T) {
			w := &wire{handler: &store{parts: map[string][]string{"a": {"old"}}, answers: answers}}
			if err := w.client(t).Attach(t.Context(), parts, "a", []string{"new"}); err != nil || strings.Join(w.log(), " ") != want {
				t.Errorf("%s: %v, %v", answers, w.log(), err)
			}
		})
	}
}
