package provider_test

import (
	"maps"
	"slices"
)

// sentAnswered is what Terraform sent for a leaf, and what the server answered,
// both in canonical text; "" is "nothing there".
type sentAnswered struct{ sent, answered string }

// covers reports whether have is what want amounts to on this server.
func (p sentAnswered) covers(want, have string) bool {
	return want == have || want == p.sent && have == p.answered
}

// modelObject is the model of customization or of limits: who owns which key,
// and what the state shows. It is written after section 2 of the rules that
// package ownedjson explains, for documents in which no key is now an object and
// now something else; the laws of ownedjson cover those.
type modelObject struct {
	owned map[string]sentAnswered
	shown tree // nil: null
}

// inOwned reports whether the pointer is an object around an owned leaf, or stands
// inside a leaf that Terraform owns.
func (m *modelObject) inOwned(pointer string, live tree) bool {
	for leaf := range m.owned {
		for up := range above(leaf) {
			if up == pointer {
				return true
			}
		}
	}
	for up := range above(pointer) {
		if pair, ok := m.owned[up]; ok {
			value, _ := valueAt(live, up)
			return pair.sent != "{}" || !isTree(value)
		}
	}
	return false
}

// refresh is what a Read makes of the state. followed says that there is no record,
// so that all that the state shows is followed.
func (m *modelObject) refresh(live tree, followed bool) (changed bool) {
	if m.shown == nil {
		return false
	}
	live = clean(live)
	next := tree{}
	follow := func(pointer string, emptyObject bool) {
		if value, found := valueAt(live, pointer); found {
			if emptyObject && isTree(value) {
				value = tree{}
			}
			put(next, pointer, value)
		}
	}
	for _, pointer := range leavesOf(m.shown) {
		value, _ := valueAt(m.shown, pointer)
		_, isOwned := m.owned[pointer]
		switch {
		case isOwned || m.inOwned(pointer, live):
		case followed:
			follow(pointer, isTree(value))
		default:
			put(next, pointer, value)
		}
	}
	for _, pointer := range slices.Sorted(maps.Keys(m.owned)) {
		pair := m.owned[pointer]
		empty := pair.sent == "{}"
		if pair.sent != pair.answered && meansAt(live, pointer, empty) == pair.answered && meansAt(m.shown, pointer, empty) == pair.sent {
			value, _ := valueAt(m.shown, pointer)
			if empty {
				value = tree{}
			}
			put(next, pointer, value)
			continue
		}
		follow(pointer, empty)
	}
	changed = canon(next, false) != canon(m.shown, false)
	m.shown = next
	return changed
}

// keeps reports whether a configuration means what the state shows, so that the
// plan is empty. claims says that it is not, but only because Terraform has lost
// sight of keys since an import.
func (m *modelObject) keeps(config tree, followed bool) (keep, claims bool) {
	keep = true
	wanted := map[string]bool{}
	for _, pointer := range leavesOf(config) {
		wanted[pointer] = true
		value, _ := valueAt(config, pointer)
		want, have := canon(value, false), meansAt(m.shown, pointer, isTree(value))
		pair, isOwned := m.owned[pointer]
		switch {
		case isOwned && pair.covers(want, have), followed && want == have:
		case !isOwned && want == have:
			claims = true
		default:
			keep = false
		}
	}
	for pointer := range m.owned {
		if _, found := valueAt(m.shown, pointer); found && !wanted[pointer] {
			keep = false
		}
	}
	// Terraform takes no null for a configured value.
	return keep && !claims && m.shown != nil, keep && claims
}

// changes are what an update does to one object of the server.
type changes struct {
	next      tree            // what the server is told to hold
	sent      map[string]bool // the leaves that are set
	touched   bool
	conflicts []string
}

// update is the smallest change of live that makes it hold what is planned.
func (m *modelObject) update(planned, live tree, followed bool) changes {
	c := changes{next: copyTree(live), sent: map[string]bool{}}
	if planned == nil || canon(planned, false) == canon(m.shown, false) {
		return c
	}
	seen := clean(live)
	for _, pointer := range leavesOf(planned) {
		value, _ := valueAt(planned, pointer)
		want, empty := canon(value, false), isTree(value)
		pair := m.owned[pointer]
		have := meansAt(seen, pointer, empty)
		if pair.covers(want, meansAt(m.shown, pointer, empty)) || pair.covers(want, have) {
			continue
		}
		if base, known := m.base(pointer, empty, followed); known && base != have {
			c.conflicts = append(c.conflicts, pointer)
		}
		put(c.next, pointer, value)
		c.sent[pointer], c.touched = true, true
	}
	for _, pointer := range slices.Sorted(maps.Keys(m.owned)) {
		_, shown := valueAt(m.shown, pointer)
		_, kept := valueAt(planned, pointer)
		_, present := valueAt(seen, pointer)
		if !shown || kept || !present {
			continue
		}
		empty := m.owned[pointer].sent == "{}"
		if filled, _ := valueAt(live, pointer); empty && isTree(filled) && canon(filled, true) != "{}" {
			continue // somebody filled it
		}
		if base, known := m.base(pointer, empty, followed); known && base != meansAt(seen, pointer, empty) {
			c.conflicts = append(c.conflicts, pointer)
		}
		c.touched = true
		drop(c.next, pointer)
		for up := range above(pointer) {
			_, named := valueAt(planned, up)
			if left, _ := valueAt(c.next, up); named || canon(left, true) != "{}" {
				break
			}
			drop(c.next, up)
		}
	}
	return c
}

