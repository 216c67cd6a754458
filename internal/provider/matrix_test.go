package provider_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

// matrix collects what the lives came to.
type matrix struct {
	mu    sync.Mutex
	lives int
	calls int
	bites map[string]int
	rows  map[string]string // of the single positions
}

func (m *matrix) live(t *testing.T, row string, switches map[string]string) {
	t.Helper()
	r := play(t, history{switches: switches, steps: life()}, connectCore)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.lives++
	m.calls += r.count
	var bites []string
	for what, n := range r.m.bites {
		m.bites[what] += n
		bites = append(bites, fmt.Sprintf("%s (%d)", what, n))
	}
	if row != "" {
		slices.Sort(bites)
		m.rows[row] = strings.Join(bites, ", ")
	}
}

// singlePositions are all positions but the first ones, which make one server together.
func singlePositions() (rows []string, switches map[string]map[string]string, first int) {
	switches = map[string]map[string]string{}
	for _, item := range simulator.Switches() {
		first++
		for _, position := range item.Values[1:] {
			row := item.Name + "=" + position
			rows = append(rows, row)
			switches[row] = map[string]string{item.Name: position}
		}
	}
	return rows, switches, first
}

// combination moves every switch at once. n is its seed.
func combination(n int) map[string]string {
	random := rand.New(rand.NewPCG(1, uint64(n))) //nolint:gosec // A combination has to come again.
	switches := map[string]string{}
	for _, item := range simulator.Switches() {
		if position := item.Values[random.IntN(len(item.Values))]; position != item.Values[0] {
			switches[item.Name] = position
		}
	}
	return switches
}

// TestMatrix plays the life on every server that the documentation allows: each
// switch in each position by itself, and seeded combinations of all of them.
func TestMatrix(t *testing.T) {
	t.Parallel()
	m := &matrix{bites: map[string]int{}, rows: map[string]string{}}
	rows, switches, first := singlePositions()
	combinations := 12
	if isLong() {
		combinations = 200
	}
	t.Run("lives", func(t *testing.T) {
		t.Parallel()
		t.Run("documented", func(t *testing.T) {
			t.Parallel()
			m.live(t, "all in the first position", map[string]string{})
		})
		for _, row := range rows {
			t.Run(row, func(t *testing.T) {
				t.Parallel()
				m.live(t, row, switches[row])
			})
		}
		for n := range combinations {
			t.Run(fmt.Sprint("combination ", n+1), func(t *testing.T) {
				t.Parallel()
				m.live(t, "", combination(n+1))
			})
		}
	})
	t.Cleanup(func() { m.report(t, rows, first, combinations) })
}

func (m *matrix) report(t *testing.T, rows []string, first, combinations int) {
	t.Helper()
	for _, row := range append([]string{"all in the first position"}, rows...) {
		result, done := m.rows[row]
		switch {
		case !done:
			result = "FAILED"
		case result == "":
			result = "holds"
		default:
			result = "holds, waived: " + result
		}
		t.Logf("%-36s %s", row, result)
	}
	for _, what := range slices.Sorted(maps.Keys(m.bites)) {
		t.Logf("waived %d times: %s, because %s", m.bites[what], what, reasonOf(what))
	}
	waived := 0
	for _, n := range m.bites {
		waived += n
	}
	t.Logf("matrix: %d single positions (%d of them the first ones, in one life), %d combinations, %d lives of %d steps, %d calls of Terraform; promises waived: %d",
		first+len(rows), first, combinations, m.lives, len(life()), m.calls, waived)
	if t.Failed() {
		return
	}
	for i := range waivers {
		if what := waivers[i].name + "=" + waivers[i].position; m.bites[what] == 0 {
			t.Errorf("the waiver for %s is never needed: take it out of the table", what)
		}
	}
	for what := range observed {
		if m.bites[what] == 0 {
			t.Errorf("the exception %q is never seen: take it out of the table", what)
		}
	}
}

func reasonOf(what string) string {
	for i := range waivers {
		if waivers[i].name+"="+waivers[i].position == what {
			return waivers[i].reason
		}
	}
	return observed[what]
}
