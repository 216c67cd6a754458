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

var _ datasource.DataSourceWithConfigure = (*deploymentsDataSource)(nil)

// deploymentsDataSource is the data source tavus_deployments.
type deploymentsDataSource struct {
	connection *connection
}

type deploymentsData struct {
	PalID       types.String     `tfsdk:"pal_id"`
	Search      types.String     `tfsdk:"search"`
	Status      types.String     `tfsdk:"status"`
	Channel     types.String     `tfsdk:"channel"`
	Deployments []deploymentData `tfsdk:"deployments"`
}

// NewDeploymentsDataSource returns the data source tavus_deployments.
func NewDeploymentsDataSource() datasource.DataSource {
	return &deploymentsDataSource{}
}

func (d *deploymentsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_deployments"
}

func (d *deploymentsDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, _ *datasource.ConfigureResponse) {
	d.connection, _ = req.ProviderData.(*connection)
}

// Descriptions of the filters, which the list resource has too.
const (
	describePalFilter     = "ID of a PAL: only its deployments. If left out, the deployments of every PAL."
	describeSearchFilter  = "Part of the name, in any case: only deployments whose name holds it. If left out, all names, and none."
	describeStatusFilter  = "`draft`, `active` or `inactive`: only deployments of this status. If left out, every status."
	describeChannelFilter = "`widget`, `embed` or `landing-page`: only deployments of this channel. If left out, every channel."
	adviseFilter          = "Leave it out to have no filter."
)

// Values of the filters.
var (
	channelNames = oneOf{"widget", "embed", "landing-page"}
	statusNames  = oneOf{"draft", "active", "inactive"}
)

func (d *deploymentsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the deployments of the account, whoever made them. Filters add up.",
		Attributes: map[string]schema.Attribute{
			"pal_id": schema.StringAttribute{
				MarkdownDescription: describePalFilter,
				Optional:            true,
				Validators:          []validator.String{notEmpty{adviseFilter}},
			},
			"search": schema.StringAttribute{
				MarkdownDescription: describeSearchFilter,
				Optional:            true,
				Validators:          []validator.String{notEmpty{adviseFilter}},
			},
			"status": schema.StringAttribute{
				MarkdownDescription: describeStatusFilter,
				Optional:            true,
				Validators:          []validator.String{statusNames},
			},
			"channel": schema.StringAttribute{
				MarkdownDescription: describeChannelFilter,
				Optional:            true,
				Validators:          []validator.String{channelNames},
			},
			"deployments": schema.ListNestedAttribute{
				MarkdownDescription: "The deployments, the oldest first.",
				Computed:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: deploymentDataAttributes()},
			},
		},
	}
}

func (d *deploymentsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var data deploymentsData
	resp.Diagnostics.Append(req.Config.Get(ctx, &data)...)
	client := d.connection.connect(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx = tavus.Mask(ctx, func() []string { return []string{data.Search.ValueString()} })
	data.Deployments = []deploymentData{}
	items := client.ListDeployments(ctx, tavus.ListFilter{
		PalID: data.PalID.ValueString(), Search: data.Search.ValueString(), Status: data.Status.ValueString(),
	})
	items = withChannel(ctx, client, items, data.Channel.ValueString())
	for live, err := range wholeDeployments(ctx, client, items) {
		if err != nil {
			addAPIError(&resp.Diagnostics, "list the deployments", err)
			return
		}
		one, err := newDeploymentData(live)
		if err != nil {
			resp.Diagnostics.AddError("Cannot list the deployments", sentence(err.Error()))
			return
		}
		data.Deployments = append(data.Deployments, one)
	}
	slices.SortFunc(data.Deployments, func(a, b deploymentData) int {
		return byAge(a.CreatedAt.ValueString(), a.DeploymentID.ValueString(), b.CreatedAt.ValueString(), b.DeploymentID.ValueString())
	})
	resp.Diagnostics.Append(resp.State.Set(ctx, &data)...)
}
