package simulator_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestPortal_DoesWhatAPersonDoes(t *testing.T) {
	t.Parallel()
	s := newSite(t, "portal=true", "defaults=none")
	id, _ := s.create(`{"pal_id": "p5317866", "channel": "embed", "password": "secret", "customization": {"style": {"mode": "dark"}, "x": 1}}`)
	one := "/_simulator/deployments/" + id
	noKey := []string{"X-Api-Key", ""} // the control API needs none
	if help := s.send(http.MethodGet, "/_simulator/", "", noKey...).text; !strings.Contains(help, "PATCH  /_simulator/COLLECTION/{id}") {
		t.Error(help)
	}
	edited := s.want(http.StatusOK, http.MethodPatch, one, `{"customization":{"style":{"radius":2},"x":null},"name":"By hand","password":null}`, noKey...)
	if got := text(t, []any{edited["customization"], edited["name"], edited["has_password"]}); got != `[{"style":{"mode":"dark","radius":2}},"By hand",false]` {
		t.Errorf("edited: %s", got)
	}
	s.want(http.StatusOK, http.MethodPatch, one, `{"password":"new"}`)
	if got := s.Secret("deployments", id, "/password"); got != "new" {
		t.Errorf("the password is %q", got)
	}
	s.want(http.StatusOK, http.MethodPost, one+"/visit", "")
	if got := text(t, s.want(http.StatusOK, http.MethodGet, one, "")["usage_total"]); got != "1" {
		t.Errorf("visits: %s", got)
	}
	made := str(s.want(http.StatusCreated, http.MethodPost, "/_simulator/deployments", `{"name":"Made"}`)["deployment_id"])
	list := s.send(http.MethodGet, "/_simulator/deployments", "").text
	if !strings.Contains(list, id) || !strings.Contains(list, made) || strings.Contains(list, `"new"`) {
		t.Error(list)
	}
	if got := s.send(http.MethodDelete, "/_simulator/deployments/"+made, "").status; got != http.StatusNoContent {
		t.Errorf("DELETE: %d", got)
	}
	s.want(http.StatusNotFound, http.MethodDelete, "/_simulator/deployments/"+made, "")
	s.want(http.StatusNotFound, http.MethodPatch, "/_simulator/deployments/"+made, "{}")
	pal := str(s.want(http.StatusCreated, http.MethodPost, "/_simulator/pals", `{"pal_name":"Mine"}`)["pal_id"])
	s.want(http.StatusOK, http.MethodGet, "/v2/pals/"+pal, "")
	log := s.send(http.MethodGet, "/_simulator/requests", "").text
	if at(t, log, "/requests/1/method") != `"GET"` || at(t, log, "/requests/2") != "absent" {
		t.Errorf("the log: %s", log)
	}
	s.send(http.MethodDelete, "/_simulator/requests", "")
	if left := s.Requests(); len(left) != 0 {
		t.Errorf("left in the log: %v", left)
	}
}

func TestPortal_Settings(t *testing.T) {
	t.Parallel()
	s := newSite(t, "portal=true")
	set := func(status int, settings string) {
		t.Helper()
		s.want(status, http.MethodPatch, "/_simulator/settings", settings)
	}
	set(http.StatusNoContent, `{"faults":"GET:*:503"}`)
	s.want(http.StatusServiceUnavailable, http.MethodGet, "/v2/deployments", "")
	set(http.StatusNoContent, `{"faults":"","unknown-id":400,"page-cap":2}`)
	s.want(http.StatusOK, http.MethodGet, "/v2/deployments", "")
	s.want(http.StatusBadRequest, http.MethodGet, "/v2/deployments/d0", "")
	for _, wrong := range []string{`{"faults":"GET"}`, `{"stale-code":"500"}`, `{"no-switch":"1","errors":"text"}`, `[]`} {
		set(http.StatusBadRequest, wrong)
	}
	if got := s.send(http.MethodGet, "/v2/deployments/d0", "").text; got != `{"error":"Invalid deployment_id"}` {
		t.Errorf("one wrong switch moved another: %s", got)
	}
	s.want(http.StatusNotFound, http.MethodGet, "/_simulator/nothing", "")
}

func TestPortal_IsOffUnlessAskedFor(t *testing.T) {
	t.Parallel()
	newSite(t).want(http.StatusNotFound, http.MethodGet, "/_simulator/requests", "")
}
