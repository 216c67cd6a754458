package provider

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tavus/terraform-provider-tavus/internal/advice"
	"github.com/tavus/terraform-provider-tavus/internal/tavus"
)

// pals are the PALs of the account (docs.tavus.io/api-reference/pals). Keys of other services are inside
// their layers; they are secrets here, and never read.
var pals = &kind{
	name: "pal", plural: "pals", looseNames: true, moved: true,
	about: "A PAL: the agent that people talk to, with its prompt, its face and what it knows. A deployment shows it to visitors.\n\n" +
		"Arguments that the configuration leaves out are not managed: they keep what PAL Maker or the server put there, and never cause " +
		"a plan. In `layers` that holds key by key: Terraform owns the keys that the configuration wrote, and no others. Every change is " +
		"made in place; a PAL is never replaced. Terraform works on the live PAL, and never publishes anything.",
	dataAbout: "Reads one PAL, by its ID or by its name, whoever made it. The keys of other services inside its layers are not read " +
		"into the state.",
	dataListAbout: "Lists the PALs that the account can use. Filters add up. The keys of other services inside their layers are not read.",
	listAbout: "Lists the PALs that the account can use for `terraform query` (Terraform 1.14 and later), whoever made them. Nothing is " +
		"written to the server. Set `pal_type` to `user`: the PALs of Tavus cannot be changed.",
	api: &tavus.Collection{
		Path: "/v2/pals", ID: "pal_id", Noun: "PAL", FirstPage: 1, Exclusive: true,
		FoundBy: []string{"/default_face_id", "/pal_name"}, Moving: []string{"updated_at"},
	},
	olderNames: map[string]string{"/layers/conversational_flow/replica_interruptibility": "/layers/conversational_flow/pal_interruptibility"},
	copies:     []string{"/layers/tts/voice_settings/pronunciation_dict_id", "/layers/tts/voice_settings/pronunciation_dictionary_locators"},
	fields: []field{
		{name: "pal_id", about: "ID of the PAL, which a deployment takes as `pal_id`."},
		{
			name: "name", at: "/pal_name", use: managed, clear: `""`,
			about: "Name of the PAL, which people see in calls. Tavus can take punctuation out of it. If left out, it is not managed. Set one " +
				"that is unique in the account: by it, a PAL is found again when the reply to its creation is lost.",
			shown: "Name of the PAL as it is stored, null where it has none. Tavus can take punctuation out of names.",
		},
		{
			name: "default_face_id", use: required,
			about: "ID of the face that people see, of the account or of Tavus. `\"\"` is taken only for an old PAL that has none.",
			shown: "ID of the face that people see, null where the PAL has none.",
		},
		{
			name: "system_prompt", use: managed, clear: `""`,
			about: "What the PAL is told about itself and its task. A new PAL needs one, unless `pipeline_mode` is `echo`. A text from `file()` " +
				"or a heredoc can have CRLF or LF at the ends of its lines, which makes no difference. If left out, it is not managed.",
			shown: "What the PAL is told about itself and its task.",
		},
		{
			name: "pipeline_mode", use: managed, oneOf: []string{"full", "echo"}, validators: filled,
			about: "`full`, or `echo` for a PAL that only says what it is sent. If left out, it is not managed; the server takes `full`.",
			shown: "`full` or `echo`, null where the server does not say.",
		},
		{name: "greeting", use: managed, clear: `""`, about: "What the PAL says first. `\"\"` clears it. If left out, it is not managed."},
		{
			name: "context", use: managed, clear: `""`,
			about: "More that the PAL knows. Deprecated by Tavus: write it into `system_prompt`. `\"\"` clears it. If left out, it is not managed.",
		},
		{name: "description", at: "/pal_description", use: managed, clear: `""`, about: "Description of the PAL for people of the account. `\"\"` clears it. If left out, it is not managed."},
		{name: "languages", use: managed, value: texts, clear: "[]", about: "Codes of the languages that the PAL speaks, in order. `[]` clears them. If left out, they are not managed."},
		{
			name: "disclosure_type", use: managed, oneOf: []string{"always", "auto", "off"}, validators: filled,
			about: "When the PAL says that it is an AI: `always`, `auto` or `off`. If left out, it is not managed.",
		},
		{name: "verbal_disclosure", use: managed, clear: `""`, about: "What the PAL says for that. `\"\"` clears it. If left out, it is not managed."},
		{name: "visual_disclosure", use: managed, clear: `""`, about: "What is shown for that. `\"\"` clears it. If left out, it is not managed."},
		{name: "document_ids", use: managed, value: textSet, clear: "[]", about: "IDs of the documents that the PAL knows, as a whole. `[]` clears them. If left out, they are not managed."},
		{name: "document_tags", use: managed, value: textSet, clear: "[]", about: "Tags of documents: the PAL knows each document that has one of them. `[]` clears them. If left out, they are not managed."},
		{name: "guardrail_ids", use: managed, value: textSet, clear: "[]", about: "IDs of the guardrails that the PAL keeps to, as a whole. `[]` clears them. If left out, they are not managed."},
		{name: "guardrail_tags", use: managed, value: textSet, clear: "[]", about: "Tags of guardrails: the PAL keeps to each guardrail that has one of them. `[]` clears them. If left out, they are not managed."},
		{name: "objectives_id", use: managed, about: "ID of the objectives that the PAL works through. `\"\"` takes them off. If left out, they are not managed."},
		{
			name: "pronunciation_dictionary_id", at: "/layers/tts/pronunciation_dictionary_id", use: managed, clear: `""`,
			about: "ID of the dictionary that says how words are spoken. `\"\"` takes it off. If left out, it is not managed. It is not written in `layers`.",
			shown: "ID of the dictionary that says how words are spoken, null where there is none.",
		},
		{
			name: "layers", use: managed, value: jsonObject, checkedBy: advice.PalLayers,
			about: "How the PAL sees, hears, thinks and speaks (`perception`, `stt`, `conversational_flow`, `llm`, `tts`), as a JSON object; write it " +
				"with `jsonencode`. Any key is accepted; a plan warns of those that are not documented. Terraform owns the keys that are here: it " +
				"sets them, repairs them when they drift, and removes them when they are dropped. Keys that are only on the server stay as they " +
				"are. A key with the value null counts as not written; a list is owned as a whole. Not written here: `llm.api_key`, `llm.headers`, " +
				"`tts.api_key`, `tts.pronunciation_dictionary_id` and `conferencing`, which have arguments of their own. `llm.extra_body` and " +
				"`llm.default_query` are in plans and in the state, so put no secret into them. If left out, nothing in it is managed.",
			shown: "How the PAL sees, hears, thinks and speaks, the whole JSON object as the server holds it, without the keys of other services. " +
				"Read it with `jsondecode`.",
		},
		{
			name: "conferencing", at: "/layers/conferencing", use: managed, value: object, apart: true,
			about: "How people invite the PAL to meetings. If left out, it is not managed. It is written last, by a request of its own; if the " +
				"server refuses the other changes, it is not written at all.",
			shown: "How people invite the PAL to meetings.",
			fields: []field{
				{
					name: "username", use: required, validators: usernames,
					about: "First part of the address that people invite: lower-case letters, digits, `.`, `_` and `-`, at least 2. It is unique " +
						"over all customers of Tavus.",
				},
				{
					name: "allowlist", use: managed, value: texts, clear: "[]",
					about: "Addresses, or regular expressions of them, that may invite the PAL. `[]` lets anybody. If left out, it is not managed.",
				},
			},
		},
		{
			name: "conferencing_email", answered: true, movesWith: []string{"conferencing"},
			about: "Address that people invite the PAL by, as Tavus showed it when Terraform set `conferencing`; null where Terraform did not. The API does " +
				"not show it when a PAL is read.",
			shown: "Address that people invite the PAL by, null where the API does not show it: it does in lists only.",
		},
		{
			name: "overwrite_maker_changes", use: providerOnly, value: flag, hidden: true,
			about: "Whether an update discards the unpublished edits of a person in PAL Maker. The server refuses an update while there are some. " +
				"If left out, false: the update then fails, and nothing is changed.",
		},
		{name: "created_at", value: timestamp, about: "When the PAL was created (RFC 3339)."},
	},
	secrets: []secret{
		palKey("llm_api_key", "/layers/llm/api_key", "API key of the language model that `layers` names in `llm.base_url`"),
		palKey("tts_api_key", "/layers/tts/api_key", "API key of the speech service, for private voices"),
		{
			name: "llm_headers", at: "/layers/llm/headers", value: textMap, onlyWriteOnly: true,
			aboutWriteOnly: "Headers of the requests to the language model, write-only: they are neither in the plan nor in the state. They are " +
				"written as a whole. Needs Terraform 1.11 or OpenTofu 1.11, and `llm_headers_wo_version`. If left out after Terraform set them, " +
				"they are removed; headers that Terraform never set stay.",
			aboutVersion: "Any text, such as `1`. Terraform cannot compare write-only headers, so they are sent when this changes.",
		},
	},
	dataFields: []field{
		{name: "pal_type", about: "`user` or `system`, null where the server does not say."},
		{name: "updated_at", value: timestamp, about: "When the PAL was last changed (RFC 3339)."},
	},
	filters: []filter{
		{
			name: "pal_type", at: "/pal_type", query: "pal_type", oneOf: []string{"user", "system"},
			about: "`user` for the PALs of the account, `system` for those that Tavus offers. If left out, both.",
		},
		{
			name: "search", at: "/pal_name", part: true,
			about: "Part of the name, in any case: only PALs whose name holds it. If left out, all names.",
		},
	},
	warn: checkPal, warnDestroy: warnShownPal, refusedCreate: usernameTaken,
	overrule: &overrule{
		code: "maker_changes", argument: "overwrite_maker_changes", query: url.Values{"force": {"true"}},
		refused: "A person has edits of this PAL in PAL Maker that are not published, and an update would discard them. Nothing was changed.",
		wayOut:  "publish or discard the edits in PAL Maker and apply again",
		done: "A person had edits of this PAL in PAL Maker that were not published. They were discarded, because overwrite_maker_changes is " +
			"true. The live PAL now is what it was before, with the changes of this apply.",
	},
}

