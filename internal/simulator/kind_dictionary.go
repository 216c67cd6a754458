package simulator

import (
	"slices"
	"strings"
)

// dictionaryKind is docs.tavus.io/api-reference/pronunciation-dictionaries.
func dictionaryKind() *kind {
	return &kind{
		collection: "pronunciation-dictionaries", id: "pronunciation_dictionary_id", prefix: "pd_",
		noun: "Pronunciation dictionary", name: "name",
		members: []member{
			{name: "name", use: required, most: 255},
			{name: "rules", is: aList, empty: []any{}},
			{name: "rules_count", is: anything, use: readOnly},
			{name: "pronunciation_dictionary_id", use: readOnly},
			{name: "created_at", use: readOnly},
			{name: "updated_at", use: readOnly},
		},
		createCode: 201,
		paged:      true,
		switches: []Switch{
			{Name: "dictionary-rule-defaults", Doc: "whether case_sensitive and word_boundaries are shown where they were not sent", Positions: positions("shown", "absent")},
			{Name: "dictionary-alphabet", Doc: "whether ipa rules get an alphabet", Positions: positions("absent", "added")},
			{Name: "dictionary-rule-order", Doc: "order of the rules", Positions: positions("kept", "sorted")},
		},
		problem: dictionaryProblem,
		normal:  normalRules,
		listed:  func(_ *Simulator, doc map[string]any) { delete(doc, "rules") },
		show: func(_ *Simulator, _ *record, doc map[string]any) {
			rules, _ := doc["rules"].([]any)
			doc["rules_count"] = jsonInt(len(rules))
		},
		deleted: func(s *Simulator, r *record) {
			const at = "/layers/tts/pronunciation_dictionary_id"
			s.scrubPals(func(pal map[string]any) {
				if held, _ := lookup(pal, at); held == nil || held != r.doc[r.kind.id] {
					return
				}
				put(pal, at, nil)
			})
		},
	}
}

func dictionaryProblem(_ *Simulator, doc map[string]any) string {
	rules, _ := doc["rules"].([]any)
	seen := map[string]bool{}
	for _, item := range rules {
		rule, _ := item.(map[string]any)
		text, sound, kind := textOf(rule["text"]), textOf(rule["pronunciation"]), textOf(rule["type"])
		switch {
		case text == "" || size(text) > 200 || sound == "" || size(sound) > 500:
			return "A rule needs a text of at most 200 and a pronunciation of at most 500 characters"
		case kind != "alias" && kind != "ipa":
			return "The type of a rule must be alias or ipa"
		case seen[text]:
			return "The text of a rule must be unique"
		}
		seen[text] = true
	}
	return ""
}

func normalRules(s *Simulator, before, doc map[string]any) {
	rules, isList := doc["rules"].([]any)
	if !isList || same(rules, before["rules"]) {
		return
	}
	for _, item := range rules {
		rule, isObject := item.(map[string]any)
		if !isObject {
			continue
		}
		if s.is("dictionary-rule-defaults", "shown") {
			mergeUnder(rule, map[string]any{"case_sensitive": false, "word_boundaries": true})
		}
		if s.is("dictionary-alphabet", "added") && rule["type"] == "ipa" {
			mergeUnder(rule, map[string]any{"alphabet": "ipa"})
		}
	}
	if s.is("dictionary-rule-order", "sorted") {
		slices.SortStableFunc(rules, func(a, b any) int {
			one, _ := a.(map[string]any)
			two, _ := b.(map[string]any)
			return strings.Compare(textOf(one["text"]), textOf(two["text"]))
		})
	}
}
