package ownedjson

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function/stdlib"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

// terraformEncodes returns what Terraform's jsonencode writes for a document.
func terraformEncodes(t tester, text string) string {
	t.Helper()
	value, err := stdlib.JSONDecode(cty.StringVal(text))
	if err != nil {
		t.Fatalf("jsondecode(%s): %v", text, err)
	}
	encoded, err := stdlib.JSONEncode(value)
	if err != nil {
		t.Fatalf("jsonencode(jsondecode(%s)): %v", text, err)
	}
	return encoded.AsString()
}

// The text of an import must be what Terraform writes for the configuration that
// it generates from it.
func TestTextIsWhatTerraformWrites(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`{}`, `{"a":{}}`, `{"a":[]}`, `{"a":[{}]}`, `{"a":[null,true,false,"x",1]}`, `{"a":[{"b":null}]}`,
		`{"b":1,"a":{"d":1,"c":2}}`, ` { "a" : [ 1 , 2 ] } `,
		`{"a":1.0,"b":1e0,"c":9007199254740993,"d":123456789012345678901234567890,"e":1e-5,"f":-0.5,"g":1.50,"h":1e30}`,
		`{"a":0.1,"b":100,"c":-7,"d":0}`,
		`{"":1,"/":2,"~":3,".":4,"\"":5,"${x}":6,"%{y}":7,"\\":8,"'":9," ":10}`,
		`{"a":"<b>&amp;</b>","<>&":"\u2028\u2029"}`,
		`{"a":"\b\f\n\r\t\u0000\u001f\u007f\u0080"}`,
		`{"a":"${x} %{y} \" \\ \/ '"}`,
		"{\"\u00e9\":\"\u00e9\",\"\u65e5\u672c\":\"\U0001f600\"}",
		"{\"e\u0301\":\"e\u0301\"}", `{"a":"\ud83d\ude00"}`,
	} {
		if got, want := config(t, text).Text(), terraformEncodes(t, text); got != want {
			t.Errorf("%s:\ngot  %s\nwant %s", text, got, want)
		}
	}
	if got := (*Object)(nil).Text(); got != "{}" {
		t.Errorf("no object: %s", got)
	}
}

// Where jsonencode and the normal form of Unicode together break the JSON, or a
// number is too large to write out, the text is still one that Terraform leaves
// as it is, and that means the same.
func TestTextSurvivesTerraform(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ text, want string }{
		"null":                  {`{"a":null,"b":{"c":null}}`, `{"b":{}}`},
		"number out of range":   {`{"a":1e400,"b":1e1000000}`, `{"a":1e400,"b":1e1000000}`},
		"mark after <":          {"{\"a\":\"<\u0327\"}", `{"a":"\u003c\u0327"}`},
		"mark after <, and far": {"{\"a\":\"<\u0327\U0001f600\u00e9\u007f\u0080\"}", "{\"a\":\"\\u003c\\u0327\\ud83d\\ude00\\u00e9\u007f\\u0080\"}"},
		"mark after a newline":  {"{\"a\":\"\\n\u0303\"}", `{"a":"\n\u0303"}`},
		"mark first":            {"{\"\u0301a\":\"\u0301\"}", "{\"\u0301a\":\"\u0301\"}"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			object := config(t, test.text)
			if got := object.Text(); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
			text := norm.NFC.String(object.Text())
			if text != object.Text() {
				t.Errorf("Terraform makes %q of %q", text, object.Text())
			}
			if !Equal(config(t, text), object) {
				t.Errorf("%q does not mean the same", text)
			}
		})
	}
}

func TestTextLaws(t *testing.T) {
	t.Parallel()
	awkward := rapid.OneOf(
		rapid.String(),
		rapid.StringOfN(rapid.SampledFrom([]rune("a<>&\"\\\n\x00\x1f\x7f\u0080\u0301\u0327\u0338\u00e9\u2028\uffff\U0001f600~/")), 0, 6, -1),
	)
	rapid.Check(t, func(t *rapid.T) {
		members := rapid.MapOfN(awkward, awkward, 0, 4).Draw(t, "members")
		text, err := json.Marshal(members)
		if err != nil {
			t.Fatalf("%v", err)
		}
		object, err := ParseConfig(string(text))
		if err != nil {
			return // two keys that are the same in NFC
		}
		again := object.Text()
		if norm.NFC.String(again) != again {
			t.Fatalf("%q is not in NFC", again)
		}
		if back := config(t, again); !Equal(back, object) || back.Text() != again {
			t.Fatalf("%q does not come back from %q", text, again)
		}
		if norm.NFC.IsNormal(appendText(nil, object.members)) {
			if want := terraformEncodes(t, again); want != again {
				t.Fatalf("got  %s\nwant %s", again, want)
			}
		}
		quoted, err := json.Marshal(norm.NFC.String(awkward.Draw(t, "string")))
		if err != nil {
			t.Fatalf("%v", err)
		}
		var s string
		if err := json.Unmarshal(quoted, &s); err != nil {
			t.Fatalf("%v", err)
		}
		if got := appendString(nil, s); !bytes.Equal(got, quoted) {
			t.Fatalf("%q: got %s, want %s", s, got, quoted)
		}
	})
}

func TestDigests(t *testing.T) {
	t.Parallel()
	if DigestString("") != Absent || DigestSet(nil) != Absent || DigestSet([]string{}) != Absent {
		t.Error("empty is not absent")
	}
	if DigestSet([]string{""}) == Absent {
		t.Error("a set with the empty string is absent")
	}
	if DigestString("a") == DigestString("b") || DigestString("a") == DigestSet([]string{"a"}) {
		t.Error("different values have one digest")
	}
	if DigestString("\u00e9") != DigestString("e\u0301") {
		t.Error("the digest of a string depends on its Unicode form")
	}
	want := DigestSet([]string{"f", "\u00e9"})
	for _, set := range [][]string{{"\u00e9", "f"}, {"f", "e\u0301"}, {"e\u0301", "f", "\u00e9", "f"}} {
		if DigestSet(set) != want {
			t.Errorf("%q: the digest of a set depends on order, repetition or Unicode form", set)
		}
	}
	if got := DigestString("hunter2"); len(got) != 22 || strings.Contains(string(got), "hunter2") {
		t.Errorf("digest %q", got)
	}
	if got := digestOf(map[string]any{}, true); got != emptyObjectDigest || got == Absent {
		t.Errorf("digest of the empty object: %q", got)
	}
	// A server's record must be readable by later versions: the digest is fixed.
	if got := digestOf(config(t, `{"b":[1.0,null],"a":"<"}`).members, true); got != "xawcWkWLMX5xlwWTjyVmdg" {
		t.Errorf("the digest changed: %s", got)
	}
}
