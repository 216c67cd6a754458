package simulator_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/contract"
	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

// sharedContract parses the contract once for all tests.
var sharedContract = sync.OnceValues(contract.New)

// site is a simulator with a server in front of it. Every request and answer
// is checked against the contract.
type site struct {
	*simulator.Simulator
	t      *testing.T
	url    string
	client *http.Client // its own, because closing a server disturbs the default one
}

func newSite(t *testing.T, settings ...string) *site {
	t.Helper()
	s, err := simulator.New(settings...)
	if err != nil {
		t.Fatal(err)
	}
	checker, err := sharedContract()
	if err != nil {
		t.Fatal(err)
	}
	s.SetContract(func(req *http.Request, reqBody []byte, status int, header http.Header, body []byte) {
		if status < 400 {
			if err := checker.Check(req, reqBody, status, header, body); err != nil {
				t.Error(err)
			}
		}
	})
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	client := server.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &site{Simulator: s, t: t, url: server.URL, client: client}
}

// reply is an answer of the server.
type reply struct {
	status int
	header http.Header
	text   string
}

// object is the body of an answer as a JSON object.
func (r reply) object(t *testing.T) map[string]any {
	t.Helper()
	var doc map[string]any
	if err := json.Unmarshal([]byte(r.text), &doc); err != nil {
		t.Fatalf("answer %d is no JSON object: %q", r.status, r.text)
	}
	return doc
}

// ask sends a request; header is name, value, name, value.
func (s *site) ask(method, path, body string, header ...string) (reply, error) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("X-Api-Key", "key")
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := s.client.Do(req)
	if err != nil {
		return reply{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	return reply{status: resp.StatusCode, header: resp.Header, text: string(text)}, err
}

// send is ask where the connection must not fail.
func (s *site) send(method, path, body string, header ...string) reply {
	s.t.Helper()
	answer, err := s.ask(method, path, body, header...)
	if err != nil {
		s.t.Fatalf("%s %s: %v", method, path, err)
	}
	return answer
}

// want sends a request, checks the status and returns the object in the answer.
func (s *site) want(status int, method, path, body string, header ...string) map[string]any {
	s.t.Helper()
	answer := s.send(method, path, body, header...)
	if answer.status != status {
		s.t.Fatalf("%s %s: status %d, want %d: %s", method, path, answer.status, status, answer.text)
	}
	if answer.text == "" {
		return nil
	}
	return answer.object(s.t)
}

const guide = `{"pal_id": "p5317866", "channel": "widget", "name": "Docs (beta)!", "password": "hunter2",
	"customization": {"style": {"magic_canvas": {"accent_color": "#FFF"}}}, "allowed_origins": ["https://Docs.example.com/"]}`

// create makes a deployment and returns its id and path.
func (s *site) create(body string) (id, path string) {
	s.t.Helper()
	id, _ = s.want(http.StatusOK, http.MethodPost, "/v2/deployments", body)["deployment_id"].(string)
	return id, "/v2/deployments/" + id
}

// patchOf is a JSON Patch of one operation.
func patchOf(op, path, value string) string {
	if value != "" {
		value = `, "value": ` + value
	}
	return `[{"op": "` + op + `", "path": "` + path + `"` + value + `}]`
}

func text(t *testing.T, value any) string {
	t.Helper()
	encoded, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(encoded)
}

// at returns the JSON text at a pointer; "absent": nothing is there.
func at(t *testing.T, document, pointer string) string {
	t.Helper()
	raw := json.RawMessage(document)
	for _, key := range strings.Split(pointer, "/")[1:] {
		var members map[string]json.RawMessage
		var items []json.RawMessage
		if json.Unmarshal(raw, &members) == nil {
			raw = members[key]
		} else if i, err := strconv.Atoi(key); err == nil && json.Unmarshal(raw, &items) == nil && i < len(items) {
			raw = items[i]
		} else {
			raw = nil
		}
		if raw == nil {
			return "absent"
		}
	}
	return string(raw)
}

// str is the value as a string; empty: it is none.
func str(value any) string {
	text, _ := value.(string)
	return text
}
