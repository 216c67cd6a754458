package simulator

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// The ids of PALs that every simulator has.
const (
	PalDocsGuide    = "p5317866"
	PalProductTour  = "p7c20e4a"
	PalCampaignHost = "p91b3d05"
	PalSystem       = "p0a1c2e3" // of the type "system"
)

// palKind is docs.tavus.io/api-reference/pals.
func palKind() *kind {
	return &kind{
		collection: "pals", id: "pal_id", prefix: "p", noun: "PAL", name: "pal_name", members: palMembers(),
		secrets: []secret{{path: "/layers/llm/api_key"}, {path: "/layers/tts/api_key"}},
		seeds:   defaultPals(), firstPage: 1, pages: "pal-pages-from", unknownCode: http.StatusBadRequest, wrap: wrapPal,
		actions:  palActions(),
		beside:   map[string][]handler{"check-username": {{method: http.MethodGet, handle: (*Simulator).checkUsername}}},
		switches: append(palSwitches(), belowPalSwitches()...),
		keep: func(_ *Simulator, c *call, doc map[string]any) bool {
			kind := c.query.Get("pal_type")
			return kind == "" || cmp.Or(textOf(doc["pal_type"]), "user") == kind
		},
		creating: newPalProblem, problem: palProblem, taken: usernameTaken, writing: palDraft, normal: normalPal, show: showPal, settle: settlePal, changed: touchSkills,
		listed: func(_ *Simulator, doc map[string]any) { addConferencingEmail(doc) }, patched: palPatched,
		answer: func(s *Simulator, _ *record, doc map[string]any) bool {
			addConferencingEmail(doc)
			return s.is("pal-create-answer", "short")
		},
	}
}

func palMembers() []member {
	return append([]member{
		{name: "pal_name"},
		{name: "system_prompt"},
		{name: "pipeline_mode", among: []string{"full", "echo"}, preset: "full"},
		{name: "default_face_id", empty: ""},
		{name: "context", empty: ""},
		{name: "greeting", empty: ""},
		{name: "languages", is: aTextList, empty: absent},
		{name: "disclosure_type", among: []string{"always", "auto", "off"}, empty: absent},
		{name: "verbal_disclosure", empty: absent},
		{name: "visual_disclosure", empty: absent},
		{name: "pal_description", empty: absent},
		{name: "layers", is: anObject, empty: map[string]any{}},
		{name: "document_ids", is: aTextList, empty: []any{}},
		{name: "document_tags", is: aTextList, empty: []any{}},
		{name: "guardrail_ids", is: aTextList, empty: []any{}},
		{name: "guardrail_tags", is: aTextList, empty: []any{}},
		{name: "objectives_id"},
		{name: "tool_ids", is: aTextList, use: readOnly, empty: []any{}},
		{name: "skills", is: anObject, use: readOnly, empty: map[string]any{}},
		{name: "pal_type", use: hidden},
	}, server("pal_id", "created_at", "updated_at")...)
}

func palSwitches() []Switch {
	return []Switch{
		{Name: "pal-get-shape", Doc: "form of the GET of a PAL", Positions: positions("bare", "data-array", "data-object")},
		{Name: "pal-create-answer", Doc: "answer to the create of a PAL", Positions: positions("short", "whole")},
		{Name: "pal-patch-answer", Doc: "answer to the PATCH of a PAL", Positions: positions("short", "whole")},
		{Name: "pal-secret", Doc: "how secrets are shown, of PALs and of tools", Positions: positions("masked", "clear", "last-four", "absent")},
		{Name: "pal-draft", Doc: "whether a person has unpublished changes of every PAL, so that a PATCH conflicts", Positions: positions("none", "open")},
		{Name: "pal-draft-body", Doc: "what the refusal because of unpublished changes says", Positions: positions("error", "message", "bare")},
		{Name: "pal-force", Doc: "what force=true does while there is a draft", Positions: positions("accepted", "refused")},
		{Name: "pal-defaults", Doc: "layer members at their default", Positions: positions("shown", "left-out")},
		{Name: "pal-flow-fill", Doc: "whether the server fills in conversational_flow", Positions: positions("filled", "none")},
		{Name: "pal-flow-alias", Doc: "the name of pal_interruptibility in answers", Positions: positions("same", "old", "both")},
		{Name: "pal-voice-settings", Doc: "whether a pronunciation dictionary is written into voice_settings, too", Positions: positions("hidden", "written")},
		{Name: "pal-pages-from", Doc: "number of the first page of the PALs", Positions: positions("1", "0")},
		{Name: "pal-delete-in-use", Doc: "status code for the delete of a PAL that deployments use", Positions: positions("204", "400", "409")},
		{Name: "pal-username-taken", Doc: "status code for a username that another PAL has", Positions: positions("409", "400", "422")},
	}
}

