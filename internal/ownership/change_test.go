package ownership

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// world is one object with a configuration, a state, and people who edit it. It asserts laws and
// predicts no state.
type world struct {
	live    *Document
	version int
	lower   bool // the server stores texts in lower case
	echo    bool // the answer to a write is the request, and reads show what is stored
	drop    bool // the server drops every key "c"
	config  *Document
	state   *Document
	private []byte
	wrote   map[string]bool // pointers that Terraform ever wrote or removed
}

func (w *world) record() *Record { return DecodeRecord(w.private) }

func (w *world) stamp() string { return strings.Repeat("v", w.version) }

// stored is what the server makes of a document. It makes nothing more of what it made: a server that
// changes a value at a write of another one looks like somebody who edits.
func (w *world) stored(d *Document) *Document {
	changed := d
	for _, l := range appendLeaves(nil, "", d.root()) {
		value := l.value
		if s, ok := value.(string); ok && w.lower {
			value = strings.ToLower(s)
		}
		if w.drop && strings.HasSuffix(l.pointer, "/c") {
			value = nil
		}
		if !equal(value, l.value) {
			changed = changed.With(l.pointer, value)
		}
	}
	if changed != d {
		return w.stored(changed)
	}
	return changed
}

func (w *world) refresh() {
	record := w.record()
	shown, renewed := record.Read(testSchema, w.state, w.live, w.stamp())
	w.state = shown
	if renewed != nil {
		w.private = renewed.Encode()
	}
}

// plan is the planned document, and whether anything changes.
func (w *world) plan() (planned *Document, changes bool) {
	planned = w.state
	for _, policy := range testSchema {
		if _, found := w.config.At(policy.At); !found {
			continue
		}
		decision := w.record().Plan(testSchema, policy.At, w.config, w.state)
		if decision.Keep {
			continue
		}
		changes = true
		planned = w.replace(planned, policy)
	}
	return planned, changes
}

// replace takes the part of one argument from the configuration. What other arguments have inside
// it stays.
func (w *world) replace(planned *Document, policy Policy) *Document {
	if policy.Leaf {
		value, _ := w.config.At(policy.At)
		return planned.With(policy.At, value)
	}
	inner, found := planned.At("/layers/tts/id")
	value, _ := w.config.With("/layers/tts/id", nil).At(policy.At)
	planned = planned.With(policy.At, value)
	if found {
		planned = planned.With("/layers/tts/id", inner)
	}
	return planned
}

// apply is a whole apply. It reports whether it came to an end without a conflict.
func (w *world) apply(t tester) bool {
	w.refresh()
	planned, changes := w.plan()
	if !changes {
		return true
	}
	change := Change{Schema: testSchema, Record: w.record(), Config: w.config, Plan: planned, State: w.state, Managed: managed(w.config)}
	before := w.live
	operations, err := change.Patch(before, nil)
	if err != nil {
		var conflict *ConflictError
		if !errors.As(err, &conflict) || !slices.Equal(conflict.Pointers, conflict.Unseen) {
			t.Fatalf("right after a refresh: %v", err)
		}
		return false
	}
	result := applied(t, before, operations)
	for _, o := range operations {
		w.wrote[o.Path] = true
	}
	answer := w.stored(result)
	if len(operations) > 0 {
		w.live, w.version = answer, w.version+1
	}
	if w.echo {
		answer = result
	}
	record, _, _ := change.RecordAfter(operations, before, answer, w.stamp())
	w.private, w.state = record.Encode(), planned
	if DecodeRecord(w.private) == nil {
		t.Fatalf("the record does not come back: %s", w.private)
	}
	return true
}

