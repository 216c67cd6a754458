package provider_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// message is an error or a warning as the CLI prints it with -json.
type message struct {
	Severity string `json:"severity"`
	Summary  string `json:"summary"`
	Detail   string `json:"detail"`
	Address  string `json:"address"`
	Snippet  struct {
		Context string `json:"context"` // such as: resource "tavus_deployment" "test"
		Code    string `json:"code"`    // the line that the message stands at
	} `json:"snippet"`
}

func (m message) String() string {
	return m.Severity + ": " + m.Summary + ": " + m.Detail + " [at " + m.Snippet.Context + ": " + strings.TrimSpace(m.Snippet.Code) + "]"
}

// at reports whether the message stands at the argument.
func (m message) at(argument string) bool {
	name, _, _ := strings.Cut(m.Snippet.Code, "=")
	return strings.TrimSpace(name) == argument
}

// messages runs a command that knows -json and returns its exit code and what it
// said, without the CLI's own word about development overrides.
func (w *cliFolder) messages(args ...string) (code int, said []message) {
	w.t.Helper()
	var out bytes.Buffer
	// -json goes before the name of a saved plan.
	code = w.start(&out, &out, slices.Insert(slices.Clone(args), 1, "-json")...)
	for line := range bytes.Lines(out.Bytes()) {
		var event struct {
			Type       string  `json:"type"`
			Diagnostic message `json:"diagnostic"`
		}
		if err := json.Unmarshal(line, &event); err != nil {
			w.t.Fatalf("%s: not JSON: %s", strings.Join(args, " "), line)
		}
		if event.Type == "diagnostic" && event.Diagnostic.Summary != "Provider development overrides are in effect" {
			said = append(said, event.Diagnostic)
		}
	}
	return code, said
}

// one runs a command that has to say one thing and no more, at the argument, and
// returns it. An empty argument stands for a message about no argument.
func (w *cliFolder) one(wantCode int, argument, summary string, args ...string) message {
	w.t.Helper()
	code, said := w.messages(args...)
	if code != wantCode || len(said) != 1 {
		w.t.Fatalf("%s: exit code %d instead of %d, with %d messages instead of 1: %v", strings.Join(args, " "), code, wantCode, len(said), said)
	}
	if argument != "" && !said[0].at(argument) || said[0].Summary != summary {
		w.t.Fatalf("wanted %q at %s, got %s", summary, argument, said[0])
	}
	return said[0]
}

// mentions asserts that the detail of a message has all the texts.
func (w *cliFolder) mentions(m message, texts ...string) {
	w.t.Helper()
	for _, text := range texts {
		if !strings.Contains(m.Detail, text) {
			w.t.Errorf("the message does not say %q: %s", text, m)
		}
	}
}
