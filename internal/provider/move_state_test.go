package provider_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// move is a moved block from another provider: it brings the state of the source
// here, without a refresh.
func (c *core) move(sourceType, state string) error {
	resp, err := c.server.MoveResourceState(context.Background(), &tfprotov6.MoveResourceStateRequest{
		SourceProviderAddress: "registry.terraform.io/somebody/" + strings.Split(sourceType, "_")[0], SourceTypeName: sourceType,
		SourceSchemaVersion: 3, SourceState: &tfprotov6.RawState{JSON: []byte(state)}, TargetTypeName: resourceType,
		SourcePrivate: []byte(`{"record":"eyJub3QiOiJvdXJzIn0="}`), // the source's own, {"not":"ours"}
	})
	if err != nil {
		return err
	}
	if err := c.judge(resp.Diagnostics); err != nil {
		return err
	}
	value, err := resp.TargetState.Unmarshal(c.typ)
	if err != nil {
		return err
	}
	c.state, c.private, c.identity, c.tainted = value, resp.TargetPrivate, resp.TargetIdentity, false
	return nil
}

// jsonText is the JSON of a value, in a string.
func jsonText(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// sources are states of the generic providers that hold the deployment, in every
// form that their versions write.
func sources(t *testing.T, id string, doc map[string]any) map[string][2]string {
	t.Helper()
	body := map[string]any{"pal_id": pal, "channel": "widget", "name": "Docs"}
	dynamicOf := func(value any) map[string]any {
		return map[string]any{"value": value, "type": []any{"object", map[string]any{}}}
	}
	restapi := func(members map[string]any) [2]string {
		members["id"] = id
		return [2]string{"restapi_object", jsonText(t, members)}
	}
	restful := func(members map[string]any) [2]string {
		return [2]string{"restful_resource", jsonText(t, members)}
	}
	return map[string][2]string{
		"restapi": restapi(map[string]any{
			"path": "/v2/deployments", "data": jsonText(t, body), "api_response": jsonText(t, doc), "debug": false, "force_new": nil,
			"api_data": map[string]string{"deployment_id": id, "channel": "widget", "customization": "map[a:1]"},
		}),
		"restapi without an answer":  restapi(map[string]any{"path": "/v2/deployments/", "data": jsonText(t, body), "api_response": nil, "api_data": nil}),
		"restapi with a short path":  restapi(map[string]any{"path": "/deployments", "data": jsonText(t, body), "api_response": ""}),
		"restapi with a read path":   restapi(map[string]any{"path": "/x", "read_path": "/v2/deployments/{id}", "data": jsonText(t, body)}),
		"restapi with api_data only": restapi(map[string]any{"path": "/x", "data": "{}", "api_data": map[string]string{"deployment_id": id, "channel": "widget", "pal_id": pal}}),
		"restapi with a wrapped answer": restapi(map[string]any{
			"path": "/x", "data": "{}", "api_response": jsonText(t, map[string]any{"data": []any{doc}}),
		}),
		"restful": restful(map[string]any{
			"id": "/v2/deployments/" + id, "path": "/v2/deployments", "body": dynamicOf(body), "output": dynamicOf(doc),
		}),
		"restful of the first versions": restful(map[string]any{
			"id": "/v2/deployments/" + id, "path": "/v2/deployments", "body": jsonText(t, body), "output": jsonText(t, doc),
		}),
		"restful without an output": restful(map[string]any{"id": "v2/deployments/" + id + "/", "path": "/v2/deployments", "body": dynamicOf(body), "output": nil}),
		"restful with an address":   restful(map[string]any{"id": "https://tavusapi.com/v2/deployments/" + id + "?x=1", "path": "/y", "body": dynamicOf(body)}),
		"restful after an import":   restful(map[string]any{"id": "/v2/deployments/" + id, "path": "/v2/deployments", "body": nil, "output": dynamicOf(doc)}),
	}
}

// A moved deployment keeps its ID, plans empty with three of its keys in the
// configuration, and loses nothing that it had.
func TestMove(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	id := f.Put(map[string]any{
		"pal_id": pal, "channel": "widget", "name": "Docs", "password": "of the portal",
		"customization": map[string]any{"widget": map[string]any{"text": "Ask"}, "theme": map[string]any{"a": 1, "b": []any{1, 2}}},
	})
	doc, _ := f.Document(id)
	for name, source := range sources(t, id, doc) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCore(t, f.URL)
			if err := c.move(source[0], source[1]); err != nil {
				t.Fatal(err)
			}
			if c.get("id") != id || c.get("deployment_id") != id || c.get("channel") != "widget" || c.identity == nil {
				t.Fatalf("moved to %v", c.state)
			}
			arguments := widget(args{"name": "Docs", "customization": `{"widget":{"text":"Ask"}}`})
			// Without a refresh it is never a replacement.
			p, err := c.plan(arguments)
			if err != nil || (p.action != actUpdate && p.action != actNoop) {
				t.Fatalf("without a refresh: %v, %v", p, err)
			}
			if err := c.refresh(); err != nil {
				t.Fatal(err)
			}
			if text := c.get("customization"); !strings.Contains(text, "theme") || !strings.Contains(text, "show_haircheck") {
				t.Fatalf("Read did not take the whole document: %s", text)
			}
			if len(c.warnings) != 1 || !strings.Contains(c.warnings[0], "password: not managed") {
				t.Errorf("the mark of the import did not reach Read: %q", c.warnings)
			}
			c.quiet(t, arguments)
			imported := newCore(t, f.URL)
			if err := imported.importID(id); err != nil {
				t.Fatal(err)
			}
			if !imported.state.Equal(c.state) || !bytes.Equal(imported.private, c.private) {
				t.Errorf("not as after an import:\n%v %s\n%v %s", c.state, c.private, imported.state, imported.private)
			}
		})
	}
}

