package ownedjson

// Read projects what the server holds onto what the state shows. It returns the
// object that the state should show now; where it equals state, the caller keeps
// the text of the state to the byte.
//
//   - An owned leaf whose live value is what the server answered last time is
//     shown as it was sent. Any other live value is shown as it is; a leaf that
//     is gone is left out. An owned leaf is followed even where the state has
//     lost it, so that it can come back.
//   - A leaf of the state that is not owned is followed where there is no record,
//     and frozen where there is one.
//   - Where a value that is not an object bars the way to a followed leaf, that
//     value is shown, because the next update would have to replace it.
func Read(owned Owned, state, live *Object) *Object {
	r := reader{live: live, result: map[string]any{}, barriers: map[string]any{}}
	around := owned.region()
	for _, l := range state.leaves() {
		_, isOwned := owned[l.pointer]
		switch {
		case isOwned || r.governed(owned, around, l.pointer):
		case owned == nil:
			r.follow(l.pointer, isEmptyObject(l.value))
		default:
			r.put(l.pointer, l.value)
		}
	}
	for pointer, pair := range owned {
		empty := owned.isEmptyObject(pointer)
		if pair.Sent != pair.Answered && live.digestAt(pointer, empty) == pair.Answered &&
			state.digestAt(pointer, empty) == pair.Sent {
			value, _, _ := state.at(pointer)
			if empty {
				value = map[string]any{}
			}
			r.put(pointer, value)
			continue
		}
		r.follow(pointer, empty)
	}
	for pointer, value := range r.barriers {
		r.put(pointer, value)
	}
	return &Object{members: r.result}
}

type reader struct {
	live     *Object
	result   map[string]any
	barriers map[string]any
}

// governed reports whether an owned leaf above or below decides what is shown
// at the pointer.
func (r *reader) governed(owned Owned, around map[string]bool, pointer string) bool {
	if around[pointer] {
		return true
	}
	for above := range parents(pointer) {
		if _, ok := owned[above]; ok {
			// An empty object that still is an object does not care what is inside.
			value, _, _ := r.live.at(above)
			if !owned.isEmptyObject(above) || !isObject(value) {
				return true
			}
		}
	}
	return false
}

func (r *reader) follow(pointer string, emptyObject bool) {
	value, found, barrier := r.live.at(pointer)
	switch {
	case found && emptyObject && isObject(value):
		r.put(pointer, map[string]any{})
	case found:
		r.put(pointer, value)
	case barrier != "":
		r.barriers[barrier], _, _ = r.live.at(barrier)
	}
}

// put writes a value into the result. Documents share their values, so put
// copies what it may have to write into later.
func (r *reader) put(pointer string, value any) {
	members := r.result
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
