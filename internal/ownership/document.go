package ownership

import (
	"maps"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Document is one JSON object in the API's shape. It is never changed once it is made. Its
// values are bool, string, Number, []any and map[string]any; nil is inside arrays only. The
// nil *Document is no object at all and behaves as an empty one.
type Document struct{ members map[string]any }

// NewDocument makes a document of members. Besides the values of a document it takes a
// *Document and nil, which is left out. Strings are brought to Unicode form NFC.
func NewDocument(members map[string]any) *Document {
	made, _ := normal(members).(map[string]any)
	return &Document{made}
}

func normal(value any) any {
	switch value := value.(type) {
	case string:
		return norm.NFC.String(value)
	case *Document:
		if value == nil {
			return nil
		}
		return value.members
	case []any:
		items := make([]any, len(value))
		for i, item := range value {
			items[i] = normal(item)
		}
		return items
	case map[string]any:
		members := make(map[string]any, len(value))
		for key, member := range value {
			if member = normal(member); member != nil {
				members[norm.NFC.String(key)] = member
			}
		}
		return members
	}
	return value
}

// At returns the value under a JSON pointer (RFC 6901); "" is the whole document.
func (d *Document) At(pointer string) (value any, found bool) {
	if pointer == "" {
		return d.root(), d != nil
	}
	value, found, _ = d.at(pointer)
	return value, found
}

func (d *Document) root() map[string]any {
	if d == nil {
		return nil
	}
	return d.members
}

// Object returns the object under a pointer, nil where there is none.
func (d *Document) Object(pointer string) *Document {
	value, _ := d.At(pointer)
	members, ok := value.(map[string]any)
	if !ok {
		return nil
	}
	return &Document{members}
}

// Text returns the document as Terraform's jsonencode writes it: sorted keys, no white
// space, numbers written out, and <, >, & and U+2028, U+2029 escaped.
func (d *Document) Text() string {
	if d == nil {
		return "{}"
	}
	return string(ValueText(d.members))
}

// With returns a copy in which value is under the pointer. Objects around it are added where
// they are missing, and take the place of values that are no objects. A nil value removes.
func (d *Document) With(pointer string, value any) *Document {
	if _, found := d.At(pointer); value == nil && !found {
		return d
	}
	return &Document{with(d.root(), strings.Split(pointer, "/")[1:], normal(value))}
}

func with(members map[string]any, tokens []string, value any) map[string]any {
	changed := make(map[string]any, len(members)+1)
	maps.Copy(changed, members)
	key := unescapeToken(tokens[0])
	switch {
	case len(tokens) > 1:
		inside, _ := changed[key].(map[string]any)
		changed[key] = with(inside, tokens[1:], value)
	case value == nil:
		delete(changed, key)
	default:
		changed[key] = value
	}
	return changed
}

// Empty reports whether there is no member.
func (d *Document) Empty() bool { return len(d.root()) == 0 }

// Pointers returns the JSON pointers of all leaves, sorted.
func (d *Document) Pointers() []string {
	var pointers []string
	for _, l := range appendLeaves(nil, "", d.root()) {
		pointers = append(pointers, l.pointer)
	}
	return pointers
}

// Equal reports whether two documents mean the same.
func Equal(a, b *Document) bool {
	return len(a.root()) == 0 && len(b.root()) == 0 || equal(a.root(), b.root())
}

func equal(a, b any) bool {
	switch a := a.(type) {
	case map[string]any:
		b, ok := b.(map[string]any)
		return ok && maps.EqualFunc(a, b, equal)
	case []any:
		b, ok := b.([]any)
		return ok && slices.EqualFunc(a, b, equal)
	default:
		switch b.(type) {
		case map[string]any, []any:
			return false
		}
		return a == b
	}
}

type leaf struct {
	pointer string
	value   any
}

// appendLeaves adds the leaves inside members, sorted by their paths, so that parents come
// first.
func appendLeaves(to []leaf, pointer string, members map[string]any) []leaf {
	for _, key := range slices.Sorted(maps.Keys(members)) {
		at := pointer + "/" + escapeToken(key)
		if object, ok := members[key].(map[string]any); ok && len(object) > 0 {
			to = appendLeaves(to, at, object)
		} else {
			to = append(to, leaf{at, members[key]})
		}
	}
	return to
}

// at returns the value under a pointer. Where a value that is not an object is in the way,
// barrier is the pointer of that value.
func (d *Document) at(pointer string) (value any, found bool, barrier string) {
	members := d.root()
	end := 0
	for {
		start := end + 1
		end = tokenEnd(pointer, start)
		value, found = members[unescapeToken(pointer[start:end])]
		if !found || end == len(pointer) {
			return value, found, ""
		}
		object, ok := value.(map[string]any)
		if !ok {
			return nil, false, pointer[:end]
		}
		members = object
	}
}

func isEmptyObject(value any) bool {
	object, ok := value.(map[string]any)
	return ok && len(object) == 0
}

func isObject(value any) bool {
	_, ok := value.(map[string]any)
	return ok
}
