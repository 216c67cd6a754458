package simulator_test

import (
	"net/http"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

const terms = `{"name": "Terms", "rules": [{"text": "nginx", "pronunciation": "engine ex", "type": "alias"}, {"text": "HCL", "pronunciation": "x", "type": "ipa"}]}`

func TestDictionary_Life(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	created := s.want(http.StatusCreated, http.MethodPost, "/v2/pronunciation-dictionaries", terms)
	if got := at(t, text(t, created), "/rules/0"); got != `{"case_sensitive":false,"pronunciation":"engine ex","text":"nginx","type":"alias","word_boundaries":true}` {
		t.Errorf("rule: %s", got)
	}
	id := str(created["pronunciation_dictionary_id"])
	path := "/v2/pronunciation-dictionaries/" + id
	s.Edit("pals", simulator.PalDocsGuide, func(doc map[string]any) {
		doc["layers"] = map[string]any{"tts": map[string]any{"tts_engine": "cartesia", "pronunciation_dictionary_id": id}}
	})
	changed := s.want(http.StatusOK, http.MethodPatch, path, patchOf("add", "/rules", "[]"))
	if got := text(t, []any{changed["rules"], changed["rules_count"]}); got != `[[],0]` {
		t.Errorf("without rules: %s", got)
	}
	if got := at(t, s.send(http.MethodGet, "/v2/pronunciation-dictionaries", "").text, "/data/0/rules"); got != "absent" {
		t.Errorf("the list shows rules: %s", got)
	}
	s.send(http.MethodDelete, path, "")
	if got := at(t, text(t, s.Document("pals", simulator.PalDocsGuide)), "/layers/tts"); got != `{"pronunciation_dictionary_id":null,"tts_engine":"cartesia"}` {
		t.Errorf("the PAL has %s", got)
	}
	s.SetContract(nil)
	for _, rules := range []string{
		`[{"text": "a"}]`, `[{"text": "a", "pronunciation": "b", "type": "x"}]`,
		`[{"text": "a", "pronunciation": "b", "type": "ipa"}, {"text": "a", "pronunciation": "c", "type": "ipa"}]`,
	} {
		s.want(http.StatusBadRequest, http.MethodPost, "/v2/pronunciation-dictionaries", `{"name": "n", "rules": `+rules+`}`)
	}
}

func TestDictionary_Switches(t *testing.T) {
	t.Parallel()
	s := newSite(t, "dictionary-rule-defaults=absent", "dictionary-alphabet=added", "dictionary-rule-order=sorted")
	created := s.want(http.StatusCreated, http.MethodPost, "/v2/pronunciation-dictionaries", terms)
	if got := at(t, text(t, created), "/rules/0"); got != `{"alphabet":"ipa","pronunciation":"x","text":"HCL","type":"ipa"}` {
		t.Errorf("rule: %s", got)
	}
}
