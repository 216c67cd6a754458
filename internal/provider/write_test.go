package provider_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
	"github.com/tavus/terraform-provider-tavus/internal/testkit"
)

// An answer to a create that cannot be read must not lose the id, where the new object cannot be
// deleted again either.
func TestCreate_UnreadableAnswerKeepsTheID(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	target, err := url.Parse(f.URL)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.ModifyResponse = func(r *http.Response) error {
		if r.Request.Method != http.MethodPost {
			return nil
		}
		var doc map[string]any
		if err := json.NewDecoder(r.Body).Decode(&doc); err != nil {
			return err
		}
		doc["thumbnail_image_url"] = map[string]any{"url": "x"}
		data, err := json.Marshal(doc)
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(data)), int64(len(data))
		r.Header.Del("Content-Length")
		return err
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodDelete {
			http.Error(w, `{"message":"no"}`, http.StatusForbidden)
			return
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	c := newCore(t, server.URL)
	p, err := c.plan(widget(nil))
	if err != nil {
		t.Fatal(err)
	}
	err = c.apply(p)
	expectError(t, err, "thumbnail_image_url", "stays in the state")
	if id, _ := f.only(t); c.get("id") != id {
		t.Errorf("%s is on the server, and the state has %q", id, c.get("id"))
	}
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

// A rule with a part that is not known plans the same before and after the part is known.
func TestPlan_NestedValueWithAnUnknownPart(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dictionaryFixture())
	rules := func(pronunciation any) testkit.Config {
		return testkit.Config{"name": "Terms", "rules": map[string]any{"a": map[string]any{"pronunciation": pronunciation, "type": "alias"}}}
	}
	w.Must(t, testkit.Create, rules("x"))
	for _, pronunciation := range []any{testkit.Unknown{}, "y"} {
		p, err := w.Plan(rules(pronunciation))
		if err != nil {
			t.Fatal(err)
		}
		all, _ := p.Value()["rules"].(map[string]any)
		if rule, _ := all["a"].(map[string]any); rule["case_sensitive"] != false {
			t.Errorf("with %v: %v", pronunciation, all)
		}
	}
}
