package tavus

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

const testKey = "key-0123456789"

// things is the collection of the tests.
var things = &Collection{
	Path: "/v2/things", ID: "thing_id", Noun: "thing",
	FoundBy: []string{"/owner", "/name"}, Whole: []string{"created_at"}, Moving: []string{"visits"},
}

// wire is a network without sockets, so that tests can run on the fake clock of
// testing/synctest. It behaves as a transport does: it reports the connection,
// and gives up with the context.
type wire struct {
	handler http.Handler
	latency time.Duration
	// fault is asked before each request; n counts from 1.
	fault func(n int, r *http.Request) *fault

	mu       sync.Mutex
	requests []sent
}

type sent struct {
	method, path, query, body, ifMatch string
	at                                 time.Time
	status                             int
}

// fault is what goes wrong with a request.
type fault struct {
	refuse bool // no connection
	effect bool // the server does what was asked before the rest happens
	cut    bool // the connection ends without an answer
	hang   bool // no answer until the client gives up
	status int
	header map[string]string
	body   string
}

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		body, _ = io.ReadAll(r.Body)
		_ = r.Body.Close()
	}
	w.mu.Lock()
	w.requests = append(w.requests, sent{
		r.Method, r.URL.EscapedPath(), r.URL.RawQuery, string(body), r.Header.Get("If-Match"), time.Now(), 0,
	})
	n := len(w.requests)
	w.mu.Unlock()

	f := &fault{effect: true}
	if w.fault != nil {
		f = cmp.Or(w.fault(n, r), f)
	}
	if f.refuse {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	}
	if trace := httptrace.ContextClientTrace(r.Context()); trace != nil && trace.GotConn != nil {
		trace.GotConn(httptrace.GotConnInfo{})
	}
	if w.latency > 0 {
		select {
		case <-time.After(w.latency):
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	}
	recorder := httptest.NewRecorder()
	if f.effect {
		again := r.Clone(r.Context())
		again.Body = io.NopCloser(bytes.NewReader(body))
		w.handler.ServeHTTP(recorder, again)
	}
	switch {
	case f.hang:
		<-r.Context().Done()
		return nil, r.Context().Err()
	case f.cut:
		return nil, io.ErrUnexpectedEOF
	case f.status != 0:
		recorder = httptest.NewRecorder()
		for name, value := range f.header {
			recorder.Header().Set(name, value)
		}
		recorder.WriteHeader(f.status)
		recorder.Body.WriteString(f.body)
	}
	response := recorder.Result()
	switch response.Header.Get("Date") {
	case "":
		response.Header.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	case "none":
		response.Header.Del("Date")
	}
	w.mu.Lock()
	w.requests[n-1].status = response.StatusCode
	w.mu.Unlock()
	return response, nil
}

// log returns "METHOD path" of every request so far.
func (w *wire) log() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var all []string
	for _, r := range w.requests {
		all = append(all, r.method+" "+r.path)
	}
	return all
}

func (w *wire) count(method string) int {
	n := 0
	for _, line := range w.log() {
		if strings.HasPrefix(line, method) {
			n++
		}
	}
	return n
}

func (w *wire) last(method string) sent {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, r := range slices.Backward(w.requests) {
		if r.method == method {
			return r
		}
	}
	return sent{}
}

