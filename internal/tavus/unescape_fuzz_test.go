package tavus

import (
	"html"
	"net/url"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// escapers are the ways in which servers write one text inside of another.
var escapers = []func(string) string{
	func(s string) string { return jsonInner(s, false) },
	func(s string) string { return jsonInner(s, true) },
	func(s string) string { return asciiOnly(jsonInner(s, true)) },
	url.QueryEscape,
	url.PathEscape,
	html.EscapeString,
}

func TestUndoers(t *testing.T) {
	t.Parallel()
	backslash, percent, query, entity, collapse := undoers[0], undoers[1], undoers[2], undoers[3], view.collapse
	for _, test := range []struct {
		undo       func(view) (view, bool)
		text, want string
	}{
		{backslash, "", ""},
		{backslash, `a\"b\\c\/d\n`, "a\"b\\c/d\n"},
		{backslash, `\ud83d\ude00 \u00e9`, "\U0001f600 é"},
		{backslash, `\ud83d \u12 \u \q \`, "\uFFFD \\u12 \\u \\q \\"},
		{percent, "%3Cb%3e+%2525 % %z1 %", "<b>+%25 % %z1 %"},
		{percent, "%ff", "\xff"},
		{query, "a+b%2B", "a b+"},
		{query, "a%2B", "a%2B"},
		{entity, "&lt;b&gt; &#39;&#x27; &amp;lt; &x; & &", "<b> '' &lt; &x; & &"},
		{collapse, "a \t\x00 b\u200b\n\nc\xff", "a b c\xff"},
	} {
		got, changed := test.undo(view{text: test.text})
		if got.text != test.want || changed != (test.text != test.want) {
			t.Errorf("%q: %q, %v, want %q", test.text, got.text, changed, test.want)
		}
		if end := got.offset(len(got.text)); end != len(test.text) {
			t.Errorf("%q: the end is at %d", test.text, end)
		}
	}
	// A finding is shown in the text as it was, with all around it untouched.
	twice := jsonInner(jsonInner(`{"x":"a\b","y":"val\u00fce \"1\""}`, false), false)
	if got, want := maskOf(`valüe "1"`).hideDeep(twice), strings.Replace(twice, `val`+`\\\\u00fce \\\\\\\"1\\\\\\\"`, hidden, 1); got != want || got == twice {
		t.Errorf("%s, want %s", got, want)
	}
}

// FuzzHideEscaped escapes a value up to three times, each time in some way, and
// looks for it in the error.
func FuzzHideEscaped(f *testing.F) {
	f.Add(`pass"word`, uint16(0))
	f.Add(`<é>&/\'+%`, uint16(0x123))
	f.Add("50%25 of it", uint16(0x3210))
	f.Add(`back\\slash`, uint16(0x0040))
	f.Add("control\x01\x7f\"mark", uint16(0x0005))
	f.Add("0\x01\x7f\"00X0", uint16(0x0005))
	f.Fuzz(func(t *testing.T, secret string, order uint16) {
		// Such a value is hidden as a whole word only, or is none.
		if len(secret) > 1000 || utf8.RuneCountInString(strings.TrimSpace(secret)) < shortValue || !utf8.ValidString(secret) {
			return
		}
		// The letters and digits that nothing escapes are what is looked for.
		core := ""
		for word := range strings.FieldsFuncSeq(secret, func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			if len(word) > len(core) {
				core = word
			}
		}
		// What an escape may hold, \u0041 or %0a, is no word.
		if !strings.ContainsAny(core, "ghijklmopqsvwxyzGHIJKLMNOPQRSTUVWXYZ") {
			return
		}
		if len(core) < shortValue || strings.Contains(hidden, core) {
			return
		}
		text := secret
		for range maxEscapes {
			if way := int(order & 0xf); way < len(escapers) {
				text = escapers[way](text)
			}
			order >>= 4
		}
		if got := errorText([]byte("x "+text+" y"), false, maskOf(secret)); strings.Contains(got, core) {
			t.Errorf("%q is in %q", secret, got)
		}
	})
}
