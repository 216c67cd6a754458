package simulator

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// faultRule is one part of the text form of faults.
type faultRule struct {
	method      string // "*": any
	first, last int    // of the requests with that method, from 1
	fault       Fault
}

// ParseFaults reads the text form of faults, which the program takes with
// -faults. It is a list of rules with commas between them:
//
//	METHOD:WHICH:KIND[:KEY=VALUE…]
//
// METHOD is GET, POST, PUT, PATCH, DELETE or *. WHICH counts the requests with that
// method: 2, or 2-4, or * for each. KIND is a [FaultKind], or a status code for
// an answer before the effect. The keys are status and retry-after (seconds).
//
//	POST:2:cut-after,PATCH:1-3:429:retry-after=2,GET:*:hang
//
// The result is for [Simulator.SetFault].
func ParseFaults(text string) (func(n int, r Request) *Fault, error) {
	var rules []faultRule
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		rule, err := parseRule(part)
		if err != nil {
			return nil, fmt.Errorf("fault %q: %w", part, err)
		}
		rules = append(rules, rule)
	}
	var lock sync.Mutex
	counts := map[string]int{}
	return func(_ int, r Request) *Fault {
		lock.Lock()
		defer lock.Unlock()
		counts[r.Method]++
		counts["*"]++
		for _, rule := range rules {
			n := counts[rule.method]
			if (rule.method == "*" || rule.method == r.Method) && n >= rule.first && n <= rule.last {
				return &rule.fault
			}
		}
		return nil
	}, nil
}

func parseRule(text string) (faultRule, error) {
	parts := strings.Split(text, ":")
	if len(parts) < 3 {
		return faultRule{}, errors.New("want METHOD:WHICH:KIND, as in POST:2:cut-after")
	}
	rule := faultRule{method: strings.ToUpper(parts[0]), fault: Fault{Kind: FaultKind(parts[2])}}
	known := []string{"*", http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}
	if !slices.Contains(known, rule.method) {
		return faultRule{}, fmt.Errorf("the method must be one of %s", strings.Join(known, ", "))
	}
	if err := rule.parseWhich(parts[1]); err != nil {
		return faultRule{}, err
	}
	settings := parts[3:]
	if _, err := strconv.Atoi(parts[2]); err == nil {
		rule.fault.Kind, settings = FaultStatus, append(settings, "status="+parts[2])
	}
	if !slices.Contains(FaultKinds(), rule.fault.Kind) {
		return faultRule{}, fmt.Errorf("unknown kind %q; the kinds are %v", parts[2], FaultKinds())
	}
	for _, setting := range settings {
		if err := rule.fault.set(setting); err != nil {
			return faultRule{}, err
		}
	}
	return rule, nil
}

func (r *faultRule) parseWhich(text string) error {
	if text == "*" {
		r.first, r.last = 1, math.MaxInt
		return nil
	}
	low, high, isRange := strings.Cut(text, "-")
	if !isRange {
		high = low
	}
	r.first, _ = strconv.Atoi(low)
	r.last, _ = strconv.Atoi(high)
	if r.first < 1 || r.last < r.first {
		return fmt.Errorf("%q says no numbers of requests; want 2, 2-4 or *", text)
	}
	return nil
}

func (f *Fault) set(setting string) (err error) {
	switch key, value, _ := strings.Cut(setting, "="); key {
	case "status":
		if f.Status, err = strconv.Atoi(value); err != nil || f.Status < 200 || f.Status > 599 {
			return fmt.Errorf("%q is no status code", value)
		}
	case "retry-after":
		f.RetryAfter = value
	default:
		return fmt.Errorf("unknown key %q; the keys are status and retry-after", key)
	}
	return nil
}
