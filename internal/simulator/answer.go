package simulator

import (
	"fmt"
	"html"
	"net/http"
	"strconv"
)

// answer is what a handler decided. Either value is set, which is sent as
// JSON, or body together with its Content-Type, or neither.
type answer struct {
	status int
	value  any
	header http.Header
	body   []byte
}

// render fills header and body for sending.
func (a *answer) render() {
	if a.header == nil {
		a.header = http.Header{}
	}
	if a.value != nil {
		a.body = encodeJSON(a.value)
		a.header.Set("Content-Type", "application/json")
	}
	if a.status == http.StatusNoContent || a.status == http.StatusNotModified {
		a.body = nil
		return
	}
	a.header.Set("Content-Length", strconv.Itoa(len(a.body)))
}

// fail is an error in the form that most endpoints document: {"error": "…"}.
func (c *call) fail(status int, format string, args ...any) answer {
	return c.s.failure(status, "error", fmt.Sprintf(format, args...))
}

// failMessage is an error that the documentation shows under "message".
func (c *call) failMessage(status int, text string) answer {
	return c.s.failure(status, "message", text)
}

func (s *Simulator) failure(status int, key, text string) answer {
	switch s.at("errors") {
	case "text":
		return answer{status: status, body: []byte(text + "\n"), header: http.Header{"Content-Type": {"text/plain; charset=utf-8"}}}
	case "html":
		return htmlPage(status, text)
	case "message":
		key = "message"
	}
	return answer{status: status, value: map[string]any{key: text}}
}

func htmlPage(status int, text string) answer {
	title := fmt.Sprintf("%d %s", status, http.StatusText(status))
	page := "<!DOCTYPE html>\n<html>\n<head><title>" + title + "</title></head>\n<body>\n<h1>" + title + "</h1>\n<p>" +
		html.EscapeString(text) + "</p>\n<hr><center>nginx</center>\n</body>\n</html>\n"
	return answer{status: status, body: []byte(page), header: http.Header{"Content-Type": {"text/html; charset=utf-8"}}}
}

// unknown is the answer to an id that does not exist.
func (c *call) unknown() answer {
	code, err := strconv.Atoi(c.s.at("unknown-id"))
	if err != nil {
		code = c.kind.unknownCode
	}
	if code == http.StatusBadRequest {
		return c.fail(http.StatusBadRequest, "Invalid %s", c.kind.id)
	}
	return c.fail(http.StatusNotFound, "%s not found", c.kind.noun)
}
