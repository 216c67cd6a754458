package ownedjson

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

func TestRecordComesBack(t *testing.T) {
	t.Parallel()
	record := &Record{
		Objects: map[string]Owned{
			"customization": pairs(t, map[string]string{
				"/a": `"A" => "a"`, "/b": `1`, "/c": `1 =>`, "/d": `{}`, "//~0/~1": `1`, "/\"${x}<>&\u2028": `1`, "/\u00e9": `[]`,
			}),
			"limits": {},
		},
		Settings: map[string]*Pair{
			"name":            {DigestString("My Name"), DigestString("my-name")},
			"allowed_origins": {DigestSet([]string{"https://a"}), DigestSet([]string{"https://a"})},
			"cleared":         {Absent, Absent},
			"refused":         {Absent, DigestString("x")},
		},
	}
	data := record.Encode()
	if got := DecodeRecord(data); !reflect.DeepEqual(got, record) {
		t.Errorf("got %v\nwant %v\nfrom %s", got, record, data)
	}
	if !json.Valid(data) || strings.Contains(string(data), "My Name") {
		t.Errorf("private state takes JSON, and no values: %s", data)
	}
	if got := DecodeRecord((&Record{}).Encode()); got == nil || len(got.Objects) != 0 || len(got.Settings) != 0 {
		t.Errorf("of an empty record: %v", got)
	}
	if got := DecodeRecord((&Record{Objects: map[string]Owned{"limits": nil}}).Encode()); got.Owned("limits") == nil {
		t.Error("a record with nothing owned became no record")
	}
}

// The encoding is kept in states: it must stay readable.
func TestRecordEncoding(t *testing.T) {
	t.Parallel()
	const text = `{"version":1,"objects":{"customization":{"/a":"x","/b":["x","y"],"/c":["x",""]}},"settings":{"name":"","origins":["","x"]}}`
	record := DecodeRecord([]byte(text))
	want := &Record{
		Objects:  map[string]Owned{"customization": {"/a": {"x", "x"}, "/b": {"x", "y"}, "/c": {"x", ""}}},
		Settings: map[string]*Pair{"name": {}, "origins": {"", "x"}},
	}
	if !reflect.DeepEqual(record, want) {
		t.Fatalf("got %v, want %v", record, want)
	}
	if got := string(record.Encode()); got != text {
		t.Errorf("got %s, want %s", got, text)
	}
}

func TestDamagedRecords(t *testing.T) {
	t.Parallel()
	object := func(members string) string { return `{"version":1,"objects":{"limits":{` + members + `}}}` }
	for _, text := range []string{
		"", "null", "[]", "x", `{}`, `{"version":"1"}`, `{"version":0}`, `{"version":2,"objects":{}}`, `{"version":1.5}`, `{"version":1}x`,
		`{"version":1,"objects":[]}`, `{"version":1,"objects":{"limits":[]}}`, `{"version":1,"settings":{"name":1}}`,
		object(`"/a":1`), object(`"/a":null`), object(`"/a":{}`), object(`"/a":[]`), object(`"/a":["x"]`), object(`"/a":["x","y","z"]`), object(`"/a":["x",1]`),
		object(`"/a":""`), object(`"/a":["","x"]`), object(`"":"x"`), object(`"a":"x"`), object(`"a/b":"x"`),
		object(`"/a":"x","/a/b":"x"`), object(`"/a/b":"x","/a":"x"`), object(`"/a":"x","/a/b/c":"x"`), object(`"/":"x","//a":"x"`),
		object(`"/~":"x"`), object(`"/~2":"x"`), object(`"/a~/b":"x"`),
	} {
		if record := DecodeRecord([]byte(text)); record != nil {
			t.Errorf("%s: got %v", text, record)
		}
	}
	for _, text := range []string{
		`{"version":1}`, `{"version":1,"objects":null,"settings":null}`, `{"version":1,"objects":{"limits":null},"settings":{"name":null},"later":1}`,
		object(`"/a":"x","/ab":"x","/b/a":"x","/":"x"`), object(`"/~0~1":"x"`),
	} {
		if record := DecodeRecord([]byte(text)); record == nil || record.Owned("limits") == nil || record.Setting("name") != nil {
			t.Errorf("%s: got %v", text, record)
		}
	}
}

func TestNoRecord(t *testing.T) {
	t.Parallel()
	var none *Record
	if none.Owned("limits") != nil || none.Setting("name") != nil {
		t.Error("no record owns something")
	}
	record := &Record{Objects: map[string]Owned{"limits": {"/a": {"x", "x"}}}, Settings: map[string]*Pair{"name": {"x", "x"}}}
	if owned := record.Owned("customization"); owned == nil || len(owned) != 0 {
		t.Errorf("of another argument: %v", owned)
	}
	if len(record.Owned("limits")) != 1 || record.Setting("name") == nil || record.Setting("status") != nil {
		t.Error("what is recorded is not found")
	}
}

// A record is damaged where Renew cannot have written it, and nowhere else.
func TestValidPointers(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`{"":1}`, `{"/":{"":1}}`, `{"~":1,"~0":1,"~1":1,"a~b/c":{"~/":1}}`, "{\"e\u0301\":{\"\u0301\":1}}"} {
		for _, pointer := range config(t, text).Pointers() {
			if !validPointer(pointer) {
				t.Errorf("%s is not taken for valid", pointer)
			}
		}
	}
}
