package ownership

import (
	"strings"
	"testing"
)

func TestParseConfig_SaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat(`{"a":`, 101) + "1" + strings.Repeat("}", 101)
	for text, want := range map[string]string{
		"":                          "empty",
		"  \n":                      "empty",
		"null":                      "var.x == null",
		`"a"`:                       "this is a string",
		"[1]":                       "this is an array",
		`{"a":1`:                    "ends too early",
		`{"a":1} x`:                 "more text after the JSON value, at line 1, column 9",
		"{\n  \"a\": 1,\n}":         "line 3, column 1: JSON has no comma after the last value",
		`{"a":[1, ]}`:               "column 10: JSON has no comma after the last value",
		`{"a":NaN}`:                 "column 6: JSON has no NaN",
		`{"a":-Infinity}`:           "column 7: JSON has no Infinity",
		`{"a":True}`:                "JSON has no True; its words are true",
		`{"a":Canary}`:              "line 1, column 6",
		"{\"a\":1} // hi":           "more text after the JSON value, at line 1, column 9: '/' begins a comment",
		"{\"a\":\"x\ny\"}":          "line 1, column 8: a string goes over the end of its line",
		"{\"a\":\"x\ty\"}":          `column 8: a string holds a tab; write it as \t`,
		"\ufeff{}":                  "U+FEFF",
		"// hi\n{}":                 "begins a comment",
		"{\"a\":1, // hi\n\"b\":1}": "begins a comment",
		"# hi\n{}":                  "begins a comment",
		"{“a”:1}":                   "U+201C",
		"{'a':1}":                   "double quotes",
		"{\"a\":\u00a01}":           "U+00A0",
		`{"a":1,"b":{"c":1,"c":2}}`: `"/b/c" is in the same object twice`,
		"{\"a\":\"\xff\"}":          "UTF-8",
		deep:                        "deeper than 100 levels",
	} {
		_, err := ParseConfig(text)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: %v lacks %q", text, err, want)
		} else if strings.Contains(err.Error(), "Canary") {
			t.Errorf("%q: %v repeats a value", text, err)
		}
	}
}

func TestParse_LongKeysAreBounded(t *testing.T) {
	t.Parallel()
	text := `{"` + strings.Repeat("k", 200_000) + `":{` + strings.TrimSuffix(strings.Repeat(`"a":1,`, 25_000), ",") + `}}`
	if _, err := ParseServer([]byte(text)); err == nil {
		t.Error("a document whose pointers take gigabytes is taken")
	}
}

func TestParseServer(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                              "{}",
		"null":                          "{}",
		`{"a":1,"a":2}`:                 `{"a":2}`,
		`{"a":null,"b":{"c":null}}`:     `{"b":{}}`,
		`{"a":[null,{"b":null}]}`:       `{"a":[null,{"b":null}]}`,
		`{"b":1.50,"a":"<\u00e9"}`:      `{"a":"\u003cé","b":1.5}`,
		"{\"e\u0301\":\"e\u0301\"}":     `{"é":"é"}`,
		`{"n":1e2,"m":-0,"o":1e400000}`: `{"m":0,"n":100,"o":1e400000}`,
	} {
		document, err := ParseServer([]byte(text))
		if err != nil || document.Text() != want {
			t.Errorf("%s: %s, %v", text, document.Text(), err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(`{"a":{"b":[1,null,{"c":"\u2028"}]},"d":1e5}`)
	f.Fuzz(func(t *testing.T, text string) {
		document, err := ParseConfig(text)
		if err != nil {
			return
		}
		again, err := ParseConfig(document.Text())
		if err != nil || !Equal(document, again) || again.Text() != document.Text() {
			t.Fatalf("%q became %q (%v)", text, document.Text(), err)
		}
	})
}
