package bench

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

func sample(step string, wall, cpu time.Duration, peak int64, requests map[string]int) Sample {
	return Sample{Step: step, Wall: wall, CPU: cpu, Peak: peak, Requests: requests, Connections: 10, Processes: 4}
}

// measured has three runs of a create of 200 deployments: medians of 2 s and
// 400 ms bare, of 3 s and 500 ms for the provider.
func measured() *Report {
	r := NewReport()
	r.Latency, r.Runs, r.CLI = 50*time.Millisecond, 3, "Terraform 1.2.3"
	for i, extra := range []time.Duration{time.Second, 0, 5 * time.Second} {
		r.Rounds = append(r.Rounds,
			&Round{BareName, 200, 10, []Sample{sample("create", time.Second+extra, 400*time.Millisecond, 40<<20, nil)}},
			&Round{"tavus", 200, 10, []Sample{sample("create", 2*time.Second+extra, 500*time.Millisecond, 44<<20, map[string]int{"POST": 200 + i/2})}})
	}
	return r
}

func TestRowsAreMediansBesideTheFloor(t *testing.T) {
	t.Parallel()
	r := measured()
	r.Summarise()
	if len(r.Rows) != 2 {
		t.Fatalf("%d rows instead of 2", len(r.Rows))
	}
	bare, own := r.Rows[0], r.Rows[1]
	if bare.Wall != 2*time.Second || bare.Floor != 0 || bare.WallRatio != 0 {
		t.Errorf("the bare provider's row is %+v", bare)
	}
	// 200 requests of 50 ms, ten at once, take a second.
	if own.Wall != 3*time.Second || own.Floor != 3*time.Second || own.WallRatio != 1 {
		t.Errorf("wall %s, floor %s, ratio %.2f", own.Wall, own.Floor, own.WallRatio)
	}
	if own.CPURatio != 1.25 || own.PeakRatio != 1.1 {
		t.Errorf("CPU %.2f and memory %.2f of the bare provider's", own.CPURatio, own.PeakRatio)
	}
	if own.Wrong != "create: 201 POST instead of 200" {
		t.Errorf("the request too many of one run is not seen: %q", own.Wrong)
	}
}

func TestNetworkShare(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		step               step
		count, parallelism int
		want               time.Duration
	}{
		{steps[0], 200, 10, time.Second},
		{steps[0], 1, 10, 50 * time.Millisecond},
		{steps[2], 200, 10, 0},
		{steps[3], 1000, 50, 3 * time.Second},
		{steps[4], 5, 50, 100 * time.Millisecond},
	} {
		if got := test.step.network(test.count, test.parallelism, 50*time.Millisecond); got != test.want {
			t.Errorf("%s of %d at %d: %s instead of %s", test.step.name, test.count, test.parallelism, got, test.want)
		}
	}
}

func TestEachBarCanBreak(t *testing.T) {
	t.Parallel()
	good := func() *Report {
		r := measured()
		r.Rounds = r.Rounds[:4] // the runs with 200 requests
		r.Summarise()
		r.StartRows = []StartRow{{Start: Start{Contender: "tavus", Command: startPlan}, Ratio: 1.2}}
		r.Sizes = map[string]int64{BareName: 10 << 20, "tavus": 13 << 20}
		return r
	}
	for _, test := range []struct {
		name, want string
		exact      bool
		spoil      func(*Report)
	}{
		{"nothing", "", false, func(*Report) {}},
		{"wall", "wall time 1.26", false, func(r *Report) { r.Rows[1].WallRatio = 1.26 }},
		{"CPU", "CPU 2.01", false, func(r *Report) { r.Rows[1].CPURatio = 2.01 }},
		{"memory", "memory 1.26", false, func(r *Report) { r.Rows[1].PeakRatio = 1.26 }},
		{"connections", "49 connections, at most 48", true, func(r *Report) { r.Rows[1].Connections = 49 }},
		{"requests", "a GET too many", true, func(r *Report) { r.Rows[1].Wrong = "a GET too many" }},
		{"plan", "empty plan", true, func(r *Report) { r.Rows[1].Changes = true }},
		{"start", "1.21", false, func(r *Report) { r.StartRows[0].Ratio = 1.21 }},
		{"size", "binary", true, func(r *Report) { r.Sizes["tavus"]++ }},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := good()
			test.spoil(r)
			r.Judge("tavus")
			broken := r.Broken(false)
			if test.want == "" {
				if len(broken) > 0 || len(r.Bars) != 7 {
					t.Errorf("of %d bars these are broken: %q", len(r.Bars), broken)
				}
				return
			}
			if len(broken) != 1 || !strings.Contains(broken[0], test.want) {
				t.Errorf("broken are %q, wanted is %q", broken, test.want)
			}
			if exact := len(r.Broken(true)) == 1; exact != test.exact {
				t.Errorf("exact is %t", exact)
			}
		})
	}
}

func TestTableAndJSON(t *testing.T) {
	t.Parallel()
	r := measured()
	r.Summarise()
	r.SummariseStart([]Start{
		{"tavus", startSchema, 3 * time.Second}, {BareName, startSchema, 2 * time.Second}, {"tavus", startSchema, time.Second},
	})
	r.Sizes = map[string]int64{BareName: 17 << 20, "tavus": 18 << 20}
	r.Judge("tavus")
	var text strings.Builder
	r.Print(&text)
	for _, want := range []string{
		"Terraform 1.2.3", "### 200 deployments, parallelism 10",
		"| create | tavus | 3.00 s | 3.00 s | 1.00 | 201 | 10 (4) | 2.50 ms | 1.25 | 44 MiB | 1.10 |",
		"| providers schema | tavus | 1.00 s | 0.50 |", "bare 17.0 MiB, tavus 18.0 MiB",
		"- Not met: 200 deployments, parallelism 10, create: 201 requests",
	} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("no %q in\n%s", want, text.String())
		}
	}
	written, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var read Report
	if err := json.Unmarshal(written, &read); err != nil {
		t.Fatal(err)
	}
	if len(read.Rows) != 2 || read.Rows[1].Step != "create" || read.Rows[1].WallRatio != 1 || len(read.Rounds) != 6 {
		t.Errorf("the JSON reads back as %+v", read.Rows)
	}
}
