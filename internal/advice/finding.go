package advice

import (
	"encoding/json"
	"fmt"
	"iter"
	"net/url"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// leaves yields the errors that no other error explains.
func leaves(e *jsonschema.ValidationError) iter.Seq[*jsonschema.ValidationError] {
	return func(yield func(*jsonschema.ValidationError) bool) { walk(e, yield) }
}

func walk(e *jsonschema.ValidationError, yield func(*jsonschema.ValidationError) bool) bool {
	if len(e.Causes) == 0 {
		return yield(e)
	}
	for _, cause := range e.Causes {
		if !walk(cause, yield) {
			return false
		}
	}
	return true
}

// describe puts one error into words, without the value that it is about.
func (s *source) describe(e *jsonschema.ValidationError) []string {
	at := pointer(e.InstanceLocation)
	if at == "" {
		at = "the whole value"
	}
	say := func(format string, args ...any) []string { return []string{at + ": " + fmt.Sprintf(format, args...)} }
	switch k := e.ErrorKind.(type) {
	case *kind.AdditionalProperties:
		var all []string
		for _, key := range k.Properties {
			path := append(slices.Clone(e.InstanceLocation), key)
			all = append(all, pointer(path)+": unknown key"+s.suggest(key, e.SchemaURL))
		}
		return all
	case *kind.Type:
		return say("%s where %s is expected", noun(k.Got), nouns(k.Want))
	case *kind.Enum:
		return say("not one of %s", values(k.Want))
	case *kind.Required:
		return say("lacks %s, which it needs", quoted(k.Missing))
	case *kind.Minimum, *kind.Maximum:
		return say("out of range, %s", rangeOf(s.at(e.SchemaURL)))
	case *kind.Pattern:
		return say("not in a form that is known%s", known(s.at(e.SchemaURL)))
	default:
		return say("does not fit %s", strings.Join(k.KeywordPath(), "/"))
	}
}

func known(schema map[string]any) string {
	if about, _ := schema["description"].(string); about != "" {
		return " (" + strings.ReplaceAll(strings.TrimSuffix(about, "."), "`", "") + ")"
	}
	return ""
}

// suggest looks for the key that was meant: one that is at most two edits away among
// those of the same object, else the same key in another place.
func (s *source) suggest(key, schemaURL string) string {
	properties, _ := s.at(schemaURL)["properties"].(map[string]any)
	best, distance := "", 3
	for _, name := range sorted(properties) {
		if d := edits(strings.ToLower(key), name); d < distance && d < len(key) {
			best, distance = name, d
		}
	}
	if best != "" {
		return fmt.Sprintf(", did you mean %q?", best)
	}
	var elsewhere []string
	for _, path := range s.paths() {
		if strings.HasSuffix(path, "/"+key) {
			elsewhere = append(elsewhere, path)
		}
	}
	if len(elsewhere) == 1 {
		return ", its place is " + elsewhere[0]
	}
	return ""
}

// at returns the part of the schema that a URL with a JSON pointer names.
func (s *source) at(schemaURL string) map[string]any {
	_, fragment, _ := strings.Cut(schemaURL, "#")
	fragment, err := url.PathUnescape(fragment)
	if err != nil {
		return nil
	}
	part, _ := s.raw.(map[string]any)
	for _, token := range strings.Split(fragment, "/")[1:] {
		token = strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~")
		part, _ = part[token].(map[string]any)
	}
	return part
}

func pointer(tokens []string) string {
	var b strings.Builder
	for _, token := range tokens {
		b.WriteString("/" + strings.ReplaceAll(strings.ReplaceAll(token, "~", "~0"), "/", "~1"))
	}
	return b.String()
}

// rangeOf says which numbers a schema takes: "0 to 4", "at least 1".
func rangeOf(schema map[string]any) string {
	low, high := schema["minimum"], schema["maximum"]
	switch {
	case high == nil:
		return fmt.Sprintf("at least %v", low)
	case low == nil:
		return fmt.Sprintf("at most %v", high)
	default:
		return fmt.Sprintf("%v to %v", low, high)
	}
}

func noun(jsonType string) string {
	switch jsonType {
	case "null":
		return "null"
	case "object", "array", "integer":
		return "an " + jsonType
	default:
		return "a " + jsonType
	}
}

// nouns lists types, null last.
func nouns(types []string) string {
	var all, last []string
	for _, name := range types {
		if name == "null" {
			last = append(last, noun(name))
		} else {
			all = append(all, noun(name))
		}
	}
	all = append(all, last...)
	return strings.Join(all, " or ")
}

func quoted(words []string) string {
	all := make([]string, len(words))
	for i, word := range words {
		all[i] = fmt.Sprintf("%q", word)
	}
	return strings.Join(all, " and ")
}

// values lists the words of an enumeration as JSON.
func values(words []any) string {
	all := make([]string, len(words))
	for i, word := range words {
		text, _ := json.Marshal(word)
		all[i] = string(text)
	}
	return strings.Join(all, ", ")
}
