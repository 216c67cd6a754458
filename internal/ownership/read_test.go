package ownership

import (
	"testing"

	"pgregory.net/rapid"
)

func recordOf(t tester, sent, answered, stamp string) *Record {
	t.Helper()
	wanted := config(t, sent)
	record, _, _ := (&Change{Schema: testSchema, Config: wanted, Plan: wanted, Managed: managed(wanted)}).RecordAfter(nil, nil, server(t, answered), stamp)
	return record
}

func TestRead(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		sent, answered, state, live, want string
		stamp                             string
	}{
		"as it was sent":               {`{"layers":{"a":"#FFF"}}`, `{"layers":{"a":"#ffffff"}}`, `{"layers":{"a":"#FFF"}}`, `{"layers":{"a":"#ffffff","b":1}}`, `{"layers":{"a":"#FFF"}}`, ""},
		"drift":                        {`{"layers":{"a":"#FFF"}}`, `{"layers":{"a":"#ffffff"}}`, `{"layers":{"a":"#FFF"}}`, `{"layers":{"a":"#000000"}}`, `{"layers":{"a":"#000000"}}`, ""},
		"gone":                         {`{"layers":{"a":1}}`, `{"layers":{"a":1}}`, `{"layers":{"a":1}}`, `{}`, `{}`, ""},
		"dropped by the server":        {`{"layers":{"a":1}}`, `{}`, `{"layers":{"a":1}}`, `{}`, `{"layers":{"a":1}}`, ""},
		"no longer dropped":            {`{"layers":{"a":1}}`, `{}`, `{"layers":{"a":1}}`, `{"layers":{"a":2}}`, `{"layers":{"a":2}}`, ""},
		"followed after an import":     {"", "", `{"layers":{"a":1,"b":2}}`, `{"layers":{"a":3}}`, `{"layers":{"a":3}}`, ""},
		"a name that is not owned":     {`{"layers":{"a":1}}`, `{"layers":{"a":1}}`, `{"name":"x","layers":{"a":1}}`, `{"name":"y","layers":{"a":1}}`, `{"name":"y","layers":{"a":1}}`, ""},
		"a set in another order":       {`{"tags":["b","a"]}`, `{"tags":["a","b"]}`, `{"tags":["b","a"]}`, `{"tags":["a","b"]}`, `{"tags":["a","b"]}`, ""},
		"a value is in the way":        {`{"layers":{"a":{"b":1}}}`, `{"layers":{"a":{"b":1}}}`, `{"layers":{"a":{"b":1}}}`, `{"layers":{"a":"x"}}`, `{"layers":{"a":"x"}}`, ""},
		"an empty object that filled":  {`{"layers":{"a":{}}}`, `{"layers":{"a":{}}}`, `{"layers":{"a":{}}}`, `{"layers":{"a":{"b":1}}}`, `{"layers":{"a":{}}}`, ""},
		"null is not there":            {`{"layers":{"a":1}}`, `{"layers":{"a":1}}`, `{"layers":{"a":1}}`, `{"layers":null}`, `{}`, ""},
		"normalised after an echo":     {`{"name":"Docs!"}`, `{"name":"Docs!"}`, `{"name":"Docs!"}`, `{"name":"Docs"}`, `{"name":"Docs!"}`, "v1"},
		"cleared, and a default comes": {`{"name":""}`, `{"name":"Untitled"}`, `{}`, `{"name":"Untitled"}`, `{}`, ""},
		"what nobody covers":           {"", "", `{"other":1}`, `{"other":2}`, `{}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var record *Record
			if test.sent != "" {
				record = recordOf(t, test.sent, test.answered, "v1")
			}
			shown, _ := record.Read(testSchema, config(t, test.state), server(t, test.live), test.stamp)
			if !Equal(shown, config(t, test.want)) {
				t.Errorf("%s instead of %s", shown.Text(), test.want)
			}
		})
	}
}

// An edit after the write moves the version, so it shows.
func TestRead_AnEditAfterAnEchoShows(t *testing.T) {
	t.Parallel()
	record := recordOf(t, `{"name":"Docs!"}`, `{"name":"Docs!"}`, "v1")
	_, record = record.Read(testSchema, config(t, `{"name":"Docs!"}`), server(t, `{"name":"Docs"}`), "v1")
	shown, again := record.Read(testSchema, config(t, `{"name":"Docs!"}`), server(t, `{"name":"Shop"}`), "v2")
	if value, _ := shown.At("/name"); value != "Shop" || again != record {
		t.Errorf("the state shows %v", value)
	}
}

// A refresh that follows a refresh changes nothing, for any documents.
func TestRead_IsIdempotent(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := genWorld().Draw(t, "world")
		w.live = genNear(w.live).Draw(t, "live")
		w.state = genNear(w.state).Draw(t, "state")
		w.version = rapid.IntRange(1, 2).Draw(t, "version")
		shown, record := w.record().Read(testSchema, w.state, w.live, w.stamp())
		again, _ := record.Read(testSchema, shown, w.live, w.stamp())
		if !Equal(shown, again) {
			t.Fatalf("%s, then %s", shown.Text(), again.Text())
		}
	})
}
