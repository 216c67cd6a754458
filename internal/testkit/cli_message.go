package testkit

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// Message is an error or a warning as the CLI prints it with -json.
type Message struct {
	Severity string `json:"severity"`
	Summary  string `json:"summary"`
	Detail   string `json:"detail"`
	Address  string `json:"address"`
	Snippet  struct {
		Context string `json:"context"` // such as: resource "tavus_deployment" "test"
		Code    string `json:"code"`    // the line that the message stands at
	} `json:"snippet"`
}

func (m Message) String() string {
	return m.Severity + ": " + m.Summary + ": " + m.Detail + " [at " + m.Snippet.Context + ": " + strings.TrimSpace(m.Snippet.Code) + "]"
}

// At reports whether the message stands at the line of the argument.
func (m Message) At(argument string) bool {
	name, _, _ := strings.Cut(m.Snippet.Code, "=")
	return strings.TrimSpace(name) == argument
}

// Messages runs a command that knows -json, and returns its exit code and what it said, without
// the CLI's own word about development overrides. A warning that is said more than once, because
// Terraform validates more than once, is returned once.
func (c *CLI) Messages(args ...string) (code int, said []Message) {
	c.t.Helper()
	var out bytes.Buffer
	// -json goes before the name of a saved plan.
	code = c.Start(&out, &out, slices.Insert(slices.Clone(args), 1, "-json")...)
	for line := range bytes.Lines(out.Bytes()) {
		var event struct {
			Type       string  `json:"type"`
			Diagnostic Message `json:"diagnostic"`
		}
		if err := json.Unmarshal(line, &event); err != nil {
			c.t.Fatalf("%s: not JSON: %s", strings.Join(args, " "), line)
		}
		if event.Type == "diagnostic" && event.Diagnostic.Summary != "Provider development overrides are in effect" &&
			!slices.Contains(said, event.Diagnostic) {
			said = append(said, event.Diagnostic)
		}
	}
	return code, said
}

// One runs a command that has to say one thing and no more, whose summary has the words, and
// returns it. argument is where it has to stand; "": anywhere.
func (c *CLI) One(wantCode int, argument, summary string, args ...string) Message {
	c.t.Helper()
	code, said := c.Messages(args...)
	if code != wantCode || len(said) != 1 {
		c.t.Fatalf("%s: exit code %d instead of %d, with %d messages instead of 1: %v", strings.Join(args, " "), code, wantCode, len(said), said)
	}
	if argument != "" && !said[0].At(argument) || !strings.Contains(said[0].Summary, summary) {
		c.t.Fatalf("wanted %q at %q, got %s", summary, argument, said[0])
	}
	return said[0]
}
