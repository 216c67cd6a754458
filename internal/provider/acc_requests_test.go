package provider_test

import (
	"strings"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

// sends runs a CLI command, which has to send exactly the requests.
func (w *cliFolder) sends(want string, args ...string) {
	w.t.Helper()
	w.f.ResetRequests()
	output := w.must(0, args...)
	if got := w.f.methods(); got != want {
		w.t.Fatalf("%s sent %q instead of %q\n%s", strings.Join(args, " "), got, want, output)
	}
}

func TestAccNumberOfRequests(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{})
	w := f.cli(t)
	arguments := "pal_id = \"p5317866\"\nchannel = \"widget\"\nname = \"Docs\"\nlimits = jsonencode({ max_call_duration = 600 })\n"
	w.deployment(arguments)
	w.sends("", "validate")
	w.sends("", "plan", "-out=saved.tfplan")
	w.sends("POST", "apply", "saved.tfplan")
	w.sends("GET", "plan")
	w.sends("GET", "refresh")
	w.sends("GET", "apply", "-auto-approve", "-refresh-only")
	w.sends("", "plan", "-refresh=false")
	w.sends("", "show")

	w.deployment(strings.Replace(arguments, "600", "300", 1))
	w.sends("GET", "plan", "-out=saved.tfplan")
	w.sends("GET PATCH", "apply", "saved.tfplan")
	w.sends("GET", "apply", "-auto-approve") // nothing to do
	f.Configure(func(o *simulator.Options) { o.PatchAnswer = simulator.PatchNoContent })
	w.deployment(arguments)
	w.sends("GET PATCH GET", "apply", "-auto-approve", "-refresh=false")

	// What the server has come to hold already is not sent.
	id := w.id()
	w.deployment(strings.Replace(arguments, "Docs", "Manual", 1))
	w.sends("GET", "plan", "-out=saved.tfplan")
	f.portal(t, id, "Manual", "name")
	w.sends("GET", "apply", "saved.tfplan")

	w.sends("", "state", "rm", "tavus_deployment.test")
	w.sends("GET", "import", "tavus_deployment.test", id)
	w.sends("GET", "plan")
	w.sends("GET DELETE", "destroy", "-auto-approve")

	// status is no field of a create: one more request, but only where it differs.
	w.deployment(arguments + "status = \"active\"\n")
	w.sends("POST", "apply", "-auto-approve")
	w.sends("DELETE", "destroy", "-auto-approve", "-refresh=false")
	f.Configure(func(o *simulator.Options) { o.PatchAnswer = simulator.PatchDocument })
	w.deployment(arguments + "status = \"draft\"\n")
	w.sends("POST PATCH", "apply", "-auto-approve")
	w.quiet()
	w.destroy()
}

func TestAccQuietBesidePeople(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{})
	w := f.cli(t)
	arguments := `
pal_id        = "p5317866"
channel       = "widget"
name          = "Docs"
password      = "open sesame"
customization = jsonencode({ preview = { title = "Hi" }, theme = { mode = "dark" } })
limits        = jsonencode({ max_call_duration = 600 })
`
	w.deployment(arguments)
	w.apply()
	w.quiet() // beside the server's own defaults
	id := w.id()
	f.Visit(id)
	w.quiet()
	f.portal(t, id, "Welcome", "customization", "preview", "description")
	f.portal(t, id, nil, "customization", "theme", "radius")
	f.portal(t, id, "Fine", "customization", "after_call", "title")
	f.portal(t, id, []any{"a", map[string]any{}}, "limits", "by the way")
	w.quiet()

	// After an import, imported keys are followed, until the first update that writes.
	w.must(0, "state", "rm", "tavus_deployment.test")
	w.must(0, "import", "tavus_deployment.test", id)
	w.apply() // takes the password over, which an import cannot read
	w.quiet()
	f.portal(t, id, "Welcome again", "customization", "preview", "description")
	w.quiet()

	w.must(0, "state", "rm", "tavus_deployment.test")
	w.must(0, "import", "tavus_deployment.test", id)
	w.deployment(strings.Replace(arguments, "password", "# password", 1))
	w.quiet()
	f.portal(t, id, "Good day", "customization", "preview", "description")
	if drift := w.drift(); len(drift) != 1 || drift[0] != "customization" {
		t.Fatalf("right after an import, a refresh-only plan shows %v", drift)
	}
	w.must(0, "plan", "-detailed-exitcode") // yet there is nothing to do
	w.apply("-refresh-only")
	w.quiet()
	w.deployment(strings.Replace(strings.Replace(arguments, "password", "# password", 1), "600", "601", 1))
	w.apply()
	f.portal(t, id, "Good night", "customization", "preview", "description")
	w.quiet()
	w.destroy()
}
