package simulator_test

import (
	"net/http"
	"testing"
)

const triage = `{"data": [{"objective_name": "find", "objective_prompt": "Find it."}, {"objective_name": "share", "objective_prompt": "Share it."},
{"objective_name": "tell", "objective_prompt": "Tell it.", "next_required_objective": "find"}]}`

func TestObjectives_Life(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	created := s.want(http.StatusOK, http.MethodPost, "/v2/objectives", triage)
	if created["data"] != nil || created["objective_name"] != "find" || created["status"] != "active" {
		t.Errorf("created: %v", created)
	}
	path := "/v2/objectives/" + str(created["objectives_id"])
	read := s.send(http.MethodGet, path, "").text
	if got := at(t, read, "/data/1"); got != `{"confirmation_mode":"auto","modality":"verbal","objective_name":"share","objective_prompt":"Share it."}` {
		t.Errorf("GET: %s", got)
	}
	changed := s.want(http.StatusOK, http.MethodPatch, path, patchOf("replace", "/data", `[{"objective_name": "x", "objective_prompt": "y"}]`))
	if got := text(t, changed); got != `{"message":"Objectives updated"}` {
		t.Errorf("PATCH: %s", got)
	}
	s.SetContract(nil)
	for _, wrong := range []string{
		`[]`, `[{"objective_name": "a b", "objective_prompt": "y"}]`, `[{"objective_name": "a"}]`,
		`[{"objective_name": "a", "objective_prompt": "y"}, {"objective_name": "a", "objective_prompt": "y"}]`,
	} {
		s.want(http.StatusBadRequest, http.MethodPost, "/v2/objectives", `{"data": `+wrong+`}`)
	}
}

func TestObjectives_Switches(t *testing.T) {
	t.Parallel()
	for setting, want := range map[string][2]string{
		"objectives-get-shape=object":   {"/data/objective_name", `"find"`},
		"objectives-get-shape=bare":     {"/0/objective_name", `"find"`},
		"objectives-defaults=absent":    {"/data/0", `{"objective_name":"find","objective_prompt":"Find it."}`},
		"objectives-get-shape=array":    {"/data/0/objective_name", `"find"`},
		"objectives-get-shape=flat":     {"/data/objective_prompt", `"Find it."`},
		"objectives-next-key=string":    {"/data/0/next_required_objectives", "absent"},
		"objectives-next-key=array":     {"/data/2/next_required_objectives", `["find"]`},
		"objectives-unset=absent":       {"/data/1/callback_url", "absent"},
		"objectives-unset=null":         {"/data/1/callback_url", "null"},
		"objectives-unset=empty":        {"/data/1/output_variables", "[]"},
		"objectives-extra=present":      {"/data/0/position_hint", `"auto"`},
		"objectives-patch-answer=whole": {"/data/0/objective_name", `"find"`},
	} {
		s := newSite(t, setting)
		id := str(s.want(http.StatusOK, http.MethodPost, "/v2/objectives", triage)["objectives_id"])
		if got := at(t, s.send(http.MethodGet, "/v2/objectives/"+id, "").text, want[0]); got != want[1] {
			t.Errorf("%s: %s", setting, got)
		}
		changed := s.want(http.StatusOK, http.MethodPatch, "/v2/objectives/"+id, patchOf("add", "/data", `[{"objective_name": "find", "objective_prompt": "y"}]`))
		if whole := changed["data"] != nil; whole != (setting == "objectives-patch-answer=whole") {
			t.Errorf("%s: the PATCH answers %v", setting, changed)
		}
	}
	s := newSite(t, "objectives-name-with-space=replaced")
	s.SetContract(nil)
	created := s.want(http.StatusOK, http.MethodPost, "/v2/objectives", `{"data": [{"objective_name": "a b", "objective_prompt": "y"}]}`)
	if created["objective_name"] != "a_b" {
		t.Errorf("name: %v", created["objective_name"])
	}
}

func TestObjectives_ListShapes(t *testing.T) {
	t.Parallel()
	for setting, want := range map[string][2]string{ // the first item's data and prompt
		"objectives-list-shape=set": {"Find it.", "absent"}, "objectives-list-shape=short": {"absent", "absent"},
		"objectives-list-shape=flat": {"absent", `"Find it."`},
	} {
		s := newSite(t, setting)
		id := str(s.want(http.StatusOK, http.MethodPost, "/v2/objectives", triage)["objectives_id"])
		list := s.send(http.MethodGet, "/v2/objectives", "").text
		if got := at(t, list, "/data/0/objectives_id"); got != `"`+id+`"` {
			t.Errorf("%s: id %s", setting, got)
		}
		if got := at(t, list, "/data/0/data/0/objective_prompt"); got != want[0] && got != `"`+want[0]+`"` {
			t.Errorf("%s: data %s", setting, got)
		}
		if got := at(t, list, "/data/0/objective_prompt"); got != want[1] {
			t.Errorf("%s: prompt %s", setting, got)
		}
	}
}
