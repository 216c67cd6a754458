// Package advice says where a JSON text is not what the documentation, or the vendor's own
// client, knows. The API takes any key and any value of those texts, so the findings of Check
// are for warnings and never for errors. CheckSchema is for texts that must be a JSON Schema.
package advice

import (
	"bytes"
	"embed"
	"errors"
	"slices"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

//go:embed schemas/*.schema.json
var files embed.FS

// The schemas that Check and Keys know.
const (
	DeploymentCustomization = "deployment_customization"
	DeploymentLimits        = "deployment_limits"
	PalLayers               = "pal_layers"
)

// Check returns what in a JSON text the schema does not know, sorted by path, such
// as "/widget/text: a string where an object is expected". A finding names keys and
// never the values of the text. Members that are null are not written, so nothing is
// said of them. A text that is not JSON has no findings: others refuse it.
// A name that no schema has is a mistake in this program and panics.
func Check(schema string, document []byte) []string {
	s := load(schema)
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(document))
	if err != nil {
		return nil
	}
	return s.findings(s.compiled.Validate(withoutNulls(value)))
}

// source is a schema, compiled and as the decoded file that it is.
type source struct {
	compiled *jsonschema.Schema
	raw      any
}

var loaded sync.Map // name -> func() *source

func load(name string) *source {
	once, _ := loaded.LoadOrStore(name, sync.OnceValue(func() *source { return compile(name) }))
	get, _ := once.(func() *source)
	return get()
}

func compile(name string) *source {
	file := name + ".schema.json"
	text, err := files.ReadFile("schemas/" + file)
	if err != nil {
		panic("advice: no schema " + name)
	}
	raw, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		panic("advice: " + file + ": " + err.Error())
	}
	compiler := jsonschema.NewCompiler()
	compiler.UseLoader(noLoader{})
	if err := compiler.AddResource(file, raw); err != nil {
		panic("advice: " + file + ": " + err.Error())
	}
	return &source{compiled: compiler.MustCompile(file), raw: raw}
}

// findings puts the leaves of a tree of errors into words.
func (s *source) findings(err error) []string {
	var invalid *jsonschema.ValidationError
	if !errors.As(err, &invalid) {
		return nil
	}
	var found []string
	for leaf := range leaves(invalid) {
		found = append(found, s.describe(leaf)...)
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// withoutNulls leaves out the members that are null, because a null is a key that is
// not written. Inside a list null is a value.
func withoutNulls(value any) any {
	object, ok := value.(map[string]any)
	if !ok {
		return value
	}
	kept := make(map[string]any, len(object))
	for name, member := range object {
		if member != nil {
			kept[name] = withoutNulls(member)
		}
	}
	return kept
}
