package simulator_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

const createBody = `{"pal_id":"p5317866","channel":"widget","name":"Docs"}`

func TestFaults(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		fault  simulator.Fault
		effect bool
		check  func(t *testing.T, r reply, err error)
	}{
		{simulator.Fault{Kind: simulator.FaultRefused}, false, failsWith(syscall.ECONNRESET)},
		{simulator.Fault{Kind: simulator.FaultCutBefore}, false, failsWith(io.EOF)},
		{simulator.Fault{Kind: simulator.FaultCutAfter}, true, failsWith(io.EOF)},
		{simulator.Fault{Kind: simulator.FaultHalfBody}, true, failsWith(io.ErrUnexpectedEOF)},
		{simulator.Fault{Kind: simulator.FaultHang, Delay: 20 * time.Millisecond}, false, failsWith(io.EOF)},
		{simulator.Fault{Kind: simulator.FaultHangAfter, Delay: 20 * time.Millisecond}, true, failsWith(io.EOF)},
		{simulator.Fault{Kind: simulator.FaultStatus}, false, answers(503, `{"error":"Service Unavailable"}`)},
		{simulator.Fault{Kind: simulator.FaultStatus, Status: 429, RetryAfter: "7", Text: "slow down"}, false, func(t *testing.T, r reply, err error) {
			t.Helper()
			answers(429, `{"error":"slow down"}`)(t, r, err)
			equal(t, "Retry-After", r.header.Get("Retry-After"), `"7"`)
		}},
		{simulator.Fault{Kind: simulator.FaultStatusAfter, Status: 500}, true, answers(500, `{"error":"Internal Server Error"}`)},
		{simulator.Fault{Kind: simulator.FaultHTML}, false, answers(502, "<title>502 Bad Gateway</title>")},
		{simulator.Fault{Kind: simulator.FaultGarbage}, true, answers(200, "not JSON")},
		{simulator.Fault{Kind: simulator.FaultEmpty}, true, answers(200, "")},
		{simulator.Fault{Kind: simulator.FaultBody, Body: []byte(`{"usage_total":1e400}`)}, true, answers(200, `{"usage_total":1e400}`)},
		{simulator.Fault{Kind: simulator.FaultOtherDocument}, true, answers(200, `"deployment_id":"d0000000000000000"`)},
		{simulator.Fault{Kind: simulator.FaultNoID}, true, func(t *testing.T, r reply, err error) {
			t.Helper()
			answers(200, `"name":"Docs"`)(t, r, err)
			equal(t, "has an id", r.has("deployment_id"), "false")
		}},
		{simulator.Fault{Kind: simulator.FaultSlow, Delay: time.Nanosecond}, true, answers(200, `"name":"Docs"`)},
		{simulator.Fault{Kind: simulator.FaultHuge, Size: 1 << 20}, true, func(t *testing.T, r reply, err error) {
			t.Helper()
			if err != nil || len(r.text) < 1<<20 || !json.Valid([]byte(r.text)) {
				t.Errorf("got %d bytes, %v", len(r.text), err)
			}
		}},
		{simulator.Fault{Kind: simulator.FaultRedirect, Location: "https://elsewhere.example/x"}, false, func(t *testing.T, r reply, err error) {
			t.Helper()
			answers(307, "")(t, r, err)
			equal(t, "Location", r.header.Get("Location"), `"https://elsewhere.example/x"`)
		}},
	} {
		t.Run(string(test.fault.Kind), func(t *testing.T) {
			t.Parallel()
			a := start(t, simulator.Options{})
			a.sim.SetFaults(func(n int, r simulator.Request) *simulator.Fault {
				if n == 1 && r.Method == http.MethodPost {
					return &test.fault
				}
				return nil
			})
			result, err := a.try(http.MethodPost, "/v2/deployments", createBody)
			test.check(t, result, err)
			equal(t, "effect", len(a.sim.IDs()) == 1, map[bool]string{true: "true", false: "false"}[test.effect])
			line := a.sim.Requests()[0]
			equal(t, "fault in the log", line.Fault, js(test.fault.Kind))
			equal(t, "status in the log", line.Status, js(result.status))
			a.create("") // the next request is served
		})
	}
}

