package ownedjson

import (
	"maps"
	"math/bits"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

var someTexts = []string{
	"", "null", "{}", "[]", `{"a":1,"b":{"c":[1,null,{"d":null}]},"e":{}}`, `{"a":null,"b":{"c":null}}`,
	`{"a":1.0,"b":1e0,"c":9007199254740993,"d":1e400,"e":1e1000000,"f":1e-5,"g":-0,"h":1e99999999999}`,
	`{"":1,"/":2,"~":3,".":4,"\"":5,"${x}":6,"a/b":{"~1":7}}`, "{\"e\u0301\":\"\u00e9\",\"<>&\":\"\u2028\"}",
	"{\"a\":\"<\u0327\"}", `{"a":1,"a":2}`, `{"a":"\ud83d"}`, `{"a":1} x`, "{\"a\":\"\xff\"}", `{"a":{"a":{"a":{}}}}`,
	"{\"e\u0301\":{\"a\":1},\"\u00e9\":{\"b\":2}}", `[[[[[[`, `{"a":{"b":1},"a":null}`,
}

// FuzzParse: nothing panics, and the canonical text comes back as it is and means
// the same, through Terraform as well.
func FuzzParse(f *testing.F) {
	for _, text := range someTexts {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		object, err := ParseConfig(text)
		if err != nil {
			if !utf8.ValidString(err.Error()) {
				t.Fatalf("the error is not UTF-8: %q", err)
			}
			if live, serverErr := ParseServer([]byte(text)); serverErr == nil {
				checkText(t, live)
			}
			return
		}
		checkText(t, object)
		live, err := ParseServer([]byte(text))
		if err != nil || !Equal(live, object) {
			t.Fatalf("a configuration that no server could answer: %v", err)
		}
	})
}

func checkText(t *testing.T, object *Object) {
	t.Helper()
	text := object.Text()
	back, err := ParseConfig(text)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	if !Equal(back, object) || back.Text() != text {
		t.Fatalf("%q became %q", text, back.Text())
	}
	if norm.NFC.String(text) != text {
		t.Fatalf("%q is not in NFC", text)
	}
	pointers := object.Pointers()
	for _, pointer := range pointers {
		if !validPointer(pointer) || !object.isLeaf(pointer) {
			t.Fatalf("%q is not a leaf", pointer)
		}
	}
	if (len(pointers) == 0) != object.Empty() {
		t.Fatalf("%q has the leaves %q", text, pointers)
	}
	slices.Sort(pointers)
	if len(slices.Compact(pointers)) != len(object.Pointers()) {
		t.Fatalf("a leaf stands twice: %q", pointers)
	}
}

// FuzzLaws checks the laws on any three documents, of which the first one's leaves
// are owned as the bits of a mask say, and answered as the second one has them.
func FuzzLaws(f *testing.F) {
	for i, text := range someTexts {
		f.Add(text, someTexts[(i+4)%len(someTexts)], someTexts[(i+7)%len(someTexts)], uint64(i)*0x9e3779b97f4a7c15)
	}
	f.Fuzz(func(t *testing.T, wanted, shown, held string, mask uint64) {
		s := scene{server: held}
		var err error
		if s.config, err = ParseConfig(wanted); err != nil {
			t.Skip("not a configuration")
		}
		if s.state, err = ParseConfig(shown); err != nil {
			t.Skip("not a state")
		}
		if s.live, err = ParseServer([]byte(held)); err != nil || s.live == nil || twice(held) {
			t.Skip("not a server's document")
		}
		if strings.Contains(wanted+shown+held, "\ufffd") || large(s.config) || large(s.state) || large(s.live) {
			t.Skip("beyond what the second implementation in the tests can do")
		}
		s.configText, s.stateText = s.config.Text(), s.state.Text()
		if bits.OnesCount64(mask)%4 != 0 {
			s.owned = Owned{}
			for i, l := range s.state.leaves() {
				sent := digestOf(l.value, true)
				switch mask >> (2 * i % 64) & 3 {
				case 1, 2:
					s.owned[l.pointer] = Pair{sent, sent}
				case 3:
					s.owned[l.pointer] = Pair{sent, s.live.digestAt(l.pointer, isEmptyObject(l.value))}
				}
			}
		}
		checkLaws(t, s)
		s.state = Read(s.owned, s.state, s.live)
		s.stateText = s.state.Text()
		checkLaws(t, s)
	})
}

