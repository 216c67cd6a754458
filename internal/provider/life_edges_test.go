package provider_test

import (
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

// Under ignore_changes, Terraform hands over a configuration with the password or
// its version of the state. What a plan says of has_password must be what an apply does.
func TestLifeIgnoredPassword(t *testing.T) {
	t.Parallel()
	withPassword := widget(args{"name": "Docs", "password_wo": "secret-1", "password_wo_version": "1"})
	for _, ignore := range [][]string{{"password_wo"}, {"password_wo_version"}, {"password_wo", "password_wo_version", "name"}} {
		f := newFake(t)
		c := newCore(t, f.URL)
		c.must(t, actCreate, withPassword)
		c.quiet(t, withPassword, ignore...)
		f.Edit(c.get("id"), func(doc map[string]any) { doc["password"] = nil })
		c.must(t, actUpdate, withPassword, ignore...)
		if password := f.Secret(collection, c.get("id"), "/password"); password != "secret-1" {
			t.Errorf("ignoring %v, the password that was removed is %q", ignore, password)
		}
	}
	f := newFake(t)
	id := f.Put(map[string]any{"pal_id": pal, "channel": "widget", "name": "Docs"})
	c := newCore(t, f.URL)
	if err := c.importID(id); err != nil {
		t.Fatal(err)
	}
	c.quiet(t, withPassword, "password_wo_version")
}

// A move, applied without a refresh, is over: the next refresh takes no other keys.
func TestLifeMoveWithoutARefresh(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	id := f.Put(map[string]any{
		"pal_id": pal, "channel": "widget", "name": "Docs", "customization": map[string]any{"a": "x", "b": "portal"},
	})
	doc, _ := f.Document(id)
	source := sources(t, id, doc)["restapi"]
	c := newCore(t, f.URL)
	if err := c.move(source[0], source[1]); err != nil {
		t.Fatal(err)
	}
	p, err := c.plan(widget(args{"name": "Docs", "customization": `{"a":"x"}`}))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.apply(p); err != nil {
		t.Fatal(err)
	}
	if err := c.refresh(); err != nil || c.get("customization") != `{"a":"x"}` {
		t.Errorf("the state shows %s, %v", c.get("customization"), err)
	}
}

// A key that Terraform takes over is the one change that a plan cannot show: the
// state knows nothing of it. The apply says so.
func TestLifeTakeoverIsSaid(t *testing.T) {
	t.Parallel()
	f := newFake(t, "defaults=none")
	c := newCore(t, f.URL)
	c.must(t, actCreate, widget(args{"name": "Docs", "customization": `{"a":"x"}`}))
	id := c.get("id")
	f.portal(t, id, "mine", "customization", "k")
	f.portal(t, id, "same", "customization", "s")
	p := c.must(t, actUpdate, widget(args{"name": "Docs", "customization": `{"a":"y","k":"ours","s":"same"}`}))
	said := strings.Join(withoutAdvice(p.warnings), "\n")
	if !strings.Contains(said, "customization: existing values were overwritten") || !strings.Contains(said, "for /k.") ||
		strings.Contains(said, "mine") || strings.Contains(said, "/a") || strings.Contains(said, "/s") {
		t.Errorf("warnings: %s", said)
	}
}

// A person changes settings between a plan and its apply. The plan did not show
// them, so the apply leaves them alone, and the next plan puts them back.
func TestLifeSettingsChangedBeforeAnApply(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := newCore(t, f.URL)
	arguments := args{
		"name": "Docs", "status": "active", "allowed_origins": []string{"https://docs.example.com"}, "limits": `{"total":1}`,
	}
	c.must(t, actCreate, widget(arguments))
	arguments["limits"] = `{"total":2}`
	p, err := c.plan(widget(arguments))
	if err != nil {
		t.Fatal(err)
	}
	theirs := map[string]any{"status": "inactive", "name": "Theirs", "pal_id": simulator.PalCampaignHost, "allowed_origins": []any{"https://theirs.example.com"}}
	f.Edit(c.get("id"), func(doc map[string]any) {
		for name, value := range theirs {
			doc[name] = value
		}
	})
	if err := c.apply(p); err != nil {
		t.Fatal(err)
	}
	doc, _ := f.Document(c.get("id"))
	for name, value := range theirs {
		if !reflect.DeepEqual(doc[name], value) {
			t.Errorf("%s is %v", name, doc[name])
		}
	}
	if p := c.must(t, actUpdate, widget(arguments)); len(p.changed) < len(theirs) {
		t.Errorf("the next plan shows %v", p.changed)
	}
}

// A new deployment that is not as planned, and that cannot be deleted again, stays in
// the state: its ID must not be lost.
func TestLifeCreateThatCannotBeTakenBack(t *testing.T) {
	t.Parallel()
	f := newFake(t, "status-patch=refused")
	f.SetFault(func(_ int, r simulator.Request) *simulator.Fault {
		if r.Method == http.MethodDelete {
			return &simulator.Fault{Kind: simulator.FaultStatus, Status: http.StatusForbidden}
		}
		return nil
	})
	c := newCore(t, f.URL)
	p, err := c.plan(widget(args{"name": "Docs", "status": "draft"}))
	if err != nil {
		t.Fatal(err)
	}
	err = c.apply(p)
	ids := f.IDs()
	if len(ids) != 1 || c.get("id") != ids[0] || !c.tainted {
		t.Fatalf("the server holds %v, the state %q, tainted: %t", ids, c.get("id"), c.tainted)
	}
	for _, words := range []string{ids[0], "could not be deleted again", "terraform untaint", "403"} {
		if err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("the error does not say %q: %v", words, err)
		}
	}
	f.SetFault(nil)
	if err := c.destroy(); err != nil || len(f.IDs()) > 0 {
		t.Errorf("%v, the server holds %v", err, f.IDs())
	}
}
