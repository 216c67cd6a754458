package ownedjson

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestLife lives through random histories of a deployment: configurations that
// come and go, people in the portal, imports, lost records, ignore_changes, and
// edits in the middle of an apply.
func TestLife(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := &world{server: genServer().Draw(t, "server"), wrote: map[string]bool{}, other: map[string]string{}}
		w.server.store(t, render(t, genObject(2).Draw(t, "made in the portal"), false))
		w.note(t)
		w.imports(t)
		t.Repeat(map[string]func(*rapid.T){
			"configure": w.configure,
			"ignore":    func(*rapid.T) { w.ignore = !w.ignore },
			"edit":      w.edit,
			"refresh":   func(t *rapid.T) { w.refresh(t) },
			"apply":     w.apply,
			"rename":    w.applyAnother,
			"race":      w.applyInARace,
			"lost":      w.applyUnread,
			"import":    w.imports,
			"lose": func(t *rapid.T) {
				w.private = rapid.SampledFrom([][]byte{nil, []byte(`{"version":2}`)}).Draw(t, "record")
			},
			"recreate": w.recreate,
			"":         func(t *rapid.T) { w.surviving(t) },
		})
	})
}

// configure writes a new configuration: from scratch, a change of the last one, what
// the server holds, the empty one, or none.
func (w *world) configure(t *rapid.T) {
	from := w.config
	switch rapid.IntRange(0, 9).Draw(t, "from") {
	case 0:
		w.config = ""
		return
	case 1:
		w.config = "{}"
		return
	case 2, 3:
		from = w.server.text
	case 4:
		w.config = render(t, genObject(2).Draw(t, "config"), false)
		return
	}
	object := map[string]any{}
	if from != "" && from != "null" {
		object, _ = decoded(t, config(t, server(t, from).Text()).Text()).(map[string]any)
	}
	w.config = render(t, genNear(object, 2).Draw(t, "config"), false)
}

func (w *world) imports(t *rapid.T) {
	w.private, w.tried, w.state = nil, nil, ""
	if live := w.server.object(t); !live.Empty() {
		w.state = live.Text()
	}
}

// recreate destroys the deployment and creates it anew.
func (w *world) recreate(t *rapid.T) {
	w.wrote, w.other, w.private, w.tried, w.state = map[string]bool{}, map[string]string{}, nil, nil, ""
	object := orNil(t, w.config)
	w.server.store(t, object.Text())
	w.note(t)
	change := Change{Path: "/customization", Config: object, Plan: object}
	renewed, _ := change.Renew(func(string) bool { return true }, nil, w.server.object(t))
	w.remember(t, renewed, w.config)
	w.settled(t, Decision{})
}

// apply plans and applies, with nobody else about.
func (w *world) apply(t *rapid.T) {
	w.refresh(t)
	planned, decision := w.plan(t)
	if planned == w.state {
		return
	}
	w.checkedUpdate(t, planned, decision)
}

// applyAnother applies a change of another argument: there is an update, whatever
// the plan of this one is.
func (w *world) applyAnother(t *rapid.T) {
	w.refresh(t)
	planned, decision := w.plan(t)
	if planned == w.state {
		before := w.server.text
		w.checkedUpdate(t, planned, w.frozen(t, decision))
		if w.server.text != before {
			t.Fatalf("the plan was empty, and %s became %s", before, w.server.text)
		}
		return
	}
	w.checkedUpdate(t, planned, decision)
}

// applyUnread is an apply that ends before its result is read.
func (w *world) applyUnread(t *rapid.T) {
	w.refresh(t)
	if planned, _ := w.plan(t); planned != w.state {
		w.tries(t, planned, rapid.Bool().Draw(t, "taken"))
	}
}

// frozen adds the leaves of the configuration that stand in the state and are
// claimed although the plan is empty: ignore_changes, or the same text.
func (w *world) frozen(t tester, decision Decision) Decision {
	owned := w.owned()
	for _, l := range orNil(t, w.config).leaves() {
		if _, isOwned := owned[l.pointer]; owned != nil && !isOwned {
			decision.Claims = append(decision.Claims, l.pointer)
		}
	}
	return decision
}

func (w *world) checkedUpdate(t *rapid.T, planned string, decision Decision) {
	if planned != "" {
		// The laws hold for every patch of every life.
		lawOperations(t, scene{
			owned: w.owned(), configText: planned, stateText: w.state, server: w.server.text,
			config: orNil(t, planned), state: orNil(t, w.state), live: w.server.object(t),
		})
	}
	_, err := w.update(t, planned)
	var conflict *ConflictError
	if errors.As(err, &conflict) {
		if !slices.Equal(conflict.Pointers, conflict.Unseen) {
			t.Fatalf("a conflict with nobody: %q, of them unseen %q", conflict.Pointers, conflict.Unseen)
		}
		return
	}
	w.settled(t, decision)
}

// applyInARace applies a plan after somebody edited the server, and after the
// record or the refresh that it was made from.
func (w *world) applyInARace(t *rapid.T) {
	if rapid.IntRange(0, 3).Draw(t, "refreshed") > 0 {
		w.refresh(t)
	}
	planned, _ := w.plan(t)
	changes, owned, state, before := w.changes(t, planned), w.owned(), orNil(t, w.state), w.server.object(t)
	w.edit(t)
	after := w.server.object(t)
	plan := orNil(t, planned)
	sent, err := w.update(t, planned)
	var conflict *ConflictError
	errors.As(err, &conflict)
	for _, pointer := range changes {
		value, _, _ := plan.at(pointer)
		empty := isEmptyObject(value) || owned.isEmptyObject(pointer) && value == nil
		pair, isOwned := owned[pointer]
		was, is := before.digestAt(pointer, empty), after.digestAt(pointer, empty)
		base := state.digestAt(pointer, empty)
		if !isOwned && (owned != nil || base == Absent) || was == is || pair.means(base, is) || pair.means(plan.digestAt(pointer, empty), is) {
			continue
		}
		if shown, _, _ := state.at(pointer); isObject(shown) && !isOwned {
			continue // an object of which the state need not show all; its leaves are checked
		}
		if conflict == nil || !slices.ContainsFunc(conflict.Pointers, func(p string) bool {
			return related(nfc(p), "/customization"+pointer)
		}) {
			t.Fatalf("%s was changed in the middle of the apply, and is no conflict: %v", pointer, err)
		}
	}
	if conflict != nil {
		return
	}
	// What was edited and not sent is seen by the next plan.
	state, owned, old := orNil(t, w.state), w.owned(), owned
	read := Read(owned, state, w.server.object(t))
	for pointer := range owned {
		empty := owned.isEmptyObject(pointer)
		want := plan.digestAt(pointer, empty)
		was, is := before.digestAt(pointer, empty), after.digestAt(pointer, empty)
		if was == is || sent["/customization"+after.spell(pointer)] || want == Absent || old[pointer].means(want, is) {
			continue
		}
		if slices.ContainsFunc(changes, func(p string) bool { return strings.HasPrefix(pointer, p+"/") || p == pointer }) {
			continue
		}
		if read.digestAt(pointer, empty) == want {
			t.Fatalf("%s was edited in the middle of the apply, and nobody will see it: %s of %s", pointer, read.Text(), w.server.text)
		}
	}
}
