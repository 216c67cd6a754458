package provider_test

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/tavus/terraform-provider-tavus/internal/provider"
	"github.com/tavus/terraform-provider-tavus/internal/testkit"
)

// keyCanary is an API key, and each secret of a fixture begins with a word of its own.
const keyCanary = "keyCanary1a7c-secret"

// TestSilent_SecretsStandNowhere plants the key and every secret of a kind, and lets the server
// repeat in its errors all that it was sent. None of them stands in a plan, a state, a private
// state, a diagnostic or a line of the log.
func TestSilent_SecretsStandNowhere(t *testing.T) {
	t.Parallel()
	for _, kind := range silentFixtures() {
		if len(kind.Secrets) == 0 && kind.Type != "tavus_deployment" && !long {
			continue // the key is no other one
		}
		for _, writeOnly := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/%s write-only %v", kind.Type, kind.Variant, writeOnly), func(t *testing.T) {
				t.Parallel()
				s := newSilence(t, kind, writeOnly)
				s.step("create", s.config(kind.Full, "1"))
				s.step("refused update", s.config(kind.Changed, "2"))
				s.step("update", s.config(kind.Changed, "2"))
				if kind.Variant == "" || long { // the errors are those of the kind's first fixture
					for i, shape := range slices.Sorted(maps.Keys(echoes())) {
						echo := echoes()[shape]
						if !inRound(kind, i) {
							continue
						}
						for _, status := range []int{200, 307, 400, 401, 403, 404, 409, 412, 422, 500, 503} {
							s.spoil(shape, status, echo)
						}
					}
				}
				s.done()
			})
		}
	}
}

// silentFixtures are those of all kinds, and a tool for each type of auth.
func silentFixtures() []*testkit.Fixture {
	all := fixtures()
	for name, one := range toolAuths() {
		kind := toolFixture()
		if name == "bearer" {
			continue // the fixture itself
		}
		kind.Variant = name
		auth := testkit.Config{"api.auth": one.auth}
		kind.Full, kind.Changed = testkit.With(kind.Full, auth), testkit.With(kind.Changed, auth)
		all = append(all, kind)
	}
	return all
}

// silence looks for secrets in all that a core and its provider say.
type silence struct {
	*world
	t         *testing.T
	log       bytes.Buffer
	secrets   map[string]string
	writeOnly bool
}

func newSilence(t *testing.T, kind *testkit.Fixture, writeOnly bool) *silence {
	t.Helper()
	s := &silence{world: &world{Server: testkit.NewServer(t), kind: kind}, t: t, secrets: kind.Secrets, writeOnly: writeOnly}
	kind.Prepare(s.Server)
	core, err := testkit.NewCore(provider.NewForLaws(nil), s.URL, testkit.Config{"api_key": keyCanary, "max_retries": 0})
	if err != nil {
		t.Fatal(err)
	}
	core.SetContext(tflogtest.RootLogger(context.Background(), &s.log))
	s.core, s.Resource = core, core.Resource(kind.Address("test"))
	return s
}

// config is a configuration with the secrets in it.
func (s *silence) config(config testkit.Config, version string) testkit.Config {
	return withSecrets(config, s.secrets, version, s.writeOnly)
}

func withSecrets(config testkit.Config, secrets map[string]string, version string, writeOnly bool) testkit.Config {
	planted := testkit.Config{}
	for name, secret := range secrets {
		planted[name] = secret + version
		if writeOnly {
			planted[name], planted[name+"_wo"], planted[name+"_wo_version"] = nil, secret+version, version
		}
	}
	return testkit.With(config, planted)
}

// step applies a configuration and looks at everything.
func (s *silence) step(what string, config testkit.Config) {
	s.t.Helper()
	if strings.HasPrefix(what, "refused") {
		s.echo(http.StatusUnprocessableEntity, s.planted("2"), echoes()["error"])
	}
	p, err := s.Plan(config)
	if err != nil {
		s.t.Fatal(err)
	}
	s.look(what+": plan", fmt.Sprint(without(p.Value(), s.secrets), string(p.Private()), testkit.Lines(p.Warnings)))
	err = s.Apply(p)
	s.Instead.Store(nil)
	if refused := strings.HasPrefix(what, "refused"); (err != nil) != refused {
		s.t.Fatalf("%s: %v", what, err)
	}
	s.look(what+": state", fmt.Sprint(without(s.State(), s.secrets), string(s.Private()), s.core.Said(), err))
}

