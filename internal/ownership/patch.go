package ownership

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// Operation is one operation of a JSON Patch (RFC 6902): "add", which also replaces, or
// "remove".
type Operation struct {
	Op    string          `json:"op"`
	Path  string          `json:"path"`
	Value json.RawMessage `json:"value,omitempty"`
}

// String shows the operation and its path, and no value.
func (o Operation) String() string { return o.Op + " " + o.Path }

// Apply returns the document as it is after the operations. An "add" of null removes.
func (d *Document) Apply(operations []Operation) (*Document, error) {
	members := d.root()
	for _, operation := range operations {
		var value any
		if operation.Op != "remove" {
			parsed, err := parse(`{"value":`+string(operation.Value)+`}`, false)
			if err != nil {
				return nil, err
			}
			value, _ = parsed.At("/value")
		}
		members = with(members, strings.Split(operation.Path, "/")[1:], value)
	}
	return &Document{members}, nil
}

// Change is one update of an object.
type Change struct {
	Schema Schema
	Record *Record
	// Config, Plan and State are what the user wrote, what Terraform plans and what the state
	// shows. Config and Plan differ under ignore_changes and where the plan keeps the state's
	// text.
	Config, Plan, State *Document
	// Managed are the pointers of the arguments that the configuration has.
	Managed map[string]bool
}

// ConflictError says that this change would set, remove or replace leaves that somebody
// changed on the server since the state was read, or that the state does not show at all.
type ConflictError struct {
	// Pointers are the leaves, as JSON pointers in the document.
	Pointers []string
	// Unseen are those of Pointers that the state does not show: the plan makes a scalar of an
	// object or an object of a scalar, and what only the server has there would be lost.
	Unseen []string
}

func (e *ConflictError) Error() string {
	return "changed on the server since the state was read, or never shown by it: " + strings.Join(e.Pointers, ", ")
}

// Patch returns the operations that make live hold what the plan shows, and touch nothing
// else: leaves that the plan changes against the state and that live does not match already
// are set, owned leaves that the plan drops are removed where they are present. Missing
// objects around a leaf are added one by one.
//
// attempted are operations of earlier attempts of this same update that may have taken
// effect; what they wrote is no conflict. The error is a *ConflictError.
func (c *Change) Patch(live *Document, attempted []Operation) ([]Operation, error) {
	p := patcher{change: c, rules: c.Schema.rules(), live: live, work: clone(live.root()), attempted: map[string]bool{}}
	for _, operation := range attempted {
		p.attempted[operation.Path] = true
	}
	for i := range c.Schema {
		policy := &c.Schema[i]
		if policy.Leaf {
			p.leaf(policy)
			continue
		}
		if !c.isPlanned(policy, p.rules) {
			continue
		}
		for _, l := range p.rules.leaves(c.Plan, policy) {
			p.planned(l)
		}
		for _, pointer := range c.removals(policy, p.rules) {
			p.removal(policy, pointer)
		}
	}
	if len(p.conflict.Pointers) > 0 {
		return nil, &p.conflict
	}
	return p.operations, nil
}

// isPlanned reports whether the plan shows a change of an argument.
func (c *Change) isPlanned(policy *Policy, rules rules) bool {
	plan, state := rules.leaves(c.Plan, policy), rules.leaves(c.State, policy)
	return !slices.EqualFunc(plan, state, func(a, b leaf) bool { return a.pointer == b.pointer && equal(a.value, b.value) })
}

// removals are the owned leaves of an argument that the plan shows as removed, in order.
func (c *Change) removals(policy *Policy, rules rules) []string {
	var pointers []string
	for pointer := range c.Record.pairs() {
		_, shown, _ := c.State.at(pointer)
		_, kept, barrier := c.Plan.at(pointer)
		// What a planned leaf is above or below is replaced by it.
		if shown && !kept && barrier == "" && rules.policy(pointer) == policy {
			pointers = append(pointers, pointer)
		}
	}
	slices.Sort(pointers)
	return pointers
}

type patcher struct {
	change     *Change
	rules      rules
	live       *Document
	work       map[string]any // live, with the operations so far applied
	attempted  map[string]bool
	operations []Operation
	conflict   ConflictError
}

// leaf plans an argument that is one leaf.
func (p *patcher) leaf(policy *Policy) {
	at := policy.At
	want, base, have := p.rules.digestAt(p.change.Plan, at, false), p.rules.digestAt(p.change.State, at, false), p.rules.digestAt(p.live, at, false)
	pair, _ := p.change.Record.pair(at)
	if pair.matches(want, base) || pair.matches(want, have) {
		return
	}
	if !pair.matches(base, have) && !p.hasOnlyLost(policy) {
		p.conflicts(at, false)
	}
	value, _, _ := p.change.Plan.at(at)
	switch value = policy.normal(value); {
	case value != nil:
		p.set(at, value)
	case policy.Clear != nil:
		p.operations = append(p.operations, Operation{Op: "add", Path: at, Value: policy.Clear})
	default:
		p.delete(at)
	}
}

