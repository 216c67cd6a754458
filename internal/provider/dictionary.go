package provider

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tavus/terraform-provider-tavus/internal/tavus"
)

// Limits of a rule (docs.tavus.io/api-reference/pronunciation-dictionaries), in characters.
const (
	maxRuleText      = 200
	maxPronunciation = 500
)

// dictionaries are pronunciation dictionaries.
var dictionaries = &kind{
	name: "pronunciation_dictionary", plural: "pronunciation dictionaries", moved: true,
	about: "How a PAL pronounces words, such as product names. A change reaches every PAL that uses the dictionary.\n\n" +
		"**Deleting a dictionary is final**: it is deleted at the voice vendors, too, and every PAL that uses it loses it.",
	dataAbout: "Reads one pronunciation dictionary, by its ID or by its exact name, whoever made it.",
	listAbout: "Lists the pronunciation dictionaries of the account for `terraform query` (Terraform 1.14 and later), whoever made them. " +
		"Nothing is written to the server.",
	api: &tavus.Collection{
		Path: "/v2/pronunciation-dictionaries", ID: "pronunciation_dictionary_id", Noun: "pronunciation dictionary", FirstPage: 0,
		FoundBy: []string{"/name"}, Moving: []string{"updated_at"},
	},
	wholeAt: "/rules",
	fields: []field{
		{name: "pronunciation_dictionary_id", about: "ID of the dictionary, which a PAL takes as `pronunciation_dictionary_id`."},
		{name: "name", use: required, about: "Name of the dictionary, 1 to 255 characters.", validators: []validator.String{stringvalidator.UTF8LengthBetween(1, 255)}},
		{
			name: "rules", use: managed, value: objectMap, key: "text", clear: "[]",
			about: "The words and how they are pronounced: a map from the text, at most 200 characters, to its rule. The map is managed as a " +
				"whole. `{}` clears it. If left out, it is not managed.",
			fields: []field{
				{
					name: "pronunciation", use: required, about: "How the text is pronounced, at most 500 characters: other words for `alias`, sounds for `ipa`.",
					validators: []validator.String{stringvalidator.UTF8LengthBetween(1, maxPronunciation)},
				},
				{name: "type", use: required, oneOf: []string{"alias", "ipa"}, validators: filled, about: "`alias` (written with other words) or `ipa` (International Phonetic Alphabet)."},
				{name: "case_sensitive", use: managed, value: flag, about: "Whether upper and lower case count. If left out, it is not managed; the server takes `false`."},
				{
					name: "word_boundaries", use: managed, value: flag,
					about: "Whether only whole words count. If left out, it is not managed; the server takes `true`. One voice engine ignores it.",
				},
			},
		},
		{name: "created_at", value: timestamp, about: "When the dictionary was created (RFC 3339)."},
	},
	dataFields: []field{
		{name: "rules_count", value: number, about: "Number of rules."},
		{name: "updated_at", value: timestamp, about: "When the dictionary was last changed (RFC 3339)."},
	},
	validate: validateDictionary, warn: warnDictionary,
}

func validateDictionary(config values, diags *diag.Diagnostics) {
	var rules map[string]tftypes.Value
	if !known(config["rules"]) || config["rules"].As(&rules) != nil {
		return
	}
	for _, text := range sortedKeys(rules) {
		at := path.Root("rules").AtMapKey(text)
		if text == "" || utf8.RuneCountInString(text) > maxRuleText {
			diags.AddAttributeError(at, "A text is empty or too long", fmt.Sprintf("The text of a rule has 1 to %d characters.", maxRuleText))
		}
	}
}

// warnDictionary warns of texts that a server may take for one. Some do not, so a dictionary with them
// can be imported.
func warnDictionary(config, plan, state values, diags *diag.Diagnostics) {
	if !known(config["rules"]) || state != nil && plan.equal("rules", state) {
		return
	}
	folded := map[string]string{}
	for _, text := range sortedKeys(innerOf(config["rules"])) {
		if other, twice := folded[strings.ToLower(text)]; twice {
			diags.AddAttributeWarning(path.Root("rules").AtMapKey(text), fmt.Sprintf("pronunciation dictionary %s rules: %q and %q differ in case only", plan.text("name"), other, text),
				"The server may take the two texts for one and refuse them, or keep one of them. The rules are sent as they are.")
		}
		folded[strings.ToLower(text)] = text
	}
}
