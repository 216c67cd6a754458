package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// schemaVersion counts the forms of the state. A change that an older state
// would not survive needs a new version and an upgrader.
const schemaVersion = 0

// noPassword says what to write instead of an empty password.
const noPassword = "To remove the password, leave the argument out."

func (r *deploymentResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		Version: schemaVersion,
		MarkdownDescription: "Publishes a PAL to visitors: as a floating widget, an inline embed, or a hosted landing page.\n\n" +
			"Arguments that the configuration leaves out are not managed: they keep what the Tavus portal or the server put " +
			"there, and never cause a plan. In `customization` and `limits` that holds key by key: Terraform owns the keys " +
			"that the configuration wrote, and no others.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				MarkdownDescription: "The same as `deployment_id`.",
				Computed:            true,
			},
			"deployment_id": schema.StringAttribute{
				MarkdownDescription: "ID of the deployment, the one that pages show it by. It never changes while the resource is not replaced.",
				Computed:            true,
			},
			"pal_id": schema.StringAttribute{
				MarkdownDescription: "ID of the PAL that visitors talk to. A change is made in place: the deployment keeps its ID.",
				Required:            true,
				Validators:          []validator.String{notEmpty{"Write the ID of a PAL of the account."}},
			},
			"channel": schema.StringAttribute{
				MarkdownDescription: "How visitors meet the PAL: `widget` (floating on a page), `embed` (inline in a page) or " +
					"`landing-page` (hosted by Tavus). **A change replaces the deployment**: the ID changes, and pages that show " +
					"the old one stop working.",
				Required:   true,
				Validators: []validator.String{oneOf{"widget", "embed", "landing-page"}},
			},
			"name": schema.StringAttribute{
				MarkdownDescription: "Name in the Tavus portal, any text. `\"\"` clears it. If left out, it is not managed. Set one " +
					"that is unique in the account: by it, a deployment is found again when the reply to its creation is lost.",
				Optional: true,
				Computed: true,
			},
			"status": schema.StringAttribute{
				MarkdownDescription: "`draft`, `active` or `inactive`. If left out, it is not managed: the server chooses it for a " +
					"new deployment, and a change in the portal stays.",
				Optional:   true,
				Computed:   true,
				Validators: []validator.String{oneOf{"draft", "active", "inactive"}},
			},
			"customization": schema.StringAttribute{
				MarkdownDescription: "Look and texts, as a JSON object; write it with `jsonencode`. Any key is accepted. Terraform owns " +
					"the keys that stand here: it sets them, repairs them when they drift, and removes them when they are " +
					"dropped. Keys that stand only on the server stay as they are. A key with the value null counts as not " +
					"written; a list is owned as a whole. `jsonencode({})` removes all that Terraform wrote. If left out, nothing " +
					"in it is managed.",
				Optional:   true,
				Computed:   true,
				Validators: []validator.String{jsonObjectValidator{}},
			},
			"limits": schema.StringAttribute{
				MarkdownDescription: "Limits of calls, as a JSON object, for example `jsonencode({ max_call_duration = 600 })` (seconds). " +
					"Any key is accepted. Keys are owned as in `customization`. If left out, nothing in it is managed.",
				Optional:   true,
				Computed:   true,
				Validators: []validator.String{jsonObjectValidator{}},
			},
			"allowed_origins": schema.SetAttribute{
				MarkdownDescription: "Origins whose pages may show the deployment, each as a browser sends it, such as " +
					"`https://www.example.com`. The set is managed as a whole. `[]` clears it. If left out, it is not managed.",
				ElementType: types.StringType,
				Optional:    true,
				Computed:    true,
			},
			"password": schema.StringAttribute{
				MarkdownDescription: "Password that visitors have to enter, at least one character. It stands in the state; `password_wo` " +
					"does not. If both are left out after one of them was set, the password is removed; a password that Terraform " +
					"never set stays. A password that was changed in the portal cannot be seen, one that was removed is put back.",
				Optional:   true,
				Sensitive:  true,
				Validators: []validator.String{notEmpty{noPassword}},
			},
			"password_wo": schema.StringAttribute{
				MarkdownDescription: "Password that visitors have to enter, write-only: it stands neither in the plan nor in the state. " +
					"Needs Terraform 1.11 or OpenTofu 1.11, and `password_wo_version`. Conflicts with `password`.",
				// Not Sensitive on top: the value stands in no plan and no state that could be
				// shown. Terraform 1.11 writes the paths of two sensitive attributes in random
				// order, and then a refresh-only plan reports a change that is none.
				Optional:   true,
				WriteOnly:  true,
				Validators: []validator.String{notEmpty{noPassword}},
			},
			"password_wo_version": schema.StringAttribute{
				MarkdownDescription: "Any text, such as `1` or the version ID of a secret. Terraform cannot compare a write-only " +
					"password, so the password is sent when this changes.",
				Optional: true,
			},
			"has_password": schema.BoolAttribute{
				MarkdownDescription: "Whether visitors have to enter a password.",
				Computed:            true,
			},
			"thumbnail_video_url": schema.StringAttribute{
				MarkdownDescription: "Address of the thumbnail video, null where the server has none. It can change with `pal_id`.",
				Computed:            true,
			},
			"thumbnail_image_url": schema.StringAttribute{
				MarkdownDescription: "Address of the thumbnail image, null where the server has none. It can change with `pal_id`.",
				Computed:            true,
			},
			"created_at": schema.StringAttribute{
				MarkdownDescription: "When the deployment was created (RFC 3339).",
				Computed:            true,
			},
		},
	}
}

func (r *deploymentResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{
		Attributes: map[string]identityschema.Attribute{
			"deployment_id": identityschema.StringAttribute{
				Description:       "ID of the deployment.",
				RequiredForImport: true,
			},
		},
	}
}