func genWorld() *rapid.Generator[*world] {
	return rapid.Custom(func(t *rapid.T) *world {
		w := &world{
			version: 1, wrote: map[string]bool{}, lower: rapid.Bool().Draw(t, "lower"), echo: rapid.Bool().Draw(t, "echo"),
			drop: rapid.IntRange(0, 3).Draw(t, "drop") == 0, config: genDocument().Draw(t, "config"),
		}
		w.live = w.stored(genDocument().Draw(t, "live"))
		if rapid.Bool().Draw(t, "imported") {
			w.state = w.live
			return w
		}
		// Created by Terraform.
		w.live = w.stored(w.config)
		answer := w.live
		if w.echo {
			answer = w.config
		}
		change := Change{Schema: testSchema, Config: w.config, Plan: w.config, Managed: managed(w.config)}
		record, _, _ := change.RecordAfter(nil, nil, answer, w.stamp())
		w.private, w.state = record.Encode(), w.config
		for pointer := range flat(w.config) {
			w.wrote[pointer] = true
		}
		return w
	})
}

// After any apply, plan and refresh are empty. What Terraform never wrote is as people left it.
func TestChange_RandomLives(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := genWorld().Draw(t, "world")
		for range rapid.IntRange(1, 6).Draw(t, "steps") {
			if rapid.Bool().Draw(t, "edit") {
				w.live = w.stored(genNear(w.live).Draw(t, "portal"))
				w.version++
			}
			if rapid.Bool().Draw(t, "configure") {
				w.config = genNear(w.config).Draw(t, "config")
			}
			before := flat(w.live)
			if !w.apply(t) {
				continue // only the server has what would be lost
			}
			w.refresh()
			shown := w.state
			w.refresh()
			if !Equal(shown, w.state) {
				t.Fatalf("a second refresh shows %s instead of %s", w.state.Text(), shown.Text())
			}
			if _, changes := w.plan(); changes {
				t.Fatalf("the next plan is not empty: config %s, state %s, live %s, record %s", w.config.Text(), w.state.Text(), w.live.Text(), w.private)
			}
			after := flat(w.live)
			for pointer, value := range before {
				if after[pointer] == value || w.drop && strings.HasSuffix(pointer, "/c") {
					continue
				}
				if !slices.ContainsFunc(slices.Collect(maps.Keys(w.wrote)), func(p string) bool { return isRelated(p, pointer) }) {
					t.Fatalf("%s was %s, Terraform never wrote it, and now the server has %s", pointer, value, w.live.Text())
				}
			}
		}
	})
}

// A patch touches what the plan changes, and nothing else; applied, it leaves nothing to do.
func TestChange_PatchDoesWhatThePlanShows(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := genWorld().Draw(t, "world")
		w.refresh()
		if rapid.Bool().Draw(t, "meanwhile") {
			w.live = genNear(w.live).Draw(t, "edited")
		}
		w.config = genNear(w.config).Draw(t, "config")
		planned, _ := w.plan()
		change := Change{Schema: testSchema, Record: w.record(), Config: w.config, Plan: planned, State: w.state, Managed: managed(w.config)}
		operations, err := change.Patch(w.live, nil)
		if err != nil {
			// What an earlier attempt may have written is no conflict.
			var conflict *ConflictError
			if !errors.As(err, &conflict) || len(conflict.Pointers) == 0 {
				t.Fatalf("%v", err)
			}
			var attempted []Operation
			for _, pointer := range conflict.Pointers {
				attempted = append(attempted, Operation{Path: pointer})
			}
			if _, err := change.Patch(w.live, attempted); err != nil {
				t.Fatalf("attempted, and yet %v", err)
			}
			return
		}
		result := applied(t, w.live, operations)
		if own, err := w.live.Apply(operations); err != nil || !Equal(own, result) {
			t.Fatalf("Apply makes %s, %v instead of %s", own.Text(), err, result.Text())
		}
		before, after := flat(w.live), flat(result)
		for pointer, value := range before {
			if after[pointer] != value && !slices.ContainsFunc(operations, func(o Operation) bool { return isRelated(o.Path, pointer) }) {
				t.Fatalf("%s went from %s to %s by %v", pointer, value, after[pointer], operations)
			}
		}
		if again, err := change.Patch(result, operations); err != nil || len(again) > 0 {
			t.Fatalf("applied, and yet %v, %v (live %s)", again, err, result.Text())
		}
	})
}

