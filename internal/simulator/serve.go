package simulator

import (
	"errors"
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
	options Options
	account string
	id      string // the id in the path, unescaped
	query   url.Values
	header  http.Header
	body    []byte
}

// route is what a path and a method lead to.
type route struct {
	handle  func(*Simulator, *call) answer
	allowed string // for 405: the methods of this path
	public  bool   // needs no key
	id      string
}

type methods map[string]func(*Simulator, *call) answer

// find returns the route of a path. It splits the escaped path, so that an
// escaped slash stays inside an id, and it cleans nothing: "x/.." is not "".
func find(method, escapedPath string) (found route, known bool) {
	parts := strings.Split(strings.TrimPrefix(escapedPath, "/"), "/")
	for i, part := range parts {
		text, err := url.PathUnescape(part)
		if err != nil || text == "" {
			return route{}, false
		}
		parts[i] = text
	}
	if len(parts) < 2 || parts[0] != "v2" {
		return route{}, false
	}
	var of methods
	switch {
	case parts[1] == "deployments" && len(parts) == 2:
		of = methods{http.MethodGet: (*Simulator).listDeployments, http.MethodPost: (*Simulator).createDeployment}
	case parts[1] == "deployments" && len(parts) == 3:
		of = methods{
			http.MethodGet: (*Simulator).getDeployment, http.MethodPatch: (*Simulator).patchDeployment,
			http.MethodDelete: (*Simulator).deleteDeployment,
		}
	case parts[1] == "deployments" && len(parts) == 4 && parts[3] == "init":
		of, found.public = methods{http.MethodGet: (*Simulator).initDeployment}, true
	case parts[1] == "deployments" && len(parts) == 4 && parts[3] == "start":
		of, found.public = methods{http.MethodPost: (*Simulator).startDeployment}, true
	case parts[1] == "pals" && len(parts) == 2:
		of = methods{http.MethodGet: (*Simulator).listPals}
	case parts[1] == "pals" && len(parts) == 3:
		of = methods{http.MethodGet: (*Simulator).getPal}
	default:
		return route{}, false
	}
	if len(parts) > 2 {
		found.id = parts[2]
	}
	found.handle = of[method]
	for _, name := range []string{http.MethodGet, http.MethodPost, http.MethodPatch, http.MethodDelete} {
		if of[name] != nil {
			found.allowed = strings.TrimPrefix(found.allowed+", "+name, ", ")
		}
	}
	return found, true
}

// ServeHTTP answers one request of the API, or of the control API under
// /_simulator/ where [Options.Portal] is set.
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	start := time.Now()
	s.mu.Lock()
	options := s.options.clone()
	account := s.accountOf(r.Header.Get("X-Api-Key"))
	s.mu.Unlock()
	if options.Portal && strings.HasPrefix(r.URL.Path, portalPath) {
		s.portal.ServeHTTP(w, r)
		return
	}
	body, readErr := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	e := &exchange{s: s, w: w, r: r, body: body, options: options, start: start}
	e.open(account)
	defer e.close()
	if readErr != nil {
		panic(http.ErrAbortHandler) // the client went away while it sent
	}
	e.serve(account)
}

// exchange is one request together with its answer and its line in the log.
type exchange struct {
	s       *Simulator
	w       http.ResponseWriter
	r       *http.Request
	body    []byte
	options Options
	start   time.Time
	line    *Request
	fault   *Fault
	sent    answer
	closed  bool
}

func (e *exchange) open(account string) {
	header := e.r.Header.Clone()
	header.Del("X-Api-Key")
	line := Request{
		Time: e.options.now(), Method: e.r.Method, Path: e.r.URL.EscapedPath(), Query: e.r.URL.RawQuery,
		Key: account, Header: header, IfMatch: e.r.Header.Get("If-Match"), UserAgent: e.r.UserAgent(), Body: e.body,
	}
	e.line = &line
	e.s.mu.Lock()
	defer e.s.mu.Unlock()
	e.s.log = append(e.s.log, e.line)
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
	if e.options.Latency > 0 {
		select {
		case <-time.After(e.options.Latency):
		case <-e.r.Context().Done():
			panic(http.ErrAbortHandler)
		}
	}
	if e.fault != nil && e.faultBefore() {
		return
	}
	c := &call{options: e.options, account: account, query: e.r.URL.Query(), header: e.r.Header, body: e.body}
	found, known := find(e.r.Method, e.r.URL.EscapedPath())
	early, is := e.s.admit(c)
	if !is {
		early, is = c.early(found, known)
	}
	if is {
		e.finish(early)
		return
	}
	c.id = found.id
	if hook := e.s.hook(false); hook != nil {
		hook(request)
	}
	e.s.mu.Lock()
	c.options = e.s.options.clone() // the hook may have moved a switch
	result := found.handle(e.s, c)
	e.s.mu.Unlock()
	if hook := e.s.hook(true); hook != nil {
		hook(request)
	}
	e.finish(result)
}

// admit applies the rate limit.
func (s *Simulator) admit(c *call) (refused answer, is bool) {
	wait := s.takeToken()
	if wait == 0 {
		return answer{}, false
	}
	refused = c.fail(http.StatusTooManyRequests, "Rate limit exceeded")
	refused.header = refused.withHeader(retryAfter(c.options, wait))
	return refused, true
}

// early gives the answers that come before a handler.
func (c *call) early(found route, known bool) (answer, bool) {
	switch {
	case known && found.public:
	case c.account == "":
		return c.failMessage(http.StatusUnauthorized, "Invalid access token"), true
	case c.options.Forbidden:
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
	setDate(header, e.options)
	e.sent = result
	e.close()
	e.w.WriteHeader(result.status)
	if len(result.body) > 0 {
		if _, err := e.w.Write(result.body); err != nil && !errors.Is(err, http.ErrBodyNotAllowed) {
			panic(http.ErrAbortHandler) // the client went away
		}
	}
}

// setDate sets the Date header here, not in net/http, so that it agrees with
// Options.Clock. A nil value keeps net/http from adding one.
func setDate(header http.Header, options Options) {
	if options.Date == DateAbsent {
		header["Date"] = nil
		return
	}
	header.Set("Date", options.now().Format(http.TimeFormat))
}

func (s *Simulator) defaultAccount() string {
	first := ""
	for _, account := range s.options.Keys {
		if account == DefaultAccount {
			return account
		}
		if first == "" || account < first {
			first = account
		}
	}
	if first == "" {
		return DefaultAccount
	}
	return first
}
