package simulator_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

func TestParseFaults_PlaysTheRules(t *testing.T) {
	t.Parallel()
	s := newSite(t, "faults=POST:2:cut-after, GET:1-2:429:retry-after=2, delete:*:redirect,*:9:html:status=500")
	_, path := s.create(bare)
	if _, err := s.ask(http.MethodPost, "/v2/deployments", bare); !errors.Is(err, io.EOF) {
		t.Errorf("POST 2: %v", err)
	}
	for _, want := range []int{429, 429, 200} {
		answer := s.send(http.MethodGet, "/v2/deployments", "")
		if answer.status != want {
			t.Errorf("GET: %d, want %d", answer.status, want)
		}
		if want == http.StatusTooManyRequests && (answer.header.Get("Retry-After") != "2" || answer.text != `{"error":"Too Many Requests"}`) {
			t.Errorf("GET: %v %s", answer.header, answer.text)
		}
	}
	for range 3 {
		if to := s.send(http.MethodDelete, path, "").header.Get("Location"); to != "https://redirect.invalid"+path {
			t.Errorf("Location: %q", to)
		}
	}
	if got := s.send(http.MethodPatch, path, "[]").status; got != http.StatusInternalServerError {
		t.Errorf("9th: %d", got)
	}
}

func TestParseFaults_APassing404(t *testing.T) {
	t.Parallel()
	s := newSite(t, "faults=GET:1:404,DELETE:1:404")
	id, path := s.create(bare)
	s.want(http.StatusNotFound, http.MethodGet, path, "")
	s.want(http.StatusNotFound, http.MethodDelete, path, "")
	s.want(http.StatusOK, http.MethodGet, path, "")
	if s.Document("deployments", id) == nil {
		t.Error("the fault deleted it")
	}
}

func TestParseFaults_NamesWhatIsWrong(t *testing.T) {
	t.Parallel()
	for rules, want := range map[string]string{
		"POST:2":               "want METHOD:WHICH:KIND",
		"HEAD:1:html":          "the method must be one of",
		"GET:0:html":           "says no numbers of requests",
		"GET:3-2:html":         "says no numbers of requests",
		"GET:1:teapot":         `unknown kind "teapot"`,
		"GET:1:42":             "no status code",
		"GET:1:html:status=x":  "no status code",
		"GET:1:html:colour=re": `unknown key "colour"`,
	} {
		if _, err := simulator.ParseFaults(rules); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", rules, err, want)
		}
	}
}
