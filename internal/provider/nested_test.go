package provider_test

import (
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/testkit"
)

func rules(of map[string]any) testkit.Config {
	return testkit.Config{"name": "Product terms", "rules": of}
}

// A rule that comes whole from another resource is unknown in the first plan.
func TestNested_ObjectUnknownAsAWholeIsPlanned(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dictionaryFixture())
	a, b := map[string]any{"pronunciation": "engine ex", "type": "alias"}, map[string]any{"pronunciation": "sequel", "type": "alias"}
	if _, err := w.Plan(rules(map[string]any{"nginx": a, "SQL": testkit.Unknown{}})); err != nil {
		t.Fatal(err)
	}
	w.Must(t, testkit.Create, rules(map[string]any{"nginx": a}))
	if _, err := w.Plan(rules(map[string]any{"nginx": a, "SQL": testkit.Unknown{}})); err != nil {
		t.Fatal(err)
	}
	w.Must(t, testkit.Update, rules(map[string]any{"nginx": a, "SQL": b}))
}

func TestNested_MissingArgumentIsNamedAtItsPlace(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dictionaryFixture())
	for name, one := range map[string]struct {
		rule any
		at   string
	}{
		"left out": {map[string]any{"type": "alias"}, "rules[nginx].pronunciation"},
		"null":     {nil, "rules"},
	} {
		err := w.Validate(rules(map[string]any{"nginx": one.rule}))
		if err == nil || len(w.core.Errors) != 1 || w.core.Errors[0].Path != one.at {
			t.Errorf("%s: %v", name, err)
		}
	}
	half := map[string]any{"pronunciation": testkit.Unknown{}, "type": "alias"}
	if err := w.Validate(rules(map[string]any{"nginx": half})); err != nil {
		t.Errorf("what is not known yet is not missing: %v", err)
	}
}
