package tavus

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
)

// boxes belong to nobody. Their slots have ids that the caller chooses.
var (
	boxes = &Collection{Path: "/v2/boxes", ID: "box_id", Noun: "box", FirstPage: 1}
	slots = &Collection{Path: "/v2/boxes/{box_id}/slots", ID: "slot_id", Noun: "slot", Style: Put, Keyed: true, Chosen: true, Of: boxes}
)

// rack is a server of the slots "a" and "b" of the box "b1"; held is the content of those that are there.
type rack struct {
	held  map[string]string
	shape string // of the list, with %s for its items
	gone  bool   // there is no box
}

func (s *rack) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, id, _ := strings.Cut(r.URL.Path, "/slots/")
	body, _ := io.ReadAll(r.Body)
	switch {
	case r.URL.Path == "/v2/boxes":
		answer(200, `{"data":[],"total_count":0}`)(w, r)
	case s.gone || id != "" && id != "a" && id != "b":
		answer(404, `{"error":"not found"}`)(w, r)
	case id == "":
		var items []string
		for id, content := range s.held {
			if item := s.slot(id, content); strings.Contains(s.shape, "[") {
				items = append(items, item)
			} else {
				items = append(items, `"`+id+`":`+item)
			}
		}
		answer(200, strings.ReplaceAll(s.shape, "%s", strings.Join(items, ",")))(w, r)
	case r.Method == http.MethodPut:
		s.held[id] = string(body)
		answer(200, s.slot(id, string(body)))(w, r)
	case s.held[id] == "":
		answer(404, `{"error":"not there"}`)(w, r)
	default:
		answer(200, s.slot(id, s.held[id]))(w, r)
	}
}

func (s *rack) slot(id, content string) string {
	return `{"slot_id":"` + id + `",` + strings.TrimPrefix(content, "{")
}

func slotsOf(t *testing.T, box string) *Collection {
	t.Helper()
	col, err := slots.In(box)
	if err != nil {
		t.Fatal(err)
	}
	return col
}

func TestCreateAt_OverwritesNothing(t *testing.T) {
	t.Parallel()
	for _, shape := range []string{`{"data":{%s}}`, `{%s}`, `{"data":[%s]}`, `[%s]`} {
		synctest.Test(t, func(t *testing.T) {
			s := &rack{held: map[string]string{}, shape: shape}
			w := &wire{handler: s}
			c, col := w.client(t), slotsOf(t, "b1")
			if made, err := c.Create(t.Context(), col, []byte(`{"slot_id":"a","x":1}`)); err != nil || made.ID != "a" || s.held["a"] != `{"x":1}` {
				t.Fatalf("%s: %v, %v", shape, s.held, err)
			}
			_, err := c.Create(t.Context(), col, []byte(`{"slot_id":"a","x":2}`))
			if e, _ := errors.AsType[*Error](err); e == nil || e.Reason != Exists || e.Candidates[0] != "a" || s.held["a"] != `{"x":1}` {
				t.Errorf("%s: %v, %v", shape, s.held, err)
			}
			if got := strings.Join(w.log(), ", "); got != "GET /v2/boxes/b1/slots, PUT /v2/boxes/b1/slots/a, GET /v2/boxes/b1/slots" {
				t.Errorf("%s: %s", shape, got)
			}
		})
	}
}

// A PUT whose answer is lost is sent again, or its effect is read.
func TestCreateAt_LostAnswer(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]struct {
		retries int
		fault   *fault
		made    bool
	}{
		"repeated":   {1, &fault{effect: true, cut: true}, true},
		"read":       {0, &fault{effect: true, cut: true}, true},
		"unreadable": {0, &fault{effect: true, status: 200, body: "x"}, true},
		"no effect":  {0, &fault{status: 500}, false},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := &rack{held: map[string]string{}, shape: `{%s}`}
			w := &wire{handler: s, fault: once("PUT", 1, one.fault)}
			c := w.client(t, func(cfg *Config) { cfg.MaxRetries = one.retries })
			_, err := c.Create(t.Context(), slotsOf(t, "b1"), []byte(`{"slot_id":"a","x":1}`))
			if (err == nil) != one.made || (s.held["a"] != "") != one.made {
				t.Errorf("%s: %v, %v", name, s.held, err)
			}
		})
	}
}

func TestCreateAt_NamesTheIDThatIsNotKnown(t *testing.T) {
	t.Parallel()
	for id, s := range map[string]*rack{"box_id": {gone: true}, "slot_id": {shape: `{%s}`}} {
		synctest.Test(t, func(t *testing.T) {
			_, err := (&wire{handler: s}).client(t).Create(t.Context(), slotsOf(t, "b1"), []byte(`{"slot_id":"c"}`))
			if e, _ := errors.AsType[*Error](err); e == nil || e.Reason != Refused || e.Field != id {
				t.Errorf("%s: %v", id, err)
			}
		})
	}
}

// Where the box is gone, its slots are, too; but only its list says so.
func TestGet_OfWhatBelongsToAnObjectThatIsGone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := &wire{handler: &rack{gone: true}}
		c := w.client(t)
		if _, err := c.Get(t.Context(), slotsOf(t, "b1"), "a"); !IsGone(err) {
			t.Error(err)
		}
		if err := c.Delete(t.Context(), slotsOf(t, "b2"), "a"); err != nil {
			t.Error(err)
		}
		w.fault = func(_ int, r *http.Request) *fault {
			if r.URL.Path == "/v2/boxes" {
				return &fault{status: 404}
			}
			return nil
		}
		if _, err := w.client(t).Get(t.Context(), slotsOf(t, "b1"), "a"); err == nil || IsGone(err) {
			t.Error(err)
		}
	})
}
