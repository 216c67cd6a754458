package provider

import (
	"errors"
	"fmt"
	"math/big"
	"net/url"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tavus/terraform-provider-tavus/internal/ownership"
)

// terraformType is the type of the attribute in Terraform.
func (f *field) terraformType() tftypes.Type {
	switch f.value {
	case flag:
		return tftypes.Bool
	case number:
		return tftypes.Number
	case texts:
		return tftypes.List{ElementType: tftypes.String}
	case textSet:
		return tftypes.Set{ElementType: tftypes.String}
	case textMap:
		return tftypes.Map{ElementType: tftypes.String}
	case object, wholeObject:
		return f.objectType()
	case objectList:
		return tftypes.List{ElementType: f.objectType()}
	case objectMap:
		return tftypes.Map{ElementType: f.objectType()}
	default:
		return tftypes.String
	}
}

// document writes the arguments of v in the shape of the API. What is null or not
// known is left out, and so is a JSON text that cannot be parsed where strict is
// not set: a state file can have been edited.
func (k *kind) document(v values, strict bool) (*ownership.Document, error) {
	members, nested := map[string]any{}, map[string]any{}
	for i := range k.fields {
		f := &k.fields[i]
		// A nested value can hold members that only the server knows yet.
		if isSet := v.isSet(f.name) || f.isNested() && known(v[f.name]); !f.isSent() || !isSet {
			continue
		}
		value, err := f.toDocument(v[f.name])
		if err != nil {
			if !strict {
				continue
			}
			return nil, fmt.Errorf("%s: %w", f.name, err)
		}
		if at := f.pointer(); strings.LastIndexByte(at, '/') == 0 {
			members[at[1:]] = value
		} else {
			nested[at] = value
		}
	}
	document := ownership.NewDocument(members)
	for _, at := range sortedKeys(nested) {
		document = document.With(at, nested[at])
	}
	return k.renamed(document), nil
}

// renamed is the document with the names of today. Where it has both names, the new one counts.
func (k *kind) renamed(document *ownership.Document) *ownership.Document {
	for older, today := range k.olderNames {
		value, found := document.At(older)
		if _, both := document.At(today); found && !both {
			document = document.With(today, value)
		}
		document = document.With(older, nil)
	}
	return document
}

var errNullElement = errors.New("an element is null")

// empty is the value that clears the field: null where it has none.
func (f *field) empty() tftypes.Value {
	typ := f.terraformType()
	switch f.value {
	case text:
		return tftypes.NewValue(typ, "")
	case texts, textSet, objectList:
		return tftypes.NewValue(typ, []tftypes.Value{})
	case textMap, objectMap:
		return tftypes.NewValue(typ, map[string]tftypes.Value{})
	default:
		return tftypes.NewValue(typ, nil)
	}
}

// toDocument converts a known value.
func (f *field) toDocument(value tftypes.Value) (any, error) {
	switch f.value {
	case object, wholeObject, objectList, objectMap:
		return f.nestedDocument(value)
	case flag:
		var b bool
		err := value.As(&b)
		return b, err
	case number:
		n := new(big.Float)
		err := value.As(&n)
		return ownership.NewNumber(n.Text('f', -1)), err
	case texts, textSet:
		var elements []tftypes.Value
		if err := value.As(&elements); err != nil {
			return nil, err
		}
		list := make([]any, 0, len(elements))
		for _, element := range elements {
			var s string
			if element.IsNull() {
				return nil, errNullElement
			}
			if err := element.As(&s); err != nil {
				return nil, err
			}
			list = append(list, s)
		}
		return list, nil
	case textMap:
		var elements map[string]tftypes.Value
		if err := value.As(&elements); err != nil {
			return nil, err
		}
		members := map[string]any{}
		for key, element := range elements {
			var s string
			if element.IsNull() {
				return nil, errNullElement
			}
			if err := element.As(&s); err != nil {
				return nil, err
			}
			members[key] = s
		}
		return members, nil
	default: // a text in Terraform
	}
	var s string
	if err := value.As(&s); err != nil {
		return nil, err
	}
	if f.value == jsonObject || f.value == jsonValue {
		return ownership.ParseConfig(s)
	}
	return s, nil
}

