package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tavus/terraform-provider-tavus/internal/tavus"
)

// deploymentData is a deployment as the data sources show it: everything that
// the API returns, moving counters included.
type deploymentData struct {
	ID                types.String `tfsdk:"id"`
	DeploymentID      types.String `tfsdk:"deployment_id"`
	PalID             types.String `tfsdk:"pal_id"`
	Channel           types.String `tfsdk:"channel"`
	Name              types.String `tfsdk:"name"`
	Status            types.String `tfsdk:"status"`
	Customization     types.String `tfsdk:"customization"`
	Limits            types.String `tfsdk:"limits"`
	AllowedOrigins    types.Set    `tfsdk:"allowed_origins"`
	HasPassword       types.Bool   `tfsdk:"has_password"`
	ThumbnailVideoURL types.String `tfsdk:"thumbnail_video_url"`
	ThumbnailImageURL types.String `tfsdk:"thumbnail_image_url"`
	UsageTotal        types.Int64  `tfsdk:"usage_total"`
	UsageToday        types.Int64  `tfsdk:"usage_today"`
	CreatedAt         types.String `tfsdk:"created_at"`
	UpdatedAt         types.String `tfsdk:"updated_at"`
}

func newDeploymentData(live *tavus.Deployment) (deploymentData, error) {
	data := deploymentData{
		ID:                types.StringValue(live.DeploymentID),
		DeploymentID:      types.StringValue(live.DeploymentID),
		PalID:             nullIfEmpty(live.PalID),
		Channel:           nullIfEmpty(live.Channel),
		Name:              nullIfEmpty(live.Name),
		Status:            nullIfEmpty(live.Status),
		AllowedOrigins:    originsValue(live.AllowedOrigins),
		HasPassword:       types.BoolValue(live.HasPassword),
		ThumbnailVideoURL: nullIfEmpty(live.ThumbnailVideoURL),
		ThumbnailImageURL: nullIfEmpty(live.ThumbnailImageURL),
		UsageTotal:        types.Int64PointerValue(live.UsageTotal),
		UsageToday:        types.Int64PointerValue(live.UsageToday),
		CreatedAt:         nullIfEmpty(live.CreatedAt),
		UpdatedAt:         nullIfEmpty(live.UpdatedAt),
	}
	for argument, target := range map[string]*types.String{"customization": &data.Customization, "limits": &data.Limits} {
		object, err := heldObject(live, argument)
		if err != nil {
			return data, err
		}
		*target = types.StringValue(object.Text()) // "{}" for none, so that jsondecode always works
	}
	return data, nil
}

// deploymentDataAttributes describes deploymentData. All of it is computed; the
// data source of one deployment makes some of it arguments.
func deploymentDataAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id": schema.StringAttribute{
			MarkdownDescription: "The same as `deployment_id`.",
			Computed:            true,
		},
		"deployment_id": schema.StringAttribute{
			MarkdownDescription: "ID of the deployment, the one that pages show it by.",
			Computed:            true,
		},
		"pal_id": schema.StringAttribute{
			MarkdownDescription: "ID of the PAL that visitors talk to.",
			Computed:            true,
		},
		"channel": schema.StringAttribute{
			MarkdownDescription: "How visitors meet the PAL: `widget`, `embed` or `landing-page`.",
			Computed:            true,
		},
		"name": schema.StringAttribute{
			MarkdownDescription: "Name in the Tavus portal, null where it has none.",
			Computed:            true,
		},
		"status": schema.StringAttribute{
			MarkdownDescription: "`draft`, `active` or `inactive`.",
			Computed:            true,
		},
		"customization": schema.StringAttribute{
			MarkdownDescription: "Look and texts, the whole JSON object as the server holds it, `{}` where it holds none. Read it with " +
				"`jsondecode`. A key whose value is null is left out.",
			Computed: true,
		},
		"limits": schema.StringAttribute{
			MarkdownDescription: "Limits of calls, the whole JSON object as the server holds it, `{}` where it holds none.",
			Computed:            true,
		},
		"allowed_origins": schema.SetAttribute{
			MarkdownDescription: "Origins whose pages may show the deployment, empty where the server holds none.",
			ElementType:         types.StringType,
			Computed:            true,
		},
		"has_password": schema.BoolAttribute{
			MarkdownDescription: "Whether visitors have to enter a password. The password itself is never returned by the API.",
			Computed:            true,
		},
		"thumbnail_video_url": schema.StringAttribute{
			MarkdownDescription: "Address of the thumbnail video, null where the server has none.",
			Computed:            true,
		},
		"thumbnail_image_url": schema.StringAttribute{
			MarkdownDescription: "Address of the thumbnail image, null where the server has none.",
			Computed:            true,
		},
		"usage_total": schema.Int64Attribute{
			MarkdownDescription: "Number of conversations so far, null where the server gives none. It grows with every visitor.",
			Computed:            true,
		},
		"usage_today": schema.Int64Attribute{
			MarkdownDescription: "Number of conversations today, null where the server gives none.",
			Computed:            true,
		},
		"created_at": schema.StringAttribute{
			MarkdownDescription: "When the deployment was created (RFC 3339).",
			Computed:            true,
		},
		"updated_at": schema.StringAttribute{
			MarkdownDescription: "When the deployment was last changed (RFC 3339), by Terraform or in the portal.",
			Computed:            true,
		},
	}
}
