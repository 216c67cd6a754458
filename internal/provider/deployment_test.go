package provider_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
	"github.com/tavus/terraform-provider-tavus/internal/testkit"
)

// Tests of what only a deployment has, and of rules that are seen best in its customization. The
// laws hold every kind to the rest.

// widget is a configuration of a deployment with more arguments.
func widget(more testkit.Config) testkit.Config {
	return testkit.With(deploymentFixture().Minimal, more)
}

// newDeployments is a world of deployments on a server with the settings.
func newDeployments(t *testing.T, settings ...string) *world {
	t.Helper()
	return newWorld(t, deploymentFixture(), settings...)
}

// importedDeployment is a world with a deployment that somebody made and that is imported.
func importedDeployment(t *testing.T, doc map[string]any, settings ...string) *world {
	t.Helper()
	w := newDeployments(t, settings...)
	doc["pal_id"] = simulator.PalDocsGuide
	if err := w.Import(w.Put("deployments", doc)); err != nil {
		t.Fatal(err)
	}
	return w
}

func TestDeployment_StatusIsAPatchAfterTheCreate(t *testing.T) {
	t.Parallel()
	w := newDeployments(t)
	w.Must(t, testkit.Create, widget(nil))
	w.Must(t, testkit.NoOp, widget(testkit.Config{"status": "active"})) // what the server has already
	w.Forget()
	p := w.mustPlan(t, widget(testkit.Config{"status": "draft"}))
	w.ResetRequests()
	if err := w.Apply(p); err != nil || w.Log() != "POST PATCH" {
		t.Errorf("requests: %s, error: %v", w.Log(), err)
	}
}

func TestDeployment_EmptyValuesClear(t *testing.T) {
	t.Parallel()
	w := newDeployments(t, "defaults=none")
	w.Must(t, testkit.Create, widget(testkit.Config{"name": "Docs", "customization": `{"a":{"b":1}}`, "allowed_origins": []string{"https://a.example"}}))
	w.portal(t, testkit.Edit{Pointer: "/customization/a/c", Value: "theirs"})
	w.Must(t, testkit.Update, widget(testkit.Config{"name": "", "customization": `{}`, "allowed_origins": []string{}}))
	w.holds(t, map[string]string{"/name": `""`, "/customization": `{"a":{"c":"theirs"}}`, "/allowed_origins": "[]"})
}

func TestDeployment_ArgumentThatIsLeftOutKeepsItsValue(t *testing.T) {
	t.Parallel()
	w := newDeployments(t, "defaults=none")
	w.Must(t, testkit.Create, widget(testkit.Config{"name": "Docs", "customization": `{"a":1,"b":2}`}))
	w.Must(t, testkit.NoOp, widget(nil))
	w.holds(t, map[string]string{"/name": `"Docs"`, "/customization": `{"a":1,"b":2}`})
	// The argument returns without a key that Terraform wrote: it goes.
	w.Must(t, testkit.Update, widget(testkit.Config{"customization": `{"a":1}`}))
	w.holds(t, map[string]string{"/customization": `{"a":1}`})
}

// Until the configuration of customization changes, imported keys are followed: plans stay empty,
// and a refresh-only plan shows what people edit.
func TestDeployment_ImportedKeysAreFollowed(t *testing.T) {
	t.Parallel()
	customization := map[string]any{}
	for _, key := range strings.Split("abcdefghijklmnopqrstuvwxyz", "") {
		customization[key] = json.Number("1")
	}
	w := importedDeployment(t, map[string]any{"channel": "embed", "name": "By hand", "customization": customization})
	few := widget(testkit.Config{"channel": "embed", "customization": `{"a": 1.0, "b": 1, "c": 1e0}`})
	w.Quiet(t, few)
	w.portal(t, testkit.Edit{Pointer: "/customization/d", Value: json.Number("5")})
	w.shows(t, "customization")
	w.Quiet(t, few)
	few["name"] = "Ours"
	if p := w.Must(t, testkit.Update, few); !slices.Equal(p.Changed, []string{"name"}) {
		t.Fatalf("the plan shows %v", p.Changed)
	}
	w.portal(t, testkit.Edit{Pointer: "/customization/e", Value: json.Number("6")})
	w.shows(t, "customization")
	w.Quiet(t, few)
	few["customization"] = `{"a": 2, "b": 1}`
	said := testkit.Lines(w.Must(t, testkit.Update, few).Warnings)
	w.holds(t, map[string]string{"/customization/a": "2", "/customization/c": "null", "/customization/d": "5", "/customization/e": "6", "/customization/z": "1"})
	if !strings.Contains(said, ": /c.") || !strings.Contains(said, "/d") {
		t.Errorf("warnings: %s", said)
	}
}

func TestDeployment_ANewPALBringsNewThumbnails(t *testing.T) {
	t.Parallel()
	w := newDeployments(t)
	w.Must(t, testkit.Create, widget(nil))
	id, thumbnail := w.ID(), w.Text("thumbnail_image_url")
	p := w.Must(t, testkit.Update, widget(testkit.Config{"pal_id": w.Put("pals", map[string]any{"pal_name": "Another"})}))
	if !slices.Equal(p.Changed, []string{"pal_id", "thumbnail_image_url", "thumbnail_video_url"}) {
		t.Errorf("the plan shows %v", p.Changed)
	}
	if w.ID() != id || w.Text("thumbnail_image_url") == thumbnail {
		t.Errorf("id %s, thumbnail %s", w.ID(), w.Text("thumbnail_image_url"))
	}
}

