package provider_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

func TestAccDeletedBehindTerraformsBack(t *testing.T) {
	t.Parallel()
	for _, code := range []simulator.UnknownID{simulator.Unknown404, simulator.Unknown400} {
		t.Run(string(code), func(t *testing.T) {
			t.Parallel()
			f := newFake(t, simulator.Options{UnknownID: code})
			w := f.cli(t)
			w.deployment(someKeys)
			w.apply()
			id := w.id()
			f.Remove(id)
			m := w.one(0, "", "Deployment is gone", "plan", "-out=saved.tfplan")
			w.mentions(m, id, "creates a new one with a new ID", "A key of another account looks the same")
			changes := w.plan("saved.tfplan").ResourceChanges
			if len(changes) != 1 || len(changes[0].Change.Actions) != 1 || changes[0].Change.Actions[0] != "create" {
				t.Fatalf("the plan is %+v", changes)
			}
			w.must(0, "apply", "saved.tfplan")
			w.quiet()
			if w.id() == id {
				t.Error("the ID came back")
			}
			// Gone again: a destroy has nothing to do.
			f.Remove(w.id())
			w.destroy()
		})
	}
}

func TestAccKeyOfAnotherAccount(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{Keys: map[string]string{"key-of-the-test": simulator.DefaultAccount, "other-key": "other"}})
	w := f.cli(t)
	w.deployment(someKeys)
	w.apply()
	id := w.id()
	own := w.env
	w.setenv("TAVUS_API_KEY=other-key")
	m := w.one(0, "", "Deployment is gone", "plan")
	w.mentions(m, id, "A key of another account looks the same", "check the API key before you apply")
	w.env = own
	w.quiet() // a plan alone forgets nothing
	w.destroy()
}

// A wrong base_url answers 404 to everything. Nothing goes out of the state then,
// neither by a refresh nor by a destroy.
func TestAccWrongAddress(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{})
	w := f.cli(t)
	w.deployment(someKeys)
	w.apply()
	id, own := w.id(), w.env
	elsewhere := httptest.NewServer(http.NotFoundHandler())
	defer elsewhere.Close()
	w.setenv("TAVUS_BASE_URL=" + elsewhere.URL)
	for _, args := range [][]string{{"plan"}, {"apply", "-refresh-only", "-auto-approve"}, {"destroy", "-auto-approve", "-refresh=false"}} {
		out := w.must(1, args...)
		for _, want := range []string{id, "404 Not Found", "may still exist", "Check the provider's base_url"} {
			if !strings.Contains(strings.Join(strings.Fields(strings.ReplaceAll(out, "│", " ")), " "), want) {
				t.Errorf("%v does not say %q: %s", args, want, out)
			}
		}
	}
	w.env = own
	w.must(0, "plan", "-detailed-exitcode")
	w.apply() // OpenTofu 1.10 forgets in a destroy that fails which values are sensitive
	w.quiet()
	w.destroy()
}

func TestAccStatus(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{})
	with := func(status string) string { return widgetArguments + "name = \"Docs\"\nstatus = \"" + status + "\"\n" }
	f.acc(t,
		// status is no field of a create, and yet a new deployment has it.
		f.step(with("draft"), plancheck.ResourceActionCreate, f.onServer(t, "status", `"draft"`), textInState("status", "draft")),
		f.step(with("active"), plancheck.ResourceActionUpdate, f.onServer(t, "status", `"active"`)),
		f.step(with("active"), plancheck.ResourceActionUpdate, first(func() {
			id, _ := f.only(t)
			f.portal(t, id, "inactive", "status")
		}), f.onServer(t, "status", `"active"`)),
		f.step(widgetArguments+"name = \"Docs\"\n", plancheck.ResourceActionNoop, first(func() {
			id, _ := f.only(t)
			f.portal(t, id, "inactive", "status")
		}), f.onServer(t, "status", `"inactive"`), textInState("status", "inactive")),
	)
}

func TestAccComputed(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{})
	id := func(s string) error {
		if ids := f.IDs(); len(ids) != 1 || ids[0] != s {
			return fmt.Errorf("the ID is %s, the server holds %v", s, ids)
		}
		return nil
	}
	created := f.step(widgetArguments, plancheck.ResourceActionCreate,
		inState("id", knownvalue.StringFunc(id)), inState("deployment_id", knownvalue.StringFunc(id)),
		textInState("status", "active"), inState("name", knownvalue.Null()), inState("allowed_origins", knownvalue.Null()),
		inState("customization", knownvalue.Null()), inState("limits", knownvalue.Null()),
		inState("has_password", knownvalue.Bool(false)), inState("created_at", knownvalue.NotNull()),
		textInState("thumbnail_image_url", "https://cdn.example.com/pals/p5317866/thumbnail.png"),
		textInState("thumbnail_video_url", "https://cdn.example.com/pals/p5317866/thumbnail.mp4"),
		planShows(
			plancheck.ExpectUnknownValue(address, tfjsonpath.New("id")), plancheck.ExpectUnknownValue(address, tfjsonpath.New("deployment_id")),
			plans("has_password", knownvalue.Bool(false)), plancheck.ExpectUnknownValue(address, tfjsonpath.New("thumbnail_image_url")),
		))
	changed := f.step(widgetArguments+"name = \"Docs\"\n", plancheck.ResourceActionUpdate,
		// A change of one argument leaves the computed ones known.
		planShows(plans("id", knownvalue.StringFunc(id)), plans("created_at", knownvalue.NotNull()),
			plans("thumbnail_image_url", knownvalue.NotNull()), plans("status", knownvalue.StringExact("active"))))
	replaced := f.step(widgetArguments+"name = \"Docs\"\n", plancheck.ResourceActionDestroyBeforeCreate)
	replaced.Taint = []string{address}
	f.run(t, resource.TestCase{Steps: []resource.TestStep{created, changed, replaced}})
}
