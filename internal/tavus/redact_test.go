package tavus

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
)

// hider hides one key.
func hider(key string) func(string) string {
	return func(text string) string {
		return (&Client{cfg: Config{APIKey: key}}).redact(context.Background(), text)
	}
}

// echoes are bodies in which servers repeat what they were sent.
func echoes(secret string) map[string]string {
	quoted, _ := json.Marshal(secret)
	twice, _ := json.Marshal(string(quoted))
	return map[string]string{
		"plain":      "bad value " + secret,
		"json":       `{"error": ` + string(quoted) + `}`,
		"json twice": `{"message": ` + string(twice) + `}`,
		"detail":     `{"detail": [{"loc": ["body", "password"], "msg": "bad", "input": ` + string(quoted) + `}]}`,
		"only input": `{"input": ` + string(quoted) + `}`,
		"field":      `{"error": {"path": ` + string(quoted) + `}, "code": ` + string(quoted) + `}`,
		"query":      "bad query ?x=" + url.QueryEscape(secret) + "&y=" + url.PathEscape(secret),
		"html":       "<html><title>" + html.EscapeString(secret) + "</title></html>",
		"html body":  "<p>" + html.EscapeString(secret) + "</p>",
		"slashes":    "text: " + strings.ReplaceAll(string(quoted), "/", `\/`),
		"python":     "text: " + strings.NewReplacer("&#34;", "&quot;", "&#39;", "&#x27;").Replace(html.EscapeString(secret)),
		"lower case": "text: " + strings.ToLower(url.QueryEscape(secret)),
		"raw html":   "<p>" + secret + "</p>",
		"ascii":      `text: ` + asciiJSON(strings.Trim(string(quoted), `"`)),
	}
}

func TestRedact_SecretsStandInNoErrorAndNoLog(t *testing.T) {
	t.Parallel()
	// Each part of a secret that stays readable holds a mark.
	for _, secret := range []string{
		"zq9-pass", `zq9"quo"zq9\zq9'zq9`, "zq9ümläut & zq9<b>zq9", "zq9  two words", "zq9\nbreak\tzq9", "zq9😀zq9/zq9", "zq9(zq9)!zq9*zq9\u200bzq9",
	} {
		for shape, text := range echoes(secret) {
			for _, status := range []int{200, 400, 401, 404, 409, 422, 500} {
				synctest.Test(t, func(t *testing.T) {
					var logged strings.Builder
					w := &wire{handler: answer(status, text, "X-Request-Id", cleanText(secret), "Location", "https://"+url.PathEscape(secret)+".example/")}
					c := w.client(t, func(c *Config) {
						c.MaxRetries = 0
						c.Log = func(_ context.Context, message string, fields map[string]any) { fmt.Fprint(&logged, message, fields) }
					})
					ctx := Redact(Redact(context.Background(), secret), "another")
					_, one := c.Get(ctx, things, "x")
					_, two := c.Patch(ctx, things, &Object{ID: "x"}, nil)
					all := fmt.Sprintf("%v %+v %v %+v %s", one, asError(one), two, asError(two), logged.String())
					if strings.Contains(all, "zq9") {
						t.Errorf("%s, %d: %q in %s", shape, status, secret, all)
					}
				})
			}
		}
	}
}

func TestRedact_WhatIsNoSecretStaysReadable(t *testing.T) {
	t.Parallel()
	w := &wire{handler: answer(422, `{"error": "theme must be one of dark, light"}`)}
	_, err := w.client(t).Get(Redact(t.Context(), "", "  ", "hunter2"), things, "x")
	if e := wantReason(t, err, Refused); e.Message != "theme must be one of dark, light" {
		t.Error(e.Message)
	}
}

func TestRedact_ASecretAtTheEndOfACutBody(t *testing.T) {
	t.Parallel()
	secret := strings.Repeat("s3cr3t", 20)
	for shift := range 8 {
		page := "<p>" + strings.Repeat("<i></i>", (maxErrorBody-60)/7) + strings.Repeat(" ", shift*8) + secret
		w := &wire{handler: answer(400, page)}
		_, err := w.client(t).Create(Redact(t.Context(), secret), things, nil)
		if strings.Contains(err.Error(), "s3cr3t") {
			t.Errorf("shift %d: %v", shift, err)
		}
	}
}

func TestRedact_TheConfigDoesNotPrintTheKey(t *testing.T) {
	t.Parallel()
	cfg := Config{APIKey: testKey, BaseURL: "https://api.example"}
	for _, format := range []string{"%v", "%+v", "%#v", "%s"} {
		if text := fmt.Sprintf(format, cfg); strings.Contains(text, testKey) {
			t.Errorf("%s: %s", format, text)
		}
	}
}

func TestRedact_ASecretMayBeginWithAnother(t *testing.T) {
	t.Parallel()
	c := &Client{cfg: Config{APIKey: "abc"}}
	if got := c.redact(Redact(t.Context(), "abcdef", "ab"), "x abcdef abc ab"); got != "x (hidden) (hidden) (hidden)" {
		t.Error(got)
	}
	if got := c.redact(t.Context(), "proxy http://user:p@ss@proxy.example:3128"); got != "proxy http://(hidden)@proxy.example:3128" {
		t.Error(got)
	}
}
