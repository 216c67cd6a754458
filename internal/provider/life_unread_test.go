package provider_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

// unread is how the result of an update stays unread.
type unread struct {
	name  string
	patch *simulator.Fault // of each PATCH; nil: it is taken, and answered without a document
	taken bool
}

var unreads = []unread{
	{"taken, and not read", nil, true},
	{"taken, and the reply lost", &simulator.Fault{Kind: simulator.FaultCutAfter}, true},
	{"not taken", &simulator.Fault{Kind: simulator.FaultCutBefore}, false},
}

func customizationOf(doc map[string]any) map[string]any {
	object, _ := doc["customization"].(map[string]any)
	return object
}

// failing lets one update come to nothing that anybody could read: from its first
// PATCH on, no document can be read any more.
func (u unread) failing(t *testing.T, s *site, c *core, arguments args) {
	t.Helper()
	p, err := c.plan(arguments)
	if err != nil {
		t.Fatal(err)
	}
	var patched atomic.Bool
	s.SetFaults(func(_ int, r simulator.Request) *simulator.Fault {
		switch {
		case r.Method == http.MethodPatch && patched.CompareAndSwap(false, true):
			return u.patch
		case patched.Load():
			return &simulator.Fault{Kind: simulator.FaultStatus, Status: http.StatusInternalServerError}
		}
		return nil
	})
	if c.apply(p) == nil || !patched.Load() {
		t.Fatalf("the apply did not fail after a PATCH (%t)", patched.Load())
	}
	s.SetFaults(nil)
}

// An update fails, and nobody knows what it did. What it wrote is Terraform's all the
// same, and goes when it goes out of the configuration. What it did not write is not.
func TestLifeUpdateWithoutAResult(t *testing.T) {
	t.Parallel()
	with := func(customization string) args {
		return widget(args{"name": "Docs", "customization": customization})
	}
	for _, u := range unreads {
		for _, imported := range []bool{false, true} {
			for _, theirs := range []string{"", "theirs"} {
				t.Run(u.name+map[bool]string{true: ", imported"}[imported]+", "+theirs, func(t *testing.T) {
					t.Parallel()
					s := newSite(t, simulator.Options{PatchAnswer: simulator.PatchMessage})
					c := s.mustCore(t, quick)
					if imported {
						id := s.Put(map[string]any{"pal_id": pal, "channel": "widget", "name": "Docs", "customization": map[string]any{"a": "x"}})
						if err := c.importID(id); err != nil {
							t.Fatal(err)
						}
					} else {
						c.must(t, actCreate, with(`{"a":"x"}`))
					}
					edit := func(key, value string) {
						s.Edit(c.get("id"), func(doc map[string]any) { customizationOf(doc)[key] = value })
					}
					if theirs != "" {
						edit("b", theirs)
					}
					u.failing(t, s, c, with(`{"a":"x","b":"ours","c":{"d":1}}`))
					if u.taken {
						p := c.must(t, actUpdate, with(`{"a":"x"}`))
						if said := strings.Join(p.warnings, "\n"); !strings.Contains(said, "removed from the server: /b, /c/d") {
							t.Errorf("warnings: %s", said)
						}
					} else {
						c.quiet(t, with(`{"a":"x"}`))
					}
					doc, _ := s.Document(c.get("id"))
					held := customizationOf(doc)
					if _, is := held["c"]; is {
						t.Errorf("the server holds %v", held)
					}
					if b, want := held["b"], theirs; !u.taken && want != "" && b != want || u.taken && b != nil {
						t.Errorf("the server holds %v", held)
					}
					edit("b", "later")
					c.quiet(t, with(`{"a":"x"}`))
				})
			}
		}
	}
}

// A removal that nobody knows the outcome of, and that was done: what a person sets
// there later is theirs.
func TestLifeRemovalWithoutAResult(t *testing.T) {
	t.Parallel()
	for _, u := range unreads {
		t.Run(u.name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, simulator.Options{PatchAnswer: simulator.PatchMessage})
			c := s.mustCore(t, quick)
			both, one := widget(args{"name": "Docs", "customization": `{"a":"x","b":"y"}`}), widget(args{"name": "Docs", "customization": `{"a":"x"}`})
			c.must(t, actCreate, both)
			u.failing(t, s, c, one)
			if err := c.refresh(); err != nil {
				t.Fatal(err)
			}
			if !u.taken {
				c.must(t, actUpdate, one)
			}
			s.Edit(c.get("id"), func(doc map[string]any) { customizationOf(doc)["b"] = "theirs" })
			c.quiet(t, one)
			doc, _ := s.Document(c.get("id"))
			if b := customizationOf(doc)["b"]; b != "theirs" {
				t.Errorf("the server holds %v", b)
			}
		})
	}
}

// Without a refresh, what an update has left open stays open while other updates
// pass.
func TestLifeUpdateWithoutAResultOrARefresh(t *testing.T) {
	t.Parallel()
	s := newSite(t, simulator.Options{PatchAnswer: simulator.PatchMessage})
	c := s.mustCore(t, quick)
	with := func(name, customization string) args {
		return widget(args{"name": name, "customization": customization})
	}
	c.must(t, actCreate, with("Docs", `{"a":"x"}`))
	unreads[0].failing(t, s, c, with("Docs", `{"a":"x","b":"y"}`))
	p, err := c.plan(with("Help", `{"a":"x"}`))
	if err == nil {
		err = c.apply(p)
	}
	if err != nil {
		t.Fatal(err)
	}
	c.must(t, actUpdate, with("Help", `{"a":"x"}`))
	doc, _ := s.Document(c.get("id"))
	if held := customizationOf(doc); held["b"] != nil || held["a"] != "x" {
		t.Errorf("the server holds %v", held)
	}
}