// hasOnlyLost reports whether live is what the state shows without values that the plan drops
// as well. Servers take the ID of an object that is deleted out of what refers to it, and the
// same apply can put the ID of its replacement there.
func (p *patcher) hasOnlyLost(policy *Policy) bool {
	plan, state, live := policy.itemsOf(p.change.Plan), policy.itemsOf(p.change.State), policy.itemsOf(p.live)
	has := func(items []any, one any) bool {
		return slices.ContainsFunc(items, func(other any) bool { return equal(one, other) })
	}
	isNew := func(one any) bool { return !has(state, one) }
	isMissed := func(one any) bool { return !has(live, one) && has(plan, one) }
	return !slices.ContainsFunc(live, isNew) && !slices.ContainsFunc(state, isMissed)
}

// planned sets a leaf inside an argument where the plan changes it.
func (p *patcher) planned(l leaf) {
	want, empty := digestOf(l.value, true), isEmptyObject(l.value)
	pair, _ := p.change.Record.pair(l.pointer)
	// An object that the state shows because of what was in it need not be on the server.
	shown := !empty && pair.matches(want, p.rules.digestAt(p.change.State, l.pointer, empty))
	if shown || pair.matches(want, p.rules.digestAt(p.live, l.pointer, empty)) {
		return
	}
	p.check(l.pointer, empty)
	p.set(l.pointer, l.value)
}

// check makes a conflict of what is at the pointer, and is about to go, where it is not what
// the state shows. A scalar that the state does not show, and that is not owned, is taken over:
// RecordAfter reports it.
func (p *patcher) check(pointer string, emptyObject bool) {
	value, found, _ := p.live.at(pointer)
	if members, ok := value.(map[string]any); ok && !emptyObject {
		p.lose(appendLeaves(nil, pointer, members))
		return
	}
	pair, owned := p.change.Record.pair(pointer)
	base := p.rules.digestAt(p.change.State, pointer, emptyObject)
	shown, _, _ := p.change.State.at(pointer)
	switch {
	case isObject(shown) && !found: // what was in it is gone already
	case isObject(shown) && !emptyObject && !owned:
		p.conflicts(pointer, false)
	case !owned && base == Absent: // taken over
	case !pair.matches(base, p.rules.digest(pointer, value, found, emptyObject)):
		p.conflicts(pointer, false)
	}
}

// lose makes a conflict of every leaf that would be overwritten by a value of another kind and
// that the state does not show as it is.
func (p *patcher) lose(leaves []leaf) {
	for _, l := range leaves {
		empty := isEmptyObject(l.value)
		pair, _ := p.change.Record.pair(l.pointer)
		base := p.rules.digestAt(p.change.State, l.pointer, empty)
		if !pair.matches(base, digestOf(l.value, true)) {
			p.conflicts(l.pointer, base == Absent)
		}
	}
}

func (p *patcher) conflicts(pointer string, unseen bool) {
	if p.attempted[pointer] || slices.Contains(p.conflict.Pointers, pointer) {
		return
	}
	p.conflict.Pointers = append(p.conflict.Pointers, pointer)
	if unseen {
		p.conflict.Unseen = append(p.conflict.Unseen, pointer)
	}
}

// set adds the leaf, and the objects around it that are missing. A value that is not an object
// and is in the way goes, where the state shows it.
func (p *patcher) set(pointer string, value any) {
	members := p.work
	end := 0
	for {
		start := end + 1
		end = tokenEnd(pointer, start)
		at, key := pointer[:end], unescapeToken(pointer[start:end])
		if end == len(pointer) {
			p.add(at, value)
			members[key] = value
			return
		}
		old, found := members[key]
		next, ok := old.(map[string]any)
		if !ok {
			if found {
				p.lose([]leaf{{at, old}})
			}
			p.add(at, map[string]any{})
			next = map[string]any{}
			members[key] = next
		}
		members = next
	}
}

func (p *patcher) add(pointer string, value any) {
	p.operations = append(p.operations, Operation{Op: "add", Path: pointer, Value: ValueText(value)})
}

// removal takes an owned leaf away, and the objects around it that it leaves empty: all they
// held was Terraform's. An object that the plan names stays.
func (p *patcher) removal(policy *Policy, pointer string) {
	empty := p.change.Record.isEmptyObject(pointer)
	value, found, _ := (&Document{p.work}).at(pointer)
	if !found || empty && isObject(value) && !isEmptyObject(value) {
		return // gone already, or an object that somebody filled
	}
	p.check(pointer, empty)
	p.delete(pointer)
	for up := parent(pointer); len(up) > len(policy.At); up = parent(up) {
		_, planned, _ := p.change.Plan.at(up)
		value, _, _ := (&Document{p.work}).at(up)
		if planned || !isEmptyObject(value) {
			return
		}
		p.delete(up)
	}
}

// delete takes away what is at the pointer.
func (p *patcher) delete(pointer string) {
	members := p.work
	if up := parent(pointer); up != "" {
		value, _, _ := (&Document{p.work}).at(up)
		members, _ = value.(map[string]any)
	}
	delete(members, unescapeToken(pointer[strings.LastIndexByte(pointer, '/')+1:]))
	p.operations = append(p.operations, Operation{Op: "remove", Path: pointer})
}

// clone copies the objects around leaves. Leaves are shared.
func clone(members map[string]any) map[string]any {
	to := make(map[string]any, len(members))
	maps.Copy(to, members)
	for key, value := range to {
		if object, ok := value.(map[string]any); ok {
			to[key] = clone(object)
		}
	}
	return to
}
