package provider_test

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

// Under ignore_changes, Terraform hands over a configuration with the password or
// its version of the state. What a plan says of has_password must be what an apply does.
func TestLifeIgnoredPassword(t *testing.T) {
	t.Parallel()
	withPassword := widget(args{"name": "Docs", "password_wo": "secret-1", "password_wo_version": "1"})
	for _, ignore := range [][]string{{"password_wo"}, {"password_wo_version"}, {"password_wo", "password_wo_version", "name"}} {
		f := newFake(t, simulator.Options{})
		c := newCore(t, f.URL)
		c.must(t, actCreate, withPassword)
		c.quiet(t, withPassword, ignore...)
		f.Edit(c.get("id"), func(doc map[string]any) { doc["password"] = nil })
		c.must(t, actUpdate, withPassword, ignore...)
		if password, _ := f.Password(c.get("id")); password != "secret-1" {
			t.Errorf("ignoring %v, the password that was removed is %q", ignore, password)
		}
	}
	f := newFake(t, simulator.Options{})
	id := f.Put(map[string]any{"pal_id": pal, "channel": "widget", "name": "Docs"})
	c := newCore(t, f.URL)
	if err := c.importID(id); err != nil {
		t.Fatal(err)
	}
	c.quiet(t, withPassword, "password_wo_version")
}

// A text that is not known while planning can turn out to be the text of a state whose
// keys are frozen. The final plan must agree with the first one in all that was known.
func TestLifeUnknownTextOfAFrozenState(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{Defaults: simulator.DefaultsNone})
	id := f.Put(map[string]any{"pal_id": pal, "channel": "widget", "name": "Docs", "customization": map[string]any{"a": "x"}})
	c := newCore(t, f.URL)
	if err := c.importID(id); err != nil {
		t.Fatal(err)
	}
	c.must(t, actUpdate, widget(args{"name": "Ours"}))
	first, err := c.plan(widget(args{"name": "Ours", "customization": unknown{}}))
	if err != nil {
		t.Fatal(err)
	}
	final, err := c.plan(widget(args{"name": "Ours", "customization": `{"a":"x"}`}))
	if err != nil {
		t.Fatal(err)
	}
	was, now := attributes(first.value), attributes(final.value)
	for name, value := range was {
		if value.IsFullyKnown() && !value.Equal(now[name]) {
			t.Errorf("inconsistent final plan: %s was %v and is %v", name, value, now[name])
		}
	}
	c.must(t, actUpdate, widget(args{"name": "Ours", "customization": `{"a":"x"}`}))
	// Where all is owned, nothing is in doubt.
	if p, err := c.plan(widget(args{"name": "Ours", "customization": unknown{}})); err != nil || len(p.changed) != 1 {
		t.Errorf("%v changes, %v", p.changed, err)
	}
}

// A move, applied without a refresh, is over: the next refresh takes no other keys.
func TestLifeMoveWithoutARefresh(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{})
	id := f.Put(map[string]any{
		"pal_id": pal, "channel": "widget", "name": "Docs", "customization": map[string]any{"a": "x", "b": "portal"},
	})
	doc, _ := f.Document(id)
	source := sources(t, id, doc)["restapi"]
	c := newCore(t, f.URL)
	if err := c.move(source[0], source[1]); err != nil {
		t.Fatal(err)
	}
	p, err := c.plan(widget(args{"name": "Docs", "customization": `{"a":"x"}`}))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.apply(p); err != nil {
		t.Fatal(err)
	}
	if err := c.refresh(); err != nil || c.get("customization") != `{"a":"x"}` {
		t.Errorf("the state shows %s, %v", c.get("customization"), err)
	}
}

// An answer to a write that lacks what was written is not the document.
func TestLifePartialAnswersToWrites(t *testing.T) {
	t.Parallel()
	s := newSite(t, simulator.Options{})
	s.answers(func(r *http.Request, body []byte) []byte {
		var doc map[string]any
		if r.Method != http.MethodPost && r.Method != http.MethodPatch || json.Unmarshal(body, &doc) != nil {
			return body
		}
		for _, name := range []string{"customization", "limits", "has_password", "allowed_origins", "thumbnail_image_url"} {
			delete(doc, name)
		}
		part, _ := json.Marshal(doc)
		return part
	})
	c := s.mustCore(t, quick)
	c.must(t, actCreate, widget(args{"name": "Docs", "password": "secret-1", "customization": `{"a":"x"}`}))
	arguments := widget(args{"name": "Docs", "password": "secret-2", "customization": `{"a":"y"}`})
	p := c.must(t, actUpdate, arguments)
	if len(p.warnings) > 0 {
		t.Errorf("warnings: %q", p.warnings)
	}
	s.portal(t, c.get("id"), nil, "customization", "a")
	if drift, err := c.drift(); err != nil || len(drift) != 1 {
		t.Errorf("a person removes a key, and a refresh shows %v, %v", drift, err)
	}
	c.must(t, actUpdate, arguments)
}

