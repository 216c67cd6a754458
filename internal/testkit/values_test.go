package testkit

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

var sample = tftypes.Object{AttributeTypes: map[string]tftypes.Type{
	"name": tftypes.String, "on": tftypes.Bool, "size": tftypes.Number, "tags": tftypes.List{ElementType: tftypes.String},
	"labels": tftypes.Map{ElementType: tftypes.String},
	"inner":  tftypes.Object{AttributeTypes: map[string]tftypes.Type{"x": tftypes.String}},
}}

func TestEncode_ComesBackFromDecode(t *testing.T) {
	t.Parallel()
	config := Config{
		"name": "é", "on": true, "size": json.Number("12345678901234567890"), "tags": []string{"a", "b"},
		"labels": map[string]any{"k": "v"}, "inner": map[string]any{"x": Unknown{}},
	}
	value, err := encode(sample, config)
	if err != nil {
		t.Fatal(err)
	}
	config["tags"] = []any{"a", "b"}
	config["size"] = json.Number("1.234567890123456789e+19") // the same number
	if got := decode(value); !reflect.DeepEqual(got, config) {
		t.Errorf("%v instead of %v", got, config)
	}
}

func TestEncode_RefusesWhatDoesNotFit(t *testing.T) {
	t.Parallel()
	for _, config := range []Config{
		{"nonsense": "x"},
		{"name": true},
		{"size": "many"},
		{"tags": "a"},
		{"labels": []any{}},
		{"inner": "x"},
		{"inner": map[string]any{"y": ""}},
		{"tags": []any{1}},
		{"labels": map[string]any{"k": 1}},
	} {
		if value, err := encode(sample, config); err == nil {
			t.Errorf("%v became %v", config, value)
		}
	}
}

func TestDifferences_NameThePath(t *testing.T) {
	t.Parallel()
	object := func(config Config) tftypes.Value {
		value, err := encode(sample, config)
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
	first := object(Config{"name": "a", "tags": []string{"a"}, "labels": map[string]any{"k": "v"}, "inner": map[string]any{"x": "1"}})
	second := object(Config{"name": "a", "tags": []string{"a", "b"}, "labels": map[string]any{"l": "v"}, "inner": map[string]any{"x": "2"}})
	want := []string{"inner.x", "labels.k", "labels.l", "tags"}
	if got := differences("", first, second, nothing); !reflect.DeepEqual(got, want) {
		t.Errorf("%v instead of %v", got, want)
	}
	if got := differences("", first, first, nothing); len(got) > 0 {
		t.Errorf("a value differs from itself at %v", got)
	}
	if got := differences("", object(Config{"name": Unknown{}}), object(Config{"name": "a"}), func(v tftypes.Value) bool { return !v.IsKnown() }); len(got) > 0 {
		t.Errorf("what is unknown is compared: %v", got)
	}
}
