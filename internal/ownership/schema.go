package ownership

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// Policy says how the part of a document that one argument stands for is treated.
type Policy struct {
	// At is the JSON pointer of the argument in the document, such as "/name".
	At string
	// Follow: the state shows the server's value even where Terraform does not own it.
	Follow bool
	// Leaf: the whole value is one leaf, whatever it is, and "", [], {} and null mean the same:
	// the value is absent. CRLF and LF in a string are the same. Without Leaf the value is an object
	// whose leaves are owned one by one.
	Leaf bool
	// Unordered: the order and repetitions of an array do not count.
	Unordered bool
	// Clear is sent instead of a removal when a Leaf is cleared; nil: a removal is sent.
	Clear json.RawMessage
}

// Schema holds the policy of each argument. Where one pointer is inside another, the longer
// one wins.
type Schema []Policy

// rules is a Schema that can be looked up.
type rules struct {
	exact  map[string]*Policy
	around map[string]bool // pointers of objects around an argument, and ""
}

func (s Schema) rules() rules {
	r := rules{exact: make(map[string]*Policy, len(s)), around: map[string]bool{"": true}}
	for i := range s {
		r.exact[s[i].At] = &s[i]
		for up := range parents(s[i].At) {
			r.around[up] = true
		}
	}
	return r
}

// policy returns the policy of a pointer, nil where there is none.
func (r rules) policy(pointer string) *Policy {
	for at := pointer; at != ""; at = parent(at) {
		if p := r.exact[at]; p != nil {
			return p
		}
	}
	return nil
}

// leaves are the leaves of a document under all policies, or under one of them, parents
// first. The value of a Leaf is normalised, and it is left out where it is absent.
func (r rules) leaves(d *Document, only *Policy) []leaf {
	if d == nil {
		return nil
	}
	return r.walk(nil, "", d.members, nil, only)
}

func (r rules) walk(to []leaf, pointer string, value any, current, only *Policy) []leaf {
	if p := r.exact[pointer]; p != nil {
		current = p
	}
	if current != nil && current.Leaf && pointer == current.At {
		if value = current.normal(value); value != nil && (only == nil || only == current) {
			to = append(to, leaf{pointer, value})
		}
		return to
	}
	members, isMembers := value.(map[string]any)
	switch {
	case isMembers && len(members) > 0 && (current != nil || r.around[pointer]):
		for _, key := range slices.Sorted(maps.Keys(members)) {
			to = r.walk(to, pointer+"/"+escapeToken(key), members[key], current, only)
		}
	case current == nil, isMembers && pointer == current.At: // nobody's, or an argument without keys
	case only == nil || only == current:
		to = append(to, leaf{pointer, value})
	}
	return to
}

// normal is the form in which the value of a Leaf is compared; nil: absent.
func (p *Policy) normal(value any) any {
	switch v := value.(type) {
	case string:
		if v == "" {
			return nil
		}
		return strings.ReplaceAll(v, "\r\n", "\n")
	case map[string]any:
		if len(v) == 0 {
			return nil
		}
	case []any:
		if len(v) == 0 {
			return nil
		}
		if p.Unordered {
			return asSet(v)
		}
	}
	return value
}

// itemsOf are the items of a Leaf that is a set, and otherwise its value, if there is one.
func (p *Policy) itemsOf(d *Document) []any {
	value, _, _ := d.at(p.At)
	value = p.normal(value)
	if items, ok := value.([]any); ok && p.Unordered {
		return items
	}
	if value == nil {
		return nil
	}
	return []any{value}
}

func asSet(items []any) []any {
	sorted := slices.Clone(items)
	slices.SortFunc(sorted, func(a, b any) int { return bytes.Compare(ValueText(a), ValueText(b)) })
	return slices.CompactFunc(sorted, equal)
}

// digestAt returns the digest of what a document holds under a pointer. For a leaf that is
// wanted as an empty object, any object will do.
func (r rules) digestAt(d *Document, pointer string, emptyObject bool) Digest {
	value, found, _ := d.at(pointer)
	return r.digest(pointer, value, found, emptyObject)
}

func (r rules) digest(pointer string, value any, found, emptyObject bool) Digest {
	if p := r.exact[pointer]; p != nil && p.Leaf {
		value = p.normal(value)
		return digestOf(value, found && value != nil)
	}
	if emptyObject && isObject(value) {
		return emptyObjectDigest
	}
	return digestOf(value, found)
}