var usernames = []validator.String{stringvalidator.RegexMatches(regexp.MustCompile(`^[a-z0-9][a-z0-9._-]*[a-z0-9]$`),
	"must be at least 2 lower-case letters, digits, '.', '_' and '-', and begin and end with a letter or a digit")}

// palKey is the row of the key of another service.
func palKey(name, at, what string) secret {
	return secret{
		name: name, at: at,
		about: what + ". It is in the state; `" + name + "_wo` is not. If both are left out after one of them was set, the key is removed; a " +
			"key that Terraform never set stays. A key that was changed elsewhere cannot be seen.",
		aboutWriteOnly: what + ", write-only: it is neither in the plan nor in the state. Needs Terraform 1.11 or OpenTofu 1.11, and `" +
			name + "_wo_version`. Conflicts with `" + name + "`.",
		aboutVersion: "Any text, such as `1` or the version ID of a secret. Terraform cannot compare a write-only key, so the key is sent " +
			"when this changes.",
	}
}

// checkPal finds what depends on whether the PAL exists.
func checkPal(config, _, state values, diags *diag.Diagnostics) {
	if state == nil && config.isNull("system_prompt") && !config.isUnknown("pipeline_mode") && config.text("pipeline_mode") != "echo" {
		diags.AddAttributeError(path.Root("system_prompt"), "No system_prompt", "A new PAL needs a system_prompt, unless pipeline_mode is \"echo\".")
	}
	if config.isSet("default_face_id") && config.text("default_face_id") == "" && (state == nil || state.text("default_face_id") != "") {
		diags.AddAttributeError(path.Root("default_face_id"), "No default_face_id",
			"A PAL needs a face. Look one up with the data source tavus_face or tavus_faces.")
	}
}