// base is what an update takes the server to hold, if it takes anything for granted.
func (m *modelObject) base(pointer string, emptyObject, followed bool) (base string, known bool) {
	shown := meansAt(m.shown, pointer, emptyObject)
	if pair, ok := m.owned[pointer]; ok {
		if shown == pair.sent {
			return pair.answered, true
		}
		return shown, true
	}
	return shown, shown != "" && (followed || m.inOwned(pointer, m.shown))
}

// renew is what Terraform owns after a write. sent is nil for a create, which sends everything.
func (m *modelObject) renew(config, planned tree, sent map[string]bool, before, after tree) {
	before, after = clean(before), clean(after)
	renewed := map[string]sentAnswered{}
	for _, pointer := range leavesOf(config) {
		value, _ := valueAt(config, pointer)
		want, empty := canon(value, false), isTree(value)
		old, wasOwned := m.owned[pointer]
		switch {
		case !old.covers(want, meansAt(planned, pointer, empty)):
			if wasOwned {
				renewed[pointer] = old
			}
		case sent == nil || sent[pointer]:
			renewed[pointer] = sentAnswered{want, meansAt(after, pointer, empty)}
		case meansAt(before, pointer, empty) == want:
			renewed[pointer] = sentAnswered{want, want}
		case wasOwned:
			renewed[pointer] = old
		default:
			renewed[pointer] = sentAnswered{want, meansAt(m.shown, pointer, empty)}
		}
	}
	next := modelObject{owned: maps.Clone(renewed)}
	for pointer, old := range m.owned {
		_, again := renewed[pointer]
		_, planned := valueAt(planned, pointer)
		if again || config != nil && !planned || next.surrounds(pointer) {
			continue
		}
		renewed[pointer] = old
		for up := range above(pointer) {
			delete(renewed, up)
		}
	}
	m.owned = renewed
}

// surrounds reports whether the pointer is an object around an owned leaf.
func (m *modelObject) surrounds(pointer string) bool {
	for leaf := range m.owned {
		for up := range above(leaf) {
			if up == pointer {
				return true
			}
		}
	}
	return false
}

// modelSetting is the model of an argument that is one leaf: the name, or the
// origins. Texts are canonical; "" is both null and empty.
type modelSetting struct {
	owned *sentAnswered
	shown string
	null  bool // the state shows null. It means the same as empty, but is no value.
}

func (m *modelSetting) covers(want, have string) bool {
	if m.owned == nil {
		return want == have
	}
	return m.owned.covers(want, have)
}

func (m *modelSetting) refresh(live string) (changed bool) {
	if m.covers(m.shown, live) {
		return false
	}
	m.found(live)
	return true
}

// found takes over what the server holds.
func (m *modelSetting) found(live string) {
	m.shown, m.null = live, live == ""
}

// planned is what a plan makes of a configuration; nil: the argument is left out.
// Terraform takes no null for a configured value, so where the state has none,
// the plan shows an empty one.
func (m *modelSetting) planned(config *string) (planned string, changed bool) {
	if config == nil || !m.null && m.covers(*config, m.shown) {
		return m.shown, false
	}
	return *config, true
}

// ignored is the configuration that Terraform hands over under ignore_changes.
func (m *modelSetting) ignored() *string {
	if m.null {
		return nil
	}
	shown := m.shown
	return &shown
}

func (m *modelSetting) update(planned, live string) (send, conflict bool) {
	if m.covers(planned, m.shown) || m.covers(planned, live) {
		return false, false
	}
	return true, !m.covers(m.shown, live)
}

// renew comes before the state shows what was planned.
func (m *modelSetting) renew(config *string, planned string, sent bool, before, after string) {
	if config == nil || !m.covers(*config, planned) {
		return
	}
	switch {
	case sent:
		m.owned = &sentAnswered{*config, after}
	case before == *config:
		m.owned = &sentAnswered{*config, *config}
	case m.owned == nil:
		m.owned = &sentAnswered{*config, m.shown}
	}
}
