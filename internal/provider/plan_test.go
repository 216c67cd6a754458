package provider_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/testkit"
)

// withoutAdvice leaves out the warnings about keys that the vendor's client does not know.
func withoutAdvice(warnings []testkit.Problem) []testkit.Problem {
	return slices.DeleteFunc(slices.Clone(warnings), func(warning testkit.Problem) bool {
		return strings.Contains(warning.Detail, "This is not known in")
	})
}

// What a plan says besides its values, word for word.
func TestPlan_Warnings(t *testing.T) {
	t.Parallel()
	w := importedDeployment(t, map[string]any{"channel": "widget", "name": "Docs", "customization": map[string]any{"a": "x", "b": "y", "c": "z"}}, "defaults=none")
	say := func(config testkit.Config, changed []string, want ...string) {
		t.Helper()
		w.shows(t)
		p := w.mustPlan(t, widget(config))
		if !slices.Equal(p.Changed, changed) {
			t.Errorf("the plan changes %v instead of %v", p.Changed, changed)
		}
		said := withoutAdvice(p.Warnings)
		if len(said) != len(want) {
			t.Fatalf("warnings: %q, want %q", said, want)
		}
		for i, text := range want {
			if !strings.HasSuffix(said[i].Detail, text) {
				t.Errorf("warning %q, want %q", said[i], text)
			}
		}
		if err := w.Apply(p); err != nil {
			t.Fatal(err)
		}
	}
	customization := func(text string) testkit.Config { return testkit.Config{"customization": text} }
	text := []string{"customization"}
	left := "This apply leaves on the server, because Terraform did not write them: "
	// Imported keys that go out are left. A change alone says nothing.
	say(customization(`{"a":"x2","b":"y"}`), text, left+"/c.")
	say(customization(`{"a":"x3","b":"y"}`), text)
	say(customization(`{"a":"x3","b":"y","d":"w"}`), text)
	say(customization(`{"a":"x3","d":"w"}`), text, "This apply removes from customization of deployment "+w.ID()+": /b.")
	// A key that is taken over with the value that it has is no change to be said.
	w.portal(t, testkit.Edit{Pointer: "/customization/e", Value: "v"})
	say(customization(`{"a":"x3","d":"w","e":"v"}`), text)
	w.Quiet(t, widget(customization(`{"a":"x3","d":"w","e":"v"}`)))

	// After an import and a write without the argument its keys are followed, and a
	// configuration with some of them plans empty.
	w = importedDeployment(t, map[string]any{"channel": "widget", "name": "Shop", "customization": map[string]any{"a": "x", "b": "y"}}, "defaults=none")
	ours := func(text string) testkit.Config { return testkit.Config{"name": "Ours", "customization": text} }
	say(testkit.Config{"name": "Ours"}, []string{"name"})
	say(ours(`{"a":"x"}`), nil)
	say(ours(`{"a":"z"}`), text, left+"/b.")
	say(ours(`{"a":"x"}`), text)
	w.Quiet(t, widget(ours(`{"a":"x"}`)))
}

// A rule with a part that is not known plans the same before and after the part is known.
func TestPlan_NestedValueWithAnUnknownPart(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dictionaryFixture())
	rules := func(pronunciation any) testkit.Config {
		return testkit.Config{"name": "Terms", "rules": map[string]any{"a": map[string]any{"pronunciation": pronunciation, "type": "alias"}}}
	}
	w.Must(t, testkit.Create, rules("x"))
	for _, pronunciation := range []any{testkit.Unknown{}, "y"} {
		all, _ := w.mustPlan(t, rules(pronunciation)).Value()["rules"].(map[string]any)
		if rule, _ := all["a"].(map[string]any); rule["case_sensitive"] != false {
			t.Errorf("with %v: %v", pronunciation, all)
		}
	}
}
