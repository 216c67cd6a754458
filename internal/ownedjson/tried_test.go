package ownedjson

import (
	"maps"
	"slices"
	"testing"
)

func TestTried(t *testing.T) {
	t.Parallel()
	owned := ownedBy(t, `{"kept":1,"gone":1,"changed":1,"box":{"last":1}}`)
	change := Change{
		Path:   "/customization",
		Config: config(t, `{"kept":1,"changed":2,"new":"x","empty":{},"ignored":1,"unsent":1}`),
		Plan:   config(t, `{"kept":1,"changed":2,"new":"x","empty":{},"ignored":2,"unsent":1}`),
		State:  config(t, `{"kept":1,"gone":1,"changed":1,"box":{"last":1}}`),
		Owned:  owned,
	}
	sent := []string{"/changed", "/new", "/empty", "/ignored", "/gone", "/box/last"}
	tried := change.Tried(func(path string) bool {
		return slices.Contains(sent, path[len("/customization"):])
	}, server(t, `{"kept":1,"gone":1,"changed":1,"box":{"last":1}}`))
	want := Tried{
		"/new": digestOf("x", true), "/empty": emptyObjectDigest, "/gone": Absent, "/box/last": Absent,
	}
	if !maps.Equal(tried, want) {
		t.Errorf("%v, want %v", tried, want)
	}
}

func TestSettle(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		owned, tried, removed, live string
		want                        string // what is owned, as an object; "" for no record
	}{
		"taken":                   {`{"a":1}`, `{"b":2}`, ``, `{"a":1,"b":2}`, `{"a":1,"b":2}`},
		"not taken":               {`{"a":1}`, `{"b":2}`, ``, `{"a":1}`, `{"a":1}`},
		"somebody's value":        {`{"a":1}`, `{"b":2}`, ``, `{"a":1,"b":3}`, `{"a":1}`},
		"removed":                 {`{"a":1,"b":2}`, ``, `{"b":2}`, `{"a":1}`, `{"a":1}`},
		"not removed":             {`{"a":1,"b":2}`, ``, `{"b":2}`, `{"a":1,"b":2}`, `{"a":1,"b":2}`},
		"removed, and set again":  {`{"a":1,"b":2}`, ``, `{"b":2}`, `{"a":1,"b":3}`, `{"a":1,"b":2}`},
		"an empty object":         {`{}`, `{"b":{}}`, ``, `{"b":{"x":1}}`, `{"b":{}}`},
		"no empty object":         {`{}`, `{"b":{}}`, ``, `{"b":1}`, `{}`},
		"an empty object removed": {`{"b":{}}`, ``, `{"b":{}}`, `{}`, `{}`},
		"and one that was filled": {`{"b":{}}`, ``, `{"b":{}}`, `{"b":{"x":1}}`, `{"b":{}}`},
		"object for scalar":       {`{"a":1,"ab":1}`, `{"a":{"b":2}}`, ``, `{"a":{"b":2}}`, `{"a":{"b":2},"ab":1}`},
		"scalar for object":       {`{"a":{"b":2},"ab":1}`, `{"a":1}`, ``, `{"a":1}`, `{"a":1,"ab":1}`},
		"two levels":              {`{"a":{}}`, `{"a":{"b":1}}`, ``, `{"a":{"b":1}}`, `{"a":{"b":1}}`},
		"no record, taken":        {``, `{"b":2}`, ``, `{"a":1,"b":2}`, `{"b":2}`},
		"no record, not taken":    {``, `{"b":2}`, ``, `{"a":1}`, ``},
		"nothing tried":           {`{"a":1}`, ``, ``, `{"a":2}`, `{"a":1}`},
		"the server has nothing":  {`{"a":1}`, `{"b":2}`, ``, ``, `{"a":1}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tried := Tried{}
			for _, l := range orNil(t, c.tried).leaves() {
				tried[l.pointer] = digestOf(l.value, true)
			}
			for _, l := range orNil(t, c.removed).leaves() {
				tried[l.pointer] = Absent
			}
			var owned, want Owned
			if c.owned != "" {
				owned = ownedBy(t, c.owned)
			}
			if c.want != "" {
				want = ownedBy(t, c.want)
			}
			before := maps.Clone(owned)
			var live *Object
			if c.live != "" {
				live = server(t, c.live)
			}
			settled := owned.Settle(tried, live)
			if !maps.Equal(settled, want) || (settled == nil) != (want == nil) || !settled.valid() {
				t.Errorf("%v, want %v", settled, want)
			}
			if !maps.Equal(owned, before) {
				t.Errorf("the record was changed: %v", owned)
			}
		})
	}
}

// ownedBy is the record of a deployment for which the whole object was sent.
func ownedBy(t tester, text string) Owned {
	t.Helper()
	object := config(t, text)
	owned, _ := Change{Config: object, Plan: object}.Renew(func(string) bool { return true }, nil, object)
	return owned
}
