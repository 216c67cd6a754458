package bench

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

func TestStateBackend(t *testing.T) {
	t.Parallel()
	s, err := startServer(t.Context(), &stateBackend{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.stop)
	for _, step := range []struct {
		method, body string
		status       int
		want         string
	}{
		{http.MethodGet, "", http.StatusNotFound, ""},
		{http.MethodPost, "one", http.StatusOK, ""},
		{http.MethodGet, "", http.StatusOK, "one"},
		{http.MethodPost, "two", http.StatusOK, ""},
		{http.MethodGet, "", http.StatusOK, "two"},
		{http.MethodPatch, "", http.StatusMethodNotAllowed, ""},
		{http.MethodDelete, "", http.StatusOK, ""},
		{http.MethodGet, "", http.StatusNotFound, ""},
	} {
		status, body := ask(t, step.method, s.URL, step.body)
		if status != step.status || step.want != "" && body != step.want {
			t.Errorf("%s answers %d %q", step.method, status, body)
		}
	}
}

func TestAPICountsRequestsAndConnections(t *testing.T) {
	t.Parallel()
	a, err := startAPI(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.stop)
	for range 3 {
		if status, body := ask(t, http.MethodGet, a.URL+"/v2/deployments", ""); status != http.StatusOK {
			t.Fatalf("%d %s", status, body)
		}
	}
	// Each call of ask has a client, and so a connection, of its own.
	if requests, connections := a.take(); requests["GET"] != 3 || connections != 3 {
		t.Errorf("%v requests and %d connections", requests, connections)
	}
	if requests, connections := a.take(); len(requests) != 0 || connections != 0 {
		t.Errorf("taken twice: %v requests and %d connections", requests, connections)
	}
}

func ask(t *testing.T, method, url, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Api-Key", benchKey)
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	resp, err := (&http.Client{Transport: transport}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var text strings.Builder
	if err := resp.Write(&text); err != nil {
		t.Fatal(err)
	}
	_, answer, _ := strings.Cut(text.String(), "\r\n\r\n")
	return resp.StatusCode, answer
}

// The floor is worth something only where both configurations say the same.
func TestContendersHaveTheSameConfiguration(t *testing.T) {
	t.Parallel()
	bare, err := Bare("bare")
	if err != nil {
		t.Fatal(err)
	}
	tavus, err := Tavus("tavus")
	if err != nil {
		t.Fatal(err)
	}
	resource := func(c Contender) string {
		var text strings.Builder
		input := Input{URL: "http://127.0.0.1:1", Key: benchKey, PalID: simulator.PalDocsGuide, Count: 7, Text: "Hello"}
		if err := c.Config.Execute(&text, input); err != nil {
			t.Fatal(err)
		}
		_, after, found := strings.Cut(text.String(), "resource \""+c.Name+"_deployment\"")
		if !found || !strings.Contains(after, "Hello") || !strings.Contains(after, "= 7") {
			t.Errorf("the configuration of %s is\n%s", c.Name, text.String())
		}
		return after
	}
	if a, b := resource(bare), resource(tavus); a != b {
		t.Errorf("the bare provider has\n%s\nthe other one\n%s", a, b)
	}
}

func TestLoadContender(t *testing.T) {
	t.Parallel()
	write := func(dir, name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	dir := t.TempDir()
	write(dir, "contender.json", `{"name": "other", "source": "someone/other", "program": "terraform-provider-other"}`)
	write(dir, "terraform-provider-other", "")
	write(dir, "main.tf.tmpl", "# {{ .Count }}\n")
	c, err := LoadContender(dir)
	if err != nil {
		t.Fatal(err)
	}
	if c.Name != "other" || c.Source != "someone/other" || !filepath.IsAbs(c.Program) || c.Config == nil {
		t.Errorf("read as %+v", c)
	}
	write(dir, "contender.json", `{"name": "other", "source": "someone/other"}`)
	if _, err := LoadContender(dir); err == nil || !strings.Contains(err.Error(), "are needed") {
		t.Errorf("without a program the error is %v", err)
	}
}
