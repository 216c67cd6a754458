package tavus

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

const hidden = "(hidden)"

// shortValue is the length in characters below which a value is hidden only as
// a whole word. A setting "on" would otherwise tear "connection" apart.
const shortValue = 4

// longValue is the length in characters from which on a value is hidden in lower and
// in upper case and without punctuation as well.
const longValue = 8

type maskKey struct{}

// Mask returns a context under which the given strings never stand in an error
// or a log line, neither as they are nor escaped for JSON, URLs or HTML. values
// is called only when there is text to clean. Masks add up.
func Mask(ctx context.Context, values func() []string) context.Context {
	if values == nil {
		return ctx
	}
	earlier, _ := ctx.Value(maskKey{}).([]func() []string)
	all := append(slices.Clip(slices.Clone(earlier)), sync.OnceValue(values))
	return context.WithValue(ctx, maskKey{}, all)
}

// masker hides values in text. Its zero value hides nothing.
type masker struct {
	forms func() []form
}

// form is one spelling of one value.
type form struct {
	text    string
	whole   bool // found as a whole word only
	escaped bool
}

// newMasker hides the key, the values of the request and those of Mask.
func (c *Client) newMasker(ctx context.Context, sent func() []string) *masker {
	given, _ := ctx.Value(maskKey{}).([]func() []string)
	return &masker{forms: sync.OnceValue(func() []form {
		values := []string{c.cfg.APIKey}
		if sent != nil {
			values = append(values, sent()...)
		}
		for _, f := range given {
			values = append(values, f()...)
		}
		return formsOf(values)
	})}
}

// formsOf returns every spelling of every value, the longest first.
func formsOf(values []string) []form {
	seen := map[form]bool{}
	for _, value := range values {
		// White space alone is no secret, and hiding it would shred the text.
		if strings.TrimSpace(value) == "" {
			continue
		}
		short := utf8.RuneCountInString(value) < shortValue
		for _, text := range spellings(value) {
			if strings.TrimSpace(text) != "" {
				seen[form{text, short, text != value && text != cleanText(value)}] = true
			}
		}
		for _, text := range rewritten(value) {
			seen[form{text: text, whole: true}] = true
		}
	}
	forms := make([]form, 0, len(seen))
	for f := range seen {
		forms = append(forms, f)
	}
	slices.SortFunc(forms, func(a, b form) int {
		return cmp.Or(cmp.Compare(len(b.text), len(a.text)), cmp.Compare(a.text, b.text))
	})
	return forms
}

// A Replacer builds its tables when it is first used, so these are kept.
var (
	hexMarkup   = strings.NewReplacer("&#34;", "&quot;", "&#39;", "&#x27;")
	namedMarkup = strings.NewReplacer("&#34;", "&quot;", "&#39;", "&apos;")
	// What most languages print for a quoted string with single quotes.
	singleQuoted = strings.NewReplacer(`\`, `\\`, `'`, `\'`, "\n", `\n`, "\t", `\t`, "\r", `\r`)
)

// spellings returns value and how servers and libraries write it inside other text.
func spellings(value string) []string {
	plain := jsonInner(value, false)
	query, path := url.QueryEscape(value), url.PathEscape(value)
	markup := html.EscapeString(value)
	all := []string{
		value,
		cleanText(value),
		plain,
		jsonInner(value, true),
		asciiOnly(plain),
		strings.ReplaceAll(plain, "/", `\/`),
		query, lowerHex(query), strings.ReplaceAll(query, "+", "%20"),
		path, lowerHex(path),
		markup,
		hexMarkup.Replace(markup),
		namedMarkup.Replace(markup),
		singleQuoted.Replace(value),
	}
	return append(all, cleanText(markup), cleanText(plain))
}

// rewritten returns value as servers that normalise what they are sent repeat it. They
// are looked for as whole words, and only where they are long and more than one plain
// word: a name "Deployments" would otherwise hide a word of every path.
func rewritten(value string) []string {
	letters := strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if unicode.IsPunct(r) || unicode.IsSymbol(r) {
			return -1
		}
		return r
	}, value)), " ")
	isPlain := !strings.ContainsFunc(letters, func(r rune) bool { return !unicode.IsLetter(r) })
	var forms []string
	for _, text := range []string{value, letters} {
		if !isPlain && utf8.RuneCountInString(text) >= longValue {
			forms = append(forms, text, strings.ToLower(text), strings.ToUpper(text))
		}
	}
	// As it is, the value is looked for already, and not as a whole word only.
	return slices.DeleteFunc(forms, func(text string) bool { return text == value })
}

