package provider_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
	"github.com/tavus/terraform-provider-tavus/internal/testkit"
)

// guide is a configuration of a PAL with other arguments.
func guide(changes testkit.Config) testkit.Config { return testkit.With(palFixture().Minimal, changes) }

func conferencing(username string) map[string]any { return map[string]any{"username": username} }

// patches are the operations of the PATCH requests, such as "add /greeting", one text for each request.
func patches(t *testing.T, w *world) []string {
	t.Helper()
	var all []string
	for _, r := range w.Requests() {
		if r.Method != http.MethodPatch {
			continue
		}
		var operations []struct{ Op, Path string }
		if err := json.Unmarshal(r.Body, &operations); err != nil {
			t.Fatal(err)
		}
		var texts []string
		for _, o := range operations {
			texts = append(texts, o.Op+" "+o.Path)
		}
		if r.Query != "" {
			texts = append(texts, r.Query)
		}
		all = append(all, strings.Join(texts, ", "))
	}
	return all
}

// refusedAt asserts that the last error is at an argument and says all words.
func refusedAt(t *testing.T, w *world, err error, argument string, words ...string) {
	t.Helper()
	expectError(t, err, words...)
	if len(w.core.Errors) != 1 || w.core.Errors[0].Path != argument {
		t.Errorf("the errors are at %v instead of %s", w.core.Errors, argument)
	}
}

func TestPal_ConferencingIsWrittenApartAndLast(t *testing.T) {
	t.Parallel()
	w := newWorld(t, palFixture())
	w.Must(t, testkit.Create, guide(testkit.Config{"conferencing": conferencing("docs.guide")}))
	w.ResetRequests()
	w.Must(t, testkit.Update, guide(testkit.Config{"greeting": "Hi!", "conferencing": conferencing("guide")}))
	if got := patches(t, w); !slices.Equal(got, []string{"add /greeting", "add /layers/conferencing/username"}) {
		t.Errorf("the patches are %q", got)
	}
	w.ResetRequests()
	w.Must(t, testkit.Update, guide(testkit.Config{"greeting": "Hi!", "conferencing": conferencing("guide.two")}))
	if got := patches(t, w); !slices.Equal(got, []string{"add /layers/conferencing/username"}) {
		t.Errorf("the patches are %q", got)
	}
}

// The address is in the answer to the create, and in lists, and a read does not show it.
func TestPal_ConferencingEmail(t *testing.T) {
	t.Parallel()
	for _, answer := range []string{"short", "whole"} {
		w := newWorld(t, palFixture(), "pal-patch-answer="+answer)
		w.Must(t, testkit.Create, guide(testkit.Config{"conferencing": conferencing("docs.guide")}))
		if got := w.Text("conferencing_email"); got != "docs.guide@invite.example.com" {
			t.Errorf("after the create: %q", got)
		}
		w.Must(t, testkit.Update, guide(testkit.Config{"greeting": "Hi!", "conferencing": conferencing("docs.guide")}))
		if got := w.Text("conferencing_email"); got != "docs.guide@invite.example.com" {
			t.Errorf("after another change: %q", got)
		}
		p := w.Must(t, testkit.Update, guide(testkit.Config{"conferencing": conferencing("guide")}))
		if got := p.Value()["conferencing_email"]; got != (testkit.Unknown{}) {
			t.Errorf("the plan says %v", got)
		}
		if got := w.Text("conferencing_email"); got != "guide@invite.example.com" {
			t.Errorf("after a change of the username: %q", got)
		}
	}
}

func TestPal_UsernameTaken(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"409", "400", "422"} {
		w := newWorld(t, palFixture(), "pal-username-taken="+code)
		w.Put("pals", map[string]any{"pal_name": "Other", "layers": map[string]any{"conferencing": conferencing("taken")}})
		taken := guide(testkit.Config{"greeting": "Hi!", "conferencing": conferencing("taken")})
		err := w.Write(taken)
		refusedAt(t, w, err, "conferencing", "Cannot create the PAL: conferencing", code, "not available", "unique over all customers")
		w.Must(t, testkit.Create, guide(nil))
		err = w.Write(taken)
		refusedAt(t, w, err, "conferencing", "Cannot update PAL "+w.ID()+": conferencing", code, "This username is taken", "other changes of this apply have been written")
		if got := w.at("/greeting"); got != "Hi!" {
			t.Errorf("the greeting is %v", got)
		}
		w.Must(t, testkit.Update, guide(testkit.Config{"greeting": "Hi!", "conferencing": conferencing("free")}))
	}
}

