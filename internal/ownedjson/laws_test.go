package ownedjson

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestLaws(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := genScene().Draw(t, "scene")
		if !s.owned.valid() {
			t.Fatalf("the record %v is not valid", s.owned)
		}
		checkLaws(t, s)
	})
}

// checkLaws checks every law that holds for any scene.
func checkLaws(t tester, s scene) {
	t.Helper()
	lawRead(t, s)
	lawEqual(t, s)
	lawPlan(t, s)
	lawOperations(t, s)
	lawRenew(t, s)
}

// lawRead: reading twice is reading once, and the result holds each owned leaf as
// it is live, or as it was sent.
func lawRead(t tester, s scene) {
	t.Helper()
	read := Read(s.owned, s.state, s.live)
	if again := Read(s.owned, read, s.live); !Equal(read, again) {
		t.Fatalf("read %s, then %s", read.Text(), again.Text())
	}
	if back := config(t, read.Text()); !Equal(back, read) {
		t.Fatalf("%s does not come back", read.Text())
	}
	for pointer, pair := range s.owned {
		empty := s.owned.isEmptyObject(pointer)
		shown, live := read.digestAt(pointer, empty), s.live.digestAt(pointer, empty)
		if shown != live && (shown != pair.Sent || live != pair.Answered) {
			t.Fatalf("%s: %s is shown of %s", pointer, read.Text(), s.live.Text())
		}
		if _, _, barrier := s.live.at(pointer); barrier != "" && shown == Absent && read.digestAt(barrier, false) != s.live.digestAt(barrier, false) {
			t.Fatalf("%s is barred, and %s does not show it", pointer, read.Text())
		}
	}
	if s.owned != nil {
		return
	}
	for _, l := range read.leaves() {
		if _, found, _ := s.live.at(l.pointer); !found {
			t.Fatalf("%s is shown, and not on the server", l.pointer)
		}
	}
}

// lawEqual: where plan and state, or plan and server, mean the same, nothing is
// sent.
func lawEqual(t tester, s scene) {
	t.Helper()
	same := []Change{
		{Plan: s.config, State: config(t, s.config.Text()), Owned: s.owned},
		{Plan: nil, State: s.state, Owned: s.owned},
	}
	for _, change := range same {
		if operations, err := change.Operations(s.live, nil); err != nil || len(operations) > 0 {
			t.Fatalf("%v, %v", operations, err)
		}
	}
	change := Change{Plan: s.live, State: s.state, Owned: s.owned}
	if operations, err := change.Operations(s.live, nil); err != nil || len(operations) > 0 {
		t.Fatalf("live is as planned: %v, %v", operations, err)
	}
}

// lawPlan: Keep says that nothing of the configuration and nothing that is owned
// differs, and what is removed or left is what the plan does not show any more.
func lawPlan(t tester, s scene) {
	t.Helper()
	decision := Plan(s.owned, s.config, s.state)
	var gone []string
	for _, l := range s.state.leaves() {
		// A leaf that an object replaces, or that an empty object of the configuration
		// stands for, is changed and not gone.
		if _, found, _ := s.config.at(l.pointer); !found {
			gone = append(gone, l.pointer)
		}
	}
	both := slices.Sorted(slices.Values(slices.Concat(decision.Removed, decision.Left)))
	slices.Sort(gone)
	if decision.Keep {
		gone = nil
		for _, l := range s.config.leaves() {
			have, want := s.state.digestAt(l.pointer, isEmptyObject(l.value)), digestOf(l.value, true)
			if !s.owned[l.pointer].means(want, have) {
				t.Fatalf("kept, but %s differs", l.pointer)
			}
		}
	}
	if !slices.Equal(both, gone) {
		t.Fatalf("removed %q, left %q, want in all %q", decision.Removed, decision.Left, gone)
	}
	if operations, err := (Change{Plan: s.state, State: s.state, Owned: s.owned}).Operations(s.live, nil); err != nil || operations != nil {
		t.Fatalf("kept, but %v, %v", operations, err)
	}
}

