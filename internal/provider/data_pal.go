package provider

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"golang.org/x/text/unicode/norm"

	"github.com/tavus/terraform-provider-tavus/internal/tavus"
)

var (
	_ datasource.DataSourceWithConfigure      = (*palDataSource)(nil)
	_ datasource.DataSourceWithValidateConfig = (*palDataSource)(nil)
)

// palDataSource is the data source tavus_pal.
type palDataSource struct {
	connection *connection
}

// palData is a PAL as far as the author of a deployment needs it. What is inside
// its layers never comes here: it holds keys of other services.
type palData struct {
	PalID         types.String `tfsdk:"pal_id"`
	Name          types.String `tfsdk:"name"`
	PalType       types.String `tfsdk:"pal_type"`
	DefaultFaceID types.String `tfsdk:"default_face_id"`
	PipelineMode  types.String `tfsdk:"pipeline_mode"`
	CreatedAt     types.String `tfsdk:"created_at"`
	UpdatedAt     types.String `tfsdk:"updated_at"`
}

func newPalData(pal *tavus.Pal) palData {
	return palData{
		PalID:         types.StringValue(pal.PalID),
		Name:          nullIfEmpty(pal.Name),
		PalType:       nullIfEmpty(pal.PalType),
		DefaultFaceID: nullIfEmpty(pal.DefaultFaceID),
		PipelineMode:  nullIfEmpty(pal.PipelineMode),
		CreatedAt:     nullIfEmpty(pal.CreatedAt),
		UpdatedAt:     nullIfEmpty(pal.UpdatedAt),
	}
}

func palDataAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"pal_id": schema.StringAttribute{
			MarkdownDescription: "ID of the PAL, which a deployment takes as `pal_id`.",
			Computed:            true,
		},
		"name": schema.StringAttribute{
			MarkdownDescription: "Name of the PAL as it is stored, null where it has none. Tavus takes the punctuation out of names.",
			Computed:            true,
		},
		"pal_type": schema.StringAttribute{
			MarkdownDescription: "`user` or `system`, null where the server does not say.",
			Computed:            true,
		},
		"default_face_id": schema.StringAttribute{
			MarkdownDescription: "ID of the face that visitors see, null where the PAL has none.",
			Computed:            true,
		},
		"pipeline_mode": schema.StringAttribute{
			MarkdownDescription: "`full` or `echo`, null where the server does not say.",
			Computed:            true,
		},
		"created_at": schema.StringAttribute{
			MarkdownDescription: "When the PAL was created (RFC 3339).",
			Computed:            true,
		},
		"updated_at": schema.StringAttribute{
			MarkdownDescription: "When the PAL was last changed (RFC 3339).",
			Computed:            true,
		},
	}
}

// NewPalDataSource returns the data source tavus_pal.
func NewPalDataSource() datasource.DataSource {
	return &palDataSource{}
}

func (d *palDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_pal"
}

func (d *palDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, _ *datasource.ConfigureResponse) {
	d.connection, _ = req.ProviderData.(*connection)
}

func (d *palDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := palDataAttributes()
	attributes["pal_id"] = schema.StringAttribute{
		MarkdownDescription: "ID of the PAL to read, which a deployment takes as `pal_id`. Write either this or `name`.",
		Optional:            true,
		Computed:            true,
		Validators:          []validator.String{notEmpty{"Write the ID of a PAL, or leave it out and write name."}},
	}
	attributes["name"] = schema.StringAttribute{
		MarkdownDescription: "Name of the PAL to look for. Write either this or `pal_id`. Tavus takes the punctuation out of names, so " +
			"a PAL with exactly this name comes first, and then one whose name differs in punctuation and white space only. Upper " +
			"and lower case count. No PAL of this name and several of them are errors that list IDs. With `pal_id`, the name as it is " +
			"stored.",
		Optional:   true,
		Computed:   true,
		Validators: []validator.String{notEmpty{"Write the name of a PAL, or leave it out and write pal_id."}},
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads one PAL, by its ID or by its name, for the `pal_id` of a deployment. What is inside a PAL (its " +
			"prompt, and its layers with the keys of other services) is not read into the state.",
		Attributes: attributes,
	}
}

func (d *palDataSource) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	var config palData
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	switch {
	case resp.Diagnostics.HasError():
	case config.PalID.IsNull() && config.Name.IsNull():
		resp.Diagnostics.AddError("No pal_id or name", "Write pal_id, or name.")
	case set(config.PalID) && set(config.Name):
		resp.Diagnostics.AddAttributeError(path.Root("name"), "Two ways to name a PAL", "Write either pal_id or name, not both.")
	}
}

func (d *palDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config palData
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	client := d.connection.connect(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	var pal *tavus.Pal
	if config.PalID.IsNull() {
		ctx = tavus.Mask(ctx, func() []string { return []string{config.Name.ValueString()} })
		pal = palByName(ctx, client, config.Name.ValueString(), &resp.Diagnostics)
	} else {
		pal = palByID(ctx, client, config.PalID.ValueString(), &resp.Diagnostics)
	}
	if pal == nil {
		return
	}
	data := newPalData(pal)
	if set(config.Name) {
		data.Name = config.Name // the stored one may lack the punctuation
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &data)...)
}

// palByID returns nil after an error. The API is said to answer 400 for an id
// that it does not know.
func palByID(ctx context.Context, client *tavus.Client, id string, diags *diag.Diagnostics) *tavus.Pal {
	pal, err := client.GetPal(ctx, id)
	refusal, refused := errors.AsType[*tavus.APIError](err)
	switch {
	case tavus.IsNotFound(err), refused && refusal.Status == 400:
		diags.AddAttributeError(path.Root("pal_id"), "No such PAL",
			fmt.Sprintf("The account of the provider's API key has no PAL %s. Check the ID, and whether the key belongs to the account "+
				"that has it. %s", id, sentence(err.Error())))
		return nil
	case err != nil:
		addAPIError(diags, "read PAL "+id, err)
		return nil
	}
	return pal
}

// palByName returns nil after an error.
func palByName(ctx context.Context, client *tavus.Client, name string, diags *diag.Diagnostics) *tavus.Pal {
	want := norm.NFC.String(name)
	var exact, similar []*tavus.Pal
	for pal, err := range client.ListPals(ctx, tavus.PalFilter{}) {
		if err != nil {
			addAPIError(diags, "look for the PAL", err)
			return nil
		}
		switch got := norm.NFC.String(pal.Name); {
		case got == want:
			exact = append(exact, pal)
		case alike(got, want):
			similar = append(similar, pal)
		}
	}
	found := exact
	if len(exact) == 0 {
		found = similar
	}
	switch len(found) {
	case 1:
		return found[0]
	case 0:
		diags.AddAttributeError(path.Root("name"), "No such PAL",
			"No PAL of the account has this name, with or without its punctuation; upper and lower case count. Write it as the Tavus "+
				"portal shows it, or write pal_id. A key of another account shows other PALs.")
	default:
		var ids []string
		for _, pal := range found {
			ids = append(ids, pal.PalID)
		}
		diags.AddAttributeError(path.Root("name"), "Several PALs have this name",
			fmt.Sprintf("%d PALs fit: %s. Write the pal_id of the one that is meant.", len(ids), enumerate(ids)))
	}
	return nil
}
