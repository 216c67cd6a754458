package tavus

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestFitsValue(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		sent, have string
		want       bool
	}{
		{`{}`, ``, true},
		{`{}`, `null`, true},
		{`{"a":1}`, `{"a":1,"b":2}`, true},
		{`{"a":1,"b":2}`, `{"a":1}`, false},
		{`{"a":null}`, `{}`, true},
		{`{"a":null}`, `{"a":5}`, true},
		{`{"a":""}`, `{}`, true},
		{`{"a":[]}`, `{}`, true},
		{`{"a":{"b":{}}}`, `{}`, true},
		{`{"a":{"b":1}}`, `{"a":{}}`, false},
		{`{"a":{"b":1}}`, `{"a":{"b":1.0,"c":[]}}`, true},
		{`{"a":1}`, `{"a":"1"}`, false},
		{`{"a":true}`, `{"a":true}`, true},
		{`{"a":true}`, `{"a":false}`, false},
		{`{"a":false}`, `{}`, false},
		{`{"a":9007199254740993}`, `{"a":9007199254740992}`, true}, // as a 64-bit float
		{`{"a":9007199254740993}`, `{"a":9007199254740996}`, false},
		{`{"a":1e400}`, `{"a":1e401}`, false},
		{`{"a":1e400}`, `{"a":10e399}`, true},
		{`{"a":1e2}`, `{"a":100}`, true},
		{`{"a":"Hello, World!"}`, `{"a":"hello world"}`, true},
		{`{"a":"Hello"}`, `{"a":"Hallo"}`, false},
		{`{"a":"#FFF"}`, `{"a":"#ffffff"}`, true},
		{`{"a":"#ABCD"}`, `{"a":"#aabbccdd"}`, true},
		{`{"a":"#abcf"}`, `{"a":"#AABBCC"}`, true},
		{`{"a":"#FFF"}`, `{"a":"#fffffe"}`, false},
		{`{"a":[1,2,3]}`, `{"a":[3,1,2]}`, true},
		{`{"a":[1,1,2]}`, `{"a":[1,2,2]}`, false},
		{`{"a":[1,2]}`, `{"a":[1,2,3]}`, false},
		{`{"a":[null]}`, `{"a":[null]}`, true},
		{`{"a":[null]}`, `{"a":[0]}`, false},
		// The first item fits both, the second only the first of them.
		{`{"a":[{"x":1},{"x":1,"y":2}]}`, `{"a":[{"x":1,"y":2},{"x":1,"z":3}]}`, true},
		{`{"a":[{"x":1,"y":2},{"x":1,"y":2}]}`, `{"a":[{"x":1,"y":2},{"x":1,"z":3}]}`, false},
		{`{"a":[[2,1]]}`, `{"a":[[1,2]]}`, true},
		{`{"a":1}`, `[]`, false},
		{`{"a":[1]}`, `{"a":{}}`, false},
		{`{"a":{}}`, `{"a":1}`, false},
		{`{"a":"x"}`, `{"a":1}`, false},
	} {
		if got := fitsObject(json.RawMessage(tc.sent), json.RawMessage(tc.have)); got != tc.want {
			t.Errorf("%s in %s: %v", tc.sent, tc.have, got)
		}
	}
	if !fitsObject(nil, json.RawMessage(`{"a":1}`)) {
		t.Error("what was not sent must not be compared")
	}
	nested := func(inner string) json.RawMessage {
		return json.RawMessage(`{"a":` + strings.Repeat("[", 90) + inner + strings.Repeat("]", 90) + `}`)
	}
	if fitsObject(nested("1"), nested("2")) || !fitsObject(nested("1"), nested("1.0")) {
		t.Error("deep lists are not compared by what is in them")
	}
	long := strings.Repeat(`"x",`, 300)
	if !fitsObject(json.RawMessage(`{"a":[`+long+`1]}`), json.RawMessage(`{"a":[`+long+`1]}`)) {
		t.Error("a long list does not fit itself")
	}
}

