package simulator

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// palActions are the endpoints below a PAL: its tools and its skills.
func palActions() map[string][]handler {
	return map[string][]handler{
		"tools":   {{method: http.MethodGet, handle: (*Simulator).palTools}, {method: http.MethodPost, handle: (*Simulator).attachTools}},
		"tools/":  {{method: http.MethodDelete, handle: (*Simulator).detachTool}},
		"skills":  {{method: http.MethodGet, handle: (*Simulator).palSkills}},
		"skills/": skillHandlers(),
	}
}

func belowPalSwitches() []Switch {
	return []Switch{
		{Name: "attach-answer", Doc: "answer to attaching tools: all that are attached, or those of the request", Positions: positions("all", "sent")},
		{Name: "attach-order", Doc: "order of the tools of a PAL", Positions: positions("attached", "name")},
		{Name: "attach-unknown-tool", Doc: "a tool that cannot be attached: nothing is attached, or all others are", Positions: positions("400", "404", "skipped")},
		{Name: "attach-limit", Doc: "a tool above the limit: nothing is attached, or all up to the limit are", Positions: positions("400", "409", "cut")},
		{Name: "detach-code", Doc: "status code for detaching a tool", Positions: positions("204", "200")},
		{Name: "detach-absent", Doc: "status code for detaching a tool that is not attached", Positions: positions("204", "400", "404")},
		{Name: "skill-list-shape", Doc: "form of the list of skills", Positions: positions("data", "bare", "array")},
		{Name: "skill-defaults", Doc: "slides_trigger where it is not sent", Positions: positions("left-out", "filled")},
		{Name: "skill-empty-config", Doc: "the config of a skill that has none", Positions: positions("empty", "null", "absent")},
		{Name: "skill-not-attached", Doc: "status code for a skill that is not attached", Positions: positions("404", "400")},
	}
}

// maxTools is how many tools a PAL can have.
const maxTools = 50

func attached(r *record) []any {
	ids, _ := r.doc["tool_ids"].([]any)
	return slices.Clone(ids)
}

// palTools is GET /v2/pals/{pal_id}/tools: whole tools, without pages.
func (s *Simulator) palTools(c *call) answer {
	r := s.recordOf(c)
	if r == nil {
		return c.unknown()
	}
	return s.toolsAnswer(attached(r))
}

func (s *Simulator) toolsAnswer(ids []any) answer {
	tools := []any{}
	for _, id := range ids {
		if tool := s.find("tools", textOf(id)); tool != nil {
			tools = append(tools, s.view(tool))
		}
	}
	if s.is("attach-order", "name") {
		slices.SortStableFunc(tools, func(a, b any) int {
			one, _ := a.(map[string]any)
			two, _ := b.(map[string]any)
			return strings.Compare(textOf(one["name"]), textOf(two["name"]))
		})
	}
	return answer{status: http.StatusOK, value: map[string]any{"data": tools}}
}

// attachTools is POST /v2/pals/{pal_id}/tools: it adds, and it is idempotent.
func (s *Simulator) attachTools(c *call) answer {
	r := s.recordOf(c)
	if r == nil {
		return c.unknown()
	}
	body, refused := c.readBody()
	if refused != nil {
		return *refused
	}
	sent, isList := body["tool_ids"].([]any)
	if !isList || len(sent) == 0 {
		return c.fail(http.StatusBadRequest, "tool_ids is required")
	}
	ids := attached(r)
	for _, id := range sent {
		tool := s.find("tools", textOf(id))
		if tool == nil || tool.doc["is_system_tool"] == true {
			if s.is("attach-unknown-tool", "skipped") {
				continue
			}
			code, _ := strconv.Atoi(s.at("attach-unknown-tool"))
			return c.fail(code, "Invalid tool_id %v", id)
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	if len(ids) > maxTools && !s.is("attach-limit", "cut") {
		code, _ := strconv.Atoi(s.at("attach-limit"))
		return c.fail(code, "A PAL can have at most %d tools", maxTools)
	}
	ids = ids[:min(len(ids), maxTools)]
	r.doc["tool_ids"] = ids
	if s.is("attach-answer", "sent") {
		return s.toolsAnswer(sent)
	}
	return s.toolsAnswer(ids)
}

// detachTool is DELETE /v2/pals/{pal_id}/tools/{tool_id}. The tool stays.
func (s *Simulator) detachTool(c *call) answer {
	r := s.recordOf(c)
	if r == nil {
		return c.unknown()
	}
	if !slices.Contains(attached(r), any(c.sub)) && !s.is("detach-absent", "204") {
		code, _ := strconv.Atoi(s.at("detach-absent"))
		return c.fail(code, "The tool is not attached")
	}
	without(r.doc, "tool_ids", c.sub)
	if s.is("detach-code", "200") {
		return s.toolsAnswer(attached(r))
	}
	return answer{status: http.StatusNoContent}
}
