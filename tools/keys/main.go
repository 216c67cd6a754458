// Command keys writes the guide that lists the keys of customization and limits, from
// the schemas that plans are checked against.
//
//	go run ./tools/keys FILE
package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/tavus/terraform-provider-tavus/internal/advice"
)

//go:generate go run . ../../templates/guides/customization-keys.md.tmpl

const head = `---
page_title: "Keys of customization and limits"
subcategory: "Publishing"
description: |-
  Every key of a deployment's customization and limits that the vendor's own client knows: what it holds, and its default.
---

# Keys of customization and limits

The Tavus API takes any key in ` + "`customization` and `limits`" + `, and stores it. What shows a deployment to visitors knows the keys
below and no others: it drops unknown keys at the top, and stops reading at the first value of a wrong type. So a plan that
creates a deployment, or changes one of the two arguments, is checked against this list, and what differs is **a warning, never
an error**: the list belongs to one release of the vendor's client, and your key may be newer. Whatever it says, the values are
sent as they are.

Every key is optional. A key that is left out, or null, is not managed. A default is what visitors get where the
deployment holds nothing for the key. ` + "`[]`" + ` stands for each element of a list; a list is owned as a whole.
`

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: keys FILE")
		os.Exit(2)
	}
	if err := os.WriteFile(os.Args[1], []byte(guide()), 0o600); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// guide is the whole page.
func guide() string {
	var b strings.Builder
	b.WriteString(head)
	for _, part := range []struct{ title, schema string }{
		{"customization", advice.DeploymentCustomization},
		{"limits", advice.DeploymentLimits},
	} {
		fmt.Fprintf(&b, "\n## %s\n\n%s.\n", part.title, advice.Title(part.schema))
		writeTables(&b, advice.Keys(part.schema))
	}
	return b.String()
}

// writeTables writes the keys at the top in one table, then those of each block in
// one of its own.
func writeTables(b *strings.Builder, keys []advice.Key) {
	blocks := map[string][]advice.Key{}
	var order []string
	for _, key := range keys {
		name, _, inside := strings.Cut(key.Path[1:], "/")
		if !inside {
			name = ""
		}
		if blocks[name] == nil && name != "" {
			order = append(order, name)
		}
		blocks[name] = append(blocks[name], key)
	}
	writeTable(b, blocks[""])
	for _, name := range order {
		fmt.Fprintf(b, "\n### %s\n", name)
		writeTable(b, blocks[name])
	}
}

func writeTable(b *strings.Builder, keys []advice.Key) {
	b.WriteString("\n| key | holds | default | |\n| --- | --- | --- | --- |\n")
	for _, key := range keys {
		fallback := ""
		if key.Default != "" {
			fallback = "`" + key.Default + "`"
		}
		fmt.Fprintf(b, "| `%s` | %s | %s | %s |\n", dotted(key.Path), values(key.Values), fallback, key.About)
	}
}

// dotted writes a path the way Terraform reads it: after_call.cta[].url.
func dotted(path string) string {
	return strings.ReplaceAll(strings.ReplaceAll(path[1:], "/*", "[]"), "/", ".")
}

// values sets the words of an enumeration as code.
func values(text string) string {
	if !strings.HasPrefix(text, `"`) {
		return text
	}
	words := strings.Split(text, ", ")
	for i, word := range words {
		words[i] = "`" + word + "`"
	}
	return strings.Join(words, ", ")
}
