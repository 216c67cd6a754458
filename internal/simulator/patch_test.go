package simulator_test

import (
	"net/http"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

func TestPatchIsStrict(t *testing.T) {
	t.Parallel()
	a := start(t, simulator.Options{Defaults: simulator.DefaultsNone})
	// What a valid patch makes of {"a":{"b":1},"l":[1,2],"n":null}; "" means 422.
	for patch, want := range map[string]string{
		`[{"op":"add","path":"/customization/c","value":null}]`: `{"a":{"b":1},"c":null,"l":[1,2],"n":null}`,
		`[{"op":"add","path":"/customization/a","value":2}]`:    `{"a":2,"l":[1,2],"n":null}`,
		`[{"op":"add","path":"/customization/","value":"<&>"}]`: `{"":"\u003c\u0026\u003e","a":{"b":1},"l":[1,2],"n":null}`,
		`[{"op":"add","path":"/customization/","value":{"":1}},{"op":"add","path":"/customization//x","value":2},{"op":"remove","path":"/customization//"}]`: `{"":{"x":2},"a":{"b":1},"l":[1,2],"n":null}`,
		`[{"op":"add","path":"/customization/x~1y~0z","value":10000000000000000000000.50}]`:                                                                  `{"a":{"b":1},"l":[1,2],"n":null,"x/y~z":10000000000000000000000.50}`,
		`[{"op":"replace","path":"/customization/a/b","value":2}]`:                                                                                           `{"a":{"b":2},"l":[1,2],"n":null}`,
		`[{"op":"remove","path":"/customization/a"},{"op":"remove","path":"/customization/n"}]`:                                                              `{"l":[1,2]}`,
		`[{"op":"add","path":"/customization/l/-","value":3},{"op":"add","path":"/customization/l/0","value":0}]`:                                            `{"a":{"b":1},"l":[0,1,2,3],"n":null}`,
		`[{"op":"add","path":"/customization/l/2","value":3}]`:                                                                                               `{"a":{"b":1},"l":[1,2,3],"n":null}`,
		`[{"op":"move","from":"/customization/a/b","path":"/customization/c"}]`:                                                                              `{"a":{},"c":1,"l":[1,2],"n":null}`,
		`[{"op":"copy","from":"/customization/a","path":"/customization/c"}]`:                                                                                `{"a":{"b":1},"c":{"b":1},"l":[1,2],"n":null}`,
		`[{"op":"test","path":"/customization/n","value":null},{"op":"replace","path":"/customization/n","value":1}]`:                                        `{"a":{"b":1},"l":[1,2],"n":1}`,
		`[{"op":"test","path":"/customization/a/b","value":1.0},{"op":"remove","path":"/customization/n"}]`:                                                  `{"a":{"b":1},"l":[1,2]}`,
		`[{"op":"add","path":"/customization/d","value":{}},{"op":"add","path":"/customization/d/e","value":1}]`:                                             `{"a":{"b":1},"d":{"e":1},"l":[1,2],"n":null}`,
		`[{"op":"remove","path":"/customization/zz"}]`:                                                                                                       "",
		`[{"op":"replace","path":"/customization/zz","value":1}]`:                                                                                            "",
		`[{"op":"add","path":"/customization/zz/y","value":1}]`:                                                                                              "",
		`[{"op":"add","path":"/customization/n/y","value":1}]`:                                                                                               "",
		`[{"op":"add","path":"/customization/a/b/c","value":1}]`:                                                                                             "",
		`[{"op":"add","path":"/customization/l/3","value":1}]`:                                                                                               "",
		`[{"op":"add","path":"/customization/l/01","value":1}]`:                                                                                              "",
		`[{"op":"add","path":"/customization/l/-1","value":1}]`:                                                                                              "",
		`[{"op":"replace","path":"/customization/l/-","value":1}]`:                                                                                           "",
		`[{"op":"remove","path":"/customization/l/2"}]`:                                                                                                      "",
		`[{"op":"test","path":"/customization/zz","value":null}]`:                                                                                            "",
		`[{"op":"test","path":"/customization/a/b","value":2}]`:                                                                                              "",
		`[{"op":"move","from":"/customization/a","path":"/customization/a/c"}]`:                                                                              "",
		`[{"op":"copy","from":"/customization/zz","path":"/customization/c"}]`:                                                                               "",
		`[{"op":"add","path":"/customization/c"}]`:                                                                                                           "",
		`[{"op":"add","path":"customization/c","value":1}]`:                                                                                                  "",
		`[{"op":"add","path":"/customization/c~2","value":1}]`:                                                                                               "",
		`[{"op":"add","path":"/customization/c~","value":1}]`:                                                                                                "",
		`[{"op":"merge","path":"/customization/c","value":1}]`:                                                                                               "",
		`[{"path":"/customization/c","value":1}]`:                                                                                                            "",
		`[{"op":"add","value":1}]`:                                                                                                                           "",
		`[1]`:                                                                                                                                                "",
		`{"customization":{"c":1}}`:                                                                                                                          "",
		`null`:                                                                                                                                               "",
		`[`:                                                                                                                                                  "",
		`[{"op":"remove","path":"/password"}]`:                                                                                                               "",
		`[{"op":"replace","path":"/password","value":"x"}]`:                                                                                                  "",
		`[{"op":"add","path":"/customization/c","value":1},{"op":"remove","path":"/customization/zz"}]`:                                                      "",
	} {
		id := a.sim.Put(map[string]any{"customization": map[string]any{
			"a": map[string]any{"b": 1}, "l": []int{1, 2}, "n": nil,
		}})
		result := a.patch(id, patch)
		doc, _ := a.sim.Document(id)
		if want == "" {
			want = `{"a":{"b":1},"l":[1,2],"n":null}`
			if result.status != http.StatusUnprocessableEntity || result.text != `{"message":"Invalid JSON patch format"}` {
				t.Errorf("%s: got %d %s, want 422", patch, result.status, result.text)
			}
		} else if result.status != http.StatusOK {
			t.Errorf("%s: got %d %s, want 200", patch, result.status, result.text)
		}
		equal(t, patch, doc["customization"], want)
	}
}

func TestPatchValidatesTheResult(t *testing.T) {
	t.Parallel()
	a := start(t, simulator.Options{})
	id := a.create(`,"name":"Docs"`).id()
	before, _ := a.sim.Document(id)
	for _, patch := range []string{
		`[{"op":"add","path":"/channel","value":"embed"}]`,
		`[{"op":"add","path":"/created_at","value":"2020-01-01T00:00:00Z"}]`,
		`[{"op":"remove","path":"/usage_total"}]`,
		`[{"op":"add","path":"","value":{}}]`,
		`[{"op":"move","from":"/created_at","path":"/name"}]`,
		`[{"op":"add","path":"/status","value":"live"}]`,
		`[{"op":"remove","path":"/status"}]`,
		`[{"op":"add","path":"/pal_id","value":"p0"}]`,
		`[{"op":"remove","path":"/pal_id"}]`,
		`[{"op":"add","path":"/name","value":1}]`,
		`[{"op":"add","path":"/password","value":1}]`,
		`[{"op":"add","path":"/customization","value":[]}]`,
		`[{"op":"add","path":"/allowed_origins","value":[1]}]`,
		`[{"op":"add","path":"/foo","value":1}]`,
	} {
		if result := a.patch(id, patch); result.status != http.StatusBadRequest || !result.has("error") {
			t.Errorf("%s: got %d %s, want 400", patch, result.status, result.text)
		}
	}
	after, _ := a.sim.Document(id)
	equal(t, "document", after, js(before))
	if result := a.patch(id, "[]", "Content-Type", "text/plain"); result.status != http.StatusUnsupportedMediaType {
		t.Errorf("text/plain: got %d", result.status)
	}
	if result := a.patch(id, "[]", "Content-Type", "application/json-patch+json"); result.status != http.StatusNotModified {
		t.Errorf("application/json-patch+json: got %d", result.status)
	}
}

func TestPatchWritesEverySetting(t *testing.T) {
	t.Parallel()
	a := start(t, simulator.Options{})
	id := a.create("").id()
	changed := a.patch(id, `[{"op":"add","path":"/name","value":"New"},{"op":"add","path":"/status","value":"inactive"},`+
		`{"op":"add","path":"/pal_id","value":"`+simulator.PalProductTour+`"},{"op":"add","path":"/password","value":"secret"},`+
		`{"op":"add","path":"/limits/max_call_duration","value":1},{"op":"add","path":"/allowed_origins","value":["https://a"]}]`)
	if changed.status != http.StatusOK || changed.has("password") {
		t.Fatal(changed.status, changed.text)
	}
	for key, want := range map[string]string{
		"name": `"New"`, "status": `"inactive"`, "pal_id": `"` + simulator.PalProductTour + `"`, "has_password": `true`,
		"limits": `{"daily_call_limit_per_user":5,"max_call_duration":1}`, "allowed_origins": `["https://a"]`,
		"thumbnail_image_url": `"https://cdn.example.com/pals/` + simulator.PalProductTour + `/thumbnail.png"`,
	} {
		equal(t, key, changed.at(key), want)
	}
	if js(changed.at("updated_at")) <= js(changed.at("created_at")) {
		t.Errorf("updated_at %v did not move", changed.at("updated_at"))
	}
	cleared := a.patch(id, `[{"op":"add","path":"/password","value":null},{"op":"remove","path":"/name"},{"op":"remove","path":"/customization"},{"op":"add","path":"/allowed_origins","value":[]}]`)
	equal(t, "has_password", cleared.at("has_password"), `false`)
	equal(t, "name", cleared.at("name"), `null`)
	equal(t, "customization", cleared.at("customization"), `{}`)
	if _, has := a.sim.Password(id); has {
		t.Error("the password is still there")
	}
	set := func(value string) string { return `[{"op":"add","path":"/password","value":` + value + `}]` }
	equal(t, "clearing what is not there", a.patch(id, set("null")).status, "304")
	equal(t, "setting", a.patch(id, set(`"x"`)).status, "200")
	equal(t, "the same one, which a server cannot tell", a.patch(id, set(`"x"`)).status, "200")
}

func TestPatchWithIfMatch(t *testing.T) {
	t.Parallel()
	a := start(t, simulator.Options{})
	id := a.create(`,"name":"a"`).id()
	tag := a.get(id).header.Get("Etag")
	rename := func(name string) string { return `[{"op":"replace","path":"/name","value":"` + name + `"}]` }
	if result := a.patch(id, rename("b"), "If-Match", `"x", `+tag); result.status != http.StatusOK {
		t.Errorf("fresh: %d", result.status)
	}
	if result := a.patch(id, rename("c"), "If-Match", tag); result.status != http.StatusPreconditionFailed {
		t.Errorf("stale: %d", result.status)
	}
	if result := a.patch(id, rename("d"), "If-Match", "*"); result.status != http.StatusOK {
		t.Errorf("any: %d", result.status)
	}
	tag = a.get(id).header.Get("Etag")
	if result := a.patch(id, rename("d"), "If-Match", tag); result.status != http.StatusNotModified || result.text != "" {
		t.Errorf("unchanged: %d %s", result.status, result.text)
	}
	if a.get(id).header.Get("Etag") != tag {
		t.Error("an unchanged document has a new tag")
	}
	a.sim.Edit(id, func(map[string]any) {})
	if result := a.patch(id, rename("e"), "If-Match", tag); result.status != http.StatusPreconditionFailed {
		t.Errorf("after an edit: %d", result.status)
	}
}
