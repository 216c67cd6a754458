package tavus

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Reason says why a request failed.
type Reason int

// The reasons.
const (
	Other          Reason = iota
	Auth                  // 401 or 403
	Gone                  // the object does not exist: the server says so, and its list agrees
	WrongAddress          // not even the list is there: the base URL is not that of the API
	Doubtful              // the server does not know the object, but its list shows it or cannot be read
	RateLimited           // 429
	Refused               // 400 or 422: the server does not take the request
	Stale                 // 412 or 428: the document changed
	Conflict              // 409
	Server                // 5xx, or an answer that cannot be read
	Network               // no complete answer
	Certificate           // the server's certificate is not trusted
	OutcomeUnknown        // a create may have had its effect
	LimitReached          // 429 that no short wait ends, such as one for the number of objects
	Busy                  // the server does not take the request until it has finished others
	Exists                // a create would overwrite the object of Candidates; nothing was written
)

// Error is a request that did not succeed. Its text never holds the key or a redacted value.
type Error struct {
	Reason       Reason
	Method, Path string // Path begins with /v2 and has no query
	// Field is the member that a structured body names, such as "name" or "customization.widget";
	// Code is its member "conflict" or "code".
	Field, Code string
	Message     string // the server's words, cleaned and shortened
	Status      int    // 0: no complete answer
	Attempts    int
	RequestID   string
	RetryAfter  time.Duration // what the server asked for; negative: nothing
	// Candidates are ids that a create of unknown outcome may have made. Searched: the list was read.
	Candidates []string
	Searched   bool
	Err        error // the network's cause

	date      time.Time // of the answer, zero where it has none
	note      string    // more about the reason
	stopped   string    // why no further attempt was made
	cause     error     // of stopped
	unknown   bool      // the request may have had its effect
	transient bool      // the same request may succeed a moment later
}

// Error says what failed and what the server said.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s: ", e.Method, e.Path)
	switch {
	case e.Status != 0:
		b.WriteString(strings.TrimSpace(fmt.Sprintf("%d %s", e.Status, http.StatusText(e.Status))))
		if e.Message != "" {
			b.WriteString(": " + e.Message)
		}
	case e.Err != nil:
		b.WriteString(e.Err.Error())
	case e.Message != "":
		b.WriteString(e.Message)
	default:
		b.WriteString("no answer")
	}
	if e.note != "" {
		b.WriteString("; " + e.note)
	}
	var notes []string
	if e.Attempts > 1 {
		notes = append(notes, fmt.Sprintf("%d attempts", e.Attempts))
	}
	if e.RetryAfter > 0 {
		notes = append(notes, fmt.Sprintf("the server asks to wait %s", e.RetryAfter.Round(time.Second)))
	}
	for _, note := range []string{e.stopped, prefixed("request id ", e.RequestID)} {
		if note != "" {
			notes = append(notes, note)
		}
	}
	if len(notes) > 0 {
		b.WriteString(" (" + strings.Join(notes, ", ") + ")")
	}
	return b.String()
}

func prefixed(prefix, text string) string {
	if text == "" {
		return ""
	}
	return prefix + text
}

// Unwrap gives the network's cause, and the reason of an end before the last attempt.
func (e *Error) Unwrap() []error { return []error{e.Err, e.cause} }

// ReasonOf returns the reason of an error of this package, Other for any other error.
func ReasonOf(err error) Reason {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Reason
	}
	return Other
}

// changed is a copy of an Error that change alters. Another error stays as it is.
func changed(err error, change func(*Error)) error {
	e, ok := errors.AsType[*Error](err)
	if !ok {
		return err
	}
	copied := *e
	change(&copied)
	return &copied
}

// IsGone reports whether an error says that the object does not exist.
func IsGone(err error) bool { return ReasonOf(err) == Gone }

// cleanError is a cause with a cleaned text. It can be asked what it is, but not unwrapped: the
// text of the original may hold what is to be hidden.
type cleanError struct {
	text  string
	cause error
}

func (e *cleanError) Error() string { return e.text }

// Is lets errors.Is look at the original.
func (e *cleanError) Is(target error) bool { return errors.Is(e.cause, target) }