func TestDeployment_AnotherChannelReplaces(t *testing.T) {
	t.Parallel()
	w := newDeployments(t)
	w.Must(t, testkit.Create, widget(nil))
	id := w.ID()
	// A channel that is not known plans no replacement, and says what will happen.
	p := w.mustPlan(t, widget(testkit.Config{"channel": testkit.Unknown{}}))
	if said := testkit.Lines(p.Warnings); p.Action != testkit.Update || !strings.Contains(said, id) ||
		!strings.Contains(said, "stops with \"inconsistent final plan\" before it touches anything") {
		t.Errorf("%s: %s", p.Action, said)
	}
	p = w.Must(t, testkit.Replace, widget(testkit.Config{"channel": "embed"}))
	if said := testkit.Lines(p.Warnings); !strings.Contains(said, id) || !strings.Contains(said, "replaced") {
		t.Errorf("warnings: %s", said)
	}
	if w.ID() == id {
		t.Error("the id did not change")
	}
}

// A new deployment that is not as planned, and that cannot be deleted again, stays in
// the state: its ID must not be lost.
func TestDeployment_CreateThatCannotBeTakenBack(t *testing.T) {
	t.Parallel()
	w := newDeployments(t, "status-patch=refused")
	p := w.mustPlan(t, widget(testkit.Config{"status": "draft"}))
	w.Fault("DELETE:*:403")
	err := w.Apply(p)
	ids := w.ids()
	if len(ids) != 1 || w.ID() != ids[0] || !w.Tainted {
		t.Fatalf("the server holds %v, the state %q, tainted: %t", ids, w.ID(), w.Tainted)
	}
	expectError(t, err, ids[0], "could not be deleted again", "terraform untaint", "403")
	w.Fault("")
	if err := w.Destroy(); err != nil || len(w.ids()) > 0 {
		t.Errorf("%v, the server holds %v", err, w.ids())
	}
}

// Under ignore_changes, Terraform hands over a configuration with the password or its version of
// the state. What a plan says of has_password must be what an apply does.
func TestDeployment_IgnoredPassword(t *testing.T) {
	t.Parallel()
	withPassword := widget(testkit.Config{"name": "Docs", "password_wo": "secret-1", "password_wo_version": "1"})
	for _, ignore := range [][]string{{"password_wo"}, {"password_wo_version"}, {"password_wo", "password_wo_version", "name"}} {
		w := newDeployments(t)
		w.Must(t, testkit.Create, withPassword)
		w.Quiet(t, withPassword, ignore...)
		w.Edit("deployments", w.ID(), func(doc map[string]any) { doc["password"] = nil })
		w.Must(t, testkit.Update, withPassword, ignore...)
		if password := w.Secret("deployments", w.ID(), "/password"); password != "secret-1" {
			t.Errorf("ignoring %v, the password that was removed is %q", ignore, password)
		}
	}
	w := importedDeployment(t, map[string]any{"channel": "widget", "name": "Docs"})
	w.Quiet(t, withPassword, "password_wo_version")
}

// A password that is not known while planning can turn out to be none.
func TestDeployment_UnknownPassword(t *testing.T) {
	t.Parallel()
	w := newDeployments(t)
	planned := func(config testkit.Config) any {
		t.Helper()
		return w.mustPlan(t, widget(config)).Value()["has_password"]
	}
	unknown, sent := testkit.Config{"password": testkit.Unknown{}}, testkit.Config{"password_wo": testkit.Unknown{}, "password_wo_version": "1"}
	for _, config := range []testkit.Config{unknown, sent} {
		if has := planned(config); has != (testkit.Unknown{}) {
			t.Errorf("a create with %v plans has_password as %v", config, has)
		}
	}
	w.Must(t, testkit.Create, widget(testkit.Config{"password_wo": "secret-1", "password_wo_version": "1"}))
	if has := planned(sent); has != true {
		t.Errorf("a password that would not be sent: %v", has)
	}
	for _, config := range []testkit.Config{unknown, testkit.With(sent, testkit.Config{"password_wo_version": "2"})} {
		if has := planned(config); has != (testkit.Unknown{}) {
			t.Errorf("an update with %v plans has_password as %v", config, has)
		}
	}
	// It was removed in the portal, so the same version would be sent.
	w.Edit("deployments", w.ID(), func(doc map[string]any) { doc["password"] = nil })
	w.shows(t, "has_password")
	if has := planned(sent); has != (testkit.Unknown{}) {
		t.Errorf("a password that has to be put back plans has_password as %v", has)
	}
}

// What the plan did not show is left alone by its apply, and the next plan puts it back.
func TestDeployment_EditsBetweenPlanAndApply(t *testing.T) {
	t.Parallel()
	w := newDeployments(t)
	config := widget(testkit.Config{"name": "Docs", "status": "active", "allowed_origins": []string{"https://docs.example.com"}, "limits": `{"total":1}`})
	w.Must(t, testkit.Create, config)
	config["limits"] = `{"total":2}`
	p := w.mustPlan(t, config)
	theirs := []testkit.Edit{
		{Pointer: "/status", Value: "inactive"},
		{Pointer: "/name", Value: "Theirs"},
		{Pointer: "/pal_id", Value: simulator.PalCampaignHost},
		{Pointer: "/allowed_origins", Value: []any{"https://theirs.example.com"}},
	}
	w.portal(t, theirs...)
	if err := w.Apply(p); err != nil {
		t.Fatal(err)
	}
	for _, edit := range theirs {
		w.holds(t, map[string]string{edit.Pointer: testkit.JSON(edit.Value)})
	}
	if p := w.Must(t, testkit.Update, config); len(p.Changed) < len(theirs) {
		t.Errorf("the next plan shows %v", p.Changed)
	}
}
