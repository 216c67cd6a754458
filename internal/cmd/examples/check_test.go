package main

import (
	"slices"
	"strings"
	"testing"
)

func TestVariables(t *testing.T) {
	t.Parallel()
	got := variables(`variable "secret" {
  type      = string
  sensitive = true
}

variable "colour" {
  type    = string
  default = "red"
}

variable "pals" {
  type = object({
    default = string
  })
}
`)
	if want := []string{"-var", "secret=an example value", "-var", "pals=an example value"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestReadUI(t *testing.T) {
	t.Parallel()
	sum, problems, err := readUI(`{"type":"version","terraform":"1.11.4"}
{"type":"change_summary","changes":{"add":1,"change":2,"import":3,"remove":4,"operation":"plan"}}
`, "")
	if err != nil || len(problems) > 0 || sum != (summary{Add: 1, Change: 2, Import: 3, Remove: 4}) {
		t.Errorf("a plan: %+v, %q, %v", sum, problems, err)
	}
	_, problems, err = readUI(`{"type":"diagnostic","diagnostic":{"severity":"warning","summary":"Careful","detail":"of this"}}`+"\n", "Careful?")
	if err != nil || !slices.Equal(problems, []string{"warning: Careful: of this"}) {
		t.Errorf("a warning: %q, %v", problems, err)
	}
	_, problems, err = readUI(`{"type":"diagnostic","diagnostic":{"severity":"warning","summary":"Careful"}}
{"type":"diagnostic","diagnostic":{"severity":"error","summary":"Careful"}}
{"type":"change_summary"}
`, "Careful")
	if err != nil || !slices.Equal(problems, []string{"error: Careful: "}) {
		t.Errorf("an expected warning, and an error: %q, %v", problems, err)
	}
	if _, _, err = readUI("Error: no JSON\n", ""); err == nil || !strings.Contains(err.Error(), "Error: no JSON") {
		t.Errorf("words: %v", err)
	}
	if _, _, err = readUI("", ""); err == nil {
		t.Error("nothing at all is no plan")
	}
}

func TestScripts(t *testing.T) {
	t.Parallel()
	got := scripts(`on: push
jobs:
  plan:
    steps:
      - uses: actions/checkout
      - name: Two lines
        env:
          A: b
        run: |
          one
            two
      - name: On a condition
        if: false
        run: three
      - name: One line
        run: four
`)
	if want := []string{"\none\n  two", "four\n"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
