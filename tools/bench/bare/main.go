// Command bare is a provider that does nothing: its one resource has the
// attributes of tavus_deployment, takes what is planned for what is there, and
// sends no request. What it costs is what Terraform and the plugin framework
// cost, so the bench takes it for the floor. It is written as the framework's
// own guide writes a provider, with nothing tuned.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	providerschema "github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func main() {
	err := providerserver.Serve(context.Background(), func() provider.Provider { return bareProvider{} },
		providerserver.ServeOpts{Address: "registry.terraform.io/bare/bare"})
	if err != nil {
		fmt.Fprintln(os.Stderr, "bare:", err)
		os.Exit(1)
	}
}

type bareProvider struct{}

func (bareProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "bare"
}

func (bareProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = providerschema.Schema{}
}

func (bareProvider) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {
}

func (bareProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource { return deployment{} }}
}

func (bareProvider) DataSources(context.Context) []func() datasource.DataSource { return nil }

type deployment struct{}

type model struct {
	ID                types.String `tfsdk:"id"`
	DeploymentID      types.String `tfsdk:"deployment_id"`
	PalID             types.String `tfsdk:"pal_id"`
	Channel           types.String `tfsdk:"channel"`
	Name              types.String `tfsdk:"name"`
	Status            types.String `tfsdk:"status"`
	Customization     types.String `tfsdk:"customization"`
	Limits            types.String `tfsdk:"limits"`
	AllowedOrigins    types.Set    `tfsdk:"allowed_origins"`
	Password          types.String `tfsdk:"password"`
	PasswordWO        types.String `tfsdk:"password_wo"`
	PasswordWOVersion types.String `tfsdk:"password_wo_version"`
	HasPassword       types.Bool   `tfsdk:"has_password"`
	ThumbnailVideoURL types.String `tfsdk:"thumbnail_video_url"`
	ThumbnailImageURL types.String `tfsdk:"thumbnail_image_url"`
	CreatedAt         types.String `tfsdk:"created_at"`
}

func (deployment) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "bare_deployment"
}

func (deployment) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	keep := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	computed := schema.StringAttribute{Computed: true, PlanModifiers: keep}
	either := schema.StringAttribute{Optional: true, Computed: true, PlanModifiers: keep}
	resp.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"id":                  computed,
		"deployment_id":       computed,
		"pal_id":              schema.StringAttribute{Required: true},
		"channel":             schema.StringAttribute{Required: true},
		"name":                either,
		"status":              either,
		"customization":       either,
		"limits":              either,
		"allowed_origins":     schema.SetAttribute{ElementType: types.StringType, Optional: true},
		"password":            schema.StringAttribute{Optional: true, Sensitive: true},
		"password_wo":         schema.StringAttribute{Optional: true, Sensitive: true, WriteOnly: true},
		"password_wo_version": schema.StringAttribute{Optional: true},
		"has_password": schema.BoolAttribute{
			Computed: true, PlanModifiers: []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()},
		},
		"thumbnail_video_url": computed,
		"thumbnail_image_url": computed,
		"created_at":          computed,
	}}
}

func (deployment) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	id := types.StringValue("b0a1c2e3-0000-4000-8000-000000000000")
	plan.ID, plan.DeploymentID = id, id
	if plan.Status.IsUnknown() {
		plan.Status = types.StringValue("active")
	}
	plan.HasPassword = types.BoolValue(false)
	plan.ThumbnailVideoURL = types.StringValue("https://cdn.example.com/pals/p5317866/thumbnail.mp4")
	plan.ThumbnailImageURL = types.StringValue("https://cdn.example.com/pals/p5317866/thumbnail.png")
	plan.CreatedAt = types.StringValue("2026-01-01T09:00:00.000000Z")
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
}

func (deployment) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	resp.Diagnostics.Append(keep(ctx, req.State.Get, resp.State.Set)...)
}

func (deployment) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	resp.Diagnostics.Append(keep(ctx, req.Plan.Get, resp.State.Set)...)
}

// keep takes what is given for what is there.
func keep(ctx context.Context, get, set func(context.Context, any) diag.Diagnostics) diag.Diagnostics {
	var m model
	diags := get(ctx, &m)
	if !diags.HasError() {
		diags.Append(set(ctx, &m)...)
	}
	return diags
}

func (deployment) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}
