package testkit

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Config holds the arguments of a block by name: values that encoding/json knows, and [Unknown].
// What is not in it is null.
type Config = map[string]any

// Unknown is a value that is not known while planning.
type Unknown struct{}

// must returns a value without its error. In one process the protocol has none, so an error is a
// mistake of the test.
func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// encode makes a value of a type. A value that does not fit panics.
func encode(typ tftypes.Type, value any) tftypes.Value {
	switch value := value.(type) {
	case nil:
		return tftypes.NewValue(typ, nil)
	case Unknown:
		return tftypes.NewValue(typ, tftypes.UnknownValue)
	case map[string]any:
		return tftypes.NewValue(typ, encodeMembers(typ, value))
	case []any:
		elements := make([]tftypes.Value, len(value))
		for i, element := range value {
			elements[i] = encode(elementType(typ), element)
		}
		return tftypes.NewValue(typ, elements)
	}
	return must(tfprotov6.RawState{JSON: must(json.Marshal(value))}.Unmarshal(typ))
}

func encodeMembers(typ tftypes.Type, members map[string]any) map[string]tftypes.Value {
	values := map[string]tftypes.Value{}
	object, isObject := typ.(tftypes.Object)
	for name, attribute := range object.AttributeTypes {
		values[name] = encode(attribute, members[name])
	}
	for name, member := range members {
		switch {
		case !isObject:
			values[name] = encode(elementType(typ), member)
		case object.AttributeTypes[name] == nil:
			panic("there is no argument " + name)
		}
	}
	return values
}

func elementType(typ tftypes.Type) tftypes.Type {
	switch typ := typ.(type) {
	case tftypes.Map:
		return typ.ElementType
	case tftypes.List:
		return typ.ElementType
	case tftypes.Set:
		return typ.ElementType
	}
	panic(fmt.Sprintf("%s has no elements", typ))
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
		for name, member := range partsOf(value) {
			members[name] = decode(member)
		}
		return members
	}
	elements := []any{}
	for _, element := range as[[]tftypes.Value](value) {
		elements = append(elements, decode(element))
	}
	return elements
}

func decodeObject(value tftypes.Value) map[string]any {
	object, _ := decode(value).(map[string]any)
	return object
}

// as unpacks a known value whose type the caller has looked at.
func as[T any](value tftypes.Value) T {
	var result T
	if err := value.As(&result); err != nil {
		panic(err)
	}
	return result
}

// partsOf are the attributes of an object, and the elements of a map or, by number, of a list.
// Other values, null and unknown have none.
func partsOf(value tftypes.Value) map[string]tftypes.Value {
	switch {
	case value.Type() == nil || !value.IsKnown() || value.IsNull():
	case value.Type().Is(tftypes.Object{}), value.Type().Is(tftypes.Map{}):
		return as[map[string]tftypes.Value](value)
	case value.Type().Is(tftypes.List{}):
		parts := map[string]tftypes.Value{}
		for i, element := range as[[]tftypes.Value](value) {
			parts[strconv.Itoa(i)] = element
		}
		return parts
	}
	return nil
}

// isNull reports whether the value is null. The zero Value is.
func isNull(value tftypes.Value) bool { return value.IsKnown() && value.IsNull() }

func dynamic(value tftypes.Value) *tfprotov6.DynamicValue {
	encoded := must(tfprotov6.NewDynamicValue(value.Type(), value))
	return &encoded
}

// differences are the attributes in which two objects differ. Where ignore says so for a value in
// the first, what the second has there does not matter.
func differences(first, second tftypes.Value, ignore func(tftypes.Value) bool) []string {
	var found []string
	mine, theirs := partsOf(first), partsOf(second)
	for _, name := range slices.Sorted(maps.Keys(first.Type().(tftypes.Object).AttributeTypes)) { //nolint:forcetypeassert // It is the type of a block.
		if !agree(mine[name], theirs[name], ignore) {
			found = append(found, name)
		}
	}
	return found
}

func agree(first, second tftypes.Value, ignore func(tftypes.Value) bool) bool {
	if first.Equal(second) || ignore(first) {
		return true
	}
	mine, theirs := partsOf(first), partsOf(second)
	for name, part := range mine {
		other, has := theirs[name]
		if !has || !agree(part, other, ignore) {
			return false
		}
	}
	return len(mine) > 0 && len(mine) == len(theirs)
}

func nothing(tftypes.Value) bool { return false }

func join(path, name string) string { return strings.TrimPrefix(path+"."+name, ".") }
