package tavus

import (
	"bytes"
	"cmp"
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
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

const testKey = "key-0123456789"

var servers atomic.Int64

// wire is a network without sockets, so that tests can run on the fake clock
// of testing/synctest. It behaves as a transport does: it reports the
// connection, and gives up with the context.
type wire struct {
	handler http.Handler
	latency time.Duration
	// fault is asked before each request; n counts from 1.
	fault func(n int, r *http.Request) *fault

	mu       sync.Mutex
	requests []sent
}

type sent struct {
	method, path, query, body, ifMatch, encoding string
	at                                           time.Time
	status                                       int
}

// fault is what goes wrong with a request.
type fault struct {
	refuse bool // no connection
	effect bool // the server does what was asked before the rest happens
	cut    bool // the connection ends without an answer
	hang   bool // no answer until the client gives up
	half   bool // half of the body, then the end
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
		r.Method, r.URL.EscapedPath(), r.URL.RawQuery, string(body), r.Header.Get("If-Match"), r.Header.Get("Accept-Encoding"), time.Now(), 0,
	})
	n := len(w.requests)
	w.mu.Unlock()

	var f *fault
	if w.fault != nil {
		f = w.fault(n, r)
	}
	if f != nil && f.refuse {
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
	if f == nil || f.effect {
		again := r.Clone(r.Context())
		again.Body = io.NopCloser(bytes.NewReader(body))
		w.handler.ServeHTTP(recorder, again)
	}
	if f != nil {
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
	}
	response := recorder.Result()
	if f != nil && f.half {
		whole := recorder.Body.Bytes()
		response.Body = io.NopCloser(io.MultiReader(bytes.NewReader(whole[:len(whole)/2]), failingReader{}))
	}
	if response.Header.Get("Date") == "" {
		response.Header.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	}
	if response.Header.Get("Date") == "none" {
		response.Header.Del("Date")
	}
	w.mu.Lock()
	w.requests[n-1].status = response.StatusCode
	w.mu.Unlock()
	return response, nil
}

type failingReader struct{}

