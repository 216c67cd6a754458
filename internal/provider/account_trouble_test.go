package provider_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
	"github.com/tavus/terraform-provider-tavus/internal/testkit"
)

// This file holds what disturbs an account: people, requests that fail, the end of the provider's
// process, and what a person does then.

// people do something in the portal.
func (a *account) people() {
	var there []*object
	for _, o := range a.objects {
		if o.id != "" && o.kind.Collection != "" {
			there = append(there, o)
		}
	}
	if len(there) == 0 {
		return
	}
	o := there[a.random.IntN(len(there))]
	switch a.random.IntN(6) {
	case 0, 1:
		if len(o.kind.Edits) > 0 {
			a.edit(o, o.kind.Edits[a.random.IntN(len(o.kind.Edits))])
		}
	case 2, 3:
		a.note("portal: %s %s", o.Address, o.kind.Owned.Pointer)
		a.EditAt(o.kind.Collection, o.id, o.kind.Owned.Pointer, o.kind.Owned.Value)
	case 4:
		a.note("portal: deletes %s", o.Address)
		a.Delete(o.kind.Collection, o.id)
		a.gone(o)
	case 5:
		a.makeForeign(o)
	}
}

// edit sets what no configuration owns.
func (a *account) edit(o *object, edit testkit.Edit) {
	a.note("portal: %s %s is %s", o.Address, edit.Pointer, testkit.JSON(edit.Value))
	a.EditAt(o.kind.Collection, o.id, edit.Pointer, edit.Value)
	if !o.imported {
		o.edits[edit.Pointer] = a.At(o.kind.Collection, o.id, edit.Pointer)
	}
}

// makeForeign makes an object that looks like another one, long ago.
func (a *account) makeForeign(o *object) {
	if o.kind.Type == "tavus_pal_skill" || o.kind.Type == "tavus_tool" || o.kind.Type == "tavus_pal" {
		return // their names are unique
	}
	doc := a.Document(o.kind.Collection, o.id)
	delete(doc, o.kind.ID)
	doc["created_at"] = "2026-01-01T00:00:00.000000Z"
	id := a.Put(o.kind.Collection, doc)
	a.note("portal: makes %s, which is like %s", id, o.Address)
	a.foreign[o.kind.Collection+" "+id] = a.still(o.kind.Collection, id)
}

// still is an object without what moves by itself.
func (a *account) still(collection, id string) string {
	doc := a.Document(collection, id)
	for _, moving := range []string{"updated_at", "usage_total", "usage_today", "status", "progress"} {
		delete(doc, moving)
	}
	return testkit.JSON(doc)
}

// gone is what the end of an object means for what is known of it, and of those that end with it.
func (a *account) gone(o *object) {
	o.id, o.imported, o.edits = "", false, map[string]any{}
	for _, other := range a.objects {
		if o.kind.Type == "tavus_pal" && other.number == o.number && strings.HasPrefix(other.kind.Type, "tavus_pal_") {
			a.gone(other)
		}
	}
}

// disturb runs a command that may fail: an apply, or the destruction of some or of all objects.
func (a *account) disturb() {
	a.t.Helper()
	a.start(a.random.IntN(2))
	objects, wants := a.objects, isWanted
	if a.chance(40) {
		objects, wants = a.some(), none
		a.note("destroy %d objects", len(objects))
	}
	switch a.random.IntN(4) {
	case 0:
	case 1:
		a.killAt(1+a.random.IntN(25), a.chance(50))
	default:
		a.spoil()
	}
	err := a.apply(objects, wants)
	a.note("disturbed: %v", err)
	a.Instead.Store(nil)
	a.SetFault(nil)
	a.recover(objects, wants)
	if a.killed.Swap(false) || a.chance(50) {
		a.start(1)
	}
}

// some are random objects and all that depend on them, as -target takes them.
func (a *account) some() []*object {
	percent := []int{10, 30, 100}[a.random.IntN(3)]
	var chosen []*object
	for _, o := range a.objects { // those that depend on others come later
		if a.chance(percent) || slices.ContainsFunc(o.needs, func(first *object) bool { return slices.Contains(chosen, first) }) {
			chosen = append(chosen, o)
		}
	}
	return chosen
}

// killAt ends the process of the provider at its k-th request, before or after that has its effect.
func (a *account) killAt(k int, after bool) {
	a.note("killed at request %d, after it: %v", k, after)
	var count atomic.Int64
	handler := func(_ http.ResponseWriter, r *http.Request) bool {
		n := int(count.Add(1))
		if n < k {
			return false
		}
		if n == k && after {
			a.ServeHTTP(httptest.NewRecorder(), r)
		}
		a.killed.Store(true)
		panic(http.ErrAbortHandler)
	}
	a.Instead.Store(&handler)
}

