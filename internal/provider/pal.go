package provider

import "github.com/tavus/terraform-provider-tavus/internal/tavus"

// pals are the PALs of the account (docs.tavus.io/api-reference/pals), for the pal_id of a
// deployment. What is inside their layers is never read: it holds keys of other services.
var pals = &kind{
	name: "pal", plural: "pals",
	dataAbout: "Reads one PAL, by its ID or by its name, for the `pal_id` of a deployment. What is inside a PAL (its " +
		"prompt, and its layers with the keys of other services) is not read into the state.",
	dataListAbout: "Lists the PALs that the account can use. Filters add up.",
	api: &tavus.Collection{
		Path: "/v2/pals", ID: "pal_id", Noun: "PAL", FirstPage: 1, FoundBy: []string{"/default_face_id", "/pal_name"}, Moving: []string{"updated_at"},
	},
	looseNames: true,
	fields: []field{
		{name: "pal_id", about: "ID of the PAL, which a deployment takes as `pal_id`."},
		{name: "name", at: "/pal_name", about: "Name of the PAL as it is stored, null where it has none. Tavus takes the punctuation out of names."},
		{name: "pal_type", about: "`user` or `system`, null where the server does not say."},
		{name: "default_face_id", about: "ID of the face that visitors see, null where the PAL has none."},
		{name: "pipeline_mode", about: "`full` or `echo`, null where the server does not say."},
		{name: "created_at", value: timestamp, about: "When the PAL was created (RFC 3339)."},
	},
	dataFields: []field{
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
}
