package provider_test

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"
	"strconv"
	"slices"
	"strings"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/provider"
	"github.com/tavus/terraform-provider-tavus/internal/simulator"
	"github.com/tavus/terraform-provider-tavus/internal/testkit"
)

// percent is how much of the long round is played, from TAVUS_LONG; 0: this is the short round.
var percent, _ = strconv.Atoi(os.Getenv("TAVUS_LONG"))

// long says that this is the long round of the tests.
var long = percent > 0

// rounds is how many random rounds are played: short in the short round, else the round's part of all.
func rounds(short, all int) int {
	if !long {
		return short
	}
	return max(short, all*percent/100)
}

// TestMain lets the tests have more garbage than a provider: a third of their time would go into collecting it.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	os.Exit(m.Run())
}

// inRound reports whether this round tests number i of a kind. The short one takes every third of the
// deployment, which has the most to lose, and every eighth of the others, each kind other ones.
func inRound(kind *testkit.Fixture, i int) bool {
	every := 8
	if kind.Type == "tavus_deployment" {
		every = 3
	}
	return long || (i+len(kind.Type))%every == 0
}

// fixtures are those of all kinds. Every law holds for each of them.
func fixtures() []*testkit.Fixture {
	return []*testkit.Fixture{deploymentFixture(), guardrailFixture(), dictionaryFixture(), documentFixture(), skillFixture(), objectivesFixture(), toolFixture(), palFixture()}
}

func deploymentFixture() *testkit.Fixture {
	customization := func(value map[string]any) string { return testkit.JSON(value) }
	return &testkit.Fixture{
		Type: "tavus_deployment", Collection: "deployments", ID: "deployment_id",
		Minimal: testkit.Config{"pal_id": simulator.PalDocsGuide, "channel": "widget"},
		Full: testkit.Config{
			"pal_id": simulator.PalDocsGuide, "channel": "widget", "name": "Docs, for you!", "status": "draft", "password": "Secret-one",
			"allowed_origins": []any{"https://Docs.Example.com", "http://localhost:3000"}, "limits": `{"max_call_duration":600,"total":2}`,
			"customization": customization(map[string]any{
				"widget": map[string]any{"text": "Ask <b>", "a/b~c.d": true, "": ""}, "theme": map[string]any{"accent": "#1a2B3c"},
				"list": []any{"b", "a", map[string]any{"x": nil}}, "empty": map[string]any{}, "${key}": `%{if} "q" \ é`,
				"big": json.Number("9007199254740993"), "one": json.Number("1.0"), "gone": "soon", "nothing": nil,
			}),
		},
		Changed: testkit.Config{
			"pal_id": simulator.PalProductTour, "channel": "widget", "name": "Docs for you", "status": "active", "allowed_origins": []any{},
			"customization": customization(map[string]any{
				"widget": map[string]any{"text": "Ask us"}, "list": []any{"a"}, "new": map[string]any{"x": map[string]any{"y": false}},
			}),
		},
		Edits: []testkit.Edit{
			{Pointer: "/customization/widget/position", Value: "top-left"},
			{Pointer: "/customization/preview", Value: map[string]any{"title": "Theirs"}},
			{Pointer: "/customization/new/z", Value: true},
			{Pointer: "/limits/daily_call_limit_per_user", Value: json.Number("7")},
		},
		Owned:   testkit.Edit{Pointer: "/customization/widget/text", Value: "Somebody's"},
		Dropped: []string{"/customization/gone", "/customization/theme", "/customization/big", "/customization/widget/a~1b~0c.d"},
		Secrets: map[string]string{"password": "passwordCanary2b8d \"<é>&/\\'+%"},
		Counts:  testkit.Counts{Create: "POST", Read: "GET", Update: "GET PATCH", Delete: "DELETE"},
		Hold: map[string]testkit.Config{
			"pal-patch=refused": {"pal_id": simulator.PalDocsGuide}, "pal-patch=ignored": {"pal_id": simulator.PalDocsGuide},
			"status-patch=refused": {"status": nil}, "status-patch=ignored": {"status": nil},
			"password-patch=refused": {"password": "Secret-one"}, "password-patch=ignored": {"password": "Secret-one"},
		},
		Late: []string{"thumbnails=late"},
	}
}

func guardrailFixture() *testkit.Fixture {
	return &testkit.Fixture{
		Type: "tavus_guardrail", Collection: "guardrails", ID: "uuid",
		Minimal: testkit.Config{"name": "noroadmap", "prompt": "Never promise a feature,\nor a date.\n"},
		Full: testkit.Config{
			"name": "noroadmap", "prompt": "Never promise a feature,\nor a date.\n", "modality": "verbal", "callback_url": "https://hooks.example.com/g",
			"tags": []any{"Support", "docs"}, "app_message": false,
		},
		Changed: testkit.Config{
			"name": "noroadmap", "prompt": "Never promise a date.", "modality": "visual", "callback_url": "", "tags": []any{"docs"}, "app_message": true,
		},
		Owned:  testkit.Edit{Pointer: "/guardrail_prompt", Value: "Somebody's"},
		Counts: testkit.Counts{Create: "POST", Read: "GET", Update: "GET PATCH", Delete: "DELETE"},
	}
}