func TestEveryFaultKindIsPlayed(t *testing.T) {
	t.Parallel()
	// A kind that FaultKinds lists and nothing plays would panic in the server.
	for _, kind := range simulator.FaultKinds() {
		a := start(t, simulator.Options{})
		a.sim.SetFaults(func(int, simulator.Request) *simulator.Fault {
			return &simulator.Fault{Kind: kind, Delay: time.Millisecond, Size: 10}
		})
		_, err := a.try(http.MethodGet, "/v2/deployments", "")
		if line := a.sim.Requests(); len(line) != 1 || line[0].Fault != string(kind) {
			t.Errorf("%s: %v %v", kind, line, err)
		}
	}
}

func failsWith(want error) func(*testing.T, reply, error) {
	return func(t *testing.T, r reply, err error) {
		t.Helper()
		if !errors.Is(err, want) {
			t.Errorf("got %v %s, want %v", err, r.text, want)
		}
	}
}

func answers(status int, text string) func(*testing.T, reply, error) {
	return func(t *testing.T, r reply, err error) {
		t.Helper()
		if err != nil || r.status != status || !strings.Contains(r.text, text) || text == "" && r.text != "" {
			t.Errorf("got %d %s, %v, want %d %s", r.status, r.text, err, status, text)
		}
	}
}

func TestHangEndsWithTheClient(t *testing.T) {
	t.Parallel()
	a := start(t, simulator.Options{})
	a.sim.SetFaults(func(int, simulator.Request) *simulator.Fault {
		return &simulator.Fault{Kind: simulator.FaultHangAfter}
	})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, a.url+"/v2/deployments", strings.NewReader(createBody))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Api-Key", "k")
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err == nil {
		_ = resp.Body.Close()
		t.Fatal("a request that hangs was answered")
	}
	if !errors.Is(err, context.DeadlineExceeded) || len(a.sim.IDs()) != 1 {
		t.Errorf("%v, deployments %v", err, a.sim.IDs())
	}
}

func TestFaultTimes(t *testing.T) {
	t.Parallel()
	a := start(t, simulator.Options{})
	var numbers []int
	a.sim.SetFaults(func(n int, _ simulator.Request) *simulator.Fault {
		numbers = append(numbers, n)
		if n == 1 {
			return &simulator.Fault{Kind: simulator.FaultStatus, Times: 3}
		}
		return nil
	})
	for i, want := range []int{503, 503, 503, 200} {
		equal(t, "GET", a.do(http.MethodGet, "/v2/deployments", "").status, js(want))
		if i == 0 {
			equal(t, "another path", a.do(http.MethodGet, "/v2/pals", "").status, "200")
		}
	}
	equal(t, "numbers", numbers, "[1,2,5]")
	a.sim.SetFaults(nil)
	a.want(http.StatusOK, http.MethodGet, "/v2/deployments", "")
}

func TestParseFaults(t *testing.T) {
	t.Parallel()
	a := start(t, simulator.Options{})
	faults, err := simulator.ParseFaults("POST:2:cut-after, GET:1-2:429:retry-after=2:text=a:b, delete:*:redirect:location=http://x.invalid:1/y,*:9:html:status=500")
	if err != nil {
		t.Fatal(err)
	}
	a.sim.SetFaults(faults)
	id := a.create("").id()
	if _, err := a.try(http.MethodPost, "/v2/deployments", createBody); !errors.Is(err, io.EOF) {
		t.Errorf("POST 2: %v", err)
	}
	for _, want := range []int{429, 429, 200} {
		result := a.do(http.MethodGet, "/v2/deployments", "")
		equal(t, "GET", result.status, js(want))
		if want == http.StatusTooManyRequests {
			equal(t, "answer", []any{result.header.Get("Retry-After"), result.at("error")}, `["2","a:b"]`)
		}
	}
	for range 3 {
		equal(t, "Location", a.do(http.MethodDelete, "/v2/deployments/"+id, "").header.Get("Location"), `"http://x.invalid:1/y"`)
	}
	equal(t, "9th", a.patch(id, "[]").status, "500")
	for text, want := range map[string]string{
		"POST:2":               "want METHOD:WHICH:KIND",
		"PUT:1:html":           "the method must be one of",
		"GET:0:html":           "says no numbers of requests",
		"GET:3-2:html":         "says no numbers of requests",
		"GET:1:teapot":         `unknown kind "teapot"`,
		"GET:1:42":             "no status code",
		"GET:1:html:status=x":  "invalid syntax",
		"GET:1:html:colour=re": `unknown key "colour"`,
	} {
		if _, err := simulator.ParseFaults(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", text, err, want)
		}
	}
}