func jsonInner(value string, escapeHTML bool) string {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(escapeHTML)
	if encoder.Encode(value) != nil {
		return value
	}
	text := strings.TrimSuffix(buffer.String(), "\n")
	return text[1 : len(text)-1]
}

// asciiOnly writes other characters as \uXXXX, which many JSON libraries do by default.
func asciiOnly(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r < utf8.RuneSelf:
			b.WriteRune(r)
		case r > 0xffff:
			r -= 0x10000
			fmt.Fprintf(&b, `\u%04x\u%04x`, 0xd800+(r>>10), 0xdc00+(r&0x3ff))
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

// lowerHex turns %2F into %2f; RFC 3986 allows both.
func lowerHex(text string) string {
	b := []byte(text)
	for i := 0; i+2 < len(b); i++ {
		if b[i] == '%' {
			copy(b[i+1:i+3], bytes.ToLower(b[i+1:i+3]))
		}
	}
	return string(b)
}

// hide replaces every occurrence. It finds all of them in the original text
// first: with one replacement after the other, the rest of a value that
// overlaps another would stay.
func (m *masker) hide(text string) string { return m.hideUnder(text, 0) }

// hideDeep also finds values that are escaped more than once, as in a body that
// is repeated as text inside of JSON. No list of spellings holds every
// combination, so it searches the text with its escapes undone.
func (m *masker) hideDeep(text string) string { return m.hideUnder(text, maxEscapes) }

func (m *masker) hideUnder(text string, layers int) string {
	if m == nil || m.forms == nil || strings.TrimSpace(text) == "" {
		return text
	}
	return replaceSpans(text, m.find(view{text: text}, layers, nil))
}

// find adds the places of all values, as offsets in the original text, under up
// to that many layers of escapes.
func (m *masker) find(v view, layers int, spans [][2]int) [][2]int {
	spans = m.search(v, spans)
	if layers == 0 {
		return spans
	}
	for _, undo := range undoers {
		if plain, changed := undo(v); changed {
			spans = m.find(plain, layers-1, spans)
		}
	}
	return spans
}

// search adds the places of all values in one view, and in the view as cleanText
// leaves it.
func (m *masker) search(v view, spans [][2]int) [][2]int {
	for _, f := range m.forms() {
		if f.escaped && v.offsets != nil {
			continue // another view shows it with nothing escaped
		}
		for from := 0; from < len(v.text); {
			i := strings.Index(v.text[from:], f.text)
			if i < 0 {
				break
			}
			start, end := from+i, from+i+len(f.text)
			if !f.whole || isWholeWord(v.text, start, end) {
				spans = append(spans, [2]int{v.offset(start), v.offset(end)})
			}
			from = start + 1
		}
	}
	if collapsed, changed := v.collapse(); changed {
		spans = m.search(collapsed, spans)
	}
	return spans
}

// hideEnd hides also a value that begins in text and was cut off with it.
func (m *masker) hideEnd(text string) string {
	if m == nil || m.forms == nil {
		return text
	}
	cut := len(text)
	for _, f := range m.forms() {
		for n := min(len(f.text)-1, len(text)); n >= shortValue && n > len(text)-cut; n-- {
			if strings.HasSuffix(text, f.text[:n]) {
				cut = len(text) - n
				break
			}
		}
	}
	if cut == len(text) {
		return text
	}
	return text[:cut] + hidden
}

func replaceSpans(text string, spans [][2]int) string {
	if len(spans) == 0 {
		return text
	}
	slices.SortFunc(spans, func(a, b [2]int) int { return cmp.Compare(a[0], b[0]) })
	var b strings.Builder
	done := 0
	for i := 0; i < len(spans); {
		start, end := spans[i][0], spans[i][1]
		for i++; i < len(spans) && spans[i][0] < end; i++ {
			end = max(end, spans[i][1])
		}
		b.WriteString(text[done:start])
		b.WriteString(hidden)
		done = end
	}
	b.WriteString(text[done:])
	return b.String()
}

func isWholeWord(text string, start, end int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:start])
	after, _ := utf8.DecodeRuneInString(text[end:])
	return !isWordRune(before) && !isWordRune(after)
}

func isWordRune(r rune) bool {
	return r == '_' || (r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r)))
}
