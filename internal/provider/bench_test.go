package provider_test

import (
	"fmt"
	"net/http/httptest"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

// The benchmarks run whole calls of the plugin protocol, with the work that core
// itself has for each. One document has so many keys; its neighbours in a real
// account have a few dozen.
var benchSizes = []int{10, 1000, 10000}

// benchDocument has objects of ten keys: texts, colours, numbers, switches and lists.
func benchDocument(keys int, colour string) string {
	var b strings.Builder
	for i := range keys {
		switch {
		case i == 0:
			b.WriteString(`{"section-0":{`)
		case i%10 == 0:
			fmt.Fprintf(&b, `},"section-%d":{`, i/10)
		default:
			b.WriteByte(',')
		}
		value := []string{`"` + colour + `"`, `"Talk to us"`, strconv.Itoa(i), "true", `["a","b"]`}[i%5]
		fmt.Fprintf(&b, `"key-%d":%s`, i, value)
	}
	return b.String() + "}}"
}

func benchArgs(keys int, colour string) args {
	return args{
		"pal_id": simulator.PalDocsGuide, "channel": "widget", "name": "bench",
		"customization": benchDocument(keys, colour),
	}
}

// created is a core whose state has one deployment with so many keys.
func created(tb testing.TB, keys int) *core {
	tb.Helper()
	server := httptest.NewServer(simulator.New(simulator.Options{}))
	tb.Cleanup(server.Close)
	c := newCore(tb, server.URL)
	p, err := c.plan(benchArgs(keys, "#ffffff"))
	if err == nil {
		err = c.apply(p)
	}
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

func wantPlan(tb testing.TB, c *core, arguments args, want string) {
	tb.Helper()
	p, err := c.plan(arguments)
	if err != nil {
		tb.Fatal(err)
	}
	if p.action != want {
		tb.Fatalf("the plan is %q instead of %q", p.action, want)
	}
}

func benchmark(b *testing.B, prepare func(c *core, keys int) (run func())) {
	b.Helper()
	for _, keys := range benchSizes {
		b.Run(fmt.Sprintf("keys=%d", keys), func(b *testing.B) {
			b.ReportAllocs()
			run := prepare(created(b, keys), keys)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			for b.Loop() {
				run()
			}
			runtime.ReadMemStats(&after)
			each := float64(b.N) * float64(keys)
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/each, "ns/key")
			b.ReportMetric(float64(after.Mallocs-before.Mallocs)/each, "allocs/key")
		})
	}
}

func BenchmarkPlanEmpty(b *testing.B) {
	benchmark(b, func(c *core, keys int) func() {
		same := benchArgs(keys, "#ffffff")
		return func() { wantPlan(b, c, same, actNoop) }
	})
}

// A key in five changes.
func BenchmarkPlanChange(b *testing.B) {
	benchmark(b, func(c *core, keys int) func() {
		other := benchArgs(keys, "#000000")
		return func() { wantPlan(b, c, other, actUpdate) }
	})
}

// The simulator is in the same process, so its work is in this one.
func BenchmarkRefresh(b *testing.B) {
	benchmark(b, func(c *core, _ int) func() {
		return func() {
			if err := c.refresh(); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// Ten times the keys must not take a hundred times as long. It is far enough from
// ten to stand on a busy machine, where the fastest of a few runs counts.
//
//nolint:paralleltest // Other tests would take its time.
func TestPlanGrowsWithItsDocument(t *testing.T) {
	fastest := func(keys int) time.Duration {
		c := created(t, keys)
		other, best := benchArgs(keys, "#000000"), time.Hour
		for range 5 {
			begun := time.Now()
			wantPlan(t, c, other, actUpdate)
			best = min(best, time.Since(begun))
		}
		return best
	}
	small, large := fastest(1000), fastest(10000)
	if ratio := float64(large) / float64(small); ratio > 40 {
		t.Errorf("a plan of 10,000 keys takes %s, %.0f times as long as one of 1,000 (%s)", large, ratio, small)
	}
}
