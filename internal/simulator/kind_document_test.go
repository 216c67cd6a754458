package simulator_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

func TestDocument_Life(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	now := time.Now()
	s.SetClock(func() time.Time { return now })
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
	if got := s.want(http.StatusTooManyRequests, http.MethodPost, path+"/recrawl", "")["error"]; !strings.Contains(str(got), "60 minutes") {
		t.Errorf("recrawl too soon: %v", got)
	}
	now = now.Add(time.Hour)
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

func TestDocument_Limits(t *testing.T) {
	t.Parallel()
	s := newSite(t, "document-time=1m", "document-crawl=defaults", "document-cooldown=retry-after", "document-delete-busy=409")
	now := time.Now()
	s.SetClock(func() time.Time { return now })
	create := func(status int) map[string]any {
		return s.want(status, http.MethodPost, "/v2/documents", `{"document_url": "https://docs.example.com/", "crawl": {"depth": 1}}`)
	}
	first := create(http.StatusOK)
	path := "/v2/documents/" + str(first["document_id"])
	if got := text(t, first["crawl_config"]); got != `{"depth":1,"max_pages":10}` {
		t.Errorf("the crawl is %s", got)
	}
	s.want(http.StatusConflict, http.MethodDelete, path, "")
	for n := 2; n <= 100; n++ {
		if n%5 == 1 {
			if got := str(create(http.StatusTooManyRequests)["error"]); !strings.Contains(got, "5 crawls") {
				t.Fatalf("document %d: %s", n, got)
			}
			now = now.Add(time.Minute)
			for _, doc := range s.Documents("documents") {
				s.send(http.MethodGet, "/v2/documents/"+str(doc["document_id"]), "")
			}
		}
		create(http.StatusOK)
	}
	if got := str(create(http.StatusTooManyRequests)["error"]); !strings.Contains(got, "100 crawl documents") {
		t.Errorf("one too many: %s", got)
	}
	now = now.Add(time.Minute)
	for _, doc := range s.Documents("documents") {
		s.send(http.MethodGet, "/v2/documents/"+str(doc["document_id"]), "")
	}
	if got := s.send(http.MethodPost, path+"/recrawl", "").header.Get("Retry-After"); got == "" {
		t.Error("a recrawl too soon has no Retry-After")
	}
	s.send(http.MethodDelete, path, "")
	if s.Document("documents", str(first["document_id"])) != nil {
		t.Error("it is not deleted")
	}
}

func TestDocument_SameURL(t *testing.T) {
	t.Parallel()
	s := newSite(t, "document-same-url=409", "document-url=redirected", "document-name=late", "document-crawl=null", "document-moves=no")
	body := `{"document_url": "https://a.example/?v=1", "crawl": {"depth": 1}}`
	created := s.want(http.StatusOK, http.MethodPost, "/v2/documents", body)
	s.want(http.StatusConflict, http.MethodPost, "/v2/documents", body)
	if err := s.Set("document-same-url=first"); err != nil {
		t.Fatal(err)
	}
	if again := s.want(http.StatusOK, http.MethodPost, "/v2/documents", body); again["document_id"] != created["document_id"] {
		t.Errorf("it is another document: %v", again)
	}
	path := "/v2/documents/" + str(created["document_id"])
	s.send(http.MethodGet, path, "")
	read := s.want(http.StatusOK, http.MethodGet, path, "")
	got := text(t, []any{read["document_url"], read["document_name"], read["crawl_config"], read["updated_at"] == created["updated_at"]})
	if got != `["https://a.example/?v=1#read","Page of a.example",{"depth":1,"max_pages":null},true]` {
		t.Errorf("read: %s", got)
	}
	if err := s.Set("document-url=cut", "document-name=none"); err != nil {
		t.Fatal(err)
	}
	cut := s.want(http.StatusOK, http.MethodPost, "/v2/documents", `{"document_url": "https://b.example/?v=1"}`)
	if got := text(t, []any{cut["document_url"], cut["document_name"]}); got != `["https://b.example/",null]` {
		t.Errorf("cut: %s", got)
	}
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
