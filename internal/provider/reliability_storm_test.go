package provider_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
	"github.com/tavus/terraform-provider-tavus/internal/tavus"
)

// refused counts the requests since the last reset, and those of them that were
// answered with 429.
func (s *site) refused() (all, limited int) {
	for _, r := range s.Requests() {
		all++
		if r.Status == http.StatusTooManyRequests {
			limited++
		}
	}
	return all, limited
}

// TestStorm applies many deployments on a server with a rate limit: one apply is
// enough, no resource fails, and at most one request in three is refused.
func TestStorm(t *testing.T) {
	t.Parallel()
	forms := []simulator.RetryAfter{simulator.RetryAfterSeconds}
	if long {
		forms = append(forms, simulator.RetryAfterDate, simulator.RetryAfterNone)
	}
	for _, form := range forms {
		t.Run(string(form), func(t *testing.T) {
			t.Parallel()
			// Scaled down, but with more requests at once than a second allows.
			count, rate := 120, 20.0
			if long {
				count = 300
			}
			s := newSite(t, simulator.Options{RatePerSecond: rate, RetryAfter: form, Latency: 5 * time.Millisecond})
			wanted := map[string]args{}
			for i := range count {
				wanted[fmt.Sprintf("d%03d", i)] = widget(args{"name": fmt.Sprintf("Deployment %d", i)})
			}
			f := newFleet(s, func(config *tavus.Config) { config.MaxRetries = 0 }, 30)
			begun := time.Now()
			if _, err := f.apply(wanted); err != nil {
				t.Fatal(err)
			}
			took := time.Since(begun)
			all, limited := s.refused()
			t.Logf("%d deployments at %v requests a second: %s, %d requests, %d of them refused", count, rate, took.Round(time.Millisecond), all, limited)
			if limited == 0 {
				t.Error("there was no storm")
			}
			if 3*limited > all {
				t.Errorf("%d of %d requests were refused", limited, all)
			}
			if held := len(s.IDs()); held != count {
				t.Errorf("the server holds %d deployments instead of %d", held, count)
			}
			// The limit allows a burst of one second. Twice the time that it takes at
			// best is what finding the pace may cost.
			best := time.Duration((float64(count) - rate) / rate * float64(time.Second))
			if took > 2*best+8*time.Second {
				t.Errorf("it took %s; at best it is %s", took, best)
			}
		})
	}
}

// TestServerThatIsDown answers only 503: the apply ends in bounded time, with the
// server's words, and a refresh does not take the deployments out of the state.
func TestServerThatIsDown(t *testing.T) {
	t.Parallel()
	s := newSite(t, simulator.Options{})
	f := newFleet(s, quick, 10)
	wanted := map[string]args{}
	for i := range 10 {
		wanted[fmt.Sprintf("d%d", i)] = widget(args{"name": fmt.Sprintf("Deployment %d", i)})
	}
	down := func(int, simulator.Request) *simulator.Fault {
		return &simulator.Fault{Kind: simulator.FaultStatus, Status: http.StatusServiceUnavailable, Text: "Down for maintenance until noon", RetryAfter: "0"}
	}
	s.SetFaults(down)
	begun := time.Now()
	_, err := f.apply(wanted)
	if err == nil || strings.Count(err.Error(), "503 Service Unavailable: Down for maintenance until noon") < len(wanted) {
		t.Fatalf("error: %v", err)
	}
	if strings.Contains(err.Error(), "context deadline exceeded") {
		t.Errorf("the error tells of the provider's own timer: %v", err)
	}
	s.SetFaults(nil)
	if _, err := f.apply(wanted); err != nil {
		t.Fatal(err)
	}
	s.SetFaults(down)
	before := f.ids()
	if _, err := f.apply(wanted); err == nil || !strings.Contains(err.Error(), "Down for maintenance until noon") {
		t.Fatalf("error: %v", err)
	}
	if err := f.destroy(); err == nil || !strings.Contains(err.Error(), "Down for maintenance until noon") {
		t.Fatalf("error: %v", err)
	}
	for name, id := range f.ids() {
		if id == "" || id != before[name] {
			t.Errorf("%s has the ID %q instead of %s", name, id, before[name])
		}
	}
	if took := time.Since(begun); took > 20*time.Second {
		t.Errorf("it took %s", took)
	}
}
