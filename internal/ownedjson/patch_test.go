package ownedjson

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
)

type patchTest struct {
	owned             map[string]string // nil: no record
	plan, state, live string            // live "": the server holds no object
	want              string            // the operations
	after             string
	conflicts, unseen []string
}

func (p patchTest) change(t tester) Change {
	return Change{Path: "/customization", Plan: orNil(t, p.plan), State: orNil(t, p.state), Owned: pairs(t, p.owned)}
}

func (p patchTest) run(t *testing.T) {
	t.Helper()
	var live *Object
	if p.live != "" {
		live = server(t, p.live)
	}
	before := live.Text()
	operations, err := p.change(t).Operations(live, nil)
	if live.Text() != before {
		t.Error("Operations changed the document")
	}
	var conflict *ConflictError
	if errors.As(err, &conflict) {
		for i, pointer := range conflict.Pointers {
			conflict.Pointers[i] = strings.TrimPrefix(pointer, "/customization")
		}
		for i, pointer := range conflict.Unseen {
			conflict.Unseen[i] = strings.TrimPrefix(pointer, "/customization")
		}
		if !slices.Equal(conflict.Pointers, p.conflicts) || !slices.Equal(conflict.Unseen, p.unseen) {
			t.Fatalf("conflicts %q, unseen %q; want %q, %q", conflict.Pointers, conflict.Unseen, p.conflicts, p.unseen)
		}
		if len(operations) > 0 {
			t.Fatalf("operations beside a conflict: %v", operations)
		}
		return
	}
	if err != nil || len(p.conflicts) > 0 {
		t.Fatalf("error %v, want conflicts %q", err, p.conflicts)
	}
	var got []string
	for _, o := range operations {
		path, ok := strings.CutPrefix(o.Path, "/customization")
		if !ok {
			t.Fatalf("path %s", o.Path)
		}
		got = append(got, strings.TrimSpace(o.Op+" "+path+" "+string(o.Value)))
	}
	if strings.Join(got, "; ") != p.want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, "; "), p.want)
	}
	after := flatten(t, patched(t, p.live, operations))
	if want := flatten(t, p.after); !maps.Equal(after, want) {
		t.Errorf("after %v, want %v", after, want)
	}
}

