package provider_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/testkit"
)

// shows asserts that a refresh reports these changes.
func (w *world) shows(t *testing.T, want ...string) {
	t.Helper()
	if changed, err := w.Refresh(); err != nil || !slices.Equal(changed, want) {
		t.Fatalf("a refresh-only plan shows %v instead of %v (error: %v)", changed, want, err)
	}
}

// holds asserts the values at JSON pointers of the object on the server, as JSON.
func (w *world) holds(t *testing.T, want map[string]string) {
	t.Helper()
	for pointer, text := range want {
		if got := testkit.JSON(w.at(pointer)); got != text {
			t.Errorf("the server holds %s at %s instead of %s", got, pointer, text)
		}
	}
}

// mustPlan plans without a refresh.
func (w *world) mustPlan(t *testing.T, config testkit.Config) *testkit.Plan {
	t.Helper()
	p, err := w.Plan(config)
	if err != nil {
		t.Fatal(err)
	}
	return p
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
