package ownedjson

import "strings"

// notes hold what the members of a server's object do not tell, and what a
// patch must know because it is applied to the server's own document.
type notes struct {
	// spelled gives the server's spelling of each key that is not in Unicode form
	// NFC. An operation has to name the key as the server spells it.
	spelled map[string]string
	// nulls tells that there are keys whose value is null. They count as not
	// written, yet somebody put them there.
	nulls bool
	// inside holds the notes of the objects inside, where there are any.
	inside map[string]*notes
}

// member notes one member. A later one with the same key takes its place.
func (n *notes) member(key, spelled string, inside *notes) {
	delete(n.spelled, key)
	delete(n.inside, key)
	if spelled != key {
		if n.spelled == nil {
			n.spelled = map[string]string{}
		}
		n.spelled[key] = spelled
	}
	if inside != nil {
		if n.inside == nil {
			n.inside = map[string]*notes{}
		}
		n.inside[key] = inside
	}
}

func (n *notes) orNil() *notes {
	if len(n.spelled) == 0 && len(n.inside) == 0 && !n.nulls {
		return nil
	}
	return n
}

// spell returns the pointer with the keys as the server spells them.
func (o *Object) spell(pointer string) string {
	if o == nil || o.notes == nil {
		return pointer
	}
	var b strings.Builder
	n, end := o.notes, 0
	for n != nil && end < len(pointer) {
		start := end + 1
		end = tokenEnd(pointer, start)
		key := unescapeToken(pointer[start:end])
		b.WriteByte('/')
		if spelled, ok := n.spelled[key]; ok {
			b.WriteString(escapeToken(spelled))
		} else {
			b.WriteString(pointer[start:end])
		}
		n = n.inside[key]
	}
	return b.String() + pointer[end:]
}

// hasNulls reports whether the server's object under the pointer holds keys whose
// value is null.
func (o *Object) hasNulls(pointer string) bool {
	if o == nil {
		return false
	}
	n, end := o.notes, 0
	for n != nil && end < len(pointer) {
		start := end + 1
		end = tokenEnd(pointer, start)
		n = n.inside[unescapeToken(pointer[start:end])]
	}
	return n != nil && n.nulls
}