func newPalProblem(_ *Simulator, doc map[string]any) string {
	switch {
	case textOf(doc["default_face_id"]) == "":
		return "default_face_id is required"
	case textOf(doc["system_prompt"]) == "" && doc["pipeline_mode"] != "echo":
		return "system_prompt is required"
	}
	return ""
}

// palDraft refuses a PATCH while a person has unpublished changes. A patch of
// conferencing alone is never refused for that.
func palDraft(s *Simulator, c *call, r *record) *answer {
	if c.method == http.MethodDelete {
		return s.palInUse(c, r)
	}
	operations, err := parsePatch(c.body)
	apart := err == nil && !slices.ContainsFunc(operations, func(o operation) bool {
		return len(o.path) < 2 || o.path[0] != "layers" || o.path[1] != "conferencing"
	})
	if s.is("pal-draft", "none") || apart && len(operations) > 0 || c.query.Get("force") == "true" && s.is("pal-force", "accepted") {
		return nil
	}
	body := map[string]any{"conflict": "maker_changes"}
	if words := s.at("pal-draft-body"); words != "bare" {
		body[words] = "The PAL has unpublished changes in the PAL Maker"
	}
	return &answer{status: http.StatusConflict, value: body}
}

// palInUse refuses the delete of a PAL that deployments use, as the switch says.
func (s *Simulator) palInUse(c *call, r *record) *answer {
	code, _ := strconv.Atoi(s.at("pal-delete-in-use"))
	for _, other := range s.order {
		if other.kind.collection == "deployments" && other.doc["pal_id"] == r.doc["pal_id"] && code != http.StatusNoContent {
			refused := c.fail(code, "The PAL is in use")
			return &refused
		}
	}
	return nil
}

// flowDefaults are what the server fills into conversational_flow as soon as
// one member of it is set.
var flowDefaults = map[string]any{
	"turn_detection_model": "sparrow-1", "turn_taking_patience": "medium", "pal_interruptibility": "medium",
	"voice_isolation": "near", "idle_engagement": "off", "wake_phrase": nil, "sleep_phrase": nil,
}

func normalPal(s *Simulator, before, doc map[string]any) {
	if same(doc["layers"], before["layers"]) {
		return
	}
	if flow, isObject := at(doc, "/layers/conversational_flow"); isObject {
		if old, given := flow["replica_interruptibility"]; given {
			delete(flow, "replica_interruptibility") // the two names are one member
			mergeUnder(flow, map[string]any{"pal_interruptibility": old})
		}
		if len(flow) > 0 && s.is("pal-flow-fill", "filled") {
			mergeUnder(flow, flowDefaults)
		}
	}
	if dictionary, _ := lookup(doc, "/layers/tts/pronunciation_dictionary_id"); s.is("pal-voice-settings", "written") {
		drop(doc, "/layers/tts/voice_settings/pronunciation_dict_id")
		if textOf(dictionary) != "" {
			put(doc, "/layers/tts/voice_settings/pronunciation_dict_id", dictionary)
		}
	}
	if conferencing, isObject := at(doc, "/layers/conferencing"); isObject {
		conferencing["username"] = strings.ToLower(textOf(conferencing["username"]))
	}
}