func TestOperations(t *testing.T) {
	t.Parallel()
	type of = map[string]string
	tests := map[string]patchTest{
		"plan is null":                          {owned: of{"/a": `1`}, state: `{"a":1}`, live: `{"a":2}`, after: `{"a":2}`},
		"plan is the state":                     {owned: of{"/a": `1`}, plan: `{"a":1}`, state: `{"a":1.0}`, live: `{"a":2}`, after: `{"a":2}`},
		"set":                                   {plan: `{"a":1}`, state: `{}`, live: `{"b":2}`, want: `add /a 1`, after: `{"a":1,"b":2}`},
		"set, no object":                        {plan: `{"a":1}`, want: `add  {}; add /a 1`, after: `{"a":1}`},
		"set, null object":                      {plan: `{"a":1}`, live: `null`, want: `add  {}; add /a 1`, after: `{"a":1}`},
		"nothing to set, no object":             {plan: `{}`, state: `{"a":1}`},
		"set deep":                              {plan: `{"a":{"b":{"c":1,"d":2}}}`, state: `{}`, live: `{}`, want: `add /a {}; add /a/b {}; add /a/b/c 1; add /a/b/d 2`, after: `{"a":{"b":{"c":1,"d":2}}}`},
		"set beside the server's":               {plan: `{"a":{"b":1}}`, state: `{}`, live: `{"a":{"c":2}}`, want: `add /a/b 1`, after: `{"a":{"b":1,"c":2}}`},
		"set, already there":                    {plan: `{"a":{"b":1}}`, state: `{}`, live: `{"a":{"b":1.0}}`, after: `{"a":{"b":1.0}}`},
		"set into null":                         {plan: `{"a":{"b":1}}`, state: `{}`, live: `{"a":null}`, want: `add /a {}; add /a/b 1`, after: `{"a":{"b":1}}`},
		"set an empty object":                   {plan: `{"a":{}}`, state: `{}`, live: `{}`, want: `add /a {}`, after: `{"a":{}}`},
		"set an empty object, filled":           {plan: `{"a":{}}`, state: `{}`, live: `{"a":{"b":1}}`, after: `{"a":{"b":1}}`},
		"set an array":                          {owned: of{"/a": `[1]`}, plan: `{"a":[1,null,{"b":null}]}`, state: `{"a":[1]}`, live: `{"a":[1]}`, want: `add /a [1,null,{"b":null}]`, after: `{"a":[1,null,{"b":null}]}`},
		"change":                                {owned: of{"/a": `1`}, plan: `{"a":2}`, state: `{"a":1}`, live: `{"a":1}`, want: `add /a 2`, after: `{"a":2}`},
		"repair":                                {owned: of{"/a": `1`}, plan: `{"a":1}`, state: `{"a":2}`, live: `{"a":2}`, want: `add /a 1`, after: `{"a":1}`},
		"repair what is gone":                   {owned: of{"/a/b": `1`}, plan: `{"a":{"b":1}}`, state: `{}`, live: `{}`, want: `add /a {}; add /a/b 1`, after: `{"a":{"b":1}}`},
		"repair what bars":                      {owned: of{"/a/b": `1`}, plan: `{"a":{"b":1}}`, state: `{"a":5}`, live: `{"a":5}`, want: `add /a {}; add /a/b 1`, after: `{"a":{"b":1}}`},
		"repair an object":                      {owned: of{"/a": `1`}, plan: `{"a":1}`, state: `{"a":{"b":2}}`, live: `{"a":{"b":2}}`, want: `add /a 1`, after: `{"a":1}`},
		"change of two of three":                {owned: of{"/a": `1`, "/b": `1`, "/c": `1`}, plan: `{"a":2,"b":1,"c":2}`, state: `{"a":1,"b":1,"c":1}`, live: `{"a":1,"b":9,"c":2}`, want: `add /a 2`, after: `{"a":2,"b":9,"c":2}`},
		"normalised, the same is sent":          {owned: of{"/a": `"A" => "a"`}, plan: `{"a":"A","b":1}`, state: `{"a":"A"}`, live: `{"a":"a"}`, want: `add /b 1`, after: `{"a":"a","b":1}`},
		"normalised, repaired meanwhile":        {owned: of{"/a": `"A" => "a"`}, plan: `{"a":"A"}`, state: `{"a":"x"}`, live: `{"a":"a"}`, after: `{"a":"a"}`},
		"normalised, the answer is planned":     {owned: of{"/a": `"A" => "a"`}, plan: `{"a":"a"}`, state: `{"a":"A"}`, live: `{"a":"a"}`, after: `{"a":"a"}`},
		"normalised, changed":                   {owned: of{"/a": `"A" => "a"`}, plan: `{"a":"B"}`, state: `{"a":"A"}`, live: `{"a":"a"}`, want: `add /a "B"`, after: `{"a":"B"}`},
		"normalised into object, changed":       {owned: of{"/a": `"r" => {"n":"r"}`}, plan: `{"a":"b"}`, state: `{"a":"r"}`, live: `{"a":{"n":"r"}}`, want: `add /a "b"`, after: `{"a":"b"}`},
		"the same, to an object":                {owned: of{"/a": `"r" => {"n":"r"}`}, plan: `{"a":{"b":1}}`, state: `{"a":"r"}`, live: `{"a":{"n":"r"}}`, want: `add /a {}; add /a/b 1`, after: `{"a":{"b":1}}`},
		"normalised, but held as sent, changed": {owned: of{"/a": `"A" => "a"`}, plan: `{"a":"B"}`, state: `{"a":"A"}`, live: `{"a":"A"}`, want: `add /a "B"`, after: `{"a":"B"}`},
		"normalised, but held as sent, removed": {owned: of{"/a": `"A" => "a"`}, plan: `{}`, state: `{"a":"A"}`, live: `{"a":"A"}`, want: `remove /a`, after: `{}`},
		"dropped, changed":                      {owned: of{"/a": `1 =>`}, plan: `{"a":2}`, state: `{"a":1}`, live: `{}`, want: `add /a 2`, after: `{"a":2}`},

		"remove":                         {owned: of{"/a": `1`}, plan: `{}`, state: `{"a":1}`, live: `{"a":1,"b":2}`, want: `remove /a`, after: `{"b":2}`},
		"remove what drifted":            {owned: of{"/a": `1`}, plan: `{}`, state: `{"a":2}`, live: `{"a":2}`, want: `remove /a`, after: `{}`},
		"remove what became an object":   {owned: of{"/a": `1`}, plan: `{}`, state: `{"a":{"b":2}}`, live: `{"a":{"b":2}}`, want: `remove /a`, after: `{}`},
		"removed already":                {owned: of{"/a": `1`, "/b": `1`}, plan: `{"b":2}`, state: `{"a":1,"b":1}`, live: `{"b":1}`, want: `add /b 2`, after: `{"b":2}`},
		"removed already, no object":     {owned: of{"/a": `1`}, plan: `{}`, state: `{"a":1}`},
		"remove null":                    {owned: of{"/a": `1`, "/b": `1`}, plan: `{}`, state: `{"a":1,"b":1}`, live: `{"a":null,"b":1}`, want: `remove /b`, after: `{"a":null}`},
		"remove dropped":                 {owned: of{"/a": `1 =>`}, plan: `{}`, state: `{"a":1}`, live: `{}`, after: `{}`},
		"remove what is not shown":       {owned: of{"/a": `1`}, plan: `{"b":1}`, state: `{}`, live: `{"a":1}`, want: `add /b 1`, after: `{"a":1,"b":1}`},
		"not owned":                      {owned: of{}, plan: `{"b":1}`, state: `{"a":1}`, live: `{"a":1}`, want: `add /b 1`, after: `{"a":1,"b":1}`},
		"no record":                      {plan: `{"b":1}`, state: `{"a":1}`, live: `{"a":1}`, want: `add /b 1`, after: `{"a":1,"b":1}`},
		"remove with its objects":        {owned: of{"/a/b/c": `1`}, plan: `{}`, state: `{"a":{"b":{"c":1}}}`, live: `{"a":{"b":{"c":1}}}`, want: `remove /a/b/c; remove /a/b; remove /a`, after: `{}`},
		"remove two with their object":   {owned: of{"/a/b": `1`, "/a/c": `1`}, plan: `{}`, state: `{"a":{"b":1,"c":1}}`, live: `{"a":{"b":1,"c":1}}`, want: `remove /a/b; remove /a/c; remove /a`, after: `{}`},
		"remove, somebody's beside":      {owned: of{"/a/b/c": `1`}, plan: `{}`, state: `{"a":{"b":{"c":1}}}`, live: `{"a":{"b":{"c":1},"d":{}}}`, want: `remove /a/b/c; remove /a/b`, after: `{"a":{"d":{}}}`},
		"remove, a null beside":          {owned: of{"/a/b/c": `1`}, plan: `{}`, state: `{"a":{"b":{"c":1}}}`, live: `{"a":{"b":{"c":1,"d":null}}}`, want: `remove /a/b/c`, after: `{"a":{"b":{"d":null}}}`},
		"remove, a null above":           {owned: of{"/a/b/c": `1`}, plan: `{}`, state: `{"a":{"b":{"c":1}}}`, live: `{"a":{"d":null,"b":{"c":1}}}`, want: `remove /a/b/c; remove /a/b`, after: `{"a":{"d":null}}`},
		"remove, the object is planned":  {owned: of{"/a/b": `1`}, plan: `{"a":{}}`, state: `{"a":{"b":1}}`, live: `{"a":{"b":1}}`, want: `remove /a/b`, after: `{"a":{}}`},
		"remove, another is planned":     {owned: of{"/a/b": `1`, "/a/c": `2`}, plan: `{"a":{"c":2}}`, state: `{"a":{"b":1,"c":2}}`, live: `{"a":{"b":1}}`, want: `remove /a/b`, after: `{"a":{}}`},
		"remove one, set another":        {owned: of{"/a/b": `1`}, plan: `{"a":{"c":1}}`, state: `{"a":{"b":1}}`, live: `{"a":{"b":1}}`, want: `add /a/c 1; remove /a/b`, after: `{"a":{"c":1}}`},
		"remove an empty object":         {owned: of{"/a": `{}`}, plan: `{}`, state: `{"a":{}}`, live: `{"a":{}}`, want: `remove /a`, after: `{}`},
		"remove an empty object, filled": {owned: of{"/a": `{}`}, plan: `{}`, state: `{"a":{}}`, live: `{"a":{"b":1}}`, after: `{"a":{"b":1}}`},
		"remove an empty object, nulls":  {owned: of{"/a": `{}`}, plan: `{}`, state: `{"a":{}}`, live: `{"a":{"b":null}}`, after: `{"a":{"b":null}}`},
		"remove an array":                {owned: of{"/a": `[]`}, plan: `{}`, state: `{"a":[]}`, live: `{"a":[]}`, want: `remove /a`, after: `{}`},
		"remove what is barred":          {owned: of{"/a/b": `1`}, plan: `{}`, state: `{"a":5}`, live: `{"a":5}`, after: `{"a":5}`},

		"object of a scalar":            {owned: of{"/a": `1`}, plan: `{"a":{"b":1}}`, state: `{"a":1}`, live: `{"a":1}`, want: `add /a {}; add /a/b 1`, after: `{"a":{"b":1}}`},
		"object of a frozen scalar":     {owned: of{}, plan: `{"a":{"b":1}}`, state: `{"a":1}`, live: `{"a":2}`, want: `add /a {}; add /a/b 1`, after: `{"a":{"b":1}}`},
		"the same, object by now":       {owned: of{}, plan: `{"a":{"b":1}}`, state: `{"a":1}`, live: `{"a":{"c":2}}`, want: `add /a/b 1`, after: `{"a":{"b":1,"c":2}}`},
		"object of a scalar, gone":      {owned: of{"/a": `1`}, plan: `{"a":{"b":1}}`, state: `{"a":1}`, live: `{}`, want: `add /a {}; add /a/b 1`, after: `{"a":{"b":1}}`},
		"object of a drifted object":    {owned: of{"/a": `1`}, plan: `{"a":{"b":1}}`, state: `{"a":{"c":2}}`, live: `{"a":{"c":2}}`, want: `add /a/b 1`, after: `{"a":{"b":1,"c":2}}`},
		"object of an empty object":     {owned: of{"/a": `{}`}, plan: `{"a":{"b":1}}`, state: `{"a":{}}`, live: `{"a":{"c":2}}`, want: `add /a/b 1`, after: `{"a":{"b":1,"c":2}}`},
		"scalar of an object":           {owned: of{"/a/b": `1`, "/a/c": `2`}, plan: `{"a":5}`, state: `{"a":{"b":1,"c":2}}`, live: `{"a":{"b":1,"c":2}}`, want: `add /a 5`, after: `{"a":5}`},
		"scalar of an imported object":  {plan: `{"a":5}`, state: `{"a":{"b":1,"c":{}}}`, live: `{"a":{"b":1,"c":{}}}`, want: `add /a 5`, after: `{"a":5}`},
		"scalar of a frozen object":     {owned: of{}, plan: `{"a":5}`, state: `{"a":{"b":1}}`, live: `{"a":{"b":2}}`, want: `add /a 5`, after: `{"a":5}`},
		"scalar of an empty object":     {owned: of{"/a": `{}`}, plan: `{"a":5}`, state: `{"a":{}}`, live: `{"a":{}}`, want: `add /a 5`, after: `{"a":5}`},
		"array of an object, partly":    {owned: of{"/a/b/c": `1`}, plan: `{"a":{"b":[]}}`, state: `{"a":{"b":{"c":1}}}`, live: `{"a":{"b":{"c":1},"d":3}}`, want: `add /a/b []`, after: `{"a":{"b":[],"d":3}}`},
		"scalar of an object, drained":  {owned: of{"/a/b/c": `1`}, plan: `{"a":5}`, state: `{"a":{"b":{"c":1}}}`, live: `{"a":{"b":{}}}`, want: `add /a 5`, after: `{"a":5}`},
		"scalar of an object, replaced": {owned: of{"/a/b": `1`}, plan: `{"a":5}`, state: `{"a":{"b":1}}`, live: `{"a":5}`, after: `{"a":5}`},
		"scalar of an object, gone":     {owned: of{"/a/b": `1`}, plan: `{"a":5}`, state: `{"a":{"b":1,"c":1}}`, live: `{}`, want: `add /a 5`, after: `{"a":5}`},
		"scalar over an unseen scalar":  {owned: of{}, plan: `{"a":5}`, state: `{}`, live: `{"a":7}`, want: `add /a 5`, after: `{"a":5}`},

		"odd keys":     {owned: of{"/": `1`}, plan: `{"/":{"~":1,"~1":2},"${x}":"<>"}`, state: `{"":1}`, live: `{"":1}`, want: `add /${x} "\u003c\u003e"; add /~1 {}; add /~1/~0 1; add /~1/~01 2; remove /`, after: `{"${x}":"\u003c\u003e","/":{"~":1,"~1":2}}`},
		"NFD, set":     {owned: of{"/\u00e9/a": `1`}, plan: "{\"\u00e9\":{\"a\":2}}", state: "{\"\u00e9\":{\"a\":1}}", live: "{\"e\u0301\":{\"a\":1}}", want: "add /e\u0301/a 2", after: "{\"e\u0301\":{\"a\":2}}"},
		"NFD, set new": {plan: "{\"\u00e9\":{\"\u00e9\":2}}", state: "{\"\u00e9\":{}}", live: "{\"e\u0301\":{\"e\u0301x\":1}}", want: "add /e\u0301/\u00e9 2", after: "{\"e\u0301\":{\"\u00e9\":2,\"e\u0301x\":1}}"},
		"NFD, removed": {owned: of{"/\u00e9/~1\u00e9": `1`}, plan: `{}`, state: "{\"\u00e9\":{\"/\u00e9\":1}}", live: "{\"e\u0301\":{\"/e\u0301\":1}}", want: "remove /e\u0301/~1e\u0301; remove /e\u0301", after: `{}`},
		"NFD and NFC":  {owned: of{"/\u00e9": `1`}, plan: `{}`, state: "{\"\u00e9\":1}", live: "{\"e\u0301\":2,\"\u00e9\":1}", want: "remove /\u00e9", after: "{\"e\u0301\":2}"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.run(t)
		})
	}
}

