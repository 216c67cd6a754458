package tavus

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// maxRetryAfter is the longest time that the client waits because a server asks for it.
const maxRetryAfter = 2 * time.Minute

// do sends a call until it succeeds, fails for good, or the retries are used up.
func (c *Client) do(ctx context.Context, call *call) (*reply, error) {
	var last *Error
	for attempts, repeats := 1, 0; ; attempts++ {
		startedAt, err := c.pace.wait(ctx)
		if err != nil {
			return nil, stopped(call, last, attempts-1, ctx)
		}
		began := time.Now()
		answer, failure := c.send(ctx, call)
		c.log(ctx, call, attempts, time.Since(began), answer, failure)
		if failure == nil {
			c.pace.succeeded()
			return answer, nil
		}
		failure.Attempts = attempts
		// A read that the end of the context cut says less than what the server said before.
		if last == nil || call.isWrite() || failure.Status != 0 || ctx.Err() == nil {
			last = failure
		}
		if failure.Reason == RateLimited && call.limit != nil {
			failure.Reason = call.limit(failure.Message)
		}
		if failure.Reason == RateLimited {
			if c.cfg.MaxRetries == 0 || failure.RetryAfter > c.longestWait(ctx) {
				return nil, last
			}
			c.pace.refused(startedAt, failure.RetryAfter)
			continue
		}
		if !failure.transient || failure.unknown && !call.repeatable || repeats >= c.cfg.MaxRetries {
			return nil, last
		}
		if failure.RetryAfter > c.longestWait(ctx) {
			return nil, last
		}
		repeats++
		if sleep(ctx, max(failure.RetryAfter, c.backoff(repeats))) != nil {
			return nil, stopped(call, last, attempts, ctx)
		}
	}
}

// longestWait is how long a server's wish can be followed.
func (c *Client) longestWait(ctx context.Context) time.Duration {
	if end, ok := ctx.Deadline(); ok {
		return min(maxRetryAfter, time.Until(end))
	}
	return maxRetryAfter
}

// stopped is the error of a call that the end of the context cut short.
func stopped(call *call, last *Error, attempts int, ctx context.Context) error { //nolint:revive // The context explains the end; it is not used for a call.
	if last == nil {
		last = &Error{Method: call.method, Path: call.path, Reason: Network}
	}
	last.Attempts = attempts
	last.stopped = "the time for the operation was up"
	if errors.Is(ctx.Err(), context.Canceled) {
		last.stopped = "cancelled"
	}
	if last.cause = ctx.Err(); last.cause == nil {
		last.cause = context.DeadlineExceeded // it would end before the wait does
	}
	return last
}

// backoff is the wait before the n-th repeat, between half and all of a time that doubles.
func (c *Client) backoff(n int) time.Duration {
	full := min(c.cfg.RetryWait<<min(n-1, 10), 30*time.Second)
	return full/2 + jitter(full/2)
}

// budget bounds an operation.
func (c *Client) budget(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, c.cfg.OperationTimeout)
}

// retryAfter reads the header in both forms (RFC 9110, section 10.2.3), with a date by the
// server's own clock. It is negative where there is none.
func retryAfter(header http.Header, now time.Time) time.Duration {
	text := strings.TrimSpace(header.Get("Retry-After"))
	if text == "" {
		return -1
	}
	if seconds, err := strconv.ParseFloat(text, 64); err == nil && seconds >= 0 {
		return time.Duration(min(seconds, 1e9) * float64(time.Second))
	}
	when, err := http.ParseTime(text)
	if err != nil {
		return -1
	}
	if server, err := http.ParseTime(header.Get("Date")); err == nil {
		now = server
	}
	return max(0, when.Sub(now))
}

// log writes one line for each request. Paths are in it; queries, bodies and the server's words
// are not.
func (c *Client) log(ctx context.Context, call *call, attempt int, took time.Duration, answer *reply, failure *Error) {
	if c.cfg.Log == nil {
		return
	}
	fields := map[string]any{
		"method": call.method, "path": c.redact(ctx, call.path), "attempt": attempt, "duration_ms": took.Milliseconds(),
	}
	switch {
	case answer != nil:
		fields["status"] = answer.status
		fields["request_id"] = c.requestID(ctx, answer.header)
	case failure.Status != 0:
		fields["status"] = failure.Status
		fields["request_id"] = failure.RequestID
	case failure.Err != nil:
		fields["error"] = failure.Err.Error()
	}
	c.cfg.Log(ctx, "Tavus API request", fields)
}
