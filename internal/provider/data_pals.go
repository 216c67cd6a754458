package provider

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tavus/terraform-provider-tavus/internal/tavus"
)

var _ datasource.DataSourceWithConfigure = (*palsDataSource)(nil)

// palsDataSource is the data source tavus_pals.
type palsDataSource struct {
	connection *connection
}

type palsData struct {
	PalType types.String `tfsdk:"pal_type"`
	Search  types.String `tfsdk:"search"`
	Pals    []palData    `tfsdk:"pals"`
}

// palTypes are the values of the filter (docs.tavus.io/api-reference/pals).
var palTypes = oneOf{"user", "system"}

// NewPalsDataSource returns the data source tavus_pals.
func NewPalsDataSource() datasource.DataSource {
	return &palsDataSource{}
}

func (d *palsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_pals"
}

func (d *palsDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, _ *datasource.ConfigureResponse) {
	d.connection, _ = req.ProviderData.(*connection)
}

func (d *palsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the PALs that the account can use. Filters add up.",
		Attributes: map[string]schema.Attribute{
			"pal_type": schema.StringAttribute{
				MarkdownDescription: "`user` for the PALs of the account, `system` for those that Tavus offers. If left out, both.",
				Optional:            true,
				Validators:          []validator.String{palTypes},
			},
			"search": schema.StringAttribute{
				MarkdownDescription: "Part of the name, in any case: only PALs whose name holds it. If left out, all names.",
				Optional:            true,
				Validators:          []validator.String{notEmpty{adviseFilter}},
			},
			"pals": schema.ListNestedAttribute{
				MarkdownDescription: "The PALs, the oldest first.",
				Computed:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: palDataAttributes()},
			},
		},
	}
}

func (d *palsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var data palsData
	resp.Diagnostics.Append(req.Config.Get(ctx, &data)...)
	client := d.connection.connect(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx = tavus.Mask(ctx, func() []string { return []string{data.Search.ValueString()} })
	data.Pals = []palData{}
	filter := tavus.PalFilter{PalType: data.PalType.ValueString(), Search: data.Search.ValueString()}
	for pal, err := range client.ListPals(ctx, filter) {
		if err != nil {
			addAPIError(&resp.Diagnostics, "list the PALs", err)
			return
		}
		data.Pals = append(data.Pals, newPalData(pal))
	}
	slices.SortFunc(data.Pals, func(a, b palData) int {
		return byAge(a.CreatedAt.ValueString(), a.PalID.ValueString(), b.CreatedAt.ValueString(), b.PalID.ValueString())
	})
	resp.Diagnostics.Append(resp.State.Set(ctx, &data)...)
}
