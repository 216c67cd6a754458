package embed

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// replacements for a value in double quotes. A parser turns a carriage return
// into a line feed (html.spec.whatwg.org, "Preprocessing the input stream"),
// but not one that is written as a reference.
var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;", "\r", "&#13;")

func escape(value string) string { return escaper.Replace(value) }

// unfit says why HTML cannot carry a value; empty: it can.
func unfit(value string) string {
	switch {
	case !utf8.ValidString(value):
		return "is not valid UTF-8"
	case strings.ContainsRune(value, 0):
		return "holds the character U+0000, which HTML cannot carry"
	}
	return ""
}

// attributeName checks a name and returns it in lower case, as a parser does.
func attributeName(given string) (string, error) {
	if given == "" {
		return "", wrong("attributes", "The name of an attribute is empty.")
	}
	if !utf8.ValidString(given) || strings.ContainsFunc(given, notInName) {
		return "", wrong("attributes", "%q is no name of an HTML attribute: white space, control characters, quotes and any of < > / = "+
			"are not allowed in one.", given)
	}
	name := lowerASCII(given)
	switch {
	case strings.HasPrefix(name, "on"):
		return "", wrong("attributes", "The attribute %s is an event handler, which runs code. Listen to the events of the element in a "+
			"script of the page instead (addEventListener).", name)
	case name == "deployment-id":
		return "", wrong("attributes", "The attribute deployment-id comes from the function's first argument; leave it out here.")
	}
	return name, nil
}

// notInName knows what HTML does not allow in the name of an attribute
// (html.spec.whatwg.org/multipage/syntax.html#attributes-2), and "<", which
// is there in no error-free document.
func notInName(r rune) bool {
	return unicode.IsControl(r) || strings.ContainsRune(" \"'<>/=", r) ||
		(r >= 0xfdd0 && r <= 0xfdef) || r&0xfffe == 0xfffe
}

// lowerASCII leaves other letters alone, as the standard does.
func lowerASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}
