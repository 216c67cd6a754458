package simulator_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

func TestPortal(t *testing.T) {
	t.Parallel()
	a := start(t, simulator.Options{Portal: true, Defaults: simulator.DefaultsNone})
	id := a.create(`,"customization":{"theme":{"mode":"dark"},"x":1},"password":"secret"`).id()
	one := "/_simulator/deployments/" + id
	a.key = "" // the control API needs no key
	if help := a.want(http.StatusOK, http.MethodGet, "/_simulator/", ""); !strings.Contains(help.text, "PATCH  /_simulator/deployments/{id}") {
		t.Error(help.text)
	}
	edited := a.want(http.StatusOK, http.MethodPatch, one, `{"customization":{"theme":{"radius":2},"x":null},"name":"By hand","password":null}`)
	equal(t, "edited", []any{edited.at("customization"), edited.at("name"), edited.at("has_password")},
		`[{"theme":{"mode":"dark","radius":2}},"By hand",false]`)
	a.want(http.StatusOK, http.MethodPatch, one, `{"password":"new"}`)
	if password, _ := a.sim.Password(id); password != "new" {
		t.Errorf("password %q", password)
	}
	equal(t, "visit", a.want(http.StatusOK, http.MethodPost, one+"/visit", "").at("usage_total"), "1")
	equal(t, "no visit", a.want(http.StatusOK, http.MethodGet, one, "").at("usage_total"), "1")
	made := a.want(http.StatusCreated, http.MethodPost, "/_simulator/deployments", `{"name":"Made"}`)
	list := a.want(http.StatusOK, http.MethodGet, "/_simulator/deployments", "").text
	if !strings.Contains(list, id) || !strings.Contains(list, made.id()) || strings.Contains(list, `"new"`) {
		t.Error(list)
	}
	a.want(http.StatusNoContent, http.MethodDelete, "/_simulator/deployments/"+made.id(), "")
	a.want(http.StatusNotFound, http.MethodDelete, "/_simulator/deployments/"+made.id(), "")
	a.want(http.StatusNotFound, http.MethodPatch, "/_simulator/deployments/"+made.id(), "{}")
	pal := a.want(http.StatusCreated, http.MethodPost, "/_simulator/pals", `{"pal_name":"Mine"}`)
	a.key = "key"
	a.want(http.StatusOK, http.MethodGet, "/v2/pals/"+fmt.Sprint(pal.at("pal_id")), "")
	log := a.want(http.StatusOK, http.MethodGet, "/_simulator/requests", "")
	requests, _ := log.at("requests").([]any)
	equal(t, "log", []any{len(requests), log.at("starts"), reply{value: requests[0]}.at("method")}, `[2,0,"POST"]`)
	a.want(http.StatusNoContent, http.MethodDelete, "/_simulator/requests", "")
	equal(t, "log", a.want(http.StatusOK, http.MethodGet, "/_simulator/requests", "").at("requests"), "[]")
}

func TestPortalFaultsAndSwitches(t *testing.T) {
	t.Parallel()
	a := start(t, simulator.Options{Portal: true})
	a.want(http.StatusNoContent, http.MethodPut, "/_simulator/faults", "GET:1:503")
	equal(t, "fault", a.do(http.MethodGet, "/v2/deployments", "").status, "503")
	a.want(http.StatusNoContent, http.MethodPut, "/_simulator/faults", "GET:*:503")
	a.want(http.StatusNoContent, http.MethodDelete, "/_simulator/faults", "")
	equal(t, "no fault", a.do(http.MethodGet, "/v2/deployments", "").status, "200")
	a.want(http.StatusBadRequest, http.MethodPut, "/_simulator/faults", "GET")
	equal(t, "stale-code", a.want(http.StatusOK, http.MethodGet, "/_simulator/switches", "").at("stale-code"), `"412"`)
	moved := a.want(http.StatusOK, http.MethodPatch, "/_simulator/switches", `{"stale-code":"409","page-cap":2}`)
	equal(t, "moved", []any{moved.at("stale-code"), moved.at("page-cap")}, `["409","2"]`)
	equal(t, "stale", a.patch(a.create("").id(), "[]", "If-Match", `"x"`).status, "409")
	for _, wrong := range []string{`{"stale-code":"500"}`, `{"no-switch":"1","errors":"text"}`, `[]`} {
		a.want(http.StatusBadRequest, http.MethodPatch, "/_simulator/switches", wrong)
	}
	equal(t, "all or none", a.want(http.StatusOK, http.MethodGet, "/_simulator/switches", "").at("errors"), `"error"`)
}

func TestRunFlags(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		args   string
		code   int
		stdout string
		stderr string
	}{
		{"-help", 0, "-stale-code=412|409|428", ""},
		{"-stale-code=500", 2, "", "must be one of 412, 409, 428"},
		{"-faults=GET", 2, "", "want METHOD:WHICH:KIND"},
		{"-keys=a", 2, "", "want KEY=ACCOUNT"},
		{"-no-flag", 2, "", "-no-flag"},
		{"extra", 2, "", `unexpected argument "extra"`},
		{"-listen=127.0.0.1:99999", 1, "", "Choose another address with -listen"},
	} {
		var stdout, stderr bytes.Buffer
		code := simulator.Run(t.Context(), []string{test.args}, &stdout, &stderr)
		if code != test.code || !strings.Contains(stdout.String(), test.stdout) || !strings.Contains(stderr.String(), test.stderr) ||
			(test.stdout == "") != (stdout.Len() == 0) {
			t.Errorf("%s: %d\n%s\n%s", test.args, code, stdout.String(), stderr.String())
		}
	}
	var help bytes.Buffer
	simulator.Run(t.Context(), []string{"-help"}, &help, io.Discard)
	for _, item := range simulator.Switches() {
		if !strings.Contains(help.String(), "  -"+item.Name+"="+strings.Join(item.Values, "|")) {
			t.Errorf("-help does not name %s", item.Name)
		}
	}
}
