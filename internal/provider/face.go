package provider

import (
	"fmt"
	"net/url"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/tavus/terraform-provider-tavus/internal/tavus"
)

// faces are what visitors see of a PAL (docs.tavus.io/api-reference/faces). They are only read:
// training one takes hours, costs money, and needs the rights of a person.
var faces = &kind{
	name: "face", plural: "faces",
	dataAbout: "Reads one face, by its ID or by its exact name, for the `default_face_id` of a PAL. Names need not be unique: the vendor " +
		"can add a face of the same name, so in production write the `face_id`.",
	dataListAbout: "Lists the faces that the account can use. Filters add up.",
	api: &tavus.Collection{
		Path: "/v2/faces", ID: "face_id", Noun: "face", FirstPage: 1,
		ListQuery: url.Values{"verbose": {"true"}}, GetQuery: url.Values{"verbose": {"true"}},
	},
	fields: []field{
		{name: "face_id", about: "ID of the face, which a PAL takes as `default_face_id`."},
		{name: "name", at: "/face_name", about: "Name of the face."},
		{name: "face_type", about: "`user` for a face of the account, `system` for one that Tavus offers; null where the server does not say."},
		{name: "model_name", about: "Model that the face was trained for, such as `phoenix-4.5`."},
		{name: "status", about: "`started`, `completed` or `error`. Only a completed face can be used."},
		{name: "training_progress", about: "How far the training is, such as `20/100`, null where the server does not say."},
		{name: "error_message", about: "Why the training failed, null where it did not."},
		{name: "default_voice_id", about: "ID of the voice that the face speaks with, null where it has none."},
		{name: "thumbnail_video_url", value: link, about: "Address of the thumbnail video, null where the server has none."},
		{name: "thumbnail_image_url", value: link, about: "Address of the thumbnail image, null where the server has none."},
		{name: "created_at", value: timestamp, about: "When the face was created (RFC 3339)."},
	},
	filters: []filter{
		{
			name: "face_type", at: "/face_type", query: "face_type", oneOf: []string{"user", "system"}, split: true, narrows: true,
			about: "`user` for the faces of the account, `system` for those that Tavus offers. If left out, both.",
		},
		{
			name: "model_name", at: "/model_name", query: "model_name", narrows: true,
			about: "Name of a model, such as `phoenix-4.5`: only faces of this model. If left out, every model.",
		},
		{name: "search", at: "/face_name", part: true, about: "Part of the name, in any case: only faces whose name holds it. If left out, all names."},
	},
	warnData: warnFace,
}

func warnFace(one *item, diags *diag.Diagnostics) {
	if status := one.text("/status"); status != "" && status != "completed" {
		diags.AddWarning(fmt.Sprintf("face %s is not ready", one.id),
			fmt.Sprintf("The status of the face %s is %s. A PAL can use it when the status is completed.", one.id, status))
	}
}
