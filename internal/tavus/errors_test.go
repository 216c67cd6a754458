package tavus

import (
	"errors"
	"fmt"
	"testing"
)

func TestError_SaysWhatAPersonNeeds(t *testing.T) {
	t.Parallel()
	for want, e := range map[string]*Error{
		"GET /v2/x: 404 Not Found: no such thing; the list does not show it either (request id r1)": {
			Method: "GET", Path: "/v2/x", Status: 404, Message: "no such thing", note: "the list does not show it either", Attempts: 1, RequestID: "r1",
		},
		"POST /v2/x: the connection was cut; it is not known (3 attempts)": {
			Method: "POST", Path: "/v2/x", Message: "the connection was cut", note: "it is not known", Candidates: []string{"a", "b"}, Attempts: 3,
		},
		"PUT /v2/x: 599":       {Method: "PUT", Path: "/v2/x", Status: 599},
		"PUT /v2/x: no answer": {Method: "PUT", Path: "/v2/x"},
	} {
		if got := e.Error(); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

func TestReasonOf_LooksThroughWrappedErrors(t *testing.T) {
	t.Parallel()
	err := fmt.Errorf("outer: %w", &Error{Reason: Gone, Err: errors.New("inner")})
	if ReasonOf(err) != Gone || !IsGone(err) || ReasonOf(errors.New("x")) != Other || ReasonOf(nil) != Other || IsGone(nil) {
		t.Error(ReasonOf(err))
	}
}
