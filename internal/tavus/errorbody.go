package tavus

import (
	"encoding/json"
	"fmt"
	"html"
	"regexp"
	"sort"
	"strings"
	"unicode"
)

// maxErrorText is the length in characters of the server's words in an error.
const maxErrorText = 300

// errorBody is what a server says in the body of an error.
type errorBody struct{ text, field, code string }

// parseErrorBody knows the usual shapes: {"error": …}, {"message": …}, {"detail": [{"loc", "msg"}]}
// (FastAPI), {"errors": [{"field", "message"}]}, {"errors": {field: [text]}}, {"error": {"path"}}, and
// problem details with "invalid-params" (RFC 9457). Of HTML it takes the title.
func parseErrorBody(body []byte, truncated bool) errorBody {
	var members map[string]any
	if !truncated && json.Unmarshal(body, &members) == nil {
		return errorBody{text: cleanText(wordsOf(members)), field: fieldOf(members), code: firstText(members, "conflict", "code")}
	}
	text := strings.ToValidUTF8(string(body), "?")
	if truncated {
		text = text[:max(0, len(text)-512)] // half a secret may be at its end
	}
	var plain any
	if json.Unmarshal(body, &plain) == nil {
		text = wordsOf(plain)
	}
	return errorBody{text: cleanText(reduceHTML(text))}
}

// wordsOfSuccess finds what a body says that came with a success and cannot be used. An object is not
// retold.
func wordsOfSuccess(body []byte) string {
	var members map[string]any
	if json.Unmarshal(body, &members) != nil {
		return parseErrorBody(body, false).text
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
			names := make([]string, 0, len(v))
			for name := range v {
				names = append(names, name)
			}
			sort.Strings(names)
			for _, name := range names {
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

// fieldOf finds the member that a structured body names, with dots between the steps of its path.
func fieldOf(body map[string]any) string {
	if inner, ok := body["error"].(map[string]any); ok {
		if field := firstText(inner, "path", "field", "param", "pointer"); field != "" {
			return dotted(field)
		}
	}
	for _, name := range []string{"detail", "errors", "invalid-params", "details"} {
		switch list := body[name].(type) {
		case []any:
			for _, item := range list {
				members, _ := item.(map[string]any)
				if location, ok := members["loc"].([]any); ok {
					return strings.TrimPrefix(joined(location), "body.")
				}
				if field := firstText(members, "field", "path", "pointer", "name"); field != "" {
					return dotted(field)
				}
			}
		case map[string]any:
			for field := range list {
				if len(list) == 1 {
					return dotted(field)
				}
			}
		}
	}
	return dotted(firstText(body, "field", "param"))
}

func joined(steps []any) string {
	texts := make([]string, len(steps))
	for i, step := range steps {
		texts[i] = fmt.Sprint(step)
	}
	return strings.Join(texts, ".")
}

func dotted(field string) string {
	return strings.ReplaceAll(strings.Trim(strings.TrimPrefix(field, "#"), "/."), "/", ".")
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
