package tavus

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	firstRate = 10  // requests a second after the first 429
	minRate   = 0.5 // and the least
)

// pace holds requests back after a 429. It is open until the first one. Then the rate is cut with
// each 429 and grows with each success, as TCP does.
type pace struct {
	mu      sync.Mutex
	until   time.Time
	limiter *rate.Limiter
	cuts    int
}

func newPace() *pace { return &pace{limiter: rate.NewLimiter(rate.Inf, 1)} }

// wait returns when the next request may start. startedAt tells refused how many cuts there were
// then: requests under way at a cut are refused too, and must not cut again.
func (p *pace) wait(ctx context.Context) (startedAt int, err error) {
	for {
		if err := p.limiter.Wait(ctx); err != nil {
			return 0, err
		}
		p.mu.Lock()
		wait, cuts := time.Until(p.until), p.cuts
		p.mu.Unlock()
		if wait <= 0 {
			return cuts, ctx.Err()
		}
		if err := sleep(ctx, wait); err != nil {
			return 0, err
		}
	}
}

func (p *pace) succeeded() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if limit := p.limiter.Limit(); limit != rate.Inf {
		p.limiter.SetLimit(limit + 0.1)
	}
}

// refused slows down after a 429 that asked for a time, negative if it asked for none.
func (p *pace) refused(startedAt int, after time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if startedAt == p.cuts {
		p.cuts++
		limit := p.limiter.Limit()
		if limit == rate.Inf {
			limit = firstRate / 0.7
		}
		p.limiter.SetLimit(max(minRate, limit*0.7))
	}
	if after < 0 {
		after = time.Second
	}
	if until := time.Now().Add(after); until.After(p.until) {
		p.until = until
	}
}

// sleep waits, or returns early with an error when the context ends.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// jitter is a random part of d, so that requests that failed together are not repeated together.
func jitter(d time.Duration) time.Duration {
	if d <= 0 {
		return 0
	}
	return rand.N(d) //nolint:gosec // Not a secret.
}
