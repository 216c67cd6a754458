package simulator

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
	// FaultHang never answers, before the effect, until the client goes away.
	FaultHang FaultKind = "hang"
	// FaultStatus answers Fault.Status before the effect, 503 if it is 0.
	FaultStatus FaultKind = "status"
	// FaultHTML answers an HTML error page before the effect, 502 if Fault.Status is 0.
	FaultHTML FaultKind = "html"
	// FaultRedirect answers 307 to a host that does not exist, before the effect.
	FaultRedirect FaultKind = "redirect"
	// FaultCutAfter closes the connection after the effect, without an answer.
	FaultCutAfter FaultKind = "cut-after"
	// FaultHalfBody sends half of the answer after the effect and closes.
	FaultHalfBody FaultKind = "half-body"
	// FaultStatusAfter answers Fault.Status after the effect, 503 if it is 0.
	FaultStatusAfter FaultKind = "status-after"
	// FaultGarbage answers 200 with a body that is not JSON, after the effect.
	FaultGarbage FaultKind = "garbage"
	// FaultEmpty answers 200 without a body, after the effect.
	FaultEmpty FaultKind = "empty"
	// FaultBody answers 200 with Fault.Body, byte for byte, after the effect.
	FaultBody FaultKind = "body"
)

// FaultKinds lists every kind of fault.
func FaultKinds() []FaultKind {
	return []FaultKind{
		FaultRefused, FaultCutBefore, FaultHang, FaultStatus, FaultHTML, FaultRedirect,
		FaultCutAfter, FaultHalfBody, FaultStatusAfter, FaultGarbage, FaultEmpty, FaultBody,
	}
}

// Fault is one failure. Only the fields that its Kind names are used.
type Fault struct {
	Kind   FaultKind
	Status int
	// RetryAfter is sent as the Retry-After header with an answer of its own, as
	// it is. Empty: no header.
	RetryAfter string
	// Text is what the server says in the body of an error. Empty: the name of
	// the status.
	Text string
	// Body is the answer of FaultBody.
	Body []byte
}

// isBefore reports whether the fault keeps the request from having an effect.
func (f *Fault) isBefore() bool {
	switch f.Kind {
	case FaultRefused, FaultCutBefore, FaultHang, FaultStatus, FaultHTML, FaultRedirect:
		return true
	default:
		return false
	}
}
