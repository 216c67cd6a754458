package provider_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/testkit"
)

// TestHistories_LawsHold plays random histories of one object on random servers: configurations
// change, people edit, requests fail, the object is imported again and deleted. After each step
// the laws are asserted; no state is predicted. TAVUS_HISTORY=n plays number n alone.
func TestHistories_LawsHold(t *testing.T) {
	t.Parallel()
	first, last := 1, rounds(40, 400)
	if n, err := strconv.Atoi(os.Getenv("TAVUS_HISTORY")); err == nil {
		first, last = n, n
	}
	for _, kind := range fixtures() {
		t.Run(kind.Type, func(t *testing.T) {
			t.Parallel()
			for n := first; n <= last && !t.Failed(); n++ {
				if first < last && !inRound(kind, n) {
					continue
				}
				playHistory(t, kind, uint64(n)) //nolint:gosec // A number of a test is not negative.
			}
		})
	}
}

// history is one object and what the laws need to know of its past.
type history struct {
	*world
	t      *testing.T
	random *rand.Rand
	steps  []string
	config testkit.Config // the last one that was applied
	id     string         // "" while there is no object
	edits  map[string]any // portal edits of what no configuration owns, by pointer
	// imported: the object came into the state by an import.
	imported bool
}

func playHistory(t *testing.T, fixture *testkit.Fixture, n uint64) {
	t.Helper()
	var settings []string
	for _, setting := range combination(fixture, n) {
		// Where servers lag or are late, a plan just after an edit is about the past, and what a
		// server never changes cannot come to rest after an import. A server that calls a change
		// which its own form undoes a success, without showing the object, looks as if it lagged.
		if !slices.Contains(fixture.Late, setting) && !strings.HasPrefix(setting, "lag=") && setting != "unchanged=answer" && fixture.Hold[setting] == nil {
			settings = append(settings, setting)
		}
	}
	w, err := openWorld(t, fixture, testkit.Config{"max_retries": 1}, settings...)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	h := &history{world: w, t: t, random: rand.New(rand.NewPCG(2, n)), edits: map[string]any{}} //nolint:gosec // It has to come again.
	for range 12 {
		h.step()
		if t.Failed() {
			t.Fatalf("history %d (TAVUS_HISTORY=%d) on %v:\n%s", n, n, settings, strings.Join(h.steps, "\n"))
		}
	}
}

func (h *history) note(format string, values ...any) {
	h.steps = append(h.steps, fmt.Sprintf(format, values...))
}

// step does one thing that happens to objects.
func (h *history) step() {
	switch h.random.IntN(8) {
	case 0, 1, 2:
		h.config = mixture(h.random, h.kind)
		h.apply("")
	case 3:
		h.config = mixture(h.random, h.kind)
		h.apply(h.fault())
	case 4:
		h.editOthers()
	case 5:
		h.editOwned()
	case 6:
		h.adopt()
	case 7:
		h.remove()
	}
}

// mixture takes each argument from one of the fixture's configurations.
func mixture(random *rand.Rand, kind *testkit.Fixture) testkit.Config {
	config := maps.Clone(kind.Minimal)
	for _, from := range []testkit.Config{kind.Full, kind.Changed} {
		for _, name := range slices.Sorted(maps.Keys(from)) {
			if random.IntN(2) == 0 {
				config[name] = from[name]
			}
		}
	}
	return config
}

func (h *history) fault() string {
	method := []string{"POST", "PATCH", "GET", "*"}[h.random.IntN(4)]
	kind := []string{"cut-before", "cut-after", "half-body", "garbage", "empty", "500", "503", "404", "429:retry-after=0", "status-after:status=502"}
	return fmt.Sprintf("%s:%d:%s", method, 1+h.random.IntN(2), kind[h.random.IntN(len(kind))])
}

// apply applies the configuration. Where a request fails, two further applies have to converge.
func (h *history) apply(fault string) {
	h.t.Helper()
	h.note("apply %s%s", testkit.JSON(h.config), fault)
	h.Fault(fault)
	_, err := h.Run(h.config)
	h.Fault("")
	for attempt := 0; err != nil && fault != "" && attempt < 2; attempt++ {
		h.note("  failed: %v", err)
		if err := h.importLost(err); err != nil {
			h.t.Error(err)
		}
		_, err = h.Run(h.config)
	}
	switch {
	case err != nil:
		h.t.Errorf("apply: %v", err)
		return
	case h.id != "" && h.ID() != h.id:
		h.t.Errorf("the id is %s instead of %s", h.ID(), h.id)
	case h.Tainted:
		h.t.Error("the object is tainted")
	}
	h.id = h.ID()
	h.laws()
}