// at returns the object at a pointer.
func at(doc map[string]any, pointer string) (members map[string]any, isObject bool) {
	value, _ := lookup(doc, pointer)
	members, isObject = value.(map[string]any)
	return members, isObject
}

// layerDefaults are values that the GET of a live PAL leaves out.
var layerDefaults = map[string]string{
	"/layers/llm/model": "tavus-gpt-oss", "/layers/tts/tts_engine": "cartesia",
	"/layers/stt/stt_engine": "tavus-auto", "/layers/perception/perception_model": "raven-1",
}

// settlePal keeps what the view leaves out and a patch leaves alone.
func settlePal(s *Simulator, r *record, doc map[string]any) {
	for pointer, value := range layerDefaults {
		_, around := at(doc, pointer[:strings.LastIndexByte(pointer, '/')])
		held, _ := lookup(r.doc, pointer)
		if _, given := lookup(doc, pointer); s.is("pal-defaults", "left-out") && held == value && around && !given {
			put(doc, pointer, value)
		}
	}
}

func showPal(s *Simulator, _ *record, doc map[string]any) {
	for pointer, value := range layerDefaults {
		if held, _ := lookup(doc, pointer); held == value && s.is("pal-defaults", "left-out") {
			drop(doc, pointer)
		}
	}
	if flow, isObject := at(doc, "/layers/conversational_flow"); isObject && !s.is("pal-flow-alias", "same") {
		if value, has := flow["pal_interruptibility"]; has {
			if s.is("pal-flow-alias", "old") {
				delete(flow, "pal_interruptibility")
			}
			flow["replica_interruptibility"] = value
		}
	}
}

func wrapPal(s *Simulator, doc map[string]any) any {
	switch s.at("pal-get-shape") {
	case "data-array":
		return map[string]any{"data": []any{doc}}
	case "data-object":
		return map[string]any{"data": doc}
	}
	return doc
}

func palPatched(s *Simulator, doc map[string]any) {
	if s.is("pal-patch-answer", "whole") {
		return
	}
	for key := range doc {
		if key != "pal_id" && key != "pal_name" && key != "updated_at" {
			delete(doc, key)
		}
	}
}

// defaultPals are PALs with names that a team would use. Their layers hold
// API keys of other vendors, which must never come into a Terraform state.
func defaultPals() []map[string]any {
	list := []struct{ id, name, kind, face string }{
		{PalSystem, "Tavus Concierge", "system", "r0000000001"},
		{PalDocsGuide, "Docs Guide", "user", "r4317e64d25"},
		{PalProductTour, "Product Tour", "user", "r9d30b0e55a"},
		{PalCampaignHost, "Campaign Host", "user", "r6583a465c0"},
		{"p3e8f714", "Support Desk", "user", "r4317e64d25"},
		{"pb04d9a2", "Interview Coach", "user", "r9d30b0e55a"},
	}
	pals := make([]map[string]any, 0, len(list))
	for i, pal := range list {
		created := fmt.Sprintf("2025-01-%02dT09:00:00.000000Z", i+1)
		pals = append(pals, map[string]any{
			"pal_id": pal.id, "pal_name": pal.name, "pal_type": pal.kind, "default_face_id": pal.face,
			"system_prompt": "You are the " + pal.name + ".", "pipeline_mode": "full", "greeting": "Hello!",
			"layers": map[string]any{
				"llm": map[string]any{"model": "tavus-gpt-4o", "api_key": "sim-llm-secret-" + pal.id},
				"tts": map[string]any{"tts_engine": "cartesia", "api_key": "sim-tts-secret-" + pal.id},
			},
			"created_at": created, "updated_at": created,
		})
	}
	return pals
}