// fromDocument converts what a document holds for the field. keepEmpty: an empty
// object and an empty list are values, as in a data source, and not null.
func (f *field) fromDocument(document *ownership.Document, keepEmpty bool) (tftypes.Value, error) {
	typ := f.terraformType()
	value, found := document.At(f.pointer())
	if !found {
		switch {
		case keepEmpty && (f.value == jsonObject || f.value == jsonValue):
			return tftypes.NewValue(typ, "{}"), nil
		case keepEmpty && f.value == textSet:
			return tftypes.NewValue(typ, []tftypes.Value{}), nil
		}
		return tftypes.NewValue(typ, nil), nil
	}
	if f.isNested() {
		if items, ok := value.([]any); ok && len(items) == 0 && !keepEmpty {
			return tftypes.NewValue(typ, nil), nil
		}
		return f.nestedValue(value)
	}
	switch value := value.(type) {
	case string:
		if typ.Is(tftypes.String) && f.value != jsonObject && f.value != jsonValue {
			return textValue(value), nil
		}
	case bool:
		if f.value == flag {
			return tftypes.NewValue(typ, value), nil
		}
	case ownership.Number:
		if n, ok := new(big.Float).SetString(string(value)); ok && f.value == number && n.IsInt() {
			return tftypes.NewValue(typ, n), nil
		}
	case []any:
		if f.value == texts || f.value == textSet {
			return listValue(typ, value, f.value == textSet, keepEmpty)
		}
	case map[string]any:
		return f.fromObject(document, value, keepEmpty)
	}
	return tftypes.Value{}, f.wrongType(value)
}

func (f *field) fromObject(document *ownership.Document, members map[string]any, keepEmpty bool) (tftypes.Value, error) {
	if f.value == textMap {
		elements := map[string]tftypes.Value{}
		for key, member := range members {
			s, ok := member.(string)
			if !ok {
				return tftypes.Value{}, f.wrongType(member)
			}
			elements[key] = tftypes.NewValue(tftypes.String, s)
		}
		return tftypes.NewValue(f.terraformType(), elements), nil
	}
	if f.value != jsonObject && f.value != jsonValue {
		return tftypes.Value{}, f.wrongType(members)
	}
	if len(members) == 0 && !keepEmpty {
		return tftypes.NewValue(tftypes.String, nil), nil
	}
	return tftypes.NewValue(tftypes.String, document.Object(f.pointer()).Text()), nil
}

func listValue(typ tftypes.Type, items []any, set, keepEmpty bool) (tftypes.Value, error) {
	if len(items) == 0 && !keepEmpty {
		return tftypes.NewValue(typ, nil), nil
	}
	seen := map[string]bool{}
	elements := []tftypes.Value{}
	for _, item := range items {
		s, ok := item.(string)
		if !ok {
			return tftypes.Value{}, errors.New("an element of the list is not a string")
		}
		if !set || !seen[s] {
			elements = append(elements, tftypes.NewValue(tftypes.String, s))
		}
		seen[s] = true
	}
	return tftypes.NewValue(typ, elements), nil
}

func (f *field) wrongType(value any) error {
	names := map[valueType]string{
		flag: "a boolean", number: "a whole number", texts: "an array of strings", textSet: "an array of strings",
		textMap: "an object of strings", jsonObject: "an object", jsonValue: "an object",
	}
	wanted, ok := names[f.value]
	if !ok {
		wanted = "a string"
	}
	return fmt.Errorf("the server's %s is %s instead of %s", f.name, typeName(value), wanted)
}

func typeName(value any) string {
	switch value.(type) {
	case nil:
		return "null"
	case bool:
		return "a boolean"
	case string:
		return "a string"
	case ownership.Number:
		return "a number"
	case []any:
		return "an array"
	}
	return "an object"
}

// sameComputed reports whether a computed value of the state and one of the server
// mean the same. The state's text then stays.
func (f *field) sameComputed(a, b tftypes.Value) bool {
	if a.Equal(b) {
		return true
	}
	var x, y string
	if a.As(&x) != nil || b.As(&y) != nil || x == "" || y == "" {
		return false
	}
	switch f.value {
	case timestamp:
		ta, errA := time.Parse(time.RFC3339, x)
		tb, errB := time.Parse(time.RFC3339, y)
		return errA == nil && errB == nil && ta.Equal(tb)
	case link:
		// A server may sign a URL anew each time that it hands it out.
		return sameWithoutQuery(x, y)
	default:
		return false
	}
}

func sameWithoutQuery(x, y string) bool {
	ua, errA := url.Parse(x)
	ub, errB := url.Parse(y)
	if errA != nil || errB != nil {
		return false
	}
	ua.RawQuery, ub.RawQuery = "", ""
	return ua.String() == ub.String()
}
