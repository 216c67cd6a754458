package provider

import (
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// This file completes nested values: a configuration with what the state shows, and a plan with what the
// server answers.

// complete fills what a nested value of the configuration leaves out to the server: with
// what the state shows in the same place, or as unknown where the state shows nothing.
func (f *field) complete(config, state tftypes.Value) tftypes.Value {
	if !f.isNested() || config.IsNull() || !config.IsKnown() {
		return config
	}
	switch f.value {
	case object, wholeObject:
		return f.completeObject(config, state)
	case objectList:
		var elements, shown []tftypes.Value
		if config.As(&elements) != nil {
			return config
		}
		if known(state) {
			_ = state.As(&shown)
		}
		elements = slices.Clone(elements) // As hands out the value's own list
		for i := range elements {
			elements[i] = f.completeObject(elements[i], f.counterpart(elements[i], shown))
		}
		return tftypes.NewValue(config.Type(), elements)
	default:
		elements, shown := map[string]tftypes.Value{}, map[string]tftypes.Value{}
		if config.As(&elements) != nil {
			return config
		}
		if known(state) {
			_ = state.As(&shown)
		}
		elements = maps.Clone(elements)
		for key := range elements {
			elements[key] = f.completeObject(elements[key], shown[key])
		}
		return tftypes.NewValue(config.Type(), elements)
	}
}

func (f *field) completeObject(config, state tftypes.Value) tftypes.Value {
	v, err := decodeValues(config)
	if err != nil || v == nil || !config.IsKnown() {
		return config
	}
	var shown values
	if known(state) {
		shown, _ = decodeValues(state)
	}
	for i := range f.fields {
		inner := &f.fields[i]
		switch {
		case inner.use == managed && v.isNull(inner.name) && shown != nil:
			v[inner.name] = shown[inner.name]
		case inner.use == managed && v.isNull(inner.name):
			v[inner.name] = unknownOf(inner.terraformType())
		case inner.isNested():
			var inside tftypes.Value
			if shown != nil {
				inside = shown[inner.name]
			}
			v[inner.name] = inner.complete(v[inner.name], inside)
		}
	}
	return v.raw(config.Type())
}

// counterpart is the element of the state with the same key, because a list can be
// reordered.
func (f *field) counterpart(element tftypes.Value, shown []tftypes.Value) tftypes.Value {
	wanted, err := decodeValues(element)
	if err != nil {
		return tftypes.Value{}
	}
	for _, candidate := range shown {
		if have, err := decodeValues(candidate); err == nil && wanted.isSet(f.key) && wanted.equal(f.key, have) {
			return candidate
		}
	}
	return tftypes.Value{}
}

// keep is the value of a state that means what the configuration says. An empty value in an object is
// null in the state, where the configuration may write it.
func (f *field) keep(state, config tftypes.Value) tftypes.Value {
	if state.IsNull() {
		return config
	}
	if !known(config) || f.value != object && f.value != wholeObject {
		return state
	}
	wanted, _ := decodeValues(config)
	kept, err := decodeValues(state)
	if err != nil {
		return state
	}
	for i := range f.fields {
		inner := &f.fields[i]
		kept[inner.name] = inner.keep(kept[inner.name], wanted[inner.name])
	}
	return kept.raw(state.Type())
}

// fillIn replaces what is not known in a planned value by what the server holds.
func (f *field) fillIn(planned, held tftypes.Value) tftypes.Value {
	if !f.isNested() || !known(planned) {
		return held
	}
	switch f.value {
	case objectList:
		var elements, all []tftypes.Value
		if planned.As(&elements) != nil || known(held) && held.As(&all) != nil {
			return held
		}
		elements = slices.Clone(elements)
		for i := range elements {
			elements[i] = f.fillObject(elements[i], f.counterpart(elements[i], all))
		}
		return tftypes.NewValue(planned.Type(), elements)
	case objectMap:
		elements, all := map[string]tftypes.Value{}, map[string]tftypes.Value{}
		if planned.As(&elements) != nil || known(held) && held.As(&all) != nil {
			return held
		}
		elements = maps.Clone(elements)
		for key := range elements {
			elements[key] = f.fillObject(elements[key], all[key])
		}
		return tftypes.NewValue(planned.Type(), elements)
	default:
		return f.fillObject(planned, held)
	}
}

func (f *field) fillObject(planned, held tftypes.Value) tftypes.Value {
	v, err := decodeValues(planned)
	if err != nil || v == nil {
		return planned
	}
	var shown values
	if known(held) {
		shown, _ = decodeValues(held)
	}
	for i := range f.fields {
		inner := &f.fields[i]
		if v[inner.name].IsFullyKnown() {
			continue
		}
		server, ok := shown[inner.name]
		if !ok {
			server = tftypes.NewValue(inner.terraformType(), nil)
		}
		v[inner.name] = inner.fillIn(v[inner.name], server)
	}
	return v.raw(planned.Type())
}