// After a move, a change touches nothing but what it changes.
func TestMoveThenChange(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	id := f.Put(map[string]any{
		"pal_id": pal, "channel": "widget", "name": "Docs",
		"customization": map[string]any{"widget": map[string]any{"text": "Ask"}, "theme": "dark"},
	})
	doc, _ := f.Document(id)
	c := newCore(t, f.URL)
	if err := c.move("restapi_object", sources(t, id, doc)["restapi"][1]); err != nil {
		t.Fatal(err)
	}
	c.must(t, actUpdate, widget(args{"name": "Docs 2", "customization": `{"widget":{"text":"Ask"}}`}))
	after, _ := f.Document(id)
	if after["name"] != "Docs 2" || lookup(after, "customization", "theme") != "dark" || lookup(after, "customization", "widget", "text") != "Ask" {
		t.Errorf("after the change: %v", after)
	}
	if len(f.IDs()) != 1 {
		t.Errorf("deployments: %v", f.IDs())
	}
}

func TestMoveRefuses(t *testing.T) {
	t.Parallel()
	f := newFake(t)
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
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCore(t, f.URL)
			err := c.move(test.source, test.state)
			expectError(t, err, append(test.words, "Cannot move a "+test.source+" to tavus_deployment")...)
			if strings.Contains(err.Error(), "hunter2") {
				t.Errorf("the error shows a secret: %v", err)
			}
		})
	}
	if n := len(f.Requests()); n != 0 {
		t.Errorf("%d requests", n)
	}
}

// A moved deployment that is gone is an error, as for an import: a new one would
// have a new ID.
func TestMoveOfWhatIsGone(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := newCore(t, f.URL)
	state := fmt.Sprintf(`{"id":"gone","path":"/v2/deployments","data":%q}`, `{"channel":"widget"}`)
	if err := c.move("restapi_object", state); err != nil {
		t.Fatal(err)
	}
	expectError(t, c.refresh(), "No such deployment", "gone")
}
