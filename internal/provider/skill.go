package provider

import "github.com/tavus/terraform-provider-tavus/internal/tavus"

// skills are skills of PALs (docs.tavus.io/api-reference/pals, skills). The PUT of all skills of a PAL is
// never used: it would detach those that it does not name.
var skills = &kind{
	name: "pal_skill", parent: "pal_id",
	about: "A skill that a PAL has in its conversations, such as showing slides. It acts from the next conversation on.\n\n" +
		"Other skills of the PAL, and keys of `config` that the configuration does not have, are not managed: they keep what the Tavus " +
		"portal or the server put there. Destroying the resource detaches the skill.\n\n" +
		"The API changes a skill as a whole: an edit that a person makes in the portal in the moment between the read and the write of an " +
		"apply is lost.",
	api: &tavus.Collection{
		Path: "/v2/pals/{pal_id}/skills", ID: "skill_id", Noun: "PAL skill", Style: tavus.Put, Keyed: true, Chosen: true, Of: pals.api,
		Moving: []string{"updated_at"},
	},
	fields: []field{
		{
			name: "skill_id", use: required, replaces: true, validators: filled, oneOf: []string{"internet_search", "presentation", "magic_canvas"},
			about: "ID of the skill: `internet_search`, `presentation` or `magic_canvas`. Another one gives a warning, and the server decides. " +
				"A change replaces the resource.",
		},
		{
			name: "config", use: managed, value: jsonObject, clear: "{}",
			about: "Settings of the skill, a JSON object that is owned key by key; write it with `jsonencode`. `presentation` needs " +
				"`document_ids`, the decks in their order, and takes `slides_trigger` and `prompt`; `magic_canvas` takes `components`, " +
				"where all are on unless one has `enabled = false`; `internet_search` takes none. The server refuses keys that it does not " +
				"know. If left out, it is not managed.",
		},
		{name: "attached_at", value: timestamp, about: "When the skill was attached (RFC 3339)."},
	},
}
