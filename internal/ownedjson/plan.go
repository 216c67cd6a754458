package ownedjson

// Decision is what planning one argument comes to.
type Decision struct {
	// Keep: the configuration means what the state shows, so the plan keeps the
	// text of the state and shows no change. Else the plan takes the text of the
	// configuration.
	Keep bool
	// Claims: a leaf of the configuration stands in the state, but frozen: nobody
	// has looked at the server's value since the import. The plan must not be
	// empty, even where the texts are equal, so that the leaf becomes owned.
	Claims []string
	// Removed are leaves of the state that the update will remove from the server;
	// Left are leaves that the plan shows as removed, but that stay on the server,
	// because Terraform did not write them. Empty where Keep is set.
	Removed, Left []string
}

// Plan compares a configuration with the state. A nil state is a null argument.
func Plan(owned Owned, config, state *Object) Decision {
	decision := Decision{Keep: true}
	wanted := map[string]bool{}
	for _, l := range config.leaves() {
		wanted[l.pointer] = true
		want, have := digestOf(l.value, true), state.digestAt(l.pointer, isEmptyObject(l.value))
		pair, isOwned := owned[l.pointer]
		switch {
		case isOwned && pair.means(want, have), owned == nil && want == have:
		case !isOwned && want == have:
			decision.Claims = append(decision.Claims, l.pointer)
			decision.Keep = false
		default:
			decision.Keep = false
		}
	}
	for pointer := range owned {
		if !wanted[pointer] {
			decision.Keep = false
		}
	}
	if len(decision.Claims) == 0 && Equal(config, state) {
		// An owned leaf can be gone from both. There is nothing to show.
		decision.Keep = true
	}
	if decision.Keep {
		return decision
	}
	around := map[string]bool{}
	for pointer := range wanted {
		for p := range parents(pointer) {
			around[p] = true
		}
	}
	for _, l := range state.leaves() {
		switch {
		case wanted[l.pointer] || around[l.pointer]: // changed, or replaced by an object
		case owned.covers(l.pointer) || config.replaces(l.pointer):
			decision.Removed = append(decision.Removed, l.pointer)
		default:
			decision.Left = append(decision.Left, l.pointer)
		}
	}
	return decision
}

// replaces reports whether a scalar or an array of the object stands where the
// path of the pointer leads through.
func (o *Object) replaces(pointer string) bool {
	_, _, barrier := o.at(pointer)
	return barrier != ""
}
