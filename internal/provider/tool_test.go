package provider_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/testkit"
)

// toolAuths are an object auth of each type, without its secret, and the member of the API with the
// secret.
func toolAuths() map[string]struct {
	auth   testkit.Config
	member string
} {
	return map[string]struct {
		auth   testkit.Config
		member string
	}{
		"bearer":  {testkit.Config{"type": "bearer"}, "token"},
		"api_key": {testkit.Config{"type": "api_key", "name": "X-Key", "location": "query"}, "value"},
		"basic":   {testkit.Config{"type": "basic", "username": "tavus"}, "password"},
		"oauth2_client_credentials": {
			testkit.Config{ //nolint:gosec // An address of the test.
				"type": "oauth2_client_credentials", "token_url": "https://id.example.com/token", "client_id": "tavus", "scope": "tickets",
			}, "client_secret",
		},
		"hmac": {testkit.Config{"type": "hmac"}, "secret"},
	}
}

func toolWith(changes testkit.Config) testkit.Config {
	return testkit.With(toolFixture().Minimal, changes)
}

// lastPatch is the body of the last PATCH.
func (w *world) lastPatch(t *testing.T) map[string]any {
	t.Helper()
	var body map[string]any
	for _, r := range slices.Backward(w.Requests()) {
		if r.Method == http.MethodPatch {
			if err := json.Unmarshal(r.Body, &body); err != nil {
				t.Fatal(err)
			}
			return body
		}
	}
	t.Fatal("there was no PATCH")
	return nil
}

func TestTool_SecretOfEveryType(t *testing.T) {
	t.Parallel()
	for kind, one := range toolAuths() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, toolFixture())
			pointer := "/delivery/api/auth/" + one.member
			config := func(secret, version, url string) testkit.Config {
				auth := testkit.With(one.auth, testkit.Config{"secret_wo": secret, "secret_wo_version": version})
				return toolWith(testkit.Config{"api": map[string]any{"url": "https://hooks.example.com/" + url, "auth": auth}})
			}
			holds := func(want string) {
				t.Helper()
				if got := w.Secret("tools", w.ID(), pointer); got != want {
					t.Fatalf("the server has the secret %q instead of %q", got, want)
				}
			}
			w.Must(t, testkit.Create, config("first", "1", "a"))
			holds("first")
			w.Must(t, testkit.NoOp, config("second", "1", "a"))
			w.Must(t, testkit.Update, config("second", "1", "b"))
			if _, sent := testkit.Value(w.lastPatch(t), "delivery.api.auth").(map[string]any)[one.member]; sent {
				t.Error("a secret was sent whose version did not change")
			}
			holds("first")
			w.Must(t, testkit.Update, config("second", "2", "b"))
			holds("second")
			if state := testkit.JSON(w.State()); strings.Contains(state, "***") || strings.Contains(state, "second") {
				t.Errorf("the state has a mask or a secret: %s", state)
			}
		})
	}
}

// A server that drops the secret which it is not sent gets the one that stands in the state with
// every change of api.
func TestTool_PlainSecretGoesAlong(t *testing.T) {
	t.Parallel()
	w := newWorld(t, toolFixture(), "tool-omitted-secret=400")
	w.Must(t, testkit.Create, toolFixture().Full)
	w.Must(t, testkit.Update, toolFixture().Changed)
	w.Must(t, testkit.Update, testkit.With(toolFixture().Changed, testkit.Config{"description": "Another one."}))
	if _, sent := w.lastPatch(t)["delivery"]; sent {
		t.Error("delivery was sent, although nothing in api changed")
	}
}

func TestTool_SecretMovesWithItsType(t *testing.T) {
	t.Parallel()
	w := newWorld(t, toolFixture())
	w.Must(t, testkit.Create, toolFixture().Minimal)
	basic := toolWith(testkit.Config{"api": map[string]any{
		"url": "https://hooks.example.com", "auth": map[string]any{"type": "basic", "username": "tavus", "secret": "Secret-one"},
	}})
	w.Must(t, testkit.Update, basic)
	if got := w.Secret("tools", w.ID(), "/delivery/api/auth/password"); got != "Secret-one" {
		t.Errorf("the password is %q", got)
	}
	// A secret that leaves the configuration stays, because the type needs one.
	w.Must(t, testkit.Update, testkit.With(basic, testkit.Config{"api.auth.secret": nil}))
	if got := w.Secret("tools", w.ID(), "/delivery/api/auth/password"); got != "Secret-one" {
		t.Errorf("the password is %q", got)
	}
}

