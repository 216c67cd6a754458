package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestPlainWithoutTerminal(t *testing.T) {
	t.Parallel()
	file, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	s := newScreen(file)
	tell := func() {
		s.title("Title")
		s.chapter("Chapter")
		s.say("Words.")
		s.command("terraform plan")
		s.event("an edit")
		if err := s.check(true, "a promise"); err != nil {
			t.Error(err)
		}
		s.done("Over.")
	}
	tell()
	plain, err := os.ReadFile(file.Name())
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(plain), "\x1b") {
		t.Errorf("escape codes in a file: %q", plain)
	}
	for _, want := range []string{"1. Chapter\n", "$ terraform plan\n", "  ok: a promise\n"} {
		if !strings.Contains(string(plain), want) {
			t.Errorf("%q is missing in %q", want, plain)
		}
	}
	s.colour = true
	tell()
	all, err := os.ReadFile(file.Name())
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(all), bold+cyan+"2. Chapter"+reset) {
		t.Errorf("no colours with colours: %q", all[len(plain):])
	}
}

func TestCheckThatFails(t *testing.T) {
	t.Parallel()
	s := &screen{}
	if err := s.check(false, "the sky is %s", "green"); err == nil || !strings.Contains(err.Error(), "the sky is green") {
		t.Errorf("got %v", err)
	}
	if s.checks != 0 {
		t.Error("it was counted as one that held")
	}
}

func TestWrap(t *testing.T) {
	t.Parallel()
	got := wrap("one two three four", 9)
	if want := []string{"one two", "three", "four"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestDocument(t *testing.T) {
	t.Parallel()
	d := document{"deployment_id": "d1", "usage_total": 3.0, "customization": map[string]any{"preview": map[string]any{"title": "T"}}}
	if d.id() != "d1" || d.number("usage_total") != 3 || d.text("customization", "preview", "title") != "T" {
		t.Errorf("misread: %v", d)
	}
	if d.text("customization", "preview") != "" || d.text("name", "first") != "" || d.number("none") != 0 {
		t.Error("what is not there must be empty")
	}
}
