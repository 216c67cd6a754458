package bench

import (
	"io"
	"net/http"
	"sync"
)

// maxState is the longest state that the backend takes, in bytes.
const maxState = 256 << 20

// stateBackend is Terraform's remote state over HTTP, without locks
// (developer.hashicorp.com/terraform/language/backend/http): GET answers 200 or
// 404, POST replaces the state, DELETE removes it.
type stateBackend struct {
	mu    sync.Mutex
	state []byte
}

// ServeHTTP answers one request of Terraform.
func (b *stateBackend) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.Method {
	case http.MethodGet:
		b.mu.Lock()
		state := b.state
		b.mu.Unlock()
		if state == nil {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(state)
	case http.MethodPost, http.MethodPut:
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxState))
		if err != nil {
			http.Error(w, "the state could not be read", http.StatusBadRequest)
			return
		}
		b.set(body)
	case http.MethodDelete:
		b.set(nil)
	default:
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
	}
}

func (b *stateBackend) set(state []byte) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.state = state
}
