package provider

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/tavus/terraform-provider-tavus/internal/advice"
	"github.com/tavus/terraform-provider-tavus/internal/tavus"
)

var (
	channels = []string{"widget", "embed", "landing-page"}
	statuses = []string{"draft", "active", "inactive"}
)

const replaceAdvice = "This server does not seem to change it in place. To get the new one anyway, replace the deployment: terraform apply " +
	"-replace=ADDRESS. Its ID changes then, and pages that show the old one stop working."

// deployments are the deployments of PALs (docs.tavus.io/api-reference/deployments).
var deployments = &kind{
	name: "deployment", plural: "deployments",
	about: "Publishes a PAL to visitors: as a floating widget, an inline embed, or a hosted landing page.\n\n" +
		"Arguments that the configuration leaves out are not managed: they keep what the Tavus portal or the server put " +
		"there, and never cause a plan. In `customization` and `limits` that holds key by key: Terraform owns the keys " +
		"that the configuration wrote, and no others.",
	dataAbout: "Reads one deployment, by its ID or by its exact name, whoever made it. Nothing is managed. Everything " +
		"that the API returns is here, the counters of conversations included, so outputs made of it can change with every plan.",
	dataListAbout: "Lists the deployments of the account, whoever made them. Filters add up.",
	listAbout: "Lists the deployments of the account for `terraform query` (Terraform 1.14 and later), whoever made them, " +
		"and writes the configuration to adopt them with `-generate-config-out`. Nothing is written to the server. Filters add up. " +
		"Terraform asks for 100 results at most; set `limit` in the `list` block to get more.",
	api: &tavus.Collection{
		Path: "/v2/deployments", ID: "deployment_id", Noun: "deployment", FirstPage: 1,
		Whole:     []string{"pal_id", "channel", "status", "has_password", "thumbnail_video_url", "thumbnail_image_url", "created_at"},
		WriteOnly: []string{"password"},
		FoundBy:   []string{"/pal_id", "/channel", "/name"},
		Moving:    []string{"updated_at", "usage_total", "usage_today", "thumbnail_video_url", "thumbnail_image_url", "replica_thumbnail_video_url"},
	},
	wholeAt: "/customization", label: "/channel", moved: true,
	fields: []field{
		{name: "deployment_id", about: "ID of the deployment, the one that pages show it by. It never changes while the resource is not replaced."},
		{
			name: "pal_id", use: required, verified: true, validators: filled,
			about: "ID of the PAL that visitors talk to. A change is made in place: the deployment keeps its ID.",
			shown: "ID of the PAL that visitors talk to.",
		},
		{
			name: "channel", use: required, verified: true, replaces: true, oneOf: channels, validators: filled,
			about: "How visitors meet the PAL: `widget` (floating on a page), `embed` (inline in a page) or " +
				"`landing-page` (hosted by Tavus). **A change replaces the deployment**: the ID changes, and pages that show " +
				"the old one stop working.",
			shown: "How visitors meet the PAL: `widget`, `embed` or `landing-page`.",
		},
		{
			name: "name", use: managed, clear: `""`,
			about: "Name in the Tavus portal, any text. `\"\"` clears it. If left out, it is not managed. Set one " +
				"that is unique in the account: by it, a deployment is found again when the reply to its creation is lost.",
		},
		{
			name: "status", use: managed, verified: true, afterCreate: true, oneOf: statuses, validators: filled,
			about: "`draft`, `active` or `inactive`. If left out, it is not managed: the server chooses it for a " +
				"new deployment, and a change in the portal stays.",
			shown: "`draft`, `active` or `inactive`.",
		},
		{
			name: "customization", use: managed, value: jsonObject, checkedBy: advice.DeploymentCustomization,
			about: "Look and texts, as a JSON object; write it with `jsonencode`. Any key is accepted; a plan warns of those that are " +
				"not in [the list of keys](../guides/customization-keys). Terraform owns the keys that are here: it sets them, repairs them when they drift, and removes them when they are " +
				"dropped. Keys that are only on the server stay as they are. A key with the value null counts as not " +
				"written; a list is owned as a whole. `jsonencode({})` removes all that Terraform wrote. If left out, nothing " +
				"in it is managed.",
			shown: "Look and texts, the whole JSON object as the server holds it, `{}` where it holds none. Read it with " +
				"`jsondecode`. A key whose value is null is left out.",
		},
		{
			name: "limits", use: managed, value: jsonObject, checkedBy: advice.DeploymentLimits,
			about: "Limits of calls, as a JSON object, for example `jsonencode({ max_call_duration = 600 })` (seconds). " +
				"Any key is accepted. `daily_call_limit_per_user` is counted in the visitor's browser, so it is a soft limit. " +
				"Keys are owned as in `customization`. If left out, nothing in it is managed.",
			shown: "Limits of calls, the whole JSON object as the server holds it, `{}` where it holds none.",
		},
		{
			name: "allowed_origins", use: managed, value: textSet, clear: "[]",
			about: "Origins whose pages may show the deployment, each as a browser sends it, such as " +
				"`https://www.example.com`. The set is managed as a whole. `[]` clears it. If left out, it is not managed.",
			shown: "Origins whose pages may show the deployment, empty where the server holds none.",
		},
		{name: "has_password", value: flag, about: "Whether visitors have to enter a password."},
		{
			name: "thumbnail_video_url", value: link, movesWith: []string{"pal_id"},
			about: "Address of the thumbnail video, null where the server has none. It can change with `pal_id`.",
		},
		{
			name: "thumbnail_image_url", value: link, movesWith: []string{"pal_id"},
			about: "Address of the thumbnail image, null where the server has none. It can change with `pal_id`.",
		},
		{name: "created_at", value: timestamp, about: "When the deployment was created (RFC 3339)."},
	},
	secrets: []secret{{
		name: "password", at: "/password", shownBy: "has_password",
		about: "Password that visitors have to enter, at least one character. It is in the state; `password_wo` " +
			"is not. If both are left out after one of them was set, the password is removed; a password that Terraform " +
			"never set stays. A password that was changed in the portal cannot be seen, one that was removed is put back.",
		aboutWriteOnly: "Password that visitors have to enter, write-only: it is neither in the plan nor in the state. " +
			"Needs Terraform 1.11 or OpenTofu 1.11, and `password_wo_version`. Conflicts with `password`.",
		aboutVersion: "Any text, such as `1` or the version ID of a secret. Terraform cannot compare a write-only " +
			"password, so the password is sent when this changes.",
	}},
	dataFields: []field{
		{name: "usage_total", value: number, about: "Number of conversations so far, null where the server gives none. It grows with every visitor."},
		{name: "usage_today", value: number, about: "Number of conversations today, null where the server gives none."},
		{name: "updated_at", value: timestamp, about: "When the deployment was last changed (RFC 3339), by Terraform or in the portal."},
	},
	filters: []filter{
		{
			name: "pal_id", at: "/pal_id", query: "pal_id", narrows: true,
			about: "ID of a PAL: only its deployments. If left out, the deployments of every PAL.",
		},
		{
			name: "search", at: "/name", query: "search",
			about: "Part of the name, in any case: only deployments whose name holds it. If left out, all names, and none.",
		},
		{
			name: "status", at: "/status", query: "status",
			about: "`draft`, `active` or `inactive`: only deployments of this status. If left out, every status.",
		},
		{
			name: "channel", at: "/channel", narrows: true,
			about: "`widget`, `embed` or `landing-page`: only deployments of this channel. If left out, every channel.",
		},
	},
	validate:      validateDeployment,
	warn:          warnDeployment,
	adviceRefused: map[string]string{"pal_id": replaceAdvice, "status": "Set the status in the Tavus portal, or leave the argument out."},
}

func validateDeployment(config values, diags *diag.Diagnostics) {
	if config.isSet("allowed_origins") && slices.Contains(config.texts("allowed_origins"), "") {
		diags.AddAttributeError(path.Root("allowed_origins"), "Empty origin", "allowed_origins holds an empty text. Leave the element out.")
	}
}

func warnDeployment(config, plan, _ values, diags *diag.Diagnostics) {
	title := plannedTitle("deployment", plan)
	warnOrigins(title, config, diags)
	for _, name := range []string{"password", "password_wo"} {
		if problem := passwordProblem(config.text(name)); problem != "" {
			diags.AddWarning(title+" "+name+": hard to type", "The "+name+" "+problem+" Visitors have to type it exactly.")
		}
	}
}
