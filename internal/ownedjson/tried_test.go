package ownedjson

import (
	"maps"
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
	sent := map[string]bool{}
	for _, pointer := range []string{"/changed", "/new", "/empty", "/ignored", "/gone", "/box/last"} {
		sent["/customization"+pointer] = true
	}
	tried := change.Tried(sent)
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
		"no record, and an edit":  {``, `{"b":2,"c":3}`, ``, `{"a":1,"b":2,"c":4}`, ``},
		"filled since":            {`{"b":{"c":1}}`, `{"b":{}}`, ``, `{"b":{"c":1}}`, `{"b":{"c":1}}`},
		"emptied":                 {`{"b":{"c":1}}`, `{"b":{}}`, `{"b":{"c":1}}`, `{"b":{"d":1}}`, `{"b":{}}`},
		"one of two taken":        {`{}`, `{"a":1,"b":2}`, ``, `{"a":2,"b":2}`, `{"b":2}`},
		"beside an object":        {`{"a":{"b":1}}`, `{"x":2}`, ``, `{"a":{"b":1},"x":2}`, `{"a":{"b":1},"x":2}`},
		"emptied by somebody":     {`{"b":{"c":1}}`, `{"b":{}}`, ``, `{"b":{}}`, `{"b":{}}`},
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
			var record *Record
			if c.owned != "" {
				record = &Record{Objects: map[string]Owned{"limits": ownedBy(t, `{"l":1}`), "customization": owned}}
			}
			before := maps.Clone(owned)
			var live *Object
			if c.live != "" {
				live = server(t, c.live)
			}
			all := map[string]Tried{}
			if len(tried) > 0 {
				all["customization"] = tried
			}
			settled, open := record.Settle(all, map[string]*Object{"customization": live})
			got := settled.Owned("customization")
			if !maps.Equal(got, want) || (got == nil) != (want == nil) || !got.valid() {
				t.Errorf("%v, want %v", got, want)
			}
			if left := len(open) > 0; left != (c.owned == "" && c.want == "") {
				t.Errorf("%v stays open", open)
			}
			if !maps.Equal(owned, before) || record != nil && len(settled.Owned("limits")) != 1 {
				t.Errorf("the record was changed: %v", record)
			}
		})
	}
}

// The document can have been read again since, and lack the key that was removed.
func TestTriedInAnotherUnicodeForm(t *testing.T) {
	t.Parallel()
	const nfc, nfd = "caf\u00e9", "cafe\u0301"
	change := Change{
		Path: "/customization", Config: config(t, `{"a":1}`), Plan: config(t, `{"a":1}`),
		State: config(t, `{"a":1,"`+nfc+`":1}`), Owned: ownedBy(t, `{"a":1,"`+nfc+`":1}`),
	}
	tried := change.Tried(map[string]bool{"/customization/" + nfd: true})
	if want := (Tried{"/" + nfc: Absent}); !maps.Equal(tried, want) {
		t.Errorf("%q, want %q", tried, want)
	}
}

// An object that is left when its last leaf goes is not sent, and is meant all the same.
func TestTriedNarrowing(t *testing.T) {
	t.Parallel()
	change := Change{
		Path: "/customization", Config: config(t, `{"box":{},"other":{},"c":{"d":1}}`), Plan: config(t, `{"box":{},"other":{},"c":{"d":1}}`),
		State: config(t, `{"box":{"last":1},"c":{"last":1}}`), Owned: ownedBy(t, `{"box":{"last":1},"c":{"last":1}}`),
	}
	tried := change.Tried(map[string]bool{"/customization/box/last": true, "/customization/c/last": true})
	if want := (Tried{"/box": emptyObjectDigest, "/box/last": Absent, "/c/last": Absent}); !maps.Equal(tried, want) {
		t.Errorf("%q, want %q", tried, want)
	}
}

func TestTriedWithout(t *testing.T) {
	t.Parallel()
	tried := Tried{"/a": Absent, "/b": emptyObjectDigest, "/c/d": Absent, "/e": Absent, "/f/g": Absent}
	open := tried.Without(ownedBy(t, `{"a":1,"b":{"x":1},"c":2,"f":{"h":1}}`))
	if want := (Tried{"/e": Absent, "/f/g": Absent}); !maps.Equal(open, want) {
		t.Errorf("%q, want %q", open, want)
	}
}

func TestTriedOfTheFirstRecord(t *testing.T) {
	t.Parallel()
	change := Change{
		Path: "/customization", Config: config(t, `{"a":1,"b":2}`), Plan: config(t, `{"a":1,"b":2}`), State: config(t, `{"a":1,"c":3}`),
	}
	tried := change.Tried(map[string]bool{"/customization/b": true})
	if want := (Tried{"/a": digest(t, "1"), "/b": digest(t, "2")}); !maps.Equal(tried, want) {
		t.Errorf("%q, want %q", tried, want)
	}
}

func TestEncodeTried(t *testing.T) {
	t.Parallel()
	tried := map[string]Tried{"customization": {"/a": digest(t, "1"), "/b": Absent}, "limits": {}}
	again := DecodeTried(EncodeTried(tried), "customization", "limits")
	if len(again) != 1 || !maps.Equal(again["customization"], tried["customization"]) {
		t.Errorf("%v became %v", tried, again)
	}
	if data := EncodeTried(map[string]Tried{"limits": {}}); data != nil {
		t.Errorf("nothing is written as %s", data)
	}
	for _, text := range []string{``, `null`, `{`, `[]`, `{"limits":{"":"x"}}`, `{"limits":{"a":"x"}}`, `{"other":{"/a":"x"}}`} {
		if tried := DecodeTried([]byte(text), "limits"); tried == nil || len(tried) > 0 {
			t.Errorf("%s is read as %v", text, tried)
		}
	}
}

// ownedBy is the record of a deployment for which the whole object was sent.
func ownedBy(t tester, text string) Owned {
	t.Helper()
	object := config(t, text)
	owned, _ := Change{Config: object, Plan: object}.Renew(func(string) bool { return true }, nil, object)
	return owned
}
