package tavus

import (
	"context"
	"crypto/sha256"
	"math/rand/v2"
	"slices"
	"sync"
	"time"
)

// Limits of the pace that the gate sets after a 429, in requests a second.
const (
	minRate  = 0.5
	maxRate  = 500 // from here on there is no pace any more
	lowStart = 5   // the first pace, where little was seen before
	growth   = 0.1 // added with each success while requests wait, so a tenth of the pace each second
	cutTo    = 0.7 // what a 429 leaves

	maxRetryAfter = time.Minute
)

// gate lets requests through to one server with one key. As long as no 429 is
// seen, it lets everything through at once. After a 429, nothing starts until
// the wait is over; then requests start at a steady pace, in the order of their
// coming. The pace grows slowly and is cut with each further 429, as TCP does,
// so that it settles at what the server allows.
//
// All clients in the process with the same server and key share a gate: a
// server counts requests by key, not by client.
type gate struct {
	mu    sync.Mutex
	rate  float64   // requests a second; 0: no pace
	next  time.Time // nothing starts earlier
	queue []*ticket
	timer *time.Timer

	// generation counts the cuts. Requests that were under way at a cut are
	// refused too, and must not cut again.
	generation int
	// refusals counts the cuts since the last success.
	refusals int

	// Successes in this second and the one before: what the server allowed.
	second            time.Time
	current, previous int
}

// ticket is one request that passes the gate.
type ticket struct {
	open       chan struct{}
	generation int
	waited     bool
}

type gateKey struct {
	base string
	key  [sha256.Size]byte
}

var gates struct {
	sync.Mutex
	all map[gateKey]*gate
}

func gateFor(base, apiKey string) *gate {
	gates.Lock()
	defer gates.Unlock()
	if gates.all == nil {
		gates.all = map[gateKey]*gate{}
	}
	key := gateKey{base, sha256.Sum256([]byte(apiKey))}
	if gates.all[key] == nil {
		gates.all[key] = &gate{}
	}
	return gates.all[key]
}

// pass waits until a request may start.
func (g *gate) pass(ctx context.Context) (*ticket, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	g.mu.Lock()
	now := time.Now()
	t := &ticket{open: make(chan struct{})}
	if len(g.queue) == 0 && !now.Before(g.next) {
		g.start(t, now)
		g.mu.Unlock()
		return t, nil
	}
	t.waited = true
	g.queue = append(g.queue, t)
	g.arm(now)
	g.mu.Unlock()

	select {
	case <-t.open:
		return t, nil
	case <-ctx.Done():
		g.mu.Lock()
		defer g.mu.Unlock()
		g.queue = slices.DeleteFunc(g.queue, func(other *ticket) bool { return other == t })
		return nil, ctx.Err()
	}
}

// start lets a request through. The lock is held.
func (g *gate) start(t *ticket, now time.Time) {
	t.generation = g.generation
	if g.rate > 0 {
		interval := time.Duration(float64(time.Second) / g.rate)
		// A timer that comes late must not lower the pace; an idle time must not save up requests.
		from := now
		if now.Sub(g.next) < interval {
			from = g.next
		}
		g.next = from.Add(interval)
	}
	close(t.open)
}

// arm sets the timer for the head of the queue. The lock is held.
func (g *gate) arm(now time.Time) {
	if g.timer != nil {
		g.timer.Stop()
		g.timer = nil
	}
	if len(g.queue) > 0 {
		g.timer = time.AfterFunc(g.next.Sub(now), g.release)
	}
}

func (g *gate) release() {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	for len(g.queue) > 0 && !now.Before(g.next) {
		t := g.queue[0]
		g.queue = g.queue[1:]
		g.start(t, now)
	}
	g.arm(now)
}

// succeeded tells the gate that the server took a request.
func (g *gate) succeeded(t *ticket) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.count(time.Now())
	if t.generation != g.generation {
		return
	}
	g.refusals = 0
	// Only a pace that requests had to wait for was tried out.
	if g.rate > 0 && t.waited {
		if g.rate += growth; g.rate > maxRate {
			g.rate = 0
		}
	}
}

// refused tells the gate of a 429. after is the server's Retry-After, negative if it gave none.
func (g *gate) refused(t *ticket, after time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	if t.generation == g.generation {
		g.generation++
		g.refusals++
		g.cut(now)
	}
	if after < 0 {
		after = min(time.Second<<min(g.refusals-1, 5), maxRetryAfter/2)
	}
	after = min(after, maxRetryAfter)
	// Another process that waits for the same time should not come back at the same moment.
	until := now.Add(after + jitter(after/10))
	if until.After(g.next) {
		g.next = until
	}
	g.arm(now)
}

func (g *gate) cut(now time.Time) {
	if g.rate > 0 {
		g.rate = max(minRate, g.rate*cutTo)
		return
	}
	g.count(now)
	g.current-- // The refused request is no success.
	g.rate = min(max(lowStart, float64(g.current+g.previous)/2), maxRate/2)
}

func (g *gate) count(now time.Time) {
	switch since := now.Sub(g.second); {
	case since >= 2*time.Second:
		g.second, g.previous, g.current = now, 0, 0
	case since >= time.Second:
		g.second, g.previous, g.current = now, g.current, 0
	}
	g.current++
}

// jitter returns a random time between 0 and limit.
func jitter(limit time.Duration) time.Duration {
	if limit <= 0 {
		return 0
	}
	return time.Duration(rand.Int64N(int64(limit))) //nolint:gosec // Nothing secret depends on it.
}
