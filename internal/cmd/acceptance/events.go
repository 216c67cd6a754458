package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/tavus/terraform-provider-tavus/internal/clitools"
)

// A round is what one CLI's run gave.
type round struct {
	cli   clitools.CLI
	took  time.Duration
	tests map[string]*test // by package and name
	// trouble is what went wrong outside of any test: a panic, the time limit.
	trouble []string
}

// A test is one test or subtest.
type test struct {
	name   string
	action string // "pass", "fail", "skip", or "run" while it runs
	output []string
}

func newRound(c clitools.CLI) *round {
	return &round{cli: c, tests: map[string]*test{}}
}

// event is one line of test2json; see "go doc test2json".
type event struct {
	Action  string
	Package string
	Test    string
	Output  string
}

// read takes in the events of one test binary, and writes the output of each
// test that fails to w as soon as it has failed. It returns what the binary
// wrote outside of its tests.
func (r *round) read(w io.Writer, events io.Reader) (outside []string, err error) {
	lines := bufio.NewScanner(events)
	// A line holds a whole line of a test's output, which may be a document.
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var e event
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			return outside, fmt.Errorf("not an event of test2json: %.200s", lines.Text())
		}
		if e.Test == "" {
			if e.Action == "output" {
				outside = append(outside, e.Output)
			}
			continue
		}
		key := e.Package + " " + e.Test
		t := r.tests[key]
		if t == nil {
			t = &test{name: e.Test}
			r.tests[key] = t
		}
		switch e.Action {
		case "output":
			t.output = append(t.output, e.Output)
		case "run", "pass", "fail", "skip":
			t.action = e.Action
		}
		if e.Action == "fail" {
			fmt.Fprintf(w, "\n%s\n", strings.TrimRight(strings.Join(t.output, ""), "\n"))
		}
	}
	return outside, lines.Err()
}

// leaves returns the tests that have no subtests, in the order of their names. A
// test that failed by itself, while its subtests did not, is one of them. A
// test that never ended counts as failed.
func (r *round) leaves() []*test {
	parents := map[string]bool{}     // have subtests
	failedBelow := map[string]bool{} // have subtests that failed
	for key, t := range r.tests {
		for {
			i := strings.LastIndex(key, "/")
			if i < 0 || i < strings.Index(key, " ") {
				break
			}
			key = key[:i]
			parents[key] = true
			if t.failed() {
				failedBelow[key] = true
			}
		}
	}
	var out []*test
	for key, t := range r.tests {
		if !parents[key] || t.failed() && !failedBelow[key] {
			out = append(out, t)
		}
	}
	slices.SortFunc(out, func(a, b *test) int { return strings.Compare(a.name, b.name) })
	return out
}

func (t *test) failed() bool { return t.action == "fail" || t.action == "run" }

// reason gives what a skipped test said when it was skipped.
func (t *test) reason() string {
	for _, line := range slices.Backward(t.output) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "---") || strings.HasPrefix(line, "===") {
			continue
		}
		// "file.go:12: reason" becomes "reason".
		if place, text, ok := strings.Cut(line, ": "); ok && strings.Contains(place, ".go:") {
			return text
		}
		return line
	}
	return "no reason given"
}

// counts tells how many leaves passed, failed and were skipped.
func (r *round) counts() (passed, failed, skipped int) {
	for _, t := range r.leaves() {
		switch {
		case t.failed():
			failed++
		case t.action == "skip":
			skipped++
		default:
			passed++
		}
	}
	return passed, failed, skipped
}
