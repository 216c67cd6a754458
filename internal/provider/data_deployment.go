package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"golang.org/x/text/unicode/norm"

	"github.com/tavus/terraform-provider-tavus/internal/tavus"
)

var (
	_ datasource.DataSourceWithConfigure      = (*deploymentDataSource)(nil)
	_ datasource.DataSourceWithValidateConfig = (*deploymentDataSource)(nil)
)

// deploymentDataSource is the data source tavus_deployment.
type deploymentDataSource struct {
	connection *connection
}

// NewDeploymentDataSource returns the data source tavus_deployment.
func NewDeploymentDataSource() datasource.DataSource {
	return &deploymentDataSource{}
}

func (d *deploymentDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_deployment"
}

func (d *deploymentDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, _ *datasource.ConfigureResponse) {
	d.connection, _ = req.ProviderData.(*connection)
}

func (d *deploymentDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := deploymentDataAttributes()
	attributes["deployment_id"] = schema.StringAttribute{
		MarkdownDescription: "ID of the deployment to read. Write either this or `name`.",
		Optional:            true,
		Computed:            true,
		Validators:          []validator.String{notEmpty{"Write the ID of a deployment, or leave it out and write name."}},
	}
	attributes["name"] = schema.StringAttribute{
		MarkdownDescription: "Name of the deployment to look for, exactly as the Tavus portal shows it. Write either this or " +
			"`deployment_id`. No deployment of this name and several of them are errors that list IDs. With `deployment_id`, the " +
			"name in the portal, null where it has none.",
		Optional:   true,
		Computed:   true,
		Validators: []validator.String{notEmpty{"Write the name of a deployment, or leave it out and write deployment_id."}},
	}
	attributes["pal_id"] = schema.StringAttribute{
		MarkdownDescription: "ID of the PAL that visitors talk to. Beside `name` it can be written, to look among the deployments " +
			"of this PAL only. If left out, deployments of every PAL count.",
		Optional:   true,
		Computed:   true,
		Validators: []validator.String{notEmpty{"Leave it out to look at the deployments of every PAL."}},
	}
	attributes["channel"] = schema.StringAttribute{
		MarkdownDescription: "How visitors meet the PAL: `widget`, `embed` or `landing-page`. Beside `name` it can be written, to look " +
			"among the deployments of this channel only. If left out, every channel counts.",
		Optional:   true,
		Computed:   true,
		Validators: []validator.String{channelNames},
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads one deployment, by its ID or by its exact name, whoever made it. Nothing is managed. Everything " +
			"that the API returns is here, the counters of conversations included, so outputs made of it can change with every plan.",
		Attributes: attributes,
	}
}

func (d *deploymentDataSource) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	var config deploymentData
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	switch {
	case resp.Diagnostics.HasError():
	case config.DeploymentID.IsNull() && config.Name.IsNull():
		resp.Diagnostics.AddError("No deployment_id or name", "Write deployment_id, or name.")
	case set(config.DeploymentID) && set(config.Name):
		resp.Diagnostics.AddAttributeError(path.Root("name"), "Two ways to name a deployment",
			"Write either deployment_id or name, not both.")
	case set(config.DeploymentID) && (set(config.PalID) || set(config.Channel)):
		at := "pal_id"
		if !set(config.PalID) {
			at = "channel"
		}
		resp.Diagnostics.AddAttributeError(path.Root(at), "Nothing to narrow",
			"pal_id and channel narrow a search by name. A deployment_id names one deployment already, so leave them out.")
	}
}

func (d *deploymentDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config deploymentData
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	client := d.connection.connect(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx = tavus.Mask(ctx, func() []string { return []string{config.Name.ValueString()} })
	live := d.find(ctx, client, &config, &resp.Diagnostics)
	if live == nil {
		return
	}
	data, err := newDeploymentData(live)
	if err != nil {
		resp.Diagnostics.AddError("Cannot read deployment "+live.DeploymentID, sentence(err.Error()))
		return
	}
	if set(config.Name) {
		data.Name = config.Name // the same text in Unicode form NFC
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &data)...)
}

