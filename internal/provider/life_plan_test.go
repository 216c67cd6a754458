package provider_test

import (
	"slices"
	"strings"
	"testing"
)

// plannedHas makes a plan without a refresh, and says what it is of has_password.
func (c *core) plannedHas(t *testing.T, arguments args) (known, has bool) {
	t.Helper()
	p, err := c.plan(arguments)
	if err != nil {
		t.Fatal(err)
	}
	value := attributes(p.value)["has_password"]
	if !value.IsKnown() {
		return false, false
	}
	if err := value.As(&has); err != nil {
		t.Fatal(err)
	}
	return true, has
}

// A password that is not known while planning can turn out to be none.
func TestLifeUnknownPassword(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := newCore(t, f.URL)
	for _, arguments := range []args{
		{"password": unknown{}},
		{"password_wo": unknown{}, "password_wo_version": "1"},
	} {
		if known, _ := c.plannedHas(t, widget(arguments)); known {
			t.Errorf("a create with %v plans has_password as known", arguments)
		}
	}
	c.must(t, actCreate, widget(args{"password_wo": "secret-1", "password_wo_version": "1"}))
	for name, test := range map[string]struct {
		arguments args
		known     bool
	}{
		"would not be sent": {args{"password_wo": unknown{}, "password_wo_version": "1"}, true},
		"another version":   {args{"password_wo": unknown{}, "password_wo_version": "2"}, false},
		"another argument":  {args{"password": unknown{}}, false},
	} {
		if known, has := c.plannedHas(t, widget(test.arguments)); known != test.known || has != test.known {
			t.Errorf("%s: known %t, %t", name, known, has)
		}
	}
	// It was removed in the portal, so the same version would be sent.
	f.Edit(c.get("id"), func(doc map[string]any) { doc["password"] = nil })
	if err := c.refresh(); err != nil {
		t.Fatal(err)
	}
	if known, _ := c.plannedHas(t, widget(args{"password_wo": unknown{}, "password_wo_version": "1"})); known {
		t.Error("a password that has to be put back plans has_password as known")
	}
}

// What a plan says besides its values, word for word.
func TestLifePlanWarnings(t *testing.T) {
	t.Parallel()
	f := newFake(t, "defaults=none")
	id := f.Put(map[string]any{
		"pal_id": pal, "channel": "widget", "name": "Docs", "customization": map[string]any{"a": "x", "b": "y", "c": "z"},
	})
	c := newCore(t, f.URL)
	if err := c.importID(id); err != nil {
		t.Fatal(err)
	}
	say := func(arguments args, changed []string, want ...string) {
		t.Helper()
		if err := c.refresh(); err != nil {
			t.Fatal(err)
		}
		p, err := c.plan(widget(arguments))
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(p.changed, changed) {
			t.Errorf("the plan changes %v instead of %v", p.changed, changed)
		}
		p.warnings = withoutAdvice(p.warnings)
		if len(p.warnings) != len(want) {
			t.Fatalf("warnings: %q, want %q", p.warnings, want)
		}
		for i, text := range want {
			if !strings.HasSuffix(p.warnings[i], text) {
				t.Errorf("warning %q, want %q", p.warnings[i], text)
			}
		}
		if err := c.apply(p); err != nil {
			t.Fatal(err)
		}
	}
	text := []string{"customization"}
	left := "This apply leaves on the server, because Terraform did not write them: "
	// Imported keys that go out are left. A change alone says nothing.
	say(args{"customization": `{"a":"x2","b":"y"}`}, text, left+"/c.")
	say(args{"customization": `{"a":"x3","b":"y"}`}, text)
	say(args{"customization": `{"a":"x3","b":"y","d":"w"}`}, text)
	say(args{"customization": `{"a":"x3","d":"w"}`}, text, "This apply removes from customization of deployment "+id+": /b.")
	// A key that is taken over with the value that it has is no change to be said.
	f.portal(t, id, "v", "customization", "e")
	say(args{"customization": `{"a":"x3","d":"w","e":"v"}`}, text)
	c.quiet(t, widget(args{"customization": `{"a":"x3","d":"w","e":"v"}`}))

	// After an import and a write without the argument its keys are followed, and a
	// configuration with some of them plans empty.
	id = f.Put(map[string]any{"pal_id": pal, "channel": "widget", "name": "Shop", "customization": map[string]any{"a": "x", "b": "y"}})
	c = newCore(t, f.URL)
	if err := c.importID(id); err != nil {
		t.Fatal(err)
	}
	say(args{"name": "Ours"}, []string{"name"})
	say(args{"name": "Ours", "customization": `{"a":"x"}`}, nil)
	say(args{"name": "Ours", "customization": `{"a":"z"}`}, text, left+"/b.")
	say(args{"name": "Ours", "customization": `{"a":"x"}`}, text)
	c.quiet(t, widget(args{"name": "Ours", "customization": `{"a":"x"}`}))
}

// An unknown channel plans no replacement, and says what will happen.
func TestLifeUnknownChannel(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := newCore(t, f.URL)
	c.must(t, actCreate, widget(nil))
	p, err := c.plan(args{"pal_id": pal, "channel": unknown{}})
	if err != nil {
		t.Fatal(err)
	}
	if p.action != actUpdate || len(p.warnings) != 1 || !strings.Contains(p.warnings[0], c.get("id")) ||
		!strings.Contains(p.warnings[0], "stops with \"inconsistent final plan\" before it touches anything") {
		t.Errorf("%s: %q", p.action, p.warnings)
	}
}
