package ownedjson

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"pgregory.net/rapid"
)

// fakeServer holds one object and answers as servers do: it takes a patch by the
// letter, and then makes of the result what it likes.
type fakeServer struct {
	text string // the object; "" where there is none
	// How it differs from a server that stores what it is sent:
	lower    bool // strings become lower case
	drop     bool // it drops every key "c"
	defaults bool // it fills in keys, and again when they are removed
	nulls    bool // an object without "b" gets "b": null
	empty    string
}

func genServer() *rapid.Generator[*fakeServer] {
	return rapid.Custom(func(t *rapid.T) *fakeServer {
		return &fakeServer{
			lower:    rapid.Bool().Draw(t, "lower case"),
			drop:     rapid.IntRange(0, 2).Draw(t, "drops c") == 0,
			defaults: rapid.Bool().Draw(t, "defaults"),
			nulls:    rapid.Bool().Draw(t, "nulls"),
			empty:    rapid.SampledFrom([]string{"{}", "null", ""}).Draw(t, "empty"),
		}
	})
}

func (f *fakeServer) object(t tester) *Object {
	if f.text == "" {
		return nil
	}
	return server(t, f.text)
}

// store takes a whole document, as a person saves it in the portal, or as a patch
// left it.
func (f *fakeServer) store(t tester, text string) {
	object := map[string]any{}
	if text != "" && text != "null" {
		members, ok := decoded(t, text).(map[string]any)
		if !ok {
			t.Fatalf("the server was left with %s", text)
		}
		object = members
	}
	f.normalise(object)
	if f.defaults {
		if _, there := object["b"]; !there {
			object["b"] = map[string]any{"a/b": "filled"}
		}
	}
	if f.text = f.empty; len(object) > 0 {
		data, err := json.Marshal(object)
		if err != nil {
			t.Fatalf("%v", err)
		}
		f.text = string(data)
	}
}

func (f *fakeServer) normalise(object map[string]any) {
	if f.drop {
		delete(object, "c")
	}
	for key, value := range object {
		switch value := value.(type) {
		case string:
			if f.lower {
				object[key] = strings.ToLower(value)
			}
		case map[string]any:
			f.normalise(value)
			if _, there := value["b"]; f.nulls && !there {
				value["b"] = nil
			}
		}
	}
}

// world is one deployment with a Terraform configuration, a state, and people who
// edit it, and a small model of who wrote what.
type world struct {
	server *fakeServer
	// Texts, "" for null. ignore is ignore_changes.
	config, state string
	ignore        bool
	private       []byte // the encoded record
	tried         Tried

	wrote map[string]bool   // leaves that Terraform ever wrote; false for empty objects
	other map[string]string // leaves on the server that Terraform never wrote
}

func (w *world) owned() Owned { return DecodeRecord(w.private).Owned("customization") }

// touched reports whether Terraform ever wrote the leaf, or one above or below. An
// empty object says nothing about what is inside it.
func (w *world) touched(pointer string) bool {
	for p, whole := range w.wrote {
		if p == pointer || strings.HasPrefix(p, pointer+"/") || whole && strings.HasPrefix(pointer, p+"/") {
			return true
		}
	}
	return false
}

// surviving checks that all that Terraform never wrote is as it was, and notes
// what is there now.
func (w *world) surviving(t tester) {
	t.Helper()
	now := flatten(t, w.server.text)
	for pointer, value := range w.other {
		if now[pointer] != value && !w.touched(pointer) {
			t.Fatalf("%s was %s, Terraform never wrote it, and now the server has %s", pointer, value, w.server.text)
		}
	}
	w.note(t)
}

func (w *world) note(t tester) {
	w.other = flatten(t, w.server.text)
	maps.DeleteFunc(w.other, func(pointer, _ string) bool { return w.touched(pointer) })
}

