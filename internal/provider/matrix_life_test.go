package provider_test

// life is what happens to a deployment in the course of time. Every promise is
// asserted by the run after every step: see run.apply, run.compareServer and
// run.compareState.
func life() []step {
	customization := func(pointer, value string) edit {
		return edit{target: "customization", pointer: pointer, value: value}
	}
	limits := func(pointer, value string) edit { return edit{target: "limits", pointer: pointer, value: value} }
	set := func(target, value string) edit { return edit{target: target, value: value} }
	apply := func(edits ...edit) step { return step{kind: stepApply, edits: edits} }
	portal := func(edits ...edit) step { return step{kind: stepPortal, portal: edits} }

	return []step{
		// Created with all arguments, several keys, and keys that nobody expects.
		apply(set("name", `"Docs, for you!"`), set("status", `"draft"`), set("password", `"Secret-one"`),
			set("allowed_origins", `["https://Docs.Example.com/","http://localhost:3000"]`),
			customization("/a", `"Hello there, visitor"`), customization("/theme/mode", `"#FFF"`), customization("/theme/accent", `"#1a2B3c"`),
			customization("/preview/title", `1.0`), customization("/b", `9007199254740993`), customization("/list", `[1,2]`),
			customization("/deep/x/y", `[{"x":null},null]`), customization("/deep/x/z", `null`), customization("/e", `{}`),
			customization("/", `123456789012345678901234567890`), customization("/odd~1key", `true`), customization("/~0", `1e0`),
			customization("/q\"uote", `"<&> ${a} %{b} \"q\" \\ é"`), customization("/${k}", `""`), customization("/schön", `[]`),
			limits("/max_call_duration", `600`), limits("/total", `2`)),
		apply(set("layout", `1`)), // the same in another spelling
		// People add keys of their own, and visitors come.
		portal(customization("/preview/btn_title", `"Welcome back, visitor"`), customization("/dot.key", `"#FFF"`), customization("/e/z", `1`),
			customization("/deep/x/z", `["b","a"]`), limits("/daily_call_limit_per_user", `2`)),
		{kind: stepVisit},
		apply(),
		// Drift of everything that is owned.
		portal(customization("/a", `"Welcome back, visitor"`), customization("/list", ``), customization("/theme/mode", `"#1a2B3c"`),
			customization("/odd~1key", `false`), limits("/total", ``), set("name", `"Other"`), set("status", `"inactive"`),
			set("allowed_origins", `["https://elsewhere.example.com"]`), set("pal_id", `"`+otherPal+`"`), set("password", ``)),
		apply(),
		// A change, and keys that go.
		apply(customization("/a", `2`), customization("/b", ``), customization("/deep/x/y", ``), customization("/odd~1key", ``),
			customization("/show_haircheck", `false`), customization("/e", ``), limits("/max_call_duration", `60`), set("name", `"Docs for you"`)),
		apply(customization("/show_haircheck", ``), customization("/theme/mode", ``)), // keys that have a default
		// Lines that go, and come back with less in them.
		apply(set("status", ``), set("limits", ``), set("allowed_origins", ``), set("name", ``)),
		portal(limits("/daily_call_limit_per_user", `7`), set("status", `"active"`), set("name", `"Theirs"`)),
		apply(),
		apply(limits("/max_call_duration", `60`), set("name", `"!!!"`), set("allowed_origins", `["https://docs.example.com"]`)),
		// The password: changed, moved, changed by its version, removed.
		apply(set("password", `"Secret-two"`)),
		apply(set("password_wo", `"Secret-two@1"`)),
		apply(set("password_wo", `"Secret-one@2"`)),
		portal(set("password", ``)),
		apply(),
		portal(set("password", ``)),
		apply(set("password", ``)), // Terraform and a person remove it
		apply(set("password", `"Secret-one"`)),
		apply(set("password", ``)),
		portal(set("password", `"Secret-of-a-person"`)),
		apply(set("status", `"active"`)),
		// Edits while Terraform is at work.
		{
			kind: stepSaved, edits: []edit{customization("/a", `1`), customization("/b", `true`)},
			portal: []edit{customization("/a", `false`), customization("/dot.key", `1`)},
		},
		{
			kind: stepSaved, edits: []edit{customization("/a", `2`), set("name", `"Docs, for you!"`)},
			portal: []edit{customization("/b", `-0.5`), set("status", `"draft"`)},
		},
		{
			kind: stepDuring, edits: []edit{customization("/a", `"#FFF"`)},
			portal: []edit{customization("/b", `2`), customization("/list", `[1,2]`)},
		},
		{
			kind: stepDuring, edits: []edit{customization("/a", `"Welcome back, visitor"`)},
			portal: []edit{customization("/a", `"Hello there, visitor"`)},
		},
		// Everything cleared, but nothing that people wrote.
		apply(set("customization", `{}`), set("limits", `{}`), set("name", `""`), set("allowed_origins", `[]`)),
		apply(set("pal_id", `"`+otherPal+`"`)),
		// An import, with a configuration of some of the keys.
		portal(customization("/a", `"#FFF"`), customization("/list", `[1,2]`), customization("/preview/title", `null`)),
		{kind: stepImport},
		apply(customization("/a", `"#FFF"`), customization("/list", `[1,2]`), set("limits", ``), set("ignore_changes", `["status","limits"]`)),
		portal(customization("/dot.key", `2`)),
		{kind: stepRefresh},
		apply(set("name", `"Other"`)),
		portal(customization("/dot.key", `"Welcome back, visitor"`)),
		apply(customization("/a", `1`), customization("/list", ``)),
		apply(set("ignore_changes", `["customization"]`), customization("/b", `1`), set("name", `"Docs for you"`)),
		apply(set("ignore_changes", ``)),
		apply(set("name", `"`+bystanderName+`"`)),
		{kind: stepLosePrivate},
		apply(customization("/b", `2`)),
		// A new id, for two reasons.
		apply(set("channel", `"embed"`)),
		{kind: stepGone},
		apply(set("status", ``)),
		{kind: stepSaved, edits: []edit{customization("/b", `1`)}, portal: []edit{{target: "deployment"}}},
		{kind: stepDuring, edits: []edit{customization("/b", `2`)}, portal: []edit{{target: "deployment"}}},
		{kind: stepDestroy},
	}
}
