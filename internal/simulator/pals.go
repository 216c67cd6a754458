package simulator

import (
	"cmp"
	"fmt"
	"net/http"
)

// The ids of PALs that every simulator has.
const (
	PalDocsGuide    = "p5317866"
	PalProductTour  = "p7c20e4a"
	PalCampaignHost = "p91b3d05"
	PalSystem       = "p0a1c2e3" // of the type "system"
)

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
			"system_prompt": "You are the " + pal.name + ".", "pipeline_mode": "full",
			"context": "", "greeting": "Hello!",
			"layers": map[string]any{
				"llm": map[string]any{"model": "tavus-gpt-4o", "api_key": "sim-llm-secret-" + pal.id},
				"tts": map[string]any{"tts_engine": "cartesia", "api_key": "sim-tts-secret-" + pal.id},
			},
			"document_ids": []any{}, "document_tags": []any{}, "objectives_id": nil, "guardrail_ids": []any{},
			"created_at": created, "updated_at": created,
		})
	}
	return pals
}

// AddPal stores a PAL that every account sees, and returns its id. Missing
// fields are filled. "pal_type" ("user" or "system") is used by the filter of
// the list and is in no answer, because the documented PAL has no such field.
func (s *Simulator) AddPal(doc map[string]any) string {
	doc = plain(doc)
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.options.now().Format(timeLayout)
	id := textOf(doc["pal_id"])
	for id == "" || s.pal(id) != nil {
		id = "p" + s.newID()[:7]
	}
	doc["pal_id"] = id
	for key, value := range map[string]any{
		"pal_name": "PAL " + id, "pal_type": "user", "default_face_id": "r4317e64d25", "pipeline_mode": "full",
		"created_at": now, "updated_at": now,
	} {
		if _, has := doc[key]; !has {
			doc[key] = value
		}
	}
	s.pals = append(s.pals, doc)
	return id
}

func (s *Simulator) pal(id string) map[string]any {
	for _, pal := range s.pals {
		if pal["pal_id"] == id {
			return pal
		}
	}
	return nil
}

// palView is the PAL as the API shows it.
func palView(pal map[string]any) map[string]any {
	doc := copyDoc(pal)
	delete(doc, "pal_type")
	return doc
}

func (s *Simulator) getPal(c *call) answer {
	pal := s.pal(c.id)
	if pal == nil {
		return c.unknown("PAL", "pal_id")
	}
	return answer{status: http.StatusOK, value: map[string]any{"data": []any{palView(pal)}}}
}

// listPals is GET /v2/pals (docs.tavus.io/api-reference/pals): newest first,
// pages from 1.
func (s *Simulator) listPals(c *call) answer {
	kind := c.query.Get("pal_type")
	if kind != "" && kind != "user" && kind != "system" {
		return c.fail(http.StatusBadRequest, "pal_type must be user or system")
	}
	var found []any
	for i := len(s.pals) - 1; i >= 0; i-- {
		if pal := s.pals[i]; kind == "" || cmp.Or(textOf(pal["pal_type"]), "user") == kind {
			found = append(found, palView(pal))
		}
	}
	page, problem := pageOf(c.query, found, 1, 100)
	if problem != "" {
		return c.fail(http.StatusBadRequest, "%s", problem)
	}
	return answer{status: http.StatusOK, value: map[string]any{"data": page, "total_count": len(found)}}
}
