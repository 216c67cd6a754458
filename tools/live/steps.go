package main

import "fmt"

// step is one request of a run. ${words} in its path and body stand for the id that an earlier
// step gave, or for name and url of the run. A step is left out where one of them is missing.
type step struct {
	as, method, path, body string

	id      string // the member of the answer with the id that the step gives; "": it gives none
	may     bool   // the server may refuse it; else the run ends where the id is missing
	ifMatch string // the step whose ETag is sent; where there is none, this one is left out too
}

const deployment, pal = "/v2/deployments/${deployment}", "/v2/pals/${pal}"

// set is the body of a PATCH that sets one member.
func set(path, value string) string {
	return fmt.Sprintf(`[{"op": "add", "path": %q, "value": %s}]`, path, value)
}

// steps make a small agent, and then do to it what shows how the API behaves.
var steps = []step{
	{as: "face", method: "GET", path: "/v2/faces?face_type=system&limit=1", id: "face_id"},
	{as: "guardrail", method: "POST", path: "/v2/guardrails", id: "uuid", body: `{"guardrail_name": "${name}_dates", "guardrail_prompt": "Never promises dates."}`},
	{as: "dictionary", method: "POST", path: "/v2/pronunciation-dictionaries", id: "pronunciation_dictionary_id", body: `{"name": "${name} terms",
		"rules": [{"text": "HCL", "pronunciation": "H C L", "type": "alias"}]}`},
	{as: "objectives", method: "POST", path: "/v2/objectives", id: "objectives_id", body: `{"data": [
		{"objective_name": "${name}_ask", "objective_prompt": "Learn which product the visitor uses.", "next_required_objective": "${name}_help"},
		{"objective_name": "${name}_help", "objective_prompt": "Name the page that helps."}]}`},
	{as: "objectives read", method: "GET", path: "/v2/objectives/${objectives}"},
	{as: "document", method: "POST", path: "/v2/documents", id: "document_id", may: true, body: `{"document_name": "${name} page", "document_url": "${url}"}`},
	{as: "tool", method: "POST", path: "/v2/tools", id: "tool_id", body: `{"name": "${name}_ticket", "description": "Opens a ticket.",
		"delivery": {"api": {"url": "https://example.com/tickets", "auth": {"type": "bearer", "token": "of-a-test"}}}}`},
	{as: "tool patch", method: "PATCH", path: "/v2/tools/${tool}", body: `{"delivery": {"api": {"url": "https://example.com/other", "auth": {"type": "bearer"}}}}`},
	{as: "tool read", method: "GET", path: "/v2/tools/${tool}"},
	{as: "other pal", method: "POST", path: "/v2/pals", id: "pal_id", body: `{"pal_name": "${name} other", "default_face_id": "${face}", "system_prompt": "Be kind."}`},
	{as: "pal", method: "POST", path: "/v2/pals", id: "pal_id", body: `{"pal_name": "${name} guide", "default_face_id": "${face}", "system_prompt": "Be kind.",
		"guardrail_ids": ["${guardrail}"], "objectives_id": "${objectives}", "layers": {"tts": {"pronunciation_dictionary_id": "${dictionary}"}}}`},
	{as: "pal document", method: "PATCH", path: pal, body: set("/document_ids", `["${document}"]`)},
	{as: "attach", method: "POST", path: pal + "/tools", body: `{"tool_ids": ["${tool}"]}`},
	{as: "attach unknown", method: "POST", path: pal + "/tools", body: `{"tool_ids": ["t0000000000"]}`},
	{as: "skill", method: "PUT", path: pal + "/skills/magic_canvas", body: `{"config": {"components": {"calendar": {"enabled": false}}}}`},
	{as: "skills", method: "GET", path: pal + "/skills"},
	{as: "other deployment", method: "POST", path: "/v2/deployments", id: "deployment_id", body: `{"pal_id": "${pal}", "channel": "widget", "name": "${name} other"}`},
	{as: "deployment", method: "POST", path: "/v2/deployments", id: "deployment_id", body: `{"pal_id": "${pal}", "channel": "widget", "name": "${name}",
		"customization": {"terms_content": "none"}}`},
	{as: "twin", method: "POST", path: "/v2/deployments", id: "deployment_id", may: true, body: `{"pal_id": "${pal}", "channel": "widget", "name": "${name}"}`},
	{as: "new", method: "GET", path: deployment, id: "deployment_id"},
	{as: "patch", method: "PATCH", path: deployment, body: set("/customization/terms_content", `"one"`)},
	{as: "read", method: "GET", path: deployment},
	{as: "read again", method: "GET", path: deployment},
	{as: "same patch", method: "PATCH", path: deployment, body: set("/customization/terms_content", `"one"`)},
	{as: "read after", method: "GET", path: deployment},
	{as: "fresh", method: "PATCH", path: deployment, body: set("/customization/terms_content", `"two"`), ifMatch: "read after"},
	{as: "stale", method: "PATCH", path: deployment, body: set("/customization/terms_content", `"three"`), ifMatch: "read after"},
	{as: "status", method: "PATCH", path: deployment, body: set("/status", `"inactive"`)},
	{as: "status read", method: "GET", path: deployment},
	{as: "password", method: "PATCH", path: deployment, body: set("/password", `"of-a-test"`)},
	{as: "password read", method: "GET", path: deployment},
	{as: "move", method: "PATCH", path: deployment, body: set("/pal_id", `"${other pal}"`)},
	{as: "move read", method: "GET", path: deployment},
	{as: "list", method: "GET", path: "/v2/deployments?limit=1&search=${name}"},
	{as: "page 0", method: "GET", path: "/v2/deployments?limit=1&search=${name}&page=0"},
	{as: "page 1", method: "GET", path: "/v2/deployments?limit=1&search=${name}&page=1"},
	// The PAL has deployments now, so the portal may keep a draft of it.
	{as: "pal patch", method: "PATCH", path: pal, body: set("/greeting", `"Hello."`)},
	{as: "pal forced", method: "PATCH", path: pal + "?force=true", body: set("/greeting", `"Hi."`)},
	{as: "pal read", method: "GET", path: pal},
	{as: "document delete", method: "DELETE", path: "/v2/documents/${document}"},
	{as: "pal scrubbed", method: "GET", path: pal},
	{as: "pal delete", method: "DELETE", path: pal},
}
