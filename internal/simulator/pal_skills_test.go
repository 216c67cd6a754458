package simulator_test

import (
	"net/http"
	"testing"
)

const canvas = "/v2/pals/p5317866/skills/magic_canvas"

func TestPalSkills_Life(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.want(http.StatusNotFound, http.MethodGet, canvas, "")
	s.want(http.StatusNotFound, http.MethodPut, "/v2/pals/p5317866/skills/juggling", `{"config": {}}`)
	put := s.want(http.StatusOK, http.MethodPut, canvas, `{"config": {"components": {"chart": {"enabled": false}, "text": {}}}}`)
	if put["skill_id"] != "magic_canvas" || put["attached_at"] == nil {
		t.Errorf("PUT answers %v", put)
	}
	s.want(http.StatusBadRequest, http.MethodPut, canvas, `{"config": {"colour": "red"}}`)
	s.want(http.StatusBadRequest, http.MethodPut, "/v2/pals/p5317866/skills/presentation", `{"config": {}}`)
	if got := at(t, s.send(http.MethodGet, "/v2/pals/p5317866", "").text, "/skills/magic_canvas/skill_id"); got != `"magic_canvas"` {
		t.Errorf("the PAL shows %s", got)
	}
	if got := s.send(http.MethodDelete, canvas, "").status; got != http.StatusNoContent {
		t.Errorf("DELETE: %d", got)
	}
	s.want(http.StatusNotFound, http.MethodDelete, canvas, "")
}

func TestPalSkills_Switches(t *testing.T) {
	t.Parallel()
	for shape, path := range map[string]string{
		"data": "/data/magic_canvas/skill_id", "bare": "/magic_canvas/skill_id", "array": "/data/0/skill_id",
	} {
		s := newSite(t, "skill-list-shape="+shape)
		s.want(http.StatusOK, http.MethodPut, canvas, "")
		if got := at(t, s.send(http.MethodGet, "/v2/pals/p5317866/skills", "").text, path); got != `"magic_canvas"` {
			t.Errorf("%s: %s", shape, got)
		}
	}
	newSite(t, "skill-not-attached=400").want(http.StatusBadRequest, http.MethodGet, canvas, "")
}
