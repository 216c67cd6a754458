package provider

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tavus/terraform-provider-tavus/internal/tavus"
)

var (
	_ resource.ResourceWithConfigure   = (*palTools)(nil)
	_ resource.ResourceWithImportState = (*palTools)(nil)
	_ resource.ResourceWithIdentity    = (*palTools)(nil)
)

// maxPalTools is how many tools a PAL can have (docs.tavus.io/api-reference/pals/attach-tools).
const maxPalTools = 50

// attachedTools are the tools of a PAL. The API has no document of them: there is a list, a POST that
// adds to it, and a DELETE for each.
var attachedTools = &tavus.Collection{Path: "/v2/pals/{pal_id}/tools", ID: "tool_id", Noun: "tool", Of: pals.api}

// palToolsKind lends errors its words and its argument.
var palToolsKind = &kind{name: "pal_tools", api: pals.api, fields: []field{{name: "tool_ids", value: textSet, use: required}}}

// palTools is the set of tools that this resource attached to a PAL. Tools that others attached are
// neither shown nor touched.
type palTools struct{ connected }

func newPalTools() resource.Resource { return &palTools{} }

// replacesIfKnown plans no replacement for a PAL that is not known yet, because it is usually the old one:
// the PAL would be without its tools for a while.
var replacesIfKnown = stringplanmodifier.RequiresReplaceIf(
	func(_ context.Context, req planmodifier.StringRequest, resp *stringplanmodifier.RequiresReplaceIfFuncResponse) {
		if resp.RequiresReplace = !req.PlanValue.IsUnknown(); !resp.RequiresReplace {
			warnUnknownReplacement(&resp.Diagnostics, "the tools of PAL "+req.StateValue.ValueString(), "pal_id")
		}
	}, "Another PAL replaces the resource.", "Another PAL replaces the resource.")

// Metadata implements the resource's interface.
func (r *palTools) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_pal_tools"
}

// Configure implements the resource's interface.
func (r *palTools) Configure(_ context.Context, req resource.ConfigureRequest, _ *resource.ConfigureResponse) {
	r.configure(req.ProviderData)
}

// Schema implements the resource's interface.
func (r *palTools) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lets a PAL use tools.\n\nOnly the tools that this resource attached are managed. What the Tavus portal or " +
			"somebody else attached stays, causes no plan, and is not shown. A tool that is attached already is taken over when it comes into " +
			"the set, and detached when it leaves it, so no tool should be in the sets of two resources for the same PAL.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				MarkdownDescription: "The same as `pal_id`.", Computed: true,
				PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"pal_id": schema.StringAttribute{
				MarkdownDescription: "ID of the PAL. A change detaches the tools from the old PAL and attaches them to the new one.", Required: true,
				PlanModifiers: []planmodifier.String{replacesIfKnown}, Validators: filled,
			},
			"tool_ids": schema.SetAttribute{
				MarkdownDescription: fmt.Sprintf("IDs of the tools, 1 to %d. A PAL has at most %d tools, with those that others attached.", maxPalTools, maxPalTools),
				Required:            true, ElementType: types.StringType,
				Validators: []validator.Set{setvalidator.SizeBetween(1, maxPalTools), setvalidator.NoNullValues(), setvalidator.ValueStringsAre(stringvalidator.LengthAtLeast(1))},
			},
		},
	}
}

// IdentitySchema implements the resource's interface.
func (r *palTools) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"pal_id": identityschema.StringAttribute{Description: "ID of the PAL.", RequiredForImport: true},
	}}
}

// ImportState takes the PAL id, or the identity. Read then takes all tools that are attached.
func (r *palTools) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	id := req.ID
	if id == "" && req.Identity != nil {
		resp.Diagnostics.Append(req.Identity.GetAttribute(ctx, path.Root("pal_id"), &id)...)
	}
	if id = strings.TrimSpace(id); id == "" {
		resp.Diagnostics.AddError("No PAL ID", "An import needs the ID of the PAL, as the Tavus portal or the API shows it.")
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), id)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("pal_id"), id)...)
	setImported(ctx, resp.Private, true, &resp.Diagnostics)
}

