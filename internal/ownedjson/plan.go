package ownedjson

// Decision is what planning one argument comes to.
type Decision struct {
	// Keep: the configuration means what the state shows, so the plan keeps the
	// text of the state and shows no change. Else the plan takes the text of the
	// configuration.
	Keep bool
	// Claims are leaves of the configuration that stand in the state, but frozen:
	// nobody has looked at the server's value since the import. The plan then takes
	// the text of the configuration. Where that is the text of the state, to the
	// byte, the caller has to make a change visible, so that the leaf becomes owned;
	// but not under ignore_changes, where Terraform hands over the state as the
	// configuration: there an update claims nothing, and the plan would never be
	// empty.
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
		// An owned leaf can be gone from both. There is nothing to show.
		if _, shown, _ := state.at(pointer); shown && !wanted[pointer] {
			decision.Keep = false
		}
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
		case owned.removes(config, l.pointer):
			decision.Removed = append(decision.Removed, l.pointer)
		default:
			decision.Left = append(decision.Left, l.pointer)
		}
	}
	return decision
}

// removes reports whether an update to the configuration removes a leaf of the
// state that the configuration does not have. It has to agree with Operations.
func (o Owned) removes(config *Object, pointer string) bool {
	if _, _, barrier := config.at(pointer); barrier != "" {
		return true // a scalar or an array takes the place of an object around it
	}
	owner, found := o.owner(pointer)
	if !found {
		return false
	}
	// Somebody made an object of an owned leaf, and the configuration now has an
	// object there as well: what they put into it stays.
	_, stays, _ := config.at(owner)
	return !stays
}
