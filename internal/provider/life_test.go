package provider_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

// must applies a configuration with a refresh before, as `terraform apply` does,
// asserts the planned action, and that a second plan and a refresh-only plan
// are empty.
func (c *core) must(t testing.TB, want string, arguments args, ignore ...string) *planned {
	t.Helper()
	if err := c.refresh(); err != nil {
		t.Fatalf("refresh: %v", err)
	}
	p, err := c.plan(arguments, ignore...)
	if err != nil {
		t.Fatalf("plan: %v", err)
	}
	if p.action != want {
		t.Fatalf("the plan is %s (changed: %v) instead of %s", p.action, p.changed, want)
	}
	if err := c.apply(p); err != nil {
		t.Fatalf("apply: %v", err)
	}
	p.warnings = append(p.warnings, c.warnings...)
	c.quiet(t, arguments, ignore...)
	return p
}

// quiet asserts that a refresh changes nothing and a plan is empty.
func (c *core) quiet(t testing.TB, arguments args, ignore ...string) {
	t.Helper()
	if drift, err := c.drift(); err != nil || len(drift) > 0 {
		t.Fatalf("a refresh-only plan shows %v (error: %v)", drift, err)
	}
	p, err := c.plan(arguments, ignore...)
	if err != nil {
		t.Fatalf("second plan: %v", err)
	}
	if p.action != actNoop {
		t.Fatalf("the second plan is not empty: %s of %v: %v", p.action, p.changed, p.value)
	}
}

// lookup follows keys into a document.
func lookup(doc map[string]any, keys ...string) any {
	var value any = doc
	for _, key := range keys {
		members, ok := value.(map[string]any)
		if !ok {
			return nil
		}
		value = members[key]
	}
	return value
}

// portal sets a key of a deployment as a person in the portal does.
func (f *fake) portal(t testing.TB, id string, value any, keys ...string) {
	t.Helper()
	ok := f.Edit(id, func(doc map[string]any) {
		members := doc
		for _, key := range keys[:len(keys)-1] {
			next, ok := members[key].(map[string]any)
			if !ok {
				next = map[string]any{}
				members[key] = next
			}
			members = next
		}
		if value == nil {
			delete(members, keys[len(keys)-1])
		} else {
			members[keys[len(keys)-1]] = value
		}
	})
	if !ok {
		t.Fatalf("no deployment %s", id)
	}
}

const pal, otherPal = "p5317866", "p48fdf065d6b"

func widget(more args) args {
	arguments := args{"pal_id": pal, "channel": "widget"}
	for name, value := range more {
		if value == nil {
			delete(arguments, name)
			continue
		}
		arguments[name] = value
	}
	return arguments
}

func TestLifeNumberOfRequests(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := newCore(t, f.URL)
	count := func(want string, do func() error) {
		t.Helper()
		f.ResetRequests()
		if err := do(); err != nil {
			t.Fatal(err)
		}
		if got := f.methods(); got != want {
			t.Fatalf("requests: %q instead of %q", got, want)
		}
	}
	arguments := widget(args{"name": "Docs", "customization": `{"widget":{"text":"Ask"}}`})
	var p *planned
	plan := func() (err error) {
		p, err = c.plan(arguments)
		return err
	}
	apply := func() error { return c.apply(p) }
	count("", plan)
	count("POST", apply)
	count("GET", c.refresh)
	arguments["customization"] = `{"widget":{"text":"Ask us"}}`
	count("", plan)
	count("GET PATCH", apply)
	arguments["status"] = "active" // what the server has already
	count("", plan)
	if p.action != actNoop {
		t.Fatalf("a status that holds already plans %s", p.action)
	}
	id := c.get("deployment_id")
	c.forget()
	count("GET", func() error { return c.importID(id) })
	count("DELETE", c.destroy)
	arguments["status"] = "draft"
	count("", plan)
	count("POST PATCH", apply)
}