func TestPal_UnpublishedEditsStopAnUpdate(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"error", "message", "bare"} {
		w := newWorld(t, palFixture(), "pal-draft-body="+body)
		w.Must(t, testkit.Create, guide(testkit.Config{"conferencing": conferencing("docs.guide")}))
		if err := w.Set("pal-draft=open"); err != nil {
			t.Fatal(err)
		}
		changed := testkit.Config{"greeting": "Hi!", "conferencing": conferencing("guide")}
		w.ResetRequests()
		err := w.Write(guide(changed))
		refusedAt(t, w, err, "overwrite_maker_changes", "unpublished edits", "409", "PAL Maker", "Nothing was changed", "publish or discard",
			"overwrite_maker_changes = true")
		if got := patches(t, w); !slices.Equal(got, []string{"add /greeting"}) {
			t.Errorf("after the refusal the patches are %q", got)
		}
		w.Must(t, testkit.Update, guide(testkit.Config{"conferencing": conferencing("guide")})) // the draft does not matter
		w.ResetRequests()
		changed["overwrite_maker_changes"] = true
		p := w.Must(t, testkit.Update, guide(changed))
		if got := patches(t, w); !slices.Equal(got, []string{"add /greeting", "add /greeting, force=true"}) {
			t.Errorf("the patches are %q", got)
		}
		if said := testkit.Lines(p.Warnings); !strings.Contains(said, "unpublished edits are lost") || !strings.Contains(said, w.ID()) {
			t.Errorf("warnings: %s", said)
		}
		w.ResetRequests()
		w.Must(t, testkit.Update, guide(testkit.Config{"overwrite_maker_changes": true, "conferencing": conferencing("guide.two")}))
		if got := patches(t, w); !slices.Equal(got, []string{"add /layers/conferencing/username"}) {
			t.Errorf("a change that the draft does not matter to discards it: %q", got)
		}
		if err := w.Set("pal-force=refused"); err != nil {
			t.Fatal(err)
		}
		err = w.Write(guide(testkit.Config{"overwrite_maker_changes": true, "greeting": "Hello!", "conferencing": conferencing("guide.two")}))
		refusedAt(t, w, err, "overwrite_maker_changes", "unpublished edits", "did not take overwrite_maker_changes = true either. Publish or discard")
		if strings.Contains(err.Error(), "are lost") {
			t.Errorf("nothing was lost: %v", err)
		}
	}
}

// What is in the place of a key is not sent back, whatever the server shows there, and the key outlives
// changes beside it.
func TestPal_KeysOutliveChangesBesideThem(t *testing.T) {
	t.Parallel()
	for _, shown := range []string{"masked", "clear", "last-four", "absent"} {
		w := newWorld(t, palFixture(), "pal-secret="+shown)
		layers := func(text string) testkit.Config { return guide(testkit.Config{"layers": text}) }
		w.Must(t, testkit.Create, layers(`{"llm":{"model":"ours","base_url":"https://llm.example.com"},"tts":{"tts_engine":"azure"}}`))
		w.Edit("pals", w.ID(), func(doc map[string]any) {
			for layer, key := range map[string]string{"llm": "portal-llm", "tts": "portal-tts"} {
				members, _ := doc["layers"].(map[string]any)[layer].(map[string]any)
				members["api_key"] = key
			}
		})
		w.Must(t, testkit.Update, layers(`{"llm":{"model":"theirs"},"tts":{}}`))
		w.Must(t, testkit.Update, layers(`{}`))
		for pointer, want := range map[string]string{"/layers/llm/api_key": "portal-llm", "/layers/tts/api_key": "portal-tts"} {
			if got := w.Secret("pals", w.ID(), pointer); got != want {
				t.Errorf("%s: %s is %q", shown, pointer, got)
			}
		}
		for _, r := range w.Requests() {
			if strings.Contains(string(r.Body), "api_key") || strings.Contains(string(r.Body), "**") {
				t.Errorf("%s: a key was sent: %s", shown, r.Body)
			}
		}
	}
}

func TestPal_KeysAreSetAndTakenAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t, palFixture())
	w.Must(t, testkit.Create, guide(nil))
	w.portal(t, testkit.Edit{Pointer: "/layers"}) // it never had one
	held := func() string {
		return w.Secret("pals", w.ID(), "/layers/llm/api_key") + " " + w.Secret("pals", w.ID(), "/layers/tts/api_key")
	}
	w.Must(t, testkit.Update, guide(testkit.Config{"llm_api_key": "one", "tts_api_key_wo": "two", "tts_api_key_wo_version": "1"}))
	if held() != "one two" {
		t.Errorf("the keys are %s", held())
	}
	w.Must(t, testkit.NoOp, guide(testkit.Config{"llm_api_key": "one", "tts_api_key_wo": "unsent", "tts_api_key_wo_version": "1"}))
	w.Must(t, testkit.Update, guide(testkit.Config{"llm_api_key": "three", "tts_api_key_wo": "four", "tts_api_key_wo_version": "2"}))
	if held() != "three four" {
		t.Errorf("the keys are %s", held())
	}
	w.Must(t, testkit.Update, guide(nil))
	if held() != " " {
		t.Errorf("the keys are still %s", held())
	}
}

func TestPal_HeadersAreInNoState(t *testing.T) {
	t.Parallel()
	w := newWorld(t, palFixture())
	headers := func(value, version string) testkit.Config {
		return guide(testkit.Config{"llm_headers_wo": map[string]any{"X-Key": value, "X-Team": "docs"}, "llm_headers_wo_version": version})
	}
	w.Must(t, testkit.Create, headers("secret-one", "1"))
	w.Must(t, testkit.NoOp, headers("unsent", "1"))
	w.Must(t, testkit.Update, headers("secret-two", "2"))
	if got := testkit.JSON(w.at("/layers/llm/headers")); got != `{"X-Key":"secret-two","X-Team":"docs"}` {
		t.Errorf("the headers are %s", got)
	}
	w.Fault("PATCH:1:refused")
	err := w.Write(headers("secret-three", "3"))
	w.Fault("")
	id, said := w.ID(), fmt.Sprint(w.State(), string(w.Private()), w.core.Said(), err)
	if err := w.restart(nil); err != nil {
		t.Fatal(err)
	}
	if err := w.Import(id); err != nil {
		t.Fatal(err)
	}
	if said += fmt.Sprint(w.State()); strings.Contains(said, "secret-") || strings.Contains(said, "X-Team") {
		t.Errorf("headers are in %s", said)
	}
	w.Must(t, testkit.Update, headers("secret-four", "4"))
	w.Must(t, testkit.Update, guide(nil))
	if got := w.at("/layers/llm/headers"); got != nil {
		t.Errorf("the headers are still %v", got)
	}
}

// A member that has an argument of its own is not written in layers.
func TestPal_LayersOfOtherArguments(t *testing.T) {
	t.Parallel()
	w := newWorld(t, palFixture())
	for layers, want := range map[string][2]string{ // argument of the error, what to write instead
		`{"llm":{"api_key":"secret"}}`:                       {"", "llm_api_key"},
		`{"llm":{"headers":{"X-Key":"secret"}}}`:             {"", "llm_headers_wo"},
		`{"tts":{"api_key":"secret"}}`:                       {"", "tts_api_key"},
		`{"tts":{"pronunciation_dictionary_id":"pd1"}}`:      {"layers", "pronunciation_dictionary_id"},
		`{"conferencing":{"username":"guide"}}`:              {"layers", "conferencing"},
		`{"tts":{"api_key":"secret"},"conferencing":{}}`:     {"", "tts_api_key"},
		`{"conferencing":{},"llm":{"model":"m"},"stt":null}`: {"layers", "conferencing"},
	} {
		err := w.Validate(guide(testkit.Config{"layers": layers}))
		refusedAt(t, w, err, want[0], "in layers", "write the argument "+want[1])
		if strings.Contains(err.Error(), "secret") {
			t.Errorf("the error shows the secret: %v", err)
		}
	}
	if err := w.Validate(guide(testkit.Config{"layers": `{"conferencing":null,"llm":{"api_key":null}}`})); err != nil {
		t.Errorf("null is not written: %v", err)
	}
}

