package simulator_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

func TestFault_EachKind(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		fault  simulator.Fault
		effect bool
		err    error // what the client gets, else:
		status int
		answer string // part of it; empty: an empty body
	}{
		{simulator.Fault{Kind: simulator.FaultRefused}, false, syscall.ECONNRESET, 0, ""},
		{simulator.Fault{Kind: simulator.FaultCutBefore}, false, io.EOF, 0, ""},
		{simulator.Fault{Kind: simulator.FaultCutAfter}, true, io.EOF, 0, ""},
		{simulator.Fault{Kind: simulator.FaultHalfBody}, true, io.ErrUnexpectedEOF, 0, ""},
		{simulator.Fault{Kind: simulator.FaultStatus}, false, nil, 503, `{"error":"Service Unavailable"}`},
		{simulator.Fault{Kind: simulator.FaultStatus, Status: 429, Text: "slow down"}, false, nil, 429, `{"error":"slow down"}`},
		{simulator.Fault{Kind: simulator.FaultStatusAfter, Status: 500}, true, nil, 500, `{"error":"Internal Server Error"}`},
		{simulator.Fault{Kind: simulator.FaultHTML}, false, nil, 502, "<title>502 Bad Gateway</title>"},
		{simulator.Fault{Kind: simulator.FaultGarbage}, true, nil, 200, "not JSON"},
		{simulator.Fault{Kind: simulator.FaultEmpty}, true, nil, 200, ""},
		{simulator.Fault{Kind: simulator.FaultBody, Body: []byte(`{"usage_total":1e400}`)}, true, nil, 200, `{"usage_total":1e400}`},
		{simulator.Fault{Kind: simulator.FaultRedirect}, false, nil, 307, ""},
	} {
		t.Run(string(test.fault.Kind), func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			s.SetFault(func(n int, r simulator.Request) *simulator.Fault {
				if n == 1 && r.Method == http.MethodPost {
					return &test.fault
				}
				return nil
			})
			answer, err := s.ask(http.MethodPost, "/v2/deployments", bare)
			if !errors.Is(err, test.err) {
				t.Errorf("got %v %s, want %v", err, answer.text, test.err)
			}
			if test.err == nil && (answer.status != test.status || !strings.Contains(answer.text, test.answer) || test.answer == "" && answer.text != "") {
				t.Errorf("got %d %.100s, want %d %s", answer.status, answer.text, test.status, test.answer)
			}
			if effect := len(s.Documents("deployments")) == 1; effect != test.effect {
				t.Errorf("it had an effect: %v, want %v", effect, test.effect)
			}
			if line := s.Requests()[0]; line.Fault != string(test.fault.Kind) {
				t.Errorf("the log has the fault %q", line.Fault)
			}
			s.create(bare) // the next request is served
		})
	}
}

func TestFault_HangEndsWithTheClient(t *testing.T) {
	t.Parallel()
	s := newSite(t, "faults=GET:1:hang")
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"/v2/deployments", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Api-Key", "key")
	resp, err := http.DefaultClient.Do(req)
	if err == nil {
		_ = resp.Body.Close()
		t.Fatal("a request that hangs was answered")
	}
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
}

func TestFault_CountsRequests(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	var numbers []int
	choose := func(n int, _ simulator.Request) *simulator.Fault {
		numbers = append(numbers, n)
		return nil
	}
	for range 2 {
		s.SetFault(choose)
		s.want(http.StatusOK, http.MethodGet, "/v2/deployments", "")
		s.want(http.StatusOK, http.MethodGet, "/v2/deployments", "")
	}
	s.SetFault(nil)
	s.want(http.StatusOK, http.MethodGet, "/v2/deployments", "")
	if got := text(t, numbers); got != "[1,2,1,2]" {
		t.Errorf("numbers: %s", got)
	}
}
