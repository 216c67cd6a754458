package tavus

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// APIError is a request that did not succeed.
//
// Its text is for a person: the request, the status, the server's words, the
// number of attempts. It never holds a value that Mask or the request hides.
type APIError struct {
	// Status is the HTTP status, or 0 when no complete answer came.
	Status int

	// Text is what the server said, cleaned and shortened; "" when it said nothing.
	Text string

	// Method and Path name the request. Path begins with /v2 and has no query.
	Method, Path string

	// Attempts is the number of times that the request was sent.
	Attempts int

	// RequestID is what the server calls the request, for its support; often "".
	RequestID string

	// Err is the network's cause when Status is 0.
	Err error

	// stopped says why no further attempt was made, "" when none was due.
	stopped string
	cause   error // of stopped

	// unknown: the request may have had its effect.
	unknown bool
	// transient: the same request may succeed a moment later.
	transient bool
	// gone: a whole walk of the list did not hold the id that a 400 refused.
	gone bool
	// doubt is why a 404 need not mean that the object does not exist: the list
	// cannot be read from this server either.
	doubt error
}

// Error says what failed and what the server said.
func (e *APIError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s: ", e.Method, e.Path)
	switch {
	case e.Status != 0:
		fmt.Fprintf(&b, "%d", e.Status)
		if name := http.StatusText(e.Status); name != "" {
			b.WriteString(" " + name)
		}
		if e.Text != "" {
			b.WriteString(": " + e.Text)
		}
	case e.Err != nil:
		b.WriteString(e.Err.Error())
	case e.Text != "":
		b.WriteString(e.Text)
	default:
		b.WriteString("no answer")
	}
	if e.gone {
		b.WriteString("; the list of deployments does not hold this id")
	}
	if e.doubt != nil {
		b.WriteString("; the list of deployments is not there either (" + e.doubt.Error() + "), so the deployment may still exist")
	}
	var notes []string
	if e.Attempts > 1 {
		notes = append(notes, fmt.Sprintf("%d attempts", e.Attempts))
	}
	if e.stopped != "" {
		notes = append(notes, e.stopped)
	}
	if e.RequestID != "" {
		notes = append(notes, "request id "+e.RequestID)
	}
	if len(notes) > 0 {
		b.WriteString(" (" + strings.Join(notes, ", ") + ")")
	}
	return b.String()
}

// Unwrap gives the network's cause, and the reason of an end before the last attempt.
func (e *APIError) Unwrap() []error {
	var all []error
	for _, err := range []error{e.Err, e.cause} {
		if err != nil {
			all = append(all, err)
		}
	}
	return all
}

// cleanError is a cause with a cleaned text. It can be asked what it is, but
// not unwrapped: the text of the original may hold what is to be hidden.
type cleanError struct {
	text  string
	cause error
}

func (e *cleanError) Error() string { return e.text }

// Is lets errors.Is look at the original.
func (e *cleanError) Is(target error) bool { return errors.Is(e.cause, target) }

// IsNotFound says that the object does not exist: a 404 from a server that has
// deployments, or a 400 for an id that a whole walk of the list did not hold.
// Some endpoints of the API answer 400 to an unknown id.
func IsNotFound(err error) bool {
	e, ok := errors.AsType[*APIError](err)
	return ok && (e.Status == http.StatusNotFound && e.doubt == nil || e.gone)
}

// IsAboutDeployment says that the request was about one deployment.
func IsAboutDeployment(err error) bool {
	e, ok := errors.AsType[*APIError](err)
	return ok && strings.HasPrefix(e.Path, deploymentsPath+"/")
}

// IsWrongAddress says that the server does not seem to be the API: it has neither
// the deployment nor the list of deployments.
func IsWrongAddress(err error) bool {
	e, ok := errors.AsType[*APIError](err)
	return ok && e.doubt != nil
}

// IsAuth says that the server refused the key: 401 or 403.
func IsAuth(err error) bool {
	e, ok := errors.AsType[*APIError](err)
	return ok && (e.Status == http.StatusUnauthorized || e.Status == http.StatusForbidden)
}

// UnknownOutcomeError is a create that may have happened. A second create might
// make a second deployment, so the caller must look first.
type UnknownOutcomeError struct {
	// Candidates are ids of deployments that the create may have made, for an import.
	Candidates []string

	// Searched says that the list was read to its end at least once. With no
	// candidates it means: not found so far.
	Searched bool

	// Err is the failure of the create.
	Err error

	// SearchErr is why the search failed or could not decide, nil otherwise.
	SearchErr error
}

// Error says what is known, without repeating what to do: the caller knows the addresses for an import.
func (e *UnknownOutcomeError) Error() string {
	var found string
	switch {
	case len(e.Candidates) == 1:
		found = "it may be " + e.Candidates[0]
	case len(e.Candidates) > 1:
		found = "it may be one of " + strings.Join(e.Candidates, ", ")
	case e.Searched:
		found = "it was not found so far"
	default:
		found = "the list of deployments could not be read"
	}
	text := "it is not known whether the deployment was created: " + found
	if e.SearchErr != nil {
		text += " (" + e.SearchErr.Error() + ")"
	}
	if e.Err != nil {
		text += ". The create failed with: " + e.Err.Error()
	}
	return text
}

// Unwrap gives the failure of the create.
func (e *UnknownOutcomeError) Unwrap() error { return e.Err }

var errBudget = errors.New("the operation took too long")

// stop adds to an error why no further attempt follows. Without an earlier
// answer, the reason is all that there is to say.
func (c *Client) stop(ctx context.Context, last *APIError, method, path string) *APIError {
	e := &APIError{Method: method, Path: path}
	if last != nil {
		copied := *last
		e = &copied
	}
	why := "cancelled"
	e.cause = context.Canceled
	if cause := context.Cause(ctx); errors.Is(cause, errBudget) {
		why = fmt.Sprintf("gave up after %s", c.cfg.OperationTimeout)
		e.cause = context.DeadlineExceeded
	} else if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		why = "gave up at the deadline"
		e.cause = context.DeadlineExceeded
	}
	if last == nil {
		e.Text = why + " before the request was sent"
	} else {
		e.stopped = why
	}
	return e
}
