package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/tavus/terraform-provider-tavus/internal/tavus"
)

const (
	requestTimeout = 30 * time.Second
	maxBody        = 4 << 20
	// A server that says 429 is asked again this often, not faster than it says.
	maxTries = 4
	maxWait  = time.Minute
)

// probe sends single requests and returns what came back, as it came.
type probe struct {
	settings

	http  *http.Client
	count int
	// slowed holds the Retry-After of a 429, "none" where there was no such header,
	// or nothing where no 429 came.
	slowed string
}

func newProbe(s settings) *probe {
	return &probe{settings: s, http: &http.Client{
		Timeout: requestTimeout,
		// The key must not go to another host.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// answer is a reply of the server.
type answer struct {
	status int
	header http.Header
	body   []byte
	// value is the body where it is JSON, with numbers as json.Number.
	value any
}

// object is the body where it is a JSON object, else nil.
func (a answer) object() map[string]any {
	object, _ := a.value.(map[string]any)
	return object
}

func (a answer) ok() bool { return a.status >= 200 && a.status < 300 }

// words is the short form of an answer, for a finding.
func (a answer) words() string {
	object := a.object()
	for _, key := range []string{"error", "message"} {
		if text, is := object[key].(string); is {
			return fmt.Sprintf("%d %q", a.status, shorten(text))
		}
	}
	return fmt.Sprintf("%d %s", a.status, http.StatusText(a.status))
}

func shorten(text string) string {
	if runes := []rune(text); len(runes) > 120 {
		return string(runes[:120]) + "..."
	}
	return text
}

// send sends one request, and again only where the answer was 429. A body that is
// a string goes out as it is.
func (p *probe) send(ctx context.Context, method, path, body string, header ...string) (answer, error) {
	if strings.HasSuffix(strings.TrimRight(path, "/"), "/start") {
		return answer{}, errors.New("a conversation is billed; this command never starts one")
	}
	for try := 1; ; try++ {
		got, err := p.once(ctx, method, path, body, header)
		if err != nil || got.status != http.StatusTooManyRequests || try == maxTries {
			return got, err
		}
		p.slowed = "none"
		wait := time.Duration(try) * 2 * time.Second
		if text := got.header.Get("Retry-After"); text != "" {
			p.slowed = text
			if until, err := http.ParseTime(text); err == nil {
				wait = time.Until(until)
			} else if seconds, err := time.ParseDuration(text + "s"); err == nil {
				wait = seconds
			}
		}
		select {
		case <-time.After(min(max(wait, time.Second), maxWait)):
		case <-ctx.Done():
			return got, ctx.Err()
		}
	}
}

func (p *probe) once(ctx context.Context, method, path, body string, header []string) (got answer, err error) {
	if err := tavus.CheckBaseURL(p.baseURL, p.allowHTTP); err != nil {
		return answer{}, err
	}
	req, err := http.NewRequestWithContext(ctx, method, strings.TrimRight(p.baseURL, "/")+path, strings.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	req.Header.Set("X-Api-Key", p.key)
	req.Header.Set("User-Agent", "terraform-provider-tavus testacc-live")
	// A compressed answer may have another ETag (RFC 9110, section 8.8.3.3).
	req.Header.Set("Accept-Encoding", "identity")
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	p.count++
	resp, err := p.http.Do(req)
	if err != nil {
		return answer{}, fmt.Errorf("%s %s: %w", method, path, err)
	}
	defer func() { err = errors.Join(err, resp.Body.Close()) }()
	got = answer{status: resp.StatusCode, header: resp.Header}
	if got.body, err = io.ReadAll(io.LimitReader(resp.Body, maxBody)); err != nil {
		return got, fmt.Errorf("%s %s: %w", method, path, err)
	}
	decoder := json.NewDecoder(bytes.NewReader(got.body))
	decoder.UseNumber()
	if decoder.Decode(&got.value) != nil {
		got.value = nil
	}
	return got, nil
}