func dictionaryFixture() *testkit.Fixture {
	rule := func(pronunciation, kind string) map[string]any {
		return map[string]any{"pronunciation": pronunciation, "type": kind}
	}
	return &testkit.Fixture{
		Type: "tavus_pronunciation_dictionary", Collection: "pronunciation-dictionaries", ID: "pronunciation_dictionary_id",
		Minimal: testkit.Config{"name": "Product terms"},
		Full: testkit.Config{"name": "Product terms", "rules": map[string]any{
			"nginx": rule("engine ex", "alias"), "HCL": map[string]any{"pronunciation": "H C L", "type": "alias", "case_sensitive": true},
			"kubectl": rule("ˈkjuːb", "ipa"),
		}},
		Changed: testkit.Config{"name": "Terms", "rules": map[string]any{
			"nginx": rule("engine X", "alias"), "SQL": map[string]any{"pronunciation": "sequel", "type": "alias", "word_boundaries": false},
		}},
		Owned:  testkit.Edit{Pointer: "/name", Value: "Somebody's"},
		Counts: testkit.Counts{Create: "POST", Read: "GET", Update: "GET PATCH", Delete: "DELETE"},
	}
}

func palFixture() *testkit.Fixture {
	layers := func(value map[string]any) string { return testkit.JSON(value) }
	return &testkit.Fixture{
		Type: "tavus_pal", Collection: "pals", ID: "pal_id",
		Setup: func(s *testkit.Server) {
			for _, doc := range s.Documents("pals") {
				s.Delete("pals", fmt.Sprint(doc["pal_id"])) // those that every account sees
			}
		},
		Minimal: testkit.Config{"name": "Docs Guide", "default_face_id": "r4317e64d25", "system_prompt": "You know the docs.\nBe brief.\n"},
		Full: testkit.Config{
			"name": "Docs Guide", "default_face_id": "r4317e64d25", "system_prompt": "You know the docs.\r\nBe brief.\r\n", "pipeline_mode": "full",
			"greeting": "Hi!", "context": "Docs", "description": "For the docs", "languages": []any{"en", "de"}, "disclosure_type": "auto",
			"verbal_disclosure": "I am an AI.", "visual_disclosure": "AI", "document_ids": []any{"d1-b", "d1-a"}, "document_tags": []any{"docs"},
			"guardrail_ids": []any{"g1"}, "guardrail_tags": []any{"support"}, "objectives_id": "o1", "pronunciation_dictionary_id": "pd1",
			"llm_api_key": "Llm-one", "tts_api_key": "Tts-one",
			"conferencing": map[string]any{"username": "docs.guide", "allowlist": []any{"a@example.com", ".*@example.org"}},
			"layers": layers(map[string]any{
				"perception": map[string]any{"perception_model": "raven-1"}, "stt": map[string]any{"hotwords": "HCL, \"Terraform\""},
				"conversational_flow": map[string]any{"turn_taking_patience": "high", "replica_interruptibility": "low"},
				"llm":                 map[string]any{"model": "tavus-gpt-oss", "extra_body": map[string]any{"temperature": json.Number("0.20"), "top": nil}},
				"tts":                 map[string]any{"tts_engine": "cartesia", "voice_settings": map[string]any{"speed": json.Number("1")}},
			}),
		},
		Changed: testkit.Config{
			"name": "Guide", "default_face_id": "r9d30b0e55a", "system_prompt": "You know the docs.\nBe kind.", "pipeline_mode": "echo", "greeting": "",
			"languages": []any{"de"}, "disclosure_type": "always", "document_ids": []any{}, "guardrail_ids": []any{"g2"},
			"objectives_id": "", "pronunciation_dictionary_id": "pd2", "conferencing": map[string]any{"username": "guide", "allowlist": []any{}},
			"layers": layers(map[string]any{
				"perception":          map[string]any{"perception_model": "off"},
				"conversational_flow": map[string]any{"turn_taking_patience": "high", "pal_interruptibility": "high"},
				"llm":                 map[string]any{"extra_body": map[string]any{"temperature": json.Number("0.3")}},
			}),
		},
		Edits: []testkit.Edit{
			{Pointer: "/layers/conversational_flow/voice_isolation", Value: "off"},
			{Pointer: "/layers/llm/extra_body/theirs", Value: true},
			{Pointer: "/layers/tts/external_voice_id", Value: "voice-1"},
		},
		Owned:   testkit.Edit{Pointer: "/layers/conversational_flow/turn_taking_patience", Value: "low"},
		Dropped: []string{"/layers/stt", "/layers/tts/voice_settings"},
		Secrets: map[string]string{"llm_api_key": "llmCanary7d2f \"<é>&/\\'+%", "tts_api_key": "ttsCanary5a1b \"<é>&/\\'+%"},
		Counts:  testkit.Counts{Create: "POST GET", Read: "GET", Update: "GET PATCH GET GET PATCH GET GET", Delete: "GET DELETE"},
		Hold:    map[string]testkit.Config{"pal-draft=open": {"overwrite_maker_changes": true}},
	}
}

