package provider_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"runtime"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

// mutationTests are those that a mutation run begins with: the quick ones that reach
// the model mapping.
const mutationTests = "^Test(Life|Same|Model|Deployment|State|Move|Windows|Import|Wrong)|^Test.*(Codec|Attribute)"

// TestMain sets flags. A failing history prints itself, so a file of random bits
// beside it is litter. The seed is fixed, so that a run fails for what changed and
// not by chance; -rapid.seed=N draws other histories. Where TAVUS_MUTATION is set,
// it fails fast: a mutant need not be shrunk.
func TestMain(m *testing.M) {
	flags := map[string]string{
		"rapid.nofailfile": "true", "rapid.seed": "4",
		// Some tests wait for time limits, so more of them than cores are under way.
		"test.parallel": strconv.Itoa(2 * runtime.GOMAXPROCS(0)),
	}
	if os.Getenv("TAVUS_MUTATION") != "" {
		maps.Copy(flags, map[string]string{"rapid.shrinktime": "0s", "test.run": mutationTests, "test.skip": "^TestModel(Faults|Histories/round_[2-9])", "test.failfast": "true"})
	}
	for name, value := range flags {
		if err := flag.Set(name, value); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// isLong says that the long rounds are wanted (make test-all).
func isLong() bool { return os.Getenv("TAVUS_LONG") != "" }

// rounds runs a property in parallel subtests of as many histories as rapid takes
// by itself (a hundred, or what -rapid.checks says).
func rounds(t *testing.T, short, long int, property func(*rapid.T)) {
	t.Helper()
	n := short
	if isLong() {
		n = long
	}
	for i := range n {
		t.Run(fmt.Sprint("round ", i+1), func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				for range i { // all rounds have the same seed
					rapid.Uint64().Draw(t, "salt")
				}
				property(t)
			})
		})
	}
}

func TestModelHistories(t *testing.T) {
	t.Parallel()
	generator := histories(10, calmKinds, nil)
	rounds(t, 4, 25, func(t *rapid.T) {
		play(t, generator.Draw(t, "history"), connectCore)
	})
}

// TestModelFaults leaves those switches alone that keep a configuration from being
// reached at all.
func TestModelFaults(t *testing.T) {
	t.Parallel()
	generator := histories(6, faultyKinds, func(name string) bool {
		return slices.ContainsFunc(waivers, func(w waiver) bool { return w.name == name })
	})
	rounds(t, 1, 12, func(t *rapid.T) {
		play(t, generator.Draw(t, "history"), connectCore)
	})
}