func TestTool_APIComesAndGoes(t *testing.T) {
	t.Parallel()
	for _, setting := range []string{"tool-app-message=false", "tool-app-message=absent"} {
		w := newWorld(t, toolFixture(), setting)
		message := toolWith(testkit.Config{"api": nil})
		w.Must(t, testkit.Create, message)
		if w.at("/delivery/app_message") != true {
			t.Fatalf("the delivery is %v", w.at("/delivery"))
		}
		w.Must(t, testkit.Update, toolFixture().Minimal)
		if w.at("/delivery/api/url") != "https://hooks.example.com/tickets/{id}" {
			t.Fatalf("the delivery is %v", w.at("/delivery"))
		}
		w.Must(t, testkit.Update, message)
		if value, sent := w.lastPatch(t)["delivery"]; !sent || value != nil {
			t.Errorf("the reset sends %v", w.lastPatch(t))
		}
		if w.at("/delivery/app_message") != true || w.at("/delivery/api") != nil {
			t.Fatalf("the delivery is %v", w.at("/delivery"))
		}
		// A person gives it one in the portal: the plan takes it away again.
		w.portal(t, testkit.Edit{Pointer: "/delivery", Value: map[string]any{"api": map[string]any{"url": "https://theirs.example.com"}}})
		w.Must(t, testkit.Update, message)
	}
}

// What a person changes below delivery is planned, also a member that the configuration leaves out.
func TestTool_DriftInsideAPI(t *testing.T) {
	t.Parallel()
	full := toolFixture().Full
	for _, edit := range []testkit.Edit{
		{Pointer: "/delivery/api/url", Value: "https://theirs.example.com"},
		{Pointer: "/delivery/api/headers/X-Theirs", Value: "1"},
		{Pointer: "/delivery/api/body_template", Value: nil},
		{Pointer: "/delivery/api/auth", Value: nil},
		{Pointer: "/delivery/api/auth/type", Value: "hmac"},
	} {
		w := newWorld(t, toolFixture())
		w.Must(t, testkit.Create, full)
		before := testkit.JSON(w.at("/delivery"))
		w.portal(t, edit)
		if p, err := w.Run(full); err != nil || p.Action != testkit.Update {
			t.Fatalf("%s: %s, error: %v", edit.Pointer, did(p), err)
		}
		if now := testkit.JSON(w.at("/delivery")); now != before {
			t.Errorf("%s: delivery is %s instead of %s", edit.Pointer, now, before)
		}
		w.Quiet(t, full)
	}
	w := newWorld(t, toolFixture())
	w.Must(t, testkit.Create, toolFixture().Minimal)
	w.portal(t, testkit.Edit{Pointer: "/delivery/api/timeout", Value: json.Number("7")})
	if changed, err := w.Refresh(); err != nil || !slices.Equal(changed, []string{"api"}) {
		t.Fatalf("a refresh shows %v, error: %v", changed, err)
	}
	w.Quiet(t, toolFixture().Minimal)
	w.Must(t, testkit.Update, toolWith(testkit.Config{"api.url": "https://hooks.example.com/other"}))
	if got := testkit.JSON(w.at("/delivery/api/timeout")); got != "7" {
		t.Errorf("the timeout is %s", got)
	}
}

func TestTool_ImportLeavesTheSecret(t *testing.T) {
	t.Parallel()
	w := newWorld(t, toolFixture())
	w.Must(t, testkit.Create, toolFixture().Minimal)
	id := w.ID()
	if err := w.restart(nil); err != nil {
		t.Fatal(err)
	}
	err := w.Import(id)
	if err != nil || !strings.Contains(w.core.Said(), "api.auth.secret: not managed") || strings.Contains(w.core.Said(), "***") {
		t.Fatalf("import: %v, %s", err, w.core.Said())
	}
	w.Must(t, testkit.Update, testkit.With(w.GenerateConfig(), testkit.Config{"api.url": "https://hooks.example.com/moved"}))
	w.Must(t, testkit.Update, testkit.With(w.GenerateConfig(), testkit.Config{"api.auth.secret": "Secret-two"}))
	if got := w.Secret("tools", id, "/delivery/api/auth/token"); got != "Secret-two" {
		t.Errorf("the token is %q", got)
	}
	w.Forget()
	expectError(t, w.Import("end_call"), "system tool", "cannot be changed")
}

