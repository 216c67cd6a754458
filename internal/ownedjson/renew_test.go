package ownedjson

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

func TestRenew(t *testing.T) {
	t.Parallel()
	type of = map[string]string
	tests := map[string]struct {
		owned               of     // nil: no record
		config, plan, state string // "": null
		sent                string // pointers inside the argument, "*" for all
		before, after       string
		want                of
		altered             string
	}{
		"created":                  {config: `{"a":"A","b":{"c":1},"d":{},"e":null}`, plan: `{"a":"A","b":{"c":1},"d":{}}`, sent: "*", after: `{"a":"A","b":{"c":1},"d":{}}`, want: of{"/a": `"A"`, "/b/c": `1`, "/d": `{}`}},
		"created, normalised":      {config: `{"a":"A","b":1,"d":{}}`, plan: `{"a":"A","b":1,"d":{}}`, sent: "*", after: `{"a":"a","d":{"x":1}}`, want: of{"/a": `"A" => "a"`, "/b": `1 =>`, "/d": `{}`}, altered: "/a /b"},
		"created without":          {sent: "*", after: `{"a":1}`, want: of{}},
		"sent":                     {owned: of{"/a": `1`}, config: `{"a":2}`, plan: `{"a":2}`, state: `{"a":1}`, sent: "/a", before: `{"a":1}`, after: `{"a":2}`, want: of{"/a": `2`}},
		"sent, changed meanwhile":  {owned: of{"/a": `1`}, config: `{"a":2}`, plan: `{"a":2}`, state: `{"a":1}`, sent: "/a", before: `{"a":1}`, after: `{"a":3}`, want: of{"/a": `2 => 3`}, altered: "/a"},
		"live had it already":      {owned: of{"/a": `1 => 9`}, config: `{"a":2}`, plan: `{"a":2}`, state: `{"a":1}`, before: `{"a":2}`, after: `{"a":2}`, want: of{"/a": `2`}},
		"not sent, kept":           {owned: of{"/a": `"A" => "a"`}, config: `{"a":"A"}`, plan: `{"a":"A"}`, state: `{"a":"A"}`, before: `{"a":"a"}`, after: `{"a":"a"}`, want: of{"/a": `"A" => "a"`}},
		"not sent, edited":         {owned: of{"/a": `1`}, config: `{"a":1,"b":2}`, plan: `{"a":1,"b":2}`, state: `{"a":1}`, sent: "/b", before: `{"a":9}`, after: `{"a":9,"b":2}`, want: of{"/a": `1`, "/b": `2`}},
		"plan shows the answer":    {owned: of{"/a": `"A" => "a"`}, config: `{"a":"A"}`, plan: `{"a":"a"}`, state: `{"a":"a"}`, before: `{"a":"a"}`, after: `{"a":"a"}`, want: of{"/a": `"A" => "a"`}},
		"claimed, not sent":        {config: `{"a":1}`, plan: `{"a":1,"b":2}`, state: `{"a":1,"b":2}`, before: `{"a":1}`, after: `{"a":1}`, want: of{"/a": `1`}},
		"claimed, edited":          {owned: of{}, config: `{"a":1}`, plan: `{"a":1,"b":2}`, state: `{"a":1,"b":2}`, before: `{"a":9}`, after: `{"a":9}`, want: of{"/a": `1`}},
		"claimed, live has it":     {owned: of{}, config: `{"a":1}`, plan: `{"a":1}`, state: `{}`, before: `{"a":1}`, after: `{"a":1}`, want: of{"/a": `1`}},
		"claimed, answer is shown": {owned: of{"/a": `"A" => "a"`}, config: `{"a":"A"}`, plan: `{"a":"A"}`, state: `{"a":"a"}`, before: `{"a":"b"}`, after: `{"a":"b"}`, want: of{"/a": `"A" => "a"`}},
		"removed":                  {owned: of{"/a": `1`, "/b": `2`}, config: `{"a":1}`, plan: `{"a":1}`, state: `{"a":1,"b":2}`, before: `{"a":1,"b":2}`, after: `{"a":1}`, want: of{"/a": `1`}},
		"removed, still there":     {owned: of{"/b": `2`}, config: `{}`, plan: `{}`, state: `{"b":2}`, before: `{"b":2}`, after: `{"b":3}`, want: of{}},
		"argument removed":         {owned: of{"/a": `1`, "/b": `2`}, plan: `{"a":1}`, state: `{"a":1}`, before: `{"a":1}`, after: `{"a":1}`, want: of{"/a": `1`, "/b": `2`}},
		"ignored":                  {owned: of{"/a": `1`}, config: `{"a":2,"b":2}`, plan: `{"a":1}`, state: `{"a":1}`, before: `{"a":1}`, after: `{"a":1}`, want: of{"/a": `1`}},
		"ignored, same":            {owned: of{}, config: `{"a":1,"b":3}`, plan: `{"a":1,"b":2}`, state: `{"a":1,"b":2}`, before: `{"a":1,"b":2}`, after: `{"a":1,"b":2}`, want: of{"/a": `1`}},
		"ignored, not configured":  {owned: of{"/a": `1`, "/b": `2`}, config: `{"a":1}`, plan: `{"a":1,"b":2}`, state: `{"a":1,"b":2}`, before: `{"a":1,"b":2}`, after: `{"a":1,"b":2}`, want: of{"/a": `1`, "/b": `2`}},
		"ignored, drifted":         {owned: of{"/a": `1`}, config: `{"b":1}`, plan: `{"a":{"x":1}}`, state: `{"a":{"x":1}}`, before: `{"a":{"x":1}}`, after: `{"a":{"x":1}}`, want: of{"/a": `1`}},
		"ignored, drifted, wanted": {owned: of{"/a": `1`}, config: `{"a":{"x":1}}`, plan: `{"a":{"x":1,"y":1}}`, state: `{"a":{"x":1,"y":1}}`, before: `{"a":{"x":1,"y":1}}`, after: `{"a":{"x":1,"y":1}}`, want: of{"/a/x": `1`}},
		"ignored, gone":            {owned: of{"/a": `1`}, config: `{"a":1}`, plan: `{}`, state: `{}`, before: `{}`, after: `{}`, want: of{"/a": `1`}},
		"ignored, gone for good":   {owned: of{"/a": `1`}, config: `{}`, plan: `{}`, state: `{}`, before: `{}`, after: `{}`, want: of{}},
		"ignored, empty above":     {owned: of{"/a/b/c": `1`}, config: `{"a":{}}`, plan: `{"a":{"b":{"c":1}}}`, state: `{"a":{"b":{"c":1}}}`, before: `{"a":{"b":{"c":1}}}`, after: `{"a":{"b":{"c":1}}}`, want: of{"/a/b/c": `1`}},
		"empty, then a leaf":       {owned: of{"/a": `{}`}, config: `{"a":{"b":1}}`, plan: `{"a":{"b":1}}`, state: `{"a":{}}`, sent: "/a/b", before: `{"a":{}}`, after: `{"a":{"b":1}}`, want: of{"/a/b": `1`}},
		"a leaf, then empty":       {owned: of{"/a/b": `1`}, config: `{"a":{}}`, plan: `{"a":{}}`, state: `{"a":{"b":1}}`, before: `{"a":{"b":1}}`, after: `{"a":{}}`, want: of{"/a": `{}`}},
		"an object, then a scalar": {owned: of{"/a/b": `1`}, config: `{"a":1}`, plan: `{"a":1}`, state: `{"a":{"b":1}}`, sent: "/a", before: `{"a":{"b":1}}`, after: `{"a":1}`, want: of{"/a": `1`}},
		"a scalar, then an object": {owned: of{"/a": `1`}, config: `{"a":{"b":1}}`, plan: `{"a":{"b":1}}`, state: `{"a":1}`, sent: "/a/b", before: `{"a":1}`, after: `{"a":{"b":1}}`, want: of{"/a/b": `1`}},
		"NFD on the server":        {owned: of{}, config: "{\"\u00e9\":\"A\"}", plan: "{\"\u00e9\":\"A\"}", state: `{}`, sent: "/e\u0301", before: "{\"e\u0301\":1}", after: "{\"e\u0301\":\"a\"}", want: of{"/\u00e9": `"A" => "a"`}, altered: "/e\u0301"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			change := Change{
				Path: "/limits", Config: orNil(t, test.config), Plan: orNil(t, test.plan), State: orNil(t, test.state),
				Owned: pairs(t, test.owned),
			}
			sent := func(pointer string) bool {
				inside, ok := strings.CutPrefix(pointer, "/limits")
				if !ok {
					t.Errorf("asked for %s", pointer)
				}
				return test.sent == "*" || slices.Contains(strings.Fields(test.sent), inside)
			}
			old := maps.Clone(change.Owned)
			got, altered := change.Renew(sent, server(t, test.before), server(t, test.after))
			if want := pairs(t, test.want); got == nil || !maps.Equal(got, want) {
				t.Errorf("got %v, want %v", got, want)
			}
			if !got.valid() {
				t.Errorf("owned leaves stand above one another: %v", got)
			}
			if s := strings.ReplaceAll(strings.Join(altered, " "), "/limits", ""); s != test.altered {
				t.Errorf("altered %s, want %s", s, test.altered)
			}
			if !maps.Equal(old, change.Owned) {
				t.Error("Renew changed the old record")
			}
		})
	}
}

