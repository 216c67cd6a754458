package provider_test

import (
	"strings"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/testkit"
)

func dictionaryOf(kinds map[string]string) testkit.Config {
	rules := map[string]any{}
	for text, kind := range kinds {
		rules[text] = map[string]any{"pronunciation": "sound", "type": kind}
	}
	return testkit.Config{"name": "Terms", "rules": rules}
}

// Some servers keep two texts that differ in case, so such a dictionary can be imported as it is.
func TestDictionary_WarnsOfTextsThatDifferInCase(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dictionaryFixture())
	config := dictionaryOf(map[string]string{"US": "alias", "us": "alias"})
	const warning = `Terms rules: "US" and "us" differ in case only`
	if p := w.Must(t, testkit.Create, config); !strings.Contains(testkit.Lines(p.Warnings), warning) {
		t.Errorf("warnings: %s", testkit.Lines(p.Warnings))
	}
	id := w.ID()
	w.Forget()
	if err := w.Import(id); err != nil {
		t.Fatal(err)
	}
	if p := w.mustPlan(t, config); p.Action != testkit.NoOp || len(p.Warnings) > 0 {
		t.Errorf("%s: %s, %s", p.Action, p.Difference(), testkit.Lines(p.Warnings))
	}
}

func TestDictionary_UnknownTypeWarnsAndIsNotBlamedOnTheName(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dictionaryFixture())
	w.SetContract(nil) // it knows two types
	config := dictionaryOf(map[string]string{"nginx": "alis"})
	got := testkit.Lines(w.mustPlan(t, config).Warnings)
	for _, want := range []string{"rules[nginx].type", "unknown value", `Did you mean "alias"?`} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in %s", want, got)
		}
	}
	expectError(t, w.Write(config), "must be alias or ipa")
	if len(w.core.Errors) != 1 || w.core.Errors[0].Path != "" {
		t.Errorf("%v", w.core.Errors)
	}
}