// usernameTaken asks whether the server refused a create because of the username, which its answer does
// not say in a form for programs.
func usernameTaken(ctx context.Context, client *tavus.Client, plan values) (argument, advice string) {
	conferencing, err := decodeValues(plan["conferencing"])
	if err != nil || conferencing.text("username") == "" {
		return "", ""
	}
	answer, err := client.Ask(ctx, "/v2/pals/check-username", url.Values{"username": {conferencing.text("username")}})
	var check struct {
		Available *bool `json:"available"`
	}
	if err != nil || json.Unmarshal(answer, &check) != nil || check.Available == nil || *check.Available {
		return "", ""
	}
	return "conferencing", "The username is not available: usernames are unique over all customers of Tavus. Choose another one."
}

// warnShownPal warns that deployments show the PAL, as far as the server says so.
func warnShownPal(ctx context.Context, client *tavus.Client, state values, diags *diag.Diagnostics) {
	id := state.text("id")
	var showing []*item
	for one, err := range deployments.items(ctx, client, values{"pal_id": tftypes.NewValue(tftypes.String, id)}, false, 0) {
		if err != nil {
			return
		}
		showing = append(showing, one)
	}
	if len(showing) > 0 {
		diags.AddWarning(fmt.Sprintf("PAL %s is shown by deployments", id),
			fmt.Sprintf("These deployments show PAL %s, which this plan destroys: %s. Visitors cannot talk to it any more, unless the deployments "+
				"get another PAL, or are destroyed too.", id, enumerate(ids(showing))))
	}
}
