package simulator

import (
	"regexp"
	"slices"
)

var guardrailName = regexp.MustCompile(`^[A-Za-z0-9_]{1,100}$`)

// guardrailKind is docs.tavus.io/api-reference/guardrails, in its new form:
// one rule an object. The old sets share the path, and the list shows them,
// none here, unless legacy=false.
func guardrailKind() *kind {
	k := &kind{
		collection: "guardrails", id: "uuid", prefix: "g", noun: "Guardrail", name: "guardrail_name",
		members: []member{
			{name: "guardrail_name", use: required, most: 100},
			{name: "guardrail_prompt", use: required, most: 1000},
			{name: "modality", among: []string{"verbal", "visual"}, preset: "verbal"},
			{name: "callback_url", most: 2048},
			{name: "tags", is: aTextList, empty: []any{}, most: 32},
			{name: "app_message", is: aFlag, preset: true},
			{name: "uuid", use: readOnly},
			{name: "created_at", use: readOnly},
			{name: "updated_at", use: readOnly},
		},
		paged:       true,
		oldestFirst: true,
		switches: []Switch{
			{Name: "guardrail-patch-answer", Doc: "whether the answer to a PATCH has created_at", Positions: positions("without", "with")},
			{Name: "guardrail-tags", Doc: "whether tags become lower case", Positions: positions("kept", "lowered")},
		},
		problem: func(_ *Simulator, doc map[string]any) string {
			if !guardrailName.MatchString(textOf(doc["guardrail_name"])) {
				return "guardrail_name may hold letters, digits and _"
			}
			return ""
		},
		normal: func(s *Simulator, before, doc map[string]any) {
			if tags, ok := doc["tags"].([]any); ok && s.is("guardrail-tags", "lowered") && !same(tags, before["tags"]) {
				doc["tags"] = lowered(tags)
			}
		},
		patched: func(s *Simulator, doc map[string]any) {
			if s.is("guardrail-patch-answer", "without") {
				delete(doc, "created_at")
			}
		},
		deleted: func(s *Simulator, r *record) {
			s.scrubPals(func(pal map[string]any) { without(pal, "guardrail_ids", r.doc["uuid"]) })
		},
	}
	k.keep = func(_ *Simulator, c *call, doc map[string]any) bool {
		return c.query.Get("legacy") == "false" && k.nameOrID(doc, c.query.Get("name_or_uuid")) && tagged(doc, c.query.Get("tags"))
	}
	return k
}

// without takes a value out of the array of a member.
func without(doc map[string]any, key string, value any) {
	if list, isList := doc[key].([]any); isList {
		doc[key] = slices.DeleteFunc(list, func(item any) bool { return item == value })
	}
}
