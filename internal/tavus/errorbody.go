package tavus

import (
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

// errorBody is what a server says in the body of an error.
type errorBody struct{ text, field, code string }

// parseErrorBody knows the usual shapes: {"error": …}, {"message": …}, {"detail": [{"loc", "msg"}]}
// (FastAPI), {"errors": [{"field", "message"}]}, {"errors": {field: [text]}}, {"error": {"path"}}, and
// problem details with "invalid-params" (RFC 9457). Of HTML it takes the title. hide takes the secrets
// out: before a text is changed or cut, which could leave a part of one, and after.
func parseErrorBody(body []byte, truncated bool, hide func(string) string) errorBody {
	var members map[string]any
	if !truncated && json.Unmarshal(body, &members) == nil {
		return errorBody{
			text: hide(cleanText(wordsOf(members))), field: hide(cleanText(fieldOf(members, hide))),
			code: hide(firstText(members, "conflict", "code")),
		}
	}
	text := strings.ToValidUTF8(string(body), "?")
	var plain any
	if json.Unmarshal(body, &plain) == nil {
		text = wordsOf(plain)
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
	return wordsOf(map[string]any{"error": members["error"], "message": members["message"]})
}

// wordsOf finds the text for a person.
func wordsOf(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case []any:
		var all []string
		for _, item := range v {
			if words := wordsOf(item); words != "" {
				all = append(all, words)
			}
		}
		return strings.Join(all, "; ")
	case map[string]any:
		var all []string
		for _, name := range []string{"error", "title", "message", "msg", "detail", "reason", "errors", "invalid-params"} {
			words := wordsOf(v[name])
			if words != "" && !strings.Contains(strings.Join(all, ": "), words) {
				all = append(all, words)
			}
		}
		if len(all) == 0 && len(v) > 0 {
			for _, name := range slices.Sorted(maps.Keys(v)) {
				if words := wordsOf(v[name]); words != "" {
					all = append(all, name+": "+words)
				}
			}
			return strings.Join(all, "; ")
		}
		return strings.Join(all, ": ")
	}
	return ""
}

// fieldOf finds the member that a structured body names, with dots between the steps of its path. It
// never looks for names in words.
func fieldOf(body map[string]any, hide func(string) string) string {
	inner, _ := body["error"].(map[string]any)
	if field := fieldIn(inner, hide, "path", "field", "param", "pointer"); field != "" {
		return field
	}
	for _, list := range []string{"detail", "details", "errors", "invalid-params"} {
		names := []string{"loc", "field", "path", "pointer"}
		if list == "invalid-params" {
			names = append(names, "name")
		}
		items, _ := body[list].([]any)
		for _, item := range items {
			members, _ := item.(map[string]any)
			if field := fieldIn(members, hide, names...); field != "" {
				return field
			}
		}
	}
	if fields, ok := body["errors"].(map[string]any); ok && len(fields) > 0 {
		return dotted(hide(slices.Min(slices.Collect(maps.Keys(fields)))))
	}
	return fieldIn(body, hide, "field", "param")
}

// fieldIn returns the first member that is a path: a text without spaces, or a list of steps.
func fieldIn(members map[string]any, hide func(string) string, names ...string) string {
	for _, name := range names {
		field, _ := members[name].(string)
		if steps, ok := members[name].([]any); ok {
			for _, step := range steps {
				field += fmt.Sprintf(".%v", step)
			}
		}
		if field != "" && !strings.ContainsFunc(field, unicode.IsSpace) {
			return dotted(hide(field))
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
