package testkit

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Action is what a plan does.
type Action string

// The actions, in Terraform's words.
const (
	NoOp    Action = "no-op"
	Create  Action = "create"
	Update  Action = "update"
	Replace Action = "replace"
)

// Resource is one resource in the state of a [Core]. Its methods are the commands of the CLI
// with this resource as their target.
type Resource struct {
	Address, Type string
	// Tainted says that the next plan replaces the resource.
	Tainted bool

	core     *Core
	schema   *tfprotov6.Schema
	typ      tftypes.Object
	state    tftypes.Value
	private  []byte
	identity *tfprotov6.ResourceIdentityData
}

// Plan is what core keeps between plan and apply.
type Plan struct {
	Action Action
	// Changed are the attributes, with their path, whose planned value is not the state's.
	Changed []string
	// Warnings are those of the validation and of the plan.
	Warnings []Problem

	config   tftypes.Value // as written, without ignore_changes
	prior    tftypes.Value
	value    tftypes.Value
	private  []byte
	identity *tfprotov6.ResourceIdentityData
}

// Value is the planned object.
func (p *Plan) Value() map[string]any { return decodeObject(p.value) }

// Private is the private state of the plan, as it stands in a saved plan.
func (p *Plan) Private() []byte { return p.private }

// Difference shows what the plan changes, for messages.
func (p *Plan) Difference() string {
	var b strings.Builder
	before, after := decodeObject(p.prior), p.Value()
	for _, path := range p.Changed {
		name, _, _ := strings.Cut(path, ".")
		fmt.Fprintf(&b, "\n%s: %v -> %v", path, before[name], after[name])
	}
	return b.String()
}

// Forget is `terraform state rm`.
func (r *Resource) Forget() {
	r.state, r.private, r.identity, r.Tainted = r.null(), nil, nil, false
}

// LosePrivate drops the private state, as a move through another tool does.
func (r *Resource) LosePrivate() { r.private = nil }

// SetPrivate puts in a private state, such as a damaged one.
func (r *Resource) SetPrivate(private []byte) { r.private = private }

// Private is the private state, as it stands in the state file.
func (r *Resource) Private() []byte { return r.private }

// Exists reports whether the state holds an object.
func (r *Resource) Exists() bool { return !isNull(r.state) }

// State is the object in the state; nil: none.
func (r *Resource) State() map[string]any { return decodeObject(r.state) }

// Text is a text in the state; "" for null.
func (r *Resource) Text(name string) string {
	text, _ := r.State()[name].(string)
	return text
}

// ID is the id of the object, "" where the state has none.
func (r *Resource) ID() string { return r.Text("id") }

// Identity are the members of the identity; nil: none.
func (r *Resource) Identity() map[string]any {
	if r.identity == nil || r.identity.IdentityData == nil {
		return nil
	}
	value, err := r.identity.IdentityData.Unmarshal(r.core.identities[r.Type].ValueType())
	if err != nil {
		panic(err)
	}
	return decodeObject(value)
}

func (r *Resource) null() tftypes.Value { return tftypes.NewValue(r.typ, nil) }

func decodeObject(value tftypes.Value) map[string]any {
	object, _ := decode(value).(map[string]any)
	return object
}

// Validate is `terraform validate`.
func (r *Resource) Validate(config Config) error {
	value, err := encode(r.typ, config)
	if err != nil {
		return err
	}
	resp, err := r.core.server.ValidateResourceConfig(r.core.ctx, &tfprotov6.ValidateResourceConfigRequest{
		TypeName: r.Type, Config: dynamic(value),
		ClientCapabilities: &tfprotov6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: true},
	})
	if err != nil {
		return err
	}
	return r.core.judge(resp.Diagnostics)
}

// Plan validates and plans, without a refresh. ignore are the arguments in ignore_changes.
func (r *Resource) Plan(config Config, ignore ...string) (*Plan, error) {
	if err := r.Validate(config); err != nil {
		return nil, err
	}
	warnings := r.core.Warnings
	written, err := encode(r.typ, config)
	if err != nil {
		return nil, err
	}
	effective := r.ignored(written, ignore) // only after the validation, as in core
	prior := r.state
	if r.Tainted {
		prior = r.null()
	}
	p := &Plan{config: written, prior: prior}
	replaces, err := r.planFrom(p, effective)
	if err != nil {
		return nil, err
	}
	p.Warnings = slices.Concat(warnings, r.core.Warnings)
	p.Changed = differences("", p.value, prior, nothing)
	switch {
	case r.Tainted:
		p.Action = Replace
	case isNull(prior):
		p.Action = Create
	case p.value.Equal(prior):
		p.Action = NoOp
	case replaces:
		p.Action, p.prior = Replace, r.null()
		if _, err := r.planFrom(p, effective); err != nil {
			return nil, err
		}
	default:
		p.Action = Update
	}
	return p, nil
}

// ignored is what core makes of a configuration under ignore_changes.
func (r *Resource) ignored(config tftypes.Value, ignore []string) tftypes.Value {
	if !r.Exists() || len(ignore) == 0 {
		return config
	}
	values, had := maps.Clone(membersOf(config)), membersOf(r.state)
	for _, name := range ignore {
		values[name] = had[name]
	}
	return tftypes.NewValue(r.typ, values)
}

