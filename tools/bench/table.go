//go:build unix

package main

import (
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
		measure := func(name string, of func(sample) int64) int64 {
			var values []int64
			for _, life := range t[name] {
				values = append(values, of(life[i]))
			}
			slices.Sort(values)
			return values[len(values)/2]
		}
		cpu, memory := func(s sample) int64 { return int64(s.cpu) }, func(s sample) int64 { return s.memory }
		for _, c := range contenders {
			wall := time.Duration(measure(c.name, func(s sample) int64 { return int64(s.wall) }))
			usedCPU, usedMemory := measure(c.name, cpu), measure(c.name, memory)
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%.2f\t%.1f MiB\t%.2f\t%d\t\n", step.name, c.name,
				wall.Round(10*time.Millisecond), time.Duration(usedCPU).Round(time.Millisecond), float64(usedCPU)/float64(measure(floor, cpu)),
				float64(usedMemory)/(1<<20), float64(usedMemory)/float64(measure(floor, memory)),
				measure(c.name, func(s sample) int64 { return int64(s.requests) }))
		}
	}
	return w.Flush()
}