// networkError is an attempt without a complete answer. connected: there was a connection, so the
// server may have got the request.
func (c *Client) networkError(ctx context.Context, call *call, err error, connected bool) *Error {
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
	e := &Error{
		Reason: Network, Method: call.method, Path: c.redact(ctx, call.path), RetryAfter: -1,
		Err: &cleanError{shorten(c.redact(ctx, cleanText(text))), err}, unknown: connected, transient: true,
	}
	if _, untrusted := errors.AsType[*tls.CertificateVerificationError](err); untrusted {
		e.Reason, e.transient = Certificate, false
	}
	return e
}

// statusError is an answer with a status that is no success.
func (c *Client) statusError(ctx context.Context, call *call, answer *reply, truncated bool) *Error {
	hide := func(text string) string { return c.redact(ctx, text) }
	body := parseErrorBody(answer.body, truncated, hide)
	e := &Error{
		Reason: reasonOf(answer.status), Method: call.method, Path: c.redact(ctx, call.path), Status: answer.status,
		Field: body.field, Code: body.code, Message: shorten(body.text),
		RequestID: c.requestID(ctx, answer.header), RetryAfter: retryAfter(answer.header, time.Now()), date: answer.date(),
	}
	if call.method == http.MethodPost && e.Reason == Doubtful {
		e.Reason = Refused // a create names no object that could be missing
	}
	switch answer.status / 100 {
	case 3:
		e.Message = c.redact(ctx, redirectText(answer.header))
		// A 303 is what a server answers after it did what was asked (RFC 9110, section 15.4.4).
		e.unknown = answer.status == http.StatusSeeOther
	case 5:
		// These two say that the server cannot do such a thing at all.
		e.unknown = answer.status != http.StatusNotImplemented && answer.status != http.StatusHTTPVersionNotSupported
		e.transient = answer.status == http.StatusBadGateway || answer.status == http.StatusServiceUnavailable ||
			answer.status == http.StatusGatewayTimeout || answer.status == http.StatusInternalServerError && call.method == http.MethodGet
	}
	return e
}

func reasonOf(status int) Reason {
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return Auth
	case http.StatusNotFound, http.StatusGone:
		return Doubtful // until the list agrees
	case http.StatusBadRequest, http.StatusUnprocessableEntity:
		return Refused
	case http.StatusConflict:
		return Conflict
	case http.StatusPreconditionFailed, http.StatusPreconditionRequired:
		return Stale
	case http.StatusTooManyRequests:
		return RateLimited
	}
	if status/100 == 5 {
		return Server
	}
	return Other
}

// badAnswer is a success whose body cannot be used.
func (c *Client) badAnswer(ctx context.Context, call *call, answer *reply, err error) *Error {
	text := err.Error()
	if words := wordsOfSuccess(answer.body, func(text string) string { return c.redact(ctx, text) }); words != "" && len(answer.body) < maxErrorBody {
		text += ": " + words
	}
	return &Error{
		Reason: Server, Method: call.method, Path: c.redact(ctx, call.path), Status: answer.status, Attempts: 1, RetryAfter: -1,
		Message: shorten(c.redact(ctx, cleanText(text))), RequestID: c.requestID(ctx, answer.header), unknown: true,
		transient: call.method == http.MethodGet && !errors.Is(err, errBodyTooLarge),
	}
}

func redirectText(header http.Header) string {
	const advice = "redirects are not followed, because the API key would go with them: set the base URL to the final address"
	target, err := url.Parse(header.Get("Location"))
	if err != nil || target.Host == "" {
		return "the server redirects to another path; " + advice
	}
	return "the server redirects to the host " + cleanText(target.Host) + "; " + advice
}

// requestID is what the server calls the request, for its support.
func (c *Client) requestID(ctx context.Context, header http.Header) string {
	for _, name := range []string{"X-Tavus-Request-Id", "X-Request-Id", "X-Amzn-Requestid", "Cf-Ray"} {
		if id := header.Get(name); id != "" {
			return shorten(c.redact(ctx, cleanText(id)))
		}
	}
	return ""
}