// edit is a person in the portal. What they set is theirs where Terraform never
// wrote.
func (w *world) edit(t *rapid.T) {
	object := map[string]any{}
	if w.server.text != "" && w.server.text != "null" {
		object, _ = decoded(t, w.server.text).(map[string]any)
	}
	w.server.store(t, render(t, genNear(object, 2).Draw(t, "edited"), rapid.Bool().Draw(t, "nfd")))
	w.note(t)
}

// refresh is what the provider's Read does.
func (w *world) refresh(t tester) {
	t.Helper()
	live := w.server.object(t)
	w.settle(t)
	w.follow(t)
	if w.state == "" {
		return
	}
	now := config(t, w.state)
	for pointer, pair := range w.owned() {
		empty := w.owned().isEmptyObject(pointer)
		held := live.digestAt(pointer, empty)
		if shown := now.digestAt(pointer, empty); held != pair.Answered && shown != held {
			t.Fatalf("%s was changed to %s, and the state shows %s", pointer, w.server.text, w.state)
		}
	}
}

// plan is what the provider's ModifyPlan does, behind Terraform's ignore_changes,
// which hands over the state as the configuration.
func (w *world) plan(t tester) (planned string, decision Decision) {
	t.Helper()
	wanted := w.config
	if w.ignore {
		wanted = w.state
	}
	if wanted == "" {
		return w.state, Decision{Keep: true}
	}
	if decision = Plan(w.owned(), config(t, wanted), orNil(t, w.state)); decision.Keep {
		return w.state, decision
	}
	return wanted, decision
}

// update is what the provider's Update does. It reports what was sent, and false
// for a conflict.
func (w *world) update(t tester, planned string) (sent map[string]bool, err error) {
	t.Helper()
	change, live, operations, sent, err := w.operations(t, planned)
	if err != nil {
		return nil, err
	}
	if len(operations) > 0 {
		w.take(t, live, operations)
	}
	renewed, _ := change.Renew(func(p string) bool { return sent[p] }, live, w.server.object(t))
	w.remember(t, renewed, planned)
	if w.tried = w.tried.Without(renewed); change.Owned == nil {
		w.tried = nil
	}
	return sent, nil
}

// operations are what an update sends, and what it is made from.
func (w *world) operations(t tester, planned string) (change Change, live *Object, operations []Operation, sent map[string]bool, err error) {
	t.Helper()
	change = Change{
		Path: "/customization", Config: orNil(t, w.config), Plan: orNil(t, planned), State: orNil(t, w.state), Owned: w.owned(),
	}
	live = w.server.object(t)
	operations, err = change.Operations(live, nil)
	sent = map[string]bool{}
	for _, o := range operations {
		sent[o.Path] = true
	}
	return change, live, operations, sent, err
}

// take lets the server carry out a patch.
func (w *world) take(t tester, live *Object, operations []Operation) {
	t.Helper()
	text := w.server.text
	if live == nil {
		text = "" // the document shows null, or nothing
	}
	w.server.store(t, patched(t, text, operations))
}

// tries is an update whose result nobody reads. taken tells whether the server took it.
func (w *world) tries(t tester, planned string, taken bool) {
	t.Helper()
	change, live, operations, sent, err := w.operations(t, planned)
	if err != nil || len(operations) == 0 {
		return
	}
	if w.tried == nil {
		w.tried = Tried{}
	}
	maps.Copy(w.tried, change.Tried(sent))
	if !taken {
		return
	}
	w.take(t, live, operations)
	for _, l := range change.Plan.leaves() {
		if sent[change.Path+live.spell(l.pointer)] {
			w.wrote[l.pointer] = w.wrote[l.pointer] || !isEmptyObject(l.value)
		}
	}
	w.surviving(t)
}

