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
// An argument that is an [Expression] stands there as it is.
func HCL(block string, labels []string, config Config) string {
	var b strings.Builder
	b.WriteString(block)
	for _, label := range labels {
		fmt.Fprintf(&b, " %q", label)
	}
	b.WriteString(" {\n")
	for _, name := range slices.Sorted(maps.Keys(config)) {
		fmt.Fprintf(&b, "  %s = %s\n", name, expression(config[name]))
	}
	b.WriteString("}\n")
	return b.String()
}

// Expression is HCL that stands in a configuration as it is.
type Expression string

func expression(value any) string {
	switch value := value.(type) {
	case Expression:
		return string(value)
	case string:
		return quote(value)
	case map[string]any:
		var members []string
		for _, name := range slices.Sorted(maps.Keys(value)) {
			members = append(members, quote(name)+" = "+expression(value[name]))
		}
		return "{ " + strings.Join(members, ", ") + " }"
	case []any:
		elements := make([]string, len(value))
		for i, element := range value {
			elements[i] = expression(element)
		}
		return "[" + strings.Join(elements, ", ") + "]"
	case nil:
		return "null"
	}
	return fmt.Sprint(value)
}

// quote writes a text as HCL's template syntax does: JSON's escapes, and ${ and %{ doubled.
func quote(text string) string {
	encoder := &strings.Builder{}
	quoted := json.NewEncoder(encoder)
	quoted.SetEscapeHTML(false)
	if err := quoted.Encode(text); err != nil {
		panic(err) // a string can always be encoded
	}
	return strings.NewReplacer("${", "$${", "%{", "%%{").Replace(strings.TrimSpace(encoder.String()))
}
