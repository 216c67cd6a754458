package simulator_test

import (
	"net/http"
	"testing"
)

const ticket = `{"name": "create_ticket", "description": "Opens a ticket.",
	"delivery": {"api": {"url": "https://hooks.example.com/t", "auth": {"type": "bearer", "token": "s3cret"}}}}`

func TestTool_Life(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	created := s.want(http.StatusOK, http.MethodPost, "/v2/tools", ticket)
	id := str(created["tool_id"])
	path := "/v2/tools/" + id
	if got := text(t, created["delivery"]); got != `{"api":{"auth":{"token":"********","type":"bearer"},"content_type":"application/json","method":"POST","timeout":10,"url":"https://hooks.example.com/t"},"app_message":false}` {
		t.Errorf("delivery: %s", got)
	}
	if got := text(t, []any{created["on_call"], created["origin"], created["parameters"], created["on_resolve"]}); got != `["generate_filler","llm",{},"fire_and_forget"]` {
		t.Errorf("defaults: %s", got)
	}
	secret := func() string { return s.Secret("tools", id, "/delivery/api/auth/token") }
	s.want(http.StatusOK, http.MethodPatch, path, `{"delivery": {"api": {"url": "https://hooks.example.com/u", "auth": {"type": "bearer"}}}}`)
	if secret() != "s3cret" {
		t.Errorf("a delivery without the secret left %q", secret())
	}
	s.want(http.StatusBadRequest, http.MethodPatch, path, `{"delivery": {"api": {"url": "https://hooks.example.com/u", "auth": {"type": "bearer", "token": "********"}}}}`)
	s.want(http.StatusBadRequest, http.MethodPatch, path, `{"delivery": {"api": {"url": "https://hooks.example.com/u", "auth": {"type": "hmac"}}}}`)
	if again := s.send(http.MethodPatch, path, `{"description": "Opens a ticket."}`); again.status != http.StatusNotModified {
		t.Errorf("nothing changed: %d", again.status)
	}
	reset := s.want(http.StatusOK, http.MethodPatch, path, `{"delivery": null, "on_resolve": null}`)
	if got := text(t, reset["delivery"]); got != `{"app_message":true}` || secret() != "" {
		t.Errorf("reset: %s, the secret is %q", got, secret())
	}
	s.want(http.StatusConflict, http.MethodPost, "/v2/tools", ticket)
	s.want(http.StatusBadRequest, http.MethodGet, "/v2/tools/t0", "")
	s.send(http.MethodDelete, path, "")
	s.want(http.StatusOK, http.MethodPost, "/v2/tools", ticket) // the name is free again
}

func TestTool_Lists(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.want(http.StatusOK, http.MethodPost, "/v2/tools", ticket)
	for query, want := range map[string]string{"": `"create_ticket"`, "?type=system": `"end_call"`, "?type=all": `"end_call"`, "?name_or_uuid=TICK": `"create_ticket"`, "?name_or_uuid=x": "absent"} {
		if got := at(t, s.send(http.MethodGet, "/v2/tools"+query, "").text, "/data/0/name"); got != want {
			t.Errorf("%s: %s", query, got)
		}
	}
	s.want(http.StatusBadRequest, http.MethodPatch, "/v2/tools/end_call", `{"description": "x"}`)
	s.want(http.StatusBadRequest, http.MethodDelete, "/v2/tools/end_call", "")
}

func TestTool_RefusesWhatIsWrong(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.SetContract(nil)
	for _, members := range []string{
		`"name": "a b"`, `"name": "tavus_x"`, `"delivery": {}`, `"delivery": {"app_message": true, "api": {"url": "https://a"}}`,
		`"delivery": {"api": {"url": "http://a"}}`, `"delivery": {"api": {"url": "https://{host}/"}}`, `"trigger_type": "post_call"`,
		`"on_call": "static_filler"`, `"origin": "x"`, `"description": ""`,
	} {
		s.want(http.StatusBadRequest, http.MethodPost, "/v2/tools", `{"name": "a", "description": "d", `+members+`}`)
	}
}

func TestTool_Switches(t *testing.T) {
	t.Parallel()
	s := newSite(t, "tool-api-defaults=absent", "tool-app-message=absent", "tool-mask-back=ignored", "tool-omitted-secret=400")
	created := s.want(http.StatusOK, http.MethodPost, "/v2/tools", ticket)
	if got := text(t, created["delivery"]); got != `{"api":{"auth":{"token":"********","type":"bearer"},"url":"https://hooks.example.com/t"}}` {
		t.Errorf("delivery: %s", got)
	}
	path := "/v2/tools/" + str(created["tool_id"])
	s.want(http.StatusBadRequest, http.MethodPatch, path, `{"delivery": {"api": {"url": "https://a/", "auth": {"type": "bearer"}}}}`)
	s.want(http.StatusOK, http.MethodPatch, path, `{"delivery": {"api": {"url": "https://a/", "auth": {"type": "bearer", "token": "********"}}}}`)
	if got := s.Secret("tools", str(created["tool_id"]), "/delivery/api/auth/token"); got != "s3cret" {
		t.Errorf("the secret is %q", got)
	}
}