// lawOperations: the patch can be applied strictly; then the planned leaves are
// there, what the plan said is gone, and every other leaf is as it was.
func lawOperations(t tester, s scene) {
	t.Helper()
	change := Change{Path: "/customization", Config: s.config, Plan: s.config, State: s.state, Owned: s.owned}
	operations, err := change.Operations(s.live, nil)
	if err != nil {
		lawConflict(t, s, err)
		return
	}
	before, afterText := flatten(t, s.server), patched(t, s.server, operations)
	after, planned, result := flatten(t, afterText), flatten(t, s.configText), server(t, afterText)
	set := map[string]bool{}
	for _, o := range operations {
		pointer := strings.TrimPrefix(nfc(o.Path), "/customization")
		if _, leaf := planned[pointer]; leaf && o.Op == "add" {
			set[pointer] = true
		}
	}
	for _, l := range s.config.leaves() {
		want, empty := digestOf(l.value, true), isEmptyObject(l.value)
		unchanged := s.owned[l.pointer].means(want, s.state.digestAt(l.pointer, empty))
		if unchanged && set[l.pointer] {
			t.Fatalf("%s is sent, but the plan does not change it", l.pointer)
		}
		if !unchanged && !s.owned[l.pointer].means(want, result.digestAt(l.pointer, empty)) {
			t.Fatalf("%s is not as planned: %s", l.pointer, afterText)
		}
	}
	decision := Plan(s.owned, s.config, s.state)
	for pointer, value := range before {
		if now, there := after[pointer]; there && now == value {
			continue
		}
		byPlan := set[pointer]
		for p := range set {
			byPlan = byPlan || related(p, pointer)
		}
		for p := range s.owned {
			byPlan = byPlan || p == pointer && value == "{}" && s.owned.isEmptyObject(p) && !s.config.isLeaf(p)
			byPlan = byPlan || (p == pointer || strings.HasPrefix(pointer, p+"/")) && slices.ContainsFunc(decision.Removed, func(r string) bool { return related(r, pointer) })
		}
		if !byPlan {
			t.Fatalf("%s went from %s to %s, and nothing planned it: %v", pointer, value, after[pointer], operations)
		}
	}
	for pointer, value := range after {
		if _, there := before[pointer]; !there && planned[pointer] != value && value != "{}" {
			t.Fatalf("%s appeared", pointer)
		}
	}
	for _, pointer := range decision.Removed {
		if _, isOwned := s.owned[pointer]; isOwned && !s.owned.isEmptyObject(pointer) && after[pointer] != "" && !decision.Keep {
			t.Fatalf("%s should be removed: %s", pointer, afterText)
		}
	}
	if again, err := change.Operations(result, nil); err != nil || len(again) > 0 {
		t.Fatalf("applied, and yet %v, %v", again, err)
	}
}

// lawConflict: a conflict names leaves that somebody changed, or that only the
// server has, and right after a refresh there are none of the first kind.
func lawConflict(t tester, s scene, err error) {
	t.Helper()
	var conflict *ConflictError
	if !errors.As(err, &conflict) || len(conflict.Pointers) == 0 {
		t.Fatalf("error %v", err)
	}
	for _, pointer := range conflict.Pointers {
		pointer = strings.TrimPrefix(nfc(pointer), "/customization")
		if s.live.digestAt(pointer, false) == s.state.digestAt(pointer, false) && s.owned[pointer] == (Pair{}) {
			t.Fatalf("%s is a conflict, and did not change", pointer)
		}
	}
	for _, pointer := range conflict.Unseen {
		if !slices.Contains(conflict.Pointers, pointer) {
			t.Fatalf("%s is unseen, and no conflict", pointer)
		}
	}
	// A new plan must help.
	s.state = Read(s.owned, s.state, s.live)
	_, err = Change{Path: "/customization", Plan: s.config, State: s.state, Owned: s.owned}.Operations(s.live, nil)
	if errors.As(err, &conflict) && !slices.Equal(conflict.Pointers, conflict.Unseen) {
		t.Fatalf("conflicts after a refresh: %q, of them unseen %q", conflict.Pointers, conflict.Unseen)
	}
	// And a leaf that an earlier attempt may have sent is none.
	if _, err := (Change{Plan: s.config, State: s.state, Owned: s.owned}).Operations(s.live, func(string) bool { return true }); err != nil {
		t.Fatalf("%v", err)
	}
}

// lawRenew: only what is configured is claimed, nothing stands above anything
// else, and the record comes back from its encoding.
func lawRenew(t tester, s scene) {
	t.Helper()
	for _, plan := range []*Object{s.config, s.state} {
		for _, wanted := range []*Object{s.config, nil} {
			change := Change{Config: wanted, Plan: plan, State: s.state, Owned: s.owned}
			renewed, _ := change.Renew(func(pointer string) bool { return len(pointer)%2 == 0 }, s.live, s.live)
			if !renewed.valid() {
				t.Fatalf("owned leaves stand above one another: %v", slices.Sorted(maps.Keys(renewed)))
			}
			for pointer := range renewed {
				if _, was := s.owned[pointer]; !was && !wanted.isLeaf(pointer) {
					t.Fatalf("%s is claimed, and nobody configured it", pointer)
				}
			}
			for pointer, pair := range s.owned {
				if kept, ok := renewed[pointer]; wanted == nil && (!ok || kept != pair) {
					t.Fatalf("%s is no longer owned", pointer)
				}
			}
			record := &Record{Objects: map[string]Owned{"limits": renewed}, Settings: map[string]*Pair{}}
			if back := DecodeRecord(record.Encode()); back == nil || !maps.Equal(back.Owned("limits"), renewed) {
				t.Fatalf("%s became %v", record.Encode(), back)
			}
		}
	}
}

// Order of keys, spelling of numbers and Unicode form never matter.
func TestOrderNeverMatters(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := genObject(3).Draw(t, "a")
		one, two := config(t, render(t, a, false)), config(t, render(t, a, true))
		if !Equal(one, two) || one.Text() != two.Text() {
			t.Fatalf("%s and %s", one.Text(), two.Text())
		}
		b := genNear(a, 3).Draw(t, "b")
		other := config(t, render(t, b, false))
		same := maps.Equal(flatten(t, one.Text()), flatten(t, other.Text()))
		if Equal(one, other) != same || (one.Text() == other.Text()) != same {
			t.Fatalf("%s and %s", one.Text(), other.Text())
		}
		flat := flatten(t, render(t, a, true))
		if pointers := one.Pointers(); len(flat) != len(pointers) || slices.ContainsFunc(pointers, func(p string) bool { return flat[p] == "" }) {
			t.Fatalf("leaves %q, want %v", pointers, flat)
		}
	})
}
