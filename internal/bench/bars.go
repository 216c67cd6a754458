package bench

import "fmt"

// The bars of this provider, on an idle machine of two cores.
const (
	maxWall  = 1.25
	maxCPU   = 2.0
	maxPeak  = 1.25
	maxStart = 1.2
	maxSize  = 3 << 20 // bytes above the bare provider

	// spare connections of a process beyond the parallelism.
	spare = 2
	// A handful of deployments is all start-up, which has bars of its own.
	fewest = 100
)

// A Bar is one limit and what was measured against it.
type Bar struct {
	What string `json:"what"`
	Met  bool   `json:"met"`
	// Exact says that load on the machine cannot change the outcome.
	Exact bool `json:"exact"`
}

// Judge holds the rows of a contender against the bars. Wall time, CPU and memory
// are judged at parallelism 10 only, and connections and requests always.
func (r *Report) Judge(contender string) {
	for _, row := range r.Rows {
		if row.Contender != contender || row.Floor == 0 {
			continue
		}
		where := fmt.Sprintf("%d deployments, parallelism %d, %s", row.Count, row.Parallelism, row.Step)
		if row.Count >= fewest && row.Parallelism == 10 {
			r.bar(row.WallRatio <= maxWall, false, "%s: wall time %.2f of the floor, at most %.2f", where, row.WallRatio, maxWall)
			r.bar(row.CPURatio <= maxCPU, false, "%s: CPU %.2f of the bare provider's, at most %.1f", where, row.CPURatio, maxCPU)
			r.bar(row.PeakRatio <= maxPeak, false, "%s: memory %.2f of the bare provider's, at most %.2f", where, row.PeakRatio, maxPeak)
		}
		most := (row.Parallelism + spare) * row.Processes
		r.bar(row.Connections <= most, true, "%s: %d connections, at most %d", where, row.Connections, most)
		r.bar(row.Wrong == "" && !row.Changes, true, "%s: %d requests, and an empty plan %s", where, row.total(), row.Wrong)
	}
	for _, row := range r.StartRows {
		if row.Contender == contender && row.Ratio > 0 {
			r.bar(row.Ratio <= maxStart, false, "start, %s: %.2f of the bare provider's, at most %.1f", row.Command, row.Ratio, maxStart)
		}
	}
	if own, bare := r.Sizes[contender], r.Sizes[BareName]; own > 0 && bare > 0 {
		r.bar(own-bare <= maxSize, true, "binary: %.1f MiB above the bare provider's, at most %.0f", mebi(own-bare), mebi(maxSize))
	}
}

func (r *Report) bar(met, exact bool, format string, args ...any) {
	r.Bars = append(r.Bars, Bar{fmt.Sprintf(format, args...), met, exact})
}

// Broken are the bars that are not met; with exact, only those that no load on the
// machine can explain.
func (r *Report) Broken(exact bool) []string {
	var broken []string
	for _, bar := range r.Bars {
		if !bar.Met && (bar.Exact || !exact) {
			broken = append(broken, bar.What)
		}
	}
	return broken
}

func mebi(bytes int64) float64 { return float64(bytes) / (1 << 20) }
