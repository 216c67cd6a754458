package provider_test

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
)

// noDrift asserts that the refresh of a plan changed nothing, which is what an
// empty refresh-only plan says. It compares the values themselves: Terraform
// 1.11 at times reports a drift of a resource with sensitive attributes whose
// values are all the same.
type noDrift struct{}

func (noDrift) CheckPlan(_ context.Context, req plancheck.CheckPlanRequest, resp *plancheck.CheckPlanResponse) {
	for _, r := range req.Plan.ResourceDrift {
		if !reflect.DeepEqual(r.Change.Before, r.Change.After) {
			resp.Error = fmt.Errorf("a refresh-only plan of %s is not empty:\nbefore %v\nafter  %v", r.Address, r.Change.Before, r.Change.After)
		}
	}
}

// quietSteps adds noDrift to every step that ends with a plan that has to be
// empty. That the plan itself is empty is asserted by package resource.
func quietSteps(steps []resource.TestStep) []resource.TestStep {
	for i := range steps {
		s := &steps[i]
		if s.Config != "" && !s.ImportState && !s.ExpectNonEmptyPlan && s.ExpectError == nil {
			s.ConfigPlanChecks.PostApplyPostRefresh = append(s.ConfigPlanChecks.PostApplyPostRefresh, noDrift{})
		}
	}
	return steps
}

// stepOption adds something to a step.
type stepOption func(*resource.TestStep)

// step is one apply of a configuration with the given arguments. Its plan must
// show the action.
func (f *fake) step(arguments string, want plancheck.ResourceActionType, options ...stepOption) resource.TestStep {
	step := resource.TestStep{Config: f.config(arguments), ConfigPlanChecks: action(address, want)}
	for _, option := range options {
		option(&step)
	}
	return step
}

// first does something before the step, such as an edit in the portal.
func first(do func()) stepOption {
	return func(s *resource.TestStep) { s.PreConfig = do }
}

// planShows adds checks of the step's plan.
func planShows(checks ...plancheck.PlanCheck) stepOption {
	return func(s *resource.TestStep) {
		s.ConfigPlanChecks.PreApply = append(s.ConfigPlanChecks.PreApply, checks...)
	}
}

// inState checks an attribute in the state after the step.
func inState(attribute string, want knownvalue.Check) stepOption {
	return func(s *resource.TestStep) {
		s.ConfigStateChecks = append(s.ConfigStateChecks, statecheck.ExpectKnownValue(address, tfjsonpath.New(attribute), want))
	}
}

// textInState is inState for a string.
func textInState(attribute, want string) stepOption {
	return inState(attribute, knownvalue.StringExact(want))
}

// onServer compares one argument of the only deployment on the server with a
// JSON text, after the step.
func (f *fake) onServer(t *testing.T, argument, want string) stepOption {
	t.Helper()
	return func(s *resource.TestStep) {
		before := s.Check
		s.Check = func(state *terraform.State) error {
			if before != nil {
				if err := before(state); err != nil {
					return err
				}
			}
			ids := f.IDs()
			if len(ids) != 1 {
				return fmt.Errorf("the server holds %d deployments instead of 1", len(ids))
			}
			doc, _ := f.Document(ids[0])
			return sameJSON(argument, doc[argument], want)
		}
	}
}

// sameJSON compares a value of a server's document with a JSON text, numbers
// digit by digit.
func sameJSON(what string, got any, want string) error {
	decoder := json.NewDecoder(strings.NewReader(want))
	decoder.UseNumber()
	var wanted any
	if err := decoder.Decode(&wanted); err != nil {
		return fmt.Errorf("%s: %w", want, err)
	}
	if reflect.DeepEqual(got, wanted) {
		return nil
	}
	text, err := json.Marshal(got)
	if err != nil {
		return err
	}
	return fmt.Errorf("the server's %s is\n%s\ninstead of\n%s", what, text, want)
}

// acc runs the steps as an acceptance test.
func (f *fake) acc(t *testing.T, steps ...resource.TestStep) {
	t.Helper()
	f.run(t, resource.TestCase{Steps: steps})
}

// untouched asserts that a test that only imported sent GETs and nothing else,
// and left the deployment where it was.
func (f *fake) untouched(t *testing.T, id string) {
	t.Helper()
	if f.methods() == "" || strings.Trim(f.methods(), "GET ") != "" {
		t.Errorf("an import sent something else than GETs: %s", f.methods())
	}
	if got, _ := f.only(t); got != id {
		t.Errorf("the server holds %s instead of %s", got, id)
	}
}

func encode(t *testing.T, value any) []byte {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
