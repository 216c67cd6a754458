package provider

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tavus/terraform-provider-tavus/internal/ownership"
)

// ModifyPlan makes the whole plan, without a request but for what a destroy asks. Semantic
// equality of custom types would not do: it is not consulted while planning, and the
// framework marks every computed attribute unknown as soon as one byte differs.
func (r *kindResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		r.planDestroy(ctx, req, resp)
		return
	}
	all, err := decodeAll(req.Config.Raw, req.Plan.Raw, req.State.Raw)
	if err != nil {
		addCodecError(&resp.Diagnostics, err)
		return
	}
	p := planner{kind: r.kind, schema: r.schema, config: all[0], plan: all[1], state: all[2], diags: &resp.Diagnostics}
	for _, s := range r.kind.everySecret() {
		if len(s.in) > 0 { // a write-only value is nothing that a plan can show
			p.config.put(s.in, s.writeOnly(), tftypes.NewValue(tftypes.String, nil))
		}
	}
	if p.state == nil {
		p.create()
	} else {
		p.record = getRecord(ctx, req.Private, &resp.Diagnostics)
		p.update()
	}
	for _, name := range p.replaced {
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root(name))
	}
	if r.kind.action != nil {
		p.plan[r.kind.action.pending()] = r.kind.action.plan(p.plan, p.state)
	}
	p.warnWords()
	p.warnTexts()
	if r.kind.warn != nil {
		r.kind.warn(p.config, p.plan, p.state, &resp.Diagnostics)
	}
	resp.Plan.Raw = p.plan.raw(resp.Plan.Raw.Type())
}

// planDestroy warns of what a destroy breaks. Where the provider has no client yet, it does not know.
func (r *kindResource) planDestroy(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if r.kind.warnDestroy == nil || r.connection == nil || r.connection.client == nil {
		return
	}
	if state, client := r.begin(req.State.Raw, &resp.Diagnostics); client != nil {
		r.kind.warnDestroy(ctx, client, state, &resp.Diagnostics)
	}
}

// planner plans one object. state is nil for a new one.
type planner struct {
	kind                *kind
	schema              ownership.Schema
	config, plan, state values
	record              *ownership.Record
	configured, shown   *ownership.Document
	replaced            []string // attributes that replace the object
	diags               *diag.Diagnostics
}

// create plans a new object. What the server chooses is unknown already, but a JSON
// text that is owned key by key and left out is null: nothing in it is managed or shown.
func (p *planner) create() {
	for i := range p.kind.fields {
		f := &p.kind.fields[i]
		if f.use == managed && f.value == jsonObject && p.config.isNull(f.name) {
			p.plan[f.name] = tftypes.NewValue(f.terraformType(), nil)
		}
		if f.isNested() && !p.config.isNull(f.name) {
			p.plan[f.name] = f.complete(p.config[f.name], tftypes.Value{})
		}
	}
	p.secrets()
}

func (p *planner) update() {
	var err error
	if p.configured, err = p.kind.document(p.config, true); err != nil {
		p.diags.AddError("Cannot plan "+p.title(), sentence(err.Error()))
		return
	}
	p.shown, _ = p.kind.document(p.state, false)
	p.plan["id"] = p.state["id"]
	switch parent := p.kind.parent; {
	case parent == "" || p.config.equal(parent, p.state):
	case p.config.isUnknown(parent):
		warnUnknownReplacement(p.diags, p.title(), parent)
	default:
		p.replaced = append(p.replaced, parent)
		p.warnReplacement(parent)
	}
	for i := range p.kind.fields {
		p.field(&p.kind.fields[i])
	}
	for i := range p.kind.fields {
		f := &p.kind.fields[i]
		isChosen := f.use == computed || p.config.isNull(f.name)
		if isChosen && slices.ContainsFunc(f.movesWith, func(name string) bool { return !p.plan.equal(name, p.state) }) {
			p.plan[f.name] = unknownOf(f.terraformType())
		}
	}
	p.secrets()
}

func (p *planner) title() string { return p.kind.title(p.state.text("id")) }

// field plans one attribute of an object that exists. What the configuration leaves out
// is not managed and stays as the state shows it.
func (p *planner) field(f *field) {
	switch {
	case f.use == providerOnly:
		return
	case f.use == computed, f.use != optional && p.config.isNull(f.name):
		p.plan[f.name] = p.state[f.name]
		return
	case p.config.isUnknown(f.name):
		p.plan[f.name] = f.complete(p.config[f.name], p.state[f.name])
		if f.replaces {
			warnUnknownReplacement(p.diags, p.title(), f.name)
		}
		return
	}
	if f.isNested() && !p.config.isNull(f.name) {
		p.config[f.name] = f.complete(p.config[f.name], p.state[f.name])
		if value, err := f.toDocument(p.config[f.name]); err == nil {
			p.configured = p.configured.With(f.pointer(), value)
		}
	}
	decision := p.record.Plan(p.schema, f.pointer(), p.configured, p.shown)
	if decision.Keep && !p.state.isNull(f.name) {
		p.plan[f.name] = f.keep(p.state[f.name], p.config[f.name]) // the state's text, to the byte
		return
	}
	p.plan[f.name] = p.config[f.name]
	if f.replaces && !decision.Keep {
		p.replaced = append(p.replaced, f.name)
		p.warnReplacement(f.name)
		return
	}
	p.warnRemovals(f, decision)
}