// A key that Terraform takes over is the one change that a plan cannot show: the
// state knows nothing of it. The apply says so.
func TestLifeTakeoverIsSaid(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{Defaults: simulator.DefaultsNone})
	c := newCore(t, f.URL)
	c.must(t, actCreate, widget(args{"name": "Docs", "customization": `{"a":"x"}`}))
	id := c.get("id")
	f.portal(t, id, "mine", "customization", "k")
	f.portal(t, id, "same", "customization", "s")
	p := c.must(t, actUpdate, widget(args{"name": "Docs", "customization": `{"a":"y","k":"ours","s":"same"}`}))
	said := strings.Join(p.warnings, "\n")
	if !strings.Contains(said, "Values replaced that no plan showed") || !strings.Contains(said, "/customization/k.") ||
		strings.Contains(said, "mine") || strings.Contains(said, "/customization/a") || strings.Contains(said, "/customization/s") {
		t.Errorf("warnings: %s", said)
	}
	// A frozen key shows what it was at the import, not what a person made of it.
	f = newFake(t, simulator.Options{Defaults: simulator.DefaultsNone})
	id = f.Put(map[string]any{"pal_id": pal, "channel": "widget", "name": "Docs", "customization": map[string]any{"a": "x", "b": "1"}})
	c = newCore(t, f.URL)
	if err := c.importID(id); err != nil {
		t.Fatal(err)
	}
	c.must(t, actUpdate, widget(args{"name": "Ours", "customization": `{"b":"1"}`}))
	f.portal(t, id, "y", "customization", "a")
	p = c.must(t, actUpdate, widget(args{"name": "Ours", "customization": `{"a":"z","b":"1"}`}))
	if said := strings.Join(p.warnings, "\n"); !strings.Contains(said, "/customization/a.") {
		t.Errorf("warnings: %s", said)
	}
}

// A person changes settings between a plan and its apply. The plan did not show
// them, so the apply leaves them alone, and the next plan puts them back.
func TestLifeSettingsChangedBeforeAnApply(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{})
	c := newCore(t, f.URL)
	arguments := args{
		"name": "Docs", "status": "active", "allowed_origins": []string{"https://docs.example.com"}, "limits": `{"total":1}`,
	}
	c.must(t, actCreate, widget(arguments))
	arguments["limits"] = `{"total":2}`
	p, err := c.plan(widget(arguments))
	if err != nil {
		t.Fatal(err)
	}
	theirs := map[string]any{"status": "inactive", "name": "Theirs", "pal_id": simulator.PalCampaignHost, "allowed_origins": []any{"https://theirs.example.com"}}
	f.Edit(c.get("id"), func(doc map[string]any) {
		for name, value := range theirs {
			doc[name] = value
		}
	})
	if err := c.apply(p); err != nil {
		t.Fatal(err)
	}
	doc, _ := f.Document(c.get("id"))
	for name, value := range theirs {
		if !reflect.DeepEqual(doc[name], value) {
			t.Errorf("%s is %v", name, doc[name])
		}
	}
	if p := c.must(t, actUpdate, widget(arguments)); len(p.changed) < len(theirs) {
		t.Errorf("the next plan shows %v", p.changed)
	}
}

// The reply to a PATCH is lost, and the server stores what it took in a form of its
// own. The update meets its own work when it reads again, and no edit of a person.
func TestLifeLostReplyToAPatch(t *testing.T) {
	t.Parallel()
	s := newSite(t, rewriting)
	c := s.mustCore(t, quick)
	arguments := func(name, colour, origin string) args {
		return widget(args{
			"name": name, "allowed_origins": []string{origin}, "customization": `{"magic_canvas":{"accent_color":"` + colour + `"}}`,
		})
	}
	c.must(t, actCreate, arguments("Docs!", "#FFF", "https://Docs.example.com"))
	for _, kind := range []simulator.FaultKind{simulator.FaultCutAfter, simulator.FaultStatusAfter, simulator.FaultHangAfter} {
		for _, wanted := range []args{
			arguments("Shop!", "#ABC", "https://Shop.example.com"), arguments("Docs!", "#FFF", "https://Docs.example.com"),
		} {
			hit := s.trip(1, true, simulator.Fault{Kind: kind, Status: http.StatusBadGateway})
			c.must(t, actUpdate, wanted)
			if !strings.HasPrefix(hit(), http.MethodPatch) {
				t.Errorf("%s met %q", kind, hit())
			}
		}
	}
}