func TestLifeSharedWithPeople(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := newCore(t, f.URL)
	arguments := widget(args{
		"name":            "Docs",
		"customization":   `{"preview":{"title":"Hi","description":"There"},"list":[1,2]}`,
		"limits":          `{"max_call_duration":600}`,
		"allowed_origins": []string{"https://docs.example.com"},
	})
	c.must(t, actCreate, arguments)
	id, _ := f.only(t)

	// What the configuration does not have is nobody's business.
	f.portal(t, id, "Welcome", "customization", "preview", "btn_title")
	f.portal(t, id, "dark", "customization", "theme", "mode")
	f.portal(t, id, json.Number("7"), "limits", "daily_call_limit_per_user")
	f.Visit(id)
	c.quiet(t, arguments)

	// Drift of owned keys is planned and repaired, and nothing else is touched.
	f.portal(t, id, "Hello", "customization", "preview", "title")
	f.portal(t, id, nil, "limits", "max_call_duration")
	f.portal(t, id, []any{json.Number("2")}, "customization", "list")
	p := c.must(t, actUpdate, arguments)
	if !slices.Equal(p.changed, []string{"customization", "limits"}) {
		t.Fatalf("the plan shows %v", p.changed)
	}
	doc, _ := f.Document(id)
	if got := lookup(doc, "customization", "preview", "title"); got != "Hi" {
		t.Fatalf("the title is %v", got)
	}
	if got := lookup(doc, "customization", "preview", "btn_title"); got != "Welcome" {
		t.Fatalf("the portal's button is %v", got)
	}
	if got := lookup(doc, "customization", "theme", "mode"); got != "dark" {
		t.Fatalf("the portal's theme is %v", got)
	}

	// A key that goes out of the configuration goes from the server.
	arguments["customization"] = `{"preview":{"title":"Hi"}}`
	p = c.must(t, actUpdate, arguments)
	if all := strings.Join(p.warnings, "\n"); !strings.Contains(all, ": /list, /preview/description.") {
		t.Fatalf("warnings: %s", all)
	}
	doc, _ = f.Document(id)
	preview, _ := lookup(doc, "customization", "preview").(map[string]any)
	if !reflect.DeepEqual(preview, map[string]any{"title": "Hi", "btn_title": "Welcome"}) || lookup(doc, "customization", "list") != nil {
		t.Fatalf("customization is %v", doc["customization"])
	}

	// jsonencode({}) takes all away that Terraform wrote, and no more.
	arguments["customization"] = `{}`
	arguments["name"] = ""
	arguments["allowed_origins"] = []string{}
	c.must(t, actUpdate, arguments)
	doc, _ = f.Document(id)
	preview, _ = lookup(doc, "customization", "preview").(map[string]any)
	if !reflect.DeepEqual(preview, map[string]any{"btn_title": "Welcome"}) {
		t.Fatalf("preview is %v", preview)
	}
	if name, origins := doc["name"], doc["allowed_origins"]; name != nil && name != "" || len(origins.([]any)) > 0 { //nolint:forcetypeassert // A list.
		t.Fatalf("name is %v, origins are %v", name, origins)
	}
}

func TestLifeWholeArgumentRemoved(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := newCore(t, f.URL)
	full := widget(args{
		"name": "Docs", "status": "active", "customization": `{"a":1,"b":2}`, "limits": `{"max_call_duration":600}`,
		"allowed_origins": []string{"https://docs.example.com"},
	})
	c.must(t, actCreate, full)
	id, before := f.only(t)
	c.must(t, actNoop, widget(nil)) // left out: not managed, the values stay
	after, _ := f.Document(id)
	if !reflect.DeepEqual(before["customization"], after["customization"]) || after["name"] != "Docs" {
		t.Fatalf("the server holds %v", after)
	}
	// The argument returns without a key that Terraform wrote: it goes.
	c.must(t, actUpdate, widget(args{"customization": `{"a":1}`}))
	after, _ = f.Document(id)
	if lookup(after, "customization", "a") == nil || lookup(after, "customization", "b") != nil {
		t.Fatalf("customization is %v", after["customization"])
	}
}

