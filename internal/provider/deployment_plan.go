package provider

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tavus/terraform-provider-tavus/internal/ownedjson"
)

// ModifyPlan makes the whole plan in one place. Semantic equality of custom
// types would not do: it is not consulted while planning, and the framework
// marks every computed attribute unknown as soon as one byte differs.
func (r *deploymentResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		return // destroy
	}
	config := getDeployment(ctx, req.Config, &resp.Diagnostics)
	plan := getDeployment(ctx, req.Plan, &resp.Diagnostics)
	var state *deploymentModel
	if !req.State.Raw.IsNull() {
		state = getDeployment(ctx, req.State, &resp.Diagnostics)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	if state == nil {
		planCreate(config, plan)
	} else {
		record := getRecord(ctx, req.Private, &resp.Diagnostics)
		ignored := getIgnored(ctx, req.Private, &resp.Diagnostics)
		planner := planner{config: config, plan: plan, state: state, record: record, ignored: ignored, diags: &resp.Diagnostics}
		planner.update()
		if planner.replace {
			resp.RequiresReplace = append(resp.RequiresReplace, path.Root("channel"))
		}
	}
	resp.Plan.Raw = plan.raw(ctx, resp.Plan.Raw.Type(), &resp.Diagnostics)
}

// planCreate plans a new deployment. What the server chooses is unknown.
func planCreate(config, plan *deploymentModel) {
	for _, argument := range objectArguments {
		if config.object(argument).IsNull() {
			*plan.object(argument) = types.StringNull()
		}
	}
	plan.HasPassword = types.BoolValue(config.configured())
	if config.Password.IsUnknown() || config.PasswordWO.IsUnknown() {
		plan.HasPassword = types.BoolUnknown()
	}
}

// planner plans a change of a deployment that exists.
type planner struct {
	config, plan, state *deploymentModel
	record              *ownedjson.Record
	ignored             map[string]bool
	diags               *diag.Diagnostics
	replace             bool
}

func (p *planner) update() {
	config, plan, state := p.config, p.plan, p.state
	plan.ID, plan.DeploymentID, plan.CreatedAt = state.ID, state.DeploymentID, state.CreatedAt
	plan.ThumbnailVideoURL, plan.ThumbnailImageURL = state.ThumbnailVideoURL, state.ThumbnailImageURL
	if !plan.PalID.Equal(state.PalID) {
		p.thumbnailsUnknown()
	}
	p.channel()
	p.name()
	plan.Status = config.Status
	if config.Status.IsNull() {
		plan.Status = state.Status
	}
	p.origins()
	for _, argument := range objectArguments {
		p.object(argument)
	}
	plan.HasPassword = plannedHasPassword(config, plan, state)
}

func (p *planner) thumbnailsUnknown() {
	p.plan.ThumbnailVideoURL, p.plan.ThumbnailImageURL = types.StringUnknown(), types.StringUnknown()
}

// channel plans a replacement, but only where the new channel is known: an
// unknown one is most often the old one in the end, and a replacement that was
// planned cannot be taken back.
func (p *planner) channel() {
	id := p.state.DeploymentID.ValueString()
	switch {
	case p.plan.Channel.IsUnknown():
		p.diags.AddAttributeWarning(path.Root("channel"), "Channel not known yet",
			fmt.Sprintf("The channel of deployment %s is not known while planning. If it turns out to be another one, the apply "+
				"stops with \"inconsistent final plan\" before it touches the deployment; plan again then, and the plan "+
				"will show the replacement.", id))
	case !p.plan.Channel.Equal(p.state.Channel):
		p.replace = true
		// A replacement is a new deployment; nothing of the old one carries over.
		p.diags.AddAttributeWarning(path.Root("channel"), "Deployment will be replaced",
			fmt.Sprintf("The channel of a deployment cannot be changed, so %s is deleted and a new one is created. The "+
				"deployment ID changes: pages that show %s stop working until they get the new ID. What was set in the Tavus "+
				"portal only is lost.", id, id))
	}
}

// name plans the text of the state where the configuration means the same. An
// empty name means the same as none, but Terraform does not take a plan of null
// for a configured value; so for origins and objects.
func (p *planner) name() {
	p.plan.Name = p.config.Name
	if p.config.Name.IsUnknown() {
		return
	}
	setting := nameSetting(p.record, p.config, p.plan, p.state)
	if p.config.Name.IsNull() || !p.state.Name.IsNull() && setting.Keep() {
		p.plan.Name = p.state.Name
	}
}