func documentFixture() *testkit.Fixture {
	minimal := testkit.Config{
		"url": "https://docs.example.com/guide", "callback_url": "https://hooks.example.com/d", "crawl": map[string]any{"depth": 3},
	}
	return &testkit.Fixture{
		Type: "tavus_document", Collection: "documents", ID: "document_id",
		Minimal: minimal,
		Full:    testkit.With(minimal, testkit.Config{"name": "Guide, for you!", "tags": []any{"docs", "Public"}}),
		Changed: testkit.With(minimal, testkit.Config{"name": "Guide", "tags": []any{"docs"}}),
		Owned:   testkit.Edit{Pointer: "/document_name", Value: "Somebody's"},
		Counts:  testkit.Counts{Create: "POST GET GET", Read: "GET", Update: "GET PATCH", Delete: "DELETE"},
		Hold: map[string]testkit.Config{
			"document-speed=9999": {"wait_for_ready": false}, "document-outcome=error": {"wait_for_ready": false},
		},
		Needs: map[string]string{
			"document-speed=9999":     "document-delete-busy=204",
			"write-answer=echo":       "document-moves=no",    // nobody can tell a late form from an edit where the processing moves updated_at, too
			"document-url=redirected": "document-url=as-sent", // after an import the URL that was sent is not known
		},
	}
}

func objectivesFixture() *testkit.Fixture {
	list := func(find, share testkit.Config) testkit.Config {
		return testkit.Config{"objectives": []any{
			testkit.With(find, testkit.Config{
				"name": "find", "prompt": "Learn which product it is.\n", "output_variables": []any{"product", "version"},
				"next_conditional_objectives": map[string]any{"share": "A page answers it", "ticket": "No page does"},
			}),
			testkit.With(share, testkit.Config{"name": "share", "prompt": "Offer the page.", "next_required_objective": "ticket"}),
			map[string]any{"name": "ticket", "prompt": "Create a ticket.", "callback_url": "https://hooks.example.com/o", "output_variables": []any{}},
		}}
	}
	return &testkit.Fixture{
		Type: "tavus_objectives", Collection: "objectives", ID: "objectives_id",
		Minimal: list(testkit.Config{}, testkit.Config{}),
		Full:    list(testkit.Config{"confirmation_mode": "manual"}, testkit.Config{"modality": "visual"}),
		Changed: testkit.Config{"objectives": []any{
			map[string]any{"name": "ticket", "prompt": "Create a ticket.", "callback_url": ""},
			map[string]any{"name": "find", "prompt": "Learn the product.", "next_required_objective": "ticket", "confirmation_mode": "auto"},
		}},
		Owned:    testkit.Edit{Pointer: "/data", Value: []any{map[string]any{"objective_name": "find", "objective_prompt": "Somebody's"}}},
		Argument: "objectives",
		// What an import shows there is one objective, which may refer to others.
		Hold:   map[string]testkit.Config{"objectives-get-shape=object": {}, "objectives-get-shape=flat": {}},
		Counts: testkit.Counts{Create: "POST GET", Read: "GET", Update: "GET PATCH GET", Delete: "DELETE"},
	}
}

func toolFixture() *testkit.Fixture {
	auth := map[string]any{"type": "bearer", "secret": "Secret-one"}
	return &testkit.Fixture{
		Type: "tavus_tool", Collection: "tools", ID: "tool_id",
		Minimal: testkit.Config{
			"name": "create_ticket", "description": "Opens a ticket.\nAsk first.",
			"api": map[string]any{"url": "https://hooks.example.com/tickets/{id}", "auth": auth},
		},
		Full: testkit.Config{
			"name": "create_ticket", "description": "Opens a ticket.\nAsk first.", "trigger_type": "in_call", "origin": "llm", "on_call": "generate_filler",
			"on_resolve": "generate_response",
			"parameters": `{"type": "object", "properties": {"summary": {"type": "string", "maxLength": 1e2}}, "required": ["summary"]}`,
			"api": map[string]any{
				"url": "https://hooks.example.com/tickets/{id}", "method": "PUT", "timeout": 20, "content_type": "application/json; charset=utf-8",
				"headers": map[string]any{"X-Team": "docs", "X-Gone": "soon"}, "query_params": map[string]any{"lang": "en"},
				"body_template": `{"summary": "{summary}", "list": [1, null]}`, "auth": auth,
			},
		},
		Changed: testkit.Config{
			"name": "open_ticket", "description": "Opens a ticket.", "origin": "llm", "on_call": "silent", "parameters": `{}`,
			"on_resolve": "add_to_context",
			"api": map[string]any{
				"url": "https://hooks.example.com/v2/tickets", "timeout": 30, "headers": map[string]any{"X-Team": "support"},
				"query_params": map[string]any{}, "auth": auth,
			},
		},
		Owned:   testkit.Edit{Pointer: "/description", Value: "Somebody's"},
		Secrets: map[string]string{"api.auth.secret": "tokenCanary4d9e \"<é>&/\\'+%"}, //nolint:gosec // A token of the test.
		Counts:  testkit.Counts{Create: "POST", Read: "GET", Update: "GET PATCH", Delete: "DELETE"},
	}
}

