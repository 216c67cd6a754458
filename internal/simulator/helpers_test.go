package simulator_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/contract"
	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

var checker = sync.OnceValues(contract.New)

// api is a small HTTP client of one simulator. Every answer it gets is held
// against the contract.
type api struct {
	t   *testing.T
	sim *simulator.Simulator
	url string
	key string
}

func start(t *testing.T, options simulator.Options) *api {
	t.Helper()
	check, err := checker()
	if err != nil {
		t.Fatal(err)
	}
	sim := simulator.New(options)
	sim.SetContract(func(r *http.Request, _ []byte, status int, header http.Header, body []byte) {
		if status == 0 || status == http.StatusMethodNotAllowed || strings.HasSuffix(r.URL.Path, "/start") ||
			status == http.StatusNotFound && strings.Contains(string(body), "Not found") {
			return // nobody promised anything about paths that the contract does not have
		}
		if err := check.CheckAnswer(r, status, header, body); err != nil {
			t.Error(err)
		}
	})
	server := httptest.NewServer(sim)
	t.Cleanup(server.Close)
	return &api{t: t, sim: sim, url: server.URL, key: "key"}
}

type reply struct {
	status int
	header http.Header
	text   string
	value  any
}

// try sends one request; header holds pairs of a name and a value.
func (a *api) try(method, path, body string, header ...string) (reply, error) {
	a.t.Helper()
	req, err := http.NewRequestWithContext(a.t.Context(), method, a.url+path, strings.NewReader(body))
	if err != nil {
		a.t.Fatal(err)
	}
	req.Header.Set("X-Api-Key", a.key)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	client := &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true}, // no silent repeats on a used connection
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	resp, err := client.Do(req)
	if err != nil {
		return reply{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	result := reply{status: resp.StatusCode, header: resp.Header, text: string(text)}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	_ = decoder.Decode(&result.value) // what is not JSON stays nil
	return result, err
}

func (a *api) do(method, path, body string, header ...string) reply {
	a.t.Helper()
	result, err := a.try(method, path, body, header...)
	if err != nil {
		a.t.Fatalf("%s %s: %v", method, path, err)
	}
	return result
}

// want is do for an answer with a known status.
func (a *api) want(status int, method, path, body string, header ...string) reply {
	a.t.Helper()
	result := a.do(method, path, body, header...)
	if result.status != status {
		a.t.Fatalf("%s %s %s: got %d %s, want %d", method, path, body, result.status, result.text, status)
	}
	return result
}

// create makes a widget; more is put into the body.
func (a *api) create(more string) reply {
	a.t.Helper()
	body := fmt.Sprintf(`{"pal_id":%q,"channel":"widget"%s}`, simulator.PalDocsGuide, more)
	result := a.do(http.MethodPost, "/v2/deployments", body)
	if result.status != http.StatusOK && result.status != http.StatusCreated {
		a.t.Fatalf("create %s: %d %s", body, result.status, result.text)
	}
	return result
}

func (a *api) get(id string) reply {
	a.t.Helper()
	return a.want(http.StatusOK, http.MethodGet, "/v2/deployments/"+id, "")
}

func (a *api) patch(id, operations string, header ...string) reply {
	a.t.Helper()
	return a.do(http.MethodPatch, "/v2/deployments/"+id, operations, header...)
}

func (r reply) id() string { return fmt.Sprint(r.at("deployment_id")) }

// at walks into the answer by keys of objects.
func (r reply) at(path ...string) any {
	value := r.value
	for _, key := range path {
		object, ok := value.(map[string]any)
		if !ok {
			return nil
		}
		value = object[key]
	}
	return value
}

// has says whether the answer has a key at its top.
func (r reply) has(key string) bool {
	object, _ := r.value.(map[string]any)
	_, has := object[key]
	return has
}

// js is the JSON text of a value, for comparisons.
func js(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

func (a *api) equal(what string, got any, want string) {
	a.t.Helper()
	equal(a.t, what, got, want)
}

func equal(t *testing.T, what string, got any, want string) {
	t.Helper()
	if js(got) != want {
		t.Errorf("%s: got %s, want %s", what, js(got), want)
	}
}
