package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

// suite is one run.
type suite struct {
	probe   *probe
	values  map[string]string // what ${words} stand for
	answers map[string]answer // by the name of the step
	made    map[string]bool   // the paths of the objects that the run has made
}

// take takes a step. Its error ends the run.
func (s *suite) take(ctx context.Context, step step) error {
	missing := false
	fill := func(text string) string {
		return os.Expand(text, func(word string) string {
			missing = missing || s.values[word] == ""
			return s.values[word]
		})
	}
	path, body := fill(step.path), fill(step.body)
	tag := s.answers[step.ifMatch].tag()
	if missing || step.ifMatch != "" && tag == "" {
		return nil
	}
	got, err := s.probe.send(ctx, step.method, path, body, tag)
	if err != nil {
		return fmt.Errorf("step %q: %w", step.as, err)
	}
	s.answers[step.as] = got
	id := got.text("/" + step.id)
	at := slices.IndexFunc(kinds, func(k kind) bool { return step.method == http.MethodPost && k.Path == path })
	// A server may answer with an object that was there before, which must not be deleted.
	isOther := at >= 0 && got.text("/"+kinds[at].name) != "" && !kinds[at].isNamed(got, s.values["name"])
	switch {
	case step.id != "" && got.ok() && id != "" && !isOther:
		s.values[step.as] = id
		if at >= 0 {
			s.made[path+"/"+id] = true
		}
	case step.id != "" && !step.may:
		return fmt.Errorf("step %q: %s %s gives no %s of this run: %s", step.as, step.method, path, step.id, got.words())
	}
	return nil
}

// report writes what each question found, then the flags of a simulator of this API. A question whose
// steps were left out is not answered.
func (s *suite) report(out io.Writer) {
	var flags, left []string
	fmt.Fprintf(out, "\nSeen with %d requests. Switch of the simulator, its position (?: none does the same), what the provider does:\n", s.probe.count)
	for _, q := range questions {
		missing := false
		position := q.see(func(step string) answer {
			got, isThere := s.answers[step]
			missing = missing || !isThere
			return got
		})
		if missing {
			left = append(left, q.name)
			continue
		}
		about, seen := switchOf(q.name), s.answers[q.step].words()
		if slices.Contains(about.Positions, position) {
			flags = append(flags, "-"+q.name+"="+position)
		} else {
			position, seen = "?", position+" "+seen
		}
		fmt.Fprintf(out, "\n  %-22s %-10s %s\n    Asked: %s.\n    %s\n", q.name, position, seen, about.Doc, q.does)
	}
	if len(left) > 0 {
		fmt.Fprintf(out, "\nNot asked: %s.\n", strings.Join(left, ", "))
	}
	fmt.Fprintf(out, "\nA simulator of this API:\n  tavus-simulator %s\n", strings.Join(flags, " "))
}

// switchOf is the switch of the simulator that a question is about.
func switchOf(name string) simulator.Switch {
	all := simulator.Switches()
	return all[slices.IndexFunc(all, func(item simulator.Switch) bool { return item.Name == name })]
}