func (p *planner) origins() {
	p.plan.AllowedOrigins = p.config.AllowedOrigins
	if !originsKnown(p.config.AllowedOrigins) {
		return
	}
	setting := originsSetting(p.record, p.config, p.plan, p.state)
	if p.config.AllowedOrigins.IsNull() || !p.state.AllowedOrigins.IsNull() && setting.Keep() {
		p.plan.AllowedOrigins = p.state.AllowedOrigins
	}
}

func (p *planner) object(argument string) {
	planned, shown := p.plan.object(argument), p.state.object(argument)
	wanted := *p.config.object(argument)
	switch {
	case wanted.IsNull():
		*planned = *shown
		return
	case wanted.IsUnknown():
		*planned = wanted
		if p.record.Owned(argument).Freezes(stateObject(p.state, argument)) {
			// It can turn out to be the text of the state, which then has to be claimed
			// with a visible sign, and a final plan may not make a known value unknown.
			p.thumbnailsUnknown()
		}
		return
	}
	config, err := p.config.parsed(argument)
	if err != nil {
		p.diags.AddAttributeError(path.Root(argument), notAnObject, sentence(err.Error()))
		return
	}
	decision := ownedjson.Plan(p.record.Owned(argument), config, stateObject(p.state, argument))
	if decision.Keep && !shown.IsNull() {
		*planned = *shown
		return
	}
	unseen := len(decision.Claims) > 0 && wanted.Equal(*shown)
	if unseen && p.ignored[argument] {
		*planned = *shown
		return
	}
	*planned = wanted
	if p.replace {
		return
	}
	if len(decision.Removed)+len(decision.Left) > 0 {
		p.warnRemovals(argument, decision)
	}
	if unseen {
		// The text does not change, so without a visible sign this plan would be
		// empty, and the keys would never be looked at.
		p.thumbnailsUnknown()
		p.diags.AddAttributeWarning(path.Root(argument), "Keys become managed",
			fmt.Sprintf("Terraform has not followed these keys of deployment %s since it was imported: %s. This apply takes them "+
				"over without sending them; if the server holds other values by now, the next plan shows it.",
				p.state.DeploymentID.ValueString(), strings.Join(decision.Claims, ", ")))
	}
}

func (p *planner) warnRemovals(argument string, decision ownedjson.Decision) {
	var parts []string
	if len(decision.Removed) > 0 {
		parts = append(parts, "removed from the server: "+strings.Join(decision.Removed, ", "))
	}
	if len(decision.Left) > 0 {
		parts = append(parts, "left on the server, because Terraform did not write them: "+strings.Join(decision.Left, ", "))
	}
	p.diags.AddAttributeWarning(path.Root(argument), "Keys go out of the configuration",
		fmt.Sprintf("The plan shows keys of %s on deployment %s as removed. Of these, %s.",
			argument, p.state.DeploymentID.ValueString(), strings.Join(parts, "; ")))
}

// plannedHasPassword plans true while a password is configured, so that one that was
// removed in the portal is put back. The plan decides: under ignore_changes the
// configuration can lack a write-only password that the plan still has a version of,
// and the other way round.
func plannedHasPassword(config, plan, state *deploymentModel) types.Bool {
	switch {
	case config.Password.IsUnknown():
		return types.BoolUnknown() // it can turn out null
	case config.PasswordWO.IsUnknown():
		if config.PasswordWOVersion.Equal(state.PasswordWOVersion) && state.HasPassword.ValueBool() {
			return state.HasPassword // would not be sent
		}
		return types.BoolUnknown()
	case plan.passwordManaged():
		return types.BoolValue(true)
	case state.passwordManaged():
		return types.BoolValue(false)
	default:
		return state.HasPassword
	}
}

// sameURL reports whether two URLs differ in their query only: a server may
// sign a URL anew each time that it hands it out.
func sameURL(a, b string) bool {
	if a == b {
		return true
	}
	ua, errA := url.Parse(a)
	ub, errB := url.Parse(b)
	if errA != nil || errB != nil || a == "" || b == "" {
		return false
	}
	ua.RawQuery, ub.RawQuery = "", ""
	return ua.String() == ub.String()
}
