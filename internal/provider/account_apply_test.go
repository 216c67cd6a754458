package provider_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/tavus/terraform-provider-tavus/internal/testkit"
)

// This file does with a whole configuration what Terraform does: it refreshes, plans, creates, changes
// and destroys in parallel, and in the order of the references.

// object is one resource of an account's configuration.
type object struct {
	*testkit.Resource
	core   *testkit.Core // its share of the provider's process
	kind   *testkit.Fixture
	number int

	wanted bool // it is in the configuration
	config testkit.Config
	links  map[string][]*object // arguments that hold the ids of other objects
	// needs are the objects that the state says it depends on.
	needs []*object

	id       string         // which the object has to keep; "" where there is none
	imported bool           // the state may follow what people do until the configuration changes
	edits    map[string]any // portal edits of what no configuration owns, by pointer
	lost     error          // the failure of its create or change in the last command, or errKilled
}

// references are the arguments of a type that hold ids, and the type of the objects that have them.
var references = map[string]map[string]string{
	"tavus_pal": {
		"guardrail_ids": "tavus_guardrail", "document_ids": "tavus_document", "objectives_id": "tavus_objectives",
		"pronunciation_dictionary_id": "tavus_pronunciation_dictionary",
	},
	"tavus_pal_tools":  {"pal_id": "tavus_pal", "tool_ids": "tavus_tool"},
	"tavus_pal_skill":  {"pal_id": "tavus_pal"},
	"tavus_deployment": {"pal_id": "tavus_pal"},
}

// linked are all objects that the configuration refers to.
func (o *object) linked() []*object { return slices.Concat(slices.Collect(maps.Values(o.links))...) }

// resolved is the configuration with the ids of what it refers to.
func (o *object) resolved(id func(*object) any) testkit.Config {
	config := maps.Clone(o.config)
	for argument, targets := range o.links {
		ids := []any{}
		for _, target := range targets {
			ids = append(ids, id(target))
		}
		switch {
		case strings.HasSuffix(argument, "_ids"):
			config[argument] = ids
		case len(ids) == 0:
			config[argument] = ""
		default:
			config[argument] = ids[0]
		}
	}
	return config
}

// idOf is the id in the state.
func idOf(o *object) any { return o.ID() }

// errKilled is what became of an operation that was under way when the process of the provider ended.
var errKilled = errors.New("the provider's process ended")

// operate calls the provider. What it did when its process ends is not known: the state stays.
func (a *account) operate(o *object, do func() error) error {
	before := *o.Resource
	err := do()
	a.hear(o.core.Said(), err)
	if a.killed.Load() {
		o.Continue(&before)
		return errKilled
	}
	return err
}

var errSkipped = errors.New("skipped")

// walk visits all nodes at the same time, but each of them after those before it, and not at all
// where one of those failed.
func walk[N comparable](nodes []N, before func(N) []N, visit func(N) error) error {
	type outcome struct {
		first []N
		done  chan struct{}
		err   error
	}
	outcomes := map[N]*outcome{}
	for _, n := range nodes {
		outcomes[n] = &outcome{first: before(n), done: make(chan struct{})}
	}
	var all sync.WaitGroup
	for n, mine := range outcomes {
		all.Go(func() {
			defer close(mine.done)
			for _, first := range mine.first {
				if other := outcomes[first]; other != nil && mine.err == nil {
					if <-other.done; other.err != nil {
						mine.err = errSkipped
					}
				}
			}
			if mine.err == nil {
				mine.err = visit(n)
			}
		})
	}
	all.Wait()
	var failures []error
	for _, one := range outcomes {
		if one.err != nil && !errors.Is(one.err, errSkipped) {
			failures = append(failures, one.err)
		}
	}
	return errors.Join(failures...)
}

// step is one line of a plan.
type step struct {
	action  testkit.Action // "": destroy
	plan    *testkit.Plan
	changed []string // by the refresh
}

// plan refreshes and plans objects. Those that are not wanted will be destroyed.
func (a *account) plan(objects []*object, wants func(*object) bool) (map[*object]*step, error) {
	var mu sync.Mutex
	steps := map[*object]*step{}
	id := func(o *object) any {
		mu.Lock()
		defer mu.Unlock()
		if s := steps[o]; s != nil && s.plan != nil && (s.action == testkit.Create || s.action == testkit.Replace) || !o.Exists() {
			return testkit.Unknown{}
		}
		return o.ID()
	}
	err := walk(objects, (*object).linked, func(o *object) error {
		s := &step{}
		err := a.operate(o, func() (err error) {
			s.changed, err = o.Refresh()
			return err
		})
		if err == nil && wants(o) {
			err = a.operate(o, func() (err error) {
				if s.plan, err = o.Plan(o.resolved(id)); err == nil {
					s.action = s.plan.Action
					a.hear(testkit.Lines(s.plan.Warnings))
				}
				return err
			})
		}
		if err != nil {
			return fmt.Errorf("%s: %w", o.Address, err)
		}
		mu.Lock()
		defer mu.Unlock()
		steps[o] = s
		return nil
	})
	return steps, err
}

// node is an object in an apply, where it is destroyed, or created or changed.
type node struct {
	*object
	destroy bool
}

// apply is a command of Terraform about some objects. Where the plan fails, the state stays as it was.
func (a *account) apply(objects []*object, wants func(*object) bool) error {
	before := map[*object]testkit.Resource{}
	for _, o := range objects {
		before[o], o.lost = *o.Resource, nil
	}
	steps, err := a.plan(objects, wants)
	if err != nil {
		for o, resource := range before {
			o.Continue(&resource)
		}
		return err
	}
	var nodes []node
	for o, s := range steps {
		if o.Exists() && (s.action == "" || s.action == testkit.Replace) {
			nodes = append(nodes, node{o, true})
		}
		if s.action != "" && s.action != testkit.NoOp {
			nodes = append(nodes, node{o, false})
		}
	}
	return walk(nodes, a.before, func(n node) error {
		err := a.operate(n.object, n.carryOut)
		if err != nil {
			if !n.destroy {
				n.lost = err
			}
			return fmt.Errorf("%s: %w", n.Address, err)
		}
		return nil
	})
}

// before is what Terraform does first: it destroys what refers to an object, and makes what the
// object refers to. Of all else the order is any.
func (a *account) before(n node) []node {
	var first []node
	for _, o := range a.objects {
		if slices.Contains(o.needs, n.object) {
			first = append(first, node{o, true})
		}
	}
	if n.destroy {
		return first
	}
	for _, target := range n.linked() {
		first = append(first, node{target, false})
	}
	return append(first, node{n.object, true})
}

// carryOut destroys an object, or plans again with what is known now, and applies that.
func (n node) carryOut() error {
	if n.destroy {
		return n.Destroy()
	}
	p, err := n.Plan(n.resolved(idOf))
	if err != nil {
		return err
	}
	if p.Action == testkit.Replace {
		return fmt.Errorf("a replacement that the plan did not show: %v", p.Changed)
	}
	if err := n.Apply(p); err != nil {
		return err
	}
	n.needs = n.linked()
	return nil
}
