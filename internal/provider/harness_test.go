package provider_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/contract"
	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

// fake is a simulator behind a loopback address, with every request and every
// answer checked against the contract.
type fake struct {
	*simulator.Simulator
	URL string
}

func newFake(t testing.TB, settings ...string) *fake {
	t.Helper()
	sim := simulator.Must(settings...)
	checker, err := contract.New()
	if err != nil {
		t.Fatal(err)
	}
	sim.SetContract(func(req *http.Request, reqBody []byte, status int, header http.Header, body []byte) {
		if err := checker.Check(req, reqBody, status, header, body); err != nil {
			t.Errorf("outside the contract: %s %s: %v", req.Method, req.URL.Path, err)
		}
	})
	server := httptest.NewServer(sim)
	t.Cleanup(server.Close)
	return &fake{Simulator: sim, URL: server.URL}
}

const collection = "deployments"

// IDs are the ids of all deployments.
func (f *fake) IDs() []string {
	var ids []string
	for _, doc := range f.Documents(collection) {
		id, _ := doc["deployment_id"].(string)
		ids = append(ids, id)
	}
	return ids
}

// Document is a deployment by its id.
func (f *fake) Document(id string) (map[string]any, bool) {
	doc := f.Simulator.Document(collection, id)
	return doc, doc != nil
}

// Edit changes a deployment as a person does in the portal.
func (f *fake) Edit(id string, edit func(map[string]any)) bool {
	return f.Simulator.Edit(collection, id, edit)
}

// Put adds a deployment that Terraform does not know.
func (f *fake) Put(doc map[string]any) string { return f.Simulator.Put(collection, doc) }

// only returns the single deployment that the simulator holds.
func (f *fake) only(t *testing.T) (string, map[string]any) {
	t.Helper()
	ids := f.IDs()
	if len(ids) != 1 {
		t.Fatalf("the server holds %d deployments instead of 1", len(ids))
	}
	doc, _ := f.Document(ids[0])
	return ids[0], doc
}

// methods are the methods of the requests since the last reset.
func (f *fake) methods() string {
	var methods []string
	for _, r := range f.Requests() {
		methods = append(methods, r.Method)
	}
	return strings.Join(methods, " ")
}

func expectError(t *testing.T, err error, words ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want one with %q", words)
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			t.Fatalf("the error lacks %q: %v", word, err)
		}
	}
}

// withoutAdvice leaves out the warnings about keys that the vendor's client does not know.
func withoutAdvice(warnings []string) []string {
	var others []string
	for _, warning := range warnings {
		if !strings.Contains(warning, "This is not known in ") {
			others = append(others, warning)
		}
	}
	return others
}
