package ownedjson

import (
	"encoding/json"
	"maps"

	"golang.org/x/text/unicode/norm"
)

// Tried are the leaves of one argument that an update has set or removed without
// anybody having read the result: for each JSON pointer the digest of what was sent,
// Absent for a removal. The next Read shows whether the server took them.
type Tried map[string]Digest

// Tried returns what a write leaves open that ended before its result was read: the
// leaves that it would have claimed, and those that it would have given up. sent has
// the paths of its operations, as pointers in the server's document.
//
// Where there is no record, the leaves of the configuration that were not sent are
// among them, because a record that has some of its leaves only would freeze the
// others (see Record.Settle).
func (c Change) Tried(sent map[string]bool) Tried {
	was := map[string]bool{}
	for path := range sent {
		was[norm.NFC.String(path)] = true
	}
	tried, narrowed := Tried{}, map[string]bool{}
	for _, pointer := range c.removals() {
		if was[c.Path+pointer] {
			tried[pointer] = Absent
			for up := range parents(pointer) {
				narrowed[up] = true
			}
		}
	}
	for _, l := range c.Config.leaves() {
		want := digestOf(l.value, true)
		if _, isOwned := c.Owned[l.pointer]; isOwned || c.Plan.digestAt(l.pointer, isEmptyObject(l.value)) != want {
			continue
		}
		// An object that is left when all of its leaves go is not sent.
		if was[c.Path+l.pointer] || c.Owned == nil || want == emptyObjectDigest && narrowed[l.pointer] {
			tried[l.pointer] = want
		}
	}
	return tried
}

// Settle returns the record after live was read, and what stays open. What the
// server holds as it was sent is owned, and what was removed and is gone is not owned
// any more. Anything else can be somebody's own edit, so it changes nothing.
//
// Without a record every leaf of the state is followed, and with one, those that are
// not owned are frozen. So one comes to be only where the server holds all that was
// tried; else all of it stays open, until an update ends well.
func (r *Record) Settle(tried map[string]Tried, live map[string]*Object) (record *Record, open map[string]Tried) {
	if r == nil {
		for argument, leaves := range tried {
			if len(leaves.held(nil, live[argument])) < len(leaves) {
				return nil, tried
			}
		}
		if len(tried) == 0 {
			return nil, nil
		}
		r = &Record{}
	}
	settled := &Record{Objects: maps.Clone(r.Objects), Settings: r.Settings}
	if settled.Objects == nil {
		settled.Objects = map[string]Owned{}
	}
	for argument, leaves := range tried {
		settled.Objects[argument] = r.Owned(argument).settle(leaves, live[argument])
	}
	return settled, nil
}

// held returns those leaves that the server holds as they were sent.
func (t Tried) held(owned Owned, live *Object) Tried {
	held := Tried{}
	for pointer, sent := range t {
		if live.digestAt(pointer, sent == emptyObjectDigest || owned.isEmptyObject(pointer)) == sent {
			held[pointer] = sent
		}
	}
	return held
}

func (o Owned) settle(tried Tried, live *Object) Owned {
	held := tried.held(o, live)
	settled := maps.Clone(o)
	for pointer, sent := range held {
		delete(settled, pointer)
		if sent == Absent {
			continue
		}
		for up := range parents(pointer) {
			delete(settled, up) // a scalar, of which an object was made
		}
	}
	for pointer := range settled {
		_, there, _ := live.at(pointer)
		for up := range parents(pointer) {
			// What was in a value that was replaced is gone. An object that was sent
			// empty can have been filled since.
			if sent := held[up]; sent != Absent && (sent != emptyObjectDigest || !there) {
				delete(settled, pointer)
			}
		}
	}
	around := settled.region()
	for pointer, sent := range held {
		if sent != Absent {
			for up := range parents(pointer) {
				around[up] = true
			}
		}
	}
	for pointer, sent := range held {
		if sent != Absent && !around[pointer] { // no owned leaf may stand above another one
			settled[pointer] = Pair{Sent: sent, Answered: sent}
		}
	}
	return settled
}

// Without returns what stays open after an update that ended well: leaves that it has
// neither claimed nor replaced. owned is what it left.
func (t Tried) Without(owned Owned) Tried {
	around, open := owned.region(), Tried{}
	for pointer, sent := range t {
		if _, found := owned[pointer]; !found && !around[pointer] && !owned.above(pointer) {
			open[pointer] = sent
		}
	}
	return open
}

// EncodeTried writes what is open, by argument. Nil says that nothing is.
func EncodeTried(tried map[string]Tried) []byte {
	some := map[string]Tried{}
	for argument, leaves := range tried {
		if len(leaves) > 0 {
			some[argument] = leaves
		}
	}
	if len(some) == 0 {
		return nil
	}
	data, _ := json.Marshal(some) //nolint:errchkjson // Strings in maps always marshal.
	return data
}

// DecodeTried reads what EncodeTried wrote for these arguments. What is damaged counts as
// nothing open.
func DecodeTried(data []byte, arguments ...string) map[string]Tried {
	var encoded map[string]Tried
	tried := map[string]Tried{}
	if json.Unmarshal(data, &encoded) != nil {
		return tried
	}
	for _, argument := range arguments {
		leaves := encoded[argument]
		maps.DeleteFunc(leaves, func(pointer string, _ Digest) bool { return !validPointer(pointer) })
		if len(leaves) > 0 {
			tried[argument] = leaves
		}
	}
	return tried
}