func TestChange_Patch(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		state, config, live string
		owned               string // leaves that Terraform wrote, as a document
		want                string // operations
	}{
		"a leaf changes":                      {state: `{"layers":{"a":"x"}}`, config: `{"layers":{"a":"y"}}`, live: `{"layers":{"a":"x","b":1}}`, want: "add /layers/a"},
		"missing objects one by one":          {state: `{}`, config: `{"layers":{"a":{"b":{"d":1}}}}`, live: `{}`, want: "add /layers, add /layers/a, add /layers/a/b, add /layers/a/b/d"},
		"a block that is null":                {state: `{}`, config: `{"layers":{"a":{"b":1}}}`, live: `{"layers":{"a":null}}`, want: "add /layers/a, add /layers/a/b"},
		"the server has it already":           {state: `{"name":"a"}`, config: `{"name":"b"}`, live: `{"name":"b"}`},
		"the ends of lines":                   {state: `{"name":"a\nb"}`, config: `{"name":"a\r\nb"}`, live: `{"name":"a\nb"}`},
		"a name is cleared":                   {state: `{"name":"a"}`, config: `{"name":""}`, live: `{"name":"a"}`, want: "add /name"},
		"a url is cleared by a removal":       {state: `{"url":"a"}`, config: `{"url":""}`, live: `{"url":"a"}`, want: "remove /url"},
		"the order of a set":                  {state: `{"tags":["a","b"]}`, config: `{"tags":["b","a"]}`, live: `{"tags":["a","b"]}`},
		"a set":                               {state: `{"tags":["a"]}`, config: `{"tags":["b","a"]}`, live: `{"tags":["a"]}`, want: "add /tags"},
		"an owned key goes":                   {state: `{"layers":{"a":1,"b":2}}`, config: `{"layers":{"a":1}}`, live: `{"layers":{"a":1,"b":2,"c":3}}`, owned: `{"layers":{"a":1,"b":2}}`, want: "remove /layers/b"},
		"with the object that it leaves":      {state: `{"layers":{"a":1,"b":{"d":2}}}`, config: `{"layers":{"a":1}}`, live: `{"layers":{"a":1,"b":{"d":2}}}`, owned: `{"layers":{"a":1,"b":{"d":2}}}`, want: "remove /layers/b/d, remove /layers/b"},
		"not with what a person put beside":   {state: `{"layers":{"a":1,"b":{"d":2}}}`, config: `{"layers":{"a":1}}`, live: `{"layers":{"a":1,"b":{"d":2,"e":1}}}`, owned: `{"layers":{"a":1,"b":{"d":2}}}`, want: "remove /layers/b/d"},
		"the argument itself stays":           {state: `{"layers":{"a":1}}`, config: `{"layers":{}}`, live: `{"layers":{"a":1}}`, owned: `{"layers":{"a":1}}`, want: "remove /layers/a"},
		"a key of the portal stays":           {state: `{"layers":{"a":1,"b":2}}`, config: `{"layers":{"a":3}}`, live: `{"layers":{"a":1,"b":2}}`, want: "add /layers/a"},
		"gone already":                        {state: `{"layers":{"a":1,"b":2}}`, config: `{"layers":{"a":1}}`, live: `{"layers":{"a":1}}`, owned: `{"layers":{"a":1,"b":2}}`},
		"a leaf inside is its own argument":   {state: `{"layers":{"a":1,"tts":{"id":"v1"}}}`, config: `{"layers":{"a":2,"tts":{"id":"v2"}}}`, live: `{"layers":{"a":1,"tts":{"id":"v1","k":1}}}`, want: "add /layers/a, add /layers/tts/id"},
		"a scalar becomes an object":          {state: `{"layers":{"a":1}}`, config: `{"layers":{"a":{"b":1}}}`, live: `{"layers":{"a":1}}`, want: "add /layers/a, add /layers/a/b"},
		"an object becomes a scalar":          {state: `{"layers":{"a":{"b":1}}}`, config: `{"layers":{"a":2}}`, live: `{"layers":{"a":{"b":1}}}`, want: "add /layers/a"},
		"an unseen key is not lost":           {state: `{"layers":{"a":{"b":1}}}`, config: `{"layers":{"a":2}}`, live: `{"layers":{"a":{"b":1,"mine":1}}}`, want: "conflict /layers/a/mine unseen /layers/a/mine"},
		"an unseen scalar in the way":         {state: `{}`, config: `{"layers":{"a":{"b":1}}}`, live: `{"layers":{"a":"mine"}}`, want: "conflict /layers/a unseen /layers/a"},
		"somebody changed the same leaf":      {state: `{"layers":{"a":1}}`, config: `{"layers":{"a":2}}`, live: `{"layers":{"a":3}}`, want: "conflict /layers/a"},
		"somebody changed the same name":      {state: `{"name":"a"}`, config: `{"name":"b"}`, live: `{"name":"c"}`, want: "conflict /name"},
		"the server dropped what goes":        {state: `{"name":"a","tags":["a","b"]}`, config: `{"name":"c","tags":["b","c"]}`, live: `{"tags":["b"]}`, want: "add /name, add /tags"},
		"somebody dropped what stays":         {state: `{"tags":["a","b"]}`, config: `{"tags":["b","c"]}`, live: `{"tags":["a"]}`, want: "conflict /tags"},
		"somebody added one":                  {state: `{"tags":["a","b"]}`, config: `{"tags":["b","c"]}`, live: `{"tags":["b","mine"]}`, want: "conflict /tags"},
		"a leaf that the state does not show": {state: `{"layers":{"a":1}}`, config: `{"layers":{"a":1,"b":2}}`, live: `{"layers":{"a":1,"b":9}}`, want: "add /layers/b"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var record *Record
			if test.owned != "" {
				owned := config(t, test.owned)
				record, _, _ = (&Change{Schema: testSchema, Config: owned, Plan: owned, Managed: managed(owned)}).RecordAfter(nil, nil, owned, "")
			}
			wanted := config(t, test.config)
			change := Change{Schema: testSchema, Record: record, Config: wanted, Plan: wanted, State: config(t, test.state), Managed: managed(wanted)}
			operations, err := change.Patch(server(t, test.live), nil)
			var texts []string
			for _, o := range operations {
				texts = append(texts, o.String())
			}
			got := strings.Join(texts, ", ")
			var conflict *ConflictError
			if errors.As(err, &conflict) {
				got = "conflict " + strings.Join(conflict.Pointers, " ")
				if len(conflict.Unseen) > 0 {
					got += " unseen " + strings.Join(conflict.Unseen, " ")
				}
			}
			if got != test.want {
				t.Errorf("%q instead of %q", got, test.want)
			}
		})
	}
}