// find returns nil after an error.
func (d *deploymentDataSource) find(ctx context.Context, client *tavus.Client, config *deploymentData, diags *diag.Diagnostics) *tavus.Deployment {
	if !config.DeploymentID.IsNull() {
		return readNamed(ctx, client, config.DeploymentID.ValueString(), diags)
	}
	search := nameSearch{client: client, name: config.Name.ValueString(), pal: config.PalID.ValueString(), channel: config.Channel.ValueString()}
	// The server's own search is quick, but nobody documents how it compares. So
	// before "not found", the whole list is looked at.
	for _, filter := range []tavus.ListFilter{{Search: search.name}, {}} {
		if err := search.look(ctx, filter); err != nil {
			addAPIError(diags, "look for the deployment", err)
			return nil
		}
		if len(search.named) > 0 {
			break
		}
	}
	found := search.only(diags)
	if found == nil || !found.Partial {
		if found == nil {
			return nil
		}
		return &found.Deployment
	}
	return readNamed(ctx, client, found.DeploymentID, diags)
}

func readNamed(ctx context.Context, client *tavus.Client, id string, diags *diag.Diagnostics) *tavus.Deployment {
	live, err := client.GetDeployment(ctx, id)
	switch {
	case tavus.IsNotFound(err):
		diags.AddError("No such deployment",
			fmt.Sprintf("The account of the provider's API key has no deployment %s. Check the ID, and whether the key belongs to the "+
				"account that has it.", id))
		return nil
	case err != nil:
		addAPIError(diags, "read deployment "+id, err)
		return nil
	}
	return live
}

// nameSearch is a search for the deployment with a name.
type nameSearch struct {
	client             *tavus.Client
	name, pal, channel string

	named []*tavus.ListedDeployment // have the name
	alike []string                  // ids of those whose names differ in punctuation
}

func (s *nameSearch) look(ctx context.Context, filter tavus.ListFilter) error {
	s.named, s.alike = nil, nil
	want := norm.NFC.String(s.name)
	for item, err := range s.client.ListDeployments(ctx, filter) {
		if err != nil {
			return err
		}
		if item.Partial && (item.Name == "" || item.PalID == "" || item.Channel == "") {
			live, err := s.client.GetDeployment(ctx, item.DeploymentID)
			if tavus.IsNotFound(err) {
				continue // deleted meanwhile
			}
			if err != nil {
				return err
			}
			item = &tavus.ListedDeployment{Deployment: *live}
		}
		switch got := norm.NFC.String(item.Name); {
		case got == want:
			s.named = append(s.named, item)
		case alike(got, want):
			s.alike = append(s.alike, item.DeploymentID)
		}
	}
	return nil
}

// only returns the one deployment that fits, or nil after an error. Errors name
// ids and not the name, which the user may have marked as sensitive.
func (s *nameSearch) only(diags *diag.Diagnostics) *tavus.ListedDeployment {
	var fitting []*tavus.ListedDeployment
	var named, ids []string
	for _, item := range s.named {
		named = append(named, item.DeploymentID)
		if (s.pal == "" || s.pal == item.PalID) && (s.channel == "" || s.channel == item.Channel) {
			fitting = append(fitting, item)
			ids = append(ids, item.DeploymentID)
		}
	}
	const none, accounts = "No such deployment", " A key of another account shows other deployments."
	switch {
	case len(fitting) == 1:
		return fitting[0]
	case len(fitting) > 1:
		diags.AddAttributeError(path.Root("name"), "Several deployments have this name",
			fmt.Sprintf("%d deployments fit: %s. Write the deployment_id of the one that is meant, or narrow the search with "+
				"pal_id or channel.", len(ids), enumerate(ids)))
	case len(named) > 0:
		diags.AddAttributeError(path.Root("name"), none,
			fmt.Sprintf("Deployments with this name are there, but with another pal_id or channel: %s.", enumerate(named)))
	case len(s.alike) > 0:
		diags.AddAttributeError(path.Root("name"), none,
			fmt.Sprintf("No deployment has exactly this name. These have one that differs in punctuation or white space only, which the "+
				"server may have taken away: %s. Write the name as the Tavus portal shows it, or the deployment_id.", enumerate(s.alike)))
	default:
		diags.AddAttributeError(path.Root("name"), none,
			"No deployment of the account has this name. Write it as the Tavus portal shows it; upper and lower case count."+accounts)
	}
	return nil
}
