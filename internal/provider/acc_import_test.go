package provider_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

// thirtyKeys are k00 to k29, with the changes: a nil takes a key away.
func thirtyKeys(changes map[string]any) map[string]any {
	keys := map[string]any{}
	for i := range 30 {
		keys[fmt.Sprintf("k%02d", i)] = i
	}
	for key, value := range changes {
		keys[key] = value
		if value == nil {
			delete(keys, key)
		}
	}
	return keys
}

// thirty checks customization on the server.
func (f *fake) thirty(t *testing.T, changes map[string]any) stepOption {
	t.Helper()
	text, err := json.Marshal(thirtyKeys(changes))
	if err != nil {
		t.Fatal(err)
	}
	return f.onServer(t, "customization", string(text))
}

// byHand puts a deployment on the server as people make them in the portal.
func (f *fake) byHand() (id string) {
	return f.Put(map[string]any{
		"pal_id": pal, "channel": "embed", "name": "Made by hand", "customization": thirtyKeys(nil),
		"limits": map[string]any{"max_call_duration": 900}, "allowed_origins": []string{"https://www.example.com"},
	})
}

// importing is a `terraform import` that stays.
func (f *fake) importing(id, arguments string) resource.TestStep {
	return resource.TestStep{
		Config: f.config(arguments), ResourceName: address, ImportState: true, ImportStateId: id, ImportStatePersist: true,
	}
}

// onlyReads asserts at the end of a step that nothing but GETs were sent so far.
func (f *fake) onlyReads(t *testing.T) stepOption {
	t.Helper()
	return func(s *resource.TestStep) {
		s.PostApplyFunc = func() {
			if strings.Trim(f.methods(), "GET ") != "" || f.methods() == "" {
				t.Errorf("an import sent something else than GETs: %s", f.methods())
			}
		}
	}
}

const embedArguments = "pal_id = \"p5317866\"\nchannel = \"embed\"\n"

func TestAccImportThreeOfThirtyKeys(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{Defaults: simulator.DefaultsNone})
	id := f.byHand()
	three := func(name, keys string) string {
		return embedArguments + name + "\ncustomization = jsonencode({" + keys + "})\n"
	}
	const keys = "k00 = 0, k10 = 10, k20 = 20"
	const ours = `name = "Ours"`
	f.acc(t,
		f.importing(id, three("", keys)),
		f.step(three("", keys), plancheck.ResourceActionNoop, f.thirty(t, nil), f.onlyReads(t)),
		// A change of the name alone, and the plans after it, remove nothing.
		f.step(three(ours, keys), plancheck.ResourceActionUpdate, f.onServer(t, "name", `"Ours"`), f.thirty(t, nil)),
		f.step(three(ours, keys), plancheck.ResourceActionNoop, f.thirty(t, nil)),
		// One of the three is repaired when it drifts, the others are the portal's.
		f.step(three(ours, keys), plancheck.ResourceActionUpdate, first(func() {
			f.portal(t, id, json.Number("99"), "customization", "k10")
			f.portal(t, id, json.Number("99"), "customization", "k11")
		}), f.thirty(t, map[string]any{"k11": 99})),
		// A key that was claimed goes with its line. A key that came with the import stays.
		f.step(three(ours, "k00 = 0, k20 = 21"), plancheck.ResourceActionUpdate, f.thirty(t, map[string]any{"k10": nil, "k11": 99, "k20": 21})),
		f.step(three(ours, ""), plancheck.ResourceActionUpdate,
			f.thirty(t, map[string]any{"k00": nil, "k10": nil, "k11": 99, "k20": nil})),
	)
}

func TestAccImportThenDropALine(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{Defaults: simulator.DefaultsNone})
	id := f.byHand()
	f.acc(t,
		f.importing(id, embedArguments),
		// Without the line nothing is managed, and nothing goes.
		f.step(embedArguments, plancheck.ResourceActionNoop, f.thirty(t, nil), f.onlyReads(t)),
		// Nothing that a person made is removed because it was imported.
		f.step(embedArguments+"customization = jsonencode({})\nlimits = jsonencode({ daily_call_limit_per_user = 2 })\n",
			plancheck.ResourceActionUpdate, f.thirty(t, nil),
			f.onServer(t, "limits", `{"max_call_duration":900,"daily_call_limit_per_user":2}`)),
		f.step(embedArguments+"limits = jsonencode({})\nallowed_origins = []\n", plancheck.ResourceActionUpdate, f.thirty(t, nil),
			f.onServer(t, "limits", `{"max_call_duration":900}`), f.onServer(t, "allowed_origins", `[]`)),
	)
}

