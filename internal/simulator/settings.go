package simulator

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// settings are the positions of the switches and the options. A value is
// never changed once it is in use: Set replaces it.
type settings struct {
	moved   map[string]string // switch to position, where it is not the first
	latency time.Duration
	rate    float64
	seed    uint64
	portal  bool
	// documentTime is how long the processing of a document takes; 0: so many reads.
	documentTime time.Duration
	forbidden    bool
	keys         map[string]string // API key to account; empty: every key is good
	faults       func(int, Request) *Fault
}

func newSettings() *settings {
	return &settings{moved: map[string]string{}, keys: map[string]string{}}
}

func (o *settings) clone() *settings {
	clone := *o
	clone.moved, clone.keys, clone.faults = maps.Clone(o.moved), maps.Clone(o.keys), nil
	return &clone
}

// Option is a setting with a value of its own kind, unlike a [Switch].
type Option struct {
	Name, Value, Doc string // Value says what stands after "="; empty: true or false
	set              func(o *settings, value string) error
}

// Options lists every option of [New], for the flags of the program.
func Options() []Option {
	return []Option{
		{"key", "KEY:ACCOUNT", "an API key and its account, may be repeated; without one every key is good", (*settings).addKey},
		{"forbidden", "", "answer 403, as for a key that is bound to other IP addresses", func(o *settings, value string) (err error) {
			o.forbidden, err = strconv.ParseBool(value)
			return err
		}},
		{"rate", "N", "requests per second; above it the answer is 429; 0: no limit", func(o *settings, value string) (err error) {
			o.rate, err = strconv.ParseFloat(value, 64)
			return err
		}},
		{"latency", "TIME", "time to add to every answer, such as 50ms", func(o *settings, value string) (err error) {
			o.latency, err = time.ParseDuration(value)
			return err
		}},
		{"document-time", "TIME", "how long the processing of a document takes, such as 1m, in the place of the switch document-speed", func(o *settings, value string) (err error) {
			o.documentTime, err = time.ParseDuration(value)
			return err
		}},
		{"seed", "N", "makes the ids repeat from run to run; 0: random", func(o *settings, value string) (err error) {
			o.seed, err = strconv.ParseUint(value, 10, 64)
			return err
		}},
		{"portal", "", "serve the control API under /_simulator/, for scripts that do what a person does in the portal", func(o *settings, value string) (err error) {
			o.portal, err = strconv.ParseBool(value)
			return err
		}},
		{"faults", "LIST", "requests to spoil, as in POST:2:cut-after,PATCH:1-3:429:retry-after=2", func(o *settings, value string) (err error) {
			o.faults, err = ParseFaults(value)
			return err
		}},
	}
}

func (o *settings) addKey(value string) error {
	key, account, ok := strings.Cut(value, ":")
	if !ok || key == "" || account == "" {
		return errors.New("want KEY:ACCOUNT")
	}
	o.keys[key] = account
	return nil
}

// Set moves switches and options while the simulator runs: all that are
// named, or none if one of them is wrong. What is stored stays as it is.
func (s *Simulator) Set(settings ...string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	changed := s.settings.Load().clone()
	for _, setting := range settings {
		name, value, _ := strings.Cut(setting, "=")
		if err := changed.set(name, value); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	if changed.faults != nil {
		s.faults, s.faultCount = changed.faults, 0
	}
	s.settings.Store(changed)
	return nil
}

func (o *settings) set(name, value string) error {
	for _, option := range Options() {
		if option.Name == name {
			return option.set(o, value)
		}
	}
	for _, item := range Switches() {
		if item.Name == name {
			if err := item.check(value); err != nil {
				return err
			}
			o.moved[name] = value
			return nil
		}
	}
	return errors.New("there is no such switch or option")
}

// check says whether the value is a position of the switch. The positions of
// a counting switch are examples: it takes any number.
func (w Switch) check(value string) error {
	if slices.Contains(w.Positions, value) {
		return nil
	}
	if n, err := strconv.Atoi(value); w.counts && err == nil && n >= 0 {
		return nil
	}
	return fmt.Errorf("%q is no position, the positions are %s", value, strings.Join(w.Positions, ", "))
}

// at returns the position of a switch.
func (s *Simulator) at(name string) string {
	if position, moved := s.settings.Load().moved[name]; moved {
		return position
	}
	position, known := s.first[name]
	if !known {
		panic("simulator: no row in the table of switches for " + name)
	}
	return position
}

// is reports whether a switch has a position.
func (s *Simulator) is(name, position string) bool { return s.at(name) == position }

// count is the position of a counting switch.
func (s *Simulator) count(name string) int {
	n, err := strconv.Atoi(s.at(name))
	if err != nil {
		panic("simulator: the positions of " + name + " are no numbers")
	}
	return n
}
