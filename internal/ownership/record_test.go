package ownership

import (
	"maps"
	"testing"
)

func TestRecord_ComesBack(t *testing.T) {
	t.Parallel()
	record := recordOf(t, `{"name":"Docs","layers":{"a":{"b~/c":"#FFF"}}}`, `{"name":"docs","layers":{"a":{"b~/c":"#ffffff"}}}`, "v1")
	back := DecodeRecord(record.Encode())
	if back == nil || !maps.Equal(back.Pairs, record.Pairs) || back.Stamp != "v1" {
		t.Errorf("%s became %v", record.Encode(), back)
	}
}

func TestRecord_OfAnotherFormIsNone(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "null", "[]", "{", `{"version":1,"objects":{},"settings":{}}`, `{"version":3,"pairs":{}}`,
		`{"version":2,"pairs":{"a":"x"}}`, `{"version":2,"pairs":{"/a~2":"x"}}`, `{"version":2,"pairs":{"/a":"x","/a/b":"y"}}`,
		`{"version":2,"pairs":{"/a":["x"]}}`, `{"version":2,"pairs":{"/a":7}}`,
	} {
		if record := DecodeRecord([]byte(text)); record != nil {
			t.Errorf("%s is a record", text)
		}
	}
}

func FuzzDecodeRecord(f *testing.F) {
	f.Add([]byte(`{"version":2,"pairs":{"/a/b":["x","y"]},"stamp":"v"}`))
	live, err := ParseServer([]byte(`{"name":"x","layers":{"a":1}}`))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		record := DecodeRecord(data)
		if record == nil {
			return
		}
		if back := DecodeRecord(record.Encode()); back == nil || !maps.Equal(back.Pairs, record.Pairs) {
			t.Fatalf("%s does not come back", data)
		}
		record.Read(testSchema, live, live, "v")
		_, _ = (&Change{Schema: testSchema, Record: record, Config: live, Plan: live, State: live, Managed: managed(live)}).Patch(live, nil)
	})
}
