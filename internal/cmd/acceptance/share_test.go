package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/clitools"
)

func TestShares(t *testing.T) {
	t.Parallel()
	query := clitools.CLI{Name: clitools.Terraform, Version: "1.15.9"}
	clis := []clitools.CLI{oldCLI, newCLI, query}
	for _, test := range []struct {
		name string
		o    options
		want string
	}{
		{"long", options{pattern: everyTest}, "1.11.4 all, 1.12.6 all, 1.15.9 all"},
		{"short", options{pattern: everyTest, short: true}, "1.15.9 all, 1.12.6 some, 1.11.4 some"},
		{"one test", options{pattern: "^TestAccTeam", short: true}, "1.11.4 all, 1.12.6 all, 1.15.9 all"},
	} {
		var got []string
		for _, s := range shares(clis, test.o) {
			how := "some"
			if s.o.pattern == test.o.pattern {
				how = "all"
			}
			got = append(got, s.cli.Version+" "+how)
		}
		if got := strings.Join(got, ", "); got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
	if len(shares(nil, options{short: true})) != 0 {
		t.Error("no CLI has a share")
	}
}

// A name that matches no test would be a test that no longer runs on every CLI.
func TestDependsOnCLIHoldsNames(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../provider/*_test.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("no tests: %v", err)
	}
	var all strings.Builder
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	for _, name := range dependsOnCLI {
		if !regexp.MustCompile(`func TestAcc` + name).MatchString(all.String()) {
			t.Errorf("no acceptance test begins with TestAcc%s", name)
		}
	}
}