func TestConflicts(t *testing.T) {
	t.Parallel()
	type of = map[string]string
	type at = []string
	tests := map[string]patchTest{
		"set, changed":                     {owned: of{"/a": `1`}, plan: `{"a":2}`, state: `{"a":1}`, live: `{"a":3}`, conflicts: at{"/a"}},
		"set, gone":                        {owned: of{"/a": `1`}, plan: `{"a":2}`, state: `{"a":1}`, live: `{}`, conflicts: at{"/a"}},
		"set, no object":                   {owned: of{"/a": `1`}, plan: `{"a":2}`, state: `{"a":1}`, conflicts: at{"/a"}},
		"set, back":                        {owned: of{"/a": `1`}, plan: `{"a":2}`, state: `{}`, live: `{"a":3}`, conflicts: at{"/a"}},
		"set, normalised, changed":         {owned: of{"/a": `"A" => "a"`}, plan: `{"a":"B"}`, state: `{"a":"A"}`, live: `{"a":"x"}`, conflicts: at{"/a"}},
		"set, dropped, appeared":           {owned: of{"/a": `1 =>`}, plan: `{"a":2}`, state: `{"a":1}`, live: `{"a":3}`, conflicts: at{"/a"}},
		"set, no record, changed":          {plan: `{"a":2}`, state: `{"a":1}`, live: `{"a":3}`, conflicts: at{"/a"}},
		"set, barred":                      {owned: of{"/a/b": `1`}, plan: `{"a":{"b":2}}`, state: `{"a":{"b":1}}`, live: `{"a":5}`, conflicts: at{"/a", "/a/b"}},
		"set beside, barred":               {owned: of{"/a/b": `1`}, plan: `{"a":{"b":1,"c":1}}`, state: `{"a":{"b":1}}`, live: `{"a":5}`, conflicts: at{"/a"}},
		"set, barred by another":           {owned: of{"/a/b": `1`}, plan: `{"a":{"b":1}}`, state: `{"a":5}`, live: `{"a":6}`, conflicts: at{"/a"}},
		"set, became an object":            {owned: of{"/a": `1`}, plan: `{"a":2}`, state: `{"a":1}`, live: `{"a":{"b":1}}`, conflicts: at{"/a"}},
		"object of a scalar, changed":      {owned: of{"/a": `1`}, plan: `{"a":{"b":1}}`, state: `{"a":1}`, live: `{"a":2}`, conflicts: at{"/a"}},
		"object of a scalar, an object":    {owned: of{"/a": `1`}, plan: `{"a":{"b":1}}`, state: `{"a":1}`, live: `{"a":{"c":1}}`, conflicts: at{"/a"}},
		"imported scalar, object now":      {plan: `{"a":{"b":1}}`, state: `{"a":1}`, live: `{"a":{"c":1}}`, conflicts: at{"/a"}},
		"drifted object, more in it":       {owned: of{"/a": `1`}, plan: `{"a":2}`, state: `{"a":{"b":1}}`, live: `{"a":{"b":1,"c":1}}`, conflicts: at{"/a"}},
		"scalar of an object, changed":     {owned: of{"/a/b": `1`}, plan: `{"a":5}`, state: `{"a":{"b":1}}`, live: `{"a":{"b":2}}`, conflicts: at{"/a/b"}},
		"scalar of an object, another":     {owned: of{"/a/b": `1`}, plan: `{"a":5}`, state: `{"a":{"b":1}}`, live: `{"a":6}`, conflicts: at{"/a"}},
		"remove, changed":                  {owned: of{"/a": `1`}, plan: `{}`, state: `{"a":1}`, live: `{"a":2}`, conflicts: at{"/a"}},
		"remove, normalised, changed":      {owned: of{"/a": `"A" => "a"`}, plan: `{}`, state: `{"a":"A"}`, live: `{"a":"x"}`, conflicts: at{"/a"}},
		"remove, changed again":            {owned: of{"/a": `1`}, plan: `{}`, state: `{"a":2}`, live: `{"a":1}`, conflicts: at{"/a"}},
		"remove, became an object":         {owned: of{"/a": `1`}, plan: `{}`, state: `{"a":1}`, live: `{"a":{"b":1}}`, conflicts: at{"/a"}},
		"remove an empty object, a scalar": {owned: of{"/a": `{}`}, plan: `{}`, state: `{"a":{}}`, live: `{"a":1}`, conflicts: at{"/a"}},
		"remove an empty object, another":  {owned: of{"/a": `{}`}, plan: `{}`, state: `{"a":1}`, live: `{"a":{"b":1}}`, conflicts: at{"/a"}},
		"both":                             {owned: of{"/a": `1`, "/b": `1`, "/c": `1`}, plan: `{"b":2,"c":1}`, state: `{"a":1,"b":1,"c":1}`, live: `{"a":2,"b":3,"c":4}`, conflicts: at{"/b", "/a"}},
		"spelled as the server does":       {owned: of{"/\u00e9": `1`}, plan: "{\"\u00e9\":2}", state: "{\"\u00e9\":1}", live: "{\"e\u0301\":3}", conflicts: at{"/e\u0301"}},

		"unseen scalar":             {owned: of{}, plan: `{"a":{"b":1}}`, state: `{}`, live: `{"a":7}`, conflicts: at{"/a"}, unseen: at{"/a"}},
		"unseen array, no record":   {plan: `{"a":{"b":1}}`, state: `{}`, live: `{"a":[]}`, conflicts: at{"/a"}, unseen: at{"/a"}},
		"unseen leaves":             {owned: of{}, plan: `{"a":5}`, state: `{}`, live: `{"a":{"b":1,"c":{"d":{}}}}`, conflicts: at{"/a/b", "/a/c/d"}, unseen: at{"/a/b", "/a/c/d"}},
		"unseen beside owned":       {owned: of{"/a/b": `1`}, plan: `{"a":5}`, state: `{"a":{"b":1}}`, live: `{"a":{"b":1,"c":2}}`, conflicts: at{"/a/c"}, unseen: at{"/a/c"}},
		"unseen beside imported":    {plan: `{"a":5}`, state: `{"a":{"b":1}}`, live: `{"a":{"b":1,"c":2}}`, conflicts: at{"/a/c"}, unseen: at{"/a/c"}},
		"unseen in an empty object": {owned: of{"/a": `{}`}, plan: `{"a":5}`, state: `{"a":{}}`, live: `{"a":{"c":2}}`, conflicts: at{"/a/c"}, unseen: at{"/a/c"}},
		"the same, imported":        {plan: `{"a":5}`, state: `{"a":{}}`, live: `{"a":{"c":2}}`, conflicts: at{"/a/c"}, unseen: at{"/a/c"}},
		"unseen in a frozen scalar": {owned: of{}, plan: `{"a":5}`, state: `{"a":1}`, live: `{"a":{"c":2}}`, conflicts: at{"/a/c"}, unseen: at{"/a/c"}},
		"frozen object, scalar now": {owned: of{}, plan: `{"a":{"b":1,"c":1}}`, state: `{"a":{"b":1}}`, live: `{"a":7}`, conflicts: at{"/a"}, unseen: at{"/a"}},
		"dropped, barred":           {owned: of{"/a/b": `1 =>`}, plan: `{"a":{"b":2}}`, state: `{"a":{"b":1}}`, live: `{"a":7}`, conflicts: at{"/a"}, unseen: at{"/a"}},
		"changed and unseen":        {owned: of{"/a/b": `1`}, plan: `{"a":5}`, state: `{"a":{"b":1}}`, live: `{"a":{"b":2,"c":2}}`, conflicts: at{"/a/b", "/a/c"}, unseen: at{"/a/c"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.run(t)
		})
	}
}

