package testkit

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/contract"
	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

// Server is a simulator behind a loopback address. A request or an answer that is outside the
// contract fails the test.
type Server struct {
	*simulator.Simulator
	// URL is the base_url of a provider.
	URL string
	// Instead answers a request in place of the simulator, if it is set and says true.
	Instead atomic.Pointer[func(w http.ResponseWriter, r *http.Request) bool]

	http *httptest.Server
}

// stock is what every simulator begins with.
var stock = sync.OnceValue(func() *simulator.Simulator { return must(simulator.New()) })

var checker = sync.OnceValues(contract.New)

// NewServer starts a simulator with the settings of [simulator.New]. It ends with the test.
func NewServer(t testing.TB, settings ...string) *Server {
	t.Helper()
	check, err := checker()
	if err != nil {
		t.Fatal(err)
	}
	sim, err := simulator.New(settings...)
	if err != nil {
		t.Fatal(err)
	}
	short := slices.ContainsFunc(settings, func(setting string) bool { return strings.HasPrefix(setting, "write-answer=") })
	sim.SetContract(func(req *http.Request, reqBody []byte, status int, header http.Header, body []byte) {
		if short && req.Method != http.MethodGet {
			status = 0 // the answer is not the documented one, so only the request is checked
		}
		if err := check.Check(req, reqBody, status, header, body); err != nil {
			t.Errorf("outside the contract: %s %s: %v", req.Method, req.URL.Path, err)
		}
	})
	s := &Server{Simulator: sim}
	s.http = httptest.NewServer(http.HandlerFunc(s.serve))
	s.URL = s.http.URL
	t.Cleanup(s.Close)
	return s
}

// Close ends the server before the test does.
func (s *Server) Close() { s.http.Close() }

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	if instead := s.Instead.Load(); instead == nil || !(*instead)(w, r) {
		s.ServeHTTP(w, r)
	}
}

// Log is the methods of the requests since the last ResetRequests, such as "GET PATCH".
func (s *Server) Log() string {
	var methods []string
	for _, r := range s.Requests() {
		methods = append(methods, r.Method)
	}
	return strings.Join(methods, " ")
}

// IDs are the ids of all objects of a collection, but for those that every simulator begins with;
// member is the one with the id.
func (s *Server) IDs(collection, member string) []string {
	if outer, inner, below := strings.Cut(collection, "/"); below {
		return s.idsBelow(outer, inner)
	}
	var ids []string
	for _, doc := range s.Documents(collection) {
		if id := fmt.Sprint(doc[member]); stock().Document(collection, id) == nil {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// At is the value at a JSON pointer of an object on the server; nil: there is none.
func (s *Server) At(collection, id, pointer string) any {
	return valueAt(s.Document(collection, id), tokens(pointer))
}

// EditAt sets a value at a JSON pointer as a person does in the portal; nil removes it. Objects
// on the way are made. It reports whether there is such an object.
func (s *Server) EditAt(collection, id, pointer string, value any) bool {
	return s.Edit(collection, id, func(doc map[string]any) { setAt(doc, tokens(pointer), value) })
}

// Fault spoils requests as a text says, see [simulator.ParseFaults]; "" ends it. A wrong text
// panics.
func (s *Server) Fault(text string) { s.SetFault(must(simulator.ParseFaults(text))) }

// Trip spoils the k-th request from now on, the first being 1, among those that count. hit is
// that request as "GET /v2/…", once it came.
func (s *Server) Trip(k int, counts func(simulator.Request) bool, fault simulator.Fault) (hit func() string) {
	var count atomic.Int64
	var what atomic.Value
	s.SetFault(func(_ int, r simulator.Request) *simulator.Fault {
		if !counts(r) || count.Add(1) != int64(k) {
			return nil
		}
		what.Store(r.Method + " " + r.Path)
		return &fault
	})
	return func() string {
		text, _ := what.Load().(string)
		return text
	}
}

func tokens(pointer string) []string {
	all := strings.Split(pointer, "/")[1:]
	for i := range all {
		all[i] = strings.NewReplacer("~1", "/", "~0", "~").Replace(all[i])
	}
	return all
}

func valueAt(value any, path []string) any {
	for _, key := range path {
		members, _ := value.(map[string]any)
		value = members[key]
	}
	return value
}

func setAt(members map[string]any, path []string, value any) {
	for len(path) > 1 {
		next, ok := members[path[0]].(map[string]any)
		if !ok {
			next = map[string]any{}
			members[path[0]] = next
		}
		members, path = next, path[1:]
	}
	if value == nil {
		delete(members, path[0])
		return
	}
	members[path[0]] = value
}

// JSON is the text of a value, for comparing documents.
func JSON(value any) string { return string(must(json.Marshal(value))) }
