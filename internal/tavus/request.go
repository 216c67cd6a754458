package tavus

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// Caps on the size of answers, in bytes.
const (
	maxBody      = 8 << 20
	maxErrorBody = 64 << 10
)

var errBodyTooLarge = fmt.Errorf("the answer is larger than %d MiB", maxBody>>20)

// call is one request, however often it is sent.
type call struct {
	method, path string // path begins with /v2 and is escaped
	query        url.Values
	header       http.Header
	body         []byte

	// write: once sent, the request is finished even when the context ends.
	write bool
	// repeatable: sending it twice does no harm.
	repeatable bool
	// json: an answer that is not JSON is a failed attempt.
	json bool
	mask *masker
	// hold is called around each attempt, if set. What it returns gets the outcome.
	hold func(ctx context.Context) (release func(*reply, *APIError), err error)
}

// reply is an answer that is not an error.
type reply struct {
	status int
	header http.Header
	body   []byte
	at     time.Time // when the header came
}

// do sends a call until it succeeds, fails for good, or the retries are used up.
func (c *Client) do(ctx context.Context, call *call) (*reply, error) {
	var last *APIError
	attempts, repeats := 0, 0
	for {
		ticket, err := c.gate.pass(ctx)
		if err != nil {
			return nil, c.stop(ctx, last, call.method, call.path)
		}
		release := func(*reply, *APIError) {}
		if call.hold != nil {
			if release, err = call.hold(ctx); err != nil {
				return nil, c.stop(ctx, last, call.method, call.path)
			}
		}
		attempts++
		answer, after, failure := c.send(ctx, call, ticket, attempts)
		release(answer, failure)
		if failure == nil {
			return answer, nil
		}
		failure.Attempts = attempts
		// A read that the end of the context cut says less than what the server
		// said before. A write is never cut by it.
		if last == nil || call.write || failure.Status != 0 || ctx.Err() == nil {
			last = failure
		}
		last.Attempts = attempts
		limited := failure.Status == http.StatusTooManyRequests
		repeat := failure.transient && (call.repeatable || !failure.unknown) && repeats < c.cfg.MaxRetries
		if !limited && !repeat {
			return nil, last
		}
		// After a 429 it is the gate that holds the next attempt back.
		if !limited {
			repeats++
			if c.pause(ctx, max(after+jitter(after/10), c.backoff(repeats))) != nil {
				return nil, c.stop(ctx, last, call.method, call.path)
			}
		}
	}
}

// send makes one attempt. after is the server's Retry-After, negative if there was none.
func (c *Client) send(ctx context.Context, call *call, ticket *ticket, attempt int) (*reply, time.Duration, *APIError) {
	requestCtx := ctx
	if call.write {
		requestCtx = context.WithoutCancel(ctx)
	}
	requestCtx, cancel := context.WithTimeoutCause(requestCtx, c.cfg.RequestTimeout, errRequestTimeout)
	defer cancel()

	begun := time.Now()
	answer, failure := c.exchange(requestCtx, call)
	after := time.Duration(-1)
	if failure != nil && answer != nil {
		after = retryAfter(answer.header, time.Now())
	}
	switch {
	case failure != nil && failure.Status == http.StatusTooManyRequests:
		c.gate.refused(ticket, after)
	case answer != nil && answer.status < 500:
		c.gate.succeeded(ticket)
	}
	c.logAttempt(ctx, call, attempt, time.Since(begun), answer, failure)
	return answer, after, failure
}

var errRequestTimeout = errors.New("the request took too long")

