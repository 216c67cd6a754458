package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/tavus/terraform-provider-tavus/internal/tavus"
)

var (
	_ resource.Resource                   = (*deploymentResource)(nil)
	_ resource.ResourceWithConfigure      = (*deploymentResource)(nil)
	_ resource.ResourceWithValidateConfig = (*deploymentResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*deploymentResource)(nil)
	_ resource.ResourceWithImportState    = (*deploymentResource)(nil)
	_ resource.ResourceWithIdentity       = (*deploymentResource)(nil)
)

// deploymentResource is the resource tavus_deployment.
type deploymentResource struct {
	connection *connection
}

// NewDeploymentResource returns the resource tavus_deployment.
func NewDeploymentResource() resource.Resource {
	return &deploymentResource{}
}

func (r *deploymentResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_deployment"
}

func (r *deploymentResource) Configure(_ context.Context, req resource.ConfigureRequest, _ *resource.ConfigureResponse) {
	r.connection, _ = req.ProviderData.(*connection)
}

// ImportState takes the deployment's ID, or its identity (Terraform 1.12 and
// later). Read does the rest; the mark tells it to take the whole document.
func (r *deploymentResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	id := req.ID
	if id == "" && req.Identity != nil {
		var identity deploymentIdentity
		resp.Diagnostics.Append(req.Identity.Get(ctx, &identity)...)
		id = identity.DeploymentID.ValueString()
	}
	if strings.TrimSpace(id) == "" {
		resp.Diagnostics.AddError("No deployment ID", "An import needs the ID of the deployment, as the Tavus portal or the API shows it.")
	}
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), id)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("deployment_id"), id)...)
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, importedKey, []byte("true"))...)
}

func (r *deploymentResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	state := getDeployment(ctx, req.State, &resp.Diagnostics)
	record := getRecord(ctx, req.Private, &resp.Diagnostics)
	mark, more := req.Private.GetKey(ctx, importedKey)
	resp.Diagnostics.Append(more...)
	tried := getTried(ctx, req.Private, &resp.Diagnostics)
	client := r.connection.connect(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	imported := len(mark) > 0
	id := state.DeploymentID.ValueString()
	live, err := client.GetDeployment(hide(ctx, state), id)
	switch {
	case tavus.IsNotFound(err) && imported:
		resp.Diagnostics.AddError("No such deployment",
			fmt.Sprintf("The account of the provider's API key has no deployment %s. Check the ID, and whether the key belongs "+
				"to the account that has it.", id))
		return
	case tavus.IsNotFound(err):
		resp.State.RemoveResource(ctx)
		// A CLI below 1.12 keeps no identity, and the framework wants one of
		// every read, even of one that finds nothing.
		resp.Diagnostics.Append(resp.Identity.Set(ctx, deploymentIdentity{DeploymentID: state.DeploymentID})...)
		resp.Diagnostics.AddWarning("Deployment is gone",
			fmt.Sprintf("The server does not know deployment %s any more, so it is dropped from the state, and the next apply "+
				"creates a new one with a new ID. A key of another account looks the same: if the deployment still stands in the "+
				"Tavus portal, check the API key before you apply.", id))
		return
	case err != nil:
		addAPIError(&resp.Diagnostics, "read deployment "+id, err)
		return
	}
	if len(tried) > 0 && !imported {
		if record, tried, err = settle(state, record, tried, live); err == nil {
			if record != nil {
				setRecord(ctx, resp.Private, record, &resp.Diagnostics)
			}
			setTried(ctx, resp.Private, tried, &resp.Diagnostics)
		}
	} else {
		err = refresh(state, record, live, imported)
	}
	if err != nil {
		resp.Diagnostics.AddError("Cannot read deployment "+id, sentence(err.Error()))
		return
	}
	if imported {
		resp.Diagnostics.Append(resp.Private.SetKey(ctx, importedKey, nil)...)
		if live.HasPassword {
			resp.Diagnostics.AddWarning("Password not managed",
				fmt.Sprintf("Deployment %s has a password that Terraform did not set and cannot read. It stays until the "+
					"configuration sets one.", id))
		}
	}
	saveState(ctx, state, &resp.State, resp.Identity, &resp.Diagnostics)
}

func (r *deploymentResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	state := getDeployment(ctx, req.State, &resp.Diagnostics)
	client := r.connection.connect(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	id := state.DeploymentID.ValueString()
	if err := client.DeleteDeployment(hide(ctx, state), id); err != nil && !tavus.IsNotFound(err) {
		addAPIError(&resp.Diagnostics, "delete deployment "+id, err)
	}
}

// hide keeps the values of a deployment out of errors and logs: Terraform does
// not tell a provider which of them the user marked as sensitive.
func hide(ctx context.Context, models ...*deploymentModel) context.Context {
	return tavus.Mask(ctx, func() []string {
		var values []string
		for _, model := range models {
			if model == nil {
				continue
			}
			values = append(values, model.Password.ValueString(), model.PasswordWO.ValueString(), model.Name.ValueString())
			for _, argument := range objectArguments {
				for value := range stateObject(model, argument).Strings {
					values = append(values, value)
				}
			}
		}
		return values
	})
}
