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
	// documentTime is how long the processing of a document takes; 0: so many reads.
	documentTime time.Duration
	portal       bool
	faults       func(int, Request) *Fault
}

func newSettings() *settings { return &settings{moved: map[string]string{}} }

// Set moves switches and options while the simulator runs: all that are
// named, or none if one of them is wrong. What is stored stays as it is.
func (s *Simulator) Set(settings ...string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	changed := *s.settings.Load()
	changed.moved, changed.faults = maps.Clone(changed.moved), nil
	for _, setting := range settings {
		name, value, _ := strings.Cut(setting, "=")
		if err := changed.set(name, value); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	if changed.faults != nil {
		s.faults, s.faultCount = changed.faults, 0
	}
	s.settings.Store(&changed)
	return nil
}

func (o *settings) set(name, value string) (err error) {
	switch name {
	case "latency":
		o.latency, err = time.ParseDuration(value)
		return err
	case "document-time":
		o.documentTime, err = time.ParseDuration(value)
		return err
	case "portal":
		o.portal, err = strconv.ParseBool(value)
		return err
	case "faults":
		o.faults, err = ParseFaults(value)
		return err
	}
	for _, item := range Switches() {
		if item.Name == name {
			o.moved[name] = value
			return item.check(value)
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