func TestChange_RecordAfterTellsWhatTheServerMadeOfIt(t *testing.T) {
	t.Parallel()
	state, wanted := config(t, `{"layers":{"a":"x"}}`), config(t, `{"layers":{"a":"Y","b":"z"}}`)
	before, after := server(t, `{"layers":{"a":"x","b":"mine"}}`), server(t, `{"layers":{"a":"y","b":"z"}}`)
	change := Change{Schema: testSchema, Config: wanted, Plan: wanted, State: state, Managed: managed(wanted)}
	operations, err := change.Patch(before, nil)
	if err != nil {
		t.Fatal(err)
	}
	record, altered, overwritten := change.RecordAfter(operations, before, after, "v1")
	if !slices.Equal(altered, []string{"/layers/a"}) || !slices.Equal(overwritten, []string{"/layers/b"}) {
		t.Errorf("altered %v, overwritten %v", altered, overwritten)
	}
	shown, _ := record.Read(testSchema, wanted, after, "v1")
	if !Equal(shown, wanted) {
		t.Errorf("the state shows %s", shown.Text())
	}
}

// A server may drop an object that a removal leaves empty. That is its answer to the empty object of the
// configuration.
func TestChange_RecordAfterARemovalThatLeavesAnObjectEmpty(t *testing.T) {
	t.Parallel()
	wide, narrow := config(t, `{"layers":{"a":{"b":1}}}`), config(t, `{"layers":{"a":{}}}`)
	record, _, _ := (&Change{Schema: testSchema, Config: wide, Plan: wide, Managed: managed(wide)}).RecordAfter(nil, nil, wide, "")
	change := Change{Schema: testSchema, Record: record, Config: narrow, Plan: narrow, State: wide, Managed: managed(narrow)}
	operations, err := change.Patch(wide, nil)
	if err != nil || len(operations) != 1 {
		t.Fatal(operations, err)
	}
	after := server(t, `{"layers":{}}`)
	record, altered, _ := change.RecordAfter(operations, wide, after, "")
	shown, _ := record.Read(testSchema, narrow, after, "")
	if !Equal(shown, narrow) || !slices.Equal(altered, []string{"/layers/a"}) {
		t.Errorf("the state shows %s, altered %v", shown.Text(), altered)
	}
}

