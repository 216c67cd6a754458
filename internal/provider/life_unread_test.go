package provider_test

import (
	"cmp"
	"encoding/json"
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
	after int // the status of each request after it; 0: 500
}

var unreads = []unread{
	{name: "taken, and not read", taken: true},
	{name: "taken, and the reply lost", patch: &simulator.Fault{Kind: simulator.FaultCutAfter}, taken: true},
	{name: "not taken", patch: &simulator.Fault{Kind: simulator.FaultCutBefore}},
}

// unreadSite has a server that answers a PATCH without a document.
func unreadSite(t *testing.T) (*site, *core, func(customization string) args) {
	t.Helper()
	s := newSite(t, simulator.Options{PatchAnswer: simulator.PatchMessage, Defaults: simulator.DefaultsNone})
	c := s.mustCore(t, quick)
	return s, c, func(customization string) args {
		return widget(args{"name": "Docs", "customization": customization})
	}
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
			return &simulator.Fault{Kind: simulator.FaultStatus, Status: cmp.Or(u.after, http.StatusInternalServerError)}
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
	for _, u := range unreads {
		for _, imported := range []bool{false, true} {
			for _, theirs := range []string{"", "theirs"} {
				t.Run(u.name+map[bool]string{true: ", imported"}[imported]+", "+theirs, func(t *testing.T) {
					t.Parallel()
					s, c, with := unreadSite(t)
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
			s, c, with := unreadSite(t)
			both, one := with(`{"a":"x","b":"y"}`), with(`{"a":"x"}`)
			c.must(t, actCreate, both)
			u.failing(t, s, c, one)
			if err := c.refresh(); err != nil {
				t.Fatal(err)
			}
			if shown := c.get("customization"); u.taken != (shown == `{"a":"x"}`) {
				t.Errorf("the state shows %s", shown)
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

// The user goes back to the configuration before the update.
func TestLifeRemovalTakenBack(t *testing.T) {
	t.Parallel()
	for _, u := range unreads {
		s, c, with := unreadSite(t)
		c.must(t, actCreate, with(`{"a":"x","b":"y"}`))
		u.failing(t, s, c, with(`{"a":"x"}`))
		c.must(t, map[bool]string{true: actUpdate, false: actNoop}[u.taken], with(`{"a":"x","b":"y"}`))
		if doc, _ := s.Document(c.get("id")); customizationOf(doc)["b"] != "y" {
			t.Errorf("%s: the server holds %v", u.name, customizationOf(doc))
		}
	}
}

// The first keys of all: the state shows no customization.
func TestLifeFirstKeysWithoutAResult(t *testing.T) {
	t.Parallel()
	for _, imported := range []bool{false, true} {
		s, c, with := unreadSite(t)
		if imported {
			if err := c.importID(s.Put(map[string]any{"pal_id": pal, "channel": "widget", "name": "Docs"})); err != nil {
				t.Fatal(err)
			}
		} else {
			c.must(t, actCreate, widget(args{"name": "Docs"}))
		}
		unreads[0].failing(t, s, c, with(`{"a":"x","b":"ours"}`))
		c.must(t, actUpdate, with(`{"a":"x"}`))
		if doc, _ := s.Document(c.get("id")); customizationOf(doc)["b"] != nil {
			t.Errorf("imported: %t, the server holds %v", imported, customizationOf(doc))
		}
	}
}

// After an import all keys are followed, and still are when somebody edits one of
// those that an update without a result has sent.
func TestLifeEditAfterAnUpdateWithoutAResult(t *testing.T) {
	t.Parallel()
	for _, sent := range []string{"x", "y"} {
		s, c, with := unreadSite(t)
		id := s.Put(map[string]any{"pal_id": pal, "channel": "widget", "name": "Docs", "customization": map[string]any{"a": "x"}})
		if err := c.importID(id); err != nil {
			t.Fatal(err)
		}
		wanted := with(`{"a":"` + sent + `","b":"ours"}`)
		unreads[0].failing(t, s, c, wanted)
		s.portal(t, id, "red", "customization", "a")
		if err := c.refresh(); err != nil || !strings.Contains(c.get("customization"), "red") {
			t.Errorf("the state shows %s, %v", c.get("customization"), err)
		}
		p, err := c.plan(wanted)
		if err != nil {
			t.Fatal(err)
		}
		s.portal(t, id, "green", "customization", "a")
		if err := c.apply(p); err == nil || !strings.Contains(err.Error(), "Somebody changed the key /a") {
			t.Errorf("no conflict: %v", err)
		}
		c.must(t, actUpdate, wanted)
		c.must(t, actUpdate, with(`{"a":"`+sent+`"}`))
		if doc, _ := s.Document(id); customizationOf(doc)["b"] != nil {
			t.Errorf("the server holds %v", customizationOf(doc))
		}
	}
}

// A server that cannot find the deployment after a PATCH can be one of another account.
func TestLifeNotFoundAfterAPatch(t *testing.T) {
	t.Parallel()
	s, c, with := unreadSite(t)
	c.must(t, actCreate, with(`{"a":"x"}`))
	u := unreads[1]
	u.after = http.StatusNotFound
	u.failing(t, s, c, with(`{"a":"x","b":"ours"}`))
	c.must(t, actUpdate, with(`{"a":"x"}`))
	if doc, _ := s.Document(c.get("id")); customizationOf(doc)["b"] != nil {
		t.Errorf("the server holds %v", customizationOf(doc))
	}
}

// Scalars, lists, objects and empty objects take each other's place, and nobody reads
// it. Whatever comes next, the plan gets empty, and all goes in the end.
func TestLifeKindsWithoutAResult(t *testing.T) {
	t.Parallel()
	texts := []string{`{"a":"x"}`, `{"a":"x","b":{}}`, `{"a":"x","b":{"c":1}}`, `{"b":1}`}
	if isLong() {
		texts = append(texts, `{"a":"x","b":{"c":{}}}`, `{"a":"x","b":[1]}`, `{"a":"x","b":1}`, `{}`)
	}
	for _, u := range unreads {
		for _, from := range texts {
			for _, to := range texts {
				for _, then := range texts {
					if from == to {
						continue
					}
					t.Run(u.name+" "+from+" "+to+" "+then, func(t *testing.T) {
						t.Parallel()
						s, c, with := unreadSite(t)
						c.must(t, actCreate, with(from))
						if p, err := c.plan(with(to)); err != nil || p.action != actUpdate {
							t.Fatalf("%v, %v", p, err)
						}
						u.failing(t, s, c, with(to))
						for _, wanted := range []string{then, `{}`} {
							if err := c.refresh(); err != nil {
								t.Fatal(err)
							}
							p, err := c.plan(with(wanted))
							if err == nil {
								err = c.apply(p)
							}
							if err != nil {
								t.Fatal(err)
							}
							c.quiet(t, with(wanted))
						}
						if doc, _ := s.Document(c.get("id")); len(customizationOf(doc)) > 0 {
							t.Errorf("the server holds %v", customizationOf(doc))
						}
					})
				}
			}
		}
	}
}

// What is open is read from a private state that can be damaged.
func TestLifeDamagedTried(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`null`, `[]`, `1`, `{"customization":null}`, `{"customization":{"/b":""}}`, `{"other":{"/a":"x"}}`,
		`{"customization":{"a":"x","b/c":""}}`, `{"customization":{"":"x"}}`, `{"customization":{"/~":"x"}}`,
	} {
		s, c, with := unreadSite(t)
		c.must(t, actCreate, with(`{"a":"x"}`))
		private := map[string][]byte{}
		if err := json.Unmarshal(c.private, &private); err != nil {
			t.Fatal(err)
		}
		private["tried"] = []byte(text)
		c.private, _ = json.Marshal(private)
		c.quiet(t, with(`{"a":"x"}`))
		if err := c.refresh(); err != nil {
			t.Fatal(err)
		}
		c.private, _ = json.Marshal(private)
		unreads[0].failing(t, s, c, with(`{"a":"y","b":1}`))
		c.must(t, actUpdate, with(`{"a":"y"}`))
	}
}

// Without a refresh, what an update has left open stays open while other updates
// pass.
func TestLifeUpdateWithoutAResultOrARefresh(t *testing.T) {
	t.Parallel()
	apply := func(c *core, arguments args) {
		t.Helper()
		p, err := c.plan(arguments)
		if err == nil {
			err = c.apply(p)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	s, c, with := unreadSite(t)
	c.must(t, actCreate, with(`{"a":"x"}`))
	unreads[0].failing(t, s, c, with(`{"a":"x","b":"y"}`))
	renamed := widget(args{"name": "Help", "customization": `{"a":"x"}`})
	apply(c, renamed)
	c.must(t, actUpdate, renamed)
	if doc, _ := s.Document(c.get("id")); customizationOf(doc)["b"] != nil || customizationOf(doc)["a"] != "x" {
		t.Errorf("the server holds %v", customizationOf(doc))
	}
	// An object that was sent empty, and that a later update fills, has its keys.
	for _, u := range unreads {
		s, c, with := unreadSite(t)
		c.must(t, actCreate, with(`{"a":"x"}`))
		u.failing(t, s, c, with(`{"a":"x","b":{}}`))
		apply(c, with(`{"a":"x","b":{"c":1}}`))
		c.quiet(t, with(`{"a":"x","b":{"c":1}}`))
		if err := c.refresh(); err != nil {
			t.Fatal(err)
		}
		c.must(t, actUpdate, with(`{"a":"x"}`))
		if doc, _ := s.Document(c.get("id")); customizationOf(doc)["b"] != nil {
			t.Errorf("%s: the server holds %v", u.name, customizationOf(doc))
		}
	}
}