func TestTool_NameTaken(t *testing.T) {
	t.Parallel()
	w := newWorld(t, toolFixture())
	w.Must(t, testkit.Create, toolFixture().Minimal)
	second := w.core.Resource("tavus_tool.second")
	expectError(t, second.Write(toolFixture().Minimal), w.ID()+" has this name already", "terraform import ADDRESS '"+w.ID()+"'")
	if err := second.Write(toolWith(testkit.Config{"name": "other"})); err != nil {
		t.Fatal(err)
	}
	expectError(t, second.Write(toolFixture().Minimal), w.ID()+" has this name already", "change name")
}

// Terraform prints the source of the argument that an error is at, and a secret can be written in it.
func TestTool_ErrorsAboutAPIShowNoSource(t *testing.T) {
	t.Parallel()
	w := newWorld(t, toolFixture())
	w.Must(t, testkit.Create, w.kind.Full)
	for name, spoil := range map[string]func(){
		"refused":  func() { w.Fault("PATCH:1:400") },
		"conflict": func() { w.portal(t, testkit.Edit{Pointer: "/delivery/api/timeout", Value: json.Number("7")}) },
	} {
		p := w.mustPlan(t, toolWith(testkit.Config{"api.url": "https://hooks.example.com/other"}))
		spoil()
		expectError(t, w.Apply(p), w.ID()+": api")
		if len(w.core.Errors) != 1 || w.core.Errors[0].Path != "" {
			t.Errorf("%s: %v", name, w.core.Errors)
		}
	}
}

func TestTool_SaysHowToSendTheSecretAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, toolFixture(), "tool-omitted-secret=400")
	config := func(host, version string) testkit.Config {
		return toolWith(testkit.Config{"api": map[string]any{"url": "https://" + host + ".example.com", "auth": map[string]any{
			"type": "bearer", "secret_wo": "Secret-one", "secret_wo_version": version,
		}}})
	}
	w.Must(t, testkit.Create, config("a", "1"))
	expectError(t, w.Write(config("b", "1")), "token is required", "api.auth.secret_wo was not sent", "change secret_wo_version")
	w.Must(t, testkit.Update, config("b", "2"))
}

// A server that shows the type "none" where there is no auth means the same.
func TestTool_WithoutAuth(t *testing.T) {
	t.Parallel()
	for _, setting := range []string{"tool-auth-none=absent", "tool-auth-none=shown"} {
		for _, auth := range []any{nil, map[string]any{"type": "none"}} {
			w := newWorld(t, toolFixture(), setting)
			config := toolWith(testkit.Config{"api.auth": auth})
			w.Must(t, testkit.Create, config)
			if said := w.core.Said(); setting == "tool-auth-none=shown" && said != "" {
				t.Errorf("%v: %s", auth, said)
			}
			w.Must(t, testkit.Update, testkit.With(config, testkit.Config{"api.url": "https://hooks.example.com/moved"}))
			id := w.ID()
			if err := w.restart(nil); err != nil {
				t.Fatal(err)
			}
			if err := w.Import(id); err != nil || w.core.Said() != "" {
				t.Fatalf("import: %v, %s", err, w.core.Said())
			}
			w.Quiet(t, w.GenerateConfig())
		}
	}
}

// The server chooses anew what depends on a changed argument.
func TestTool_OriginMovesOnCall(t *testing.T) {
	t.Parallel()
	w := newWorld(t, toolFixture())
	w.Must(t, testkit.Create, toolFixture().Minimal)
	w.Must(t, testkit.Update, toolWith(testkit.Config{"origin": "vision"}))
	if body := testkit.JSON(w.lastPatch(t)); body != `{"origin":"vision"}` {
		t.Errorf("the update sends %s", body)
	}
	w.Must(t, testkit.Update, toolWith(testkit.Config{"trigger_type": "post_call"}))
	w.Must(t, testkit.Update, toolWith(testkit.Config{"trigger_type": "in_call", "on_call": "static_filler", "static_filler": "Wait."}))
	w.Must(t, testkit.Update, toolWith(testkit.Config{"on_call": "silent", "static_filler": ""}))
}

