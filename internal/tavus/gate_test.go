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

// bucket is a token bucket as servers use it.
type bucket struct {
	mu          sync.Mutex
	rate, burst float64
	tokens      float64
	last        time.Time
	taken       int
	refused     int
	retryAfter  string
}

func (b *bucket) take() *fault {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	if b.last.IsZero() {
		b.tokens = b.burst
	} else {
		b.tokens = min(b.burst, b.tokens+now.Sub(b.last).Seconds()*b.rate)
	}
	b.last = now
	if b.tokens >= 1 {
		b.tokens--
		b.taken++
		return nil
	}
	b.refused++
	f := &fault{status: http.StatusTooManyRequests, header: map[string]string{}}
	if b.retryAfter != "" {
		f.header["Retry-After"] = b.retryAfter
	}
	return f
}

// storm makes 300 deployments, 30 at a time, and returns how long it took.
func storm(t *testing.T, b *bucket, latency time.Duration) time.Duration {
	t.Helper()
	s := newShop()
	w := s.wire()
	w.latency = latency
	if b != nil {
		w.fault = func(int, *http.Request) *fault { return b.take() }
	}
	clients := []*Client{w.client(t)}
	// A second provider block with the same server and key shares the gate.
	clients = append(clients, w.client(t, func(c *Config) { c.BaseURL = clients[0].base }))
	begun := time.Now()
	work := make(chan int)
	var group sync.WaitGroup
	for worker := range 30 {
		group.Go(func() {
			for n := range work {
				_, err := clients[worker%2].CreateDeployment(t.Context(), CreateRequest{PalID: "p1", Channel: "widget", Name: text(fmt.Sprintf("n%d", n))})
				if err != nil {
					t.Errorf("create %d: %v", n, err)
				}
			}
		})
	}
	for n := range 300 {
		work <- n
	}
	close(work)
	group.Wait()
	if n := len(s.ids()); n != 300 {
		t.Errorf("%d deployments", n)
	}
	return time.Since(begun)
}

func TestStorm(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		rate       float64
		latency    time.Duration
		retryAfter string
		within     time.Duration
	}{
		{20, 5 * time.Millisecond, "1", 45 * time.Second},
		{20, 300 * time.Millisecond, "1", 45 * time.Second},
		{20, 2 * time.Second, "", 60 * time.Second},
		{20, 50 * time.Millisecond, "0", 45 * time.Second},
		{20, 50 * time.Millisecond, "", 60 * time.Second},
		{2, 50 * time.Millisecond, "1", 6 * time.Minute},
		{100, 50 * time.Millisecond, "1", 20 * time.Second},
	} {
		t.Run(fmt.Sprintf("%v/s %v %q", tc.rate, tc.latency, tc.retryAfter), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := &bucket{rate: tc.rate, burst: tc.rate, retryAfter: tc.retryAfter}
				took := storm(t, b, tc.latency)
				t.Logf("%v, %d taken, %d refused", took, b.taken, b.refused)
				if took > tc.within {
					t.Errorf("took %v", took)
				}
				if b.refused*3 > b.taken+b.refused {
					t.Errorf("%d of %d requests refused", b.refused, b.taken+b.refused)
				}
			})
		})
	}
}

// Without a 429, nobody waits.
func TestHealthyRunIsNotSlowed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		if took := storm(t, nil, 100*time.Millisecond); took != time.Second {
			t.Errorf("took %v, which 30 at a time need not", took)
		}
	})
}

func TestOne429PausesAll(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := handle(answer(http.StatusOK, docD1))
		w.fault = failing(1, fault{status: 429, header: map[string]string{"Retry-After": "10"}})
		c := w.client(t)
		other := w.client(t, func(cfg *Config) { cfg.BaseURL = c.base; cfg.APIKey = "another key" })
		begun := time.Now()
		var group sync.WaitGroup
		group.Go(func() { _, _ = c.GetDeployment(t.Context(), "d1") })
		synctest.Wait()
		if _, err := other.GetDeployment(t.Context(), "d1"); err != nil || time.Since(begun) > 0 {
			t.Errorf("another key waited %v: %v", time.Since(begun), err)
		}
		for range 5 {
			group.Go(func() { _, _ = c.GetDeployment(t.Context(), "d1") })
		}
		group.Wait()
		for _, r := range w.requests[2:] {
			if r.at.Sub(begun) < 10*time.Second {
				t.Errorf("a request after %v", r.at.Sub(begun))
			}
		}
		if len(w.requests) != 8 {
			t.Errorf("%d requests", len(w.requests))
		}
	})
}

func TestWhoSharesAGate(t *testing.T) {
	t.Parallel()
	const base = "https://gates.example"
	firstGate, firstRoom := gateFor(base, "a"), roomFor(base)
	if gateFor(base, "a") != firstGate || roomFor(base) != firstRoom {
		t.Error("clients of one server and key do not share")
	}
	if gateFor(base, "a") == gateFor(base, "b") || gateFor(base, "a") == gateFor(base+"/x", "a") || roomFor(base) == roomFor(base+"/x") {
		t.Error("clients of other servers or keys share")
	}
}

func TestGateForgetsTheCancelled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := &gate{}
		first, err := g.pass(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		g.refused(first, 10*time.Second)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := g.pass(ctx); err == nil {
			t.Error("passed while the gate was closed")
		}
		if len(g.queue) != 0 {
			t.Errorf("%d in the queue", len(g.queue))
		}
		if _, err := g.pass(t.Context()); err != nil {
			t.Error(err)
		}
		if _, err := g.pass(ctx); err == nil {
			t.Error("a context that ended passed")
		}
	})
}

// Requests that were under way when the first 429 came say nothing new.
func TestOneCutForOneBurst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := &gate{}
		var tickets []*ticket
		for range 40 {
			one, err := g.pass(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			tickets = append(tickets, one)
		}
		for _, one := range tickets[:30] {
			g.succeeded(one)
		}
		for _, one := range tickets[30:] {
			g.refused(one, time.Second)
		}
		if g.rate != 15 || g.generation != 1 {
			t.Errorf("rate %v after %d cuts", g.rate, g.generation)
		}
	})
}

// Without Retry-After, the wait doubles with each refusal in a row, and a success starts over.
func TestWaitWithoutRetryAfter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := &gate{}
		refuse := func() time.Duration {
			one, err := g.pass(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			g.refused(one, -1)
			return time.Until(g.next).Round(time.Second)
		}
		for _, want := range []time.Duration{time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second} {
			if got := refuse(); got < want || got > want+time.Second { // With up to a tenth of jitter.
				t.Errorf("waits %v, want %v", got, want)
			}
		}
		one, err := g.pass(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		g.succeeded(one)
		if got := refuse(); got != time.Second {
			t.Errorf("waits %v after a success", got)
		}
	})
}

// A pace that nothing waits for was not tried out, and must not grow.
func TestPaceGrowsOnlyWhenItIsUsed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := &gate{}
		first, err := g.pass(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		g.refused(first, 0)
		rate := g.rate
		for range 100 {
			time.Sleep(time.Second)
			one, err := g.pass(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			g.succeeded(one)
		}
		if g.rate != rate {
			t.Errorf("the pace grew from %v to %v", rate, g.rate)
		}
		var group sync.WaitGroup
		for range 100 {
			group.Go(func() {
				if one, err := g.pass(t.Context()); err == nil {
					g.succeeded(one)
				}
			})
		}
		group.Wait()
		if g.rate <= rate {
			t.Errorf("the pace stayed at %v", g.rate)
		}
	})
}