// spoil lets one request fail, or the first ones meet a rate limit.
func (a *account) spoil() {
	if a.chance(10) {
		storm := 1 + a.random.IntN(20)
		a.note("429 for %d requests", storm)
		a.SetFault(func(n int, _ simulator.Request) *simulator.Fault {
			if n > storm {
				return nil
			}
			return &simulator.Fault{Kind: simulator.FaultStatus, Status: http.StatusTooManyRequests, RetryAfter: "0"}
		})
		return
	}
	faults := []string{"503", "cut before", "cut after", "404", "502 after", "half body", "429", "400", "409"}
	every, _ := everyFault()
	name := faults[a.random.IntN(len(faults))]
	method := []string{"GET", "POST", "PATCH", "PUT", "DELETE", ""}[a.random.IntN(6)]
	k := 1 + a.random.IntN(5)
	a.note("%s at %s request %d", name, method, k)
	a.Trip(k, func(r simulator.Request) bool { return method == "" || r.Method == method }, every[name])
}

// ids are those on the server that nobody made in the portal.
func (a *account) ids(kind *testkit.Fixture) []string {
	return slices.DeleteFunc(a.IDs(kind.Collection, kind.ID), func(id string) bool { return a.foreign[kind.Collection+" "+id] != "" })
}

// recover looks at what a command left. As the errors say, objects of creates whose end is not known are
// imported or deleted.
func (a *account) recover(objects []*object, wants func(*object) bool) {
	a.t.Helper()
	for _, o := range objects {
		if !wants(o) && !a.isThere(o) {
			a.gone(o)
		}
	}
	for _, o := range a.objects {
		if o.id == "" && a.isThere(o) {
			o.id = o.ID()
		}
	}
	for _, kind := range fixtures() {
		for _, id := range a.ids(kind) {
			a.claim(kind, id)
		}
	}
	for _, o := range a.objects {
		for _, at := range a.attachments() {
			if o.kind.Type == "tavus_pal_tools" && o.lost != nil && path.Dir(at) == testkit.Value(o.resolved(idOf), "pal_id") {
				a.left[at] = true
			}
		}
	}
}

// isThere reports whether the server has what the state holds.
func (a *account) isThere(o *object) bool {
	return o.Exists() && o.kind.Collection != "" && a.Document(o.kind.Collection, o.ID()) != nil
}

// claim finds out whose create made an object that no state holds.
func (a *account) claim(kind *testkit.Fixture, id string) {
	a.t.Helper()
	var claimants []*object
	for _, o := range a.objects {
		switch {
		case o.kind.Type == kind.Type && o.ID() == id:
			return
		case o.kind.Type == kind.Type && o.lost != nil && !o.Exists():
			claimants = append(claimants, o)
		}
	}
	for _, o := range claimants {
		if strings.Contains(o.lost.Error(), id) || errors.Is(o.lost, errKilled) && len(claimants) == 1 && a.chance(50) {
			if err := o.Import(id); err != nil {
				a.t.Errorf("import of %s: %v", id, err)
			}
			a.note("imports %s as %s", id, o.Address)
			o.id, o.imported, o.edits, o.lost = o.ID(), true, map[string]any{}, nil
			return
		}
	}
	if !slices.ContainsFunc(claimants, func(o *object) bool {
		return errors.Is(o.lost, errKilled) || strings.Contains(o.lost.Error(), "look in the Tavus portal")
	}) {
		a.t.Errorf("%s in %s is an orphan", id, kind.Collection)
	}
	a.Delete(kind.Collection, id)
}

// attachments are the tools of the server's PALs that no state holds, as "PAL/tool".
func (a *account) attachments() []string {
	held := map[string]bool{}
	for _, o := range a.objects {
		if o.kind.Type == "tavus_pal_tools" && o.Exists() {
			tools, _ := o.State()["tool_ids"].([]any)
			for _, tool := range tools {
				held[path.Join(o.ID(), fmt.Sprint(tool))] = true
			}
		}
	}
	var more []string
	for _, pal := range a.Documents("pals") {
		tools, _ := pal["tool_ids"].([]any)
		for _, tool := range tools {
			if at := path.Join(fmt.Sprint(pal["pal_id"]), fmt.Sprint(tool)); !held[at] {
				more = append(more, at)
			}
		}
	}
	return more
}
