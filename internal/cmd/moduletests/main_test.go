package main

import (
	"slices"
	"testing"
)

func TestSimulatorFlags(t *testing.T) {
	t.Parallel()
	text := "# Words.\n#\n#   -names=stripped -faults POST:1:503\n#\n# -not this one\n\nrun \"a\" {\n}\n"
	if got, want := simulatorFlags(text), []string{"-names=stripped", "-faults", "POST:1:503"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := simulatorFlags("# Words.\n\n# -latency 1s\n"); got != nil {
		t.Errorf("a comment further down gives %q", got)
	}
}

func TestPassedRuns(t *testing.T) {
	t.Parallel()
	for output, want := range map[string]int{
		"tests/a.tftest.hcl... pass\n\nSuccess! 5 passed, 0 failed.\n": 5,
		"Failure! 3 passed, 1 failed.\n":                               0,
		"":                                                             0,
	} {
		if got := passedRuns(output); got != want {
			t.Errorf("%q: got %d, want %d", output, got, want)
		}
	}
}
