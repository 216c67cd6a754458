package provider

import (
	"net/url"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/tavus/terraform-provider-tavus/internal/ownership"
	"github.com/tavus/terraform-provider-tavus/internal/tavus"
)

// tools are what an agent can call in a conversation (docs.tavus.io/api-reference/tools).
//
// The argument api stands for the whole member "delivery". Without it the member has nothing that
// a row stands for: the call then goes to the page of the conversation.
var tools = &kind{
	name: "tool", plural: "tools", moved: true,
	about: "A tool that an agent can call in a conversation. With `api` Tavus calls a back end; without it, the page of the conversation gets " +
		"an app message. A PAL uses a tool only after `tavus_pal_tools` attached it. The guide [Giving an agent tools](../guides/agent-tools) " +
		"has examples of both.\n\nArguments that the configuration leaves out are not managed: they keep what the Tavus portal or the server put there. `api` and `api.auth` are the exception: left out, they are " +
		"taken away. Deleting a tool detaches it from every PAL.",
	dataAbout: "Reads one tool, by its ID or by its exact name, whoever made it. Secrets are not shown. A system tool, such as `end_call`, " +
		"is found by its ID, which is its name.",
	dataListAbout: "Lists the tools of the account, whoever made them, without the system tools. Secrets are not shown.",
	listAbout: "Lists the tools of the account for `terraform query` (Terraform 1.14 and later), whoever made them, without the system tools. " +
		"Nothing is written to the server.",
	api: &tavus.Collection{
		Path: "/v2/tools", ID: "tool_id", Noun: "tool", Style: tavus.Merge, FirstPage: 1, ListQuery: url.Values{"type": {"user"}},
		FoundBy: []string{"/name"}, Moving: []string{"updated_at"},
	},
	fields: []field{
		{name: "tool_id", about: "ID of the tool, by which it is attached to a PAL."},
		{
			name: "name", use: required,
			about: "Name by which the model calls the tool, unique in the account: a letter or `_`, then letters, digits and `_`, at most 64 " +
				"characters, and no `tavus_` at the beginning. A tool cannot be replaced with `create_before_destroy`, because the old one has the name.",
			shown: "Name by which the model calls the tool, unique in the account.",
			validators: []validator.String{
				stringvalidator.RegexMatches(regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_]{0,63}$`), "must begin with a letter or _, and have at most 64 letters, digits and _"),
			},
		},
		{
			name: "description", use: required, validators: filled,
			about: "When the model should call the tool, and what for. Together with `parameters` at most 10,000 characters.",
		},
		{
			name: "parameters", use: managed, value: jsonValue, clear: "{}",
			about: "What the model has to say in a call, a JSON Schema of type `object`; write it with `jsonencode`. It is compared by its " +
				"meaning and replaced as a whole. Keys whose value is `null` are left out. `jsonencode({})` clears it. If left out, it is not managed.",
			shown: "What the model has to say in a call, a JSON Schema, `{}` where the tool has none.",
		},
		{
			name: "trigger_type", use: managed, oneOf: []string{"in_call", "post_call"}, validators: filled,
			about: "`in_call`, while the conversation goes on, or `post_call`, after it, which needs `api` and takes no `origin`. If left out, " +
				"it is not managed; the server takes `in_call`.",
			shown: "`in_call`, while the conversation goes on, or `post_call`, after it.",
		},
		{
			name: "origin", use: managed, oneOf: []string{"llm", "vision", "audio"}, movesWith: []string{"trigger_type"},
			about: "Who calls the tool: `llm`, `vision` or `audio`. If left out, it is not managed; the server takes `llm`. `\"\"` resets it.",
			shown: "Who calls the tool: `llm`, `vision` or `audio`.",
		},
		{
			name: "on_call", use: managed, movesWith: []string{"trigger_type", "origin"},
			oneOf: []string{"generate_filler", "static_filler", "silent", "passthrough"},
			about: "What the agent says while the tool runs: `generate_filler`, `static_filler`, `silent` or `passthrough`. Only for the origin " +
				"`llm`. If left out, it is not managed; the server takes `generate_filler`. `\"\"` resets it.",
			shown: "What the agent says while the tool runs: `generate_filler`, `static_filler`, `silent` or `passthrough`.",
		},
		{
			name: "static_filler", use: managed, movesWith: []string{"on_call"},
			about: "The sentence of `on_call = \"static_filler\"`, and of no other. `\"\"` takes it away. If left out, it is not managed.",
			shown: "The sentence that the agent says while the tool runs.",
		},
		{
			name: "on_resolve", use: managed, validators: filled,
			oneOf: []string{"fire_and_forget", "generate_response", "response_in_result", "add_to_context"},
			about: "What becomes of the result: `fire_and_forget`, `generate_response`, `response_in_result` or `add_to_context`. If left out, " +
				"it is not managed; the server takes `fire_and_forget`.",
			shown: "What becomes of the result: `fire_and_forget`, `generate_response`, `response_in_result` or `add_to_context`.",
		},
		{
			name: "api", at: "/delivery", use: optional, value: wholeObject, fields: apiFields,
			about: "The back end that Tavus calls. If left out, the page of the conversation gets an app message instead, and an `api` that the " +
				"tool had is taken away. A change sends all of `api`; members that the configuration leaves out to the server keep what the " +
				"state shows.",
			shown: "The back end that Tavus calls, null where the page of the conversation gets an app message.",
		},
		{name: "created_at", value: timestamp, about: "When the tool was created, as the server writes it."},
	},
	dataFields: []field{
		{name: "is_system_tool", value: flag, about: "Whether the tool is one of Tavus' own, which cannot be changed."},
		{name: "updated_at", value: timestamp, about: "When the tool was last changed, as the server writes it."},
	},
	filters: []filter{
		{name: "search", at: "/name", query: "name_or_uuid", about: "Part of the name, in any case, or an ID: only tools that have it. If left out, all."},
	},
	validate: validateTool,
	warn:     checkToolPlan,
	adapt:    adaptTool,
	unfit: func(document *ownership.Document) string {
		if system, _ := document.At("/is_system_tool"); system == true {
			return "This is a system tool. It belongs to Tavus and cannot be changed, so it cannot be managed. The data source tavus_tool reads it."
		}
		return ""
	},
}

// adaptTool takes the type "none" for no auth at all, unless the configuration has it.
func adaptTool(live, known *ownership.Document) *ownership.Document {
	kind, _ := live.At("/delivery/api/auth/type")
	if wanted, _ := known.At("/delivery/api/auth/type"); kind == "none" && wanted != kind {
		return live.With("/delivery/api/auth", nil)
	}
	return live
}

var apiFields = []field{
	{name: "url", at: "/api/url", use: required, validators: filled, about: "Address of the back end, `https`, with a fixed host. Its path and query can have `{placeholders}`, which are arguments of the call."},
	{name: "method", at: "/api/method", use: managed, validators: filled, about: "HTTP method, such as `POST`. If left out, it is not managed.", shown: "HTTP method."},
	{name: "timeout", at: "/api/timeout", use: managed, value: number, about: "How long Tavus waits for an answer, in seconds, at most 60. If left out, it is not managed.", shown: "How long Tavus waits for an answer, in seconds."},
	{name: "content_type", at: "/api/content_type", use: managed, validators: filled, about: "Content type of the request, such as `application/json`. If left out, it is not managed.", shown: "Content type of the request."},
	{
		name: "headers", at: "/api/headers", use: managed, value: textMap,
		about: "Headers of the request, as a whole. `{}` clears them. If left out, they are not managed. They are shown in plans, in the state " +
			"and by the API, so put no secret into them: that is what `auth` is for.",
		shown: "Headers of the request.",
	},
	{
		name: "query_params", at: "/api/query_params", use: managed, value: textMap,
		about: "Parameters of the query, as a whole. `{}` clears them. If left out, they are not managed. They are shown as the headers are.",
		shown: "Parameters of the query.",
	},
	{
		name: "body_template", at: "/api/body_template", use: managed, value: jsonValue,
		about: "Body of the request, a JSON object with `{placeholders}`; write it with `jsonencode`. Keys whose value is `null` are left " +
			"out. `jsonencode({})` clears it: all arguments of the call are the body then. If left out, it is not managed.",
		shown: "Body of the request, a JSON object with `{placeholders}`.",
	},
	{
		name: "auth", at: "/api/auth", use: optional, value: wholeObject, fields: authFields, secret: &authSecret,
		about: "How the request proves who sends it. If left out, it does not, and the credentials that the tool had are taken away.",
		shown: "How the request proves who sends it, without the secret.",
	},
}

var authFields = []field{
	{
		name: "type", use: required, oneOf: []string{"none", "bearer", "api_key", "basic", "oauth2_client_credentials", "hmac"}, validators: filled,
		about: "`bearer`, `api_key`, `basic`, `oauth2_client_credentials`, `hmac` or `none`.",
	},
	{name: "name", use: optional, about: "Of `api_key`: name of the header or of the parameter."},
	{name: "location", use: optional, oneOf: []string{"header", "query"}, about: "Of `api_key`: `header` or `query`."},
	{name: "username", use: optional, about: "Of `basic`: name of the user."},
	{name: "token_url", use: optional, about: "Of `oauth2_client_credentials`: address that gives out tokens."},
	{name: "client_id", use: optional, about: "Of `oauth2_client_credentials`: ID of the client."},
	{name: "scope", use: optional, about: "Of `oauth2_client_credentials`: scope of the token."},
}

var authSecret = secret{
	name: "secret", in: []string{"api", "auth"}, at: "/delivery/api/auth", memberBy: "type",
	members: map[string]string{
		"none": "", "bearer": "token", "api_key": "value", "basic": "password", "oauth2_client_credentials": "client_secret", "hmac": "secret",
	},
	about: "The one secret of the type: the token of `bearer`, the key of `api_key`, the password of `basic`, the client secret of " +
		"`oauth2_client_credentials`, the shared secret of `hmac`. It is in the state; `secret_wo` is not. If both are left out, the " +
		"server keeps the one that it has. A change of it outside Terraform cannot be seen.",
	aboutWriteOnly: "The one secret of the type, write-only: it is neither in the plan nor in the state. Needs Terraform 1.11 or OpenTofu " +
		"1.11, and `secret_wo_version`. Conflicts with `secret`.",
	aboutVersion: "Any text, such as `1` or the version ID of a secret. Terraform cannot compare a write-only value, so the secret is sent when " +
		"this changes.",
}