func (r *Resource) planFrom(p *Plan, config tftypes.Value) (replaces bool, err error) {
	req := &tfprotov6.PlanResourceChangeRequest{
		TypeName: r.Type, PriorState: dynamic(p.prior), Config: dynamic(config),
		ProposedNewState: dynamic(proposed(r.schema.Block.Attributes, config, p.prior)),
	}
	if !isNull(p.prior) {
		req.PriorPrivate, req.PriorIdentity = r.private, r.identity
	}
	resp, err := r.core.server.PlanResourceChange(r.core.ctx, req)
	if err != nil {
		return false, err
	}
	if err := r.core.judge(resp.Diagnostics); err != nil {
		return false, err
	}
	if p.value, err = resp.PlannedState.Unmarshal(r.typ); err != nil {
		return false, err
	}
	p.private, p.identity = resp.PlannedPrivate, resp.PlannedIdentity
	return len(resp.RequiresReplace) > 0, assertPlanValid("", r.schema.Block.Attributes, config, p.prior, p.value)
}

// Apply carries a plan out. A replacement deletes first, as core does. With an error the state
// holds what the provider gave back, tainted if it was a create.
func (r *Resource) Apply(p *Plan) error {
	r.core.Warnings, r.core.Errors = nil, nil
	if p.Action == NoOp {
		return nil
	}
	if !p.config.IsFullyKnown() {
		return errors.New("apply needs a known configuration")
	}
	if p.Action == Replace {
		if err := r.Destroy(); err != nil {
			return err
		}
	}
	prior, before := r.state, r.Identity()
	resp, err := r.core.server.ApplyResourceChange(r.core.ctx, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: r.Type, PriorState: dynamic(prior), PlannedState: dynamic(p.value), Config: dynamic(p.config),
		PlannedPrivate: p.private, PlannedIdentity: p.identity,
	})
	if err != nil {
		return err
	}
	failed := r.core.judge(resp.Diagnostics)
	value, err := resp.NewState.Unmarshal(r.typ)
	if err != nil {
		return err
	}
	r.state, r.private, r.identity = value, resp.Private, resp.NewIdentity
	r.Tainted = failed != nil && isNull(prior) && !isNull(value)
	if failed != nil {
		return failed
	}
	if err := assertConsistent(p.value, value); err != nil {
		return err
	}
	return r.assertIdentity(before)
}

// assertIdentity is core's rule: an object has an identity, and keeps it.
func (r *Resource) assertIdentity(before map[string]any) error {
	if r.core.identities[r.Type] == nil || !r.Exists() {
		return nil
	}
	now := r.Identity()
	if len(now) == 0 {
		return fmt.Errorf("%s has no identity", r.Address)
	}
	for name, value := range now {
		if value == nil || value == (Unknown{}) {
			return fmt.Errorf("the identity of %s lacks %s", r.Address, name)
		}
		if before != nil && before[name] != value {
			return fmt.Errorf("the identity of %s changed from %v to %v", r.Address, before, now)
		}
	}
	return nil
}

// Destroy is `terraform destroy`.
func (r *Resource) Destroy() error {
	r.core.Warnings, r.core.Errors = nil, nil
	if !r.Exists() {
		return nil
	}
	null := dynamic(r.null())
	resp, err := r.core.server.PlanResourceChange(r.core.ctx, &tfprotov6.PlanResourceChangeRequest{
		TypeName: r.Type, PriorState: dynamic(r.state), ProposedNewState: null, Config: null, PriorPrivate: r.private, PriorIdentity: r.identity,
	})
	if err != nil {
		return err
	}
	if err := r.core.judge(resp.Diagnostics); err != nil {
		return err
	}
	warnings := r.core.Warnings
	done, err := r.core.server.ApplyResourceChange(r.core.ctx, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: r.Type, PriorState: dynamic(r.state), PlannedState: null, Config: null, PlannedPrivate: resp.PlannedPrivate, PlannedIdentity: r.identity,
	})
	if err != nil {
		return err
	}
	failed := r.core.judge(done.Diagnostics)
	r.core.Warnings = append(warnings, r.core.Warnings...)
	if failed == nil {
		r.Forget()
	}
	return failed
}

// Refresh reads the object into the state, as every plan does first. The result are the paths
// that `plan -refresh-only` would report; a private state that changes alone makes its exit code 2
// (-detailed-exitcode). An object that is gone leaves the state.
func (r *Resource) Refresh() (changed []string, err error) {
	r.core.Warnings, r.core.Errors = nil, nil
	if !r.Exists() {
		return nil, nil
	}
	resp, err := r.core.server.ReadResource(r.core.ctx, &tfprotov6.ReadResourceRequest{
		TypeName: r.Type, CurrentState: dynamic(r.state), Private: r.private, CurrentIdentity: r.identity,
	})
	if err != nil {
		return nil, err
	}
	if err := r.core.judge(resp.Diagnostics); err != nil {
		return nil, err
	}
	value, err := resp.NewState.Unmarshal(r.typ)
	if err != nil {
		return nil, err
	}
	changed = differences("", r.state, value, nothing)
	if isNull(value) {
		r.Forget()
		return changed, nil
	}
	if len(changed) == 0 && !bytes.Equal(r.private, resp.Private) {
		changed = []string{"the private state"}
	}
	before := r.Identity()
	r.state, r.private, r.identity = value, resp.Private, resp.NewIdentity
	return changed, r.assertIdentity(before)
}
