package main

import (
	"os"
	"strings"
	"testing"
)

func TestGuide_IsUpToDate(t *testing.T) {
	t.Parallel()
	written, err := os.ReadFile("../../templates/guides/customization-keys.md.tmpl")
	if err != nil {
		t.Fatal(err)
	}
	if string(written) != guide() {
		t.Error(`the guide is not the one that the schemas make; run "go generate ./tools/keys"`)
	}
}

func TestGuide_RowsOfKeys(t *testing.T) {
	t.Parallel()
	text := guide()
	for _, row := range []string{
		"| `style.mode` | `\"system\"`, `\"light\"`, `\"dark\"` | `\"system\"` | Light or dark; `system` follows the visitor's device. |",
		"| `after_call.cta[].url` | string |  | Address of the link. |",
		"| `max_call_duration` | integer, at least 1 |  | Length of a conversation at most, in seconds. |",
	} {
		if !strings.Contains(text, "\n"+row+"\n") {
			t.Errorf("no row %s", row)
		}
	}
	if strings.Contains(text, "{{") {
		t.Error("the guide is a template and must not hold actions")
	}
}
