package bench

import (
	"fmt"
	"time"
)

// step is one command of a round.
type step struct {
	name string
	args []string
	// text is the value that the configuration has from this step on.
	text string
	// rounds are the requests for each deployment that the design of the provider
	// needs, one after the other: they make the network's share of the floor.
	rounds int
	// each are the same requests by method.
	each map[string]int
	// left are the deployments that exist afterwards, for each one configured.
	left int
	plan bool
}

// steps are the life of a round.
var steps = []step{
	{name: "create", args: []string{"apply", "-auto-approve"}, text: "Ask our guide.", rounds: 1, each: map[string]int{"POST": 1}, left: 1},
	{name: "plan", args: []string{"plan", "-detailed-exitcode"}, text: "Ask our guide.", rounds: 1, each: map[string]int{"GET": 1}, left: 1, plan: true},
	{name: "plan without refresh", args: []string{"plan", "-detailed-exitcode", "-refresh=false"}, text: "Ask our guide.", left: 1, plan: true},
	{name: "change", args: []string{"apply", "-auto-approve"}, text: "Our guide knows.", rounds: 3, each: map[string]int{"GET": 2, "PATCH": 1}, left: 1},
	{name: "destroy", args: []string{"destroy", "-auto-approve"}, text: "Our guide knows.", rounds: 2, each: map[string]int{"GET": 1, "DELETE": 1}},
}

// network is what the requests of a step must take, with so many at once.
func (s step) network(count, parallelism int, latency time.Duration) time.Duration {
	// Fewer requests than may run at once still take one latency a round.
	waits := float64(count) / float64(min(count, parallelism))
	return time.Duration(float64(s.rounds) * waits * float64(latency))
}

// A Sample is one step of one round.
type Sample struct {
	Step        string         `json:"step"`
	Wall        time.Duration  `json:"wall_ns"`
	Requests    map[string]int `json:"requests"` // by method
	Connections int            `json:"connections"`
	Processes   int            `json:"processes"`  // of the provider
	CPU         time.Duration  `json:"cpu_ns"`     // of all of them
	Peak        int64          `json:"peak_bytes"` // of the largest
	// Changes says that the plan was not empty, where it has to be.
	Changes bool `json:"changes,omitempty"`
}

func (s Sample) total() int {
	total := 0
	for _, n := range s.Requests {
		total += n
	}
	return total
}

// wrong says how the requests of a sample are not those of the design.
func (s step) wrong(sample Sample, count int) string {
	for _, method := range []string{"GET", "POST", "PATCH", "DELETE"} {
		if got, want := sample.Requests[method], s.each[method]*count; got != want {
			return fmt.Sprintf("%s: %d %s instead of %d", s.name, got, method, want)
		}
	}
	return ""
}
