package simulator

import (
	"net/http"
	"sync"
	"time"
)

// Simulator is a fake of the Tavus API. It is an http.Handler and safe for
// concurrent use. Create it with [New].
type Simulator struct {
	mu       sync.Mutex // guards everything below
	options  Options
	accounts map[string]string  // API key to account, where Options.Keys is empty
	records  map[string]*record // by deployment_id
	order    []string           // deployment ids in order of creation
	pals     []map[string]any
	idSeq    uint64
	signSeq  uint64
	log      []*Request
	starts   int
	bucket   bucket
	portal   http.Handler

	before, after func(Request)
	contract      func(*http.Request, []byte, int, http.Header, []byte)
	faults        func(int, Request) *Fault
	faultCount    int
	repeats       []repeat
}

var _ http.Handler = (*Simulator)(nil)

// Request is one line of the request log.
type Request struct {
	Time   time.Time   `json:"time"`
	Method string      `json:"method"`
	Path   string      `json:"path"` // as sent, still escaped
	Query  string      `json:"query,omitempty"`
	Key    string      `json:"key,omitempty"` // the account's name, never the key; empty: no or a wrong key
	Header http.Header `json:"-"`             // without x-api-key

	IfMatch   string `json:"if_match,omitempty"`
	UserAgent string `json:"user_agent,omitempty"`
	Body      []byte `json:"-"`

	// Status, Fault and Duration are known once the request is answered. Status
	// is 0 where no answer was sent. Fault is the kind of the fault, if any.
	Status   int           `json:"status"`
	Fault    string        `json:"fault,omitempty"`
	Duration time.Duration `json:"duration_ns"`
}

// maxLog bounds the request log, so that a simulator can run for days.
const maxLog = 50_000

// New returns a simulator that holds no deployments and the default PALs.
func New(options Options) *Simulator {
	s := &Simulator{
		options:  options.clone(),
		accounts: map[string]string{},
		records:  map[string]*record{},
		pals:     defaultPals(),
	}
	s.portal = s.newPortal()
	return s
}

// Configure changes switches while the simulator runs. What is stored already
// stays as it is.
func (s *Simulator) Configure(change func(*Options)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	options := s.options.clone()
	change(&options)
	s.options = options.clone()
}

// Before sets a hook that runs for every authenticated request before its
// effect; nil removes it. It runs without the simulator's lock, so it may edit
// what is stored.
func (s *Simulator) Before(hook func(r Request)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.before = hook
}

// After sets a hook that runs for every authenticated request after its
// effect and before its answer; nil removes it. It runs without the lock.
func (s *Simulator) After(hook func(r Request)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.after = hook
}

// SetFaults sets the function that chooses the fault of a request; nil, or an
// answer of nil, means none. n is the number of the request, from 1, since
// the last SetFaults. It runs without the lock.
func (s *Simulator) SetFaults(choose func(n int, r Request) *Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults, s.faultCount, s.repeats = choose, 0, nil
}

// SetContract sets an observer that sees every request with its answer, such
// as a check against an OpenAPI document. A request that a fault hits comes
// with the status 0 and no answer.
func (s *Simulator) SetContract(observe func(req *http.Request, reqBody []byte, status int, header http.Header, body []byte)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.contract = observe
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

// ResetRequests empties the request log and the count of [Simulator.Starts].
func (s *Simulator) ResetRequests() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log, s.starts = nil, 0
}

// Starts is how often somebody asked for a conversation. Conversations are
// billed, so a test asserts that this is 0.
func (s *Simulator) Starts() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.starts
}
