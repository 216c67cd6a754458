package provider_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

func TestAccWarnings(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		arguments string
		at        string
		summary   string
		says      []string
	}{
		"origins": {
			widgetArguments + `allowed_origins = ["https://a.example.com/", "b.example.com", "https://C.example.com", "https://d.example.com/docs",
				"https://e.example.com:443", "https://fine.example.com", "http://localhost:3000", "*", "https://*.example.com"]`,
			"allowed_origins", "Origin that never matches",
			[]string{
				`"https://a.example.com/": it has a trailing slash; write "https://a.example.com"`,
				`"b.example.com": it has no scheme; write "https://b.example.com"`,
				`"https://C.example.com": it has upper case letters; write "https://c.example.com"`,
				`"https://d.example.com/docs": it has more than scheme, host and port; write "https://d.example.com"`,
				`"https://e.example.com:443": browsers leave the usual port out; write "https://e.example.com"`,
			},
		},
		"landing page": {
			"pal_id = \"p5317866\"\nchannel = \"landing-page\"\nallowed_origins = [\"https://a.example.com\"]", "allowed_origins",
			"Allowed origins on a landing page",
			[]string{"hosted by Tavus"},
		},
		"limits": {
			widgetArguments + `limits = jsonencode({ max_call_duration = "600" })`, "limits", "Limit that is not a number",
			[]string{"limits.max_call_duration is a string", "a whole number"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t, simulator.Options{})
			w := f.cli(t)
			w.deployment(row.arguments)
			code, said := w.messages("plan")
			if code != 0 || len(said) == 0 {
				t.Fatalf("exit code %d, %v", code, said)
			}
			for _, m := range said { // Terraform validates more than once
				if m.Severity != "warning" || !m.at(row.at) || m.Summary != row.summary || strings.Contains(m.Detail, "fine.example.com") {
					t.Errorf("wanted %q at %s, got %s", row.summary, row.at, m)
				}
				w.mentions(m, row.says...)
			}
		})
	}
	t.Run("nothing to say", func(t *testing.T) {
		t.Parallel()
		f := newFake(t, simulator.Options{})
		w := f.cli(t)
		w.deployment(widgetArguments + `
customization   = jsonencode({ whatever = { "people" = ["think", "of"] } })
limits          = jsonencode({ max_call_duration = 600, daily_call_limit_per_user = null, total_of_next_year = "many" })
allowed_origins = ["https://a.example.com", "http://localhost:3000", "https://xn--bcher-kva.example", "*", "app://obsidian.md"]
`)
		if code, said := w.messages("plan"); code != 0 || len(said) > 0 {
			t.Errorf("exit code %d, %v", code, said)
		}
	})
}

// TestAccKeysGoWarning: a plan shows keys that go with a "-" each. The warning says
// which of them go from the server.
func TestAccKeysGoWarning(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{Defaults: simulator.DefaultsNone})
	id := f.byHand()
	w := f.cli(t)
	w.deployment(embedArguments + "customization = jsonencode({ k00 = 0, k01 = 1, \"a/b\" = 1 })\n")
	w.must(0, "import", "tavus_deployment.test", id)
	m := w.one(0, "customization", "Keys go out of the configuration", "plan", "-out=saved.tfplan")
	w.must(0, "apply", "saved.tfplan")
	w.mentions(m, "left on the server, because Terraform did not write them: /k02, /k03", id)
	w.quiet()
	w.deployment(embedArguments + "customization = jsonencode({ k01 = 1 })\n")
	m = w.one(0, "customization", "Keys go out of the configuration", "plan")
	w.mentions(m, "removed from the server: /a~1b, /k00.")
	w.apply()
	w.quiet()
	_, doc := f.only(t)
	want := thirtyKeys(map[string]any{"k00": nil})
	if err := sameJSON("customization", doc["customization"], string(encode(t, want))); err != nil {
		t.Error(err)
	}
	w.destroy()
}

// TestAccServerChangesWhatItIsSent: a server that rewrites what it stores causes one
// warning, which names the keys and no value, and no plan.
func TestAccServerChangesWhatItIsSent(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{
		Names: simulator.NamesStripped, Colours: simulator.ColoursLowered, Origins: simulator.OriginsLowered, Lists: simulator.ListsReordered,
	})
	w := f.cli(t)
	arguments := widgetArguments + `
name            = "Docs: v2!"
customization   = jsonencode({ magic_canvas = { accent_color = "#FFF" }, order = [1, 3, 2], plain = "plain" })
allowed_origins = ["https://docs.example.com", "app://X"]
`
	w.deployment(arguments)
	apply := func() message {
		t.Helper()
		code, said := w.messages("apply", "-auto-approve")
		said = slices.DeleteFunc(said, func(m message) bool { return m.Summary == "Origin that never matches" })
		if code != 0 || len(said) != 1 || said[0].Severity != "warning" || said[0].Summary != "The server changed what it was sent" {
			t.Fatalf("exit code %d, %v", code, said)
		}
		return said[0]
	}
	m := apply()
	w.mentions(m, w.id(), "/name", "/allowed_origins", "/customization/magic_canvas/accent_color", "/customization/order")
	for _, value := range []string{"#FFF", "v2", "plain", "app://"} {
		if strings.Contains(m.Detail, value) {
			t.Errorf("the warning shows %s: %s", value, m)
		}
	}
	w.quiet()
	if output := w.must(0, "show"); !strings.Contains(output, "#FFF") || !strings.Contains(output, "Docs: v2!") {
		t.Errorf("the state does not show what was written:\n%s", output)
	}
	// Another key: said for the keys that were sent, and only for those.
	w.deployment(strings.Replace(arguments, "plain = \"plain\"", "plain = \"#ABC\"", 1))
	m = apply()
	w.mentions(m, "/customization/plain")
	if strings.Contains(m.Detail, "accent_color") {
		t.Errorf("%s", m)
	}
	w.quiet()
	w.destroy()
}
