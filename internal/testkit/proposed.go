package testkit

import (
	"fmt"
	"maps"
	"strconv"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// This file holds the rules of Terraform core: what a plan starts from, and what the provider
// may make of it.

const single = tfprotov6.SchemaObjectNestingModeSingle

// proposed merges a configuration and a prior state as core's ProposedNew does: what is computed
// and not configured keeps its prior value, nested attributes one by one.
func proposed(attributes []*tfprotov6.SchemaAttribute, config, prior tftypes.Value) tftypes.Value {
	values, had := maps.Clone(partsOf(config)), partsOf(prior)
	for _, a := range attributes {
		want := values[a.Name]
		old, hasOld := had[a.Name]
		if !hasOld {
			old = tftypes.NewValue(want.Type(), nil)
		}
		switch {
		case a.WriteOnly:
			want = tftypes.NewValue(want.Type(), nil)
		case a.Computed && isNull(want):
			want = old
		case a.NestedType != nil:
			want = proposedNested(a.NestedType, want, old)
		}
		values[a.Name] = want
	}
	return tftypes.NewValue(config.Type(), values)
}

func proposedNested(nested *tfprotov6.SchemaObject, want, old tftypes.Value) tftypes.Value {
	parts, had := maps.Clone(partsOf(want)), partsOf(old)
	if parts == nil {
		return want // null, unknown, or a set, of which this provider has none of objects
	}
	if nested.Nesting == single {
		return proposed(nested.Attributes, want, old)
	}
	for key, element := range parts {
		if before, has := had[key]; has && partsOf(element) != nil {
			parts[key] = proposed(nested.Attributes, element, before)
		}
	}
	if !want.Type().Is(tftypes.List{}) {
		return tftypes.NewValue(want.Type(), parts)
	}
	elements := make([]tftypes.Value, len(parts))
	for i := range elements {
		elements[i] = parts[strconv.Itoa(i)]
	}
	return tftypes.NewValue(want.Type(), elements)
}

// assertPlanValid is core's rule: what the configuration sets is planned as it is, or as the
// prior state has it.
func assertPlanValid(path string, attributes []*tfprotov6.SchemaAttribute, config, prior, plan tftypes.Value) error {
	wanted, had, got := partsOf(config), partsOf(prior), partsOf(plan)
	for _, a := range attributes {
		where, value, want, old := join(path, a.Name), got[a.Name], wanted[a.Name], had[a.Name]
		switch {
		case a.WriteOnly:
			if !isNull(value) {
				return fmt.Errorf("invalid plan: the write-only %s is planned", where)
			}
		case value.Equal(want), !isNull(old) && value.Equal(old), a.Computed && isNull(want):
		case a.NestedType != nil && !isNull(want) && !isNull(value):
			if err := assertNestedValid(where, a.NestedType, want, old, value); err != nil {
				return err
			}
		default:
			return fmt.Errorf("invalid plan: %s is planned as %v, configured as %v", where, decode(value), decode(want))
		}
	}
	return nil
}

func assertNestedValid(path string, nested *tfprotov6.SchemaObject, config, prior, plan tftypes.Value) error {
	if nested.Nesting == single {
		return assertPlanValid(path, nested.Attributes, config, prior, plan)
	}
	wanted, had, got := partsOf(config), partsOf(prior), partsOf(plan)
	if len(wanted) != len(got) {
		return fmt.Errorf("invalid plan: %s is planned with %d elements, configured with %d", path, len(got), len(wanted))
	}
	for key, want := range wanted {
		if err := assertPlanValid(join(path, key), nested.Attributes, want, had[key], got[key]); err != nil {
			return err
		}
	}
	return nil
}

// assertConsistent is core's rule: what was planned and known comes out so, and nothing stays
// unknown.
func assertConsistent(plan, result tftypes.Value) error {
	if !result.IsFullyKnown() {
		return fmt.Errorf("inconsistent result: something is unknown after the apply: %v", decode(result))
	}
	unknown := func(v tftypes.Value) bool { return !v.IsKnown() }
	if found := differences(plan, result, unknown); len(found) > 0 {
		return fmt.Errorf("inconsistent result: %v are not as planned\nplanned %v\nis %v", found, decode(plan), decode(result))
	}
	return nil
}