// A new deployment that is not as planned, and that cannot be deleted again, stays in
// the state: its ID must not be lost.
func TestLifeCreateThatCannotBeTakenBack(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{StatusPatch: simulator.StatusPatchRefused})
	f.SetFaults(func(_ int, r simulator.Request) *simulator.Fault {
		if r.Method == http.MethodDelete {
			return &simulator.Fault{Kind: simulator.FaultStatus, Status: http.StatusForbidden}
		}
		return nil
	})
	c := newCore(t, f.URL)
	p, err := c.plan(widget(args{"name": "Docs", "status": "draft"}))
	if err != nil {
		t.Fatal(err)
	}
	err = c.apply(p)
	ids := f.IDs()
	if len(ids) != 1 || c.get("id") != ids[0] || !c.tainted {
		t.Fatalf("the server holds %v, the state %q, tainted: %t", ids, c.get("id"), c.tainted)
	}
	for _, words := range []string{ids[0], "could not be deleted again", "terraform untaint", "403"} {
		if err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("the error does not say %q: %v", words, err)
		}
	}
	f.SetFaults(nil)
	if err := c.destroy(); err != nil || len(f.IDs()) > 0 {
		t.Errorf("%v, the server holds %v", err, f.IDs())
	}
}

// Somebody edits the key that an update has just written, before the provider has read
// what came of it. The next plan shows it, and an apply does not pass over it. A server
// that stores another form of what it is sent is no editor.
func TestLifeEditBeforeReadingBack(t *testing.T) {
	t.Parallel()
	s := newSite(t, simulator.Options{PatchAnswer: simulator.PatchNoContent, Colours: simulator.ColoursLowered, Names: simulator.NamesStripped})
	c := s.mustCore(t, quick)
	with := func(colour, name string) args {
		return widget(args{"name": name, "customization": `{"colour":"` + colour + `","box":{"a":1}}`})
	}
	editsAfterPatch := func(edit func(doc map[string]any)) {
		s.After(func(r simulator.Request) {
			if r.Method == http.MethodPatch {
				s.After(nil)
				s.Edit(c.get("id"), func(doc map[string]any) {
					customizationOf(doc)["colour"] = "#123123"
					edit(doc)
				})
			}
		})
	}
	c.must(t, actCreate, with("#FFF", "Docs!"))
	c.must(t, actUpdate, with("#ABC", "Help!"))
	c.must(t, actUpdate, with("#BCD", "Help!")) // of the colour alone
	for key, edit := range map[string]func(doc map[string]any){
		"a key that nobody owns": func(doc map[string]any) { customizationOf(doc)["seen"] = "theirs" },
		"a key that is gone":     func(doc map[string]any) { delete(customizationOf(doc), "seen") },
		"the status":             func(doc map[string]any) { doc["status"] = "inactive" },
		"the password":           func(doc map[string]any) { doc["password"] = "theirs" },
		"the origins":            func(doc map[string]any) { doc["allowed_origins"] = []any{"https://theirs.example.com"} },
		"the PAL":                func(doc map[string]any) { doc["pal_id"] = simulator.PalCampaignHost },
	} {
		if key == "a key that is gone" {
			s.portal(t, c.get("id"), "theirs", "customization", "seen")
		}
		p, err := c.plan(with("#DEF", "Shop!"))
		if err != nil {
			t.Fatal(err)
		}
		editsAfterPatch(func(doc map[string]any) {
			doc["name"] = "Theirs"
			edit(doc)
		})
		if err := c.apply(p); err != nil {
			t.Fatalf("%s: %v", key, err)
		}
		if p, err = c.plan(with("#DEF", "Shop?")); err != nil {
			t.Fatal(err)
		}
		if err := c.apply(p); err == nil || !strings.Contains(err.Error(), "Somebody changed name") {
			t.Errorf("%s: no conflict: %v", key, err)
		}
		if err := c.refresh(); err != nil || c.get("name") != "Theirs" || !strings.Contains(c.get("customization"), "#123123") {
			t.Errorf("%s: the state shows %q and %s, %v", key, c.get("name"), c.get("customization"), err)
		}
		c.must(t, actUpdate, with("#ABC", "Help!"))
	}
	p, err := c.plan(with("#DEF", "Help!"))
	if err != nil {
		t.Fatal(err)
	}
	editsAfterPatch(func(doc map[string]any) { doc["name"] = "Theirs" }) // the name is not sent
	if err := c.apply(p); err != nil {
		t.Fatal(err)
	}
	if err := c.refresh(); err != nil || !strings.Contains(c.get("customization"), "#123123") {
		t.Errorf("the name: the state shows %s, %v", c.get("customization"), err)
	}
}
