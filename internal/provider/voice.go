package provider

import "github.com/tavus/terraform-provider-tavus/internal/tavus"

// voices are what visitors hear (docs.tavus.io/api-reference/voices). They are only read. Older
// voices have no voice_id: their name is a slug that stands for one.
var voices = &kind{
	name: "voice", plural: "voices",
	dataAbout:     "Reads one voice, by its ID or by its exact name, for the `tts` layer of a PAL.",
	dataListAbout: "Lists the voices that the account can use. Filters add up.",
	api:           &tavus.Collection{Path: "/v2/voices", ID: "voice_id", OtherID: "voice_name", Noun: "voice", FirstPage: 1},
	fields: []field{
		{name: "voice_id", about: "ID of the voice. Of an older voice, which has none, its name."},
		{name: "name", at: "/voice_name", about: "Name of the voice."},
		{name: "voice_type", about: "Type of the voice, null where the server does not say."},
		{name: "status", about: "Status of the voice, null where the server does not say."},
	},
	filters: []filter{
		{name: "voice_type", at: "/voice_type", narrows: true, about: "Type of the voice: only voices of this type. If left out, every type."},
		{name: "search", at: "/voice_name", part: true, about: "Part of the name, in any case: only voices whose name holds it. If left out, all names."},
	},
}
