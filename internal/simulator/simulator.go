package simulator

import (
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// Simulator is a fake of the Tavus API. It is an http.Handler and safe for
// concurrent use. Create it with [New].
type Simulator struct {
	settings atomic.Pointer[settings] // replaced as a whole, never changed
	kinds    []*kind
	first    map[string]string // the first position of each switch
	portal   http.Handler

	mu         sync.Mutex         // guards everything below
	records    map[string]*record // by id, over all kinds
	order      []*record          // in order of creation
	signSeq    uint64
	requestSeq uint64
	log        []*Request
	clock      func() time.Time

	before, after func(Request)
	contract      func(*http.Request, []byte, int, http.Header, []byte)
	faults        func(int, Request) *Fault
	faultCount    int
}

var _ http.Handler = (*Simulator)(nil)

// Request is one line of the request log.
type Request struct {
	Time   time.Time   `json:"time"`
	Method string      `json:"method"`
	Path   string      `json:"path"` // as sent, still escaped
	Query  string      `json:"query,omitempty"`
	Header http.Header `json:"-"` // without x-api-key
	Body   []byte      `json:"-"`

	// Status and Fault are known once the request is answered. Status is 0 where
	// no answer was sent. Fault is the kind of the fault, if any.
	Status int    `json:"status"`
	Fault  string `json:"fault,omitempty"`
}

// maxLog bounds the request log, so that a simulator can run for days.
const maxLog = 50_000

// New returns a simulator that holds the default PALs and nothing else. Each
// setting is NAME=VALUE, where the name is that of a switch (see [Switches]),
// latency or document-time (Go durations), portal (true or false) or faults (see [ParseFaults]).
func New(settings ...string) (*Simulator, error) {
	s := &Simulator{
		kinds: kinds(), first: map[string]string{}, records: map[string]*record{},
	}
	for _, item := range Switches() {
		s.first[item.Name] = item.Positions[0]
	}
	s.settings.Store(newSettings())
	if err := s.Set(settings...); err != nil {
		return nil, err
	}
	s.portal = s.newPortal()
	for _, k := range s.kinds {
		for _, doc := range k.seeds {
			s.insert(k, plain(doc))
		}
	}
	return s, nil
}

// locked runs something under the lock.
func (s *Simulator) locked(run func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	run()
}

// SetClock sets the server's time, for created_at, updated_at and the Date
// header; nil: time.Now.
func (s *Simulator) SetClock(clock func() time.Time) {
	s.locked(func() { s.clock = clock })
}

// OnRequest sets a hook that runs for every authenticated request before its
// effect; nil removes it. It runs without the simulator's lock, so it may edit
// what is stored.
func (s *Simulator) OnRequest(hook func(r Request)) {
	s.locked(func() { s.before = hook })
}

// OnAnswer sets a hook that runs for every authenticated request after its
// effect and before its answer; nil removes it. It runs without the lock.
func (s *Simulator) OnAnswer(hook func(r Request)) {
	s.locked(func() { s.after = hook })
}

// SetFault sets the function that chooses the fault of a request; nil, or an
// answer of nil, means none. n is the number of the request, from 1, since the
// last SetFault. It runs without the lock.
func (s *Simulator) SetFault(choose func(n int, r Request) *Fault) {
	s.locked(func() { s.faults, s.faultCount = choose, 0 })
}

// SetContract sets an observer that sees every request with its answer, such
// as a check against an OpenAPI document. A request that a fault hits comes
// with the status 0 and no answer.
func (s *Simulator) SetContract(observe func(req *http.Request, reqBody []byte, status int, header http.Header, body []byte)) {
	s.locked(func() { s.contract = observe })
}

// Requests returns the request log, oldest first.
func (s *Simulator) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	result := make([]Request, 0, len(s.log))
	for _, line := range s.log {
		result = append(result, *line)
	}
	return result
}

// ResetRequests empties the request log.
func (s *Simulator) ResetRequests() {
	s.locked(func() { s.log = nil })
}
