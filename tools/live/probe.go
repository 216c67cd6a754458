package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	deployments = "/v2/deployments"
	maxBody     = 4 << 20
)

// one is the path of a deployment.
func one(id string) string { return deployments + "/" + url.PathEscape(id) }

// probe sends single requests and returns what came back, as it came: the
// provider's own client evens out just the differences that are asked for.
type probe struct {
	base, key string
	count     int
}

// answer is a reply of the server.
type answer struct {
	status int
	header http.Header
	value  any // the body, where it is JSON
}

// object is the body where it is a JSON object, else nil.
func (a answer) object() map[string]any {
	object, _ := a.value.(map[string]any)
	return object
}

// items are the objects of a list.
func (a answer) items() []map[string]any {
	list, is := a.value.([]any)
	if !is {
		list, _ = a.object()["data"].([]any)
	}
	items := make([]map[string]any, 0, len(list))
	for _, each := range list {
		if object, is := each.(map[string]any); is {
			items = append(items, object)
		}
	}
	return items
}

func (a answer) ok() bool { return a.status >= 200 && a.status < 300 }

// words is the short form of an answer, for a report.
func (a answer) words() string {
	for _, key := range []string{"error", "message"} {
		if text, is := a.object()[key].(string); is {
			return fmt.Sprintf("%d %.120q", a.status, text)
		}
	}
	return fmt.Sprintf("%d %s", a.status, http.StatusText(a.status))
}

// send sends one request. header holds names and values in turn.
func (p *probe) send(ctx context.Context, method, path, body string, header ...string) (got answer, err error) {
	if strings.HasSuffix(path, "/start") {
		return answer{}, errors.New("a conversation is billed; this command never starts one")
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, p.base+path, strings.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	req.Header.Set("X-Api-Key", p.key)
	// A compressed answer may have another ETag (RFC 9110, section 8.8.3.3).
	req.Header.Set("Accept-Encoding", "identity")
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	p.count++
	// The key must not go to another host, so a redirect is an answer.
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	if err != nil {
		return answer{}, fmt.Errorf("%s %s: %w", method, path, err)
	}
	defer func() { err = errors.Join(err, resp.Body.Close()) }()
	got = answer{status: resp.StatusCode, header: resp.Header}
	text, err := io.ReadAll(io.LimitReader(resp.Body, maxBody))
	if err == nil && json.Unmarshal(text, &got.value) != nil {
		got.value = nil
	}
	return got, err
}
