package provider_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

// ignoring is a configuration that ignores changes of the arguments.
func ignoring(arguments, ignored string) string {
	return arguments + "\nlifecycle {\n  ignore_changes = [" + ignored + "]\n}\n"
}

func TestAccIgnoreChanges(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{Defaults: simulator.DefaultsNone})
	arguments := func(name, keys string) string {
		return widgetArguments + "name = \"" + name + "\"\ncustomization = jsonencode({" + keys + "})\n"
	}
	f.acc(t,
		f.step(arguments("Docs", "a = 1"), plancheck.ResourceActionCreate),
		// b is ignored, so it is neither sent nor claimed.
		f.step(ignoring(arguments("Docs", "a = 2, b = 2"), "customization"), plancheck.ResourceActionNoop,
			f.onServer(t, "customization", `{"a":1}`)),
		f.step(ignoring(arguments("Manual", "a = 2, b = 2"), "customization"), plancheck.ResourceActionUpdate,
			first(func() {
				id, _ := f.only(t)
				f.portal(t, id, "theirs", "customization", "b")
			}),
			f.onServer(t, "name", `"Manual"`), f.onServer(t, "customization", `{"a":1,"b":"theirs"}`)),
		// What was never written is never removed; what was written is.
		f.step(arguments("Manual", ""), plancheck.ResourceActionUpdate, f.onServer(t, "customization", `{"b":"theirs"}`)),
		// A drift of an ignored argument stays.
		f.step(ignoring(arguments("Manual", ""), "name, allowed_origins"), plancheck.ResourceActionNoop, first(func() {
			id, _ := f.only(t)
			f.portal(t, id, "Handbook", "name")
		}), f.onServer(t, "name", `"Handbook"`), textInState("name", "Handbook")),
		f.step(ignoring(strings.Replace(arguments("Manual", ""), "p5317866", simulator.PalProductTour, 1), "name"),
			plancheck.ResourceActionUpdate, f.onServer(t, "name", `"Handbook"`), f.onServer(t, "pal_id", `"`+simulator.PalProductTour+`"`)),
	)
}

func TestAccIgnoreChangesAfterAnImport(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{Defaults: simulator.DefaultsNone})
	id := f.byHand()
	arguments := func(name, keys string) string {
		return embedArguments + "name = \"" + name + "\"\ncustomization = jsonencode({" + keys + "})\n"
	}
	f.acc(t,
		f.importing(id, arguments("Made by hand", "k00 = 0")),
		f.step(ignoring(arguments("Made by hand", "k00 = 0"), "customization"), plancheck.ResourceActionNoop, f.thirty(t, nil), f.onlyReads(t)),
		f.step(ignoring(arguments("Ours", "k00 = 0, k01 = 5"), "customization"), plancheck.ResourceActionUpdate, f.thirty(t, nil)),
		// The whole imported document stood in that plan. Terraform's own is k00 alone,
		// which the configuration has as the server has it.
		f.step(arguments("Ours", ""), plancheck.ResourceActionUpdate, f.thirty(t, map[string]any{"k00": nil}), textInState("customization", "{}")),
	)
}
