package bench

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Print writes the report as Markdown.
func (r *Report) Print(w io.Writer) {
	p := &printer{w}
	p.line("%s, %s, %s, %d cores, %s of latency, medians of %d. %s", r.Date.Format("2 January 2006"), r.CLI, r.System, r.Cores,
		r.Latency, r.Runs, strings.Join(append([]string{r.Go}, r.Env...), ", "))
	r.printRows(p)
	if len(r.StartRows) > 0 {
		p.line("")
		p.row("start", "provider", "wall", "of bare")
		p.row("---", "---", "--:", "--:")
		for _, s := range r.StartRows {
			p.row(s.Command, s.Contender, seconds(s.Wall), ratio(s.Ratio))
		}
	}
	if len(r.Sizes) > 0 {
		p.line("")
		var sizes []string
		for name, size := range r.Sizes {
			sizes = append(sizes, fmt.Sprintf("%s %.1f MiB", name, mebi(size)))
		}
		slices.Sort(sizes)
		p.line("Stripped binaries: %s.", strings.Join(sizes, ", "))
	}
	if len(r.Bars) == 0 {
		return
	}
	p.line("")
	broken := r.Broken(false)
	p.line("%d of %d bars are met.", len(r.Bars)-len(broken), len(r.Bars))
	for _, what := range broken {
		p.line("- Not met: %s", what)
	}
}

func (r *Report) printRows(p *printer) {
	type table struct{ count, parallelism int }
	var tables []table
	for _, row := range r.Rows {
		if t := (table{row.Count, row.Parallelism}); !slices.Contains(tables, t) {
			tables = append(tables, t)
		}
	}
	for _, t := range tables {
		p.line("\n### %d deployments, parallelism %d\n", t.count, t.parallelism)
		p.row("step", "provider", "wall", "floor", "of floor", "requests", "connections (processes)", "CPU a deployment", "of bare", "peak memory", "of bare")
		p.row("---", "---", "--:", "--:", "--:", "--:", "--:", "--:", "--:", "--:", "--:")
		for _, s := range steps {
			for _, row := range r.Rows {
				if row.Step == s.name && (table{row.Count, row.Parallelism}) == t {
					p.row(row.cells()...)
				}
			}
		}
	}
}

func (r Row) cells() []string {
	floor, name := "", r.Contender
	if r.Floor > 0 {
		floor = seconds(r.Floor)
	}
	if r.Changes {
		name += " (plan not empty)"
	}
	return []string{
		r.Step, name, seconds(r.Wall), floor, ratio(r.WallRatio), strconv.Itoa(r.total()),
		fmt.Sprintf("%d (%d)", r.Connections, r.Processes),
		fmt.Sprintf("%.2f ms", r.CPU.Seconds()*1000/float64(r.Count)), ratio(r.CPURatio),
		fmt.Sprintf("%.0f MiB", mebi(r.Peak)), ratio(r.PeakRatio),
	}
}

type printer struct{ w io.Writer }

func (p *printer) line(format string, args ...any) { _, _ = fmt.Fprintf(p.w, format+"\n", args...) }

func (p *printer) row(cells ...string) { p.line("| %s |", strings.Join(cells, " | ")) }

func seconds(d time.Duration) string { return fmt.Sprintf("%.2f s", d.Seconds()) }

func ratio(r float64) string {
	if r == 0 {
		return ""
	}
	return fmt.Sprintf("%.2f", r)
}
