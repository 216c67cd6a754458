package simulator

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// call is one request on its way to its handler.
type call struct {
	s      *Simulator
	kind   *kind
	method string
	id     string // the id in the path, unescaped
	sub    string // the id below it: of a tool or a skill of a PAL
	query  url.Values
	header http.Header
	body   []byte
}

// route returns the handlers of a path, one for each method; none: there is no such
// path. It splits the escaped path, so that an escaped slash stays inside an id,
// and it cleans nothing: "x/.." is not "".
func (c *call) route(escapedPath string) []handler {
	parts := strings.Split(strings.TrimPrefix(escapedPath, "/"), "/")
	for i, part := range parts {
		text, err := url.PathUnescape(part)
		if err != nil || text == "" {
			return nil
		}
		parts[i] = text
	}
	if len(parts) < 2 || len(parts) > 5 || parts[0] != "v2" {
		return nil
	}
	parts = append(parts, "", "", "")[:5]
	c.kind, c.id, c.sub = c.s.kindOf(parts[1]), parts[2], parts[4]
	if c.kind == nil {
		return nil
	}
	return c.kind.handlers(c.id, parts[3], c.sub)
}

// handlers are those of the collection, of an object, or of what is below it.
func (k *kind) handlers(id, action, sub string) []handler {
	switch {
	case sub != "":
		return k.actions[action+"/"]
	case action != "":
		return k.actions[action]
	case k.beside[id] != nil:
		return k.beside[id]
	case k.fixed && id != "":
		return []handler{{method: http.MethodGet, handle: (*Simulator).get}}
	case k.fixed:
		return []handler{{method: http.MethodGet, handle: (*Simulator).list}}
	case id != "":
		return []handler{
			{method: http.MethodGet, handle: (*Simulator).get},
			{method: http.MethodPatch, handle: (*Simulator).patch},
			{method: http.MethodDelete, handle: (*Simulator).delete},
		}
	}
	return []handler{
		{method: http.MethodGet, handle: (*Simulator).list}, {method: http.MethodPost, handle: (*Simulator).create},
	}
}

// ServeHTTP answers one request of the API, or of the control API under
// /_simulator/ where the option portal is set.
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.settings.Load().portal && strings.HasPrefix(r.URL.Path, portalPath) {
		s.portal.ServeHTTP(w, r)
		return
	}
	body, readErr := io.ReadAll(r.Body)
	e := &exchange{s: s, w: w, r: r, body: body}
	e.open()
	defer e.close()
	if readErr != nil {
		panic(http.ErrAbortHandler) // the client went away while it sent
	}
	e.serve()
}

// time is the server's time, without the lock.
func (s *Simulator) time() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now()
}

// exchange is one request together with its answer and its line in the log.
type exchange struct {
	s      *Simulator
	w      http.ResponseWriter
	r      *http.Request
	body   []byte
	line   *Request
	fault  *Fault
	sent   answer
	closed bool
	id     string // of the request, for X-Tavus-Request-Id
}

func (e *exchange) open() {
	e.s.mu.Lock()
	defer e.s.mu.Unlock()
	e.line = &Request{
		Time: e.s.now(), Method: e.r.Method, Path: e.r.URL.EscapedPath(), Query: e.r.URL.RawQuery,
		Header: e.r.Header.Clone(), Body: e.body,
	}
	e.line.Header.Del("X-Api-Key")
	e.s.log = append(e.s.log, e.line)
	e.s.requestSeq++
	e.id = fmt.Sprintf("req-%08x", e.s.requestSeq)
	if len(e.s.log) > maxLog {
		e.s.log = slices.Clone(e.s.log[len(e.s.log)-maxLog/2:])
	}
}

// close writes the outcome into the log and tells the contract. It comes
// before the answer is sent, so that a client that has its answer finds it in
// the log.
func (e *exchange) close() {
	if e.closed {
		return
	}
	e.closed = true
	var observe func(*http.Request, []byte, int, http.Header, []byte)
	e.s.locked(func() { e.line.Status, observe = e.sent.status, e.s.contract })
	switch {
	case observe == nil:
	case e.fault != nil:
		observe(e.r, e.body, 0, nil, nil)
	default:
		observe(e.r, e.body, e.sent.status, e.sent.header, e.sent.body)
	}
}

func (e *exchange) serve() {
	request := *e.line
	if e.fault = e.s.chooseFault(request); e.fault != nil {
		e.s.locked(func() { e.line.Fault = string(e.fault.Kind) })
	}
	time.Sleep(e.s.settings.Load().latency)
	if e.fault != nil && e.fault.isBefore() {
		e.spoil(answer{})
		return
	}
	c := &call{s: e.s, method: e.r.Method, query: e.r.URL.Query(), header: e.r.Header, body: e.body}
	handlers := c.route(e.r.URL.EscapedPath())
	at := slices.IndexFunc(handlers, func(h handler) bool { return h.method == c.method })
	switch {
	case c.header.Get("X-Api-Key") == "":
		e.finish(c.failMessage(http.StatusUnauthorized, "Invalid access token"))
	case len(handlers) == 0:
		e.finish(c.fail(http.StatusNotFound, "Not found"))
	case at < 0:
		e.finish(c.fail(http.StatusMethodNotAllowed, "Method not allowed"))
	default:
		e.finish(e.handle(c, handlers[at], request))
	}
}

// handle runs a handler between the hooks of a test.
func (e *exchange) handle(c *call, h handler, request Request) answer {
	var before, after func(Request)
	var result answer
	e.s.locked(func() { before, after = e.s.before, e.s.after })
	if before != nil {
		before(request)
	}
	e.s.locked(func() { result = h.handle(e.s, c) })
	if after != nil {
		after(request)
	}
	return result
}

// finish sends an answer, or what a fault makes of it.
func (e *exchange) finish(result answer) {
	result.render()
	if e.fault != nil {
		e.spoil(result)
		return
	}
	e.send(result)
}

func (e *exchange) send(result answer) {
	maps.Copy(e.w.Header(), result.header)
	e.setHeaders(e.w.Header())
	e.sent = result
	e.close()
	e.w.WriteHeader(result.status)
	if len(result.body) > 0 {
		if _, err := e.w.Write(result.body); err != nil {
			panic(http.ErrAbortHandler) // the client went away
		}
	}
}

// setHeaders sets what every answer has. The Date is set here, not in
// net/http, so that it agrees with the simulator's clock; a nil value keeps
// net/http from adding one.
func (e *exchange) setHeaders(header http.Header) {
	header.Set("X-Tavus-Request-Id", e.id)
	if e.s.is("date", "absent") {
		header["Date"] = nil
		return
	}
	header.Set("Date", e.s.time().Format(http.TimeFormat))
}
