package tavus

import (
	"context"
	"encoding/json"
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func maskOf(values ...string) *masker {
	return &masker{forms: func() []form { return formsOf(values) }}
}

func TestHide(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		values     []string
		text, want string
	}{
		{nil, "text", "text"},
		{[]string{"", "  "}, "a text", "a text"},
		{[]string{"secret"}, "a secretive secret", "a (hidden)ive (hidden)"},
		{[]string{"on"}, "connection on, on_ on.", "connection (hidden), on_ (hidden)."},
		{[]string{"secret", "secret-long"}, "secret-long", "(hidden)"},
		{[]string{"abcd", "cdef"}, "abcdef", "(hidden)"},
		{[]string{"aaaa"}, "aaaaaa", "(hidden)"},
		{[]string{"hidden", "word"}, "word and hidden", "(hidden) and (hidden)"},
		{[]string{"é"}, "é né", "(hidden) né"},
		{[]string{`a"b\c`}, `{"x":"a\"b\\c"}`, `{"x":"(hidden)"}`},
		{[]string{"a b&c"}, "q=a+b%26c p=a%20b&c h=a b&amp;c", "q=(hidden) p=(hidden) h=(hidden)"},
		{[]string{"<it's>"}, `&lt;it&#39;s&gt; &lt;it&#x27;s&gt; \u003cit's\u003e`, "(hidden) (hidden) (hidden)"},
		{[]string{"größe"}, `gr\u00f6\u00dfe gr%C3%B6%C3%9Fe gr%c3%b6%c3%9fe`, "(hidden) (hidden) (hidden)"},
		{[]string{"x/y/z"}, `x\/y\/z x%2fy%2Fz`, "(hidden) (hidden)"},
		// As a server that normalises repeats it.
		{[]string{"Launch, May!"}, "name launch, may! LAUNCH, MAY! Launch May launch may", "name (hidden) (hidden) (hidden) (hidden)"},
		{[]string{"#A0B1C2D3"}, "colour #a0b1c2d3", "colour (hidden)"},
		{[]string{"Widget"}, "Widget: no such widget", "(hidden): no such widget"},
		{[]string{"Deployments", "[password]"}, "GET /v2/deployments: password too short", "GET /v2/deployments: password too short"},
		{[]string{"Launch 1"}, "launch 1 launch 12", "(hidden) launch 12"},
		// A text that holds no value stays as it is, escapes and all.
		{[]string{"secret"}, `50%25 of \"this\" &amp; that`, `50%25 of \"this\" &amp; that`},
		{[]string{`50%25 "&amp;`}, `was 50%25 \"&amp;amp;`, "was (hidden)"},
		{[]string{"\U0001f600smile"}, `\ud83d\ude00smile`, "(hidden)"},
	} {
		if got := maskOf(tc.values...).hideDeep(tc.text); got != tc.want {
			t.Errorf("%q in %q: %q, want %q", tc.values, tc.text, got, tc.want)
		}
	}
}

// Whatever the values are, none of them stays in any of its spellings.
func TestHideProperty(t *testing.T) {
	t.Parallel()
	// No character of "(hidden)" in the values, or the replacement would hold them.
	value := rapid.StringMatching(`[A-Z0-9<>&"'/\\ %+äß\n]{4,12}`).Filter(func(s string) bool { return len(strings.TrimSpace(s)) >= 4 })
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(value, 1, 5).Draw(t, "values")
		glue := rapid.SliceOfN(rapid.StringMatching(`[a-z .,:]{0,6}`), 12, 12).Draw(t, "glue")
		var b strings.Builder
		for i, g := range glue {
			v := values[i%len(values)]
			spelled := []string{v, jsonInner(v, true), jsonInner(v, false), url.QueryEscape(v), url.PathEscape(v), html.EscapeString(v)}
			b.WriteString(g + spelled[i%len(spelled)])
		}
		got := maskOf(values...).hide(b.String())
		for _, v := range values {
			for _, s := range []string{v, jsonInner(v, true), jsonInner(v, false), url.QueryEscape(v), url.PathEscape(v), html.EscapeString(v)} {
				if strings.Contains(got, s) {
					t.Fatalf("%q is in %q", s, got)
				}
			}
		}
		text, _ := json.Marshal(map[string]string{"error": b.String()})
		line := errorText(text, false, maskOf(values...))
		for _, v := range values {
			if strings.Contains(line, cleanText(v)) || strings.Contains(line, v) {
				t.Fatalf("%q is in %q", v, line)
			}
		}
	})
}

