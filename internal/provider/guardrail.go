package provider

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/tavus/terraform-provider-tavus/internal/tavus"
)

// Limits of a guardrail (docs.tavus.io/api-reference/guardrails), in characters.
const (
	maxGuardrailPrompt = 1000
	maxGuardrailTags   = 32
	maxGuardrailTag    = 64
)

// guardrails are single guardrails. The old sets of guardrails share the path; only
// legacy=false makes the list show guardrails.
var guardrails = &kind{
	name: "guardrail", plural: "guardrails", moved: true,
	about: "A rule that a PAL must not break in a conversation, such as a promise that it must not make. A PAL refers to it by its " +
		"ID, or by one of its tags.\n\nArguments that the configuration leaves out are not managed: they keep what the Tavus portal or " +
		"the server put there. Deleting a guardrail takes it out of every PAL.",
	dataAbout: "Reads one guardrail, by its ID or by its exact name, whoever made it.",
	listAbout: "Lists the guardrails of the account for `terraform query` (Terraform 1.14 and later), whoever made them. Nothing is " +
		"written to the server.",
	api: &tavus.Collection{
		Path: "/v2/guardrails", ID: "uuid", Noun: "guardrail", FirstPage: 0, ListQuery: url.Values{"legacy": {"false"}},
		FoundBy: []string{"/guardrail_prompt", "/guardrail_name"}, Moving: []string{"updated_at"},
	},
	importHint: "The ID of an old set of guardrails is not that of a guardrail: use those of the guardrails in it.",
	fields: []field{
		{name: "guardrail_id", at: "/uuid", about: "ID of the guardrail, which a PAL takes in `guardrail_ids`."},
		{
			name: "name", at: "/guardrail_name", use: required, about: "Name of the guardrail: letters, digits and `_`, at most 100 characters.",
			validators: []validator.String{stringvalidator.RegexMatches(regexp.MustCompile(`^[A-Za-z0-9_]{1,100}$`), "must have 1 to 100 letters, digits and _")},
		},
		{
			name: "prompt", at: "/guardrail_prompt", use: required, validators: filled,
			about: "What the PAL must not do, in plain words, at most 1,000 characters. A line break at the end, as a heredoc leaves one, counts.",
		},
		{
			name: "modality", use: managed, oneOf: []string{"verbal", "visual"}, validators: filled,
			about: "What is judged: `verbal`, what the PAL says, or `visual`, what it sees. If left out, it is not managed; the server takes `verbal`.",
		},
		{
			name: "callback_url", use: managed,
			about: "URL that is called when the guardrail is triggered, at most 2,048 characters. `\"\"` takes it away. It is shown in plans " +
				"and kept in the state, so put no token into it. If left out, it is not managed.",
		},
		{
			name: "tags", use: managed, value: textSet, clear: "[]",
			about: "Tags by which PALs refer to the guardrail (`guardrail_tags`), at most 32 of 64 characters each. `[]` clears them. If left " +
				"out, they are not managed.",
		},
		{
			name: "app_message", use: managed, value: flag,
			about: "Whether the page of the conversation gets a message when the guardrail is triggered. If left out, it is not managed.",
		},
		{name: "created_at", value: timestamp, about: "When the guardrail was created (RFC 3339)."},
	},
	dataFields: []field{
		{name: "updated_at", value: timestamp, about: "When the guardrail was last changed (RFC 3339)."},
	},
	filters: []filter{
		{name: "tags", query: "tags", about: "A tag, or several with commas between them: only guardrails that have one of them. If left out, all."},
	},
	validate: validateGuardrail,
}

func validateGuardrail(config values, diags *diag.Diagnostics) {
	if n := utf8.RuneCountInString(config.text("prompt")); n > maxGuardrailPrompt {
		diags.AddAttributeError(path.Root("prompt"), "prompt is too long",
			fmt.Sprintf("The prompt has %d characters, and a guardrail takes %d. A line break at the end counts: trimspace() takes it away.", n, maxGuardrailPrompt))
	}
	if len(config.text("callback_url")) > 2048 {
		diags.AddAttributeError(path.Root("callback_url"), "callback_url is too long", "A callback_url has at most 2,048 characters.")
	}
	tags := config.texts("tags")
	if len(tags) > maxGuardrailTags {
		diags.AddAttributeError(path.Root("tags"), "Too many tags", fmt.Sprintf("A guardrail takes %d tags, and these are %d.", maxGuardrailTags, len(tags)))
	}
	for _, tag := range tags {
		if tag == "" || utf8.RuneCountInString(tag) > maxGuardrailTag || strings.Contains(tag, ",") {
			diags.AddAttributeError(path.Root("tags"), "A tag is empty, too long, or holds a comma",
				fmt.Sprintf("A tag has 1 to %d characters and no comma.", maxGuardrailTag))
			return
		}
	}
}
