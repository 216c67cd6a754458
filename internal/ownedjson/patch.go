package ownedjson

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Operation is one operation of a JSON Patch (RFC 6902): "add", which also
// replaces, or "remove".
type Operation struct {
	Op, Path string
	Value    json.RawMessage // nil for remove
}

// Change is one argument on its way to the server.
type Change struct {
	// Path is the JSON pointer of the argument in the server's document, such as
	// "/customization".
	Path string
	// Config, Plan and State are what the user wrote, what Terraform plans and what
	// the state shows; nil for null. Config and Plan differ under ignore_changes
	// and where the plan keeps the state's text.
	Config, Plan, State *Object
	Owned               Owned
}

// ConflictError says that this change would set, remove or replace leaves that
// somebody changed on the server since the state was read, or that the state
// does not show at all.
type ConflictError struct {
	// Pointers are the leaves, as JSON pointers in the server's document.
	Pointers []string
	// Unseen are those of Pointers that the state does not show: the plan makes a
	// scalar of an object or an object of a scalar, and what only the server has
	// there would be lost. A new plan would not show them either. They have to be
	// written into the configuration first, or removed on the server.
	Unseen []string
}

func (e *ConflictError) Error() string {
	return "changed on the server since the state was read, or never shown by it: " + strings.Join(e.Pointers, ", ")
}

// planned reports whether the plan shows a change of the argument.
func (c Change) planned() bool {
	return c.Plan != nil && !Equal(c.Plan, c.State)
}

// Operations returns the operations that make live hold what the plan shows,
// and touch nothing else: leaves that the plan changes against the state and
// that live does not mean already are set, owned leaves that the plan drops
// are removed where they are present. Live leaves that neither the state shows
// nor Terraform wrote are never replaced.
//
// unchecked names leaves, as pointers in the server's document, that an earlier
// attempt of this same change may have written; they are no conflict. A nil live
// says that the server holds no object for the argument at all.
// The error is a *ConflictError.
func (c Change) Operations(live *Object, unchecked func(pointer string) bool) ([]Operation, error) {
	if !c.planned() {
		return nil, nil
	}
	p := patcher{change: c, live: live, around: c.followed().region(), unchecked: unchecked, work: map[string]any{}, made: map[string]bool{}}
	if live != nil {
		p.work = clone(live.members)
	}
	for _, l := range c.Plan.leaves() {
		want, empty := digestOf(l.value, true), isEmptyObject(l.value)
		pair := c.Owned[l.pointer]
		if !pair.means(want, c.State.digestAt(l.pointer, empty)) && !pair.means(want, live.digestAt(l.pointer, empty)) {
			p.set(l.pointer, l.value)
		}
	}
	for _, pointer := range c.removals() {
		empty := c.Owned.isEmptyObject(pointer)
		value, found, _ := live.at(pointer)
		shown, _, _ := c.State.at(pointer)
		filled := !isEmptyObject(value) || live.hasNulls(pointer)
		if !found || empty && isObject(shown) && isObject(value) && filled {
			continue // gone already, or an object that somebody filled
		}
		p.check(pointer, value, found, empty)
		p.remove(pointer)
	}
	if len(p.conflict.Pointers) > 0 {
		return nil, &p.conflict
	}
	if live == nil && len(p.operations) > 0 {
		whole := Operation{Op: "add", Path: c.Path, Value: json.RawMessage("{}")}
		p.operations = slices.Insert(p.operations, 0, whole)
	}
	return p.operations, nil
}

// removals are the owned leaves that the plan shows as removed, in order.
func (c Change) removals() []string {
	var pointers []string
	for pointer := range c.Owned {
		_, shown, _ := c.State.at(pointer)
		_, kept, barrier := c.Plan.at(pointer)
		// What a planned leaf stands above or below is replaced by it.
		if shown && !kept && barrier == "" {
			pointers = append(pointers, pointer)
		}
	}
	slices.Sort(pointers)
	return pointers
}

// followed are the owned leaves that Read looks for on the server. One that the
// server dropped is shown as it was sent, whatever else stands in its place.
func (c Change) followed() Owned {
	followed := Owned{}
	for pointer, pair := range c.Owned {
		if pair.Answered != Absent || c.State.digestAt(pointer, c.Owned.isEmptyObject(pointer)) != pair.Sent {
			followed[pointer] = pair
		}
	}
	return followed
}

type patcher struct {
	change    Change
	live      *Object
	around    map[string]bool // objects around owned leaves
	unchecked func(string) bool
	work      map[string]any // live, with the operations so far applied
	// made are the objects that the operations so far put where the state shows
	// something else. The next leaf in one of them finds this change's own work.
	made       map[string]bool
	operations []Operation
	conflict   ConflictError
}

