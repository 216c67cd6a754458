package provider_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
	"github.com/tavus/terraform-provider-tavus/internal/testkit"
)

// A person sets what the update is about to send, and reads do not show it yet. Without an ETag the server
// answers 304 to a change of what it was before.
func TestUpdate_AnEditThatReadsDoNotShowYet(t *testing.T) {
	t.Parallel()
	w := newWorld(t, deploymentFixture(), "etag=none", "lag=3")
	named := func(name string) testkit.Config { return testkit.With(w.kind.Minimal, testkit.Config{"name": name}) }
	w.Must(t, testkit.Create, named("Docs"))
	w.settle(t, []string{"lag=3"})
	w.portal(t, testkit.Edit{Pointer: "/name", Value: "Shop"})
	if err := w.Write(named("Shop")); err != nil || len(w.core.Warnings) > 0 {
		t.Errorf("%v, warnings: %v", err, w.core.Warnings)
	}
	w.Quiet(t, named("Shop"))
}

// A server whose own form undoes a change, and that answers it without the object, looks as if its reads
// lagged behind the change. The second time the value is sent, what reads show is the answer.
func TestUpdate_AChangeWithoutEffectComesToRest(t *testing.T) {
	t.Parallel()
	w := newWorld(t, deploymentFixture(), "names=stripped", "unchanged=answer", "patch-answer=message", "pal-patch=ignored")
	named := func(name string) testkit.Config { return testkit.With(w.kind.Minimal, testkit.Config{"name": name}) }
	w.Must(t, testkit.Create, named("Docs!"))
	if _, err := w.Run(named("Docs?")); err != nil {
		t.Fatal(err)
	}
	w.Must(t, testkit.Update, named("Docs?"))
	other := testkit.With(named("Docs?"), testkit.Config{"pal_id": simulator.PalProductTour})
	if _, err := w.Run(other); err != nil {
		t.Fatal(err)
	}
	_, err := w.Run(other)
	expectError(t, err, "the server did not take the change")
}

// Under ignore_changes the configuration can lack the value of a secret that the plan still has a
// version of. An empty one is never sent.
func TestUpdate_IgnoredSecretIsNotSentEmpty(t *testing.T) {
	t.Parallel()
	w := newWorld(t, deploymentFixture())
	minimal := w.kind.Minimal
	w.Must(t, testkit.Create, testkit.With(minimal, testkit.Config{"password_wo": "Secret-one", "password_wo_version": "1"}))
	w.EditAt("deployments", w.ID(), "/password", "")
	if _, err := w.Refresh(); err != nil {
		t.Fatal(err)
	}
	p, err := w.Plan(minimal, "password_wo_version")
	if err != nil {
		t.Fatal(err)
	}
	w.ResetRequests()
	expectError(t, w.Apply(p), "no password_wo to send", "ignore_changes")
	if log := w.Log(); strings.Contains(log, http.MethodPatch) {
		t.Errorf("requests: %s", log)
	}
}

// A key that Terraform takes over is the one change that a plan cannot show: the
// state knows nothing of it. The apply says so.
func TestUpdate_SaysWhatItTakesOver(t *testing.T) {
	t.Parallel()
	w := newDeployments(t, "defaults=none")
	w.Must(t, testkit.Create, widget(testkit.Config{"customization": `{"a":"x"}`}))
	w.portal(t, testkit.Edit{Pointer: "/customization/k", Value: "mine"}, testkit.Edit{Pointer: "/customization/s", Value: "same"})
	p := w.Must(t, testkit.Update, widget(testkit.Config{"customization": `{"a":"y","k":"ours","s":"same"}`}))
	said := testkit.Lines(withoutAdvice(p.Warnings))
	if !strings.Contains(said, "customization: existing values were overwritten") || !strings.Contains(said, "for /k.") ||
		strings.Contains(said, "mine") || strings.Contains(said, "/a") || strings.Contains(said, "/s") {
		t.Errorf("warnings: %s", said)
	}
}

// The configuration of an ignored argument is not claimed: what it has was never written.
func TestUpdate_IgnoredKeysAreNotClaimed(t *testing.T) {
	t.Parallel()
	w := newDeployments(t)
	w.Must(t, testkit.Create, widget(testkit.Config{"customization": `{"a":1}`}))
	w.portal(t, testkit.Edit{Pointer: "/customization/b", Value: "mine"})
	w.Must(t, testkit.Update, widget(testkit.Config{"customization": `{"a":1,"b":"ours"}`, "name": "New"}), "customization")
	w.Must(t, testkit.Update, widget(testkit.Config{"customization": `{}`, "name": "New"}))
	w.holds(t, map[string]string{"/customization/b": `"mine"`, "/customization/a": "null"})
}

func TestUpdate_ConflictsAreErrors(t *testing.T) {
	t.Parallel()
	w := newDeployments(t)
	w.Must(t, testkit.Create, widget(testkit.Config{"customization": `{"a":1}`}))
	// The same key changed by both since a saved plan.
	config := widget(testkit.Config{"customization": `{"a":3}`})
	p := w.mustPlan(t, config)
	w.portal(t, testkit.Edit{Pointer: "/customization/a", Value: json.Number("8")})
	expectError(t, w.Apply(p), "the key /a of customization")
	w.Must(t, testkit.Update, config)
	// What the state does not show cannot be seen to go, so it does not go.
	w.portal(t, testkit.Edit{Pointer: "/customization/box/text", Value: "mine"})
	config = widget(testkit.Config{"customization": `{"a":3,"box":"ours"}`})
	expectError(t, w.Apply(w.mustPlan(t, config)), "the key /box/text of customization, which Terraform did not write")
	w.holds(t, map[string]string{"/customization/box/text": `"mine"`})
	// The way out that the error names.
	w.Must(t, testkit.Update, widget(testkit.Config{"customization": `{"a":3,"box":{"text":"mine"}}`}))
	w.Must(t, testkit.Update, config)
}
