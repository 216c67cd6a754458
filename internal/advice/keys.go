package advice

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Key is one key that a schema knows.
type Key struct {
	Path    string // pointer in the document, "*" for each element of a list: "/after_call/cta/*/url"
	Values  string // what it may hold: `"light", "dark"`, "integer, 0 to 4"
	Default string // JSON, empty where the server or the client chooses
	About   string // a sentence or two
}

// Keys returns the keys of a schema that hold a value, sorted by path. Objects are the
// way to their keys and not listed; a list is, and so are the keys of its elements.
func Keys(schema string) []Key {
	s := load(schema)
	root, _ := s.raw.(map[string]any)
	return s.keys("", root)
}

// Title returns what a schema describes, with the version that it was written from.
func Title(schema string) string { return load(schema).compiled.Title }

func (s *source) keys(path string, schema map[string]any) []Key {
	schema = s.resolve(schema)
	properties, _ := schema["properties"].(map[string]any)
	var all []Key
	if path != "" && properties == nil {
		all = append(all, keyOf(path, schema))
	}
	if items, _ := schema["items"].(map[string]any); items != nil {
		all = append(all, s.keys(path+"/*", items)...)
	}
	for _, name := range sorted(properties) {
		member, _ := properties[name].(map[string]any)
		all = append(all, s.keys(path+"/"+name, member)...)
	}
	return all
}

// paths lists the paths of all keys, those of objects too.
func (s *source) paths() []string {
	root, _ := s.raw.(map[string]any)
	seen := map[string]bool{}
	for _, key := range s.keys("", root) {
		for path := key.Path; path != ""; path = path[:strings.LastIndex(path, "/")] {
			seen[path] = true
		}
	}
	return sorted(seen)
}

func (s *source) resolve(schema map[string]any) map[string]any {
	if ref, ok := schema["$ref"].(string); ok {
		return s.at(ref)
	}
	return schema
}

func keyOf(path string, schema map[string]any) Key {
	key := Key{Path: path}
	key.About, _ = schema["description"].(string)
	if fallback, ok := schema["default"]; ok {
		text, _ := json.Marshal(fallback)
		key.Default = string(text)
	}
	switch kind := schema["type"].(type) {
	case string:
		key.Values = kind
	case []any:
		names := make([]string, len(kind))
		for i, name := range kind {
			names[i] = fmt.Sprint(name)
		}
		key.Values = strings.Join(names, " or ")
	}
	if words, ok := schema["enum"].([]any); ok {
		key.Values = values(words)
	}
	if schema["minimum"] != nil || schema["maximum"] != nil {
		key.Values += ", " + rangeOf(schema)
	}
	return key
}