func (p *planner) secrets() {
	for _, s := range p.kind.everySecret() {
		if s.shownBy != "" {
			p.plan[s.shownBy] = s.plan(p.config, p.plan, p.state)
		}
		if s.shown && !p.config.isNull(s.version()) {
			p.hide(s)
		}
		if len(s.in) > 0 { // the object around it can be the state's
			s.keep(p.plan, p.config)
		}
	}
}

// hide plans a value that the configuration keeps out of the state. A version that changes replaces
// the object. The first one does not where the value is the one that the state shows, as after an
// import; a signature in its query may be a new one.
func (p *planner) hide(s *secret) {
	f := p.kind.field(s.name)
	p.plan[s.name] = tftypes.NewValue(f.terraformType(), nil)
	switch {
	case p.state == nil || p.plan.equal(s.version(), p.state):
	case p.config.isUnknown(s.version()) || p.state.isNull(s.version()) && p.config.isUnknown(s.writeOnly()):
		warnUnknownReplacement(p.diags, p.title(), s.version())
	case !p.state.isNull(s.version()) || !sameWithoutQuery(p.config.text(s.writeOnly()), p.state.text(s.name)):
		p.replaced = append(p.replaced, s.version())
		p.warnReplacement(s.version())
	}
}

// A planned replacement cannot be taken back, and an unknown value most often turns out
// to be the old one, so it plans none.
func warnUnknownReplacement(diags *diag.Diagnostics, title, argument string) {
	diags.AddAttributeWarning(path.Root(argument), fmt.Sprintf("%s %s: not known yet", title, argument),
		fmt.Sprintf("The %s of %s is not known while planning. If it turns out to be another one, the apply stops with \"inconsistent "+
			"final plan\" before it touches anything; plan again then, and the plan will show the replacement.", argument, title))
}

func (p *planner) warnReplacement(argument string) {
	newID := "Its ID changes: what refers to the old ID, such as a page that shows it, stops working until it gets the new one. "
	if p.kind.api.Chosen {
		newID = ""
	}
	p.diags.AddAttributeWarning(path.Root(argument), p.title()+" will be replaced",
		fmt.Sprintf("The %s of a %s cannot be changed, so %s is deleted and a new one is created. %sWhat is set only in the Tavus portal is lost.",
			argument, p.kind.api.Noun, p.title(), newID))
}

func (p *planner) warnRemovals(f *field, decision ownership.Decision) {
	if f.value != jsonObject || len(p.replaced) > 0 || len(decision.Removed)+len(decision.Left) == 0 {
		return
	}
	var parts []string
	if len(decision.Removed) > 0 {
		parts = append(parts, fmt.Sprintf("This apply removes from %s of %s: %s.", f.name, p.title(), keysOf(f, decision.Removed)))
	}
	if len(decision.Left) > 0 {
		it := "It"
		if len(parts) == 0 {
			it = "This apply"
		}
		parts = append(parts, fmt.Sprintf("%s leaves on the server, because Terraform did not write them: %s.", it, keysOf(f, decision.Left)))
	}
	p.diags.AddAttributeWarning(path.Root(f.name), fmt.Sprintf("%s %s: keys removed from the configuration", p.title(), f.name),
		strings.Join(parts, " "))
}

// keysOf lists keys of a field by their pointers inside it.
func keysOf(f *field, pointers []string) string {
	inside := make([]string, len(pointers))
	for i, pointer := range pointers {
		inside[i] = strings.TrimPrefix(pointer, f.pointer())
	}
	slices.Sort(inside)
	return strings.Join(inside, ", ")
}

// warnWords names values of enumerations that the provider does not know. The server
// decides: an object that was imported may hold words of a later API.
func (p *planner) warnWords() {
	p.warnWordsOf(path.Empty(), p.kind.fields, p.config, p.state)
}

func (p *planner) warnWordsOf(around path.Path, fields []field, config, state values) {
	for i := range fields {
		f := &fields[i]
		at := around.AtName(f.name)
		f.each(config[f.name], state[f.name], at, func(at path.Path, one, was tftypes.Value) {
			p.warnWordsOf(at, f.fields, innerOf(one), innerOf(was))
		})
		word := config.text(f.name) // "" clears
		if len(f.oneOf) == 0 || word == "" || slices.Contains(f.oneOf, word) || config.equal(f.name, state) {
			continue
		}
		p.diags.AddAttributeWarning(at, fmt.Sprintf("%s %s: unknown value", p.name(), at),
			fmt.Sprintf("%s is usually %s.%s The value is sent as it is, and the server decides.", at, words(f.oneOf),
				didYouMean(word, f.oneOf)))
	}
}
