package tavus

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"
)

const hidden = "(hidden)"

type redactKey struct{}

// Redact returns a context under which the given values never are in an error or a log line,
// neither as they are nor escaped for JSON, URLs or HTML. The API key never is.
func Redact(ctx context.Context, secrets ...string) context.Context {
	earlier, _ := ctx.Value(redactKey{}).([]string)
	return context.WithValue(ctx, redactKey{}, slices.Concat(earlier, secrets))
}

var (
	userInfo  = regexp.MustCompile(`://[^/\s]+@`)
	urlEscape = regexp.MustCompile(`%[0-9A-F]{2}`)

	withoutHTML = strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&") // of JSON as Go writes it
	quoteAgain  = strings.NewReplacer(`\`, `\\`, `"`, `\"`)
	asScripts   = strings.NewReplacer("%21", "!", "%27", "'", "%28", "(", "%29", ")", "%2A", "*") // encodeURIComponent
	asPython    = strings.NewReplacer("&#34;", "&quot;", "&#39;", "&#x27;")                       // html.escape
)

// redact hides the secrets in a text, and a user and a password in front of a host.
func (c *Client) redact(ctx context.Context, text string) string {
	if text == "" {
		return ""
	}
	secrets, _ := ctx.Value(redactKey{}).([]string)
	var all, pairs []string
	for _, secret := range slices.Concat(secrets, []string{c.cfg.APIKey}) {
		for _, form := range spellings(secret) {
			all = append(all, form, cleanText(form))
		}
	}
	// A secret may begin with another one, which would leave its end.
	slices.SortFunc(all, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) })
	for _, form := range slices.Compact(all) {
		if strings.TrimSpace(form) != "" && strings.Contains(text, form) {
			pairs = append(pairs, form, hidden)
		}
	}
	text = strings.NewReplacer(pairs...).Replace(text)
	return userInfo.ReplaceAllString(text, "://"+hidden+"@")
}

// spellings are the ways in which servers repeat a value.
func spellings(secret string) []string {
	quoted, err := json.Marshal(secret)
	if err != nil {
		return []string{secret}
	}
	inner := string(quoted[1 : len(quoted)-1])
	plain := withoutHTML.Replace(inner)
	all := []string{secret}
	for _, form := range []string{inner, plain, asciiJSON(inner), asciiJSON(plain)} {
		all = append(all, form, quoteAgain.Replace(form), strings.ReplaceAll(form, "/", `\/`))
	}
	query := url.QueryEscape(secret)
	spaced := strings.ReplaceAll(query, "+", "%20")
	for _, form := range []string{query, spaced, asScripts.Replace(spaced), url.PathEscape(secret)} {
		all = append(all, form, urlEscape.ReplaceAllStringFunc(form, strings.ToLower))
	}
	markup := html.EscapeString(secret)
	return append(all, markup, asPython.Replace(markup))
}

// asciiJSON is a JSON text as Python writes it.
func asciiJSON(text string) string {
	var b strings.Builder
	for _, r := range text {
		if r < 0x7f {
			b.WriteRune(r)
			continue
		}
		for _, unit := range utf16.AppendRune(nil, r) {
			fmt.Fprintf(&b, `\u%04x`, unit)
		}
	}
	return b.String()
}