func TestReplaced(t *testing.T) {
	t.Parallel()
	type of = map[string]string
	for name, test := range map[string]struct {
		owned               of
		plan, state, before string
		sent                string
		want                string
	}{
		"taken over":              {plan: `{"a":1,"b":2}`, state: `{"a":1}`, before: `{"a":1,"b":9}`, sent: "/b", want: "/b"},
		"taken over, the same":    {plan: `{"a":1,"b":2}`, state: `{"a":1}`, before: `{"a":1,"b":2.0}`, sent: "/b"},
		"not there":               {plan: `{"b":2}`, state: `{}`, before: `{"b":null}`, sent: "/b"},
		"not sent":                {plan: `{"b":2}`, state: `{}`, before: `{"b":9}`},
		"shown":                   {plan: `{"b":2}`, state: `{"b":9}`, before: `{"b":9}`, sent: "/b"},
		"frozen":                  {plan: `{"b":2}`, state: `{"b":8}`, before: `{"b":9}`, sent: "/b", want: "/b"},
		"shown as it was sent":    {owned: of{"/b": `"A" => "a"`}, plan: `{"b":"B"}`, state: `{"b":"A"}`, before: `{"b":"a"}`, sent: "/b"},
		"an object for an object": {plan: `{"b":{}}`, state: `{}`, before: `{"b":{"x":1}}`, sent: "/b"},
		"an object for a scalar":  {plan: `{"b":{}}`, state: `{}`, before: `{"b":1}`, sent: "/b", want: "/b"},
		"several":                 {plan: `{"a":1,"b":{"c":2}}`, state: `{}`, before: `{"a":9,"b":{"c":9}}`, sent: "/a /b/c", want: "/a /b/c"},
		"NFD on the server":       {plan: "{\"\u00e9\":1}", state: `{}`, before: "{\"e\u0301\":9}", sent: "/e\u0301", want: "/e\u0301"},
	} {
		change := Change{Path: "/limits", Plan: orNil(t, test.plan), State: orNil(t, test.state), Owned: pairs(t, test.owned)}
		got := change.Replaced(func(pointer string) bool {
			inside, _ := strings.CutPrefix(pointer, "/limits")
			return slices.Contains(strings.Fields(test.sent), inside)
		}, server(t, test.before))
		if s := strings.ReplaceAll(strings.Join(got, " "), "/limits", ""); s != test.want {
			t.Errorf("%s: %q, want %q", name, s, test.want)
		}
	}
}

