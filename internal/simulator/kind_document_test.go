package simulator_test

import (
	"net/http"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

func TestDocument_Life(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	created := s.want(http.StatusOK, http.MethodPost, "/v2/documents", `{"document_url": "https://docs.example.com/guide.pdf", "tags": ["docs"], "crawl": {"depth": 2}}`)
	if got := text(t, []any{created["status"], created["document_name"], created["crawl_config"]}); got != `["started","docs.example.com/guide.pdf",{"depth":2}]` {
		t.Errorf("created: %s", got)
	}
	path := "/v2/documents/" + str(created["document_id"])
	s.want(http.StatusConflict, http.MethodPost, path+"/recrawl", "")
	for _, want := range []string{`"processing"`, `"ready"`, `"ready"`} {
		if got := at(t, s.send(http.MethodGet, path, "").text, "/status"); got != want {
			t.Errorf("status %s, want %s", got, want)
		}
	}
	changed := s.want(http.StatusOK, http.MethodPatch, path, `{"document_name": "Guide"}`)
	if got := text(t, []any{changed["document_name"], changed["tags"]}); got != `["Guide",["docs"]]` {
		t.Errorf("changed: %s", got)
	}
	if again := s.want(http.StatusAccepted, http.MethodPost, path+"/recrawl", ""); again["status"] != "recrawling" {
		t.Errorf("recrawl: %v", again["status"])
	}
	if got := at(t, s.send(http.MethodGet, "/v2/documents?tags=docs&name_or_uuid=guide&status=recrawling", "").text, "/total_count"); got != "1" {
		t.Errorf("filtered: %s", got)
	}
	plain := s.want(http.StatusOK, http.MethodPost, "/v2/documents", `{"document_url": "https://a.example"}`)
	s.want(http.StatusBadRequest, http.MethodPost, "/v2/documents/"+str(plain["document_id"])+"/recrawl", "")
	s.want(http.StatusBadRequest, http.MethodPost, "/v2/documents", `{"document_url": "x"}`)
	s.SetContract(nil)
	s.want(http.StatusBadRequest, http.MethodPatch, path, `{"document_url": "https://b.example"}`)
}

func TestDocument_Switches(t *testing.T) {
	t.Parallel()
	s := newSite(t, "document-speed=0", "document-outcome=error", "document-url=slash", "document-scrub=removed", "document-pages-from=1")
	created := s.want(http.StatusOK, http.MethodPost, "/v2/documents", `{"document_url": "https://a.example"}`)
	if got := text(t, []any{created["status"], created["error_message"], created["document_url"]}); got != `["error","file_download_failed","https://a.example/"]` {
		t.Errorf("created: %s", got)
	}
	if got := at(t, s.send(http.MethodGet, "/v2/documents?page=1", "").text, "/data/0/document_name"); got != `"a.example"` {
		t.Errorf("page 1: %s", got)
	}
	id := str(created["document_id"])
	s.Edit("pals", simulator.PalDocsGuide, func(doc map[string]any) { doc["document_ids"] = []any{id} })
	s.send(http.MethodDelete, "/v2/documents/"+id, "")
	if got := text(t, s.Document("pals", simulator.PalDocsGuide)["document_ids"]); got != "[]" {
		t.Errorf("the PAL has %s", got)
	}
}
