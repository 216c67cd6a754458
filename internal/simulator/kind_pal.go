package simulator

import (
	"cmp"
	"fmt"
	"net/url"
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
		collection: "pals", id: "pal_id", prefix: "p", noun: "PAL", name: "pal_name",
		members: []member{
			{name: "pal_name"},
			{name: "system_prompt"},
			{name: "pipeline_mode", among: []string{"full", "echo"}, empty: "full"},
			{name: "default_face_id", empty: ""},
			{name: "context", empty: ""},
			{name: "greeting", empty: ""},
			{name: "layers", is: anObject, empty: map[string]any{}},
			{name: "document_ids", is: aTextList, empty: []any{}},
			{name: "document_tags", is: aTextList, empty: []any{}},
			{name: "guardrail_ids", is: aTextList, empty: []any{}},
			{name: "objectives_id"},
			{name: "tool_ids", is: aTextList, use: readOnly, empty: []any{}},
			{name: "skills", is: anObject, use: readOnly, empty: map[string]any{}},
			{name: "pal_type", use: hidden},
			{name: "pal_id", use: readOnly}, {name: "created_at", use: readOnly}, {name: "updated_at", use: readOnly},
		},
		secrets:   []secret{{path: "/layers/llm/api_key"}, {path: "/layers/tts/api_key"}},
		seeds:     defaultPals(),
		firstPage: 1,
		bareShape: "pal-get-shape",
		actions:   palActions(),
		switches: []Switch{
			{Name: "pal-get-shape", Doc: "form of the GET of a PAL", Positions: positions("bare", "data-array", "data-object")},
			{Name: "pal-secret", Doc: "how the API keys in layers are shown", Positions: positions("masked", "clear")},
			{Name: "attach-answer", Doc: "answer to attaching tools: all that are attached, or those of the request", Positions: positions("all", "sent")},
			{Name: "attach-order", Doc: "order of the tools of a PAL", Positions: positions("attached", "name")},
			{Name: "detach-absent", Doc: "status code for detaching a tool that is not attached", Positions: positions("204", "400", "404")},
			{Name: "skill-list-shape", Doc: "form of the list of skills", Positions: positions("data", "bare", "array")},
			{Name: "skill-merge", Doc: "how deep the PATCH of a skill merges", Positions: positions("one-level", "deep")},
			{Name: "skill-not-attached", Doc: "status code for a skill that is not attached", Positions: positions("404", "400")},
		},
		query: func(query url.Values) string {
			if kind := query.Get("pal_type"); kind != "" && kind != "user" && kind != "system" {
				return "pal_type must be user or system"
			}
			return ""
		},
		keep: func(_ *Simulator, c *call, doc map[string]any) bool {
			kind := c.query.Get("pal_type")
			return kind == "" || cmp.Or(textOf(doc["pal_type"]), "user") == kind
		},
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
