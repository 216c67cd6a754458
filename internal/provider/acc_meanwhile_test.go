package provider_test

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

// beforePatch does something once, between the GET of an update and its PATCH.
func (f *fake) beforePatch(do func(id string)) {
	var once sync.Once
	f.Before(func(r simulator.Request) {
		if r.Method == "PATCH" {
			once.Do(func() { do(strings.TrimPrefix(r.Path, "/v2/deployments/")) })
		}
	})
}

const someKeys = widgetArguments + "name = \"Docs\"\ncustomization = jsonencode({ a = 1, b = 1, c = { d = 1 } })\n"

func TestAccEditsBetweenGetAndPatch(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{Defaults: simulator.DefaultsNone})
	changed := strings.Replace(someKeys, "a = 1", "a = 2", 1)
	edited := f.step(changed, plancheck.ResourceActionUpdate,
		first(func() {
			f.beforePatch(func(id string) {
				f.portal(t, id, json.Number("9"), "customization", "b")
				f.portal(t, id, "Handbook", "name")
				f.portal(t, id, "mine", "customization", "c", "z")
			})
		}),
		// The plan said a: a is all that was written.
		f.onServer(t, "customization", `{"a":2,"b":9,"c":{"d":1,"z":"mine"}}`), f.onServer(t, "name", `"Handbook"`),
		textInState("customization", `{"a":2,"b":1,"c":{"d":1}}`))
	edited.ExpectNonEmptyPlan = true // the edits of what Terraform owns show at once
	edited.ConfigPlanChecks.PostApplyPreRefresh = []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}
	edited.ConfigPlanChecks.PostApplyPostRefresh = []plancheck.PlanCheck{
		plancheck.ExpectResourceAction(address, plancheck.ResourceActionUpdate),
		plans("name", knownvalue.StringExact("Docs")),
	}
	f.acc(t,
		f.step(someKeys, plancheck.ResourceActionCreate),
		edited,
		f.step(changed, plancheck.ResourceActionUpdate, f.onServer(t, "customization", `{"a":2,"b":1,"c":{"d":1,"z":"mine"}}`),
			f.onServer(t, "name", `"Docs"`)),
		// Somebody does in this moment what Terraform is about to do.
		f.step(someKeys, plancheck.ResourceActionUpdate, first(func() {
			f.beforePatch(func(id string) { f.portal(t, id, json.Number("1"), "customization", "a") })
		}), f.onServer(t, "customization", `{"a":1,"b":1,"c":{"d":1,"z":"mine"}}`)),
	)
}

func TestAccSameKeyChangedByBoth(t *testing.T) {
	t.Parallel()
	for _, when := range []string{"since a saved plan", "between GET and PATCH"} {
		t.Run(when, func(t *testing.T) {
			t.Parallel()
			f := newFake(t, simulator.Options{Defaults: simulator.DefaultsNone})
			w := f.cli(t)
			w.deployment(someKeys)
			w.apply()
			id := w.id()
			changed := strings.Replace(strings.Replace(someKeys, "d = 1", "d = 2", 1), "b = 1, ", "", 1)
			w.deployment(strings.Replace(changed, "Docs", "Manual", 1))
			w.must(0, "plan", "-out=saved.tfplan")
			edit := func(id string) {
				f.portal(t, id, json.Number("5"), "customization", "c", "d")
				f.portal(t, id, json.Number("6"), "customization", "b")
				f.portal(t, id, "Handbook", "name")
			}
			if when == "since a saved plan" {
				edit(id)
			} else {
				f.beforePatch(edit)
			}
			code, said := w.messages("apply", "saved.tfplan")
			if code != 1 {
				t.Fatalf("the apply wrote over an edit: %v", said)
			}
			var text strings.Builder
			for _, m := range said {
				text.WriteString(m.String() + "\n")
			}
			for _, want := range []string{id, "changed the keys /b, /c/d of customization", "changed name", "Nothing was written"} {
				if !strings.Contains(text.String(), want) {
					t.Errorf("%q is not said: %s", want, text.String())
				}
			}
			_, doc := f.only(t)
			if err := sameJSON("customization", doc["customization"], `{"a":1,"b":6,"c":{"d":5}}`); err != nil {
				t.Error(err)
			}
			// The next plan shows both values, and its apply does what it says.
			w.apply()
			w.quiet()
			_, doc = f.only(t)
			if err := sameJSON("customization", doc["customization"], `{"a":1,"c":{"d":2}}`); err != nil || doc["name"] != "Manual" {
				t.Errorf("%v, name %v", err, doc["name"])
			}
			w.destroy()
		})
	}
}

func TestAccSavedPlan(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{Defaults: simulator.DefaultsNone})
	w := f.cli(t)
	w.deployment(someKeys)
	w.must(0, "plan", "-out=saved.tfplan")
	w.must(0, "apply", "saved.tfplan")
	w.quiet()
	id := w.id()

	// Edits of what the saved plan does not touch survive it.
	w.deployment(strings.Replace(someKeys, "b = 1", "b = 2", 1))
	w.must(0, "plan", "-out=saved.tfplan")
	f.portal(t, id, json.Number("7"), "customization", "a")
	f.portal(t, id, "mine", "customization", "z")
	f.portal(t, id, "inactive", "status")
	w.must(0, "apply", "saved.tfplan")
	_, doc := f.only(t)
	if err := sameJSON("customization", doc["customization"], `{"a":7,"b":2,"c":{"d":1},"z":"mine"}`); err != nil || doc["status"] != "inactive" {
		t.Errorf("%v, status %v", err, doc["status"])
	}
	// The edit of the owned key shows in the next plan.
	output := w.must(2, "plan", "-detailed-exitcode")
	if !strings.Contains(output, "~ a = 7 -> 1") {
		t.Errorf("the plan does not show the edit:\n%s", output)
	}
	// -refresh-only takes it over into the state; the next apply repairs it.
	w.apply("-refresh-only")
	w.apply()
	w.quiet()
	_, doc = f.only(t)
	if err := sameJSON("customization", doc["customization"], `{"a":1,"b":2,"c":{"d":1},"z":"mine"}`); err != nil {
		t.Error(err)
	}

	// Deleted since the plan: an error, and the next plan creates.
	w.deployment(someKeys)
	w.must(0, "plan", "-out=saved.tfplan")
	f.Remove(id)
	m := w.one(1, "", "Cannot update deployment "+id, "apply", "saved.tfplan")
	w.mentions(m, "deleted outside Terraform", "Plan again")
	w.apply()
	w.quiet()

	// A saved plan of a destroy does not mind that somebody was faster.
	w.must(0, "plan", "-destroy", "-out=saved.tfplan")
	f.Remove(w.id())
	w.must(0, "apply", "saved.tfplan")
	w.destroy()
}
