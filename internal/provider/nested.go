package provider

import (
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tavus/terraform-provider-tavus/internal/ownership"
)

// This file holds the attributes that have attributes of their own: an object, a list of
// objects, and a map of objects, which the API has as an array.

// isNested reports whether the field has fields of its own.
func (f *field) isNested() bool { return len(f.fields) > 0 }

func (f *field) objectType() tftypes.Object {
	types := map[string]tftypes.Type{}
	for i := range f.fields {
		types[f.fields[i].name] = f.fields[i].terraformType()
	}
	if f.secret != nil {
		for _, name := range f.secret.arguments() {
			types[name] = tftypes.String
		}
	}
	return tftypes.Object{AttributeTypes: types}
}

// nestedDocument converts a known value of a nested field.
func (f *field) nestedDocument(value tftypes.Value) (any, error) {
	switch f.value {
	case objectList:
		var elements []tftypes.Value
		if err := value.As(&elements); err != nil {
			return nil, err
		}
		items := []any{}
		for _, element := range elements {
			members, err := f.members(element)
			if err != nil {
				return nil, err
			}
			items = append(items, members)
		}
		return items, nil
	case objectMap:
		var elements map[string]tftypes.Value
		if err := value.As(&elements); err != nil {
			return nil, err
		}
		items := []any{}
		for _, key := range slices.Sorted(maps.Keys(elements)) {
			members, err := f.members(elements[key])
			if err != nil {
				return nil, err
			}
			members[f.key] = key
			items = append(items, members)
		}
		return items, nil
	default:
		return f.members(value)
	}
}

// members converts one object. What is null or not known is left out.
func (f *field) members(value tftypes.Value) (map[string]any, error) {
	if !value.IsKnown() {
		return map[string]any{}, nil
	}
	v, err := decodeValues(value)
	if err == nil && v == nil {
		err = errNullElement
	}
	if err != nil {
		return nil, err
	}
	document := ownership.NewDocument(nil)
	for i := range f.fields {
		inner := &f.fields[i]
		// A nested value can hold members that only the server knows yet.
		if !v.isSet(inner.name) && (!inner.isNested() || !known(v[inner.name])) {
			continue
		}
		member, err := inner.toDocument(v[inner.name])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", inner.name, err)
		}
		// What is owned as a whole has no empty members.
		if f.value == object || !isEmpty(member) {
			document = document.With(inner.pointer(), member)
		}
	}
	root, _ := document.At("")
	members, _ := root.(map[string]any)
	return members, nil
}

func isEmpty(member any) bool {
	switch member := member.(type) {
	case string:
		return member == ""
	case []any:
		return len(member) == 0
	case map[string]any:
		return len(member) == 0
	case *ownership.Document:
		return member.Empty()
	}
	return false
}

// nestedValue converts what a document holds. Members that no field has are left
// out.
func (f *field) nestedValue(value any) (tftypes.Value, error) {
	typ := f.terraformType()
	if f.value == object || f.value == wholeObject {
		return f.objectValue(value)
	}
	items, ok := value.([]any)
	if !ok {
		return tftypes.Value{}, f.wrongType(value)
	}
	list, byKey := []tftypes.Value{}, map[string]tftypes.Value{}
	for _, item := range items {
		element, err := f.objectValue(item)
		if err != nil {
			return tftypes.Value{}, err
		}
		list = append(list, element)
		if members, ok := item.(map[string]any); ok && f.value == objectMap {
			key, _ := members[f.key].(string)
			byKey[key] = element
		}
	}
	if f.value == objectMap {
		return tftypes.NewValue(typ, byKey), nil
	}
	return tftypes.NewValue(typ, list), nil
}

func (f *field) objectValue(value any) (tftypes.Value, error) {
	members, ok := value.(map[string]any)
	if !ok {
		return tftypes.Value{}, f.wrongType(value)
	}
	document := ownership.NewDocument(members)
	v, empty := values{}, true
	for i := range f.fields {
		inner, err := f.fields[i].fromDocument(document, false)
		if err != nil {
			return tftypes.Value{}, fmt.Errorf("%s: %w", f.name, err)
		}
		v[f.fields[i].name] = inner
		empty = empty && inner.IsNull()
	}
	if empty && f.value == wholeObject {
		return tftypes.NewValue(f.objectType(), nil), nil
	}
	if f.secret != nil {
		for _, name := range f.secret.arguments() {
			v[name] = tftypes.NewValue(tftypes.String, nil)
		}
	}
	return v.raw(f.objectType()), nil
}

// each calls do with each object of a nested value, its path, and the one that the state has in
// its place: that with the same key in a list, because a list can be reordered.
func (f *field) each(value, state tftypes.Value, at path.Path, do func(at path.Path, one, was tftypes.Value)) {
	if !f.isNested() || !known(value) {
		return
	}
	switch f.value {
	case objectList:
		var elements, shown []tftypes.Value
		_ = value.As(&elements)
		if known(state) {
			_ = state.As(&shown)
		}
		for i := range elements {
			do(at.AtListIndex(i), elements[i], f.counterpart(elements[i], shown))
		}
	case objectMap:
		var elements, shown map[string]tftypes.Value
		_ = value.As(&elements)
		if known(state) {
			_ = state.As(&shown)
		}
		for _, key := range sortedKeys(elements) {
			do(at.AtMapKey(key), elements[key], shown[key])
		}
	default:
		do(at, value, state)
	}
}

// missing reports the required attributes that the configuration leaves out inside a nested value.
func (f *field) missing(value tftypes.Value, at path.Path, diags *diag.Diagnostics) {
	f.each(value, tftypes.Value{}, at, func(at path.Path, one, _ tftypes.Value) { f.missingIn(one, at, diags) })
}

func (f *field) missingIn(element tftypes.Value, at path.Path, diags *diag.Diagnostics) {
	if !known(element) {
		return
	}
	v, _ := decodeValues(element)
	for i := range f.fields {
		inner := &f.fields[i]
		if inner.use == required && v.isNull(inner.name) {
			diags.AddAttributeError(at.AtName(inner.name), "Missing "+inner.name, fmt.Sprintf("%s needs %s.", at, inner.name))
		}
		inner.missing(v[inner.name], at.AtName(inner.name), diags)
	}
}
