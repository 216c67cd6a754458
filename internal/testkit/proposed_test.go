package testkit

import (
	"reflect"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// attributes are those of a resource with everything that core has a rule for.
func attributes() []*tfprotov6.SchemaAttribute {
	inner := []*tfprotov6.SchemaAttribute{
		{Name: "given", Type: tftypes.String, Optional: true}, {Name: "kept", Type: tftypes.String, Optional: true, Computed: true},
	}
	nested := func(mode tfprotov6.SchemaObjectNestingMode) *tfprotov6.SchemaObject {
		return &tfprotov6.SchemaObject{Attributes: inner, Nesting: mode}
	}
	return []*tfprotov6.SchemaAttribute{
		{Name: "id", Type: tftypes.String, Computed: true},
		{Name: "name", Type: tftypes.String, Optional: true, Computed: true},
		{Name: "note", Type: tftypes.String, Optional: true},
		{Name: "secret", Type: tftypes.String, Optional: true, WriteOnly: true},
		{Name: "one", NestedType: nested(tfprotov6.SchemaObjectNestingModeSingle), Optional: true, Computed: true},
		{Name: "many", NestedType: nested(tfprotov6.SchemaObjectNestingModeMap), Optional: true, Computed: true},
		{Name: "row", NestedType: nested(tfprotov6.SchemaObjectNestingModeList), Optional: true, Computed: true},
	}
}

func objectOf(config Config) tftypes.Value {
	schema := &tfprotov6.Schema{Block: &tfprotov6.SchemaBlock{Attributes: attributes()}}
	return encode(schema.ValueType(), config)
}

var priorState = Config{
	"id": "1", "name": "server's", "note": "old", "one": map[string]any{"given": "a", "kept": "k"},
	"many": map[string]any{"x": map[string]any{"given": "a", "kept": "k"}}, "row": []any{map[string]any{"given": "a", "kept": "k"}},
}

func TestProposed_KeepsWhatIsComputed(t *testing.T) {
	t.Parallel()
	changed := map[string]any{"given": "b"}
	got := decode(proposed(attributes(), objectOf(Config{
		"secret": "s", "one": changed, "many": map[string]any{"x": changed, "y": changed}, "row": []any{changed, changed},
	}), objectOf(priorState)))
	kept, fresh := map[string]any{"given": "b", "kept": "k"}, map[string]any{"given": "b", "kept": nil}
	want := map[string]any{
		"id": "1", "name": "server's", "note": nil, "secret": nil, "one": kept,
		"many": map[string]any{"x": kept, "y": fresh}, "row": []any{kept, fresh},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%v instead of %v", got, want)
	}
}

func TestAssertPlanValid_TakesConfigPriorAndComputed(t *testing.T) {
	t.Parallel()
	config := Config{"note": "new", "secret": "s", "one": map[string]any{"given": "b"}}
	for _, test := range []struct {
		plan  Config
		valid bool
	}{
		{Config{"id": Unknown{}, "name": "any", "note": "new", "one": map[string]any{"given": "b", "kept": "any"}}, true},
		{Config{"note": "old", "one": map[string]any{"given": "a", "kept": "k"}}, true},
		{Config{"note": "other", "one": map[string]any{"given": "b"}}, false},
		{Config{"note": "new", "secret": "s", "one": map[string]any{"given": "b"}}, false},
		{Config{"note": "new", "one": map[string]any{"given": "c"}}, false},
		{Config{"note": nil, "one": map[string]any{"given": "b"}}, false},
	} {
		err := assertPlanValid("", attributes(), objectOf(config), objectOf(priorState), objectOf(test.plan))
		if (err == nil) != test.valid {
			t.Errorf("%v: %v", test.plan, err)
		}
	}
}

func TestAssertPlanValid_LooksIntoElements(t *testing.T) {
	t.Parallel()
	config := objectOf(Config{"many": map[string]any{"x": map[string]any{"given": "b"}}, "row": []any{map[string]any{"given": "b"}}})
	good := Config{"many": map[string]any{"x": map[string]any{"given": "b", "kept": "k"}}, "row": []any{map[string]any{"given": "b"}}}
	if err := assertPlanValid("", attributes(), config, objectOf(nil), objectOf(good)); err != nil {
		t.Error(err)
	}
	for name, bad := range map[string]any{"many": map[string]any{"x": map[string]any{"given": "c"}}, "row": []any{}} {
		if err := assertPlanValid("", attributes(), config, objectOf(nil), objectOf(With(good, Config{name: bad}))); err == nil {
			t.Errorf("%s may be planned as %v", name, bad)
		}
	}
}

func TestAssertConsistent_WhatWasPlannedComesOut(t *testing.T) {
	t.Parallel()
	plan := objectOf(Config{"id": Unknown{}, "name": "n", "one": map[string]any{"given": "a", "kept": Unknown{}}})
	for _, test := range []struct {
		result     Config
		consistent bool
	}{
		{Config{"id": "1", "name": "n", "one": map[string]any{"given": "a", "kept": "k"}}, true},
		{Config{"id": Unknown{}, "name": "n", "one": map[string]any{"given": "a"}}, false},
		{Config{"id": "1", "name": "m", "one": map[string]any{"given": "a"}}, false},
		{Config{"id": "1", "name": "n", "one": map[string]any{"given": "b"}}, false},
	} {
		if err := assertConsistent(plan, objectOf(test.result)); (err == nil) != test.consistent {
			t.Errorf("%v: %v", test.result, err)
		}
	}
}
