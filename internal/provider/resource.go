package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

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
		if f.isSent() {
			f.validate(path.Root(f.name), config[f.name], &resp.Diagnostics)
			r.kind.validateInside(f, config[f.name], &resp.Diagnostics)
		}
	}
	for _, s := range r.kind.everySecret() {
		s.validate(config, &resp.Diagnostics)
	}
	if r.kind.validate != nil {
		r.kind.validate(config, &resp.Diagnostics)
	}
}

// validateInside finds members of a JSON argument that another argument stands for. Where one is a secret,
// no error is at the argument: Terraform prints the source lines.
func (k *kind) validateInside(outer *field, value tftypes.Value, diags *diag.Diagnostics) {
	if outer.value != jsonObject || !known(value) {
		return
	}
	written, _ := outer.toDocument(value) // a mistake in it has an error already
	document, _ := written.(*ownership.Document)
	inside := func(pointer, argument string) (summary, detail string, found bool) {
		at, isInside := strings.CutPrefix(pointer, outer.pointer()+"/")
		if isInside {
			_, found = document.At("/" + at)
		}
		at = strings.ReplaceAll(at, "/", ".") // as a person writes it
		return fmt.Sprintf("%s in %s", at, outer.name),
			fmt.Sprintf("%s is not written in %s. Take it out there, and write the argument %s.", at, outer.name, argument), found
	}
	hasSecret := false
	for i := range k.secrets {
		s := &k.secrets[i]
		argument := fmt.Sprintf("%s with %s, which keep it out of the state", s.writeOnly(), s.version())
		if !s.onlyWriteOnly {
			argument = s.name + ", or " + argument
		}
		if summary, detail, found := inside(s.at, argument); found {
			diags.AddError(summary, detail)
			hasSecret = true
		}
	}
	if hasSecret {
		return
	}
	for i := range k.fields {
		if summary, detail, found := inside(k.fields[i].pointer(), k.fields[i].name); found {
			diags.AddAttributeError(path.Root(outer.name), summary, detail)
		}
	}
}

// validate finds values that cannot be sent. Inside an object the error is at the attribute.
func (f *field) validate(at path.Path, value tftypes.Value, diags *diag.Diagnostics) {
	if !known(value) {
		return
	}
	if f.value == object || f.value == wholeObject {
		v, _ := decodeValues(value)
		for i := range f.fields {
			f.fields[i].validate(at.AtName(f.fields[i].name), v[f.fields[i].name], diags)
		}
		return
	}
	if !value.IsFullyKnown() {
		return
	}
	if _, err := f.toDocument(value); err != nil {
		addInvalid(diags, at, f, err)
	}
}

// ImportState takes the id, or the identity (Terraform 1.12 and later). Read does the
// rest; the mark tells it to take the whole document.
func (r *kindResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	address := strings.TrimSpace(req.ID)
	owner, id, isPair := strings.Cut(address, "/")
	if r.kind.parent == "" {
		owner, id, isPair = "", address, true
	}
	if address == "" && req.Identity != nil {
		resp.Diagnostics.Append(req.Identity.GetAttribute(ctx, path.Root(r.kind.id()), &id)...)
		if r.kind.parent != "" {
			resp.Diagnostics.Append(req.Identity.GetAttribute(ctx, path.Root(r.kind.parent), &owner)...)
		}
		isPair = true
	}
	id = strings.TrimSpace(id)
	switch {
	case r.kind.parent != "" && (!isPair || id == "" || owner == ""):
		resp.Diagnostics.AddError("Not the ID of a "+r.kind.api.Noun,
			fmt.Sprintf("An import needs the %s and the %s with a slash between them: %s/%s.", r.kind.parent, r.kind.id(),
				strings.ToUpper(r.kind.parent), strings.ToUpper(r.kind.id())))
	case id == "":
		resp.Diagnostics.AddError(fmt.Sprintf("No %s ID", r.kind.api.Noun),
			fmt.Sprintf("An import needs the ID of the %s, as the Tavus portal or the API shows it.", r.kind.api.Noun))
	}
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(r.kind.id()), id)...)
	if r.kind.parent != "" {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(r.kind.parent), owner)...)
		id = owner + "/" + id
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), id)...)
	setImported(ctx, resp.Private, true, &resp.Diagnostics)
}

// Delete implements the resource's interface.
func (r *kindResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	state, client := r.begin(req.State.Raw, &resp.Diagnostics)
	if client == nil {
		return
	}
	ctx = tavus.WithCreatedAt(tavus.Redact(ctx, r.kind.secretValues(state)...), r.kind.createdAt(state))
	api, err := r.kind.collection(state)
	if err == nil {
		err = client.Delete(ctx, api, r.kind.key(state))
	}
	if err != nil {
		explain(&resp.Diagnostics, r.kind, "delete "+r.kind.title(state.text("id")), err)
	}
}