// spoil does everything that a user does while the server repeats what the provider knows at the
// time: it can only repeat what it was sent.
func (s *silence) spoil(name string, status int, echo shape) {
	s.t.Helper()
	defer s.Instead.Store(nil)
	fresh := s.core.Resource(s.kind.Address("fresh"))
	held := s.planted("2")
	if s.writeOnly {
		held = nil
	}
	for what, step := range map[string]struct {
		knows []string
		do    func() error
	}{
		"create": {s.planted("1"), func() error { return fresh.Write(s.config(s.kind.Full, "1")) }},
		"update": {append(s.planted("3"), held...), func() error { return s.Write(s.config(s.kind.Full, "3")) }},
		"read":   {held, func() error { _, err := s.Refresh(); return err }},
		"import": {nil, func() error { return s.core.Resource(s.kind.Address("imported")).Import("x") }},
		"list":   {nil, func() error { _, err := s.core.List(s.kind.Type, nil, 10, true); return err }},
	} {
		s.echo(status, step.knows, echo)
		err := step.do()
		s.look(fmt.Sprintf("%s, %s, %d", what, name, status), fmt.Sprint(s.core.Said(), err))
		if err == nil && what == "create" {
			s.t.Errorf("%s, %s, %d: no error", what, name, status)
		}
		fresh.Forget()
	}
}

// echo makes the server repeat the key, what the provider knows and the body of the request, in
// the usual spellings.
func (s *silence) echo(status int, knows []string, echo shape) {
	handler := func(w http.ResponseWriter, r *http.Request) bool {
		body, _ := io.ReadAll(r.Body)
		if r.Method == http.MethodGet && (status == http.StatusConflict || status == http.StatusPreconditionFailed || status == http.StatusUnprocessableEntity) {
			return false // an update reads first, and then meets the error
		}
		plain := string(body)
		text := plain
		for _, secret := range append([]string{keyCanary}, knows...) {
			for _, spelling := range []string{secret, testkit.JSON(secret), url.QueryEscape(secret), url.PathEscape(secret), html.EscapeString(secret)} {
				text += " [" + spelling + "]"
			}
		}
		contentType, answer := echo(plain+strings.Join(knows, " ")+keyCanary, text)
		w.Header().Set("Content-Type", contentType)
		w.Header().Set("X-Tavus-Request-Id", keyCanary)
		w.Header().Set("Location", "https://"+keyCanary+".example/?x="+url.QueryEscape(text))
		w.WriteHeader(status)
		_, _ = io.WriteString(w, answer)
		return true
	}
	s.Instead.Store(&handler)
}

// planted are the secrets of a version.
func (s *silence) planted(version string) []string {
	var all []string
	for _, secret := range s.secrets {
		all = append(all, secret+version)
	}
	return all
}

// look fails where a text holds a secret, in any case.
func (s *silence) look(where, text string) {
	s.t.Helper()
	for _, word := range s.words() {
		if at := strings.Index(strings.ToLower(text), strings.ToLower(word)); at >= 0 {
			s.t.Errorf("%s: %s stands in …%s…", where, word, text[max(0, at-100):min(len(text), at+100)])
		}
	}
}

// words are the beginnings of the secrets, which no escaping changes.
func (s *silence) words() []string {
	words := []string{"keyCanary1a7c"}
	for _, secret := range s.secrets {
		word, _, _ := strings.Cut(secret, " ")
		words = append(words, word)
	}
	return words
}

func (s *silence) done() {
	s.t.Helper()
	s.look("log", s.log.String())
	collection, _, _ := strings.Cut(s.kind.Collection, "/")
	if !strings.Contains(s.log.String(), "/v2/"+collection) {
		s.t.Error("the log holds no request, so this test looks at nothing")
	}
}

// shape makes an error of what a server repeats: as it is, and in many spellings.
type shape func(plain, spelled string) (contentType, body string)

func echoes() map[string]shape {
	return map[string]shape{
		"error": func(_, text string) (string, string) {
			return "application/json", `{"error":` + testkit.JSON(text) + `}`
		},
		"detail": func(_, text string) (string, string) {
			return "application/json", `{"detail":[{"loc":["body","name"],"msg":` + testkit.JSON(text) + `,"input":` + testkit.JSON(text) + `}]}`
		},
		"text in a text": func(plain, _ string) (string, string) {
			return "application/json", `{"message":` + testkit.JSON("Invalid "+testkit.JSON(plain)) + `}`
		},
		"unknown shape": func(_, text string) (string, string) {
			return "application/json", `{"fault":{"body":` + testkit.JSON(text) + `}}`
		},
		"text": func(_, text string) (string, string) { return "text/plain", text },
		"HTML": func(_, text string) (string, string) {
			return "text/html", "<!DOCTYPE html><head><title>" + html.EscapeString(text) + "</title></head><body>" + text + "</body>"
		},
		"cut in half": func(_, text string) (string, string) { return "text/plain", strings.Repeat(" ", 64<<10-30) + text },
	}
}
