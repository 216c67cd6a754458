package provider_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

// fixture is a state of a released version beside a server that holds what it
// held when the state was written.
func (f *fake) fixture(t *testing.T, dir string) *cliFolder {
	t.Helper()
	w := f.cli(t)
	for from, to := range map[string]string{"main.tf": "main.tf", "state.json": "terraform.tfstate"} {
		text, err := os.ReadFile(filepath.Join(dir, from)) //nolint:gosec // A file of the test.
		if err != nil {
			t.Fatal(err)
		}
		w.file(to, string(text))
	}
	text, err := os.ReadFile(filepath.Join(dir, "server.json")) //nolint:gosec // A file of the test.
	if err != nil {
		t.Fatal(err)
	}
	for _, doc := range object(t, string(text))["deployments"].([]any) { //nolint:forcetypeassert // A list.
		doc := maps.Clone(doc.(map[string]any)) //nolint:forcetypeassert // Of documents.
		if doc["has_password"] == true {
			doc["password"] = "what a document never shows"
		}
		f.Put(doc)
	}
	if len(f.IDs()) == 0 {
		t.Fatal("the fixture has no deployments")
	}
	return w
}

// untouchedByPlans asserts that a plan and a refresh-only plan are empty. The exit
// code of the latter does not count: a CLI from 1.12 on adds the identity to a
// state of an older one, and calls that a change once.
func (w *cliFolder) untouchedByPlans() {
	w.t.Helper()
	w.must(0, "plan", "-detailed-exitcode")
	w.nothingDrifted()
}

// withoutPrivate takes the private state out of a state.
var withoutPrivate = regexp.MustCompile(`,?\s*"private": "[^"]*"`)

func TestAccStateFixtures(t *testing.T) {
	t.Parallel()
	needsWriteOnly(t)
	fixtures, err := filepath.Glob(filepath.FromSlash("testdata/state/*/state.json"))
	if err != nil || len(fixtures) == 0 {
		t.Fatalf("no fixtures (%v)", err)
	}
	for _, file := range fixtures {
		dir := filepath.Dir(file)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Parallel()
			f := newFake(t, simulator.Options{Defaults: simulator.DefaultsNone})
			w := f.fixture(t, dir)
			w.untouchedByPlans()
			// The record still says what Terraform wrote.
			w.file("main.tf", strings.Replace(w.read("main.tf"), "    goodbye ", "    # goodbye ", 1))
			m := w.one(0, "customization", "Keys go out of the configuration", "plan", "-out=saved.tfplan")
			w.mentions(m, "removed from the server: /goodbye.")
			held := f.customizations(t)
			w.must(0, "apply", "saved.tfplan")
			w.quiet()
			now := f.customizations(t)
			for id, keys := range held {
				gone := slices.DeleteFunc(keys, func(key string) bool { return slices.Contains(now[id], key) })
				if len(gone) > 1 || len(gone) == 1 && gone[0] != "goodbye" {
					t.Errorf("deployment %s lost %v", id, gone)
				}
			}
			w.destroy()
		})
		if strings.HasSuffix(dir, "-normalised") {
			continue
		}
		t.Run(filepath.Base(dir)+" without private state", func(t *testing.T) {
			t.Parallel()
			f := newFake(t, simulator.Options{Defaults: simulator.DefaultsNone})
			w := f.fixture(t, dir)
			state := withoutPrivate.ReplaceAllString(w.read("terraform.tfstate"), "")
			if !json.Valid([]byte(state)) || strings.Contains(state, `"private"`) {
				t.Fatal("the private state is still there")
			}
			w.file("terraform.tfstate", state)
			w.untouchedByPlans()
			// Nothing is owned, so nothing is removed.
			w.file("main.tf", strings.Replace(w.read("main.tf"), "    goodbye ", "    # goodbye ", 1))
			w.untouchedByPlans()
		})
	}
}

// customizations are the keys that stand in customization on the server.
func (f *fake) customizations(t *testing.T) map[string][]string {
	t.Helper()
	keys := map[string][]string{}
	for _, id := range f.IDs() {
		doc, _ := f.Document(id)
		members, _ := doc["customization"].(map[string]any)
		keys[id] = slices.Collect(maps.Keys(members))
	}
	return keys
}
