package provider

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tavus/terraform-provider-tavus/internal/tavus"
)

func (r *deploymentResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	write := &deploymentWrite{
		config: getDeployment(ctx, req.Config, &resp.Diagnostics),
		plan:   getDeployment(ctx, req.Plan, &resp.Diagnostics),
		state:  getDeployment(ctx, req.State, &resp.Diagnostics),
		record: getRecord(ctx, req.Private, &resp.Diagnostics),
	}
	client := r.connection.connect(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	tried := getTried(ctx, req.Private, &resp.Diagnostics)
	ctx = hide(ctx, write.config, write.plan, write.state)
	id := write.state.DeploymentID.ValueString()
	result, err := client.UpdateDeployment(ctx, id, write.operations)
	sent := map[string]bool{}
	if result != nil {
		for _, operation := range result.Sent {
			sent[operation.Path] = true
		}
	}
	ignored := getIgnored(ctx, req.Private, &resp.Diagnostics)
	if err != nil && write.try(tried, sent) {
		setTried(ctx, resp.Private, tried, &resp.Diagnostics)
		setIgnored(ctx, resp.Private, write, ignored, &resp.Diagnostics)
	}
	if tavus.IsNotFound(err) {
		resp.Diagnostics.AddError("Cannot update deployment "+id,
			"The deployment was deleted outside Terraform after the state was read. Plan again: the new plan creates it anew. "+
				"A key of another account looks the same.")
		return
	}
	if err != nil {
		write.addUpdateError(&resp.Diagnostics, id, err)
		return
	}
	record, altered, replaced, err := write.renew(func(path string) bool { return sent[path] }, result.Before, result.After, result.ReadBack)
	if err != nil {
		resp.Diagnostics.AddError("Cannot read deployment "+id+" after its update", sentence(err.Error()))
		return
	}
	setIgnored(ctx, resp.Private, write, ignored, &resp.Diagnostics)
	fill(write.plan, result.After)
	write.judge(sent, result.After, &resp.Diagnostics)
	warnAltered(&resp.Diagnostics, id, altered)
	warnReplaced(&resp.Diagnostics, id, replaced)
	setRecord(ctx, resp.Private, record, &resp.Diagnostics)
	if write.record == nil {
		tried = nil // it has leaves that were not sent, for the first record
	}
	for argument, open := range tried {
		tried[argument] = open.Without(record.Objects[argument])
	}
	setTried(ctx, resp.Private, tried, &resp.Diagnostics)
	// After an import or a move without a refresh, the next one must not take the whole
	// document.
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, importedKey, nil)...)
	saveState(ctx, write.plan, &resp.State, resp.Identity, &resp.Diagnostics)
}

const replaceAdvice = "To get the new PAL anyway, replace the deployment: terraform apply -replace=ADDRESS. Its ID changes then, " +
	"and pages that show the old one stop working."

// addUpdateError says besides what to do where the server refuses a new PAL.
func (w *deploymentWrite) addUpdateError(diags *diag.Diagnostics, id string, err error) {
	var api *tavus.APIError
	if errors.As(err, &api) && (api.Status == 400 || api.Status == 422) && namedArgument(api.Text) == "pal_id" &&
		!w.plan.PalID.Equal(w.state.PalID) {
		diags.AddAttributeError(path.Root("pal_id"), "Cannot update deployment "+id,
			fmt.Sprintf("%s\n\nCheck whether the account has the PAL %s. If it has, then this server does not change the PAL of a "+
				"deployment in place. %s", sentence(err.Error()), w.plan.PalID.ValueString(), replaceAdvice))
		return
	}
	addAPIError(diags, "update deployment "+id, err, w.patched...)
}

// judge finds settings that no server has a reason to rewrite and that came out
// differently from what this write sent. The state then holds what is live, so
// that the next plan shows the difference.
func (w *deploymentWrite) judge(sent map[string]bool, live *tavus.Deployment, diags *diag.Diagnostics) {
	id := live.DeploymentID
	refused := func(argument, held, advice string) {
		diags.AddAttributeError(path.Root(argument), "The server did not take the new "+argument,
			fmt.Sprintf("The server answered without an error, but deployment %s still has %s. %s", id, held, advice))
	}
	if sent["/pal_id"] && live.PalID != w.plan.PalID.ValueString() {
		refused("pal_id", "PAL "+live.PalID, "This server does not seem to change the PAL of a deployment in place. "+replaceAdvice)
		w.plan.PalID = types.StringValue(live.PalID)
	}
	if sent["/status"] && live.Status != w.plan.Status.ValueString() {
		refused("status", "the status "+live.Status, "Set the status in the Tavus portal, or leave the argument out.")
		w.plan.Status = nullIfEmpty(live.Status)
	}
	if sent["/password"] && live.HasPassword != w.plan.passwordManaged() {
		held := "no password"
		if live.HasPassword {
			held = "a password"
		}
		refused(w.passwordArgument(), held, "Set or remove it in the Tavus portal, and apply again.")
		w.plan.Password, w.plan.PasswordWOVersion = w.state.Password, w.state.PasswordWOVersion
		w.plan.HasPassword = types.BoolValue(live.HasPassword)
	}
}
