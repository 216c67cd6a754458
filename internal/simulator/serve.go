package simulator

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// maxBody is the longest request body that is read, in bytes.
const maxBody = 1 << 20

// call is one request on its way to its handler.
type call struct {
	s       *Simulator
	kind    *kind
	account string
	method  string
	id      string // the id in the path, unescaped
	sub     string // the id below it: of a tool or a skill of a PAL
	query   url.Values
	header  http.Header
	body    []byte
}

// route is what a path and a method lead to.
type route struct {
	kind    *kind
	id, sub string
	handle  func(*Simulator, *call) answer // nil: not with this method
	allowed string                         // for 405: the methods of this path
	public  bool                           // needs no key
}

// route finds the handler of a path. It splits the escaped path, so that an
// escaped slash stays inside an id, and it cleans nothing: "x/.." is not "".
func (s *Simulator) route(method, escapedPath string) (found route, known bool) {
	parts := strings.Split(strings.TrimPrefix(escapedPath, "/"), "/")
	for i, part := range parts {
		text, err := url.PathUnescape(part)
		if err != nil || text == "" {
			return route{}, false
		}
		parts[i] = text
	}
	if len(parts) < 2 || len(parts) > 5 || parts[0] != "v2" {
		return route{}, false
	}
	found.kind = s.kindOf(parts[1])
	if found.kind == nil {
		return route{}, false
	}
	parts = append(parts, "", "", "")[:5]
	found.id, found.sub = parts[2], parts[4]
	handlers := found.kind.handlers(found.id, parts[3], found.sub)
	if len(handlers) == 0 {
		return route{}, false
	}
	for _, h := range handlers {
		found.allowed = strings.TrimPrefix(found.allowed+", "+h.method, ", ")
		if h.method == method {
			found.handle, found.public = h.handle, h.public
		}
	}
	return found, true
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
	start := time.Now()
	if s.settings.Load().portal && strings.HasPrefix(r.URL.Path, portalPath) {
		s.portal.ServeHTTP(w, r)
		return
	}
	s.mu.Lock()
	account := s.accountOf(r.Header.Get("X-Api-Key"))
	s.mu.Unlock()
	body, readErr := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	e := &exchange{s: s, w: w, r: r, body: body, start: start}
	e.open(account)
	defer e.close()
	if readErr != nil {
		panic(http.ErrAbortHandler) // the client went away while it sent
	}
	e.serve(account)
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
	start  time.Time
	line   *Request
	fault  *Fault
	sent   answer
	closed bool
	id     string // of the request, for X-Tavus-Request-Id
}

func (e *exchange) open(account string) {
	header := e.r.Header.Clone()
	header.Del("X-Api-Key")
	line := Request{
		Time: e.s.time(), Method: e.r.Method, Path: e.r.URL.EscapedPath(), Query: e.r.URL.RawQuery,
		Key: account, Header: header, Body: e.body,
	}
	e.line = &line
	e.s.mu.Lock()
	defer e.s.mu.Unlock()
	e.s.log = append(e.s.log, e.line)
	e.s.requestSeq++
	e.id = fmt.Sprintf("req-%08x", e.s.requestSeq)
	if len(e.s.log) > maxLog {
		e.s.log = append([]*Request(nil), e.s.log[len(e.s.log)-maxLog/2:]...)
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
	e.s.mu.Lock()
	e.line.Status = e.sent.status
	e.line.Duration = time.Since(e.start)
	observe := e.s.contract
	e.s.mu.Unlock()
	switch {
	case observe == nil:
	case e.fault != nil:
		observe(e.r, e.body, 0, nil, nil)
	default:
		observe(e.r, e.body, e.sent.status, e.sent.header, e.sent.body)
	}
}

func (e *exchange) serve(account string) {
	request := *e.line
	if e.fault = e.s.chooseFault(request); e.fault != nil {
		e.s.mu.Lock()
		e.line.Fault = string(e.fault.Kind)
		e.s.mu.Unlock()
	}
	if latency := e.s.settings.Load().latency; latency > 0 {
		select {
		case <-time.After(latency):
		case <-e.r.Context().Done():
			panic(http.ErrAbortHandler)
		}
	}
	if e.fault != nil && e.faultBefore() {
		return
	}
	c := &call{s: e.s, account: account, method: e.r.Method, query: e.r.URL.Query(), header: e.r.Header, body: e.body}
	found, known := e.s.route(e.r.Method, e.r.URL.EscapedPath())
	early, is := e.s.pace(c)
	if !is {
		early, is = c.early(found, known)
	}
	if is {
		e.finish(early)
		return
	}
	c.kind, c.id, c.sub = found.kind, found.id, found.sub
	if hook := e.s.hook(false); hook != nil {
		hook(request)
	}
	e.s.mu.Lock()
	result := found.handle(e.s, c)
	e.s.mu.Unlock()
	if hook := e.s.hook(true); hook != nil {
		hook(request)
	}
	e.finish(result)
}

// pace applies the rate limit.
func (s *Simulator) pace(c *call) (refused answer, is bool) {
	wait := s.takeToken()
	if wait == 0 {
		return answer{}, false
	}
	refused = c.fail(http.StatusTooManyRequests, "Rate limit exceeded")
	refused.header = refused.withHeader(s.retryAfter(wait))
	return refused, true
}

// early gives the answers that come before a handler.
func (c *call) early(found route, known bool) (answer, bool) {
	switch {
	case known && found.public:
	case c.account == "":
		return c.failMessage(http.StatusUnauthorized, "Invalid access token"), true
	case c.s.settings.Load().forbidden:
		return c.failMessage(http.StatusForbidden, "This API key is not allowed from your IP address"), true
	}
	switch {
	case !known:
		return c.fail(http.StatusNotFound, "Not found"), true
	case found.handle == nil:
		refused := c.fail(http.StatusMethodNotAllowed, "Method not allowed")
		refused.header = refused.withHeader(http.Header{"Allow": {found.allowed}})
		return refused, true
	case len(c.body) > maxBody:
		return c.fail(http.StatusRequestEntityTooLarge, "The body is too large"), true
	}
	return answer{}, false
}

func (s *Simulator) hook(after bool) func(Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if after {
		return s.after
	}
	return s.before
}

// finish sends an answer, or what a fault makes of it.
func (e *exchange) finish(result answer) {
	result.render()
	if e.fault != nil {
		e.faultAfter(result)
		return
	}
	e.send(result)
}

func (e *exchange) send(result answer) {
	header := e.w.Header()
	for name, values := range result.header {
		header[name] = values
	}
	e.setHeaders(header)
	e.sent = result
	e.close()
	e.w.WriteHeader(result.status)
	if len(result.body) > 0 {
		if _, err := e.w.Write(result.body); err != nil && !errors.Is(err, http.ErrBodyNotAllowed) {
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
