package simulator

import (
	"cmp"
	"fmt"
	"net"
	"net/http"
	"time"
)

// chooseFault returns the fault of a request; nil: none.
func (s *Simulator) chooseFault(r Request) *Fault {
	s.mu.Lock()
	choose := s.faults
	s.faultCount++
	n := s.faultCount
	s.mu.Unlock()
	if choose == nil {
		return nil
	}
	return choose(n, r)
}

// faultBefore plays a fault that keeps the request from having an effect. It
// says whether the fault was of that sort.
func (e *exchange) faultBefore() bool {
	f := e.fault
	switch f.Kind {
	case FaultRefused:
		e.reset()
	case FaultCutBefore:
		panic(http.ErrAbortHandler)
	case FaultHang:
		e.hang()
	case FaultStatus:
		e.sendFault(e.s.failure(f.code(http.StatusServiceUnavailable), "error", f.text(http.StatusServiceUnavailable)))
	case FaultHTML:
		e.sendFault(htmlPage(f.code(http.StatusBadGateway), f.text(http.StatusBadGateway)))
	case FaultRedirect:
		location := cmp.Or(f.Location, "https://redirect.invalid"+e.r.URL.RequestURI())
		e.sendFault(answer{status: f.code(http.StatusTemporaryRedirect), header: http.Header{"Location": {location}}})
	default:
		return false
	}
	return true
}

// faultAfter plays a fault on the answer of a request that has had its effect.
func (e *exchange) faultAfter(whole answer) {
	f := e.fault
	asJSON := func() http.Header { return http.Header{"Content-Type": {"application/json"}} }
	success := http.StatusOK
	if whole.status >= http.StatusBadRequest {
		success = whole.status // there was no effect, so a success would be a lie and no fault
	}
	switch f.Kind {
	case FaultCutAfter:
		panic(http.ErrAbortHandler)
	case FaultHalfBody:
		// Content-Length says the whole, so the client can see that half is missing.
		if len(whole.body) > 0 {
			whole.body = whole.body[:len(whole.body)/2]
			e.send(whole)
			e.flush()
		}
		panic(http.ErrAbortHandler)
	case FaultStatusAfter:
		e.sendFault(e.s.failure(f.code(http.StatusServiceUnavailable), "error", f.text(http.StatusServiceUnavailable)))
	case FaultGarbage:
		e.sendFault(answer{status: f.code(success), header: asJSON(), body: []byte("\x00\x01{not JSON at all")})
	case FaultEmpty:
		e.sendFault(answer{status: f.code(success), header: asJSON()})
	case FaultBody:
		e.sendFault(answer{status: f.code(success), header: asJSON(), body: f.Body})
	default:
		panic(fmt.Sprintf("simulator: unknown kind of fault %q", f.Kind))
	}
}

func (f *Fault) code(otherwise int) int { return cmp.Or(f.Status, otherwise) }

func (f *Fault) text(otherwise int) string {
	code := f.code(otherwise)
	return cmp.Or(f.Text, http.StatusText(code), fmt.Sprintf("status %d", code))
}

func (e *exchange) sendFault(result answer) {
	result.render()
	if e.fault.RetryAfter != "" {
		result.header.Set("Retry-After", e.fault.RetryAfter)
	}
	e.send(result)
}

func (e *exchange) flush() {
	_ = http.NewResponseController(e.w).Flush() // a recorder may not have it
}

// reset drops the connection so that the client sees a TCP reset.
func (e *exchange) reset() {
	e.close()
	conn, _, err := http.NewResponseController(e.w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // HTTP/2, or a recorder: closing is all there is
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

func (e *exchange) hang() {
	select {
	case <-e.r.Context().Done():
	case <-time.After(cmp.Or(e.fault.Delay, time.Minute)):
	}
	panic(http.ErrAbortHandler)
}
