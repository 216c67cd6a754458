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
	state    tftypes.Value
	private  []byte
	identity *tfprotov6.ResourceIdentityData
}

// Plan is what core keeps between plan and apply.
type Plan struct {
	Action Action
	// Changed are the attributes whose planned value is not the state's.
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
	for _, name := range p.Changed {
		fmt.Fprintf(&b, "\n%s: %v -> %v", name, before[name], after[name])
	}
	return b.String()
}

// Forget is `terraform state rm`.
func (r *Resource) Forget() { r.hold(r.null(), nil, nil) }

// hold puts an object into the state.
func (r *Resource) hold(state tftypes.Value, private []byte, identity *tfprotov6.ResourceIdentityData) {
	r.state, r.private, r.identity, r.Tainted = state, private, identity, false
}

// Continue takes over what another resource has in its state, as the next command does from the
// state file.
func (r *Resource) Continue(before *Resource) {
	r.hold(before.state, before.private, before.identity)
	r.Tainted = before.Tainted
}

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
	return decodeObject(must(r.identity.IdentityData.Unmarshal(r.core.identities[r.Type].ValueType())))
}

func (r *Resource) null() tftypes.Value { return tftypes.NewValue(r.schema.ValueType(), nil) }

func (r *Resource) read(object *tfprotov6.DynamicValue) tftypes.Value {
	return must(object.Unmarshal(r.schema.ValueType()))
}

// Validate is `terraform validate`.
func (r *Resource) Validate(config Config) error {
	resp := must(r.core.server.ValidateResourceConfig(r.core.ctx, &tfprotov6.ValidateResourceConfigRequest{
		TypeName: r.Type, Config: dynamic(encode(r.schema.ValueType(), config)),
		ClientCapabilities: &tfprotov6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: true},
	}))
	return r.core.judge(resp.Diagnostics)
}

// Plan validates and plans, without a refresh. ignore are the arguments in ignore_changes.
func (r *Resource) Plan(config Config, ignore ...string) (*Plan, error) {
	if err := r.Validate(config); err != nil {
		return nil, err
	}
	warnings := r.core.Warnings
	p := &Plan{config: encode(r.schema.ValueType(), config), prior: r.state}
	if r.Tainted {
		p.prior = r.null()
	}
	effective := r.ignored(p.config, ignore) // only after the validation, as in core
	replaces, err := r.planFrom(p, effective)
	if err != nil {
		return nil, err
	}
	p.Warnings = slices.Concat(warnings, r.core.Warnings)
	p.Changed = differences(p.value, p.prior, nothing)
	switch {
	case r.Tainted:
		p.Action = Replace
	case isNull(p.prior):
		p.Action = Create
	case p.value.Equal(p.prior):
		p.Action = NoOp
	case replaces:
		p.Action, p.prior = Replace, r.null()
		_, err = r.planFrom(p, effective)
	default:
		p.Action = Update
	}
	if err != nil {
		return nil, err
	}
	return p, nil
}

// ignored is what core makes of a configuration under ignore_changes.
func (r *Resource) ignored(config tftypes.Value, ignore []string) tftypes.Value {
	if !r.Exists() || len(ignore) == 0 {
		return config
	}
	values, had := maps.Clone(partsOf(config)), partsOf(r.state)
	for _, name := range ignore {
		values[name] = had[name]
	}
	return tftypes.NewValue(config.Type(), values)
}

func (r *Resource) planFrom(p *Plan, config tftypes.Value) (replaces bool, err error) {
	attributes := r.schema.Block.Attributes
	req := &tfprotov6.PlanResourceChangeRequest{
		TypeName: r.Type, PriorState: dynamic(p.prior), Config: dynamic(config),
		ProposedNewState: dynamic(proposed(attributes, config, p.prior)),
	}
	if !isNull(p.prior) {
		req.PriorPrivate, req.PriorIdentity = r.private, r.identity
	}
	resp := must(r.core.server.PlanResourceChange(r.core.ctx, req))
	if err := r.core.judge(resp.Diagnostics); err != nil {
		return false, err
	}
	p.value, p.private, p.identity = r.read(resp.PlannedState), resp.PlannedPrivate, resp.PlannedIdentity
	return len(resp.RequiresReplace) > 0, assertPlanValid("", attributes, config, p.prior, p.value)
}

// Apply carries a plan out. A replacement deletes first, as core does. With an error the state
// holds what the provider gave back, tainted if it was a create.
func (r *Resource) Apply(p *Plan) error {
	r.core.clear()
	switch {
	case p.Action == NoOp:
		return nil
	case !p.config.IsFullyKnown():
		return errors.New("apply needs a known configuration")
	case p.Action == Replace:
		if err := r.Destroy(); err != nil {
			return err
		}
	}
	existed, before := r.Exists(), r.Identity()
	resp := must(r.core.server.ApplyResourceChange(r.core.ctx, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: r.Type, PriorState: dynamic(r.state), PlannedState: dynamic(p.value), Config: dynamic(p.config),
		PlannedPrivate: p.private, PlannedIdentity: p.identity,
	}))
	r.hold(r.read(resp.NewState), resp.Private, resp.NewIdentity)
	if err := r.core.judge(resp.Diagnostics); err != nil {
		r.Tainted = !existed && r.Exists()
		return err
	}
	return errors.Join(assertConsistent(p.value, r.state), r.assertIdentity(before))
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
	r.core.clear()
	if !r.Exists() {
		return nil
	}
	state, null := dynamic(r.state), dynamic(r.null())
	resp := must(r.core.server.PlanResourceChange(r.core.ctx, &tfprotov6.PlanResourceChangeRequest{
		TypeName: r.Type, PriorState: state, ProposedNewState: null, Config: null, PriorPrivate: r.private, PriorIdentity: r.identity,
	}))
	if err := r.core.judge(resp.Diagnostics); err != nil {
		return err
	}
	warnings := r.core.Warnings
	done := must(r.core.server.ApplyResourceChange(r.core.ctx, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: r.Type, PriorState: state, PlannedState: null, Config: null, PlannedPrivate: resp.PlannedPrivate, PlannedIdentity: r.identity,
	}))
	failed := r.core.judge(done.Diagnostics)
	r.core.Warnings = append(warnings, r.core.Warnings...)
	if failed == nil {
		r.Forget()
	}
	return failed
}

// Refresh reads the object into the state, as every plan does first. The result are the attributes
// that `plan -refresh-only` would report; a private state that changes alone makes its exit code 2
// (-detailed-exitcode). An object that is gone leaves the state.
func (r *Resource) Refresh() (changed []string, err error) {
	r.core.clear()
	if !r.Exists() {
		return nil, nil
	}
	resp := must(r.core.server.ReadResource(r.core.ctx, &tfprotov6.ReadResourceRequest{
		TypeName: r.Type, CurrentState: dynamic(r.state), Private: r.private, CurrentIdentity: r.identity,
	}))
	if err := r.core.judge(resp.Diagnostics); err != nil {
		return nil, err
	}
	value, before := r.read(resp.NewState), r.Identity()
	changed = differences(r.state, value, nothing)
	if isNull(value) {
		r.Forget()
		return changed, nil
	}
	if len(changed) == 0 && !bytes.Equal(r.private, resp.Private) {
		changed = []string{"the private state"}
	}
	r.state, r.private, r.identity = value, resp.Private, resp.NewIdentity // a tainted object stays tainted
	return changed, r.assertIdentity(before)
}