func TestLifeImport(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	customization := map[string]any{}
	for i := range 30 {
		customization[string(rune('a'+i%26))+string(rune('a'+i/26))] = json.Number("1")
	}
	id := f.Put(map[string]any{"pal_id": pal, "channel": "embed", "name": "Made by hand", "customization": customization})
	c := newCore(t, f.URL)
	f.ResetRequests()
	if err := c.importID(id); err != nil {
		t.Fatal(err)
	}
	three := args{"pal_id": pal, "channel": "embed", "customization": `{"aa": 1.0, "ba": 1, "ca": 1e0}`}
	c.quiet(t, three)
	if got := strings.Trim(f.methods(), " GET"); got != "" {
		t.Fatalf("an import sent %s", f.methods())
	}
	// Until the first write, imported keys are followed.
	f.portal(t, id, json.Number("5"), "customization", "da")
	if drift, err := c.drift(); err != nil || !slices.Equal(drift, []string{"customization"}) {
		t.Fatalf("drift after an import is %v (%v)", drift, err)
	}
	c.quiet(t, three)
	// A change of the name alone removes nothing, and neither does a plan after it.
	three["name"] = "Ours"
	p := c.must(t, actUpdate, three)
	if !slices.Equal(p.changed, []string{"name"}) {
		t.Fatalf("the plan shows %v", p.changed)
	}
	// The configuration of customization has not changed, so its keys are followed still:
	// a plan stays empty, and a refresh-only plan shows the edit.
	f.portal(t, id, json.Number("6"), "customization", "ea")
	if drift, err := c.drift(); err != nil || !slices.Equal(drift, []string{"customization"}) {
		t.Fatalf("drift is %v (%v)", drift, err)
	}
	c.quiet(t, three)
	three["customization"] = `{"aa": 2, "ba": 1}`
	p = c.must(t, actUpdate, three)
	doc, _ := f.Document(id)
	held, _ := doc["customization"].(map[string]any)
	if held["aa"] != json.Number("2") || held["ca"] != nil || held["da"] != json.Number("5") || held["ea"] != json.Number("6") || len(held) < 29 {
		t.Fatalf("customization is %v", held)
	}
	if all := strings.Join(p.warnings, "\n"); !strings.Contains(all, ": /ca.") || !strings.Contains(all, "/da") {
		t.Fatalf("warnings: %s", all)
	}
}

func TestLifeImportedTextTurnsManaged(t *testing.T) {
	t.Parallel()
	f := newFake(t, "defaults=none")
	id := f.Put(map[string]any{"pal_id": pal, "channel": "widget", "name": "By hand", "customization": map[string]any{"a": "x"}})
	c := newCore(t, f.URL)
	if err := c.importID(id); err != nil {
		t.Fatal(err)
	}
	c.must(t, actUpdate, widget(args{"name": "Ours"}))
	f.portal(t, id, "y", "customization", "a")
	if drift, err := c.drift(); err != nil || !slices.Equal(drift, []string{"customization"}) {
		t.Fatalf("drift is %v (%v)", drift, err)
	}
	c.quiet(t, widget(args{"name": "Ours"}))
	// The state shows "y", so a configuration with the imported text is a change that the
	// plan shows.
	c.must(t, actUpdate, widget(args{"name": "Ours", "customization": `{"a":"x"}`}))
	doc, _ := f.Document(id)
	if lookup(doc, "customization", "a") != "x" {
		t.Fatalf("customization is %v", doc["customization"])
	}
}

func TestLifeIgnoreChanges(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := newCore(t, f.URL)
	arguments := widget(args{"customization": `{"a":1}`})
	c.must(t, actCreate, arguments)
	id, _ := f.only(t)
	f.portal(t, id, "mine", "customization", "b")
	ignoring := widget(args{"customization": `{"a":1,"b":"ours"}`, "name": "New"})
	c.must(t, actUpdate, ignoring, "customization")
	// b was never written, so it is never removed.
	c.must(t, actUpdate, widget(args{"customization": `{}`, "name": "New"}))
	doc, _ := f.Document(id)
	if lookup(doc, "customization", "b") != "mine" || lookup(doc, "customization", "a") != nil {
		t.Fatalf("customization is %v", doc["customization"])
	}
}