func TestFreezes(t *testing.T) {
	t.Parallel()
	type of = map[string]string
	for _, test := range []struct {
		owned of
		state string
		want  bool
	}{
		{nil, `{"a":1}`, false},
		{of{}, `{"a":1}`, true},
		{of{"/a": `1`}, `{"a":1}`, false},
		{of{"/a": `1`}, `{"a":2}`, false},
		{of{"/a": `1`}, `{"a":1,"b":{"c":1}}`, true},
		{of{"/a": `1`}, `{}`, false},
		{of{}, "", false},
	} {
		if got := pairs(t, test.owned).Freezes(orNil(t, test.state)); got != test.want {
			t.Errorf("%v over %s: %t", test.owned, test.state, got)
		}
	}
}

func TestElsewhere(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		before, sent, after string
		want                bool
	}{
		{`{"a":1}`, "/a", `{"a":2}`, false},
		{`{"a":1}`, "/b", `{"a":2}`, true},
		{`{"a":1,"b":1}`, "/a", `{"a":2}`, true},
		{`{"a":1}`, "/a", `{"a":2,"b":1}`, true},
		{`{"a":1,"b":1.0}`, "/a", `{"b":1,"a":2}`, false},
		{`{"a":1}`, "/b", `{"a":1,"b":{"c":1}}`, false},
		{`{"b":{"c":1}}`, "/b", `{"b":2}`, false},
		{`{"b":{"c":1}}`, "/b/d", `{"b":{"c":2}}`, true},
		{`{"b":{}}`, "/a", `{"a":1,"b":{}}`, false},
		{`{"b":{}}`, "/a", `{"a":1,"b":{"c":1}}`, true},
		{`{"cafe\u0301":1}`, "/cafe\u0301", `{"cafe\u0301":2}`, false},
		{``, "", `{"a":1}`, false},
		{``, "/a", `{"a":1,"b":2}`, true},
		{`{"a":1}`, "/a", ``, false},
		{``, "/a", ``, false},
	} {
		var before, after *Object
		if c.before != "" {
			before = server(t, c.before)
		}
		if c.after != "" {
			after = server(t, c.after)
		}
		got := Change{Path: "/limits"}.Elsewhere(func(p string) bool { return p == "/limits"+c.sent }, before, after)
		if got != c.want {
			t.Errorf("%s, sent %q, %s: %t", c.before, c.sent, c.after, got)
		}
	}
}

// Under ignore_changes, what was owned and is still planned stays owned, beside leaves
// that are claimed.
func TestRenewKeepsWhatIsPlanned(t *testing.T) {
	t.Parallel()
	all := `{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1,"h":1,"i":1,"j":1}`
	change := Change{
		Path: "/limits", Config: config(t, `{"a":1,"b":1,"c":1,"d":1,"e":1}`), Plan: config(t, all), State: config(t, all), Owned: ownedBy(t, all),
	}
	renewed, _ := change.Renew(func(string) bool { return false }, server(t, all), server(t, all))
	if len(renewed) != 10 {
		t.Errorf("%d of ten leaves are owned", len(renewed))
	}
}
