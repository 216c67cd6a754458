//go:build unix

package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"
)

// table holds the lives of each contender, and a life a sample for each step.
type table map[string][][]sample

// print writes a line for each step and contender, with the CPU and the memory also
// as multiples of the floor's.
func (t table) print(out io.Writer, contenders []contender) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(w, "step\tprovider\twall\tCPU\tof bare\tmemory\tof bare\trequests\t\n")
	for i, step := range steps {
		bare := t.median(floor, i)
		for _, c := range contenders {
			s := t.median(c.name, i)
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%.2f\t%.1f MiB\t%.2f\t%d\t\n", step.name, c.name,
				s.wall.Round(10*time.Millisecond), s.cpu.Round(time.Millisecond), float64(s.cpu)/float64(bare.cpu),
				float64(s.memory)/(1<<20), float64(s.memory)/float64(bare.memory), s.requests)
		}
	}
	return w.Flush()
}

// median returns the median of each measure over the lives of a contender.
func (t table) median(name string, step int) sample {
	values := make([]sample, len(t[name]))
	for i, samples := range t[name] {
		values[i] = samples[step]
	}
	middle := func(less func(a, b sample) int) sample {
		slices.SortFunc(values, less)
		return values[len(values)/2]
	}
	return sample{
		wall:     middle(func(a, b sample) int { return cmp.Compare(a.wall, b.wall) }).wall,
		cpu:      middle(func(a, b sample) int { return cmp.Compare(a.cpu, b.cpu) }).cpu,
		memory:   middle(func(a, b sample) int { return cmp.Compare(a.memory, b.memory) }).memory,
		requests: middle(func(a, b sample) int { return cmp.Compare(a.requests, b.requests) }).requests,
	}
}
