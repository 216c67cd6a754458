package provider_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/testkit"
)

// The old sets of guardrails have the same path. Whatever the server answers to the id of one, the
// import says that it is not a guardrail.
func TestGuardrail_IDOfAnOldSetIsNotImported(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]struct {
		status int
		body   string
	}{
		"set":         {http.StatusOK, `{"guardrails_id":"gset","data":[{"guardrail_name":"a","guardrail_prompt":"b"},{"guardrail_name":"c","guardrail_prompt":"d"}]}`},
		"set of one":  {http.StatusOK, `{"guardrails_id":"gset","data":[{"uuid":"g1","guardrail_name":"a","guardrail_prompt":"b"}]}`},
		"400":         {http.StatusBadRequest, `{"error":"Invalid guardrails_id"}`},
		"404":         {http.StatusNotFound, `{"error":"Guardrails not found"}`},
		"400 message": {http.StatusBadRequest, `{"message":"Not a guardrail"}`},
	} {
		w := newWorld(t, guardrailFixture())
		handler := func(rw http.ResponseWriter, r *http.Request) bool {
			if !strings.HasSuffix(r.URL.Path, "/gset") {
				return false
			}
			rw.Header().Set("Content-Type", "application/json")
			rw.WriteHeader(answer.status)
			_, _ = io.WriteString(rw, answer.body)
			return true
		}
		w.Instead.Store(&handler)
		err := w.Import("gset")
		if err == nil || w.Exists() || !strings.Contains(err.Error(), "old set") {
			t.Errorf("%s: %v", name, err)
		}
		w.Must(t, testkit.Create, w.kind.Minimal)
	}
}

// Terraform deletes a guardrail before it updates the PAL that had it, and the server takes it out of the
// PAL meanwhile. That is no edit of somebody else.
func TestGuardrail_DeletedInTheApplyThatChangesThePAL(t *testing.T) {
	t.Parallel()
	w := newWorld(t, palFixture())
	with := func(id string) testkit.Config {
		return testkit.With(w.kind.Minimal, testkit.Config{"guardrail_ids": []any{id}})
	}
	w.Must(t, testkit.Create, with("g1"))
	p := w.mustPlan(t, with("g2"))
	w.portal(t, testkit.Edit{Pointer: "/guardrail_ids", Value: []any{}})
	if err := w.Apply(p); err != nil {
		t.Fatal(err)
	}
	w.Quiet(t, with("g2"))
}
