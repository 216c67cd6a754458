package testkit

import (
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Config holds the arguments of a block by name: string, bool, int, float64, json.Number, nil,
// [Unknown], []string, []any, map[string]any for nested objects and maps. What is not in it is
// null.
type Config = map[string]any

// Unknown is a value that is not known while planning.
type Unknown struct{}

// encode makes a value of a type. An error names the place of what does not fit.
func encode(typ tftypes.Type, value any) (tftypes.Value, error) {
	switch value := value.(type) {
	case nil:
		return tftypes.NewValue(typ, nil), nil
	case Unknown:
		return tftypes.NewValue(typ, tftypes.UnknownValue), nil
	case []string:
		elements := make([]any, len(value))
		for i, text := range value {
			elements[i] = text
		}
		return encode(typ, elements)
	}
	switch typ := typ.(type) {
	case tftypes.Object:
		return encodeObject(typ, value)
	case tftypes.Map:
		return encodeMap(typ, value)
	case tftypes.List:
		return encodeElements(typ, typ.ElementType, value)
	case tftypes.Set:
		return encodeElements(typ, typ.ElementType, value)
	}
	if typ.Is(tftypes.Number) {
		number, ok := new(big.Float).SetPrec(512).SetString(fmt.Sprint(value))
		if !ok {
			return tftypes.Value{}, fmt.Errorf("%v is no number", value)
		}
		return tftypes.NewValue(typ, number), nil
	}
	if err := tftypes.ValidateValue(typ, value); err != nil {
		return tftypes.Value{}, err
	}
	return tftypes.NewValue(typ, value), nil
}

func encodeObject(typ tftypes.Object, value any) (tftypes.Value, error) {
	members, ok := value.(map[string]any)
	if !ok {
		return tftypes.Value{}, fmt.Errorf("%v is no object", value)
	}
	for name := range members {
		if typ.AttributeTypes[name] == nil {
			return tftypes.Value{}, fmt.Errorf("there is no argument %s", name)
		}
	}
	values := map[string]tftypes.Value{}
	for name, attributeType := range typ.AttributeTypes {
		var err error
		if values[name], err = encode(attributeType, members[name]); err != nil {
			return tftypes.Value{}, fmt.Errorf("%s: %w", name, err)
		}
	}
	return tftypes.NewValue(typ, values), nil
}

func encodeMap(typ tftypes.Map, value any) (tftypes.Value, error) {
	members, ok := value.(map[string]any)
	if !ok {
		return tftypes.Value{}, fmt.Errorf("%v is no map", value)
	}
	values := map[string]tftypes.Value{}
	for key, element := range members {
		var err error
		if values[key], err = encode(typ.ElementType, element); err != nil {
			return tftypes.Value{}, fmt.Errorf("%s: %w", key, err)
		}
	}
	return tftypes.NewValue(typ, values), nil
}

func encodeElements(typ, elementType tftypes.Type, value any) (tftypes.Value, error) {
	elements, ok := value.([]any)
	if !ok {
		return tftypes.Value{}, fmt.Errorf("%v is no list", value)
	}
	values := make([]tftypes.Value, len(elements))
	for i, element := range elements {
		var err error
		if values[i], err = encode(elementType, element); err != nil {
			return tftypes.Value{}, fmt.Errorf("element %d: %w", i, err)
		}
	}
	return tftypes.NewValue(typ, values), nil
}

// decode is the opposite of encode. Numbers become json.Number, lists and sets []any.
func decode(value tftypes.Value) any {
	switch {
	case !value.IsKnown():
		return Unknown{}
	case value.IsNull():
		return nil
	case value.Type().Is(tftypes.String):
		return as[string](value)
	case value.Type().Is(tftypes.Bool):
		return as[bool](value)
	case value.Type().Is(tftypes.Number):
		return json.Number(as[*big.Float](value).Text('g', -1))
	case value.Type().Is(tftypes.Object{}), value.Type().Is(tftypes.Map{}):
		members := map[string]any{}
		for name, member := range membersOf(value) {
			members[name] = decode(member)
		}
		return members
	}
	elements := []any{}
	for _, element := range elementsOf(value) {
		elements = append(elements, decode(element))
	}
	return elements
}

// as unpacks a known value whose type the caller has looked at.
func as[T any](value tftypes.Value) T {
	var result T
	if err := value.As(&result); err != nil {
		panic(err)
	}
	return result
}

// membersOf are the attributes of an object or the elements of a map; none for null and unknown.
func membersOf(value tftypes.Value) map[string]tftypes.Value {
	if !value.IsKnown() || value.IsNull() {
		return nil
	}
	return as[map[string]tftypes.Value](value)
}

// elementsOf are the elements of a list or a set; none for null and unknown.
func elementsOf(value tftypes.Value) []tftypes.Value {
	if !value.IsKnown() || value.IsNull() {
		return nil
	}
	return as[[]tftypes.Value](value)
}

// isNull reports whether the value is null. The zero Value is.
func isNull(value tftypes.Value) bool { return value.IsKnown() && value.IsNull() }

func dynamic(value tftypes.Value) *tfprotov6.DynamicValue {
	encoded, err := tfprotov6.NewDynamicValue(value.Type(), value)
	if err != nil {
		panic(err) // the value was made for its type
	}
	return &encoded
}

// differences are the paths at which two values of one type differ, such as
// "limits.max_call_duration". Lists that differ in length are named as a whole. Where ignore
// says so for the first value, what the second has does not matter.
func differences(path string, first, second tftypes.Value, ignore func(tftypes.Value) bool) []string {
	if first.Equal(second) || ignore(first) {
		return nil
	}
	var found []string
	switch {
	case !first.IsKnown() || !second.IsKnown() || first.IsNull() || second.IsNull():
		return []string{path}
	case first.Type().Is(tftypes.Object{}), first.Type().Is(tftypes.Map{}):
		mine, theirs := membersOf(first), membersOf(second)
		for name, member := range mine {
			other, ok := theirs[name]
			if !ok {
				found = append(found, join(path, name))
				continue
			}
			found = append(found, differences(join(path, name), member, other, ignore)...)
		}
		for name := range theirs {
			if _, ok := mine[name]; !ok {
				found = append(found, join(path, name))
			}
		}
	case first.Type().Is(tftypes.List{}):
		mine, theirs := elementsOf(first), elementsOf(second)
		if len(mine) != len(theirs) {
			return []string{path}
		}
		for i := range mine {
			found = append(found, differences(join(path, strconv.Itoa(i)), mine[i], theirs[i], ignore)...)
		}
	default:
		return []string{path}
	}
	slices.Sort(found)
	return found
}

func nothing(tftypes.Value) bool { return false }

func join(path, name string) string {
	return strings.TrimPrefix(path+"."+name, ".")
}
