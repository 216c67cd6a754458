package advice

import (
	"slices"
	"testing"
)

func TestCheckSchema(t *testing.T) {
	t.Parallel()
	for document, want := range map[string][]string{
		`{}`:   nil,
		`true`: nil,
		`{"type": "object", "properties": {"city": {"type": "string", "description": "Where"}}, "required": ["city"]}`: nil,
		`{"$schema": "http://json-schema.org/draft-07/schema#", "definitions": {"a": {}}, "$ref": "#/definitions/a"}`:  nil,
		`{"pattern": "^(?=lookahead)", "x-of-the-vendor": {"any": "thing"}}`:                                           nil,
		`{"$ref": "https://example.com/other.json"}`:                                                                   nil, // not loaded
		`{"$ref": "file:///etc/passwd"}`:                                                                               nil, // not loaded
		`{"type"`:                                                                                                      {"the whole value: not JSON"},
		`[]`:                                                                                                           {"the whole value: an array where a boolean or an object is expected"},
		`{"required": "city"}`:                                                                                         {"/required: a string where an array is expected"},
		`{"properties": {"city": "string"}}`:                                                                           {"/properties/city: a string where a boolean or an object is expected"},
		`{"$ref": "#/$defs/none"}`:                                                                                     {`the whole value: a "$ref" to a part that it does not have`},
		`{"$ref": "#none"}`:                                                                                            {`the whole value: a "$ref" to a part that it does not have`},
		`{"properties": {"age": {"minimum": "1"}}}`:                                                                    {"/properties/age/minimum: a string where a number is expected"},
	} {
		if got := CheckSchema([]byte(document)); !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", document, got, want)
		}
	}
}

func TestCheckSchema_UnknownType(t *testing.T) {
	t.Parallel()
	got := CheckSchema([]byte(`{"properties": {"age": {"type": "int"}}}`))
	if len(got) == 0 || got[len(got)-1][:21] != "/properties/age/type:" {
		t.Errorf("got %q", got)
	}
}