func TestPal_UnknownKeysOfLayersWarn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, palFixture())
	p := w.Must(t, testkit.Create, guide(testkit.Config{"layers": `{"lllm":{},"perception":{"perception_modell":"off"},"stt":{"stt_engine":"x"}}`}))
	said := testkit.Lines(p.Warnings)
	for _, words := range []string{`/lllm: unknown key, did you mean "llm"?`, `did you mean "perception_model"?`, "/stt/stt_engine: not one of"} {
		if !strings.Contains(said, words) {
			t.Errorf("no warning says %s: %s", words, said)
		}
	}
}

// The older name of a member is the same member, on each side.
func TestPal_OlderNameOfAMember(t *testing.T) {
	t.Parallel()
	const today = "/layers/conversational_flow/pal_interruptibility"
	for _, shown := range []string{"same", "old", "both"} {
		w := newWorld(t, palFixture(), "pal-flow-alias="+shown, "pal-flow-fill=none")
		flow := func(members string) testkit.Config {
			return guide(testkit.Config{"layers": `{"conversational_flow":{` + members + `}}`})
		}
		w.Must(t, testkit.Create, flow(`"replica_interruptibility":"low"`))
		w.Must(t, testkit.NoOp, flow(`"pal_interruptibility":"low"`))
		w.Must(t, testkit.Update, flow(`"pal_interruptibility":"high","replica_interruptibility":"low"`))
		if got := w.at(today); got != "high" {
			t.Errorf("%s: the value is %v", shown, got)
		}
		w.portal(t, testkit.Edit{Pointer: today, Value: "medium"})
		w.Must(t, testkit.Update, flow(`"replica_interruptibility":"high"`))
		w.Must(t, testkit.Update, flow(`"turn_taking_patience":"low"`))
		if got := w.at(today); got != nil {
			t.Errorf("%s: the value is still %v", shown, got)
		}
	}
}

func TestPal_Prompt(t *testing.T) {
	t.Parallel()
	prompt := func(text string) testkit.Config { return guide(testkit.Config{"system_prompt": text}) }
	w := newWorld(t, palFixture(), "texts=trimmed")
	w.Must(t, testkit.Create, prompt("Know the docs.\nBe brief.\n"))
	w.Must(t, testkit.NoOp, prompt("Know the docs.\r\nBe brief.\r\n"))
	w.portal(t, testkit.Edit{Pointer: "/system_prompt", Value: "Know the docs.\r\nBe kind."})
	w.Must(t, testkit.Update, prompt("Know the docs.\r\nBe brief.\r\n"))
	if got := w.at("/system_prompt"); got != "Know the docs.\nBe brief." {
		t.Errorf("the prompt is %q", got)
	}
	w.portal(t, testkit.Edit{Pointer: "/system_prompt", Value: "Know the docs.\r\nBe brief."}) // saved on another system
	w.Quiet(t, prompt("Know the docs.\nBe brief.\n"))
}

func TestPal_WhatANewPalNeeds(t *testing.T) {
	t.Parallel()
	w := newWorld(t, palFixture())
	_, err := w.Plan(guide(testkit.Config{"system_prompt": nil}))
	refusedAt(t, w, err, "system_prompt", "needs a system_prompt")
	_, err = w.Plan(guide(testkit.Config{"default_face_id": ""}))
	refusedAt(t, w, err, "default_face_id", "needs a face")
	for _, mode := range []any{"echo", testkit.Unknown{}} {
		if _, err := w.Plan(guide(testkit.Config{"system_prompt": nil, "pipeline_mode": mode})); err != nil {
			t.Errorf("pipeline_mode is %v: %v", mode, err)
		}
	}
	if len(w.Requests()) > 0 {
		t.Errorf("the plans sent %s", w.Log())
	}
	// A PAL from before there was a rule has no face.
	if err := w.Import(w.Put("pals", map[string]any{"pal_name": "Old"})); err != nil {
		t.Fatal(err)
	}
	w.Quiet(t, w.GenerateConfig())
	w.Quiet(t, testkit.Config{"default_face_id": ""})
	w.Must(t, testkit.Update, testkit.Config{"default_face_id": "r4317e64d25"})
	_, err = w.Plan(testkit.Config{"default_face_id": ""})
	refusedAt(t, w, err, "default_face_id", "needs a face")
}