func (w *wire) client(t testing.TB, change ...func(*Config)) *Client {
	t.Helper()
	cfg := Config{APIKey: testKey, BaseURL: "https://api.example/", MaxRetries: 3, Transport: w, UserAgent: "test/1"}
	for _, f := range change {
		f(&cfg)
	}
	c, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// answer is a handler that always says the same.
func answer(status int, body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// once makes a fault of the n-th request with a method.
func once(method string, n int, f *fault) func(int, *http.Request) *fault {
	seen := 0
	var mu sync.Mutex
	return func(_ int, r *http.Request) *fault {
		mu.Lock()
		defer mu.Unlock()
		if r.Method != method || strings.HasSuffix(r.URL.Path, "/things") && method == http.MethodGet {
			return nil
		}
		if seen++; seen != n {
			return nil
		}
		return f
	}
}

// shop is a small server of things, with one field for each thing that a server
// may do differently. Patches set or remove members of the document.
type shop struct {
	mu   sync.Mutex
	docs []map[string]any // the newest first
	next int

	base     int           // number of the first page
	size     int           // largest page, 100 if 0
	list     string        // "bare": an array; "untotalled": no total_count; "none": 404
	etag     string        // "": from updated_at, "weak", "none", "moves"
	writes   string        // answer to a write: "": the document, "nothing", "part"
	wrap     string        // "object" or "array": the document under "data"
	stamp    string        // layout of times
	ahead    time.Duration // of its times, before its Date
	noDate   bool
	lag      int // reads that show what was before the last write
	lagging  map[string]any
	editing  func(doc map[string]any) // somebody who edits before each PATCH
	editedBy int                      // how often
}

func (s *shop) now() string {
	return time.Now().UTC().Add(s.ahead).Format(cmp.Or(s.stamp, "2006-01-02T15:04:05.000000Z"))
}

func (s *shop) add(name string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	id, _ := s.insert(map[string]any{"owner": "p1", "name": name})["thing_id"].(string)
	return id
}

func (s *shop) insert(doc map[string]any) map[string]any {
	s.next++
	doc["thing_id"] = fmt.Sprintf("t%04d", s.next)
	doc["created_at"], doc["updated_at"], doc["visits"] = s.now(), s.now(), 0
	s.docs = slices.Insert(s.docs, 0, doc)
	return doc
}

func (s *shop) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.noDate {
		w.Header().Set("Date", "none")
	}
	id := strings.TrimPrefix(strings.TrimPrefix(r.URL.Path, "/v2/things"), "/")
	i := slices.IndexFunc(s.docs, func(doc map[string]any) bool { return doc["thing_id"] == id })
	switch {
	case r.Method == http.MethodPost:
		var doc map[string]any
		if json.NewDecoder(r.Body).Decode(&doc) != nil {
			answer(400, `{"error": "no JSON"}`)(w, r)
			return
		}
		s.reply(w, s.insert(doc), true)
	case id == "":
		s.serveList(w, r)
	case i < 0:
		answer(404, `{"error": "no such thing"}`)(w, r)
	case r.Method == http.MethodDelete:
		s.docs = slices.Delete(s.docs, i, i+1)
		w.WriteHeader(http.StatusNoContent)
	case r.Method == http.MethodGet && s.lag > 0 && s.lagging != nil:
		s.lag--
		s.reply(w, s.lagging, false)
	case r.Method == http.MethodGet:
		s.reply(w, s.docs[i], false)
	default:
		s.patch(w, r, s.docs[i])
	}
}

func (s *shop) tag(doc map[string]any) string {
	switch s.etag {
	case "none":
		return ""
	case "weak":
		return fmt.Sprintf(`W/"%v"`, doc["updated_at"])
	case "moves":
		return strconv.Quote(strconv.FormatInt(time.Now().UnixNano(), 10))
	}
	return fmt.Sprintf(`"%v"`, doc["updated_at"])
}

func (s *shop) patch(w http.ResponseWriter, r *http.Request, doc map[string]any) {
	if s.editing != nil && s.editedBy > 0 {
		s.editedBy--
		s.editing(doc)
		doc["updated_at"] = s.now() + strconv.Itoa(s.editedBy)
	}
	if want := r.Header.Get("If-Match"); want != "" && want != s.tag(doc) {
		answer(412, `{"error": "changed"}`)(w, r)
		return
	}
	var operations []struct {
		Op, Path string
		Value    any
	}
	if json.NewDecoder(r.Body).Decode(&operations) != nil {
		answer(422, `{"message": "Invalid JSON patch format"}`)(w, r)
		return
	}
	s.lagging = map[string]any{}
	for name, value := range doc {
		s.lagging[name] = value
	}
	for _, o := range operations {
		if o.Op == "remove" {
			delete(doc, o.Path[1:])
		} else {
			doc[o.Path[1:]] = o.Value
		}
	}
	doc["updated_at"] = s.now()
	s.reply(w, doc, true)
}

func (s *shop) reply(w http.ResponseWriter, doc map[string]any, write bool) {
	if tag := s.tag(doc); tag != "" {
		w.Header().Set("ETag", tag)
	}
	var body any = doc
	switch {
	case write && s.writes == "nothing":
		w.WriteHeader(http.StatusNoContent)
		return
	case write && s.writes == "part":
		body = map[string]any{"thing_id": doc["thing_id"]}
	}
	switch s.wrap {
	case "object":
		body = map[string]any{"data": body}
	case "array":
		body = map[string]any{"data": []any{body}}
	}
	_ = json.NewEncoder(w).Encode(body)
}

func (s *shop) serveList(w http.ResponseWriter, r *http.Request) {
	if s.list == "none" {
		answer(404, `<html><title>Not here</title></html>`)(w, r)
		return
	}
	size, _ := strconv.Atoi(r.FormValue("limit"))
	size = min(size, cmp.Or(s.size, 100))
	number, err := strconv.Atoi(r.FormValue("page"))
	if err != nil {
		number = s.base
	}
	from := min(max(number-s.base, 0)*size, len(s.docs))
	items := append([]map[string]any{}, s.docs[from:min(from+size, len(s.docs))]...)
	var body any = map[string]any{"data": items, "total_count": len(s.docs)}
	switch s.list {
	case "bare":
		body = items
	case "untotalled":
		body = map[string]any{"data": items}
	}
	_ = json.NewEncoder(w).Encode(body)
}

// body makes the body of a create.
func body(name string) []byte { return fmt.Appendf(nil, `{"owner": "p1", "name": %q}`, name) }

// rename returns a merge that sets the name.
func rename(value string) func(*Object, bool) ([]byte, error) {
	return func(*Object, bool) ([]byte, error) {
		return fmt.Appendf(nil, `[{"op": "add", "path": "/name", "value": %q}]`, value), nil
	}
}

// member returns a text member of an object.
func member(o *Object, name string) string {
	if o == nil {
		return "(no object)"
	}
	return textAt(o.Document, "/"+name)
}

// wantReason fails the test unless err has the reason.
func wantReason(t *testing.T, err error, want Reason) *Error {
	t.Helper()
	if err == nil || ReasonOf(err) != want {
		t.Fatalf("error %v has the reason %v, want %v", err, ReasonOf(err), want)
	}
	return asError(err)
}

// asError returns the Error in err, or nil.
func asError(err error) *Error {
	e, _ := errors.AsType[*Error](err)
	return e
}

func mustCreate(t *testing.T, c *Client) *Creation {
	t.Helper()
	made, err := c.Create(context.Background(), things, body("one"))
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// onPage makes a fault of every request for a page.
func onPage(number string, f *fault) func(int, *http.Request) *fault {
	return func(_ int, r *http.Request) *fault {
		if r.URL.Query().Get("page") == number {
			return f
		}
		return nil
	}
}

// under makes a fault of every request whose path ends so.
func under(suffix string, f *fault) func(int, *http.Request) *fault {
	return func(_ int, r *http.Request) *fault {
		if strings.HasSuffix(r.URL.Path, suffix) {
			return f
		}
		return nil
	}
}

// shopOfOne is a shop with the thing t0001, which is called "one".
func shopOfOne() (s *shop, w *wire) {
	s = &shop{}
	s.add("one")
	return s, &wire{handler: s}
}
