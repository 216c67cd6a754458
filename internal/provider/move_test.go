package provider_test

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
	"github.com/tavus/terraform-provider-tavus/internal/testkit"
)

// sources are states of the generic providers that hold the deployment, in every
// form that their versions write.
func sources(id string, doc map[string]any) map[string][2]string {
	body := map[string]any{"pal_id": simulator.PalDocsGuide, "channel": "widget", "name": "Docs"}
	dynamicOf := func(value any) map[string]any {
		return map[string]any{"value": value, "type": []any{"object", map[string]any{}}}
	}
	restapi := func(members map[string]any) [2]string {
		members["id"] = id
		return [2]string{"restapi_object", testkit.JSON(members)}
	}
	restful := func(members map[string]any) [2]string {
		return [2]string{"restful_resource", testkit.JSON(members)}
	}
	return map[string][2]string{
		"restapi": restapi(map[string]any{
			"path": "/v2/deployments", "data": testkit.JSON(body), "api_response": testkit.JSON(doc), "debug": false, "force_new": nil,
			"api_data": map[string]string{"deployment_id": id, "channel": "widget", "customization": "map[a:1]"},
		}),
		"restapi without an answer":  restapi(map[string]any{"path": "/v2/deployments/", "data": testkit.JSON(body), "api_response": nil, "api_data": nil}),
		"restapi with a short path":  restapi(map[string]any{"path": "/deployments", "data": testkit.JSON(body), "api_response": ""}),
		"restapi with api_data only": restapi(map[string]any{"path": "/x", "data": "{}", "api_data": map[string]string{"deployment_id": id, "channel": "widget", "pal_id": simulator.PalDocsGuide}}),
		"restful": restful(map[string]any{
			"id": "/v2/deployments/" + id, "path": "/v2/deployments", "body": dynamicOf(body), "output": dynamicOf(doc),
		}),
		"restful of the first versions": restful(map[string]any{
			"id": "/v2/deployments/" + id, "path": "/v2/deployments", "body": testkit.JSON(body), "output": testkit.JSON(doc),
		}),
		"restful without an output": restful(map[string]any{"id": "v2/deployments/" + id + "/", "path": "/v2/deployments", "body": dynamicOf(body), "output": nil}),
		"restful with an address":   restful(map[string]any{"id": "https://tavusapi.com/v2/deployments/" + id + "?x=1", "path": "/y", "body": dynamicOf(body)}),
		"restful after an import":   restful(map[string]any{"id": "/v2/deployments/" + id, "path": "/v2/deployments", "body": nil, "output": dynamicOf(doc)}),
	}
}

// move is a moved block from another provider: it brings the state of the source here.
func (w *world) move(sourceType, state string) error {
	provider, _, _ := strings.Cut(sourceType, "_")
	return w.Move("registry.terraform.io/somebody/"+provider, sourceType, state)
}

// handMade is a world with a deployment that another provider made, and the states of that provider.
func handMade(t *testing.T) (w *world, id string, states map[string][2]string) {
	t.Helper()
	w = newDeployments(t)
	id = w.Put("deployments", map[string]any{
		"pal_id": simulator.PalDocsGuide, "channel": "widget", "name": "Docs", "password": "of the portal",
		"customization": map[string]any{"widget": map[string]any{"text": "Ask"}, "theme": "dark"},
	})
	return w, id, sources(id, w.Document("deployments", id))
}

// A moved deployment keeps its ID, plans empty with three of its keys in the
// configuration, and loses nothing that it had.
func TestMove(t *testing.T) {
	t.Parallel()
	w, id, states := handMade(t)
	config := widget(testkit.Config{"name": "Docs", "customization": `{"widget":{"text":"Ask"}}`})
	for name, source := range states {
		if err := w.restart(nil); err != nil {
			t.Fatal(err)
		}
		if err := w.move(source[0], source[1]); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if w.ID() != id || w.Text("deployment_id") != id || w.Text("channel") != "widget" {
			t.Fatalf("%s: moved to %v", name, w.State())
		}
		// Without a refresh it is never a replacement.
		if p := w.mustPlan(t, config); p.Action != testkit.Update && p.Action != testkit.NoOp {
			t.Fatalf("%s: without a refresh: %s", name, did(p))
		}
		if _, err := w.Refresh(); err != nil {
			t.Fatal(err)
		}
		if text := w.Text("customization"); !strings.Contains(text, "theme") || !strings.Contains(text, "show_haircheck") {
			t.Fatalf("%s: Read did not take the whole document: %s", name, text)
		}
		if said := w.core.Warnings; len(said) != 1 || !strings.Contains(said[0].Summary, "password: not managed") {
			t.Errorf("%s: the mark of the import did not reach Read: %q", name, said)
		}
		w.Quiet(t, config)
		imported := w.core.Resource(w.kind.Address("imported"))
		if err := imported.Import(id); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(imported.State(), w.State()) || !bytes.Equal(imported.Private(), w.Private()) {
			t.Errorf("%s: not as after an import:\n%v %s\n%v %s", name, w.State(), w.Private(), imported.State(), imported.Private())
		}
	}
}

