package simulator_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

const roadmap = `{"guardrail_name": "no_roadmap", "guardrail_prompt": "Never promise features.", "tags": ["Support"]}`

func TestGuardrail_Life(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	created := s.want(http.StatusOK, http.MethodPost, "/v2/guardrails", roadmap)
	if got := text(t, []any{created["modality"], created["app_message"], created["tags"], created["callback_url"]}); got != `["verbal",true,["Support"],null]` {
		t.Errorf("created: %s", got)
	}
	id := str(created["uuid"])
	s.Edit("pals", simulator.PalDocsGuide, func(doc map[string]any) { doc["guardrail_ids"] = []any{id, "g0"} })
	changed := s.want(http.StatusOK, http.MethodPatch, "/v2/guardrails/"+id, patchOf("add", "/callback_url", `"https://hooks.example.com"`))
	if _, has := changed["created_at"]; has || changed["callback_url"] != "https://hooks.example.com" {
		t.Errorf("the PATCH answers %v", changed)
	}
	for query, want := range map[string]string{
		"?legacy=false": "1", "?legacy=true": "0", "?legacy=false&name_or_uuid=ROAD": "1", "?legacy=false&name_or_uuid=x": "0",
		"?legacy=false&tags=a,Support": "1", "?legacy=false&tags=a": "0",
	} {
		if got := at(t, s.send(http.MethodGet, "/v2/guardrails"+query, "").text, "/total_count"); got != want {
			t.Errorf("%s: %s", query, got)
		}
	}
	if got := at(t, s.send(http.MethodGet, "/v2/guardrails?legacy=false", "").text, "/page"); got != "0" {
		t.Errorf("the first page is %s", got)
	}
	s.send(http.MethodDelete, "/v2/guardrails/"+id, "")
	if got := text(t, s.Document("pals", simulator.PalDocsGuide)["guardrail_ids"]); got != `["g0"]` {
		t.Errorf("the PAL has %s", got)
	}
	s.SetContract(nil)
	for _, wrong := range []string{
		`{"guardrail_name": "a b", "guardrail_prompt": "x"}`, `{"guardrail_name": "a"}`,
		`{"guardrail_name": "a", "guardrail_prompt": "` + strings.Repeat("x", 1001) + `"}`,
	} {
		s.want(http.StatusBadRequest, http.MethodPost, "/v2/guardrails", wrong)
	}
}

func TestGuardrail_Switches(t *testing.T) {
	t.Parallel()
	s := newSite(t, "guardrail-patch-answer=with", "guardrail-tags=lowered")
	created := s.want(http.StatusOK, http.MethodPost, "/v2/guardrails", roadmap)
	if got := text(t, []any{created["app_message"], created["tags"]}); got != `[true,["support"]]` {
		t.Errorf("created: %s", got)
	}
	path := "/v2/guardrails/" + str(created["uuid"])
	if changed := s.want(http.StatusOK, http.MethodPatch, path, patchOf("add", "/modality", `"visual"`)); changed["created_at"] == nil {
		t.Error("no created_at")
	}
}
