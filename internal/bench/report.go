package bench

import (
	"cmp"
	"maps"
	"runtime"
	"slices"
	"time"
)

// A Report is everything that one run of the bench measured. Its JSON is what
// the bench writes.
type Report struct {
	Date      time.Time        `json:"date"`
	CLI       string           `json:"cli"`
	Go        string           `json:"go"`
	System    string           `json:"system"`
	Cores     int              `json:"cores"`
	Latency   time.Duration    `json:"latency_ns"`
	Env       []string         `json:"env,omitempty"`
	Runs      int              `json:"runs"`
	Rows      []Row            `json:"rows"`
	StartRows []StartRow       `json:"start"`
	Sizes     map[string]int64 `json:"binary_bytes"`
	Bars      []Bar            `json:"bars"`
	// Rounds are the single measurements behind the medians.
	Rounds []*Round `json:"rounds"`
}

// A Row is the median of one step over the runs. Its ratios are to the same step of
// the bare provider; they are zero in the rows of that provider.
type Row struct {
	Contender   string `json:"contender"`
	Count       int    `json:"count"`
	Parallelism int    `json:"parallelism"`
	Sample
	// Floor is the bare provider's wall time plus the network's share.
	Floor     time.Duration `json:"floor_ns,omitempty"`
	WallRatio float64       `json:"wall_ratio,omitempty"`
	CPURatio  float64       `json:"cpu_ratio,omitempty"`
	PeakRatio float64       `json:"peak_ratio,omitempty"`
	// Wrong says how the requests differ from those of the design.
	Wrong string `json:"wrong,omitempty"`
}

// A StartRow is the median of one start-up measure.
type StartRow struct {
	Start
	Ratio float64 `json:"ratio,omitempty"` // to the bare provider
}

// NewReport describes the machine.
func NewReport() *Report {
	return &Report{
		Date: time.Now().UTC().Truncate(time.Second), Go: runtime.Version(),
		System: runtime.GOOS + "/" + runtime.GOARCH, Cores: runtime.NumCPU(), Sizes: map[string]int64{},
	}
}

// Summarise makes the rows of the rounds. The floor is the median of the bare rounds of
// the same run.
func (r *Report) Summarise() {
	type key struct {
		contender          string
		count, parallelism int
		step               string
	}
	samples := map[key][]Sample{}
	var order []key
	for _, round := range r.Rounds {
		for _, s := range round.Samples {
			k := key{round.Contender, round.Count, round.Parallelism, s.Step}
			if samples[k] == nil {
				order = append(order, k)
			}
			samples[k] = append(samples[k], s)
		}
	}
	for _, k := range order {
		row := Row{Contender: k.contender, Count: k.count, Parallelism: k.parallelism, Sample: medians(samples[k])}
		bareKey := k
		bareKey.contender = BareName
		if bare := samples[bareKey]; len(bare) > 0 && k.contender != BareName {
			row.compare(medians(bare), r.Latency)
		}
		r.Rows = append(r.Rows, row)
	}
}

func (r *Row) compare(bare Sample, latency time.Duration) {
	s := steps[slices.IndexFunc(steps, func(s step) bool { return s.name == r.Step })]
	r.Floor = bare.Wall + s.network(r.Count, r.Parallelism, latency)
	r.WallRatio = float64(r.Wall) / float64(r.Floor)
	r.CPURatio = float64(r.CPU) / float64(max(bare.CPU, 1))
	r.PeakRatio = float64(r.Peak) / float64(max(bare.Peak, 1))
	r.Wrong = s.wrong(r.Sample, r.Count)
}

// medians is the sample of the medians. Requests and processes are those of the sample
// with the most, because a request too many in one run of three is one too many.
func medians(all []Sample) Sample {
	result := all[0]
	for _, s := range all[1:] {
		if s.total() > result.total() {
			result.Requests = s.Requests
		}
		result.Changes = result.Changes || s.Changes
		result.Connections = max(result.Connections, s.Connections)
	}
	result.Wall = median(all, func(s Sample) time.Duration { return s.Wall })
	result.CPU = median(all, func(s Sample) time.Duration { return s.CPU })
	result.Peak = median(all, func(s Sample) int64 { return s.Peak })
	result.Processes = median(all, func(s Sample) int { return s.Processes })
	return result
}

// median is the middle value; of an even number, the lower of the two in the middle.
func median[S any, V cmp.Ordered](all []S, value func(S) V) V {
	values := make([]V, len(all))
	for i, s := range all {
		values[i] = value(s)
	}
	slices.Sort(values)
	return values[(len(values)-1)/2]
}

// SummariseStart makes the rows of the start-up measures.
func (r *Report) SummariseStart(starts []Start) {
	groups := map[Start][]Start{}
	for _, s := range starts {
		k := Start{Contender: s.Contender, Command: s.Command}
		groups[k] = append(groups[k], s)
	}
	wall := func(s Start) time.Duration { return s.Wall }
	keys := slices.SortedFunc(maps.Keys(groups), func(a, b Start) int {
		return cmp.Or(cmp.Compare(b.Command, a.Command), cmp.Compare(a.Contender, b.Contender))
	})
	for _, k := range keys {
		row := StartRow{Start: Start{k.Contender, k.Command, median(groups[k], wall)}}
		if bare := groups[Start{Contender: BareName, Command: k.Command}]; len(bare) > 0 && k.Contender != BareName {
			row.Ratio = float64(row.Wall) / float64(median(bare, wall))
		}
		r.StartRows = append(r.StartRows, row)
	}
}
