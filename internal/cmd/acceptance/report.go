package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
)

// report prints one line for each CLI, what was not covered, and the totals.
func report(w io.Writer, all []*round) {
	var passed, failed, skipped int
	for _, r := range all {
		p, f, s := r.counts()
		fmt.Fprintf(w, "%-10s %-8s %4d passed, %d failed, %d skipped, in %s\n",
			r.cli.Title(), r.cli.Version, p, f, s, r.took.Round(time.Second))
		passed, failed, skipped = passed+p, failed+f, skipped+s
	}
	missing := notCovered(all)
	for _, name := range slices.Sorted(maps.Keys(missing)) {
		fmt.Fprintf(w, "NOT COVERED: %s: %s\n", name, missing[name])
	}
	if len(missing) == 0 {
		fmt.Fprintln(w, "NOT COVERED: nothing")
	}
	fmt.Fprintf(w, "%d passed, %d failed, %d skipped\n", passed, failed, skipped)
}

// notCovered gives the tests that no CLI ran, each with the reason of the last
// CLI that skipped it.
func notCovered(all []*round) map[string]string {
	missing := map[string]string{}
	ran := map[string]bool{}
	for _, r := range all {
		for _, t := range r.leaves() {
			if t.action != "skip" {
				ran[t.name] = true
				continue
			}
			missing[t.name] = t.reason()
		}
	}
	// A test that is skipped as a whole on one CLI has subtests on another.
	for name := range missing {
		if ran[name] || slices.ContainsFunc(slices.Collect(maps.Keys(ran)), func(other string) bool {
			return strings.HasPrefix(other, name+"/")
		}) {
			delete(missing, name)
		}
	}
	return missing
}

// verdict is nil when every CLI ran tests and none failed.
func verdict(all []*round) error {
	var problems []error
	for _, r := range all {
		passed, failed, _ := r.counts()
		for _, text := range r.trouble {
			problems = append(problems, fmt.Errorf("%s: %s", r.cli, text))
		}
		if failed > 0 {
			problems = append(problems, fmt.Errorf("%s: %d failed", r.cli, failed))
		}
		if passed+failed == 0 {
			problems = append(problems, fmt.Errorf("%s: no test ran", r.cli))
		}
	}
	return errors.Join(problems...)
}
