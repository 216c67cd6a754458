package provider_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
	"github.com/tavus/terraform-provider-tavus/internal/testkit"
)

// TestEveryServer_LifeHolds plays the life of an object on every server that the documentation
// allows: each position of each switch by itself, and combinations of all switches.
func TestEveryServer_LifeHolds(t *testing.T) {
	t.Parallel()
	combinations := rounds(12, 300)
	for _, kind := range fixtures() {
		t.Run(kind.Type+"/documented", func(t *testing.T) {
			t.Parallel()
			liveOn(t, kind, nil)
		})
		for i, item := range switchesOf(kind) {
			for _, position := range item.Positions[1:] {
				setting := item.Name + "=" + position
				if item.Collection == "" && !inRound(kind, i) {
					continue
				}
				t.Run(kind.Type+"/"+setting, func(t *testing.T) {
					t.Parallel()
					liveOn(t, kind, []string{setting})
				})
			}
		}
		for n := range combinations {
			if !inRound(kind, n) {
				continue
			}
			t.Run(fmt.Sprintf("%s/combination %d", kind.Type, n+1), func(t *testing.T) {
				t.Parallel()
				liveOn(t, kind, combination(kind, uint64(n+1))) //nolint:gosec // n counts from 0.
			})
		}
	}
}

// switchesOf are the switches that change the answers about a kind. A server that refuses to overwrite
// an open draft takes no update at all, which pal_test.go tests.
func switchesOf(kind *testkit.Fixture) []simulator.Switch {
	collection, _, _ := strings.Cut(kind.Collection, "/")
	return slices.DeleteFunc(simulator.Switches(), func(item simulator.Switch) bool {
		return item.Collection != "" && item.Collection != collection || item.Name == "pal-force"
	})
}

// combination moves every second switch, on average. The same n makes the same one.
func combination(kind *testkit.Fixture, n uint64) []string {
	random := rand.New(rand.NewPCG(1, n)) //nolint:gosec // A combination has to come again.
	var settings []string
	for _, item := range switchesOf(kind) {
		position := item.Positions[random.IntN(len(item.Positions))]
		if random.IntN(2) == 0 && position != item.Positions[0] {
			settings = append(settings, item.Name+"="+position)
		}
	}
	if slices.ContainsFunc(settings, isEcho) {
		// The server's own form shows only in reads then, and where each read moves updated_at as an
		// edit does, or has none, nobody can tell it from an edit.
		settings = slices.DeleteFunc(settings, func(setting string) bool {
			return setting == "updated-at-moves=use" || setting == "objectives-get-shape=bare"
		})
	}
	for _, setting := range settings {
		if needed := kind.Needs[setting]; needed != "" {
			settings = append(settings, needed)
		}
	}
	return settings
}

// liveOn is the life of an object: created, edited by people, drifted, changed, imported, gone.
func liveOn(t *testing.T, fixture *testkit.Fixture, settings []string) { //nolint:thelper // A failure names the step, not the caller.
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the server: %s", strings.Join(settings, " "))
		}
	})
	kind := fixture.Held(settings...)
	w := newWorld(t, kind, settings...)
	must := func(want testkit.Action, config testkit.Config) {
		t.Helper()
		p, err := w.Run(config)
		if err != nil || p.Action != want {
			t.Fatalf("apply: %s instead of %s, error: %v", did(p), want, err)
		}
		w.settle(t, settings)
		w.Quiet(t, config)
	}
	must(testkit.Create, kind.Full)
	id := w.ID()
	w.portal(t, kind.Edits...)
	w.settle(t, settings)
	for range w.repairs(settings) {
		if _, err := w.Run(kind.Full); err != nil {
			t.Fatalf("apply after an edit: %v", err)
		}
		w.settle(t, settings)
	}
	w.Quiet(t, kind.Full)
	was := testkit.JSON(w.at(kind.Owned.Pointer))
	w.portal(t, kind.Owned)
	w.settle(t, settings)
	must(testkit.Update, kind.Full)
	if now := testkit.JSON(w.at(kind.Owned.Pointer)); now != was {
		t.Fatalf("%s is %s instead of %s", kind.Owned.Pointer, now, was)
	}
	must(testkit.Update, kind.Changed)
	must(testkit.Update, kind.Full)
	must(testkit.Update, kind.Changed)
	w.untouchedIn(t, settings)
	if ids := w.ids(); !slices.Equal(ids, []string{id}) || w.ID() != id {
		t.Fatalf("the server has %v instead of %s", ids, id)
	}
	w.adoptAgain(t, settings)
	if err := w.Destroy(); err != nil || len(w.ids()) > 0 {
		t.Fatalf("destroy: %v, left are %v", err, w.ids())
	}
}

// repairs is how many applies an edit of what nobody owns may cost: none, or one where writes are echoed
// (see isEcho), or two where that repair, which changes nothing, looks as if its reads lagged.
func (w *world) repairs(settings []string) int {
	switch {
	case !w.echoes:
		return 0
	case slices.Contains(settings, "unchanged=answer"):
		return 2
	}
	return 1
}

// adoptAgain imports the object into an empty state. The generated configuration plans empty,
// and so does the one that it was made by.
func (w *world) adoptAgain(t *testing.T, settings []string) {
	t.Helper()
	id := w.ID()
	if err := w.restart(nil); err != nil {
		t.Fatal(err)
	}
	w.ResetRequests()
	if err := w.Import(id); err != nil {
		t.Fatalf("import: %v", err)
	}
	w.settle(t, settings)
	w.Quiet(t, w.GenerateConfig())
	few, all := testkit.Config{}, w.GenerateConfig()
	for name := range without(w.kind.Minimal, w.kind.Secrets) {
		few[name] = all[name]
	}
	w.Quiet(t, few)
	for _, r := range w.Requests() {
		if r.Method != http.MethodGet {
			t.Errorf("an import sent %s %s", r.Method, r.Path)
		}
	}
}

// settle refreshes as often as the server needs to show what it has, where it lags or is late.
func (w *world) settle(t *testing.T, settings []string) {
	t.Helper()
	for _, setting := range settings {
		if !slices.Contains(w.kind.Late, setting) && !strings.HasPrefix(setting, "lag=") {
			continue
		}
		for range 4 {
			if _, err := w.Refresh(); err != nil {
				t.Fatalf("refresh: %v", err)
			}
		}
	}
}

// untouchedIn is untouched for a server that keeps values in a form of its own.
func (w *world) untouchedIn(t *testing.T, settings []string) {
	t.Helper()
	for _, setting := range settings {
		if strings.HasPrefix(setting, "empty-objects=") || strings.HasPrefix(setting, "colours=") {
			return
		}
	}
	w.untouched(t)
}

// did is what a plan does, in a few words.
func did(p *testkit.Plan) string {
	if p == nil {
		return "no plan"
	}
	return string(p.Action) + p.Difference()
}
