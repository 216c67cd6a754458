package ownedjson

import (
	"maps"
	"slices"
)

// Pointers returns the JSON pointers (RFC 6901) of the leaves, parents first
// and sorted.
func (o *Object) Pointers() []string {
	leaves := o.leaves()
	pointers := make([]string, len(leaves))
	for i, l := range leaves {
		pointers[i] = l.pointer
	}
	return pointers
}

// Empty reports whether there is no leaf.
func (o *Object) Empty() bool {
	return o == nil || len(o.members) == 0
}

// Text returns the object as Terraform's jsonencode writes it: sorted keys, no
// white space, numbers written out, and <, >, & and U+2028, U+2029 escaped. So
// the text of an import and the text of the configuration that Terraform
// generates from it are the same bytes.
func (o *Object) Text() string {
	if o == nil {
		return "{}"
	}
	return string(text(o.members))
}

// Strings calls yield with every string value and every long number of the
// object, those inside arrays included, until yield returns false. It serves to
// keep values out of messages.
func (o *Object) Strings(yield func(string) bool) {
	if o != nil {
		eachString(o.members, yield)
	}
}

func eachString(value any, yield func(string) bool) bool {
	switch value := value.(type) {
	case string:
		return yield(value)
	case number:
		return len(value) < 4 || yield(string(value))
	case []any:
		for _, item := range value {
			if !eachString(item, yield) {
				return false
			}
		}
	case map[string]any:
		for _, member := range value {
			if !eachString(member, yield) {
				return false
			}
		}
	}
	return true
}

// Kinds returns what kind of value each key of the outermost object has: "a
// boolean", "a number", "a string", "an array" or "an object".
func (o *Object) Kinds() map[string]string {
	kinds := map[string]string{}
	if o != nil {
		for key, value := range o.members {
			kinds[key] = kind(value)
		}
	}
	return kinds
}

// Equal reports whether two objects mean the same.
func Equal(a, b *Object) bool {
	if a.Empty() || b.Empty() {
		return a.Empty() && b.Empty()
	}
	return equal(a.members, b.members)
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

// leaves are sorted by the tokens of their paths, so parents come first.
func (o *Object) leaves() []leaf {
	if o == nil {
		return nil
	}
	return appendLeaves(nil, "", o.members)
}

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

// at returns the value under a pointer. Where the way there is barred by a value
// that is not an object, barrier is the pointer of that value.
func (o *Object) at(pointer string) (value any, found bool, barrier string) {
	if o == nil {
		return nil, false, ""
	}
	members := o.members
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

// isLeaf reports whether a leaf stands exactly at the pointer.
func (o *Object) isLeaf(pointer string) bool {
	value, found, _ := o.at(pointer)
	return found && (!isObject(value) || isEmptyObject(value))
}

// digestAt returns the digest of what a document holds under a pointer. For a
// leaf that is wanted as an empty object, any object that stands there will do.
func (o *Object) digestAt(pointer string, emptyObject bool) Digest {
	value, found, _ := o.at(pointer)
	return digestAs(value, found, emptyObject)
}

func isEmptyObject(value any) bool {
	object, ok := value.(map[string]any)
	return ok && len(object) == 0
}

func isObject(value any) bool {
	_, ok := value.(map[string]any)
	return ok
}