func TestChange_Repeats(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		wrote, stamp, state, wants string
		want                       bool
	}{
		"sent again":                     {`{"layers":{"a":1}}`, "", `{"layers":{"a":2}}`, `{"layers":{"a":1}}`, true},
		"with an object around it":       {`{"layers":{"a":1}}`, "", `{}`, `{"layers":{"a":1}}`, true},
		"the answer was known":           {`{"layers":{"a":1}}`, "v1", `{"layers":{"a":2}}`, `{"layers":{"a":1}}`, false},
		"another value":                  {`{"layers":{"a":1}}`, "", `{"layers":{"a":1}}`, `{"layers":{"a":3}}`, false},
		"with a leaf that was not sent":  {`{"layers":{"a":1}}`, "", `{"layers":{"a":2}}`, `{"layers":{"a":1,"b":2}}`, false},
		"nothing":                        {`{"layers":{"a":1}}`, "", `{"layers":{"a":1}}`, `{"layers":{"a":1}}`, false},
		"nothing is known of the object": {"", "", `{"layers":{"a":2}}`, `{"layers":{"a":1}}`, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var record *Record
			if wrote := config(t, test.wrote); wrote != nil {
				record, _, _ = (&Change{Schema: testSchema, Config: wrote, Plan: wrote, Managed: managed(wrote)}).RecordAfter(nil, nil, wrote, test.stamp)
			}
			wants, state := config(t, test.wants), config(t, test.state)
			change := Change{Schema: testSchema, Record: record, Config: wants, Plan: wants, State: state, Managed: managed(wants)}
			operations, err := change.Patch(state, nil)
			if got := change.Repeats(operations); err != nil || got != test.want {
				t.Errorf("%v for %v, %v", got, operations, err)
			}
		})
	}
}

// A value that was edited between the refresh and a write of something else must not count as the
// server's form of what was sent.
func TestChange_StampOfAWriteBesideAnEdit(t *testing.T) {
	t.Parallel()
	wanted := config(t, `{"layers":{"a":"x","b":"y"}}`)
	record, _, _ := (&Change{Schema: testSchema, Config: wanted, Plan: wanted, Managed: managed(wanted)}).RecordAfter(nil, nil, wanted, "v1")
	next := config(t, `{"layers":{"a":"x","b":"z"}}`)
	before := server(t, `{"layers":{"a":"edited","b":"y"}}`)
	change := Change{Schema: testSchema, Record: record, Config: next, Plan: next, State: wanted, Managed: managed(next)}
	operations, err := change.Patch(before, nil)
	if err != nil {
		t.Fatal(err)
	}
	after := applied(t, before, operations)
	record, _, _ = change.RecordAfter(operations, before, after, "v3")
	shown, _ := record.Read(testSchema, next, after, "v3")
	if value, _ := shown.At("/layers/a"); value != "edited" {
		t.Errorf("the edit is hidden: %s", shown.Text())
	}
}

// Under ignore_changes the plan has what the state shows, and the configuration something else.
func TestChange_IgnoredChangesAreNotClaimed(t *testing.T) {
	t.Parallel()
	state, wanted := config(t, `{"layers":{"a":"x","mine":1}}`), config(t, `{"layers":{"a":"x","b":"ours"}}`)
	change := Change{Schema: testSchema, Config: wanted, Plan: state, State: state, Managed: managed(wanted)}
	record, _, _ := change.RecordAfter(nil, state, state, "v1")
	if got := slices.Sorted(maps.Keys(record.Pairs)); !slices.Equal(got, []string{"/layers/a"}) {
		t.Errorf("claimed %v", got)
	}
}
