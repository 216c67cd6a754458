package tavus

import (
	"encoding/json"
	"html"
	"regexp"
	"strings"
	"unicode"
)

// maxErrorText is the length in characters of the server's words in an error.
const maxErrorText = 300

var (
	htmlTitle   = regexp.MustCompile(`(?is)<title[^>]*>(.*?)</title>`)
	htmlIgnored = regexp.MustCompile(`(?is)<!--.*?-->|<script.*?</script>|<style.*?</style>`)
	htmlTag     = regexp.MustCompile(`(?s)<[a-zA-Z/!?][^>]*>`)
	userInfo    = regexp.MustCompile(`://[^/\s@]+@`)
)

// errorText returns what a server says in the body of an error: under "error",
// under "message", or as plain text or HTML. Nothing in it is a value that m
// hides, a control character, or longer than maxErrorText.
func errorText(body []byte, truncated bool, m *masker) string {
	text := strings.ToValidUTF8(string(body), "?")
	if truncated {
		text = m.hideEnd(text)
	} else if words, ok := jsonWords(body); ok {
		text = words
	}
	// Hidden before the markup goes, because a value may look like markup, and
	// after it, because the text is another then.
	text = m.hide(text)
	if looksLikeHTML(text) {
		text = m.hide(reduceHTML(text))
	}
	return shorten(m.hideDeep(cleanText(text)))
}

func jsonWords(body []byte) (string, bool) {
	if checkJSON(body) != nil {
		return "", false
	}
	var value any
	decoder := json.NewDecoder(strings.NewReader(string(body)))
	decoder.UseNumber()
	if decoder.Decode(&value) != nil {
		return "", false
	}
	return wordsOf(value), true
}

// wordsOf finds the text for a person in any of the usual shapes.
func wordsOf(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
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
		for _, name := range []string{"error", "title", "message", "msg", "detail", "details", "description", "error_description", "errors", "reason"} {
			words := wordsOf(v[name])
			if words != "" && !strings.Contains(strings.Join(all, ": "), words) {
				all = append(all, words)
			}
		}
		if len(all) > 0 {
			return strings.Join(all, ": ")
		}
	}
	text, err := json.Marshal(value)
	if err != nil || string(text) == "{}" {
		return ""
	}
	return string(text)
}

func looksLikeHTML(text string) bool {
	start := strings.ToLower(text[:min(len(text), 512)])
	start = strings.TrimSpace(start)
	return strings.HasPrefix(start, "<") && (strings.Contains(start, "<!doctype") || strings.Contains(start, "<html") ||
		strings.Contains(start, "<head") || strings.Contains(start, "<body") || strings.Contains(start, "<title") || htmlTag.MatchString(start))
}

func reduceHTML(text string) string {
	if title := htmlTitle.FindStringSubmatch(text); title != nil {
		if words := cleanText(html.UnescapeString(title[1])); words != "" {
			return words
		}
	}
	text = htmlIgnored.ReplaceAllString(text, " ")
	text = htmlTag.ReplaceAllString(text, " ")
	return html.UnescapeString(text)
}

// cleanText makes one line of readable characters. Control characters would
// let a server write on a terminal, and format characters turn text around.
func cleanText(text string) string {
	text = strings.ToValidUTF8(text, "?")
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r) || unicode.IsControl(r):
			return ' '
		case unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, text)
	return strings.Join(strings.Fields(text), " ")
}

func shorten(text string) string {
	runes := []rune(text)
	if len(runes) <= maxErrorText {
		return text
	}
	return strings.TrimSpace(string(runes[:maxErrorText])) + "..."
}

// cleanLine is for short texts that are not the server's words: causes of
// network errors, request ids, log fields. The address of a proxy may hold a password.
func cleanLine(text string, m *masker) string {
	text = userInfo.ReplaceAllString(text, "://"+hidden+"@")
	return shorten(m.hideDeep(cleanText(m.hide(text))))
}