func TestTool_WrongConfigurations(t *testing.T) {
	t.Parallel()
	api := func(changes testkit.Config) testkit.Config {
		return testkit.With(testkit.Config{"url": "https://hooks.example.com"}, changes)
	}
	auth := func(auth testkit.Config) testkit.Config {
		return testkit.Config{"api": api(testkit.Config{"auth": auth})}
	}
	for name, one := range map[string]struct {
		config testkit.Config
		says   string
	}{
		"name":           {testkit.Config{"name": "9lives"}, "must begin with a letter"},
		"reserved name":  {testkit.Config{"name": "tavus_x"}, "belong to Tavus"},
		"http":           {testkit.Config{"api": api(testkit.Config{"url": "http://hooks.example.com"})}, "https addresses only"},
		"host":           {testkit.Config{"api": api(testkit.Config{"url": "https://{tenant}.example.com/x"})}, "must be fixed"},
		"user":           {testkit.Config{"api": api(testkit.Config{"url": "https://me@example.com/x"})}, "no user or password"},
		"template":       {testkit.Config{"api": api(testkit.Config{"body_template": "[1]"})}, "api.body_template must be a JSON object"},
		"schema":         {testkit.Config{"parameters": `{"type":"objekt"}`}, "/type: not one of"},
		"property":       {testkit.Config{"parameters": `{"properties":{"tavus_id":{}}}`}, "tavus_id begins with tavus_"},
		"length":         {testkit.Config{"description": strings.Repeat("é", 9990), "parameters": `{"type":"object"}`}, "10007 characters"},
		"no filler":      {testkit.Config{"on_call": "static_filler"}, "Write that argument"},
		"unused filler":  {testkit.Config{"static_filler": "Wait."}, "static_filler is not used"},
		"vision":         {testkit.Config{"origin": "vision", "on_call": "silent"}, "takes no on_call"},
		"post_call":      {testkit.Config{"trigger_type": "post_call", "origin": "llm"}, "takes no origin"},
		"no back end":    {testkit.Config{"trigger_type": "post_call", "api": nil}, "needs api"},
		"no secret":      {auth(testkit.Config{"type": "hmac"}), `"hmac" needs a secret`},
		"secret of none": {auth(testkit.Config{"type": "none", "secret": "word"}), `no secret for the type "none"`},
		"two secrets":    {auth(testkit.Config{"type": "bearer", "secret": "word", "secret_wo": "word"}), "Two values of api.auth.secret"},
		"no version":     {auth(testkit.Config{"type": "bearer", "secret_wo": "word"}), "needs secret_wo_version"},
		"no value":       {auth(testkit.Config{"type": "bearer", "secret_wo_version": "1"}), "needs secret_wo"},
		"empty secret":   {auth(testkit.Config{"type": "bearer", "secret": ""}), "must not be empty"},
	} {
		w := newWorld(t, toolFixture())
		_, err := w.Plan(toolWith(one.config))
		if err == nil || !strings.Contains(err.Error(), one.says) || strings.Contains(err.Error(), "word\"") {
			t.Errorf("%s: %v", name, err)
		}
		if log := w.Log(); log != "" {
			t.Errorf("%s sent %s", name, log)
		}
	}
}

func TestTool_Warnings(t *testing.T) {
	t.Parallel()
	w := newWorld(t, toolFixture())
	config := toolWith(testkit.Config{"on_call": "silnt", "api": map[string]any{
		"url": "https://hooks.example.com/x?access_token=word1&id={id}", "timeout": 61, "headers": map[string]any{"Authorization": "word2", "X-Team": "docs"},
		"query_params": map[string]any{"apikey": "word3", "token": "{token}"}, "auth": map[string]any{"type": "berer"},
	}})
	p, err := w.Plan(config)
	if err != nil {
		t.Fatal(err)
	}
	said := testkit.Lines(p.Warnings)
	for _, words := range []string{
		`Did you mean "silent"`, `Did you mean "bearer"`, "api.url: looks like a secret", "access_token: by the name", "Authorization: by the name",
		"apikey: by the name", "at most",
	} {
		if !strings.Contains(said, words) {
			t.Errorf("no warning says %q:\n%s", words, said)
		}
	}
	if strings.Contains(said, "word") || len(p.Warnings) != 6 {
		t.Errorf("%d warnings:\n%s", len(p.Warnings), said)
	}
}