// Read shows which tools of the state are attached, or all that are after an import.
func (r *palTools) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	imported := isImported(ctx, req.Private, &resp.Diagnostics)
	state, client := r.begin(req.State.Raw, &resp.Diagnostics)
	if client == nil {
		return
	}
	id := state.text("pal_id")
	shown, err := client.Attached(ctx, attachedTools, id)
	switch {
	case tavus.IsGone(err) && imported:
		addMissing(&resp.Diagnostics, palToolsKind, id)
		return
	case tavus.IsGone(err):
		resp.State.RemoveResource(ctx)
		resp.Identity.Raw = palIdentity(resp.Identity, id)
		resp.Diagnostics.AddWarning("The tools of PAL "+id+" are gone", fmt.Sprintf("Neither the PAL nor the list of the account shows %s any more, "+
			"so its tools are dropped from the state. A key of another account looks the same: if the PAL is still in the Tavus portal, check the "+
			"API key before you apply.", id))
		return
	case err != nil:
		explain(&resp.Diagnostics, palToolsKind, "read the tools of PAL "+id, err)
		return
	case imported && len(shown) == 0:
		resp.Diagnostics.AddError("PAL "+id+" has no tools", "There is nothing to import: no tool is attached to the PAL. Remove the import block: the "+
			"next apply then attaches the tools of the configuration.")
		return
	case imported:
		setImported(ctx, resp.Private, false, &resp.Diagnostics)
	default:
		shown = slices.DeleteFunc(state.texts("tool_ids"), func(tool string) bool { return !slices.Contains(shown, tool) })
	}
	state["tool_ids"] = textSetOf(shown)
	savePalTools(state, &resp.State, resp.Identity)
}

// Create attaches the tools. What fails leaves no state: attaching again does no harm, and a tainted
// resource would detach them first.
func (r *palTools) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	plan, client := r.begin(req.Plan.Raw, &resp.Diagnostics)
	if client != nil && r.attach(ctx, client, plan, &resp.Diagnostics) {
		savePalTools(plan, &resp.State, resp.Identity)
	}
}

func (r *palTools) attach(ctx context.Context, client *tavus.Client, plan values, diags *diag.Diagnostics) bool {
	id := plan.text("pal_id")
	err := client.Attach(ctx, attachedTools, id, plan.texts("tool_ids"))
	if err != nil {
		explain(diags, palToolsKind, "attach the tools of PAL "+id, err)
	}
	return err == nil
}

func (r *palTools) detach(ctx context.Context, client *tavus.Client, id string, tools []string, diags *diag.Diagnostics) bool {
	err := client.Detach(ctx, attachedTools, id, tools)
	if err != nil {
		explain(diags, palToolsKind, "detach tools from PAL "+id, err)
	}
	return err == nil
}

// Update attaches first, so that a refusal leaves the PAL with the tools that it has, unless a PAL
// does not take the old and the new ones at once.
func (r *palTools) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	plan, client := r.begin(req.Plan.Raw, &resp.Diagnostics)
	state, err := decodeValues(req.State.Raw)
	if err != nil {
		addCodecError(&resp.Diagnostics, err)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	had, wanted := state.texts("tool_ids"), plan.texts("tool_ids")
	gone := slices.DeleteFunc(slices.Clone(had), func(tool string) bool { return slices.Contains(wanted, tool) })
	isMore := slices.ContainsFunc(wanted, func(tool string) bool { return !slices.Contains(had, tool) })
	steps := []func() bool{
		func() bool { return !isMore || r.attach(ctx, client, plan, &resp.Diagnostics) },
		func() bool {
			return len(gone) == 0 || r.detach(ctx, client, state.text("pal_id"), gone, &resp.Diagnostics)
		},
	}
	both := slices.Concat(gone, wanted)
	if len(both) > maxPalTools {
		slices.Reverse(steps)
	}
	if !steps[0]() {
		return
	}
	if !steps[1]() {
		plan["tool_ids"] = textSetOf(both) // what is left over stays in the state, to be detached
	}
	savePalTools(plan, &resp.State, resp.Identity)
}

// Delete detaches the tools of the state.
func (r *palTools) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	if state, client := r.begin(req.State.Raw, &resp.Diagnostics); client != nil {
		r.detach(ctx, client, state.text("pal_id"), state.texts("tool_ids"), &resp.Diagnostics)
	}
}

func savePalTools(v values, state *tfsdk.State, identity *tfsdk.ResourceIdentity) {
	v["id"] = v["pal_id"]
	state.Raw = v.raw(state.Raw.Type())
	identity.Raw = palIdentity(identity, v.text("pal_id"))
}

func palIdentity(identity *tfsdk.ResourceIdentity, id string) tftypes.Value {
	return tftypes.NewValue(identity.Raw.Type(), map[string]tftypes.Value{"pal_id": tftypes.NewValue(tftypes.String, id)})
}

func textSetOf(texts []string) tftypes.Value {
	elements := make([]tftypes.Value, len(texts))
	for i, text := range texts {
		elements[i] = tftypes.NewValue(tftypes.String, text)
	}
	return tftypes.NewValue(tftypes.Set{ElementType: tftypes.String}, elements)
}
