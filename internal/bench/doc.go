// Package bench measures what a provider adds to the time, memory and requests
// of Terraform itself. "make bench" runs it.
//
// # What is measured
//
// A Contender is a provider binary with the template of a configuration. For
// each contender, number of deployments and parallelism, a round runs the real
// CLI through the steps of a life: create, an empty plan, a plan without refresh, a
// change of one key in all deployments, destroy. The API is the simulator of
// this project with a latency, on a listener that counts connections (api.go).
// The state is kept by an HTTP backend in memory (backend.go): core's writing of
// local state grows with the square of the resources and would hide all else.
//
// Each provider process is started through a launcher (package usage), which
// waits for it and writes its CPU time and peak memory down. Terraform ends a
// process when a walk is done, so one step has several processes: their CPU adds
// up, of their memory the largest counts.
//
// # The floor
//
// The bare provider (package bare) has the same attributes and sends nothing.
// The floor of a step is its wall time in the same run, plus what the network
// must take: requests x latency / parallelism, with the requests that the design
// needs, not those that were sent.
//
// # How the files divide
//
// contender.go and templates have what is measured, run.go runs rounds, step.go
// has the steps and what must come out of each, start.go measures start-up and
// size, report.go makes medians and ratios of samples, bars.go judges them, and
// table.go prints.
package bench