// importLost does what the error of a lost create says: it imports the object that it names.
func (w *world) importLost(lost error) error {
	ids := w.ids()
	if w.Exists() || len(ids) != 1 {
		return nil
	}
	if !strings.Contains(lost.Error(), ids[0]) {
		return fmt.Errorf("the error does not say that %s may have been made: %w", ids[0], lost)
	}
	return w.Import(ids[0])
}

// laws holds the world to what must be so after every apply.
func (h *history) laws() {
	h.t.Helper()
	if ids := h.ids(); !slices.Equal(ids, []string{h.id}) {
		h.t.Errorf("the server holds %v, the state %s", ids, h.id)
		return
	}
	before := h.State()
	changed, err := h.Refresh()
	if err != nil || len(changed) > 0 {
		h.t.Errorf("the refresh shows %v, error: %v\n%s\n%s", changed, err, testkit.JSON(before), testkit.JSON(h.State()))
		return
	}
	p, err := h.Plan(h.config)
	if err != nil || p.Action != testkit.NoOp {
		h.t.Errorf("the second plan is %s, error: %v", did(p), err)
		return
	}
	for pointer, value := range h.edits {
		if got := h.at(pointer); testkit.JSON(got) != testkit.JSON(value) {
			h.t.Errorf("the portal's %s is %s instead of %s", pointer, testkit.JSON(got), testkit.JSON(value))
		}
	}
}

// editOthers edits what no configuration owns. The plan stays as it is.
func (h *history) editOthers() {
	h.t.Helper()
	if h.id == "" || len(h.kind.Edits) == 0 {
		return
	}
	edit := h.kind.Edits[h.random.IntN(len(h.kind.Edits))]
	h.note("portal: %s is %s", edit.Pointer, testkit.JSON(edit.Value))
	h.portal(h.t, edit)
	if h.imported {
		h.apply("") // the state may follow what people do until the configuration changes
		return
	}
	h.edits[edit.Pointer] = h.at(edit.Pointer) // in the server's form
	if h.echoes {
		h.apply("")
		return
	}
	h.laws()
}

// editOwned drifts a leaf. Whether it is owned or not, an apply brings rest.
func (h *history) editOwned() {
	h.t.Helper()
	if h.id == "" {
		return
	}
	h.note("portal: %s is %s", h.kind.Owned.Pointer, testkit.JSON(h.kind.Owned.Value))
	h.portal(h.t, h.kind.Owned)
	h.apply("")
}

// adopt starts with an empty state, and imports the object by one of the ways.
func (h *history) adopt() {
	h.t.Helper()
	if h.id == "" {
		return
	}
	identity := h.Identity()
	if err := h.restart(testkit.Config{"max_retries": 1}); err != nil {
		h.t.Fatal(err)
	}
	h.ResetRequests()
	var err error
	if h.random.IntN(2) == 0 {
		h.note("import %s", h.id)
		err = h.Import(h.id)
	} else {
		h.note("import %v", identity)
		err = h.ImportIdentity(identity)
	}
	if err != nil {
		h.t.Errorf("import: %v", err)
		return
	}
	// What people wrote stands in the generated configuration, so the next apply owns it.
	h.config, h.edits, h.imported = h.GenerateConfig(), map[string]any{}, true
	h.note("  generated %s", testkit.JSON(h.config))
	h.laws()
	for _, r := range h.Requests() {
		if r.Method != http.MethodGet {
			h.t.Errorf("an import sent %s", r.Method)
		}
	}
}

// remove deletes the object, by Terraform or in the portal.
func (h *history) remove() {
	h.t.Helper()
	if h.id == "" || h.random.IntN(2) == 0 {
		return
	}
	if h.random.IntN(2) == 0 {
		h.note("destroy")
		if err := h.Destroy(); err != nil || len(h.ids()) > 0 {
			h.t.Errorf("destroy: %v, left are %v", err, h.ids())
		}
	} else {
		h.note("deleted in the portal")
		h.Delete(h.kind.Collection, h.id)
		if _, err := h.Refresh(); err != nil || h.Exists() {
			h.t.Errorf("the state still holds it, error: %v", err)
		}
	}
	h.id, h.edits, h.imported = "", map[string]any{}, false
}
