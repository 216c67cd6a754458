package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/tavus/terraform-provider-tavus/internal/ownership"
	"github.com/tavus/terraform-provider-tavus/internal/tavus"
)

var (
	_ resource.Resource                   = (*kindResource)(nil)
	_ resource.ResourceWithConfigure      = (*kindResource)(nil)
	_ resource.ResourceWithValidateConfig = (*kindResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*kindResource)(nil)
	_ resource.ResourceWithImportState    = (*kindResource)(nil)
	_ resource.ResourceWithIdentity       = (*kindResource)(nil)
	_ resource.ResourceWithMoveState      = (*kindResource)(nil)
)

// kindResource is the resource of a kind.
type kindResource struct {
	connected
	kind   *kind
	schema ownership.Schema
}

// Metadata implements the resource's interface.
func (r *kindResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + r.kind.name
}

// ValidateConfig finds mistakes that can be seen before any request. Each mistake gives
// one error; warnings are made while planning, because Terraform validates more than once.
func (r *kindResource) ValidateConfig(_ context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	config, err := decodeValues(req.Config.Raw)
	if err != nil {
		addCodecError(&resp.Diagnostics, err)
		return
	}
	for i := range r.kind.fields {
		f := &r.kind.fields[i]
		f.missing(config[f.name], path.Root(f.name), &resp.Diagnostics)
		if f.use == computed || config.isUnknown(f.name) || config.isNull(f.name) {
			continue
		}
		if _, err := f.toDocument(config[f.name]); err != nil {
			addInvalid(&resp.Diagnostics, f, err)
		}
	}
	for i := range r.kind.secrets {
		r.kind.secrets[i].validate(config, &resp.Diagnostics)
	}
	if r.kind.validate != nil {
		r.kind.validate(config, &resp.Diagnostics)
	}
}

// ImportState takes the id, or the identity (Terraform 1.12 and later). Read does the
// rest; the mark tells it to take the whole document.
func (r *kindResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	id := req.ID
	if id == "" && req.Identity != nil {
		resp.Diagnostics.Append(req.Identity.GetAttribute(ctx, path.Root(r.kind.id()), &id)...)
	}
	if id = strings.TrimSpace(id); id == "" {
		resp.Diagnostics.AddError(fmt.Sprintf("No %s ID", r.kind.api.Noun),
			fmt.Sprintf("An import needs the ID of the %s, as the Tavus portal or the API shows it.", r.kind.api.Noun))
	}
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), id)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(r.kind.id()), id)...)
	setImported(ctx, resp.Private, true, &resp.Diagnostics)
}

// Delete implements the resource's interface.
func (r *kindResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	state, client := r.begin(req.State.Raw, &resp.Diagnostics)
	if client == nil {
		return
	}
	id := state.text("id")
	if err := client.Delete(tavus.WithCreatedAt(tavus.Redact(ctx, r.kind.secretValues(state)...), state.text("created_at")), r.kind.api, id); err != nil {
		explain(&resp.Diagnostics, r.kind, "delete "+r.kind.title(id), err)
	}
}

// fill replaces what is still unknown in a planned object by what the server holds.
// Known planned values stay as they are: Terraform takes another value for a bug.
func (k *kind) fill(plan values, id string, live *ownership.Document) error {
	plan["id"] = textValue(id)
	for i := range k.fields {
		f := &k.fields[i]
		if plan[f.name].IsFullyKnown() {
			continue
		}
		from := live
		if f.isWalked() {
			from = k.without(f, live)
		}
		value, err := f.fromDocument(from, false)
		if err != nil {
			return err
		}
		plan[f.name] = f.fillIn(plan[f.name], value)
	}
	return nil
}
