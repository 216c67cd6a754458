package simulator

import (
	"slices"
	"strings"
)

// objectivesKind is docs.tavus.io/api-reference/objectives: one id stands for
// an array of objectives, which is patched below /data.
func objectivesKind() *kind {
	return &kind{
		collection: "objectives", id: "objectives_id", prefix: "o", noun: "Objectives",
		members: append([]member{{name: "data", is: aList, use: required}},
			server("objectives_id", "objective_name", "status", "created_at", "updated_at")...),
		firstPage: 1, oldestFirst: true,
		switches: []Switch{
			{
				Name: "objectives-get-shape", Doc: "form of a GET: the set with the array, or with its first item; the array alone; the first item with the members of the set",
				Positions: positions("array", "object", "bare", "flat"),
			},
			{Name: "objectives-list-shape", Doc: "items of the list: sets, sets without their objectives, first objectives with the members of the set", Positions: positions("set", "short", "flat")},
			{Name: "objectives-next-key", Doc: "how next_required_objective comes back: as sent, or as an array under its older name", Positions: positions("string", "array")},
			{Name: "objectives-unset", Doc: "how members of an objective that nobody set come back", Positions: positions("absent", "null", "empty")},
			{Name: "objectives-extra", Doc: "whether objectives have a member that no page documents", Positions: positions("none", "present")},
			{Name: "objectives-patch-answer", Doc: "answer to a PATCH", Positions: positions("message", "whole")},
			{Name: "objectives-defaults", Doc: "whether confirmation_mode and modality are filled in", Positions: positions("filled", "absent")},
			{Name: "objectives-name-with-space", Doc: "a space in the name of an objective", Positions: positions("400", "replaced")},
		},
		problem: objectivesProblem, normal: normalObjectives,
		born:   func(_ *Simulator, r *record) { r.doc["status"] = "active" },
		answer: func(*Simulator, *record, map[string]any) bool { return true },
		wrap:   shapeOfObjectives,
		listed: func(s *Simulator, doc map[string]any) {
			switch {
			case s.is("objectives-list-shape", "flat"):
				flatten(doc)
			case s.is("objectives-list-shape", "short"):
				delete(doc, "data")
			}
		},
		show: func(_ *Simulator, _ *record, doc map[string]any) {
			if items, _ := doc["data"].([]any); len(items) > 0 {
				first, _ := items[0].(map[string]any)
				doc["objective_name"] = first["objective_name"]
			}
		},
		patched: func(s *Simulator, doc map[string]any) {
			if s.is("objectives-patch-answer", "message") {
				clear(doc)
				doc["message"] = "Objectives updated"
			}
		},
	}
}

// shapeOfObjectives is the answer to a GET.
func shapeOfObjectives(s *Simulator, doc map[string]any) any {
	items, _ := doc["data"].([]any)
	for _, item := range items {
		if objective, isObject := item.(map[string]any); isObject {
			s.dressObjective(objective)
		}
	}
	switch s.at("objectives-get-shape") {
	case "bare":
		return items
	case "flat":
		flatten(doc)
		return map[string]any{"data": doc}
	case "object":
		if len(items) > 0 {
			doc["data"] = items[0]
		}
	}
	return doc
}

// dressObjective brings an objective into the form of the switches.
func (s *Simulator) dressObjective(objective map[string]any) {
	if next, has := objective["next_required_objective"]; has && s.is("objectives-next-key", "array") {
		delete(objective, "next_required_objective")
		objective["next_required_objectives"] = []any{next}
	}
	for name, empty := range map[string]any{"output_variables": []any{}, "next_conditional_objectives": map[string]any{}, "callback_url": ""} {
		switch {
		case s.is("objectives-unset", "null"):
			mergeUnder(objective, map[string]any{name: nil})
		case s.is("objectives-unset", "empty"):
			mergeUnder(objective, map[string]any{name: empty})
		}
	}
}

// flatten makes the first objective of a set, with the members of the set.
func flatten(doc map[string]any) {
	items, _ := doc["data"].([]any)
	delete(doc, "data")
	if len(items) > 0 {
		first, _ := items[0].(map[string]any)
		mergeUnder(doc, first)
	}
}

func objectivesProblem(s *Simulator, doc map[string]any) string {
	items, _ := doc["data"].([]any)
	seen := map[string]bool{}
	for _, item := range items {
		objective, _ := item.(map[string]any)
		name := textOf(objective["objective_name"])
		switch {
		case name == "" || textOf(objective["objective_prompt"]) == "":
			return "objective_name and objective_prompt are required"
		case strings.Contains(name, " ") && s.is("objectives-name-with-space", "400"):
			return "objective_name must not have spaces"
		case seen[name]:
			return "objective_name must be unique"
		}
		seen[name] = true
	}
	if len(items) == 0 {
		return "data must not be empty"
	}
	return ""
}

func normalObjectives(s *Simulator, before, doc map[string]any) {
	items, isList := doc["data"].([]any)
	if !isList || same(items, before["data"]) {
		return
	}
	for _, item := range items {
		objective, isObject := item.(map[string]any)
		if !isObject {
			continue
		}
		objective["objective_name"] = strings.ReplaceAll(textOf(objective["objective_name"]), " ", "_")
		if s.is("objectives-defaults", "filled") {
			mergeUnder(objective, map[string]any{"confirmation_mode": "auto", "modality": "verbal"})
		}
		if s.is("objectives-extra", "present") {
			mergeUnder(objective, map[string]any{"position_hint": "auto"})
		}
	}
	if s.is("lists", "reordered") {
		slices.SortFunc(items, func(a, b any) int { return strings.Compare(nameOf(b), nameOf(a)) })
	}
}

func nameOf(item any) string {
	objective, _ := item.(map[string]any)
	return textOf(objective["objective_name"])
}