func skillFixture() *testkit.Fixture {
	canvas := func(components map[string]any) testkit.Config {
		return testkit.Config{
			"pal_id": simulator.PalDocsGuide, "skill_id": "magic_canvas", "config": testkit.JSON(map[string]any{"components": components}),
		}
	}
	off, on := map[string]any{"enabled": false}, map[string]any{"enabled": true}
	return &testkit.Fixture{
		Type: "tavus_pal_skill", Collection: "pals/skills", ID: "skill_id", Overwrites: true, Unlisted: true,
		Minimal: testkit.Config{"pal_id": simulator.PalDocsGuide, "skill_id": "magic_canvas"},
		Full: canvas(map[string]any{
			"calendar": off, "chart": on, "alert": off,
			"scheduling_embed": map[string]any{"provider": "calendly", "scheduling_url": "https://calendly.example.com/docs"},
		}),
		Changed: canvas(map[string]any{"calendar": on, "chart": on, "question": off}),
		Edits:   []testkit.Edit{{Pointer: "/config/components/input/enabled", Value: false}, {Pointer: "/config/components/chart/theirs", Value: "x"}},
		Owned:   testkit.Edit{Pointer: "/config/components/calendar/enabled", Value: true},
		Dropped: []string{"/config/components/alert", "/config/components/scheduling_embed"},
		Counts:  testkit.Counts{Create: "GET PUT", Read: "GET", Update: "GET PUT", Delete: "DELETE"},
	}
}

// world is one server, one Terraform and one resource of a kind.
type world struct {
	*testkit.Server
	*testkit.Resource
	kind   *testkit.Fixture
	core   *testkit.Core
	echoes bool // see isEcho
}

// newWorld starts a world on a server with the settings.
func newWorld(t testing.TB, kind *testkit.Fixture, settings ...string) *world {
	t.Helper()
	w, err := openWorld(t, kind, nil, settings...)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// openWorld is newWorld with arguments of the provider.
func openWorld(t testing.TB, kind *testkit.Fixture, arguments testkit.Config, settings ...string) (*world, error) {
	t.Helper()
	s := testkit.NewServer(t, settings...)
	kind.Prepare(s)
	w := &world{Server: s, kind: kind, echoes: slices.ContainsFunc(settings, isEcho)}
	err := w.restart(arguments)
	return w, err
}

// isEcho reports whether the server answers a write with what it was sent, and normalises later. What
// it makes of a value is known while nobody has edited the object, and saved with the next change. So
// an edit of another key before that costs one repair that changes nothing.
func isEcho(setting string) bool { return strings.HasSuffix(setting, "-answer=echo") }

// restart makes another Terraform process, with an empty state.
func (w *world) restart(arguments testkit.Config) error {
	core, err := testkit.NewCore(provider.NewForLaws(nil), w.URL, arguments)
	if err != nil {
		return err
	}
	w.core, w.Resource = core, core.Resource(w.kind.Address("test"))
	return nil
}

// at is the value at a pointer of the object on the server.
func (w *world) at(pointer string) any { return w.At(w.kind.Collection, w.ID(), pointer) }

// portal makes an edit of the object as a person does.
func (w *world) portal(t testing.TB, edits ...testkit.Edit) {
	t.Helper()
	for _, edit := range edits {
		if !w.EditAt(w.kind.Collection, w.ID(), edit.Pointer, edit.Value) {
			t.Fatalf("there is no object %q", w.ID())
		}
	}
}

// untouched asserts that the portal edits are on the server.
func (w *world) untouched(t testing.TB) {
	t.Helper()
	if err := w.kind.Untouched(w.Server, w.ID()); err != nil {
		t.Fatal(err)
	}
}

// ids are the ids of all objects of the kind on the server.
func (w *world) ids() []string { return w.IDs(w.kind.Collection, w.kind.ID) }
