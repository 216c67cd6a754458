package advice

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// CheckSchema returns why a JSON text is not a JSON Schema, sorted by path, and
// nothing if it is one. "$schema" chooses the draft, 2020-12 where there is none. Regular
// expressions are not looked at, because each language has its own. Nothing is loaded:
// a "$ref" to another document counts as right.
func CheckSchema(document []byte) []string {
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(document))
	if err != nil {
		return []string{"the whole value: not JSON"}
	}
	compiler := jsonschema.NewCompiler()
	compiler.UseLoader(noLoader{})
	compiler.UseRegexpEngine(func(text string) (jsonschema.Regexp, error) { return anyText(text), nil })
	const name = "document.schema.json"
	if err = compiler.AddResource(name, value); err == nil {
		_, err = compiler.Compile(name)
	}
	var invalid *jsonschema.SchemaValidationError
	var missing *jsonschema.JSONPointerNotFoundError
	var anchor *jsonschema.AnchorNotFoundError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &invalid):
		return (&source{raw: map[string]any{}}).findings(invalid.Err)
	case errors.As(err, &missing), errors.As(err, &anchor):
		return []string{`the whole value: a "$ref" to a part that it does not have`}
	default:
		return []string{fmt.Sprintf("the whole value: %T", err)}
	}
}

// noLoader stands in for all other documents, which are never read. Each is the schema
// that takes everything.
type noLoader struct{}

// Load implements jsonschema.URLLoader.
func (noLoader) Load(string) (any, error) { return true, nil }

// anyText is a regular expression that is not looked at.
type anyText string

// MatchString implements jsonschema.Regexp.
func (anyText) MatchString(string) bool { return true }

// String implements jsonschema.Regexp.
func (t anyText) String() string { return string(t) }