// After a move, a change touches nothing but what it changes.
func TestMove_ThenChange(t *testing.T) {
	t.Parallel()
	w, _, states := handMade(t)
	if err := w.move("restapi_object", states["restapi"][1]); err != nil {
		t.Fatal(err)
	}
	w.Must(t, testkit.Update, widget(testkit.Config{"name": "Docs 2", "customization": `{"widget":{"text":"Ask"}}`}))
	w.holds(t, map[string]string{"/name": `"Docs 2"`, "/customization/theme": `"dark"`, "/customization/widget/text": `"Ask"`})
	if len(w.ids()) != 1 {
		t.Errorf("deployments: %v", w.ids())
	}
}

// A move, applied without a refresh, is over: the next refresh takes no other keys.
func TestMove_WithoutARefresh(t *testing.T) {
	t.Parallel()
	w, _, states := handMade(t)
	if err := w.move("restapi_object", states["restapi"][1]); err != nil {
		t.Fatal(err)
	}
	if err := w.Write(widget(testkit.Config{"name": "Docs", "customization": `{"theme":"dark"}`})); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Refresh(); err != nil || w.Text("customization") != `{"theme":"dark"}` {
		t.Errorf("the state shows %s, %v", w.Text("customization"), err)
	}
}

func TestMove_Refuses(t *testing.T) {
	t.Parallel()
	w := newDeployments(t)
	for name, test := range map[string]struct {
		source, state string
		words         []string
	}{
		"another type": {
			"http_thing", `{"id":"x"}`,
			[]string{"http_thing", "registry.terraform.io/somebody/http", "removed block", "import block"},
		},
		"a PAL": {
			"restapi_object", `{"id":"p5317866","path":"/v2/pals","data":"{\"channel\":\"widget\"}","api_response":"{\"pal_id\":\"p5317866\"}"}`,
			[]string{"restapi_object", "p5317866", "/v2/pals"},
		},
		"a conversation that names a deployment": {
			"restapi_object", `{"id":"c1","path":"/v2/conversations","data":"{}","api_response":"{\"conversation_id\":\"c1\",\"deployment_id\":\"d1\"}"}`,
			[]string{"c1", "d1"},
		},
		"a PAL at restful": {
			"restful_resource", `{"id":"/v2/pals/p1","path":"/v2/pals","body":{"value":{"channel":"widget"},"type":"x"},"output":null}`,
			[]string{"restful_resource", "p1", "/v2/pals"},
		},
		"a part of a deployment": {
			"restful_resource", `{"id":"/v2/deployments/d1/init","path":"/v2/deployments/d1/init","body":{"value":{"channel":"widget"},"type":"x"}}`,
			[]string{"init", "not the path of deployments"},
		},
		"no id":      {"restapi_object", `{"id":null,"path":"/v2/deployments","data":"{}"}`, []string{"no id"}},
		"no channel": {"restapi_object", `{"id":"d1","path":"/v2/deployments","data":"{}","api_response":""}`, []string{"no channel", "d1"}},
		"no object":  {"restapi_object", `[]`, []string{"another form"}},
		"wrong type": {"restful_resource", `{"id":7}`, []string{"another form"}},
		"a secret in the path": {
			"restapi_object", `{"id":"x","path":"/v2/other?token=hunter2","data":"{}"}`, []string{"/v2/other"},
		},
	} {
		err := w.move(test.source, test.state)
		if expectError(t, err, append(test.words, "Cannot move a "+test.source+" to tavus_deployment")...); strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: the error shows a secret: %v", name, err)
		}
	}
	if n := len(w.Requests()); n != 0 {
		t.Errorf("%d requests", n)
	}
}

// A moved deployment that is gone is an error, as for an import: a new one would
// have a new ID.
func TestMove_OfWhatIsGone(t *testing.T) {
	t.Parallel()
	w := newDeployments(t)
	state := fmt.Sprintf(`{"id":"gone","path":"/v2/deployments","data":%q}`, `{"channel":"widget"}`)
	if err := w.move("restapi_object", state); err != nil {
		t.Fatal(err)
	}
	_, err := w.Refresh()
	expectError(t, err, "No such deployment", "gone")
}
