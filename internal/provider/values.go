package provider

import (
	"fmt"
	"maps"
	"math/big"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// values are the attributes of one object in Terraform's own form. Nil stands for
// no object. The framework's Get and Set look at a struct and at the schema in every
// call, which took a tenth of the provider's time.
type values map[string]tftypes.Value

func decodeValues(raw tftypes.Value) (values, error) {
	if raw.IsNull() {
		return nil, nil //nolint:nilnil // No object is not an error.
	}
	v := values{}
	if err := raw.As((*map[string]tftypes.Value)(&v)); err != nil {
		return nil, fmt.Errorf("a value does not fit the schema: %w", err)
	}
	return maps.Clone(v), nil // As hands out the value's own map
}

// decodeAll is decodeValues of several objects.
func decodeAll(raws ...tftypes.Value) ([]values, error) {
	all := make([]values, len(raws))
	for i, raw := range raws {
		var err error
		if all[i], err = decodeValues(raw); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// isSet reports whether an attribute is not null, and known with all that is in it.
func (v values) isSet(name string) bool {
	value, ok := v[name]
	return ok && !value.IsNull() && value.IsFullyKnown()
}

func (v values) isNull(name string) bool {
	value, ok := v[name]
	return !ok || value.IsNull()
}

func (v values) isUnknown(name string) bool {
	value, ok := v[name]
	return ok && !value.IsFullyKnown()
}

func (v values) equal(name string, other values) bool { return v[name].Equal(other[name]) }

// text returns a text attribute, "" for null and unknown.
func (v values) text(name string) string {
	var s string
	if v.isSet(name) && v[name].Type().Is(tftypes.String) {
		_ = v[name].As(&s)
	}
	return s
}

func (v values) flag(name string) bool {
	var b bool
	if v.isSet(name) && v[name].Type().Is(tftypes.Bool) {
		_ = v[name].As(&b)
	}
	return b
}

// texts returns the known elements of a list or a set of texts.
func (v values) texts(name string) []string {
	var elements []tftypes.Value
	var all []string
	if v.isSet(name) && v[name].As(&elements) == nil {
		for _, element := range elements {
			var s string
			if element.IsKnown() && !element.IsNull() && element.As(&s) == nil {
				all = append(all, s)
			}
		}
	}
	return all
}

// number returns a whole number, 0 for null and unknown.
func (v values) number(name string) int64 {
	n := new(big.Float)
	if !v.isSet(name) || v[name].As(&n) != nil {
		return 0
	}
	whole, _ := n.Int64()
	return whole
}

// textMap returns a map of texts, with "" for an element that is not known.
func (v values) textMap(name string) map[string]string {
	elements, all := values{}, map[string]string{}
	if known(v[name]) && v[name].As((*map[string]tftypes.Value)(&elements)) == nil {
		for key := range elements {
			all[key] = elements.text(key)
		}
	}
	return all
}

// inner are the attributes of a nested object, nil where it is null or not known. No names: v itself.
func (v values) inner(names ...string) values {
	for _, name := range names {
		v = innerOf(v[name])
	}
	return v
}

func innerOf(value tftypes.Value) values {
	if !known(value) {
		return nil
	}
	v, _ := decodeValues(value)
	return v
}

// put sets an attribute of a nested object, if the object is there.
func (v values) put(around []string, name string, value tftypes.Value) {
	if len(around) == 0 {
		v[name] = value
		return
	}
	if inner := v.inner(around[0]); inner != nil {
		inner.put(around[1:], name, value)
		v[around[0]] = inner.raw(v[around[0]].Type())
	}
}

// textValue is null for "": the API leaves out, or sends empty, what is not set.
func textValue(s string) tftypes.Value {
	if s == "" {
		return tftypes.NewValue(tftypes.String, nil)
	}
	return tftypes.NewValue(tftypes.String, s)
}

func unknownOf(typ tftypes.Type) tftypes.Value { return tftypes.NewValue(typ, tftypes.UnknownValue) }

// raw is the object as a value of the type of a plan or a state.
func (v values) raw(typ tftypes.Type) tftypes.Value {
	return tftypes.NewValue(typ, map[string]tftypes.Value(v))
}

// clone copies the map; the values themselves are never changed.
func (v values) clone() values {
	return maps.Clone(v)
}

func sortedKeys[V any](m map[string]V) []string {
	return slices.Sorted(maps.Keys(m))
}

// known reports whether there is a value at all, and it is known and not null.
func known(value tftypes.Value) bool {
	return value.Type() != nil && value.IsKnown() && !value.IsNull()
}