// base returns what the state shows under a pointer, Absent included. Where that
// says nothing about the server, known is false: Terraform never saw the leaf, or
// the leaf is frozen.
func (p *patcher) base(pointer string, emptyObject bool) (shown Digest, known bool) {
	owned := p.change.Owned
	shown = p.change.State.digestAt(pointer, emptyObject)
	if _, isOwned := owned[pointer]; isOwned {
		return shown, true
	}
	_, inside := owned.owner(pointer)
	return shown, shown != Absent && (owned == nil || p.around[pointer] || inside)
}

// check makes a conflict of a value, which is about to go, that is not what the
// change takes it to be. It reports false where it cannot tell: no base is
// known, or the state shows an object here, of which it may not show all.
func (p *patcher) check(pointer string, value any, found, emptyObject bool) bool {
	shown, _, _ := p.change.State.at(pointer)
	pair, isOwned := p.change.Owned[pointer]
	switch {
	case isObject(shown) && isObject(value) && (!isOwned || p.change.Owned.isEmptyObject(pointer)):
		return isEmptyObject(value)
	case isObject(shown) && !found && !isOwned:
		return true // what was in it is gone already
	}
	base, known := p.base(pointer, emptyObject)
	if known && !pair.means(base, digestAs(value, found, emptyObject)) {
		p.conflicts(pointer, false)
	}
	return known
}

// lose makes a conflict of each leaf, which is about to go because of its place,
// that the state does not show. Nobody could see in the plan that it goes.
func (p *patcher) lose(leaves []leaf) {
	for _, l := range leaves {
		if !p.check(l.pointer, l.value, true, isEmptyObject(l.value)) && !p.change.State.isLeaf(l.pointer) {
			p.conflicts(l.pointer, true)
		}
	}
}

func (p *patcher) conflicts(pointer string, unseen bool) {
	path := p.path(pointer)
	if p.unchecked != nil && p.unchecked(path) {
		return
	}
	p.conflict.Pointers = append(p.conflict.Pointers, path)
	if unseen {
		p.conflict.Unseen = append(p.conflict.Unseen, path)
	}
}

// path is a pointer in the server's document.
func (p *patcher) path(pointer string) string {
	return p.change.Path + p.live.spell(pointer)
}

func (p *patcher) set(pointer string, value any) {
	members := p.work
	end := 0
	for {
		start := end + 1
		end = tokenEnd(pointer, start)
		at, key := pointer[:end], unescapeToken(pointer[start:end])
		old, found := members[key]
		object, ok := old.(map[string]any)
		if end == len(pointer) {
			if !p.check(at, old, found, isEmptyObject(value)) {
				p.lose(appendLeaves(nil, at, object))
			}
			p.add(at, value)
			members[key] = value
			return
		}
		if !ok || !p.made[at] && p.shownAsScalar(at) {
			if found && !p.check(at, old, true, false) {
				p.lose([]leaf{{at, old}})
			}
			p.add(at, map[string]any{})
			object = map[string]any{}
			members[key] = object
			p.made[at] = true
		}
		members = object
	}
}

// shownAsScalar reports whether the change takes the server to hold what the state
// shows as a scalar or an array. If the server has an object there, then it is the
// server's form of that value, or somebody's edit.
func (p *patcher) shownAsScalar(pointer string) bool {
	value, found, _ := p.change.State.at(pointer)
	_, known := p.base(pointer, false)
	return found && known && !isObject(value)
}

func (p *patcher) add(pointer string, value any) {
	p.operations = append(p.operations, Operation{
		Op: "add", Path: p.path(pointer), Value: text(value),
	})
}

// remove takes a leaf away, and the objects around it that it leaves empty: all
// they held was Terraform's. An object that the plan names stays, and so does one
// with null keys, which Terraform did not put there.
func (p *patcher) remove(pointer string) {
	p.delete(pointer)
	for up := parent(pointer); up != ""; up = parent(up) {
		_, planned, _ := p.change.Plan.at(up)
		value, _, _ := (&Object{members: p.work}).at(up)
		if planned || !isEmptyObject(value) || p.live.hasNulls(up) {
			return
		}
		p.delete(up)
	}
}

// delete takes away what stands at the pointer.
func (p *patcher) delete(pointer string) {
	members := p.work
	if up := parent(pointer); up != "" {
		value, _, _ := (&Object{members: p.work}).at(up)
		members, _ = value.(map[string]any)
	}
	delete(members, unescapeToken(pointer[strings.LastIndexByte(pointer, '/')+1:]))
	p.operations = append(p.operations, Operation{Op: "remove", Path: p.path(pointer)})
}

// clone copies the objects around leaves. Leaves are shared.
func clone(members map[string]any) map[string]any {
	to := make(map[string]any, len(members))
	for key, value := range members {
		if object, ok := value.(map[string]any); ok {
			value = clone(object)
		}
		to[key] = value
	}
	return to
}

// String shows the operation and its path, and no value.
func (o Operation) String() string {
	return fmt.Sprintf("%s %s", o.Op, o.Path)
}
