package simulator

import (
	"cmp"
	"net"
	"net/http"
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

// spoil plays the fault of the request. whole is the answer of a request that
// has had its effect.
func (e *exchange) spoil(whole answer) {
	switch e.fault.Kind {
	case FaultRefused:
		e.reset()
		return
	case FaultHang:
		<-e.r.Context().Done()
		panic(http.ErrAbortHandler)
	case FaultCutBefore, FaultCutAfter:
		panic(http.ErrAbortHandler)
	case FaultHalfBody:
		// Content-Length says the whole, so the client can see that half is missing.
		if len(whole.body) > 0 {
			whole.body = whole.body[:len(whole.body)/2]
			e.send(whole)
			_ = http.NewResponseController(e.w).Flush() // a recorder may not have it
		}
		panic(http.ErrAbortHandler)
	default:
		result := e.spoiled(whole)
		result.render()
		if e.fault.RetryAfter != "" {
			result.header.Set("Retry-After", e.fault.RetryAfter)
		}
		e.send(result)
	}
}

// spoiled is the answer that a fault gives.
func (e *exchange) spoiled(whole answer) answer {
	f := e.fault
	success := http.StatusOK
	if whole.status >= http.StatusBadRequest {
		success = whole.status // there was no effect, so a success would be a lie and no fault
	}
	fallback := map[FaultKind]int{
		FaultStatus: http.StatusServiceUnavailable, FaultStatusAfter: http.StatusServiceUnavailable,
		FaultHTML: http.StatusBadGateway, FaultRedirect: http.StatusTemporaryRedirect,
	}[f.Kind]
	status := cmp.Or(f.Status, fallback, success)
	text := cmp.Or(f.Text, http.StatusText(status), "an error")
	spoiled := answer{status: status, header: http.Header{"Content-Type": {"application/json"}}}
	switch f.Kind {
	case FaultStatus, FaultStatusAfter:
		return e.s.failure(status, "error", text)
	case FaultHTML:
		return htmlPage(status, text)
	case FaultRedirect:
		spoiled.header = http.Header{"Location": {"https://redirect.invalid" + e.r.URL.RequestURI()}}
	case FaultGarbage:
		spoiled.body = []byte("\x00\x01{not JSON at all")
	case FaultBody:
		spoiled.body = f.Body
	default: // FaultEmpty
	}
	return spoiled
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
