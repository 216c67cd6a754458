package testkit

import "testing"

// Write plans and applies, without a refresh. The core's warnings are those of both.
func (r *Resource) Write(config Config, ignore ...string) error {
	p, err := r.Plan(config, ignore...)
	if err != nil {
		return err
	}
	err = r.Apply(p)
	r.core.Warnings = append(p.Warnings, r.core.Warnings...)
	return err
}

// Run refreshes, plans and applies, as `terraform apply` does. The plan holds the warnings of
// all three. It is nil where there was an error before it.
func (r *Resource) Run(config Config, ignore ...string) (*Plan, error) {
	if _, err := r.Refresh(); err != nil {
		return nil, err
	}
	warnings := r.core.Warnings
	p, err := r.Plan(config, ignore...)
	if err != nil {
		return nil, err
	}
	p.Warnings = append(warnings, p.Warnings...)
	err = r.Apply(p)
	p.Warnings = append(p.Warnings, r.core.Warnings...)
	return p, err
}

// Must is Run for an apply that has to do the action, and after which a plan and a refresh-only
// plan have to be empty.
func (r *Resource) Must(t testing.TB, want Action, config Config, ignore ...string) *Plan {
	t.Helper()
	p, err := r.Run(config, ignore...)
	switch {
	case p == nil:
		t.Fatalf("%s: plan: %v", r.Address, err)
	case p.Action != want:
		t.Fatalf("%s: the plan is %s (changed: %v) instead of %s; error: %v", r.Address, p.Action, p.Changed, want, err)
	case err != nil:
		t.Fatalf("%s: apply: %v", r.Address, err)
	}
	r.Quiet(t, config, ignore...)
	return p
}

// Quiet asserts that a refresh changes nothing and a plan is empty.
func (r *Resource) Quiet(t testing.TB, config Config, ignore ...string) {
	t.Helper()
	changed, err := r.Refresh()
	if err != nil || len(changed) > 0 {
		t.Fatalf("%s: a refresh-only plan shows %v (error: %v)", r.Address, changed, err)
	}
	p, err := r.Plan(config, ignore...)
	if err != nil {
		t.Fatalf("%s: the second plan: %v", r.Address, err)
	}
	if p.Action != NoOp {
		t.Fatalf("%s: the second plan is not empty: %s of%s", r.Address, p.Action, p.Difference())
	}
}