func TestHideEnd(t *testing.T) {
	t.Parallel()
	m := maskOf("supersecret")
	for text, want := range map[string]string{
		"it was supersec":    "it was (hidden)",
		"it was sup":         "it was sup", // Too short to tell from a word.
		"it was supersecret": "it was supersecret",
		"plain":              "plain",
	} {
		if got := m.hideEnd(text); got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
}

func TestMaskIsLazyAndAddsUp(t *testing.T) {
	t.Parallel()
	calls := 0
	values := func(list ...string) func() []string {
		return func() []string { calls++; return list }
	}
	ctx := Mask(Mask(context.Background(), values("first-value")), values("second-value"))
	if Mask(ctx, nil) != ctx {
		t.Error("a nil function changes the context")
	}
	s := newShop()
	id := s.put(nil, testTime)
	c := s.wire().client(t)
	if _, err := c.GetDeployment(ctx, id); err != nil || calls != 0 {
		t.Errorf("err %v, %d calls without any text", err, calls)
	}
	c = handle(answer(http.StatusTeapot, `{"error":"first-value, second-value, `+testKey+`"}`)).client(t)
	for range 2 {
		_, err := c.GetDeployment(ctx, "d1")
		wantText(t, err.Error(), "(hidden), (hidden), (hidden)")
	}
	if calls != 2 {
		t.Errorf("%d calls", calls)
	}
}

// A server that echoes what it got must not put it into an error.
func TestEchoedRequestsAreHidden(t *testing.T) {
	t.Parallel()
	const password, name, deep, origin = "pass-word-1", "Name of \"it\" <b>", "deep-value-1", "https://origin.example"
	echo := func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			writeJSON(w, http.StatusOK, map[string]any{"deployment_id": "d1", "pal_id": "p1", "channel": "widget"})
			return
		}
		body := make([]byte, r.ContentLength)
		_, _ = r.Body.Read(body)
		writeJSON(w, http.StatusBadRequest, map[string]any{"error": "widget is wrong for p1: " + string(body) + " " + name + " " + r.Header.Get("x-api-key")})
	}
	c := handle(echo).client(t)
	ctx := Mask(t.Context(), func() []string { return []string{"of-the-caller"} })
	_, createErr := c.CreateDeployment(ctx, CreateRequest{
		PalID: "p1", Channel: "widget", Name: text(name), Password: password, AllowedOrigins: []string{origin},
		Customization: json.RawMessage(`{"a":{"b":["` + deep + `"]},"c":"of-the-caller"}`), Limits: json.RawMessage(`{"d":"` + deep + `"}`),
	})
	_, patchErr := c.PatchDeployment(ctx, "d1", []Operation{
		{Op: "add", Path: "/customization/x", Value: mustJSON(map[string]any{"y": deep})},
		{Op: "add", Path: "/password", Value: mustJSON(password)},
		{Op: "add", Path: "/name", Value: mustJSON(name)},
		{Op: "add", Path: "/allowed_origins", Value: mustJSON([]string{origin})},
		{Op: "add", Path: "/channel", Value: mustJSON("widget")},
		{Op: "add", Path: "/pal_id", Value: mustJSON("p1")},
	})
	for _, err := range []error{createErr, patchErr} {
		if err == nil {
			t.Fatal("no error")
		}
		wantText(t, err.Error(), hidden, "widget is wrong for p1")
		wantNoText(t, err.Error(), password, name, "Name of", deep, origin, "of-the-caller", testKey)
	}
}

func mustJSON(value any) json.RawMessage {
	body, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return body
}