func TestPal_DestroyWarnsOfDeployments(t *testing.T) {
	t.Parallel()
	for _, fault := range []string{"", "GET:*:503"} {
		w, err := openWorld(t, palFixture(), testkit.Config{"max_retries": 0})
		if err != nil {
			t.Fatal(err)
		}
		w.Must(t, testkit.Create, guide(nil))
		deployment := w.Put("deployments", map[string]any{"pal_id": w.ID(), "channel": "widget"})
		w.Put("deployments", map[string]any{"pal_id": simulator.PalDocsGuide, "channel": "widget"})
		id := w.ID()
		w.Fault(fault)
		if err := w.Destroy(); err != nil {
			t.Fatal(err)
		}
		said := w.core.Said()
		if warned := strings.Contains(said, id) && strings.Contains(said, deployment); warned != (fault == "") {
			t.Errorf("fault %q: %s", fault, said)
		}
	}
}

// A guardrail and a dictionary that are replaced are deleted first, and the server takes them off the PAL
// before the PAL gets the new ones.
func TestPal_ReferencesAreReplaced(t *testing.T) {
	t.Parallel()
	w := newWorld(t, palFixture())
	refers := func(guardrail, dictionary string) testkit.Config {
		return guide(testkit.Config{"guardrail_ids": []any{"g-kept", guardrail}, "pronunciation_dictionary_id": dictionary})
	}
	w.Must(t, testkit.Create, refers("g-old", "pd-old"))
	p := w.mustPlan(t, refers("g-new", "pd-new"))
	w.portal(t, testkit.Edit{Pointer: "/guardrail_ids", Value: []any{"g-kept"}}, testkit.Edit{Pointer: "/layers/tts/pronunciation_dictionary_id"})
	if err := w.Apply(p); err != nil {
		t.Fatal(err)
	}
	w.holds(t, map[string]string{"/guardrail_ids": `["g-kept","g-new"]`, "/layers/tts/pronunciation_dictionary_id": `"pd-new"`})
}

// A plan of an account with many PALs is one GET for each.
func TestPal_AnAccountIsReadOnce(t *testing.T) {
	t.Parallel()
	count := 20
	if long {
		count = 200
	}
	w := newWorld(t, palFixture())
	var all []*testkit.Resource
	for i := range count {
		id := w.Put("pals", map[string]any{"pal_name": fmt.Sprintf("PAL %d", i), "default_face_id": "r4317e64d25", "system_prompt": "Be kind."})
		r := w.core.Resource(fmt.Sprintf("tavus_pal.p%d", i))
		if err := r.Import(id); err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	w.ResetRequests()
	for _, r := range all {
		r.Quiet(t, r.GenerateConfig())
	}
	if got := w.Log(); got != strings.TrimSpace(strings.Repeat("GET ", len(all))) {
		t.Errorf("%d requests", len(w.Requests()))
	}
}

// Keys of other services are in no data source, whatever the server shows.
func TestPal_DataSourcesShowNoKeys(t *testing.T) {
	t.Parallel()
	w := newWorld(t, palFixture(), "pal-secret=clear")
	headers := map[string]any{"X-Key": "header-secret"}
	id := w.Put("pals", map[string]any{"pal_name": "Docs Guide", "system_prompt": "Be kind.", "layers": map[string]any{
		"llm": map[string]any{"model": "ours", "api_key": "llm-secret", "headers": headers}, "tts": map[string]any{"api_key": "tts-secret"},
	}})
	for _, config := range []testkit.Config{{"pal_id": id}, {"name": "Docs Guide"}} {
		one, err := w.core.Data("tavus_pal", config)
		if err != nil || one["system_prompt"] != "Be kind." || one["layers"] != `{"llm":{"model":"ours"},"tts":{}}` {
			t.Errorf("%v: %v, %v", config, one, err)
		}
	}
	many, err := w.core.Data("tavus_pals", nil)
	if said := testkit.JSON(many); err != nil || !strings.Contains(said, "Be kind.") || strings.Contains(said, "secret") {
		t.Errorf("%s, %v", said, err)
	}
}
