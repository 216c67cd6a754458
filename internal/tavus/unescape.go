package tavus

import (
	"html"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// maxEscapes is how many layers of escapes a value is looked for under.
const maxEscapes = 3

// view is a text as a reader sees it who undoes escapes. It serves to find
// values in text, never to read data: what is no escape stays as it is.
type view struct {
	text string
	// offsets are those of each byte of text, and of its end, in the original; nil
	// where text is the original.
	offsets []int
}

func (v view) offset(i int) int {
	if v.offsets == nil {
		return i
	}
	return v.offsets[i]
}

// undoers undo one layer of escapes each, and say if there was any: of JSON (RFC
// 8259, section 7), of URLs (RFC 3986, section 2.1) and their queries, and of
// HTML.
var undoers = []func(view) (view, bool){
	func(v view) (view, bool) { return v.undo(`\`, unescapeBackslash) },
	func(v view) (view, bool) { return v.undo("%", unescapePercent) },
	func(v view) (view, bool) {
		if strings.IndexByte(v.text, '+') < 0 {
			return v, false
		}
		return v.undo("%+", unescapePercent)
	},
	func(v view) (view, bool) { return v.undo("&", unescapeEntity) },
}

// undo replaces the escapes that begin with one of the signs.
func (v view) undo(signs string, unescape func(string) (plain string, size int)) (view, bool) {
	if !strings.ContainsAny(v.text, signs) {
		return v, false
	}
	var w viewWriter
	changed := false
	for i := 0; i < len(v.text); {
		plain, size := v.text[i:i+1], 1
		if strings.IndexByte(signs, v.text[i]) >= 0 {
			if p, n := unescape(v.text[i:]); n > 0 {
				plain, size, changed = p, n, true
			}
		}
		w.write(plain, v.offset(i))
		i += size
	}
	return w.view(v), changed
}

// collapse makes one space of each run of white space and control characters,
// and drops format characters, as cleanText does. It is no layer of escapes: the
// text may have gone through cleanText between any two of them.
func (v view) collapse() (view, bool) {
	var w viewWriter
	changed, afterSpace := false, false
	for i, r := range v.text {
		size := max(1, utf8.RuneLen(r))
		if r == utf8.RuneError {
			_, size = utf8.DecodeRuneInString(v.text[i:])
		}
		space := unicode.IsSpace(r) || unicode.IsControl(r)
		switch {
		case unicode.Is(unicode.Cf, r), space && afterSpace:
			changed = true
		case space:
			changed = changed || r != ' '
			w.write(" ", v.offset(i))
		default:
			w.write(v.text[i:i+size], v.offset(i))
		}
		afterSpace = space || afterSpace && unicode.Is(unicode.Cf, r)
	}
	return w.view(v), changed
}

type viewWriter struct {
	text    strings.Builder
	offsets []int
}

func (w *viewWriter) write(text string, offset int) {
	w.text.WriteString(text)
	for range len(text) {
		w.offsets = append(w.offsets, offset)
	}
}

func (w *viewWriter) view(of view) view {
	return view{w.text.String(), append(w.offsets, of.offset(len(of.text)))}
}

// unescapeBackslash and the others return what an escape at the beginning of
// text stands for and its length, or a length of 0.
func unescapeBackslash(text string) (plain string, size int) {
	if len(text) < 2 {
		return "", 0
	}
	switch text[1] {
	case '"', '\'', '\\', '/':
		return text[1:2], 2
	case 'n':
		return "\n", 2
	case 'r':
		return "\r", 2
	case 't':
		return "\t", 2
	case 'b':
		return "\b", 2
	case 'f':
		return "\f", 2
	case 'u':
		first, ok := hexUnit(text)
		if !ok {
			return "", 0
		}
		if second, ok := hexUnit(text[6:]); ok && utf16.IsSurrogate(first) {
			if r := utf16.DecodeRune(first, second); r != utf8.RuneError {
				return string(r), 12
			}
		}
		return string(first), 6
	}
	return "", 0
}

// hexUnit reads the \uXXXX at the beginning of text.
func hexUnit(text string) (rune, bool) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(text[2:6], 16, 16)
	return rune(n), err == nil
}

func unescapePercent(text string) (plain string, size int) {
	if text[0] == '+' {
		return " ", 1 // in a query
	}
	if len(text) < 3 {
		return "", 0
	}
	n, err := strconv.ParseUint(text[1:3], 16, 8)
	if err != nil {
		return "", 0
	}
	return string([]byte{byte(n)}), 3
}

// longestEntity is enough for every entity that stands for a character of a value.
const longestEntity = 12

func unescapeEntity(text string) (plain string, size int) {
	end := strings.IndexByte(text[:min(len(text), longestEntity)], ';')
	if end < 0 {
		return "", 0
	}
	entity := text[:end+1]
	if plain = html.UnescapeString(entity); plain == entity {
		return "", 0
	}
	return plain, len(entity)
}
