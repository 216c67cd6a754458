package provider_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

// later is a configuration of one deployment whose arguments come out of
// terraform_data.later, so that none is known while that resource is planned to
// change. trigger changes it without changing what comes out.
func (f *fake) later(trigger string, values map[string]string, arguments string) string {
	var config strings.Builder
	fmt.Fprintf(&config, "%sresource \"terraform_data\" \"later\" {\n  input = {\n    trigger = %q\n", f.provider(), trigger)
	for _, name := range slices.Sorted(maps.Keys(values)) {
		fmt.Fprintf(&config, "    %s = %q\n", name, values[name])
	}
	config.WriteString("  }\n}\nresource \"tavus_deployment\" \"test\" {\n" + arguments + "\n}\n")
	return config.String()
}

// unknownInPlan checks that attributes are not known in a plan.
func unknownInPlan(names ...string) []plancheck.PlanCheck {
	var checks []plancheck.PlanCheck
	for _, name := range names {
		checks = append(checks, plancheck.ExpectUnknownValue(address, tfjsonpath.New(name)))
	}
	return checks
}

func TestAccEverythingUnknown(t *testing.T) {
	t.Parallel()
	needsWriteOnly(t)
	f := newFake(t, simulator.Options{Defaults: simulator.DefaultsNone})
	const o = "terraform_data.later.output."
	arguments := `
pal_id          = ` + o + `pal
channel         = ` + o + `channel
name            = ` + o + `name
status          = ` + o + `status
customization   = jsonencode({ title = ` + o + `title, fixed = 1 })
limits          = ` + o + `limits
allowed_origins = ["https://fixed.example.com", ` + o + `origin]
`
	password := arguments + "password = " + o + "password\n"
	writeOnly := arguments + "password_wo = " + o + "password\npassword_wo_version = " + o + "version\n"
	whole := strings.Replace(arguments, "[\"https://fixed.example.com\", "+o+"origin]", "toset(split(\" \", "+o+"origin))", 1)
	values := map[string]string{
		"pal": pal, "channel": "widget", "name": "Docs", "status": "draft", "title": "Hi", "limits": `{"max_call_duration":600}`,
		"origin": "https://a.example.com", "password": "one", "version": "1",
	}
	with := func(changes map[string]string) map[string]string {
		changed := maps.Clone(values)
		maps.Copy(changed, changes)
		return changed
	}
	all := []string{"pal_id", "channel", "name", "status", "customization", "limits"}
	step := func(config string, want plancheck.ResourceActionType, checks []plancheck.PlanCheck, options ...stepOption) resource.TestStep {
		s := resource.TestStep{Config: config, ConfigPlanChecks: action(address, want)}
		planShows(checks...)(&s)
		for _, option := range options {
			option(&s)
		}
		return s
	}
	id := ""
	sameID := func(s *resource.TestStep) {
		s.PostApplyFunc = func() {
			if got, _ := f.only(t); got != id {
				t.Errorf("the ID changed from %s to %s", id, got)
			}
		}
	}
	f.acc(t,
		step(f.later("1", values, password), plancheck.ResourceActionCreate,
			unknownInPlan(append(all, "password", "has_password")...),
			f.onServer(t, "customization", `{"fixed":1,"title":"Hi"}`), f.onServer(t, "status", `"draft"`),
			f.onServer(t, "allowed_origins", `["https://a.example.com","https://fixed.example.com"]`),
			inState("has_password", knownvalue.Bool(true)), func(s *resource.TestStep) { s.PostApplyFunc = func() { id, _ = f.only(t) } }),
		// Everything is unknown again, and comes out as it was: nothing is sent.
		step(f.later("2", values, password), plancheck.ResourceActionUpdate, unknownInPlan(append(all, "password", "has_password")...), sameID,
			first(func() { f.ResetRequests() }), func(s *resource.TestStep) {
				then := s.PostApplyFunc
				s.PostApplyFunc = func() {
					then()
					if got := f.methods(); strings.Contains(got, "PATCH") {
						t.Errorf("requests: %s", got)
					}
				}
			}),
		// Everything but the channel comes out as something else.
		step(f.later("3", with(map[string]string{
			"pal": simulator.PalProductTour, "name": "Manual", "status": "active", "title": "Hello", "limits": `{"daily_call_limit_per_user":1}`,
			"origin": "https://b.example.com", "password": "two",
		}), writeOnly), plancheck.ResourceActionUpdate, unknownInPlan(append(all, "password_wo_version", "has_password")...), sameID,
			f.onServer(t, "customization", `{"fixed":1,"title":"Hello"}`), f.onServer(t, "limits", `{"daily_call_limit_per_user":1}`),
			f.onServer(t, "pal_id", `"`+simulator.PalProductTour+`"`), f.onServer(t, "name", `"Manual"`), f.onServer(t, "status", `"active"`),
			f.onServer(t, "allowed_origins", `["https://b.example.com","https://fixed.example.com"]`),
			inState("password", knownvalue.Null()), textInState("password_wo_version", "1")),
		// The whole set is unknown, and the password's arguments are gone.
		step(f.later("4", with(map[string]string{"origin": "https://a.example.com https://c.example.com"}), whole), plancheck.ResourceActionUpdate,
			unknownInPlan("allowed_origins"), sameID,
			f.onServer(t, "allowed_origins", `["https://a.example.com","https://c.example.com"]`), inState("has_password", knownvalue.Bool(false))),
	)
}

// TestAccChannelUnknown: an unknown channel is most often the old one, so it plans
// no replacement. Where it is another one, nothing is touched before a plan shows it.
func TestAccChannelUnknown(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{})
	w := f.cli(t)
	config := func(channel, trigger string) {
		w.main(fmt.Sprintf(`
resource "terraform_data" "channel" {
  input = { channel = %q, trigger = %q }
}

resource "tavus_deployment" "test" {
  pal_id  = "p5317866"
  channel = terraform_data.channel.output.channel
}
`, channel, trigger))
	}
	config("widget", "1")
	w.apply()
	w.quiet()
	id := w.id()
	config("widget", "2")
	m := w.one(0, "channel", "Channel not known yet", "plan")
	w.mentions(m, id, "inconsistent final plan", "plan again")
	w.apply()
	w.quiet()
	config("embed", "2")
	output := w.must(1, "apply", "-auto-approve")
	if !strings.Contains(output, "inconsistent final plan") || w.id() != id {
		t.Fatalf("another channel, deployment %s, was %s:\n%s", w.id(), id, output)
	}
	m = w.one(0, "channel", "Deployment will be replaced", "plan")
	w.mentions(m, id)
	w.apply()
	w.quiet()
	if w.id() == id {
		t.Error("the ID did not change")
	}
	w.destroy()
}
