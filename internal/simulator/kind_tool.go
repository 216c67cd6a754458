package simulator

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

var (
	toolName    = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_]{0,63}$`)
	toolAuth    = map[string]string{"bearer": "token", "api_key": "value", "basic": "password", "oauth2_client_credentials": "client_secret", "hmac": "secret"}
	toolAuthAt  = "/delivery/api/auth"
	toolSecrets = []secret{
		{path: toolAuthAt + "/token"},
		{path: toolAuthAt + "/value"},
		{path: toolAuthAt + "/password"},
		{path: toolAuthAt + "/client_secret"},
		{path: toolAuthAt + "/secret"},
	}
)

// toolKind is docs.tavus.io/api-reference/tools.
func toolKind() *kind {
	k := &kind{
		collection: "tools", id: "tool_id", prefix: "t", noun: "Tool", name: "name",
		members: append([]member{
			{name: "name", use: required},
			{name: "description", use: required, most: 10_000},
			{name: "parameters", is: anObject, preset: map[string]any{}},
			{name: "trigger_type", among: []string{"in_call", "post_call"}, preset: "in_call"},
			{name: "origin", among: []string{"llm", "vision", "audio"}, preset: "llm"},
			{name: "on_call", among: []string{"generate_filler", "static_filler", "silent", "passthrough"}},
			{name: "static_filler", empty: absent},
			{name: "on_resolve", among: []string{"fire_and_forget", "generate_response", "response_in_result", "add_to_context"}, preset: "fire_and_forget"},
			{name: "delivery", is: anObject, preset: map[string]any{"app_message": true}},
		}, server("tool_id", "owner_id", "is_system_tool", "created_at", "updated_at")...),
		secrets: toolSecrets, merge: true, unique: true, oldestFirst: true, firstPage: 1, unknownCode: http.StatusBadRequest,
		seeds: []map[string]any{{"tool_id": "end_call", "name": "end_call", "description": "Ends the call.", "is_system_tool": true}},
		switches: []Switch{
			{Name: "tool-api-defaults", Doc: "whether method, timeout and content_type of an api are filled in", Positions: positions("filled", "absent")},
			{Name: "tool-app-message", Doc: "app_message beside an api", Positions: positions("false", "absent")},
			{Name: "tool-auth-none", Doc: "auth of an api that has none", Positions: positions("absent", "shown")},
			{Name: "tool-parameters", Doc: "parameters without a member", Positions: positions("as-sent", "object-schema")},
			{Name: "tool-stale-filler", Doc: "static_filler after on_call moves away from it", Positions: positions("kept", "dropped")},
			{Name: "tool-mask-back", Doc: "a mask that is written back", Positions: positions("400", "ignored")},
			{Name: "tool-omitted-secret", Doc: "a delivery without the secret, where the type stays", Positions: positions("kept", "400")},
		},
		problem: toolProblem, writing: func(_ *Simulator, c *call, r *record) *answer {
			if r.doc["is_system_tool"] != true {
				return nil
			}
			refused := c.fail(http.StatusBadRequest, "System tools cannot be changed")
			return &refused
		},
		normal: normalTool, merging: mergeTool, deleted: func(s *Simulator, r *record) {
			s.scrubPals(func(pal map[string]any) { without(pal, "tool_ids", r.doc["tool_id"]) })
		},
	}
	k.keep = func(_ *Simulator, c *call, doc map[string]any) bool {
		system := doc["is_system_tool"] == true
		kind := c.query.Get("type")
		return k.nameOrID(doc, c.query.Get("name_or_uuid")) && (kind == "all" || system == (kind == "system"))
	}
	return k
}

func toolProblem(_ *Simulator, doc map[string]any) string {
	delivery, _ := doc["delivery"].(map[string]any)
	api, hasAPI := delivery["api"].(map[string]any)
	name := textOf(doc["name"])
	address, err := url.Parse(textOf(api["url"]))
	switch {
	case !toolName.MatchString(name) || strings.HasPrefix(name, "tavus_"):
		return "name must be an identifier that does not begin with tavus_"
	case delivery != nil && hasAPI == (delivery["app_message"] == true):
		return "delivery must have exactly one channel"
	case hasAPI && (err != nil || address.Scheme != "https" || address.Host == "" || strings.Contains(address.Host, "{")):
		return "delivery.api.url must be an https URL with a fixed host"
	case textOf(doc["trigger_type"]) == "post_call" && !hasAPI:
		return "A post_call tool needs delivery.api"
	case doc["on_call"] == "static_filler" && textOf(doc["static_filler"]) == "":
		return "static_filler is required"
	}
	auth, _ := api["auth"].(map[string]any)
	if needed := toolAuth[textOf(auth["type"])]; needed != "" && textOf(auth[needed]) == "" {
		return "delivery.api.auth." + needed + " is required"
	}
	return ""
}

// mergeTool keeps the secret of a delivery that is sent without it.
func mergeTool(s *Simulator, shown, doc map[string]any) string {
	sent, _ := lookup(doc, toolAuthAt)
	auth, _ := sent.(map[string]any)
	held, _ := lookup(shown, toolAuthAt)
	before, _ := held.(map[string]any)
	if auth == nil || same(doc["delivery"], shown["delivery"]) {
		return ""
	}
	member := toolAuth[textOf(auth["type"])]
	switch _, given := auth[member]; {
	case auth[member] == mask && s.is("tool-mask-back", "400"):
		return "delivery.api.auth." + member + " must not be the mask"
	case member != "" && !given && before["type"] == auth["type"] && s.is("tool-omitted-secret", "kept"):
		auth[member] = mask
	}
	return ""
}

func normalTool(s *Simulator, before, doc map[string]any) {
	if origin := textOf(doc["origin"]); doc["on_call"] == nil && (origin == "" || origin == "llm") {
		doc["on_call"] = "generate_filler"
	}
	switch origin := doc["origin"]; {
	case doc["trigger_type"] == "post_call":
		delete(doc, "origin")
		delete(doc, "on_call")
	case origin == "vision", origin == "audio":
		delete(doc, "on_call")
	}
	if s.is("tool-stale-filler", "dropped") && doc["on_call"] != "static_filler" {
		delete(doc, "static_filler")
	}
	if schema, _ := doc["parameters"].(map[string]any); len(schema) == 0 && s.is("tool-parameters", "object-schema") {
		doc["parameters"] = map[string]any{"type": "object", "properties": map[string]any{}}
	}
	delivery, _ := doc["delivery"].(map[string]any)
	api, hasAPI := delivery["api"].(map[string]any)
	if !hasAPI || same(delivery, before["delivery"]) {
		return
	}
	if api["auth"] == nil && s.is("tool-auth-none", "shown") {
		api["auth"] = map[string]any{"type": "none"}
	}
	if s.is("tool-api-defaults", "filled") {
		mergeUnder(api, map[string]any{"method": "POST", "timeout": jsonInt(10), "content_type": "application/json"})
	}
	if delete(delivery, "app_message"); s.is("tool-app-message", "false") {
		delivery["app_message"] = false
	}
}
