package provider_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/compare"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

func TestAccPalChangesInPlace(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{})
	sameID := statecheck.CompareValue(compare.ValuesSame())
	keeps := func(s *resource.TestStep) {
		s.ConfigStateChecks = append(s.ConfigStateChecks, sameID.AddStateValue(address, tfjsonpath.New("deployment_id")))
	}
	moved := strings.Replace(someKeys, pal, simulator.PalProductTour, 1)
	f.acc(t,
		f.step(someKeys, plancheck.ResourceActionCreate, keeps),
		f.step(moved, plancheck.ResourceActionUpdate, keeps,
			planShows(
				plans("pal_id", knownvalue.StringExact(simulator.PalProductTour)),
				plancheck.ExpectUnknownValue(address, tfjsonpath.New("thumbnail_image_url")),
				plancheck.ExpectUnknownValue(address, tfjsonpath.New("thumbnail_video_url")),
				plans("created_at", knownvalue.NotNull()),
			),
			f.onServer(t, "pal_id", `"`+simulator.PalProductTour+`"`),
			textInState("thumbnail_image_url", "https://cdn.example.com/pals/"+simulator.PalProductTour+"/thumbnail.png"),
			textInState("thumbnail_video_url", "https://cdn.example.com/pals/"+simulator.PalProductTour+"/thumbnail.mp4")),
		// Swapped in the portal: put back, thumbnails with it.
		f.step(moved, plancheck.ResourceActionUpdate, keeps, first(func() {
			id, _ := f.only(t)
			f.portal(t, id, simulator.PalCampaignHost, "pal_id")
		}), f.onServer(t, "pal_id", `"`+simulator.PalProductTour+`"`),
			textInState("thumbnail_image_url", "https://cdn.example.com/pals/"+simulator.PalProductTour+"/thumbnail.png")),
	)
}

func TestAccPalRefused(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{})
	w := f.cli(t)
	w.deployment(someKeys)
	w.apply()
	id := w.id()
	w.deployment(strings.Replace(someKeys, pal, "p00000000", 1))
	m := w.one(1, "pal_id", "Cannot update deployment "+id, "apply", "-auto-approve")
	w.mentions(m, "Invalid pal_id", "400")
	for _, position := range []simulator.PalPatch{simulator.PalPatchRefused, simulator.PalPatchIgnored} {
		f.Configure(func(o *simulator.Options) { o.PalPatch = position })
		w.deployment(strings.Replace(someKeys, pal, simulator.PalProductTour, 1))
		code, said := w.messages("apply", "-auto-approve")
		if code != 1 || len(said) != 1 || !said[0].at("pal_id") {
			t.Fatalf("%s: exit code %d, %v", position, code, said)
		}
		w.mentions(said[0], "-replace")
		// Nothing is lost: the old configuration plans nothing.
		w.deployment(someKeys)
		w.quiet()
	}
	if w.id() != id {
		t.Error("the ID changed")
	}
	w.destroy()
}

func TestAccChannelReplaces(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{})
	w := f.cli(t)
	w.deployment(someKeys)
	w.apply()
	id := w.id()
	f.portal(t, id, "mine", "customization", "z")
	w.deployment(strings.Replace(someKeys, "widget", "embed", 1))
	m := w.one(0, "channel", "Deployment will be replaced", "plan", "-out=saved.tfplan")
	w.mentions(m, id, "deployment ID changes", "stop working", "Tavus portal only is lost")
	changes := w.plan("saved.tfplan").ResourceChanges
	if len(changes) != 1 || strings.Join(changes[0].Change.Actions, " ") != "delete create" {
		t.Fatalf("the plan is %+v", changes)
	}
	output := w.must(0, "show", "saved.tfplan")
	if !strings.Contains(output, `~ channel             = "widget" -> "embed" # forces replacement`) {
		t.Errorf("the plan does not say why:\n%s", output)
	}
	if w.id() != id {
		t.Fatal("a plan replaced the deployment")
	}
	w.must(0, "apply", "saved.tfplan")
	w.quiet()
	if w.id() == id {
		t.Error("the ID did not change")
	}

	// prevent_destroy keeps what pages show.
	w.deployment(strings.Replace(someKeys, "widget", "landing-page", 1) + "lifecycle {\n  prevent_destroy = true\n}\n")
	output = w.must(1, "plan")
	if !strings.Contains(output, "prevent_destroy") {
		t.Errorf("prevent_destroy:\n%s", output)
	}

	// The new one first: pages can be changed before the old one goes.
	w.deployment(strings.Replace(someKeys, "widget", "landing-page", 1) + "lifecycle {\n  create_before_destroy = true\n}\n")
	f.ResetRequests()
	w.apply()
	if got := f.methods(); got != "GET POST DELETE" {
		t.Errorf("requests: %s", got)
	}
	w.quiet()
	w.destroy()
}
