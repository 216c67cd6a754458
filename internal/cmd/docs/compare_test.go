package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestCompare(t *testing.T) {
	t.Parallel()
	have, want := t.TempDir(), t.TempDir()
	write := func(dir, name, text string) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(have, "index.md", "one\ntwo\n")
	write(want, "index.md", "one\nthree\n")
	write(have, "resources/same.md", "same")
	write(want, "resources/same.md", "same")
	write(have, "resources/old.md", "")
	write(want, "resources/new.md", "")
	got, err := compare(have, want)
	if err != nil {
		t.Fatal(err)
	}
	expected := []string{
		`docs/index.md differs: line 2 is "two", should be "three"`,
		"docs/resources/new.md is missing",
		"docs/resources/old.md is not generated from anything",
	}
	if !slices.Equal(got, expected) {
		t.Errorf("got %q", got)
	}
	if got, err = compare(filepath.Join(have, "nowhere"), want); err != nil || len(got) != 3 {
		t.Errorf("without docs/: %q, %v", got, err)
	}
}

func TestDifference(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ a, b, want string }{
		{`{"a":{"b":1}}`, `{"a":{"b":1},"c":{},"d":false,"e":{"f":[]}}`, ""},
		{`{"a":{"b":1}}`, `{"a":{"b":2}}`, "/a/b is 1 here and 2 there"},
		{`{"a":{"b":1}}`, `{}`, "/a/b is 1 here and <nil> there"},
		{`{}`, `{"a":{"b":"x"}}`, "/a/b is <nil> here and x there"},
		{`{"a":[1]}`, `{"a":[2]}`, "/a is [1] here and [2] there"},
	} {
		var a, b any
		if err := json.Unmarshal([]byte(c.a), &a); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(c.b), &b); err != nil {
			t.Fatal(err)
		}
		if got := difference("", a, b); got != c.want {
			t.Errorf("%s, %s: got %q, want %q", c.a, c.b, got, c.want)
		}
	}
}
