package simulator_test

import (
	"net/http"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

const host = `{"pal_name": "Host", "system_prompt": "Be kind.", "default_face_id": "r4317e64d25",
	"layers": {"conversational_flow": {"turn_taking_patience": "high"}, "llm": {"api_key": "s3cret"}, "conferencing": {"username": "Host.One"}}}`

func TestPal_Life(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	created := s.want(http.StatusOK, http.MethodPost, "/v2/pals", host)
	if created["conferencing_email"] != "host.one@invite.example.com" || created["system_prompt"] != nil {
		t.Errorf("the create answers %v", created)
	}
	id := str(created["pal_id"])
	path := "/v2/pals/" + id
	read := s.send(http.MethodGet, path, "").text
	for pointer, want := range map[string]string{
		"/conferencing_email": "absent", "/pipeline_mode": `"full"`, "/layers/llm/api_key": `"********"`,
		"/layers/conversational_flow/turn_taking_patience": `"high"`, "/layers/conversational_flow/voice_isolation": `"near"`,
		"/layers/conversational_flow/wake_phrase": "null", "/layers/conferencing/username": `"host.one"`, "/tool_ids": "[]",
	} {
		if got := at(t, read, pointer); got != want {
			t.Errorf("%s is %s, want %s", pointer, got, want)
		}
	}
	changed := s.want(http.StatusOK, http.MethodPatch, path, patchOf("add", "/greeting", `"Hi"`))
	if len(changed) != 3 || changed["updated_at"] == nil {
		t.Errorf("the PATCH answers %v", changed)
	}
	s.want(http.StatusBadRequest, http.MethodGet, "/v2/pals/p0", "")
	s.SetContract(nil)
	s.want(http.StatusBadRequest, http.MethodPost, "/v2/pals", `{"system_prompt": "x"}`)
	s.want(http.StatusBadRequest, http.MethodPost, "/v2/pals", `{"default_face_id": "r4317e64d25"}`)
	s.want(http.StatusBadRequest, http.MethodPatch, path, patchOf("add", "/layers/conferencing/username", `"-"`))
}

func TestPal_ADraftConflicts(t *testing.T) {
	t.Parallel()
	s := newSite(t, "pal-draft=open")
	const path = "/v2/pals/" + simulator.PalDocsGuide
	refused := s.want(http.StatusConflict, http.MethodPatch, path, patchOf("add", "/greeting", `"Hi"`))
	if refused["conflict"] != "maker_changes" {
		t.Errorf("refused: %v", refused)
	}
	s.want(http.StatusOK, http.MethodPatch, path, patchOf("add", "/layers/conferencing", `{"username": "docs"}`))
	s.want(http.StatusOK, http.MethodPatch, path+"?force=true", patchOf("add", "/greeting", `"Hi"`))
	if err := s.Set("pal-force=refused"); err != nil {
		t.Fatal(err)
	}
	s.want(http.StatusConflict, http.MethodPatch, path+"?force=true", patchOf("add", "/greeting", `"Hello"`))
}

func TestPal_Switches(t *testing.T) {
	t.Parallel()
	for setting, want := range map[string][2]string{ // pointer, value in the GET of the host
		"pal-get-shape=bare":        {"/pal_name", `"Host"`},
		"pal-get-shape=data-array":  {"/data/0/pal_name", `"Host"`},
		"pal-get-shape=data-object": {"/data/pal_name", `"Host"`},
		"pal-secret=masked":         {"/layers/llm/api_key", `"********"`},
		"pal-secret=clear":          {"/layers/llm/api_key", `"s3cret"`},
		"pal-secret=last-four":      {"/layers/llm/api_key", `"****cret"`},
		"pal-secret=absent":         {"/layers/llm", "{}"},
		"pal-voice-settings=hidden": {"/layers/tts/voice_settings", "absent"},
		"pal-defaults=shown":        {"/layers/tts", `{"tts_engine":"cartesia"}`},
		"pal-defaults=left-out":     {"/layers/tts", `{}`},
		"pal-flow-fill=none":        {"/layers/conversational_flow", `{"turn_taking_patience":"high"}`},
		"pal-flow-alias=same":       {"/layers/conversational_flow/pal_interruptibility", `"medium"`},
		"pal-flow-alias=old":        {"/layers/conversational_flow/replica_interruptibility", `"medium"`},
		"pal-flow-alias=both":       {"/layers/conversational_flow/pal_interruptibility", `"medium"`},
	} {
		s := newSite(t, setting)
		id := str(s.want(http.StatusOK, http.MethodPost, "/v2/pals", host)["pal_id"])
		s.want(http.StatusOK, http.MethodPatch, "/v2/pals/"+id, patchOf("add", "/layers/tts", `{"tts_engine": "cartesia"}`))
		if got := at(t, s.send(http.MethodGet, "/v2/pals/"+id, "").text, want[0]); got != want[1] {
			t.Errorf("%s: %s is %s, want %s", setting, want[0], got, want[1])
		}
	}
	if created := newSite(t, "pal-create-answer=whole").want(http.StatusOK, http.MethodPost, "/v2/pals", host); created["system_prompt"] != "Be kind." {
		t.Errorf("pal-create-answer=whole: %v", created)
	}
	for setting, want := range map[string]int{"pal-delete-in-use=204": 204, "pal-delete-in-use=400": 400, "pal-delete-in-use=409": 409} {
		s := newSite(t, setting)
		s.create(guide)
		if got := s.send(http.MethodDelete, "/v2/pals/"+simulator.PalDocsGuide, "").status; got != want {
			t.Errorf("%s: %d", setting, got)
		}
	}
	for setting, want := range map[string]string{"pal-draft-body=error": "error", "pal-draft-body=message": "message", "pal-draft-body=bare": "conflict"} {
		s := newSite(t, "pal-draft=open", setting)
		refused := s.want(http.StatusConflict, http.MethodPatch, "/v2/pals/"+simulator.PalDocsGuide, patchOf("add", "/greeting", `"Hi"`))
		if refused[want] == nil || refused["conflict"] != "maker_changes" {
			t.Errorf("%s: %v", setting, refused)
		}
	}
	for setting, want := range map[string]int{"pal-username-taken=409": 409, "pal-username-taken=400": 400, "pal-username-taken=422": 422} {
		s := newSite(t, setting)
		s.want(http.StatusOK, http.MethodPost, "/v2/pals", host)
		s.want(want, http.MethodPatch, "/v2/pals/"+simulator.PalDocsGuide, patchOf("add", "/layers/conferencing", `{"username": "HOST.one"}`))
		s.want(want, http.MethodPost, "/v2/pals", host)
	}
}

func TestPal_CheckUsername(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.want(http.StatusOK, http.MethodPost, "/v2/pals", host)
	for name, want := range map[string]any{"host.one": "taken", "Host.ONE": "taken", "-": "invalid", "free": nil} {
		if got := s.want(http.StatusOK, http.MethodGet, "/v2/pals/check-username?username="+name, ""); got["available"] != (want == nil) || got["reason"] != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// A dictionary can be written into the settings of the voice, too; and a key goes with the object around it.
func TestPal_WhatTheServerKeepsInLayers(t *testing.T) {
	t.Parallel()
	s := newSite(t, "pal-voice-settings=written", "pal-secret=absent")
	id := str(s.want(http.StatusOK, http.MethodPost, "/v2/pals", host)["pal_id"])
	path := "/v2/pals/" + id
	s.want(http.StatusOK, http.MethodPatch, path, patchOf("add", "/layers/tts", `{"pronunciation_dictionary_id": "pd1"}`))
	if got := at(t, s.send(http.MethodGet, path, "").text, "/layers/tts/voice_settings"); got != `{"pronunciation_dict_id":"pd1"}` {
		t.Errorf("the settings are %s", got)
	}
	s.want(http.StatusOK, http.MethodPatch, path, patchOf("add", "/greeting", `"Hi"`))
	if got := s.Secret("pals", id, "/layers/llm/api_key"); got != "s3cret" {
		t.Errorf("the key is %q", got)
	}
	s.want(http.StatusOK, http.MethodPatch, path, `[{"op": "remove", "path": "/layers/llm"}]`)
	if got := s.Secret("pals", id, "/layers/llm/api_key"); got != "" {
		t.Errorf("the key is still %q", got)
	}
}
