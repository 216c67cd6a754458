package tavus

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
	"time"
	"unicode/utf8"
)

// Bounds on the size of answers, in bytes.
const (
	maxBody      = 8 << 20
	maxErrorBody = 64 << 10
)

var (
	errBodyTooLarge   = fmt.Errorf("the answer is larger than %d MiB", maxBody>>20)
	errRequestTimeout = errors.New("the request took too long")
)

// newTransport keeps as many connections as Terraform can use at once. The default one keeps two
// for each host, and would open and close the others all the time.
func newTransport() http.RoundTripper {
	transport, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return http.DefaultTransport
	}
	transport = transport.Clone()
	transport.DialContext = (&net.Dialer{Timeout: 15 * time.Second}).DialContext
	transport.MaxIdleConns, transport.MaxIdleConnsPerHost = 256, 128
	return transport
}

// call is one request, however often it is sent.
type call struct {
	method, path string // path begins with /v2 and is escaped
	query        url.Values
	body         []byte
	ifMatch      string
	// identity asks for an answer without compression, because a proxy that compresses
	// changes or drops the ETag.
	identity bool
	// limit says what the words of a 429 mean; nil: RateLimited.
	limit func(message string) Reason
	// repeatable: sending it twice does no harm.
	repeatable bool
}

// isWrite: once sent, the request is finished even when the context ends.
func (c *call) isWrite() bool { return c.method != http.MethodGet }

// reply is an answer with a status of success, or 304.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// date is the server's clock, zero where it gives none.
func (r *reply) date() time.Time {
	when, err := http.ParseTime(r.header.Get("Date"))
	if err != nil {
		return time.Time{}
	}
	return when
}

// send makes one attempt.
func (c *Client) send(ctx context.Context, call *call) (*reply, *Error) {
	if call.isWrite() {
		ctx = context.WithoutCancel(ctx)
	}
	ctx, cancel := context.WithTimeoutCause(ctx, c.cfg.RequestTimeout, errRequestTimeout)
	defer cancel()
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
	answer := &reply{status: response.StatusCode, header: response.Header}
	isSuccess := answer.status/100 == 2 || answer.status == http.StatusNotModified
	limit := maxErrorBody
	if isSuccess {
		limit = maxBody
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, int64(limit)+1))
	answer.body = body[:min(len(body), limit)]
	switch {
	case !isSuccess:
		return nil, c.statusError(ctx, call, answer, err != nil || len(body) > limit) // what came of the body is enough
	case answer.status == http.StatusNotModified:
		return answer, nil
	case err != nil:
		return nil, c.networkError(ctx, call, err, true)
	case len(body) > limit:
		return nil, c.badAnswer(ctx, call, answer, errBodyTooLarge)
	case !call.isWrite() && (!utf8.Valid(body) || !json.Valid(body)):
		return nil, c.badAnswer(ctx, call, answer, errors.New("the answer is no JSON"))
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
	request.Header.Set("X-Api-Key", c.cfg.APIKey)
	request.Header.Set("Accept", "application/json")
	if call.body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if call.identity {
		request.Header.Set("Accept-Encoding", "identity")
	}
	if call.ifMatch != "" {
		request.Header.Set("If-Match", call.ifMatch)
	}
	if c.cfg.UserAgent != "" {
		request.Header.Set("User-Agent", c.cfg.UserAgent)
	}
	return request, nil
}
