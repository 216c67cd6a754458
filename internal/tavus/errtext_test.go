package tavus

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestErrorText(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ body, want string }{
		{`{"error":"Invalid pal_id"}`, "Invalid pal_id"},
		{`{"message":"Invalid JSON patch format"}`, "Invalid JSON patch format"},
		{`{"error":{"message":"deep","code":7}}`, "deep"},
		{`{"error":"Bad Request","message":"pal_id is unknown"}`, "Bad Request: pal_id is unknown"},
		{`{"error":"same","message":"same"}`, "same"},
		{`{"detail":[{"loc":["body","limits"],"msg":"must be an object"},{"msg":"second"}]}`, "must be an object; second"},
		{`{"errors":["a","b"]}`, "a; b"},
		{`{"code":17}`, `{"code":17}`},
		{`{"error":{"code":17}}`, `{"code":17}`},
		{`{}`, ""},
		{`null`, ""},
		{``, ""},
		{`"just a string"`, "just a string"},
		{"plain\n\ttext\x1b[31m red\u202e", "plain text [31m red"},
		{"bad \xff bytes", "bad ? bytes"},
		{`<!DOCTYPE html><html><head><title>502 Bad &amp; Gateway</title></head><body><h1>x</h1></body></html>`, "502 Bad & Gateway"},
		{`<html><style>p{}</style><body><script>alert(1)</script><p>Down for <b>maintenance</b></p><!-- x --></body></html>`, "Down for maintenance"},
		{`<html><title> </title><body>words</body>`, "words"},
		{`{"error":"<html><title>inner</title></html>"}`, "inner"},
		{`a < b and c > d`, "a < b and c > d"},
		{strings.Repeat("ü", 400), strings.Repeat("ü", 300) + "..."},
		{strings.Repeat("[", 300), strings.Repeat("[", 300)},
	} {
		if got := errorText([]byte(tc.body), false, maskOf()); got != tc.want {
			t.Errorf("%s: %q, want %q", tc.body, got, tc.want)
		}
	}
}

func TestErrorTextHidesBeforeItCuts(t *testing.T) {
	t.Parallel()
	m := maskOf("sec<b>ret-value", "line\none two")
	for _, body := range []string{
		strings.Repeat("x", 296) + "sec<b>ret-value",
		"<html><body>sec<b>ret-value</body></html>",
		"<html><title>sec&lt;b&gt;ret-value</title></html>",
		"it is line\n one   two",
		strings.Repeat("x", 295) + "line\n one   two",
		`{"error":"sec<b>ret-value line\none two"}`,
		`{"error":"{\"inner\":\"sec<b>ret-value\"}"}`,
	} {
		got := errorText([]byte(body), false, m)
		wantNoText(t, got, "sec", "ret", "one")
		if strings.Contains(body, "line") {
			wantNoText(t, got, "line", "two")
		}
	}
	if got := errorText([]byte("told you: sec<b>ret-va"), true, m); got != "told you: (hidden)" {
		t.Error(got)
	}
}

func FuzzErrorText(f *testing.F) {
	for _, seed := range []string{`{"error":"x"}`, "<html><title>SECRET-42</title>", "SECRET-42", `{"message":["SECRET-42"]}`, "<", "\x00\xff", `{"error":{"error":{}}}`} {
		f.Add([]byte(seed), false)
	}
	f.Fuzz(func(t *testing.T, body []byte, truncated bool) {
		got := errorText(body, truncated, maskOf("SECRET-42"))
		if strings.Contains(got, "SECRET-42") {
			t.Errorf("the secret is in %q", got)
		}
		if !utf8.ValidString(got) || utf8.RuneCountInString(got) > maxErrorText+3 {
			t.Errorf("%d characters: %q", utf8.RuneCountInString(got), got)
		}
		for _, r := range got {
			if unicode.IsControl(r) {
				t.Errorf("a control character in %q", got)
			}
		}
	})
}
