package main

import (
	"io"
	"strings"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/clitools"
)

// roundOf makes a round from lines such as "pass TestAccOne".
func roundOf(t *testing.T, cli clitools.CLI, events ...string) *round {
	t.Helper()
	r := newRound(cli)
	var text strings.Builder
	for _, e := range events {
		action, rest, _ := strings.Cut(e, " ")
		name, output, _ := strings.Cut(rest, " ")
		text.WriteString(`{"Action":"` + action + `","Package":"example.test/a/b","Test":"` + name + `","Output":"` + output + `"}` + "\n")
	}
	if _, err := r.read(io.Discard, strings.NewReader(text.String())); err != nil {
		t.Fatal(err)
	}
	return r
}

var (
	oldCLI = clitools.CLI{Name: clitools.Terraform, Version: "1.11.4"}
	newCLI = clitools.CLI{Name: clitools.OpenTofu, Version: "1.12.6"}
)

func TestCountsLeaves(t *testing.T) {
	t.Parallel()
	r := roundOf(t, oldCLI,
		"run TestAccA", "run TestAccA/x", "run TestAccA/y", "pass TestAccA/x", "skip TestAccA/y", "pass TestAccA",
		"run TestAccB", "run TestAccB/x", "fail TestAccB/x", "fail TestAccB",
		"run TestAccC", "run TestAccC/x", "pass TestAccC/x", "fail TestAccC",
		"run TestAccD",
	)
	passed, failed, skipped := r.counts()
	// A/x and C/x pass; B/x, C itself and the unfinished D fail; A/y is skipped.
	if passed != 2 || failed != 3 || skipped != 1 {
		t.Errorf("got %d passed, %d failed, %d skipped; want 2, 3, 1", passed, failed, skipped)
	}
}

func TestFailuresAreShown(t *testing.T) {
	t.Parallel()
	var shown strings.Builder
	r := newRound(oldCLI)
	outside, err := r.read(&shown, strings.NewReader(`{"Action":"run","Test":"TestAccA"}
{"Action":"output","Test":"TestAccA","Output":"the reason\n"}
{"Action":"fail","Test":"TestAccA"}
{"Action":"run","Test":"TestAccB"}
{"Action":"output","Test":"TestAccB","Output":"chatter\n"}
{"Action":"pass","Test":"TestAccB"}
{"Action":"output","Output":"FAIL\n"}
`))
	if err != nil {
		t.Fatal(err)
	}
	if got := shown.String(); got != "\nthe reason\n" {
		t.Errorf("shown: %q", got)
	}
	if len(outside) != 1 || outside[0] != "FAIL\n" {
		t.Errorf("outside: %q", outside)
	}
}

func TestNotCovered(t *testing.T) {
	t.Parallel()
	first := roundOf(t, oldCLI,
		"run TestAccBoth", "pass TestAccBoth",
		"run TestAccIdentity", "output TestAccIdentity     x_test.go:9: needs 1.12\\n", "skip TestAccIdentity",
		"run TestAccQuery", "output TestAccQuery     x_test.go:9: needs 1.14\\n", "skip TestAccQuery",
		"run TestAccTable", "skip TestAccTable",
	)
	second := roundOf(t, newCLI,
		"run TestAccBoth", "pass TestAccBoth",
		"run TestAccIdentity", "pass TestAccIdentity",
		"run TestAccQuery", "output TestAccQuery     y.go:7: OpenTofu has none: sorry\\n", "output TestAccQuery --- SKIP: TestAccQuery\\n", "skip TestAccQuery",
		"run TestAccTable", "run TestAccTable/row", "pass TestAccTable/row", "pass TestAccTable",
	)
	var out strings.Builder
	report(&out, []*round{first, second})
	want := []string{
		"Terraform  1.11.4      1 passed, 0 failed, 3 skipped, in 0s",
		"OpenTofu   1.12.6      3 passed, 0 failed, 1 skipped, in 0s",
		"NOT COVERED: TestAccQuery: OpenTofu has none: sorry",
		"4 passed, 0 failed, 4 skipped",
		"",
	}
	if got := out.String(); got != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", got, strings.Join(want, "\n"))
	}
	if err := verdict([]*round{first, second}); err != nil {
		t.Errorf("verdict: %v", err)
	}
}

func TestVerdict(t *testing.T) {
	t.Parallel()
	passed := roundOf(t, oldCLI, "run TestAccA", "pass TestAccA")
	for name, r := range map[string]*round{
		"no test ran":  roundOf(t, newCLI, "run TestAccA", "skip TestAccA"),
		"1 failed":     roundOf(t, newCLI, "run TestAccA", "fail TestAccA"),
		"panic: sorry": {cli: newCLI, tests: passed.tests, trouble: []string{"panic: sorry"}},
	} {
		err := verdict([]*round{passed, r})
		if err == nil || !strings.Contains(err.Error(), "OpenTofu 1.12.6: "+name) {
			t.Errorf("%s: verdict is %v", name, err)
		}
	}
}
