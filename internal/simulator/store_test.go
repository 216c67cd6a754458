package simulator_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

func TestStore_PutEditDelete(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	id := s.Put("deployments", map[string]any{"name": "Made by hand", "password": "p", "allowed_origins": []string{"https://a"}})
	read := s.want(http.StatusOK, http.MethodGet, "/v2/deployments/"+id, "")
	if got := text(t, []any{read["name"], read["pal_id"], read["has_password"], read["allowed_origins"]}); got != `["Made by hand","p5317866",true,["https://a"]]` {
		t.Errorf("GET shows %s", got)
	}
	before := text(t, read["updated_at"])
	if !s.Edit("deployments", id, func(doc map[string]any) { doc["name"], doc["password"] = "Edited", nil }) {
		t.Fatal("there is nothing to edit")
	}
	doc := s.Document("deployments", id)
	if doc["name"] != "Edited" || doc["has_password"] != false || text(t, doc["updated_at"]) <= before {
		t.Errorf("after the edit: %v", doc)
	}
	doc["name"] = "a copy"
	if s.Document("deployments", id)["name"] != "Edited" {
		t.Error("the document that was handed out is not a copy")
	}
	if s.Edit("pals", id, func(map[string]any) {}) || s.Delete("pals", id) {
		t.Error("the id was found in another collection")
	}
	if !s.Delete("deployments", id) || s.Delete("deployments", id) || s.Document("deployments", id) != nil {
		t.Error("it was not deleted once")
	}
}

func TestStore_EditKeepsTheSecretsOfAPal(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.Edit("pals", simulator.PalDocsGuide, func(doc map[string]any) { doc["greeting"] = "Hi" })
	if s.Secret("pals", simulator.PalDocsGuide, "/layers/tts/api_key") == "" {
		t.Error("the key is gone")
	}
}

func TestStore_UpdatedAtMovesWhileTheClockStandsStill(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.SetClock(func() time.Time { return time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC) })
	id, path := s.create(guide)
	s.want(http.StatusOK, http.MethodPatch, path, rename)
	if got := s.Document("deployments", id)["updated_at"]; got != "2026-03-04T05:06:07.000001Z" {
		t.Errorf("updated_at is %v", got)
	}
}

func TestSet_AllOrNone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, wrong := range []string{"no-switch=1", "etag=red", "latency=x", "lag=-1", "faults=x"} {
		if err := s.Set("unknown-id=400", wrong); err == nil {
			t.Errorf("%s: no error", wrong)
		}
	}
	s.want(http.StatusNotFound, http.MethodGet, "/v2/deployments/d0", "")
	if _, err := simulator.New("etag=red"); err == nil {
		t.Error("New takes a wrong position")
	}
}

func TestServe_MethodsAndPaths(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.SetContract(nil)
	id, path := s.create(guide)
	s.want(http.StatusMethodNotAllowed, http.MethodPut, path, "")
	for _, nowhere := range []string{"/v2/deployments/", "/v2/deployments/" + id + "/x", "/v2/nothing", "/v1/deployments", "/v2/deployments/a/../" + id, "/"} {
		s.want(http.StatusNotFound, http.MethodGet, nowhere, "")
	}
	s.want(http.StatusUnauthorized, http.MethodGet, path, "", "X-Api-Key", "")
	s.want(http.StatusBadRequest, http.MethodPost, "/v2/deployments", `{"channel": "embed"}`)
	s.want(http.StatusBadRequest, http.MethodPost, "/v2/deployments", `{"channel": "embed", "pal_id": "p0"}`)
	s.want(http.StatusBadRequest, http.MethodPost, "/v2/deployments", `{"channel": "embed", "pal_id": "p5317866", "limits": null}`)
	if got := at(t, s.send(http.MethodGet, "/v2/deployments?search=docs&status=active&pal_id=p5317866", "").text, "/total_count"); got != "1" {
		t.Errorf("filtered: %s", got)
	}
}
