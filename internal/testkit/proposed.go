package testkit

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// This file holds the rules of Terraform core: what a plan starts from, and what the provider
// may make of it.

// proposed merges a configuration and a prior state as core's ProposedNew does: what is computed
// and not configured keeps its prior value, nested attributes one by one.
func proposed(attributes []*tfprotov6.SchemaAttribute, config, prior tftypes.Value) tftypes.Value {
	wanted, had := membersOf(config), membersOf(prior)
	values := map[string]tftypes.Value{}
	for _, a := range attributes {
		want := wanted[a.Name]
		old, hasOld := had[a.Name]
		if !hasOld {
			old = tftypes.NewValue(want.Type(), nil)
		}
		switch {
		case a.WriteOnly:
			want = tftypes.NewValue(want.Type(), nil)
		case a.Computed && isNull(want):
			want = old
		case a.NestedType != nil && want.IsKnown() && !want.IsNull():
			want = proposedNested(a.NestedType, want, old)
		}
		values[a.Name] = want
	}
	return tftypes.NewValue(config.Type(), values)
}

func proposedNested(nested *tfprotov6.SchemaObject, want, old tftypes.Value) tftypes.Value {
	switch nested.Nesting {
	case tfprotov6.SchemaObjectNestingModeSingle:
		return proposed(nested.Attributes, want, old)
	case tfprotov6.SchemaObjectNestingModeMap:
		values, had := map[string]tftypes.Value{}, membersOf(old)
		for key, element := range membersOf(want) {
			if before, ok := had[key]; ok && element.IsKnown() && !element.IsNull() {
				element = proposed(nested.Attributes, element, before)
			}
			values[key] = element
		}
		return tftypes.NewValue(want.Type(), values)
	case tfprotov6.SchemaObjectNestingModeList:
		values, had := slices.Clone(elementsOf(want)), elementsOf(old)
		for i, element := range values {
			if i < len(had) && element.IsKnown() && !element.IsNull() {
				values[i] = proposed(nested.Attributes, element, had[i])
			}
		}
		return tftypes.NewValue(want.Type(), values)
	default: // a set: this provider has none of objects
		return want
	}
}

// assertPlanValid is core's rule: what the configuration sets is planned as it is, or as the
// prior state has it.
func assertPlanValid(path string, attributes []*tfprotov6.SchemaAttribute, config, prior, plan tftypes.Value) error {
	wanted, had, got := membersOf(config), membersOf(prior), membersOf(plan)
	for _, a := range attributes {
		where, value, want := join(path, a.Name), got[a.Name], wanted[a.Name]
		old, hasOld := had[a.Name]
		hasOld = hasOld && !isNull(old)
		switch {
		case a.WriteOnly:
			if !isNull(value) {
				return fmt.Errorf("invalid plan: the write-only %s is planned", where)
			}
		case value.Equal(want), hasOld && value.Equal(old), a.Computed && isNull(want):
		case a.NestedType != nil && a.NestedType.Nesting == tfprotov6.SchemaObjectNestingModeSingle &&
			!isNull(want) && !isNull(value):
			if err := assertPlanValid(where, a.NestedType.Attributes, want, old, value); err != nil {
				return err
			}
		case a.NestedType != nil && !isNull(want) && !isNull(value):
			if err := assertElementsValid(where, a.NestedType.Attributes, want, old, value); err != nil {
				return err
			}
		default:
			return fmt.Errorf("invalid plan: %s is planned as %v, configured as %v", where, decode(value), decode(want))
		}
	}
	return nil
}

// assertElementsValid is assertPlanValid for the objects in a list or a map.
func assertElementsValid(path string, attributes []*tfprotov6.SchemaAttribute, config, prior, plan tftypes.Value) error {
	wanted, had, got := elementsByKey(config), elementsByKey(prior), elementsByKey(plan)
	if len(wanted) != len(got) {
		return fmt.Errorf("invalid plan: %s is planned with %d elements, configured with %d", path, len(got), len(wanted))
	}
	for key, want := range wanted {
		if err := assertPlanValid(join(path, key), attributes, want, had[key], got[key]); err != nil {
			return err
		}
	}
	return nil
}

func elementsByKey(value tftypes.Value) map[string]tftypes.Value {
	if value.Type() != nil && value.Type().Is(tftypes.Map{}) {
		return membersOf(value)
	}
	values := map[string]tftypes.Value{}
	for i, element := range elementsOf(value) {
		values[strconv.Itoa(i)] = element
	}
	return values
}

// assertConsistent is core's rule: what was planned and known comes out so, and nothing stays
// unknown.
func assertConsistent(plan, result tftypes.Value) error {
	if !result.IsFullyKnown() {
		return fmt.Errorf("inconsistent result: something is unknown after the apply: %v", decode(result))
	}
	unknown := func(v tftypes.Value) bool { return !v.IsKnown() }
	if found := differences("", plan, result, unknown); len(found) > 0 {
		return fmt.Errorf("inconsistent result: %s is not as planned\nplanned %v\nis %v", strings.Join(found, ", "), decode(plan), decode(result))
	}
	return nil
}
