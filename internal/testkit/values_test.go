package testkit

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

func object(config Config) tftypes.Value {
	return encode(tftypes.Object{AttributeTypes: map[string]tftypes.Type{
		"name": tftypes.String, "on": tftypes.Bool, "size": tftypes.Number, "tags": tftypes.Set{ElementType: tftypes.String},
		"labels": tftypes.Map{ElementType: tftypes.String}, "list": tftypes.List{ElementType: tftypes.Number},
		"inner": tftypes.Object{AttributeTypes: map[string]tftypes.Type{"x": tftypes.String}},
	}}, config)
}

func TestEncode_ComesBackFromDecode(t *testing.T) {
	t.Parallel()
	config := Config{
		"name": "é", "on": true, "size": json.Number("12345678901234567890"), "tags": []string{"a", "b"}, "list": []any{1, Unknown{}},
		"labels": map[string]any{"k": "v"}, "inner": map[string]any{"x": Unknown{}},
	}
	value := object(config)
	config["tags"], config["list"] = []any{"a", "b"}, []any{json.Number("1"), Unknown{}}
	config["size"] = json.Number("1.234567890123456789e+19") // the same number
	if got := decode(value); !reflect.DeepEqual(got, config) {
		t.Errorf("%v instead of %v", got, config)
	}
}

func TestDifferences_NameTheAttributes(t *testing.T) {
	t.Parallel()
	unknown := func(v tftypes.Value) bool { return !v.IsKnown() }
	first := object(Config{"name": "a", "on": true, "tags": []string{"a"}, "list": []any{1}, "labels": map[string]any{"k": "v"}, "inner": map[string]any{"x": "1"}})
	second := object(Config{"name": "a", "on": true, "tags": []string{"a", "b"}, "labels": map[string]any{"l": "v"}, "inner": map[string]any{"x": "2"}})
	want := []string{"inner", "labels", "list", "tags"}
	if got := differences(first, second, nothing); !reflect.DeepEqual(got, want) {
		t.Errorf("%v instead of %v", got, want)
	}
	if got := differences(first, first, nothing); len(got) > 0 {
		t.Errorf("a value differs from itself at %v", got)
	}
	part := object(Config{"name": Unknown{}, "inner": map[string]any{"x": Unknown{}}, "list": []any{Unknown{}, 2}})
	whole := object(Config{"name": "a", "inner": map[string]any{"x": "1"}, "list": []any{1, 2}})
	if got := differences(part, whole, unknown); len(got) > 0 {
		t.Errorf("what is unknown is compared: %v", got)
	}
	if got := differences(whole, part, unknown); len(got) != 3 {
		t.Errorf("what becomes unknown is not compared: %v", got)
	}
}
