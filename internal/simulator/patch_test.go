package simulator_test

import (
	"net/http"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

func TestPatch_ValidatesTheResult(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	id, path := s.create(guide)
	before := text(t, s.Document("deployments", id))
	for _, patch := range []string{
		patchOf("add", "/channel", `"embed"`), patchOf("add", "/created_at", `"2020-01-01T00:00:00Z"`),
		patchOf("remove", "/usage_total", ""), patchOf("add", "", "{}"), patchOf("add", "/status", `"live"`),
		patchOf("add", "/pal_id", `"p0"`), patchOf("remove", "/pal_id", ""), patchOf("add", "/name", "1"),
		patchOf("add", "/password", "1"), patchOf("add", "/customization", "[]"), patchOf("add", "/allowed_origins", "[1]"),
		patchOf("add", "/foo", "1"),
	} {
		if answer := s.send(http.MethodPatch, path, patch); answer.status != http.StatusBadRequest {
			t.Errorf("%s: got %d %s, want 400", patch, answer.status, answer.text)
		}
	}
	if after := text(t, s.Document("deployments", id)); after != before {
		t.Errorf("the document is %s, it was %s", after, before)
	}
	s.want(http.StatusUnsupportedMediaType, http.MethodPatch, path, "[]", "Content-Type", "text/plain")
	if got := s.send(http.MethodPatch, path, "[]", "Content-Type", "application/json-patch+json").status; got != http.StatusNotModified {
		t.Errorf("application/json-patch+json: %d", got)
	}
}

func TestPatch_WritesEveryMember(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, path := s.create(`{"pal_id": "p5317866", "channel": "widget"}`)
	doc := s.want(http.StatusOK, http.MethodPatch, path, `[{"op":"add","path":"/name","value":"New"},{"op":"add","path":"/status","value":"inactive"},`+
		`{"op":"add","path":"/pal_id","value":"`+simulator.PalProductTour+`"},{"op":"add","path":"/password","value":"secret"},`+
		`{"op":"add","path":"/limits/max_call_duration","value":1},{"op":"add","path":"/allowed_origins","value":["https://a"]}]`)
	for key, want := range map[string]string{
		"name": `"New"`, "status": `"inactive"`, "pal_id": `"p7c20e4a"`, "has_password": "true",
		"limits": `{"daily_call_limit_per_user":5,"max_call_duration":1}`, "allowed_origins": `["https://a"]`,
		"thumbnail_image_url": `"https://cdn.example.com/pals/p7c20e4a/thumbnail.png"`,
	} {
		if got := text(t, doc[key]); got != want {
			t.Errorf("%s is %s, want %s", key, got, want)
		}
	}
	if text(t, doc["updated_at"]) <= text(t, doc["created_at"]) {
		t.Error("updated_at did not move")
	}
	doc = s.want(http.StatusOK, http.MethodPatch, path, `[{"op":"add","path":"/password","value":null},{"op":"remove","path":"/name"},{"op":"remove","path":"/customization"}]`)
	if got := text(t, []any{doc["has_password"], doc["name"], doc["customization"]}); got != `[false,null,{}]` {
		t.Errorf("cleared: %s", got)
	}
	for i, want := range []int{http.StatusOK, http.StatusOK} { // the same password again, which a server cannot tell
		if got := s.send(http.MethodPatch, path, patchOf("add", "/password", `"x"`)).status; got != want {
			t.Errorf("password, %d: %d", i, got)
		}
	}
}

func TestPatch_IfMatch(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	id, path := s.create(guide)
	tag := func() string { return s.send(http.MethodGet, path, "").header.Get("Etag") }
	rename := func(name, match string, want int) {
		t.Helper()
		if got := s.send(http.MethodPatch, path, patchOf("add", "/name", `"`+name+`"`), "If-Match", match).status; got != want {
			t.Errorf("%s: %d, want %d", name, got, want)
		}
	}
	old := tag()
	rename("fresh", old, http.StatusOK)
	rename("stale", old, http.StatusPreconditionFailed)
	rename("fresh", tag(), http.StatusNotModified)
	kept := tag()
	s.Edit("deployments", id, func(map[string]any) {})
	rename("edited", kept, http.StatusPreconditionFailed)
}

func TestPatch_SecretsOfAPal(t *testing.T) {
	t.Parallel()
	s := newSite(t, "pal-patch-answer=whole")
	path := "/v2/pals/" + simulator.PalDocsGuide
	key := func() string { return s.Secret("pals", simulator.PalDocsGuide, "/layers/llm/api_key") }
	s.want(http.StatusOK, http.MethodPatch, path, patchOf("add", "/layers/llm/model", `"other"`))
	if key() != "sim-llm-secret-p5317866" {
		t.Errorf("a PATCH beside it changed the key to %q", key())
	}
	s.want(http.StatusOK, http.MethodPatch, path, patchOf("add", "/layers/llm/api_key", `"new"`))
	if key() != "new" {
		t.Errorf("the key is %q, want the new one", key())
	}
	s.send(http.MethodPatch, path, patchOf("add", "/layers/llm/api_key", `"********"`))
	if key() != "new" {
		t.Errorf("the mask was stored: %q", key())
	}
	doc := s.want(http.StatusOK, http.MethodPatch, path, patchOf("remove", "/layers/llm/api_key", ""))
	if key() != "" || at(t, text(t, doc), "/layers/llm") != `{"model":"other"}` {
		t.Errorf("after the removal the key is %q, the document %v", key(), doc["layers"])
	}
}

func TestPatch_BelowABlockThatIsNull(t *testing.T) {
	t.Parallel()
	s := newSite(t, "other-blocks=null")
	id, path := s.create(bare)
	s.want(http.StatusUnprocessableEntity, http.MethodPatch, path, patchOf("add", "/customization/widget/position", `"top"`))
	s.want(http.StatusOK, http.MethodPatch, path, `[{"op": "add", "path": "/customization/widget", "value": {}}, {"op": "add", "path": "/customization/widget/position", "value": "top"}]`)
	doc := text(t, s.Document("deployments", id))
	if got := at(t, doc, "/customization/widget"); got != `{"position":"top"}` {
		t.Errorf("widget is %s", got)
	}
	if got := at(t, doc, "/customization/landing_page"); got != "absent" {
		t.Errorf("a block that only answers show was stored: %s", got)
	}
}
