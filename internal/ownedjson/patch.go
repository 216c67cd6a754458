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

// ConflictError says that somebody changed leaves on the server, since the
// state was read, which this change would set, remove or replace as well.
type ConflictError struct {
	// Pointers are the leaves, as JSON pointers in the server's document.
	Pointers []string
}

func (e *ConflictError) Error() string {
	return "changed on the server since the plan was made: " + strings.Join(e.Pointers, ", ")
}

// planned reports whether the plan shows a change of the argument.
func (c Change) planned() bool {
	return c.Plan != nil && !Equal(c.Plan, c.State)
}

// base returns what the change takes the server to hold for a leaf. Where it
// takes nothing for granted, known is false: the leaf was never seen, is frozen,
// or was gone.
func (p *patcher) base(pointer string, emptyObject bool) (digest Digest, known bool) {
	shown := p.change.State.digestAt(pointer, emptyObject)
	pair, isOwned := p.change.Owned[pointer]
	switch {
	case shown == Absent:
		return Absent, false
	case !isOwned && p.change.Owned != nil && !p.around[pointer] && !p.change.Owned.covers(pointer):
		return Absent, false
	case isOwned && shown == pair.Sent:
		return pair.Answered, true
	default:
		return shown, true
	}
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
	p := patcher{change: c, live: live, around: c.Owned.region(), unchecked: unchecked, work: map[string]any{}}
	if live != nil {
		p.work = clone(live.members)
	}
	for _, l := range c.Plan.leaves() {
		want, empty := digestOf(l.value, true), isEmptyObject(l.value)
		pair := c.Owned[l.pointer]
		if pair.means(want, c.State.digestAt(l.pointer, empty)) {
			continue
		}
		if now := live.digestAt(l.pointer, empty); !pair.means(want, now) {
			p.check(l.pointer, empty, now)
			p.set(l.pointer, l.value)
		}
	}
	for _, pointer := range c.removals() {
		empty := c.Owned.isEmptyObject(pointer)
		value, found, _ := live.at(pointer)
		if !found || empty && isObject(value) && !isEmptyObject(value) {
			continue
		}
		p.check(pointer, empty, live.digestAt(pointer, empty))
		p.remove(pointer)
	}
	if len(p.conflicts) > 0 {
		slices.Sort(p.conflicts)
		return nil, &ConflictError{Pointers: slices.Compact(p.conflicts)}
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

type patcher struct {
	change     Change
	live       *Object
	around     map[string]bool // objects around owned leaves
	unchecked  func(string) bool
	work       map[string]any // live, with the operations so far applied
	operations []Operation
	conflicts  []string
}

func (p *patcher) check(pointer string, emptyObject bool, now Digest) {
	if base, known := p.base(pointer, emptyObject); known && now != base {
		p.conflict(pointer)
	}
}

func (p *patcher) conflict(pointer string) {
	if path := p.change.Path + pointer; !p.unchecked(path) {
		p.conflicts = append(p.conflicts, path)
	}
}

// replace checks that everything that goes when the value at a pointer is
// replaced is shown by the state or was written by Terraform.
func (p *patcher) replace(pointer string, value any) {
	lost := []leaf{{pointer, value}}
	if object, ok := value.(map[string]any); ok {
		lost = appendLeaves(nil, pointer, object)
	}
	for _, l := range lost {
		_, shown, _ := p.change.State.at(l.pointer)
		if _, isOwned := p.change.Owned[l.pointer]; !shown && !isOwned {
			p.conflict(l.pointer)
			continue
		}
		empty := isEmptyObject(l.value)
		p.check(l.pointer, empty, p.live.digestAt(l.pointer, empty))
	}
}

func (p *patcher) set(pointer string, value any) {
	members := p.work
	end := 0
	for {
		start := end + 1
		end = tokenEnd(pointer, start)
		key := unescapeToken(pointer[start:end])
		old, exists := members[key]
		if end == len(pointer) {
			if object, ok := old.(map[string]any); ok && len(object) > 0 {
				p.replace(pointer, object)
			}
			p.add(pointer, value)
			members[key] = value
			return
		}
		next, ok := old.(map[string]any)
		if !ok {
			if exists {
				p.replace(pointer[:end], old)
			}
			p.add(pointer[:end], map[string]any{})
			next = map[string]any{}
			members[key] = next
		}
		members = next
	}
}

func (p *patcher) add(pointer string, value any) {
	p.operations = append(p.operations, Operation{
		Op: "add", Path: p.change.Path + pointer, Value: json.RawMessage(text(value)),
	})
}

// remove takes a leaf away, and the objects around it that it leaves empty: all
// they held was Terraform's. An object that the plan names stays.
func (p *patcher) remove(pointer string) {
	p.delete(pointer)
	for up := parent(pointer); up != ""; up = parent(up) {
		_, planned, _ := p.change.Plan.at(up)
		value, found, _ := (&Object{members: p.work}).at(up)
		if planned || !found || !isEmptyObject(value) {
			return
		}
		p.delete(up)
	}
}

func (p *patcher) delete(pointer string) {
	members := p.work
	if up := parent(pointer); up != "" {
		value, _, _ := (&Object{members: p.work}).at(up)
		object, ok := value.(map[string]any)
		if !ok {
			return
		}
		members = object
	}
	key := unescapeToken(pointer[strings.LastIndexByte(pointer, '/')+1:])
	if _, found := members[key]; !found {
		return
	}
	delete(members, key)
	p.operations = append(p.operations, Operation{Op: "remove", Path: p.change.Path + pointer})
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
