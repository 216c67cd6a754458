package ownedjson

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// The documents of the benchmarks look like a customization: objects of ten keys,
// with texts, colours, numbers, switches and short lists. The work has to grow with
// the number of keys, and no faster: compare ns/key and allocs/key of the sizes.

func benchText(keys int, colour string) string {
	var b strings.Builder
	b.WriteByte('{')
	for i := range keys {
		if i%10 == 0 {
			if i > 0 {
				b.WriteString("},")
			}
			fmt.Fprintf(&b, `"section-%05d":{`, i/10)
		} else {
			b.WriteByte(',')
		}
		switch i % 5 {
		case 0:
			fmt.Fprintf(&b, `"colour-%d":%q`, i, colour)
		case 1:
			fmt.Fprintf(&b, `"text-%d":"Talk to <b>us</b> & caf\u00e9 number %d"`, i, i)
		case 2:
			fmt.Fprintf(&b, `"size-%d":%d.50`, i, i)
		case 3:
			fmt.Fprintf(&b, `"shown-%d":true`, i)
		case 4:
			fmt.Fprintf(&b, `"list-%d":["a","b",%d]`, i, i)
		}
	}
	b.WriteString("}}")
	return b.String()
}

// benchmark runs one for each size. prepare makes what has to be there before the
// clock starts.
func benchmark(b *testing.B, prepare func(tb testing.TB, keys int) (run func() error)) {
	b.Helper()
	for _, keys := range []int{10, 1000, 10000} {
		b.Run(fmt.Sprintf("keys=%d", keys), func(b *testing.B) {
			b.ReportAllocs()
			run := prepare(b, keys)
			for b.Loop() {
				if err := run(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(keys), "ns/key")
		})
	}
}

var errBench = errors.New("the benchmark does not do what it should")

// expect is the result of a run.
func expect(right bool) error {
	if right {
		return nil
	}
	return errBench
}

// benchChange is an update that changes one key in five. The server answered it in
// lower case.
func benchChange(tb testing.TB, keys int) (change Change, live *Object) {
	tb.Helper()
	state, plan := config(tb, benchText(keys, "#FFF")), config(tb, benchText(keys, "#000"))
	live = server(tb, benchText(keys, "#fff"))
	created := Change{Path: "/customization", Config: state, Plan: state}
	owned, _ := created.Renew(func(string) bool { return true }, nil, live)
	return Change{Path: "/customization", Config: plan, Plan: plan, State: state, Owned: owned}, live
}

func BenchmarkParseConfig(b *testing.B) {
	benchmark(b, func(_ testing.TB, keys int) func() error {
		text := benchText(keys, "#FFF")
		return func() error {
			_, err := ParseConfig(text)
			return err
		}
	})
}

func BenchmarkParseServer(b *testing.B) {
	benchmark(b, func(_ testing.TB, keys int) func() error {
		text := []byte(benchText(keys, "#FFF"))
		return func() error {
			_, err := ParseServer(text)
			return err
		}
	})
}

func BenchmarkText(b *testing.B) {
	benchmark(b, func(tb testing.TB, keys int) func() error {
		tb.Helper()
		object := config(tb, benchText(keys, "#FFF"))
		return func() error { return expect(len(object.Text()) > keys) }
	})
}

func BenchmarkRead(b *testing.B) {
	benchmark(b, func(tb testing.TB, keys int) func() error {
		tb.Helper()
		change, live := benchChange(tb, keys)
		return func() error { return expect(Equal(Read(change.Owned, change.State, live), change.State)) }
	})
}

func BenchmarkPlan(b *testing.B) {
	benchmark(b, func(tb testing.TB, keys int) func() error {
		tb.Helper()
		change, _ := benchChange(tb, keys)
		return func() error { return expect(!Plan(change.Owned, change.Config, change.State).Keep) }
	})
}

func BenchmarkOperations(b *testing.B) {
	benchmark(b, func(tb testing.TB, keys int) func() error {
		tb.Helper()
		change, live := benchChange(tb, keys)
		return func() error {
			operations, err := change.Operations(live, nil)
			return errors.Join(err, expect(len(operations) == keys/5))
		}
	})
}

func BenchmarkRenew(b *testing.B) {
	benchmark(b, func(tb testing.TB, keys int) func() error {
		tb.Helper()
		change, live := benchChange(tb, keys)
		sent := func(pointer string) bool { return strings.Contains(pointer, "/colour-") }
		return func() error {
			renewed, _ := change.Renew(sent, live, change.Plan)
			return expect(len(renewed) == keys)
		}
	})
}

func BenchmarkRecord(b *testing.B) {
	benchmark(b, func(tb testing.TB, keys int) func() error {
		tb.Helper()
		change, _ := benchChange(tb, keys)
		record := &Record{Objects: map[string]Owned{"customization": change.Owned}}
		return func() error { return expect(DecodeRecord(record.Encode()) != nil) }
	})
}

func BenchmarkSettle(b *testing.B) {
	benchmark(b, func(tb testing.TB, keys int) func() error {
		tb.Helper()
		change, live := benchChange(tb, keys)
		tried := Tried{}
		for _, l := range live.leaves() {
			tried[l.pointer] = digestOf(l.value, true)
		}
		record := &Record{Objects: map[string]Owned{"customization": change.Owned}}
		return func() error {
			settled, _ := record.Settle(map[string]Tried{"customization": tried}, map[string]*Object{"customization": live})
			return expect(len(settled.Owned("customization")) == keys)
		}
	})
}
