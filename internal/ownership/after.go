package ownership

// RecordAfter returns the record after a write. altered are the leaves that the server answered
// differently from what was sent; overwritten are those that were set over a value that the
// state did not show.
//
// before is the document that the operations were made for, after is what the server holds now,
// and stamp is its version. For a new object before is nil, and everything was sent.
//
// The leaves that the configuration has and the plan agrees with are claimed, whether they
// changed or not; what was owned before and is still planned stays owned. Leaves of the plan
// alone are never claimed: the plan can be a whole imported document. A pair is renewed only
// where this write sent the leaf, or where the server already held what is planned. Every other
// leaf keeps its old pair (a newly claimed one counts as answered with what the state showed), so
// that an edit that somebody made meanwhile shows in the next plan.
func (c *Change) RecordAfter(sent []Operation, before, after *Document, stamp string) (record *Record, altered, overwritten []string) {
	w := written{
		change: c, rules: c.Schema.rules(), before: before, after: after, sent: map[string]bool{},
		record: &Record{Pairs: map[string]Pair{}, Stamp: stamp},
	}
	for _, operation := range sent {
		w.sent[operation.Path] = true
		for up := range parents(operation.Path) {
			w.sent[up] = true // what is removed can leave an object empty, which some servers drop
		}
	}
	for i := range c.Schema {
		w.argument(&c.Schema[i])
	}
	return w.record, w.altered, w.overwritten
}

// Repeats reports whether the operations send again what was sent when the server's answer was not
// known (see Record.Stamp). It has been read since, so what it shows by now is its answer.
func (c *Change) Repeats(sent []Operation) bool {
	rules := c.Schema.rules()
	for _, operation := range sent {
		pair, owned := c.Record.pair(operation.Path)
		isAround := !owned && string(operation.Value) == "{}"
		if !isAround && pair.Sent != rules.digestAt(c.Plan, operation.Path, c.Record.isEmptyObject(operation.Path)) {
			return false
		}
	}
	return len(sent) > 0 && c.Record != nil && c.Record.Stamp == ""
}

type written struct {
	change               *Change
	rules                rules
	before, after        *Document
	sent                 map[string]bool
	record               *Record
	altered, overwritten []string
}

func (w *written) isSent(pointer string) bool { return w.before == nil || w.sent[pointer] }

// argument renews what one argument owns.
func (w *written) argument(policy *Policy) {
	managed := w.change.Managed[policy.At]
	if managed {
		leaves := w.rules.leaves(w.change.Config, policy)
		if policy.Leaf && len(leaves) == 0 {
			leaves = []leaf{{policy.At, nil}} // cleared
		}
		for _, l := range leaves {
			w.claim(policy, l)
		}
	}
	w.keepOthers(policy, managed)
}

func (w *written) claim(policy *Policy, l leaf) {
	empty := isEmptyObject(l.value)
	want := w.rules.digest(l.pointer, l.value, true, empty)
	old, owned := w.change.Record.pair(l.pointer)
	state := w.rules.digestAt(w.change.State, l.pointer, empty)
	had := w.rules.digestAt(w.before, l.pointer, empty)
	now := w.rules.digestAt(w.after, l.pointer, empty)
	var pair Pair
	switch {
	case !old.matches(want, w.rules.digestAt(w.change.Plan, l.pointer, empty)): // ignored changes are not claimed
		if !owned {
			return
		}
		pair = old.seen(had, now)
	case w.isSent(l.pointer):
		pair = Pair{Sent: want, Answered: now}
		if pair.Sent != pair.Answered {
			w.altered = append(w.altered, l.pointer)
		}
		if w.before != nil && had != Absent && had != want && !old.matches(state, had) && !policy.Leaf {
			w.overwritten = append(w.overwritten, l.pointer)
		}
	case had == want:
		pair = Pair{Sent: want, Answered: want}.seen(had, now)
	case owned:
		pair = old.seen(had, now)
	default:
		pair = Pair{Sent: want, Answered: state}.seen(had, now)
	}
	w.record.Pairs[l.pointer] = pair
}

// seen is the pair of a leaf that was not sent, at a write that found the value had.
func (p Pair) seen(had, now Digest) Pair {
	p.Edited = had != p.Answered || now != p.Answered
	return p
}

// keepOthers keeps the pairs of leaves that the configuration does not claim: all of an argument
// that it does not have, and those that are still planned of one that it has.
func (w *written) keepOthers(policy *Policy, managed bool) {
	around := w.record.parentObjects()
	for pointer, old := range w.change.Record.pairs() {
		if w.rules.policy(pointer) != policy {
			continue
		}
		_, again := w.record.Pairs[pointer]
		_, planned, _ := w.change.Plan.at(pointer)
		if again || around[pointer] || managed && !planned {
			continue
		}
		empty := old.Sent == emptyObjectDigest
		w.record.Pairs[pointer] = old.seen(w.rules.digestAt(w.before, pointer, empty), w.rules.digestAt(w.after, pointer, empty))
		for up := range parents(pointer) {
			// The configuration has an empty object here, and the plan, under ignore_changes, an
			// object with this leaf. No owned leaf may be above another one.
			delete(w.record.Pairs, up)
		}
	}
}