// twice reports whether a document has two keys that are the same, in NFC. Then its
// readers do not agree on what it says.
func twice(text string) bool {
	_, err := ParseConfig(text)
	return err != nil
}

// large reports whether a document holds a number that math/big should not be
// asked for.
func large(object *Object) bool {
	return slices.ContainsFunc(slices.Collect(maps.Values(object.members)), largeValue)
}

func largeValue(value any) bool {
	switch value := value.(type) {
	case number:
		return strings.ContainsAny(string(value), "eE")
	case []any:
		return slices.ContainsFunc(value, largeValue)
	case map[string]any:
		return slices.ContainsFunc(slices.Collect(maps.Values(value)), largeValue)
	}
	return false
}

// FuzzDecodeRecord: what is damaged is no record, and what is a record can be
// used and comes back.
func FuzzDecodeRecord(f *testing.F) {
	full := &Record{
		Objects:  map[string]Owned{"customization": {"/a": {"x", "y"}, "/b/~0": {"x", "x"}}, "limits": {}},
		Settings: map[string]*Pair{"name": {"x", "y"}},
	}
	for _, text := range []string{
		string(full.Encode()), "{}", `{"version":1}`, `{"version":2}`, `{"version":1,"objects":{"limits":{"/a":"x","/a/b":"x"}}}`,
		`{"version":1,"objects":{"limits":null},"settings":{"name":null}}`, `{"version":1,"objects":{"limits":{"/a":["x"]}}}`,
	} {
		f.Add([]byte(text))
	}
	document, err := ParseConfig(`{"a":{"b":1},"b":{"~":1},"c":[],"":{"":{}}}`)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		record := DecodeRecord(data)
		if record == nil {
			return
		}
		back := DecodeRecord(record.Encode())
		if back == nil || len(back.Objects) != len(record.Objects) || len(back.Settings) != len(record.Settings) {
			t.Fatalf("%s became %v", data, back)
		}
		for argument := range record.Objects {
			owned := record.Owned(argument)
			if !maps.Equal(back.Owned(argument), owned) {
				t.Fatalf("%s: %v became %v", argument, owned, back.Owned(argument))
			}
			text := document.Text()
			s := scene{
				owned: owned, config: &Object{}, state: document, live: document, configText: "{}", stateText: text, server: text,
			}
			checkLaws(t, s)
		}
		for argument := range record.Settings {
			if pair := record.Setting(argument); pair == nil || *back.Setting(argument) != *pair {
				t.Fatalf("%s: %v became %v", argument, pair, back.Setting(argument))
			}
		}
	})
}

// FuzzDecodeTried reads what a damaged private state can hold. The record that comes of
// it is one that can be written and read again.
func FuzzDecodeTried(f *testing.F) {
	document, err := ParseConfig(`{"a":{"b":1},"b":{"~":1},"c":[],"":{"":{}}}`)
	if err != nil {
		f.Fatal(err)
	}
	whole := Tried{"": Absent, "/a/x": Absent, "/": emptyObjectDigest, "/a": emptyObjectDigest}
	for _, l := range document.leaves() {
		whole[l.pointer] = digestOf(l.value, true)
	}
	f.Add(EncodeTried(map[string]Tried{"customization": whole}))
	for _, text := range []string{`null`, `{}`, `[]`, `{"customization":null}`, `{"customization":{"":"","a":"x","/~":"x"}}`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		tried := DecodeTried(data, "customization")
		again := DecodeTried(EncodeTried(tried), "customization")
		if !maps.Equal(again["customization"], tried["customization"]) {
			t.Fatalf("%v became %v", tried, again)
		}
		for _, record := range []*Record{
			nil, {}, {Objects: map[string]Owned{"customization": {"/a/b": {"x", "y"}, "/b": {"x", "x"}}}},
		} {
			for _, live := range []*Object{nil, document} {
				settled, _ := record.Settle(tried, map[string]*Object{"customization": live})
				if !settled.Owned("customization").valid() {
					t.Fatalf("%s gives the record %v", data, settled)
				}
			}
		}
	})
}