// exchange sends one request and reads the answer. The reply is also there for
// an error that came with one.
func (c *Client) exchange(ctx context.Context, call *call) (*reply, *APIError) {
	var connected atomic.Bool
	traced := httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { connected.Store(true) },
	})
	request, err := c.newRequest(traced, call)
	if err != nil {
		return nil, c.networkError(ctx, call, err, false)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, c.networkError(ctx, call, err, connected.Load())
	}
	defer func() { _ = response.Body.Close() }()
	answer := &reply{status: response.StatusCode, header: response.Header, at: time.Now()}

	success := response.StatusCode/100 == 2
	limit := maxErrorBody
	if success {
		limit = maxBody
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, int64(limit)+1))
	truncated := len(body) > limit
	answer.body = body[:min(len(body), limit)]
	switch {
	case response.StatusCode == http.StatusNotModified:
		return answer, nil
	case !success:
		// What came of the body is enough for an error.
		return answer, c.statusError(call, answer, truncated || err != nil)
	case err != nil:
		return answer, c.networkError(ctx, call, err, true)
	case truncated:
		failure := c.networkError(ctx, call, errBodyTooLarge, true)
		failure.transient = false
		return answer, failure
	}
	if call.json {
		if err := checkJSON(answer.body); err != nil {
			failure := c.badAnswer(call, answer, err)
			failure.transient = !errors.Is(err, errNotUTF8) && !errors.Is(err, errTooDeep)
			return answer, failure
		}
	}
	return answer, nil
}

func (c *Client) newRequest(ctx context.Context, call *call) (*http.Request, error) {
	target := c.base + call.path
	if len(call.query) > 0 {
		target += "?" + call.query.Encode()
	}
	var body io.Reader
	if call.body != nil {
		body = bytes.NewReader(call.body)
	}
	request, err := http.NewRequestWithContext(ctx, call.method, target, body)
	if err != nil {
		return nil, err
	}
	for name, values := range call.header {
		request.Header[name] = values
	}
	request.Header.Set("x-api-key", c.cfg.APIKey)
	request.Header.Set("Accept", "application/json")
	if call.body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if c.cfg.UserAgent != "" {
		request.Header.Set("User-Agent", c.cfg.UserAgent)
	}
	return request, nil
}

// networkError is an attempt without a complete answer. connected says that
// there was a connection, so that the server may have got the request.
func (c *Client) networkError(ctx context.Context, call *call, err error, connected bool) *APIError {
	// Its text holds the address with the query.
	if wrapper, ok := errors.AsType[*url.Error](err); ok {
		err = wrapper.Err
	}
	text := err.Error()
	switch {
	case errors.Is(context.Cause(ctx), errRequestTimeout):
		text = fmt.Sprintf("no complete answer within %s", c.cfg.RequestTimeout)
	case errors.Is(ctx.Err(), context.Canceled):
		text = "cancelled while waiting for the answer"
	case ctx.Err() != nil:
		text = "the time was up before the answer was complete"
	case errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF):
		text = "the connection was cut before the answer was complete"
	}
	return &APIError{
		Method: call.method, Path: cleanLine(call.path, call.mask),
		Err:       &cleanError{cleanLine(text, call.mask), err},
		unknown:   connected,
		transient: !isPermanent(err),
	}
}

// isPermanent knows the failures before a connection that do not pass by themselves.
func isPermanent(err error) bool {
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return true
	}
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return true
	}
	if _, ok := errors.AsType[x509.HostnameError](err); ok {
		return true
	}
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		return true
	}
	text := err.Error()
	return strings.Contains(text, "server gave HTTP response to HTTPS client") ||
		strings.Contains(text, "unsupported protocol scheme") || strings.Contains(text, "invalid header field")
}

// statusError is an answer with a status that is no success.
func (c *Client) statusError(call *call, answer *reply, truncated bool) *APIError {
	e := &APIError{
		Status: answer.status, Method: call.method, Path: cleanLine(call.path, call.mask),
		RequestID: c.requestID(call, answer.header),
		Text:      errorText(answer.body, truncated, call.mask),
	}
	switch answer.status / 100 {
	case 3:
		e.Text = c.redirectText(call, answer.header)
		// A 303 is what a server answers after it did what was asked (RFC 9110, section 15.4.4).
		e.unknown = answer.status == http.StatusSeeOther
	case 5:
		// These two say that the server cannot do such a thing at all.
		e.unknown = answer.status != http.StatusNotImplemented && answer.status != http.StatusHTTPVersionNotSupported
		e.transient = answer.status == http.StatusBadGateway || answer.status == http.StatusServiceUnavailable ||
			answer.status == http.StatusGatewayTimeout || (answer.status == http.StatusInternalServerError && call.method == http.MethodGet)
	}
	return e
}

