package simulator

import "time"

// FaultKind names a way for a request to fail.
type FaultKind string

// The kinds of faults. "Before" means that the request has no effect, "after"
// that it has.
const (
	// FaultRefused resets the connection before the effect. (A handler cannot
	// refuse a connection; for that, stop the server.)
	FaultRefused FaultKind = "refused"
	// FaultCutBefore closes the connection before the effect, without an answer.
	FaultCutBefore FaultKind = "cut-before"
	// FaultCutAfter closes the connection after the effect, without an answer.
	FaultCutAfter FaultKind = "cut-after"
	// FaultHalfBody sends half of the answer after the effect and closes.
	FaultHalfBody FaultKind = "half-body"
	// FaultStatus answers Fault.Status before the effect.
	FaultStatus FaultKind = "status"
	// FaultStatusAfter answers Fault.Status after the effect.
	FaultStatusAfter FaultKind = "status-after"
	// FaultHTML answers an HTML error page before the effect, 502 unless
	// Fault.Status says otherwise.
	FaultHTML FaultKind = "html"
	// FaultHang never answers, before the effect, until the client goes away
	// or Fault.Delay is over (0: one minute); then it closes.
	FaultHang FaultKind = "hang"
	// FaultGarbage answers 200 with a body that is not JSON, after the effect.
	FaultGarbage FaultKind = "garbage"
	// FaultEmpty answers 200 without a body, after the effect.
	FaultEmpty FaultKind = "empty"
	// FaultRedirect answers 307 (or Fault.Status) to Fault.Location, before the
	// effect.
	FaultRedirect FaultKind = "redirect"
	// FaultBody answers Fault.Body, byte for byte, after the effect, with 200
	// or Fault.Status.
	FaultBody FaultKind = "body"
)

// Fault is one failure. Only the fields that its Kind names are used.
type Fault struct {
	Kind FaultKind
	// Status is a status code. 0: 503, or what the kind says.
	Status int
	// RetryAfter is sent as the Retry-After header with an answer of its own
	// (status, status-after, html), as it is. Empty: no header.
	RetryAfter string
	// Text is what the server says in the body of an error. Empty: a sentence
	// that names the status.
	Text string
	// Location is where a redirect points. Empty: a host that does not exist.
	Location string
	// Body is the answer of FaultBody.
	Body []byte
	// Delay is how long a hang lasts.
	Delay time.Duration
}
