package ownedjson

import (
	"maps"
	"slices"
	"strings"
)

// Tried are the leaves of one argument that an update has set or removed without
// anybody having read the result: for each JSON pointer the digest of what was sent,
// Absent for a removal. The next Read shows whether the server took them.
type Tried map[string]Digest

// Tried returns what a write leaves open that ended before its result was read: the
// leaves that it would have claimed, and those that it would have given up. sent is
// as in Renew, before the document that the operations were made for.
func (c Change) Tried(sent func(pointer string) bool, before *Object) Tried {
	tried := Tried{}
	note := func(pointer string, digest Digest) {
		if sent(c.Path + before.spell(pointer)) {
			tried[pointer] = digest
		}
	}
	for _, l := range c.Config.leaves() {
		want := digestOf(l.value, true)
		if _, isOwned := c.Owned[l.pointer]; !isOwned && c.Plan.digestAt(l.pointer, isEmptyObject(l.value)) == want {
			note(l.pointer, want)
		}
	}
	for _, pointer := range c.removals() {
		note(pointer, Absent)
	}
	return tried
}

// Settle returns the record after live was read: what the server holds as it was
// sent is owned, and what was removed and is gone is not owned any more. Anything
// else can be somebody's own edit, so it changes nothing.
func (o Owned) Settle(tried Tried, live *Object) Owned {
	settled := maps.Clone(o)
	for _, pointer := range slices.Sorted(maps.Keys(tried)) {
		sent := tried[pointer]
		if live.digestAt(pointer, sent == emptyObjectDigest || o.isEmptyObject(pointer)) != sent {
			continue
		}
		// What was owned around the leaf or in it has gone with the same write.
		maps.DeleteFunc(settled, func(other string, _ Pair) bool {
			return other == pointer || sent != Absent && (strings.HasPrefix(other, pointer+"/") || strings.HasPrefix(pointer, other+"/"))
		})
		if sent == Absent {
			continue
		}
		if settled == nil {
			settled = Owned{}
		}
		settled[pointer] = Pair{Sent: sent, Answered: sent}
	}
	return settled
}
