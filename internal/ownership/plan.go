package ownership

// Decision is the result of planning one argument. Pointers are those of the document.
type Decision struct {
	// Keep: the configuration means what the state shows, so the plan keeps the state's text.
	// Otherwise the plan takes the text of the configuration.
	Keep bool
	// Removed are leaves of the state that the update will remove from the server. Left are
	// leaves that the plan shows as removed but that stay on the server, because Terraform did
	// not write them. Both are empty where Keep is set.
	Removed, Left []string
}

// Plan compares the configuration of the argument at a pointer with the state.
func (r *Record) Plan(s Schema, at string, config, state *Document) Decision {
	rules := s.rules()
	policy := rules.exact[at]
	if policy == nil {
		return Decision{Keep: true}
	}
	if policy.Leaf {
		pair, _ := r.pair(at)
		return Decision{Keep: pair.matches(rules.digestAt(config, at, false), rules.digestAt(state, at, false))}
	}
	wanted, around := map[string]bool{}, map[string]bool{}
	keep := true
	for _, l := range rules.leaves(config, policy) {
		wanted[l.pointer] = true
		for up := range parents(l.pointer) {
			around[up] = true
		}
		pair, _ := r.pair(l.pointer)
		keep = keep && pair.matches(digestOf(l.value, true), rules.digestAt(state, l.pointer, isEmptyObject(l.value)))
	}
	for pointer := range r.pairs() {
		// An owned leaf can be gone from both. There is nothing to show.
		if _, shown, _ := state.at(pointer); shown && !wanted[pointer] && rules.policy(pointer) == policy {
			keep = false
		}
	}
	if keep {
		return Decision{Keep: true}
	}
	var decision Decision
	for _, l := range rules.leaves(state, policy) {
		switch {
		case wanted[l.pointer] || around[l.pointer]: // changed, or replaced by an object
		case r.removes(config, l.pointer):
			decision.Removed = append(decision.Removed, l.pointer)
		default:
			decision.Left = append(decision.Left, l.pointer)
		}
	}
	return decision
}

// removes reports whether an update to the configuration removes a leaf of the state that the
// configuration does not have. It has to agree with Change.Patch.
func (r *Record) removes(config *Document, pointer string) bool {
	if _, _, barrier := config.at(pointer); barrier != "" {
		return true // a scalar or an array takes the place of an object around it
	}
	owner, found := r.owner(pointer)
	if !found {
		return false
	}
	// Somebody made an object of an owned leaf, and the configuration now has an object there
	// as well: what they put into it stays.
	_, stays, _ := config.at(owner)
	return !stays
}
