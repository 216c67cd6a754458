package ownedjson

// Replaced returns the leaves that a write has set although the server held
// another value there, which the state did not show: keys that Terraform takes over
// from a person or from the server's defaults, and frozen ones (pointers in the server's
// document). No plan can show them, because the state knows nothing of them.
func (c Change) Replaced(sent func(pointer string) bool, before *Object) []string {
	var replaced []string
	for _, l := range c.Plan.leaves() {
		path, empty := c.Path+before.spell(l.pointer), isEmptyObject(l.value)
		had := before.digestAt(l.pointer, empty)
		if sent(path) && had != Absent && had != digestOf(l.value, true) &&
			!c.Owned[l.pointer].means(c.State.digestAt(l.pointer, empty), had) {
			replaced = append(replaced, path)
		}
	}
	return replaced
}

// Elsewhere reports whether before and after differ in a leaf that the write did not
// touch. Where after was read some time after the write, somebody else has then written
// in between, and what it shows need not be the server's answer.
func (c Change) Elsewhere(sent func(pointer string) bool, before, after *Object) bool {
	touched := func(pointer string) bool {
		if sent(c.Path) || sent(c.Path+before.spell(pointer)) {
			return true
		}
		for up := range parents(pointer) {
			if sent(c.Path + before.spell(up)) {
				return true
			}
		}
		return false
	}
	for _, pair := range [][2]*Object{{before, after}, {after, before}} {
		for _, l := range pair[0].leaves() {
			if pair[1].digestAt(l.pointer, isEmptyObject(l.value)) != digestOf(l.value, true) && !touched(l.pointer) {
				return true
			}
		}
	}
	return false
}

// Renew returns the record after a write, and the leaves that the server
// answered differently from what was sent (pointers in the server's document).
//
// The leaves that the configuration has and the plan agrees with are claimed,
// whether they changed or not; what was owned before and is still planned
// stays owned. Leaves of the plan alone are never claimed: the plan can be a
// whole imported document.
//
// A pair is renewed only where this write sent the leaf, or where the server
// already held what is planned. Every other leaf keeps its old pair (a newly
// claimed one counts as answered with what the state showed), so that an edit
// that somebody made meanwhile shows in the next plan.
//
// sent tells whether this write sent the leaf; before is the document that the
// operations were made for, after is what the server holds now. For a new
// deployment, before is nil and everything was sent.
func (c Change) Renew(sent func(pointer string) bool, before, after *Object) (renewed Owned, altered []string) {
	renewed = Owned{}
	for _, l := range c.Config.leaves() {
		path := c.Path + before.spell(l.pointer)
		want, empty := digestOf(l.value, true), isEmptyObject(l.value)
		old, wasOwned := c.Owned[l.pointer]
		planned := c.Plan.digestAt(l.pointer, empty)
		switch {
		case !old.means(want, planned): // ignored changes are not claimed
			if wasOwned {
				renewed[l.pointer] = old
			}
		case sent(path):
			pair := Pair{Sent: want, Answered: after.digestAt(l.pointer, empty)}
			renewed[l.pointer] = pair
			if pair.Sent != pair.Answered {
				altered = append(altered, path)
			}
		case before.digestAt(l.pointer, empty) == want:
			renewed[l.pointer] = Pair{Sent: want, Answered: want}
		case wasOwned:
			renewed[l.pointer] = old
		default:
			renewed[l.pointer] = Pair{Sent: want, Answered: c.State.digestAt(l.pointer, empty)}
		}
	}
	around := renewed.region()
	for pointer, old := range c.Owned {
		_, again := renewed[pointer]
		_, planned, _ := c.Plan.at(pointer)
		if again || around[pointer] || c.Config != nil && !planned {
			continue
		}
		renewed[pointer] = old
		for up := range parents(pointer) {
			// The configuration has an empty object here, and the plan, under
			// ignore_changes, an object with this leaf. No owned leaf may stand above
			// another one.
			delete(renewed, up)
		}
	}
	return renewed, altered
}