func TestSpell(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ live, pointer, want string }{
		"no object":           {"", "/\u00e9", "/\u00e9"},
		"NFC":                 {"{\"\u00e9\":1}", "/\u00e9/a", "/\u00e9/a"},
		"NFD":                 {"{\"e\u0301\":1}", "/\u00e9/a/\u00e9", "/e\u0301/a/\u00e9"},
		"inside":              {"{\"a/\":{\"e\u0301~\":1}}", "/a~1/\u00e9~0", "/a~1/e\u0301~0"},
		"another key":         {"{\"b\":{\"e\u0301\":1}}", "/a/\u00e9", "/a/\u00e9"},
		"both, NFC first":     {"{\"\u00e9\":{\"\u00e9\":1},\"e\u0301\":{\"e\u0301\":1}}", "/\u00e9/\u00e9", "/\u00e9/\u00e9"},
		"both, NFC last":      {"{\"e\u0301\":{\"e\u0301\":1},\"\u00e9\":{\"\u00e9\":1}}", "/\u00e9/\u00e9", "/\u00e9/\u00e9"},
		"the last of two NFD": {"{\"e\u0301\":{\"e\u0301\":1},\"e\u0301\":{\"\u00e9\":1}}", "/\u00e9/\u00e9", "/e\u0301/\u00e9"},
		"duplicate":           {"{\"a\":{\"e\u0301\":1},\"a\":{\"\u00e9\":1}}", "/a/\u00e9", "/a/\u00e9"},
		"in an array":         {"{\"a\":[{\"e\u0301\":1}]}", "/a/0/\u00e9", "/a/0/\u00e9"},
		"beside null":         {"{\"e\u0301\":{\"b\":null}}", "/\u00e9/b", "/e\u0301/b"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := server(t, test.live).spell(test.pointer); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
	live := server(t, `{"a":{"b":{"c":null}},"d":[{"e":null}],"f":{"g":1,"h":null},"f":{"g":1}}`)
	for pointer, want := range map[string]bool{"/a": false, "/a/b": true, "/a/b/c": false, "/d": false, "/f": false, "/x/y": false} {
		if got := live.hasNulls(pointer); got != want {
			t.Errorf("nulls at %s: %v", pointer, got)
		}
	}
	if (*Object)(nil).hasNulls("/a") {
		t.Error("nulls in no object")
	}
}

// A leaf that an earlier attempt may have sent is nobody's edit.
func TestUncheckedLeaves(t *testing.T) {
	t.Parallel()
	test := patchTest{owned: map[string]string{"/a": `1`, "/b": `1`}, plan: `{"a":2}`, state: `{"a":1,"b":1}`, live: `{"a":3,"b":3}`}
	unchecked := map[string]bool{"/customization/a": true}
	_, err := test.change(t).Operations(server(t, test.live), func(pointer string) bool { return unchecked[pointer] })
	var conflict *ConflictError
	if !errors.As(err, &conflict) || !slices.Equal(conflict.Pointers, []string{"/customization/b"}) {
		t.Fatalf("got %v", err)
	}
	unchecked["/customization/b"] = true
	operations, err := test.change(t).Operations(server(t, test.live), func(pointer string) bool { return unchecked[pointer] })
	if err != nil {
		t.Fatal(err)
	}
	if got := patched(t, test.live, operations); got != `{"a":2}` {
		t.Errorf("got %s", got)
	}
}

func TestOperationAndConflictInMessages(t *testing.T) {
	t.Parallel()
	operation := Operation{Op: "add", Path: "/customization/a", Value: json.RawMessage(`"hunter2"`)}
	if got := operation.String(); got != "add /customization/a" {
		t.Errorf("got %s", got)
	}
	conflict := &ConflictError{Pointers: []string{"/customization/a", "/customization/b"}}
	if got := conflict.Error(); !strings.HasSuffix(got, ": /customization/a, /customization/b") {
		t.Errorf("got %s", got)
	}
}
