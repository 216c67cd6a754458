package testkit

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// HCL is a block with the arguments of a configuration, such as
//
//	resource "tavus_deployment" "docs" { … }
//
// JSON is HCL, too, but for what begins a template.
func HCL(block string, labels []string, config Config) string {
	var b strings.Builder
	b.WriteString(block)
	for _, label := range labels {
		fmt.Fprintf(&b, " %q", label)
	}
	b.WriteString(" {\n")
	for _, name := range slices.Sorted(maps.Keys(config)) {
		var value strings.Builder
		encoder := json.NewEncoder(&value)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(config[name]); err != nil {
			panic(err) // a mistake in the test
		}
		b.WriteString("  " + name + " = " + strings.NewReplacer("${", "$${", "%{", "%%{").Replace(value.String()))
	}
	b.WriteString("}\n")
	return b.String()
}
