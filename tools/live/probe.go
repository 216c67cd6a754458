package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// probe sends single requests and returns what came back, as it came: the
// provider's own client evens out just the differences that are asked for.
type probe struct {
	base, key string
	client    http.Client
	count     int
}

func newProbe(base, key string) *probe {
	return &probe{base: strings.TrimRight(base, "/"), key: key, client: http.Client{
		Timeout: 30 * time.Second,
		// A compressed answer may have another ETag (RFC 9110, section 8.8.3.3).
		Transport: &http.Transport{Proxy: http.ProxyFromEnvironment, DisableCompression: true},
		// The key must not go to another host, so a redirect is an answer.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// send sends one request. A request that is sent is waited for, whatever becomes of ctx: what it
// makes has to be known, to be deleted. An empty ifMatch is left out.
func (p *probe) send(ctx context.Context, method, path, body, ifMatch string) (got answer, err error) {
	if err := ctx.Err(); err != nil {
		return answer{}, err
	}
	req, err := http.NewRequestWithContext(context.WithoutCancel(ctx), method, p.base+path, strings.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	for name, value := range map[string]string{"X-Api-Key": p.key, "Content-Type": "application/json", "If-Match": ifMatch} {
		if value != "" {
			req.Header.Set(name, value)
		}
	}
	p.count++
	resp, err := p.client.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer func() { err = errors.Join(err, resp.Body.Close()) }()
	text, err := io.ReadAll(resp.Body)
	got = parse(text)
	got.status, got.header = resp.StatusCode, resp.Header
	if got.status == http.StatusTooManyRequests || got.status >= http.StatusInternalServerError {
		return got, fmt.Errorf("%s %s: %s; this says nothing about the API, so run it again later", method, path, got.words())
	}
	return got, err
}

// answer is a reply of the server.
type answer struct {
	status int
	header http.Header
	value  any // the body, where it is JSON
}

// parse is an answer with this body.
func parse(text []byte) (a answer) {
	_ = json.Unmarshal(text, &a.value) // what is no JSON has no value
	return a
}

// at is the value at a JSON pointer without escapes, nil where there is none. What is not there is
// looked for in "data", and in the first element of a list.
func (a answer) at(pointer string) any {
	value := a.value
	for _, key := range strings.Split(pointer, "/")[1:] {
		object, _ := value.(map[string]any)
		value = object[key]
	}
	if value != nil {
		return value
	}
	if list, isList := a.value.([]any); isList && len(list) > 0 {
		return answer{value: list[0]}.at(pointer)
	}
	if object, isObject := a.value.(map[string]any); isObject && object["data"] != nil {
		return answer{value: object["data"]}.at(pointer)
	}
	return nil
}

func (a answer) text(pointer string) string {
	text, _ := a.at(pointer).(string)
	return text
}

func (a answer) tag() string { return a.header.Get("ETag") }

func (a answer) code() string { return strconv.Itoa(a.status) }

func (a answer) ok() bool { return a.status >= 200 && a.status < 300 }

// took reports whether what was asked for holds now. A 304 says that it did before.
func (a answer) took() bool { return a.ok() || a.status == http.StatusNotModified }

// words is the short form of an answer, for a report.
func (a answer) words() string {
	if text := a.text("/error") + a.text("/message"); text != "" {
		return fmt.Sprintf("%d %.120q", a.status, text)
	}
	return fmt.Sprintf("%d %s", a.status, http.StatusText(a.status))
}
