package simulator_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

func TestPalTools_AttachAndDetach(t *testing.T) {
	t.Parallel()
	for setting, want := range map[string][2]string{ // the names in the answer to the second POST; the status of detaching again
		"attach-answer=all":     {`"zoom","add"`, "204"},
		"attach-answer=sent":    {`"add"`, "204"},
		"attach-order=attached": {`"zoom","add"`, "204"},
		"attach-order=name":     {`"add","zoom"`, "204"},
		"detach-absent=400":     {`"zoom","add"`, "400"},
		"detach-absent=404":     {`"zoom","add"`, "404"},
	} {
		s := newSite(t, setting)
		const path = "/v2/pals/p5317866/tools"
		ids := map[string]string{}
		for _, name := range []string{"zoom", "add"} {
			tool := s.want(http.StatusOK, http.MethodPost, "/v2/tools", `{"name": "`+name+`", "description": "d"}`)
			ids[name] = str(tool["tool_id"])
		}
		s.want(http.StatusOK, http.MethodPost, path, `{"tool_ids": ["`+ids["zoom"]+`"]}`)
		answer := s.send(http.MethodPost, path, `{"tool_ids": ["`+ids["add"]+`"]}`).text
		names := at(t, answer, "/data/0/name")
		if second := at(t, answer, "/data/1/name"); second != "absent" {
			names += "," + second
		}
		if names != want[0] {
			t.Errorf("%s: the POST answers %s", setting, names)
		}
		s.want(http.StatusBadRequest, http.MethodPost, path, `{"tool_ids": ["t0"]}`)
		s.want(http.StatusBadRequest, http.MethodPost, path, `{"tool_ids": ["end_call"]}`)
		s.send(http.MethodDelete, "/v2/tools/"+ids["zoom"], "")
		if got := at(t, s.send(http.MethodGet, path, "").text, "/data/1"); got != "absent" {
			t.Errorf("%s: a deleted tool is attached: %s", setting, got)
		}
		if got := s.send(http.MethodDelete, path+"/"+ids["add"], "").status; got != http.StatusNoContent {
			t.Errorf("%s: detach: %d", setting, got)
		}
		if got := text(t, s.send(http.MethodDelete, path+"/"+ids["add"], "").status); got != want[1] {
			t.Errorf("%s: detach again: %s", setting, got)
		}
	}
}

func TestPalTools_WhatCannotBeAttached(t *testing.T) {
	t.Parallel()
	for setting, want := range map[string][3]int{ // the status for an unknown tool, and for the 51st; how many are attached then
		"attach-unknown-tool=400": {400, 400, 0}, "attach-unknown-tool=404": {404, 400, 0}, "attach-unknown-tool=skipped": {200, 400, 0},
		"attach-limit=400": {400, 400, 0}, "attach-limit=409": {400, 409, 0}, "attach-limit=cut": {400, 200, 50},
		"detach-code=204": {400, 400, 0}, "detach-code=200": {400, 400, 0},
	} {
		s := newSite(t, setting)
		s.SetContract(nil) // 51 are more than it allows
		const path = "/v2/pals/p5317866/tools"
		ids := []string{}
		for n := range 51 {
			ids = append(ids, str(s.Put("tools", map[string]any{"name": fmt.Sprintf("tool%d", n), "description": "d"})))
		}
		if got := s.send(http.MethodPost, path, `{"tool_ids": ["t0"]}`).status; got != want[0] {
			t.Errorf("%s: an unknown tool: %d", setting, got)
		}
		if got := s.send(http.MethodPost, path, `{"tool_ids": ["`+strings.Join(ids, `","`)+`"]}`).status; got != want[1] {
			t.Errorf("%s: 51 tools: %d", setting, got)
		}
		list, _ := s.Document("pals", "p5317866")["tool_ids"].([]any)
		if len(list) != want[2] {
			t.Errorf("%s: %d are attached", setting, len(list))
		}
		s.send(http.MethodPost, path, `{"tool_ids": ["`+ids[0]+`"]}`)
		if got := s.send(http.MethodDelete, path+"/"+ids[0], "").status; (got == http.StatusOK) != (setting == "detach-code=200") {
			t.Errorf("%s: detach: %d", setting, got)
		}
	}
}