// badAnswer is a success whose body cannot be used.
func (c *Client) badAnswer(call *call, answer *reply, err error) *APIError {
	text := err.Error()
	if checkJSON(answer.body) != nil {
		if words := errorText(answer.body, false, call.mask); words != "" {
			text += ": " + words
		}
	}
	return &APIError{
		Status: answer.status, Method: call.method, Path: cleanLine(call.path, call.mask), Attempts: 1,
		Text: shorten(cleanLine(text, call.mask)), RequestID: c.requestID(call, answer.header),
		unknown: true,
	}
}

func (c *Client) redirectText(call *call, header http.Header) string {
	const advice = "redirects are not followed, because the API key would go with them: set the base URL to the final address"
	target, err := url.Parse(header.Get("Location"))
	if err != nil || target.Host == "" {
		return "the server redirects to another path; " + advice
	}
	return "the server redirects to the host " + cleanLine(target.Host, call.mask) + "; " + advice
}

func (c *Client) requestID(call *call, header http.Header) string {
	for _, name := range []string{"X-Request-Id", "X-Amzn-Requestid", "X-Amzn-Trace-Id", "X-Correlation-Id", "Cf-Ray"} {
		// Cleaning takes time, and a server can make a header of a megabyte.
		id := header.Get(name)
		if len(id) > 4*maxErrorText {
			id = call.mask.hideEnd(id[:4*maxErrorText])
		}
		if id = cleanLine(id, call.mask); id != "" {
			return string([]rune(id)[:min(len([]rune(id)), 100)])
		}
	}
	return ""
}

// retryAfter reads the header in both forms (RFC 9110, section 10.2.3), with a
// date by the server's own clock. It is negative where there is none.
func retryAfter(header http.Header, now time.Time) time.Duration {
	text := strings.TrimSpace(header.Get("Retry-After"))
	if text == "" {
		return -1
	}
	if seconds, err := strconv.ParseFloat(text, 64); err == nil && seconds >= 0 {
		return time.Duration(min(seconds, maxRetryAfter.Seconds()) * float64(time.Second))
	}
	when, err := http.ParseTime(text)
	if err != nil {
		return -1
	}
	if server, err := http.ParseTime(header.Get("Date")); err == nil {
		now = server
	}
	return min(max(0, when.Sub(now)), maxRetryAfter)
}

// backoff is the wait before the n-th repeat, between half and all of a time that doubles.
func (c *Client) backoff(n int) time.Duration {
	full := min(c.cfg.RetryWait<<min(n-1, 10), 30*time.Second)
	return full/2 + jitter(full/2)
}

// pause waits, or returns early with an error when the context ends.
func (c *Client) pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// budget bounds an operation. Only the outermost of nested budgets counts.
func (c *Client) budget(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, c.cfg.OperationTimeout, errBudget)
}

// logAttempt writes one line for each request. Paths are in it, queries, bodies and the server's words are not.
func (c *Client) logAttempt(ctx context.Context, call *call, attempt int, took time.Duration, answer *reply, failure *APIError) {
	if c.cfg.Log == nil {
		return
	}
	fields := map[string]any{
		"method":      call.method,
		"path":        cleanLine(call.path, call.mask),
		"attempt":     attempt,
		"duration_ms": took.Milliseconds(),
	}
	if answer != nil {
		fields["status"] = answer.status
		if id := c.requestID(call, answer.header); id != "" {
			fields["request_id"] = id
		}
	}
	if failure != nil && failure.Err != nil {
		fields["error"] = failure.Err.Error()
	}
	c.cfg.Log(ctx, "Tavus API request", fields)
}
