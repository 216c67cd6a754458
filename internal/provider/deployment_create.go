package provider

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/tavus/terraform-provider-tavus/internal/tavus"
)

// Create is all or nothing. A create that fails after the state was saved
// taints the resource, and the next plan would replace it: a new ID. So a new
// deployment that is not what was planned is deleted again.
func (r *deploymentResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	write := &deploymentWrite{
		config: getDeployment(ctx, req.Config, &resp.Diagnostics),
		plan:   getDeployment(ctx, req.Plan, &resp.Diagnostics),
	}
	client := r.connection.connect(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	request, err := write.request()
	if err != nil {
		resp.Diagnostics.AddError("Cannot create deployment", sentence(err.Error()))
		return
	}
	ctx = hide(ctx, write.config, write.plan)
	creation, err := client.CreateDeployment(ctx, request)
	if err != nil {
		addCreateError(&resp.Diagnostics, err)
		return
	}
	live := creation.Deployment
	id := live.DeploymentID
	if creation.Adopted {
		resp.Diagnostics.AddWarning("Deployment found again",
			fmt.Sprintf("The reply to the create was lost. The provider looked for the new deployment, found %s by its name and "+
				"settings, and manages it from now on.", id))
	}
	live, err = write.settle(ctx, client, live)
	if err == nil {
		record, altered, _, renewErr := write.renew(func(string) bool { return true }, nil, live, false)
		if renewErr == nil {
			setIgnored(ctx, resp.Private, write, nil, &resp.Diagnostics)
			fill(write.plan, live)
			warnAltered(&resp.Diagnostics, id, altered)
			setRecord(ctx, resp.Private, record, &resp.Diagnostics)
			saveState(ctx, write.plan, &resp.State, resp.Identity, &resp.Diagnostics)
			return
		}
		err = renewErr
	}
	if left := client.DeleteDeployment(context.WithoutCancel(ctx), id); left != nil {
		// The ID must not be lost: Terraform keeps it, tainted.
		addSettleError(&resp.Diagnostics, err, fmt.Sprintf("The new deployment %s could not be deleted again: %s It stays in the "+
			"state, and the next apply replaces it. To keep it, run terraform untaint.", id, sentence(left.Error())))
		fill(write.plan, creation.Deployment)
		saveState(ctx, write.plan, &resp.State, resp.Identity, &resp.Diagnostics)
		return
	}
	addSettleError(&resp.Diagnostics, err, fmt.Sprintf("The new deployment %s was deleted again, so nothing is left behind.", id))
}

// request is the body of the POST. status is no field of it.
func (w *deploymentWrite) request() (tavus.CreateRequest, error) {
	request := tavus.CreateRequest{
		PalID:   w.plan.PalID.ValueString(),
		Channel: w.plan.Channel.ValueString(),
	}
	if set(w.plan.Name) {
		name := w.plan.Name.ValueString()
		request.Name = &name
	}
	if set(w.plan.AllowedOrigins) {
		request.AllowedOrigins = originsOf(w.plan.AllowedOrigins)
	}
	if password, needed := w.password(); needed && password != nil {
		request.Password = *password
	}
	for _, argument := range objectArguments {
		object, err := w.plan.parsed(argument)
		if err != nil {
			return request, fmt.Errorf("%s: %w", argument, err)
		}
		if object == nil {
			continue
		}
		if argument == "limits" {
			request.Limits = json.RawMessage(object.Text())
		} else {
			request.Customization = json.RawMessage(object.Text())
		}
	}
	return request, nil
}

// settleError names the argument that a new deployment does not have as planned.
type settleError struct {
	argument string
	text     string
	err      error
}

func (e *settleError) Error() string { return e.text }
func (e *settleError) Unwrap() error { return e.err }

// settle sets the status, which a create does not take, and checks what no server
// has a reason to rewrite.
func (w *deploymentWrite) settle(ctx context.Context, client *tavus.Client, live *tavus.Deployment) (*tavus.Deployment, error) {
	if set(w.plan.Status) && live.Status != w.plan.Status.ValueString() {
		value, err := json.Marshal(w.plan.Status.ValueString())
		if err != nil {
			return nil, err
		}
		// Nobody knows the new ID yet, so nobody can have changed the deployment:
		// no If-Match is needed, and the POST gave no ETag.
		after, err := client.PatchDeployment(ctx, live.DeploymentID, []tavus.Operation{{Op: "add", Path: "/status", Value: value}})
		if err != nil {
			return nil, &settleError{"status", "The status of the new deployment could not be set: " + sentence(err.Error()), err}
		}
		live = after
	}
	for _, check := range []struct{ argument, planned, held string }{
		{"pal_id", w.plan.PalID.ValueString(), live.PalID},
		{"channel", w.plan.Channel.ValueString(), live.Channel},
		{"status", w.plan.Status.ValueString(), live.Status},
	} {
		if check.planned != "" && check.planned != check.held {
			return nil, &settleError{check.argument, fmt.Sprintf("The new deployment has the %s %q instead of %q.",
				check.argument, check.held, check.planned), nil}
		}
	}
	if w.plan.passwordManaged() && !live.HasPassword {
		return nil, &settleError{w.passwordArgument(), "The new deployment has no password, although one was sent.", nil}
	}
	return live, nil
}

func addSettleError(diags *diag.Diagnostics, err error, outcome string) {
	const summary = "Cannot create deployment as planned"
	detail := sentence(err.Error()) + " " + outcome
	if advice := advise(err); advice != "" {
		detail += "\n\n" + advice
	}
	var settle *settleError
	if errors.As(err, &settle) {
		diags.AddAttributeError(path.Root(settle.argument), summary, detail)
		return
	}
	diags.AddError(summary, detail)
}

// addCreateError explains a create whose outcome is not known: there may be a
// deployment that no state knows.
func addCreateError(diags *diag.Diagnostics, err error) {
	var unknown *tavus.UnknownOutcomeError
	if !errors.As(err, &unknown) {
		var api *tavus.APIError
		if errors.As(err, &api) && (api.Status == 400 || api.Status == 422) && namedArgument(api.Text) == "pal_id" {
			diags.AddAttributeError(path.Root("pal_id"), "Cannot create deployment",
				sentence(err.Error())+"\n\nCheck whether the account of the provider's API key has this PAL.")
			return
		}
		addAPIError(diags, "create deployment", err)
		return
	}
	detail := sentence(unknown.Err.Error())
	if unknown.SearchErr != nil {
		detail += " The provider looked for the new deployment: " + strings.TrimSuffix(unknown.SearchErr.Error(), ".") + "."
	}
	switch {
	case len(unknown.Candidates) > 0:
		detail += "\n\nThese deployments fit what was asked for, but the provider cannot tell whether this apply made one of them: " +
			strings.Join(unknown.Candidates, ", ") + ". Look at them in the Tavus portal. If one is the new one, import it before you " +
			"apply again; the command asks for the address of the resource, which stands beside this error:\n"
		for _, id := range unknown.Candidates {
			detail += "\n  printf 'Address: '; read -r address; terraform import \"$address\" " + shellQuote(id)
		}
		detail += "\n\nGive the resource a name that is unique in the account, and the provider finds a lost deployment again by itself."
	case unknown.Searched:
		detail += "\n\nThe new deployment was not found so far, but it can still turn up. Before you apply again, look in the " +
			"Tavus portal for a deployment that Terraform does not know, and import or delete it."
	default:
		detail += "\n\nBefore you apply again, look in the Tavus portal for a deployment that Terraform does not know, and import " +
			"or delete it."
	}
	diags.AddError("Cannot tell whether the deployment was created", detail)
}

// shellQuote makes an ID safe to paste into a shell.
func shellQuote(id string) string {
	for _, r := range id {
		if !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.", r) {
			return "'" + strings.ReplaceAll(id, "'", `'\''`) + "'"
		}
	}
	return id
}