func TestLifeEditsDuringAnUpdate(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := newCore(t, f.URL)
	arguments := widget(args{"customization": `{"a":1,"b":1,"c":1}`})
	c.must(t, actCreate, arguments)
	id, _ := f.only(t)

	// Between GET and PATCH a person edits an owned key that the update does not
	// touch, and one that nobody owns.
	once := true
	f.OnRequest(func(r simulator.Request) {
		if r.Method == "PATCH" && once {
			once = false
			f.portal(t, id, json.Number("9"), "customization", "b")
			f.portal(t, id, "mine", "customization", "z")
		}
	})
	arguments["customization"] = `{"a":2,"b":1,"c":1}`
	p, err := c.plan(arguments)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.apply(p); err != nil {
		t.Fatal(err)
	}
	f.OnRequest(nil)
	doc, _ := f.Document(id)
	if lookup(doc, "customization", "z") != "mine" || lookup(doc, "customization", "b") != json.Number("9") {
		t.Fatalf("customization is %v", doc["customization"])
	}
	if drift, err := c.drift(); err != nil || !slices.Equal(drift, []string{"customization"}) {
		t.Fatalf("the edit is not seen: %v, %v", drift, err)
	}
	c.must(t, actUpdate, arguments)

	// The same key changed by both since a saved plan.
	arguments["customization"] = `{"a":3,"b":1,"c":1}`
	if p, err = c.plan(arguments); err != nil {
		t.Fatal(err)
	}
	f.portal(t, id, json.Number("8"), "customization", "a")
	err = c.apply(p)
	if err == nil || !strings.Contains(err.Error(), "the key /a of customization") {
		t.Fatalf("conflict: %v", err)
	}
	c.must(t, actUpdate, arguments)
}

func TestLifePalAndChannel(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := newCore(t, f.URL)
	c.must(t, actCreate, widget(nil))
	id, _ := f.only(t)
	thumbnail := c.get("thumbnail_image_url")
	p := c.must(t, actUpdate, widget(args{"pal_id": f.Simulator.Put("pals", map[string]any{"pal_name": "Another"})}))
	if !slices.Equal(p.changed, []string{"pal_id", "thumbnail_image_url", "thumbnail_video_url"}) {
		t.Fatalf("the plan shows %v", p.changed)
	}
	if same, _ := f.only(t); same != id || c.get("thumbnail_image_url") == thumbnail {
		t.Fatalf("id %s, thumbnail %s", same, c.get("thumbnail_image_url"))
	}
	p = c.must(t, actReplace, args{"pal_id": pal, "channel": "embed"})
	if all := strings.Join(p.warnings, "\n"); !strings.Contains(all, id) || !strings.Contains(all, "replaced") {
		t.Fatalf("warnings: %s", all)
	}
	if other, _ := f.only(t); other == id {
		t.Fatal("the id did not change")
	}
}

// What the state does not show cannot be seen to go, so it does not go.
func TestLifeUnseenKeysAreNeverReplaced(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := newCore(t, f.URL)
	c.must(t, actCreate, widget(args{"customization": `{"a":1}`}))
	id, _ := f.only(t)
	f.portal(t, id, "mine", "customization", "box", "text")
	arguments := widget(args{"customization": `{"a":1,"box":"ours"}`})
	p, err := c.plan(arguments)
	if err != nil {
		t.Fatal(err)
	}
	err = c.apply(p)
	if err == nil || !strings.Contains(err.Error(), "the key /box/text of customization, which Terraform did not write") {
		t.Fatalf("error: %v", err)
	}
	doc, _ := f.Document(id)
	if lookup(doc, "customization", "box", "text") != "mine" {
		t.Fatalf("customization is %v", doc["customization"])
	}
	// The way out that the error names.
	c.must(t, actUpdate, widget(args{"customization": `{"a":1,"box":{"text":"mine"}}`}))
	c.must(t, actUpdate, arguments)
}
