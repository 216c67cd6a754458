package tavus

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// bucket refuses what is more than a rate, as a server does.
type bucket struct {
	next http.Handler
	rate float64 // requests a second
	asks string  // Retry-After

	mu      sync.Mutex
	tokens  float64
	last    time.Time
	refused int
}

func (b *bucket) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	now := time.Now()
	b.tokens = min(b.rate, b.tokens+now.Sub(b.last).Seconds()*b.rate)
	b.last = now
	allowed := b.tokens >= 1
	if allowed {
		b.tokens--
	} else {
		b.refused++
	}
	b.mu.Unlock()
	if allowed {
		b.next.ServeHTTP(w, r)
		return
	}
	if b.asks != "" {
		w.Header().Set("Retry-After", b.asks)
	}
	answer(429, `{"message": "Too many requests"}`)(w, r)
}

func TestPace_AStormComesThrough(t *testing.T) {
	t.Parallel()
	for _, asks := range []string{"", "1"} {
		synctest.Test(t, func(t *testing.T) {
			s := &shop{}
			b := &bucket{next: s, rate: 20, asks: asks}
			w := &wire{handler: b, latency: 20 * time.Millisecond}
			c := w.client(t)
			begun := time.Now()
			var group sync.WaitGroup
			slots := make(chan struct{}, 30)
			for i := range 300 {
				group.Go(func() {
					slots <- struct{}{}
					defer func() { <-slots }()
					if _, err := c.Create(context.Background(), things, body(fmt.Sprint("n", i))); err != nil {
						t.Error(err)
					}
				})
			}
			group.Wait()
			took := time.Since(begun)
			// 300 at 20 a second are 15 s at the best.
			if took > 45*time.Second || b.refused > 100 || len(s.docs) != 300 {
				t.Errorf("Retry-After %q: %s, %d refused, %d made", asks, took, b.refused, len(s.docs))
			}
		})
	}
}

func TestPace_A429HoldsAllRequests(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, w := shopOfOne()
		w.fault = once("GET", 1, &fault{status: 429, header: map[string]string{"Retry-After": "10"}})
		c := w.client(t)
		begun := time.Now()
		go func() { _, _ = c.Get(context.Background(), things, "t0001") }()
		time.Sleep(time.Second)
		if err := c.Delete(t.Context(), things, "t0001"); err != nil {
			t.Error(err)
		}
		if took := time.Since(begun); took < 10*time.Second {
			t.Errorf("the second request did not wait: %s", took)
		}
		time.Sleep(time.Minute) // until the first has ended
	})
}

func TestPace_RequestsUnderWayAtACutDoNotCutAgain(t *testing.T) {
	t.Parallel()
	p := newPace()
	p.refused(0, 0)
	for range 10 {
		p.refused(0, 0)
	}
	if got := p.limiter.Limit(); got != firstRate {
		t.Errorf("pace %v, want %v", got, firstRate)
	}
	for cuts := 1; cuts < 30; cuts++ {
		p.refused(cuts, 0)
	}
	if got := p.limiter.Limit(); got != minRate {
		t.Errorf("pace %v, want %v", got, minRate)
	}
	for range 10_000 {
		p.succeeded()
	}
	if got := p.limiter.Limit(); got < 100 {
		t.Errorf("the pace does not come back: %v", got)
	}
}
