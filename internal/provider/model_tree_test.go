package provider_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// A tree is a JSON object as encoding/json decodes it with UseNumber. The model
// works on trees and on JSON pointers (RFC 6901), with code of its own: a model
// that shares code with what it checks proves nothing.
type tree = map[string]any

// parseTree parses a JSON object that the test itself wrote.
func parseTree(text string) tree {
	value, isTree := parseJSON(text).(tree)
	if !isTree {
		panic("not an object: " + text)
	}
	return value
}

func parseJSON(text string) any {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		panic(fmt.Sprintf("%v: %s", err, text))
	}
	return value
}

// canon is a text that is the same for values that mean the same. Keys with the
// value null count as not written, save where nulls is set.
func canon(value any, nulls bool) string {
	switch value := value.(type) {
	case nil:
		return "null"
	case bool:
		return strconv.FormatBool(value)
	case string:
		return strconv.Quote(norm.NFC.String(value))
	case json.Number:
		number, ok := new(big.Rat).SetString(string(value))
		if !ok {
			return string(value)
		}
		return number.RatString()
	case []any:
		items := make([]string, len(value))
		for i, item := range value {
			items[i] = canon(item, true) // inside an array null is a value
		}
		return "[" + strings.Join(items, ",") + "]"
	case tree:
		var members []string
		for _, key := range slices.Sorted(maps.Keys(value)) {
			if nulls || value[key] != nil {
				members = append(members, strconv.Quote(norm.NFC.String(key))+":"+canon(value[key], nulls))
			}
		}
		return "{" + strings.Join(members, ",") + "}"
	}
	panic(fmt.Sprintf("no JSON value: %T", value))
}

// clean is a copy without the keys whose value is null.
func clean(members tree) tree {
	to := tree{}
	for key, value := range members {
		if inner, ok := value.(tree); ok {
			to[key] = clean(inner)
		} else if value != nil {
			to[key] = value
		}
	}
	return to
}

// copyTree copies the objects; what they hold is never changed in place.
func copyTree(members tree) tree {
	to := maps.Clone(members)
	for key, value := range to {
		if inner, ok := value.(tree); ok {
			to[key] = copyTree(inner)
		}
	}
	return to
}

// The escapes of a JSON pointer (RFC 6901, section 3).
var (
	pointerEscaper   = strings.NewReplacer("~", "~0", "/", "~1")
	pointerUnescaper = strings.NewReplacer("~1", "/", "~0", "~")
)

func splitPointer(pointer string) []string {
	keys := strings.Split(pointer, "/")[1:]
	for i, key := range keys {
		keys[i] = pointerUnescaper.Replace(key)
	}
	return keys
}

func joinPointer(up, key string) string { return up + "/" + pointerEscaper.Replace(key) }

// leavesOf returns the pointers of all leaves of a clean tree: scalars, arrays and
// empty objects. Parents come first.
func leavesOf(members tree) []string {
	var walk func(up string, members tree) []string
	walk = func(up string, members tree) (pointers []string) {
		for _, key := range slices.Sorted(maps.Keys(members)) {
			if inner, ok := members[key].(tree); ok && len(inner) > 0 {
				pointers = append(pointers, walk(joinPointer(up, key), inner)...)
			} else {
				pointers = append(pointers, joinPointer(up, key))
			}
		}
		return pointers
	}
	return walk("", members)
}

func valueAt(members tree, pointer string) (value any, found bool) {
	value = members
	for _, key := range splitPointer(pointer) {
		inner, ok := value.(tree)
		if !ok {
			return nil, false
		}
		if value, found = inner[key]; !found {
			return nil, false
		}
	}
	return value, true
}

// meansAt is the canonical text of what stands under a pointer, "" for nothing.
// For a leaf that is wanted as an empty object, any object will do.
func meansAt(members tree, pointer string, emptyObject bool) string {
	value, found := valueAt(members, pointer)
	if !found || value == nil {
		return ""
	}
	if _, ok := value.(tree); ok && emptyObject {
		return "{}"
	}
	return canon(value, false)
}

// put sets a value and makes the objects around it. An empty object does not
// take the place of an object.
func put(members tree, pointer string, value any) {
	keys := splitPointer(pointer)
	for _, key := range keys[:len(keys)-1] {
		inner, ok := members[key].(tree)
		if !ok {
			inner = tree{}
			members[key] = inner
		}
		members = inner
	}
	last := keys[len(keys)-1]
	if _, ok := members[last].(tree); ok && canon(value, true) == "{}" {
		return
	}
	members[last] = value
}

// drop takes a key away and nothing else.
func drop(members tree, pointer string) {
	keys := splitPointer(pointer)
	for _, key := range keys[:len(keys)-1] {
		inner, ok := members[key].(tree)
		if !ok {
			return
		}
		members = inner
	}
	delete(members, keys[len(keys)-1])
}

// above yields the pointers of the objects around a leaf, the innermost first.
func above(pointer string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for up := upOf(pointer); up != ""; up = upOf(up) {
			if !yield(up) {
				return
			}
		}
	}
}

func upOf(pointer string) string { return pointer[:strings.LastIndexByte(pointer, '/')] }

func isTree(value any) bool {
	_, ok := value.(tree)
	return ok
}