func TestFits(t *testing.T) {
	t.Parallel()
	base := func() (*CreateRequest, *Deployment) {
		return &CreateRequest{PalID: "p", Channel: "widget", Name: text("My: Name"), Password: "x", AllowedOrigins: []string{"https://A.example/", "https://b.example"}},
			&Deployment{PalID: "p", Channel: "widget", Name: "my name", HasPassword: true, AllowedOrigins: []string{"https://b.example", "https://a.example"}}
	}
	if req, d := base(); !fits(req, d) {
		t.Fatal("does not fit")
	}
	for name, change := range map[string]func(*CreateRequest, *Deployment){
		"pal":         func(_ *CreateRequest, d *Deployment) { d.PalID = "P" },
		"channel":     func(_ *CreateRequest, d *Deployment) { d.Channel = "embed" },
		"name":        func(_ *CreateRequest, d *Deployment) { d.Name = "my name 2" },
		"password":    func(_ *CreateRequest, d *Deployment) { d.HasPassword = false },
		"no password": func(r *CreateRequest, _ *Deployment) { r.Password = "" },
		"another origin": func(_ *CreateRequest, d *Deployment) {
			d.AllowedOrigins = append(d.AllowedOrigins, "https://c.example")
		},
		"less origins":  func(_ *CreateRequest, d *Deployment) { d.AllowedOrigins = d.AllowedOrigins[:1] },
		"limits":        func(r *CreateRequest, _ *Deployment) { r.Limits = json.RawMessage(`{"a":1}`) },
		"customization": func(r *CreateRequest, _ *Deployment) { r.Customization = json.RawMessage(`{"a":1}`) },
	} {
		req, d := base()
		if change(req, d); fits(req, d) {
			t.Errorf("%s: fits", name)
		}
	}
	req, d := base()
	req.Name, req.AllowedOrigins = nil, nil
	if !fits(req, d) {
		t.Error("what was not sent was compared")
	}
}

// A server may add keys, reorder lists and change the case of texts, and the document still fits.
func TestFitsProperty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		sent := map[string]any{}
		for range rapid.IntRange(0, 5).Draw(t, "keys") {
			sent[rapid.StringMatching(`[a-c]`).Draw(t, "key")] = anyValue(3).Draw(t, "value")
		}
		raw := mustJSON(sent)
		have := mustJSON(normalised(decodeAny(raw)))
		if !fitsObject(raw, have) {
			t.Fatalf("%s does not fit %s", raw, have)
		}
	})
}

func anyValue(depth int) *rapid.Generator[any] {
	return rapid.Custom(func(t *rapid.T) any {
		kinds := []string{"string", "number", "bool", "null"}
		if depth > 0 {
			kinds = append(kinds, "list", "object")
		}
		switch rapid.SampledFrom(kinds).Draw(t, "kind") {
		case "string":
			return rapid.SampledFrom([]string{"", "Text", "#FFF", "a-b", "ß", "!"}).Draw(t, "text")
		case "number":
			return json.Number(rapid.SampledFrom([]string{"0", "1", "1.5", "1e400", "12345678901234567890"}).Draw(t, "number"))
		case "bool":
			return rapid.Bool().Draw(t, "bool")
		case "list":
			return rapid.SliceOfN(anyValue(depth-1), 0, 4).Draw(t, "list")
		case "object":
			return rapid.MapOfN(rapid.StringMatching(`[a-c]`), anyValue(depth-1), 0, 3).Draw(t, "object")
		}
		return nil
	})
}

// normalised is what a server may make of a value.
func normalised(value any) any {
	switch v := value.(type) {
	case string:
		if v == "#FFF" {
			return "#ffffff"
		}
		return strings.ToLower(strings.ReplaceAll(v, "-", ""))
	case []any:
		list := make([]any, len(v))
		for i, j := range rand.Perm(len(v)) { //nolint:gosec // Any order will do.
			list[i] = normalised(v[j])
		}
		return list
	case map[string]any:
		object := map[string]any{"server": "default", "more": map[string]any{"x": 1}}
		for key, item := range v {
			if item != nil {
				object[key] = normalised(item)
			}
		}
		return object
	}
	return value
}

func TestFold(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"Docs: Guide #1!": "docsguide1", "ÄÖ-ß": "äöß", "日本 語": "日本語", "?!": "", "": ""} {
		if got := fold(in); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}

func TestParseTime(t *testing.T) {
	t.Parallel()
	for _, in := range []string{
		"2026-01-02T03:04:05Z", "2026-01-02T04:04:05+01:00", "2026-01-02T03:04:05.000Z", "2026-01-02T03:04:05", "2026-01-02T03:04:05.000000",
		"2026-01-02 03:04:05", "2026-01-02 03:04:05+00:00",
	} {
		got, ok := parseTime(in)
		if !ok || got.UTC().Format("2006-01-02 15:04:05") != "2026-01-02 03:04:05" {
			t.Errorf("%s: %v %v", in, got, ok)
		}
	}
	for _, in := range []string{"", "yesterday", "1700000000", "2026"} {
		if _, ok := parseTime(in); ok {
			t.Errorf("%q is a time", in)
		}
	}
}
