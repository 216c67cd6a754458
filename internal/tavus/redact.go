package tavus

import (
	"context"
	"encoding/json"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

const hidden = "(hidden)"

type redactKey struct{}

// Redact returns a context under which the given values never are in an error or a log line,
// neither as they are nor escaped for JSON, URLs or HTML. The API key never is.
func Redact(ctx context.Context, secrets ...string) context.Context {
	earlier, _ := ctx.Value(redactKey{}).([]string)
	return context.WithValue(ctx, redactKey{}, slices.Concat(earlier, secrets))
}

var userInfo = regexp.MustCompile(`://[^/\s@]+@`)

// redact hides the secrets in a text, and a user and a password in front of a host.
func (c *Client) redact(ctx context.Context, text string) string {
	if text == "" {
		return ""
	}
	secrets, _ := ctx.Value(redactKey{}).([]string)
	var pairs []string
	for _, secret := range append([]string{c.cfg.APIKey}, secrets...) {
		if strings.TrimSpace(secret) == "" {
			continue
		}
		quoted, err := json.Marshal(secret)
		if err != nil {
			continue
		}
		inner := string(quoted[1 : len(quoted)-1])
		twice, err := json.Marshal(inner)
		if err != nil {
			continue
		}
		plain := strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(inner)
		for _, form := range []string{
			string(twice[1 : len(twice)-1]), inner, plain, secret, cleanText(secret),
			url.QueryEscape(secret), url.PathEscape(secret), html.EscapeString(secret),
		} {
			if form != "" {
				pairs = append(pairs, form, hidden)
			}
		}
	}
	text = strings.NewReplacer(pairs...).Replace(text)
	return userInfo.ReplaceAllString(text, "://"+hidden+"@")
}
