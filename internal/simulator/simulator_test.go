package simulator_test

import (
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

func TestSimulator_LifeOfADeployment(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	id, path := s.create(guide)
	read := s.send(http.MethodGet, path, "")
	doc := read.object(t)
	if doc["has_password"] != true || doc["status"] != "active" || doc["name"] != "Docs (beta)!" {
		t.Errorf("GET shows %s", read.text)
	}
	if _, shown := doc["password"]; shown {
		t.Error("GET shows the password")
	}
	if s.Secret("deployments", id, "/password") != "hunter2" {
		t.Errorf("the password is %q", s.Secret("deployments", id, "/password"))
	}
	if tag := read.header.Get("Etag"); len(tag) < 4 || tag[:3] != `W/"` {
		t.Errorf("the ETag is %q, want a weak one", tag)
	}
	if read.header.Get("X-Tavus-Request-Id") == "" {
		t.Error("no X-Tavus-Request-Id")
	}
	changed := s.want(http.StatusOK, http.MethodPatch, path, patchOf("add", "/customization/style/mode", `"dark"`), "If-Match", read.header.Get("Etag"))
	if got := at(t, text(t, changed), "/customization/style"); got != `{"boxes_radius":1,"magic_canvas":{"accent_color":"#FFF"},"mode":"dark"}` {
		t.Errorf("after the PATCH the style is %s", got)
	}
	s.want(http.StatusPreconditionFailed, http.MethodPatch, path, patchOf("add", "/name", `"x"`), "If-Match", read.header.Get("Etag"))
	if again := s.send(http.MethodPatch, path, patchOf("add", "/customization/style/mode", `"dark"`)); again.status != http.StatusNotModified {
		t.Errorf("a PATCH that changes nothing: %d", again.status)
	}
	if gone := s.send(http.MethodDelete, path, ""); gone.status != http.StatusNoContent {
		t.Errorf("DELETE: %d", gone.status)
	}
	s.want(http.StatusNotFound, http.MethodGet, path, "")
	if left := s.Documents("deployments"); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}

func TestSimulator_PalsMaskTheirKeys(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	pal := s.want(http.StatusOK, http.MethodGet, "/v2/pals/"+simulator.PalDocsGuide, "")
	if got := text(t, pal["layers"]); got != `{"llm":{"api_key":"********","model":"tavus-gpt-4o"},"tts":{"api_key":"********","tts_engine":"cartesia"}}` {
		t.Errorf("layers: %s", got)
	}
	if pal["pal_type"] != nil {
		t.Error("pal_type is in the answer")
	}
	if key := s.Secret("pals", simulator.PalDocsGuide, "/layers/llm/api_key"); key != "sim-llm-secret-p5317866" {
		t.Errorf("the key is %q", key)
	}
	list := s.want(http.StatusOK, http.MethodGet, "/v2/pals?pal_type=system", "")
	if text(t, list["total_count"]) != "1" {
		t.Errorf("list: %v", list)
	}
}

func TestSimulator_RequestsAreLogged(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	at := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	s.SetClock(func() time.Time { return at })
	s.create(guide)
	s.send(http.MethodGet, "/v2/deployments?limit=5", "")
	log := s.Requests()
	if len(log) != 2 || log[0].Method != http.MethodPost || log[1].Query != "limit=5" || log[1].Status != http.StatusOK {
		t.Fatalf("log: %+v", log)
	}
	if string(log[0].Body) != guide || log[0].Header.Get("X-Api-Key") != "" || !log[0].Time.Equal(at) {
		t.Errorf("first line: %+v", log[0])
	}
	s.ResetRequests()
	if len(s.Requests()) != 0 {
		t.Error("the log is not empty")
	}
}

func TestSimulator_HooksMayEdit(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	id, path := s.create(guide)
	s.OnRequest(func(r simulator.Request) {
		if r.Method == http.MethodPatch {
			s.Edit("deployments", id, func(doc map[string]any) { doc["name"] = "From the portal" })
		}
	})
	read := s.send(http.MethodGet, path, "")
	s.want(http.StatusPreconditionFailed, http.MethodPatch, path, patchOf("add", "/status", `"draft"`), "If-Match", read.header.Get("Etag"))
	s.OnRequest(nil)
	answered := 0
	s.OnAnswer(func(simulator.Request) { answered++ })
	s.send(http.MethodGet, path, "")
	if answered != 1 {
		t.Errorf("OnAnswer ran %d times", answered)
	}
}

func TestSimulator_ManyAtOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t, "usage=on")
	_, path := s.create(guide)
	s.want(http.StatusOK, http.MethodPut, canvas, "")
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			for range 5 {
				if _, err := s.ask(http.MethodGet, path, ""); err != nil {
					t.Error(err)
				}
				_, _ = s.ask(http.MethodPatch, path, patchOf("add", "/limits/n", strconv.Itoa(i)))
				_, _ = s.ask(http.MethodPut, canvas, `{"config": {"components": {}}}`)
				_, _ = s.ask(http.MethodGet, "/v2/pals/p5317866/skills", "")
				s.Documents("deployments")
				_ = s.Set("stale-code=409")
			}
		})
	}
	group.Wait()
	if got := text(t, s.want(http.StatusOK, http.MethodGet, path, "")["usage_total"]); got != "41" {
		t.Errorf("visits: %s", got)
	}
}