// settle is what the provider's Read does with what was left open.
func (w *world) settle(t tester) {
	t.Helper()
	if len(w.tried) == 0 {
		return
	}
	w.follow(t)
	before, tried, live := w.owned(), w.tried, w.server.object(t)
	record, open := DecodeRecord(w.private).Settle(map[string]Tried{"customization": tried}, map[string]*Object{"customization": live})
	w.tried = open["customization"]
	owned := record.Owned("customization")
	if owned == nil {
		return
	}
	for pointer, sent := range tried {
		_, is := owned[pointer]
		switch now := live.digestAt(pointer, sent == emptyObjectDigest || before.isEmptyObject(pointer)); {
		case sent == Absent && now == Absent && is:
			t.Fatalf("%s was removed, and is owned", pointer)
		case sent != Absent && now == sent && !is && !owned.region()[pointer]:
			t.Fatalf("%s was written, and is not owned", pointer)
		}
	}
	for pointer, pair := range owned {
		if _, was := before[pointer]; !was && live.digestAt(pointer, owned.isEmptyObject(pointer)) != tried[pointer] {
			t.Fatalf("%s is owned as %v, and the server has %s", pointer, pair, w.server.text)
		}
		w.wrote[pointer] = w.wrote[pointer] || !owned.isEmptyObject(pointer)
	}
	w.private = record.Encode()
	if !maps.Equal(w.owned(), owned) {
		t.Fatalf("%v became %v", owned, w.owned())
	}
	w.follow(t)
	state := orNil(t, w.state)
	for pointer, sent := range tried {
		if shown, _, _ := state.at(pointer); sent == Absent && shown != nil && live.digestAt(pointer, false) == Absent {
			t.Fatalf("%s is gone, and the state shows %s", pointer, w.state)
		}
	}
}

// follow shows in the state what the server holds.
func (w *world) follow(t tester) {
	t.Helper()
	owned, live := w.owned(), w.server.object(t)
	if w.state == "" && len(owned) == 0 {
		return
	}
	state := orNil(t, w.state)
	if now := Read(owned, state, live); !Equal(now, state) {
		w.state = now.Text()
	}
}

// remember saves state and record, and notes what Terraform wrote by that.
func (w *world) remember(t tester, renewed Owned, planned string) {
	t.Helper()
	record := &Record{Objects: map[string]Owned{"customization": renewed}}
	w.private = record.Encode()
	if !maps.Equal(w.owned(), renewed) {
		t.Fatalf("%v became %v", renewed, w.owned())
	}
	w.state = planned
	for pointer := range renewed {
		w.wrote[pointer] = w.wrote[pointer] || !renewed.isEmptyObject(pointer)
	}
	if wanted := orNil(t, w.config); !w.ignore && wanted != nil {
		for _, l := range wanted.leaves() {
			if _, isOwned := renewed[l.pointer]; !isOwned {
				t.Fatalf("%s was applied, and is not owned", l.pointer)
			}
		}
	}
	w.surviving(t)
}

// settled checks that nothing is left to do when nobody does anything.
func (w *world) settled(t tester, decision Decision) {
	t.Helper()
	state := w.state
	w.refresh(t)
	if len(decision.Claims) > 0 {
		return // nobody had looked at these leaves; the next plan shows what they are
	}
	if w.state != state {
		t.Fatalf("applied %s, and a refresh shows %s of %s", state, w.state, w.server.text)
	}
	if planned, again := w.plan(t); planned != w.state {
		t.Fatalf("applied %s, and the next plan is %s: %v", w.state, planned, again)
	}
}

// changes are the pointers of the leaves that the plan changes or removes.
func (w *world) changes(t tester, planned string) []string {
	t.Helper()
	plan, state, owned := orNil(t, planned), orNil(t, w.state), w.owned()
	if plan == nil || Equal(plan, state) {
		return nil
	}
	var pointers []string
	for _, l := range plan.leaves() {
		if !owned[l.pointer].means(digestOf(l.value, true), state.digestAt(l.pointer, isEmptyObject(l.value))) {
			pointers = append(pointers, l.pointer)
		}
	}
	for pointer := range owned {
		_, shown, _ := state.at(pointer)
		if _, kept, barrier := plan.at(pointer); shown && !kept && barrier == "" {
			pointers = append(pointers, pointer)
		}
	}
	slices.Sort(pointers)
	return pointers
}
