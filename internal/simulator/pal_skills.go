package simulator

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
)

func skillHandlers() []handler {
	return []handler{
		{method: http.MethodGet, handle: (*Simulator).getSkill},
		{method: http.MethodPut, handle: (*Simulator).putSkill},
		{method: http.MethodDelete, handle: (*Simulator).detachSkill},
	}
}

// skillMembers are the members that the config of each skill may have.
var skillMembers = map[string][]string{
	"internet_search": {}, "presentation": {"document_ids", "slides_trigger", "prompt"}, "magic_canvas": {"components"},
}

func skillsOf(r *record) map[string]any {
	skills, _ := r.doc["skills"].(map[string]any)
	if skills == nil {
		skills = map[string]any{}
		r.doc["skills"] = skills
	}
	return skills
}

// skillsFor are the skills that a request works on. Reads may lag behind the last write.
func (s *Simulator) skillsFor(c *call, r *record) map[string]any {
	if c.method != http.MethodGet || r.lag == 0 || r.stale == nil {
		return skillsOf(r)
	}
	r.lag--
	skills, _ := r.stale.doc["skills"].(map[string]any)
	return skills
}

// skill returns the PAL and the attachment that a path names, or the error.
func (s *Simulator) skill(c *call, mustExist bool) (pal *record, held map[string]any, refused *answer) {
	refuse := func(a answer) (*record, map[string]any, *answer) { return nil, nil, &a }
	pal = s.recordOf(c)
	if pal == nil {
		return refuse(c.fail(http.StatusNotFound, "PAL not found"))
	}
	if _, known := skillMembers[c.sub]; !known {
		return refuse(c.fail(http.StatusNotFound, "Unknown skill '%s'", c.sub))
	}
	held, _ = s.skillsFor(c, pal)[c.sub].(map[string]any)
	if held == nil && mustExist {
		code, _ := strconv.Atoi(s.at("skill-not-attached"))
		return refuse(c.fail(code, "The skill is not attached"))
	}
	return pal, held, nil
}

func (s *Simulator) palSkills(c *call) answer {
	r := s.recordOf(c)
	if r == nil {
		return c.fail(http.StatusNotFound, "PAL not found")
	}
	skills := map[string]any{}
	for id, held := range s.skillsFor(c, r) {
		skills[id] = s.shownSkill(held)
	}
	switch s.at("skill-list-shape") {
	case "bare":
		return answer{status: http.StatusOK, value: skills}
	case "array":
		list := []any{}
		for _, id := range slices.Sorted(maps.Keys(skills)) {
			list = append(list, skills[id])
		}
		return answer{status: http.StatusOK, value: map[string]any{"data": list}}
	}
	return answer{status: http.StatusOK, value: map[string]any{"data": skills}}
}

// shownSkill is a skill in the form of the switches.
func (s *Simulator) shownSkill(held any) any {
	shown, _ := deepCopy(held).(map[string]any)
	if config, _ := shown["config"].(map[string]any); len(config) > 0 {
		return shown
	}
	switch s.at("skill-empty-config") {
	case "null":
		shown["config"] = nil
	case "absent":
		delete(shown, "config")
	}
	return shown
}

// touchSkills moves updated_at of the skills that a person changes in the portal.
func touchSkills(s *Simulator, r *record, doc map[string]any) {
	after, _ := doc["skills"].(map[string]any)
	for id, skill := range after {
		held, _ := skill.(map[string]any)
		if before, _ := skillsOf(r)[id].(map[string]any); held != nil && !same(before["config"], held["config"]) {
			held["updated_at"] = s.now().Format(timeLayout)
		}
	}
}

func (s *Simulator) getSkill(c *call) answer {
	_, held, refused := s.skill(c, true)
	if refused != nil {
		return *refused
	}
	return answer{status: http.StatusOK, value: s.shownSkill(held)}
}

// putSkill attaches a skill, or overwrites its config.
func (s *Simulator) putSkill(c *call) answer {
	pal, held, refused := s.skill(c, false)
	if refused != nil {
		return *refused
	}
	config := map[string]any{}
	if len(c.body) > 0 {
		body, refused := c.readBody()
		if refused != nil {
			return *refused
		}
		if sent, isObject := body["config"].(map[string]any); isObject {
			config = sent
		}
	}
	return s.storeSkill(c, pal, held, config)
}

func (s *Simulator) storeSkill(c *call, pal *record, held, config map[string]any) answer {
	for key := range config {
		if !slices.Contains(skillMembers[c.sub], key) {
			return c.fail(http.StatusBadRequest, "Bad Request: {'%s': ['Unknown field.']}", key)
		}
	}
	if _, isList := config["document_ids"].([]any); c.sub == "presentation" && !isList {
		return c.fail(http.StatusBadRequest, "Bad Request: {'document_ids': ['Missing data for required field.']}")
	}
	if c.sub == "presentation" && config["slides_trigger"] == nil && s.is("skill-defaults", "filled") {
		config["slides_trigger"] = "on_demand"
	}
	now := s.now().Format(timeLayout)
	attachedAt := any(now)
	if held != nil {
		attachedAt = held["attached_at"]
	}
	stored := map[string]any{"skill_id": c.sub, "config": config, "attached_at": attachedAt, "updated_at": now}
	s.keepStale(pal)
	skillsOf(pal)[c.sub] = stored
	switch s.at("write-answer") {
	case "message":
		return answer{status: http.StatusOK, value: map[string]any{"message": "Skill updated"}}
	case "empty":
		return answer{status: http.StatusOK}
	}
	return answer{status: http.StatusOK, value: s.shownSkill(stored)}
}

func (s *Simulator) detachSkill(c *call) answer {
	pal, _, refused := s.skill(c, true)
	if refused != nil {
		return *refused
	}
	s.keepStale(pal)
	delete(skillsOf(pal), c.sub)
	return answer{status: http.StatusNoContent}
}
