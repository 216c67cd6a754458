package ownership

import "maps"

// Read projects what the server holds onto what the state shows. stamp is the version of live.
//
//   - An owned leaf whose live value is what the server answered last time is shown as the
//     state has it, if that is what was sent. Any other live value is shown as it is; a leaf
//     that is gone is left out.
//   - The other leaves of the state are followed: they show the live value.
//   - A policy with Follow shows the live value although nothing in it is owned.
//   - Where a value that is not an object is in the way of a shown leaf, that value is shown,
//     because the next update would have to replace it.
//
// renewed is the record as Renew makes it.
func (r *Record) Read(s Schema, state, live *Document, stamp string) (shown *Document, renewed *Record) {
	rules := s.rules()
	renewed = r.Renew(s, live, stamp)
	p := reader{rules: rules, live: live, result: map[string]any{}, barriers: map[string]any{}}
	around := renewed.parentObjects()
	for i := range s {
		if _, owned := renewed.pair(s[i].At); s[i].Follow && s[i].Leaf && !owned {
			p.follow(s[i].At, false)
		}
	}
	for _, l := range rules.leaves(state, nil) {
		if policy := rules.exact[l.pointer]; policy != nil && policy.Leaf && policy.Follow {
			continue
		}
		if _, owned := renewed.pair(l.pointer); !owned && !p.isDecidedAbove(renewed, around, l.pointer) {
			p.follow(l.pointer, isEmptyObject(l.value))
		}
	}
	for pointer, pair := range renewed.pairs() {
		p.owned(renewed, pointer, pair, state)
	}
	for pointer, value := range p.barriers {
		p.put(pointer, value)
	}
	return &Document{p.result}, renewed
}

// Renew takes what live shows for the server's answer where stamp, the version of live, is the one
// of the record: then nobody has edited the object since the last write, so whatever live shows is
// the server's form of what was sent. Where there is nothing to renew, the result is r.
func (r *Record) Renew(s Schema, live *Document, stamp string) *Record {
	if r == nil || stamp == "" || r.Stamp != stamp {
		return r
	}
	rules := s.rules()
	var pairs map[string]Pair
	for pointer, pair := range r.Pairs {
		now := rules.digestAt(live, pointer, r.isEmptyObject(pointer))
		if now == pair.Answered || pair.Edited {
			continue
		}
		if pairs == nil {
			pairs = maps.Clone(r.Pairs)
		}
		pairs[pointer] = Pair{Sent: pair.Sent, Answered: now}
	}
	if pairs == nil {
		return r
	}
	return &Record{pairs, r.Stamp}
}

type reader struct {
	rules    rules
	live     *Document
	result   map[string]any
	barriers map[string]any
}

// owned shows one owned leaf.
func (p *reader) owned(r *Record, pointer string, pair Pair, state *Document) {
	if p.rules.policy(pointer) == nil {
		return
	}
	empty := r.isEmptyObject(pointer)
	if pair.Sent != pair.Answered && p.rules.digestAt(p.live, pointer, empty) == pair.Answered &&
		p.rules.digestAt(state, pointer, empty) == pair.Sent {
		value, found, _ := state.at(pointer)
		if empty {
			value = map[string]any{}
		}
		if found {
			p.put(pointer, value)
		}
		return
	}
	p.follow(pointer, empty)
}

// isDecidedAbove reports whether an owned leaf above or below decides what is shown at the
// pointer.
func (p *reader) isDecidedAbove(r *Record, around map[string]bool, pointer string) bool {
	if around[pointer] {
		return true
	}
	for above := range parents(pointer) {
		if _, owned := r.pair(above); owned {
			// An empty object that still is an object does not care what is inside.
			value, _, _ := p.live.at(above)
			if !r.isEmptyObject(above) || !isObject(value) {
				return true
			}
		}
	}
	return false
}

func (p *reader) follow(pointer string, emptyObject bool) {
	value, found, barrier := p.live.at(pointer)
	switch {
	case found && emptyObject && isObject(value):
		p.put(pointer, map[string]any{})
	case found:
		p.put(pointer, value)
	case barrier != "" && p.rules.policy(barrier) != nil:
		p.barriers[barrier], _, _ = p.live.at(barrier)
	}
}

// put writes a value into the result. Documents share their values, so put copies the objects
// that it writes into.
func (p *reader) put(pointer string, value any) {
	members := p.result
	end := 0
	for {
		start := end + 1
		end = tokenEnd(pointer, start)
		key := unescapeToken(pointer[start:end])
		if end == len(pointer) {
			if isEmptyObject(value) {
				if isObject(members[key]) {
					return
				}
				value = map[string]any{}
			}
			members[key] = value
			return
		}
		next, ok := members[key].(map[string]any)
		if !ok {
			next = map[string]any{}
			members[key] = next
		}
		members = next
	}
}