func TestAccImportVerify(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{Defaults: simulator.DefaultsNone})
	arguments := embedArguments + `
name            = "Docs"
status          = "draft"
customization   = jsonencode({ a = { b = [1, null, "<&>"] }, "é" = 1e3 })
limits          = jsonencode({ max_call_duration = 600 })
allowed_origins = ["https://docs.example.com"]
password        = "open sesame"
`
	f.acc(t,
		f.step(arguments, plancheck.ResourceActionCreate),
		resource.TestStep{
			ResourceName: address, ImportState: true, ImportStateVerify: true,
			ImportStateVerifyIgnore: []string{"password"}, // which nobody can read
		},
		// An import block shows it in the plan.
		resource.TestStep{
			ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithID,
			Config: f.config(strings.Replace(arguments, "password", "# password", 1)),
		},
		f.step(arguments, plancheck.ResourceActionNoop),
	)
}

// identitySince skips a test on a CLI that is too old for resource identity.
func identitySince() []tfversion.TerraformVersionCheck {
	return []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_12_0)}
}

func TestAccImportByIdentity(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{Defaults: simulator.DefaultsNone})
	arguments := embedArguments + "name = \"Docs\"\ncustomization = jsonencode({ a = 1 })\n"
	step := f.step(arguments, plancheck.ResourceActionCreate)
	step.ConfigStateChecks = []statecheck.StateCheck{
		statecheck.ExpectIdentity(address, map[string]knownvalue.Check{
			"deployment_id": knownvalue.StringFunc(func(got string) error {
				if ids := f.IDs(); len(ids) != 1 || ids[0] != got {
					return fmt.Errorf("the identity is %s, the server holds %v", got, ids)
				}
				return nil
			}),
		}),
	}
	f.run(t, resource.TestCase{
		TerraformVersionChecks: identitySince(),
		Steps: []resource.TestStep{
			step,
			{ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity},
			// An update keeps it.
			f.step(strings.Replace(arguments, "a = 1", "a = 2", 1), plancheck.ResourceActionUpdate),
			{ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity},
		},
	})
}

func TestAccImportGenerateConfig(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{})
	id := f.byHand()
	f.run(t, resource.TestCase{
		TerraformVersionChecks: identitySince(),
		Steps: []resource.TestStep{
			{
				Config: f.provider(), ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithID,
				ImportStateId: id, GenerateConfig: true,
				ImportPlanChecks: resource.ImportPlanChecks{
					PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, plancheck.ResourceActionNoop)},
				},
			},
		},
		CheckDestroy: func(*terraform.State) error { return nil }, // nothing came into a state
	})
	f.untouched(t, id)
}

func TestAccImportOfNothing(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{})
	f.acc(t,
		resource.TestStep{
			Config: f.config(embedArguments), ResourceName: address, ImportState: true, ImportStateId: "d1234567890abcdef",
			ExpectError: regexp.MustCompile(`No such deployment(.|\n)*account of the provider's API key has no deployment\s+d1234567890abcdef`),
		},
		resource.TestStep{
			Config: f.config(embedArguments), ResourceName: address, ImportState: true, ImportStateId: "  ",
			ExpectError: regexp.MustCompile(`No deployment ID`),
		},
		// An ID that could leave its path is escaped.
		resource.TestStep{
			Config: f.config(embedArguments), ResourceName: address, ImportState: true, ImportStateId: "../pals?x=1#/é",
			ExpectError: regexp.MustCompile(`No such deployment`),
		},
	)
	// After each 404 comes a look whether the server has deployments at all.
	if f.methods() != "GET GET GET GET" {
		t.Errorf("requests: %s", f.methods())
	}
}