func (failingReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

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
		if strings.HasPrefix(line, method+" ") {
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

// client returns a client on the wire, of a server that no other test has.
func (w *wire) client(t testing.TB, change ...func(*Config)) *Client {
	t.Helper()
	cfg := Config{
		APIKey: testKey, BaseURL: fmt.Sprintf("https://s%d.example/", servers.Add(1)),
		MaxRetries: 3, transport: w, UserAgent: "test/1",
	}
	for _, f := range change {
		f(&cfg)
	}
	c, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// handle makes a wire of a handler function.
func handle(f http.HandlerFunc) *wire { return &wire{handler: f} }

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

// shop is a small server of deployments, with one field for each thing that a
// server may do differently. Patches set or remove members of the document.
type shop struct {
	mu   sync.Mutex
	docs []map[string]any // the newest first
	next int

	normalise   func(doc map[string]any) // what is done to a document that is created
	patchAnswer func(doc map[string]any) (int, any)
	staleStatus int
	noETag      bool
	movingETag  bool // every GET moves it
	visits      int
	unknownID   int // status for an unknown id
	noDate      bool
	partial     bool
	base, cap   int
	bare        bool
	beforePatch func(s *shop, n int) // called without the lock
	patches     int
}

func newShop() *shop {
	return &shop{staleStatus: http.StatusPreconditionFailed, unknownID: http.StatusNotFound, base: 1, cap: 100}
}

func (s *shop) wire() *wire { return &wire{handler: s} }

// put makes a deployment that was created at the given time.
func (s *shop) put(fields map[string]any, created time.Time) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next++
	doc := map[string]any{
		"deployment_id": fmt.Sprintf("d%d", s.next), "pal_id": "p1", "channel": "widget", "status": "active", "name": nil,
		"has_password": false, "customization": map[string]any{}, "limits": map[string]any{}, "allowed_origins": []any{},
		"thumbnail_video_url": nil, "thumbnail_image_url": nil, "usage_total": 0, "usage_today": 0,
		"created_at": created.UTC().Format(time.RFC3339), "updated_at": created.UTC().Format(time.RFC3339),
	}
	for name, value := range fields {
		if name == "password" {
			doc["has_password"] = value != nil && value != ""
			continue
		}
		doc[name] = value
	}
	if s.normalise != nil {
		s.normalise(doc)
	}
	s.docs = append([]map[string]any{doc}, s.docs...)
	return fmt.Sprint(doc["deployment_id"])
}

func (s *shop) ids() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var ids []string
	for _, doc := range s.docs {
		ids = append(ids, fmt.Sprint(doc["deployment_id"]))
	}
	return ids
}

func (s *shop) edit(id string, change func(doc map[string]any)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if doc := s.find(id); doc != nil {
		change(doc)
	}
}

func (s *shop) find(id string) map[string]any {
	for _, doc := range s.docs {
		if doc["deployment_id"] == id {
			return doc
		}
	}
	return nil
}

func (s *shop) etag(doc map[string]any) string {
	copied := map[string]any{}
	for name, value := range doc {
		if !strings.HasPrefix(name, "usage_") {
			copied[name] = value
		}
	}
	text, _ := json.Marshal(copied)
	if s.movingETag {
		text = append(text, strconv.Itoa(s.visits)...)
	}
	sum := 0
	for _, b := range text {
		sum = (sum*31 + int(b)) % 1_000_000_007
	}
	return fmt.Sprintf("\"v%d\"", sum)
}

func (s *shop) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("x-api-key") != testKey {
		reply401(w)
		return
	}
	if s.noDate {
		w.Header().Set("Date", "none")
	}
	id, hasID := strings.CutPrefix(r.URL.Path, "/v2/deployments/")
	body, _ := io.ReadAll(r.Body)
	if r.Method == http.MethodPatch && s.beforePatch != nil {
		s.mu.Lock()
		s.patches++
		n := s.patches
		s.mu.Unlock()
		s.beforePatch(s, n)
	}
	if r.Method == http.MethodPost {
		var fields map[string]any
		if json.Unmarshal(body, &fields) != nil {
			writeJSON(w, http.StatusBadRequest, map[string]any{"error": "bad JSON"})
			return
		}
		made := s.put(fields, time.Now())
		s.mu.Lock()
		defer s.mu.Unlock()
		writeJSON(w, http.StatusOK, s.find(made))
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !hasID {
		s.list(w, r)
		return
	}
	doc := s.find(id)
	if doc == nil {
		writeJSON(w, s.unknownID, map[string]any{"error": "Invalid deployment_id"})
		return
	}
	switch r.Method {
	case http.MethodGet:
		s.visits++
		if !s.noETag {
			w.Header().Set("ETag", s.etag(doc))
		}
		if s.movingETag {
			s.visits++
			doc["usage_total"] = s.visits
			doc["updated_at"] = time.Unix(int64(s.visits), 0).UTC().Format(time.RFC3339)
		}
		writeJSON(w, http.StatusOK, doc)
	case http.MethodDelete:
		s.docs = slices.DeleteFunc(s.docs, func(d map[string]any) bool { return d["deployment_id"] == id })
		w.WriteHeader(http.StatusNoContent)
	case http.MethodPatch:
		s.patch(w, r, doc, body)
	}
}

func (s *shop) patch(w http.ResponseWriter, r *http.Request, doc map[string]any, body []byte) {
	if match := r.Header.Get("If-Match"); match != "" && match != s.etag(doc) {
		writeJSON(w, s.staleStatus, map[string]any{"error": "the document changed"})
		return
	}
	var ops []struct {
		Op, Path string
		Value    any
	}
	if json.Unmarshal(body, &ops) != nil {
		writeJSON(w, http.StatusUnprocessableEntity, map[string]any{"message": "Invalid JSON patch format"})
		return
	}
	for _, o := range ops {
		parent := doc
		parts := strings.Split(o.Path[1:], "/")
		for _, part := range parts[:len(parts)-1] {
			parent, _ = parent[part].(map[string]any)
		}
		if o.Op == "remove" {
			delete(parent, parts[len(parts)-1])
			continue
		}
		parent[parts[len(parts)-1]] = o.Value
	}
	status, reply := http.StatusOK, any(doc)
	if s.patchAnswer != nil {
		status, reply = s.patchAnswer(doc)
	}
	if reply == nil {
		w.WriteHeader(status)
		return
	}
	writeJSON(w, status, reply)
}

func (s *shop) list(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	items := []any{}
	for _, doc := range s.docs {
		if pal := query.Get("pal_id"); pal != "" && doc["pal_id"] != pal {
			continue
		}
		if s.partial {
			items = append(items, map[string]any{"deployment_id": doc["deployment_id"], "name": doc["name"]})
			continue
		}
		items = append(items, doc)
	}
	total := len(items)
	limit, _ := strconv.Atoi(cmp.Or(query.Get("limit"), "10"))
	limit = min(limit, s.cap)
	page := 0
	if text := query.Get("page"); text != "" {
		page, _ = strconv.Atoi(text)
		page = max(0, page-s.base)
	}
	items = items[min(len(items), page*limit):min(len(items), (page+1)*limit)]
	if s.bare {
		writeJSON(w, http.StatusOK, items)
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{"data": items, "total_count": total})
}

func reply401(w http.ResponseWriter) {
	writeJSON(w, http.StatusUnauthorized, map[string]any{"message": "Invalid access token"})
}

func writeJSON(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(value)
}

func text(s string) *string { return &s }

func apiError(t testing.TB, err error) *APIError {
	t.Helper()
	e, ok := errors.AsType[*APIError](err)
	if !ok {
		t.Fatalf("want an *APIError, got %T: %v", err, err)
	}
	return e
}

func wantText(t testing.TB, got string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(got, part) {
			t.Errorf("%q is not in %q", part, got)
		}
	}
}

func wantNoText(t testing.TB, got string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if strings.Contains(got, part) {
			t.Errorf("%q is in %q", part, got)
		}
	}
}

// testTime is a time of creation long before any test.
var testTime = time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC)

// setName is a merge that sets the name.
func setName(name string) func(MergeInput) ([]Operation, error) {
	return func(in MergeInput) ([]Operation, error) {
		if in.Live.Name == name {
			return nil, nil
		}
		return []Operation{{Op: "add", Path: "/name", Value: mustJSON(name)}}, nil
	}
}

// fast is for tests on the real clock.
func fast(c *Config) {
	c.RetryWait = 1
	c.SearchWindow = -1
}
