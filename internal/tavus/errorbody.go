package tavus

import (
	"cmp"
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// maxErrorText is the length in characters of the server's words in an error.
const maxErrorText = 300

// errorBody is what a server says in the body of an error. field is the first member that it names.
type errorBody struct{ text, field, code string }

// parseErrorBody knows the usual shapes: {"error": …}, {"message": …}, {"detail": [{"loc", "msg"}]}
// (FastAPI), {"errors": [{"field", "message"}]} and the same under "error" or as a bare array,
// {"errors": {field: [text]}}, {"error": {"path"}}, and problem details with "invalid-params" (RFC
// 9457). Of HTML it takes the title. hide takes the secrets out: before a text is changed or cut, which
// could leave a part of one, and after.
func parseErrorBody(body []byte, truncated bool, hide func(string) string) errorBody {
	var value any
	isJSON := !truncated && json.Unmarshal(body, &value) == nil
	text, isText := value.(string)
	if isJSON && !isText {
		w := wording{hide: hide}
		members, isObject := value.(map[string]any)
		in := topLevel
		if !isObject {
			in = "errors"
		}
		text := hide(cleanText(w.of(value, in)))
		return errorBody{text: text, field: w.field, code: hide(firstText(members, "conflict", "code"))}
	}
	if !isText {
		text = strings.ToValidUTF8(string(body), "?")
	}
	text = hide(text)
	if truncated {
		text = text[:max(0, len(text)-512)] // half a secret may be at its end
	}
	return errorBody{text: hide(cleanText(reduceHTML(text)))}
}

// wordsOfSuccess finds what a body says that came with a success and cannot be used. An object is not
// retold.
func wordsOfSuccess(body []byte, hide func(string) string) string {
	var members map[string]any
	if json.Unmarshal(body, &members) != nil {
		return parseErrorBody(body, false, hide).text
	}
	w := wording{hide: hide}
	return w.of(map[string]any{"error": members["error"], "message": members["message"]}, topLevel)
}

// Where a value of a body is, other than under a member with words.
const (
	topLevel = ""
	inFields = "fields" // in an object whose keys are the fields
)

// wording finds what a body says. field is the first member that it names, with dots between the steps
// of its path; it never looks for names in words.
type wording struct {
	hide  func(string) string
	field string
}

// of finds the text for a person. Each field is in front of what is said of it.
func (w *wording) of(value any, in string) string {
	switch v := value.(type) {
	case string:
		return v
	case []any:
		var all []string
		for _, item := range v {
			if words := w.of(item, in); words != "" {
				all = append(all, words)
			}
		}
		return strings.Join(all, "; ")
	case map[string]any:
		return w.ofObject(v, in)
	}
	return ""
}

func (w *wording) ofObject(v map[string]any, in string) string {
	if in == inFields {
		return w.ofMembers(v, in)
	}
	field := w.fieldOf(v, in)
	said := ""
	for _, name := range []string{"error", "title", "message", "msg", "detail", "details", "reason", "errors", "invalid-params"} {
		inner := name
		if _, keyed := v[name].(map[string]any); keyed && name == "errors" {
			inner = inFields
		}
		switch words := w.of(v[name], inner); {
		case strings.Contains(said, words):
		case strings.Contains(words, said):
			said = words
		default:
			said += ": " + words
		}
	}
	if said == "" && in != "details" {
		said = w.ofMembers(v, in)
	}
	if field == "" || said == "" {
		return said
	}
	return field + ": " + said
}

// ofMembers takes an object for one of names and words.
func (w *wording) ofMembers(v map[string]any, in string) string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(v)) {
		if in == inFields {
			w.field = cmp.Or(w.field, cleanText(w.hide(name)))
		}
		if words := w.of(v[name], in); words != "" {
			all = append(all, name+": "+words)
		}
	}
	return strings.Join(all, "; ")
}

// fieldOf returns the first member that is a path: a text without spaces, or a list of steps. At the
// top, "path" is that of the request.
func (w *wording) fieldOf(members map[string]any, in string) string {
	names := []string{"loc", "field", "path", "param", "pointer"}
	switch in {
	case topLevel:
		names = []string{"field", "param"}
	case "invalid-params":
		names = append(names, "name")
	}
	for _, name := range names {
		field, _ := members[name].(string)
		if steps, ok := members[name].([]any); ok {
			for _, step := range steps {
				field += fmt.Sprintf(".%v", step)
			}
		}
		if field != "" && !strings.ContainsFunc(field, unicode.IsSpace) {
			field = cleanText(dotted(w.hide(field)))
			w.field = cmp.Or(w.field, field)
			return field
		}
	}
	return ""
}

func dotted(field string) string {
	return strings.TrimPrefix(strings.ReplaceAll(strings.Trim(field, "#$/."), "/", "."), "body.")
}

func firstText(members map[string]any, names ...string) string {
	for _, name := range names {
		if s, ok := members[name].(string); ok && s != "" {
			return cleanText(s)
		}
	}
	return ""
}

// reduceHTML takes the title of a page, or else the text between its tags.
func reduceHTML(text string) string {
	start := strings.ToLower(strings.TrimSpace(text[:min(len(text), 512)]))
	if !strings.HasPrefix(start, "<") {
		return text
	}
	if title := regexp.MustCompile(`(?is)<title[^>]*>(.*?)</title>`).FindStringSubmatch(text); title != nil {
		return html.UnescapeString(title[1])
	}
	text = regexp.MustCompile(`(?is)<script.*?</script>|<style.*?</style>|<[a-zA-Z/!?][^>]*>`).ReplaceAllString(text, " ")
	return html.UnescapeString(text)
}

// cleanText makes one line of readable characters. Control characters would let a server write on
// a terminal, and format characters turn text around.
func cleanText(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r) || unicode.IsControl(r):
			return ' '
		case unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "?"))
	return strings.Join(strings.Fields(text), " ")
}

func shorten(text string) string {
	runes := []rune(text)
	if len(runes) <= maxErrorText {
		return text
	}
	return strings.TrimSpace(string(runes[:maxErrorText])) + "..."
}
