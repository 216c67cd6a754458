package main

import (
	"net/http"
	"reflect"
	"slices"
	"strings"
)

// question is one thing that the documentation leaves open and that changes what the provider does.
type question struct {
	name string                 // of the switch of the simulator, which says what is asked
	step string                 // whose answer the report shows
	does string                 // what the provider does in each case
	see  func(a answers) string // the position of the switch; another text says why none is known
}

// answers gives the answer to a step.
type answers func(step string) answer

const setDoes = "accepted: a change is made in place. refused: the apply fails with the server's words. ignored: it fails, because the answer shows the old value."

var questions = []question{
	{"etag", "read", "weak, strong: an update sends it as If-Match, so that an edit in between is merged. none: an edit of the same key in between is overwritten.", func(a answers) string {
		tag := a("read").tag()
		return pick("strong", when{tag == "", "none"}, when{strings.HasPrefix(tag, "W/"), "weak"})
	}},
	{"etag-moves", "read again", "never: an edit between read and write is noticed. visit, always: after two refusals though nothing changed, the update writes without If-Match.", func(a answers) string {
		one, two := a("read"), a("read again")
		return pick("always", when{one.tag() == "", "there is no ETag:"}, when{one.tag() == two.tag(), "never"},
			when{!same(one, two, "/updated_at"), "updated_at moves as well:"}, when{!same(one, two, "/usage_total"), "visit"})
	}},
	{"stale-code", "stale", "412, 428, 409: the update reads and merges again. Another one: the apply fails.", func(a answers) string {
		return pick(a("stale").code(),
			when{!a("fresh").took(), "a fresh ETag is refused as well:"}, when{a("stale").took(), "a stale ETag is taken:"})
	}},
	{"patch-answer", "patch", "document: it is the next state, and an update is 2 requests. Else: the update reads once more.", func(a answers) string {
		got := a("patch") // an echo cannot be told from the document by what a run sends
		return pick(got.code(), when{got.status == http.StatusNoContent, "no-content"}, when{got.at("/deployment_id") != nil, "document"},
			when{got.at("/message") != nil, "message"}, when{got.ok() && got.value == nil, "empty"})
	}},
	{"unchanged", "same patch", "304: what was read before is the next state. answer: the same as for a change.", func(a answers) string {
		return pick(a("same patch").code(), when{a("same patch").ok(), "answer"})
	}},
	{"updated-at-moves", "read after", "change, write: while it stays, values in another spelling are the server's form of what was sent. use: they are drift, unless they were answered.", func(a answers) string {
		return pick("change", when{!same(a("read"), a("read again"), "/updated_at"), "use"}, when{!same(a("read"), a("read after"), "/updated_at"), "write"})
	}},
	{"status-after-create", "new", "A create with another status takes a PATCH more.", func(a answers) string { return a("new").text("/status") }},
	{"status-patch", "status", setDoes, func(a answers) string {
		return pick(taken(a, "status", "/status", "inactive"), when{a("new").text("/status") == "inactive", "it was so before:"})
	}},
	{"password-patch", "password", setDoes, func(a answers) string { return taken(a, "password", "/has_password", true) }},
	{"pal-patch", "move", setDoes, func(a answers) string { return taken(a, "move", "/pal_id", a("other pal").at("/pal_id")) }},
	{"pages-from", "list", "Either: the pager finds out. 0 costs a request more in long lists.", func(a answers) string {
		first := a("list").text("/deployment_id")
		return pick("neither page 0 nor page 1 is the one that comes without a number:", when{first == "", "the list does not show what this run made:"},
			when{first == a("page 1").text("/deployment_id"), "1"}, when{first == a("page 0").text("/deployment_id"), "0"})
	}},
	{"list-shape", "list", "wrapped: a walk ends at total_count. bare, no-total: it reads on until a page has nothing new.", func(a answers) string {
		whole, isObject := a("list").value.(map[string]any)
		return pick("no-total", when{!isObject, "bare"}, when{whole["total_count"] != nil, "wrapped"})
	}},
	{"items", "list", "whole: data sources and queries read the list alone. partial: and each object that they show.", func(a answers) string {
		return pick("partial", when{a("list").at("/customization") != nil, "whole"})
	}},
	{"date", "read", "sent: a create whose reply is lost is found again by age and name. absent: it is an error that names the candidates.", func(a answers) string {
		return pick("absent", when{a("read").header.Get("Date") != "", "sent"})
	}},
	{"duplicate-names", "twin", "allowed: a create whose reply is lost is adopted only if no other object fits. refused: the error names the object that has the name.", func(a answers) string {
		return pick("refused", when{a("twin").ok(), "allowed"})
	}},
	{"pal-create-answer", "pal", "short: a create reads once more. whole: it does not.", func(a answers) string {
		return pick("short", when{a("pal").at("/system_prompt") != nil, "whole"})
	}},
	{"pal-draft", "pal patch", "none: an update changes the live PAL. open: it fails with both ways out, and nothing is changed.", func(a answers) string {
		return pick(a("pal patch").code(), when{a("pal patch").took(), "none"}, when{a("pal patch").at("/conflict") != nil, "open"})
	}},
	{"pal-force", "pal forced", "accepted: overwrite_maker_changes = true discards the draft. refused: a person has to publish or discard it.", func(a answers) string {
		return pick("refused", when{a("pal patch").took(), "there is no draft:"}, when{a("pal forced").took(), "accepted"})
	}},
	{"pal-patch-answer", "pal patch", "short: an update reads once more. whole: it does not.", func(a answers) string {
		return pick("short", when{a("pal patch").at("/pal_id") == nil, "it shows no PAL:"}, when{a("pal patch").at("/system_prompt") != nil, "whole"})
	}},
	{"document-scrub", "document delete", "removed: the next plan of a PAL that still names it shows it as missing. stays: that plan is empty, and the PAL keeps an id of nothing.", func(a answers) string {
		id := a("document").at("/document_id")
		before, _ := a("pal read").at("/document_ids").([]any)
		after, _ := a("pal scrubbed").at("/document_ids").([]any)
		return pick("removed", when{!slices.Contains(before, id), "the PAL did not have it:"},
			when{!a("document delete").ok(), "it is not deleted:"}, when{slices.Contains(after, id), "stays"})
	}},
	{"document-delete-busy", "document delete", "204: a destroy deletes it. 409: the destroy fails while Tavus reads the document.", func(a answers) string {
		return pick(a("document delete").code(), when{a("document").text("/status") == "ready", "it was ready at once:"})
	}},
	{"pal-delete-in-use", "pal delete", "204: its deployments stay, and show nobody. 400, 409: destroying the PAL fails until they are gone; Terraform destroys them first where they refer to it.", func(a answers) string {
		return a("pal delete").code()
	}},
	{"tool-omitted-secret", "tool patch", "kept: a change of api keeps a write-only secret. 400: the apply fails, unless the version of the secret changes too.", func(a answers) string {
		return pick("it is accepted, and the secret is lost:", when{!a("tool patch").took(), a("tool patch").code()},
			when{a("tool read").at("/delivery/api/auth/token") != nil, "kept"})
	}},
	{"objectives-get-shape", "objectives read", "array, bare: edits of every objective are noticed. object, flat: those of one are, and a warning says so.", func(a answers) string {
		_, isBare := a("objectives read").value.([]any)
		whole, _ := a("objectives read").value.(map[string]any)
		_, isArray := whole["data"].([]any)
		_, isObject := whole["data"].(map[string]any)
		return pick("a form that the provider does not read:", when{isBare, "bare"}, when{isArray, "array"},
			when{isObject && whole["objectives_id"] == nil, "flat"}, when{isObject, "object"})
	}},
	{"attach-unknown-tool", "attach unknown", "400, 404: the apply fails, and no tool is attached. skipped: it reads the tools, and fails with the ids of those that are missing.", func(a answers) string {
		return pick(a("attach unknown").code(), when{a("attach unknown").ok(), "skipped"})
	}},
	{"skill-list-shape", "skills", "Each of these is read. Another one: a create fails, because nobody can tell whether the skill is attached.", func(a answers) string {
		whole, _ := a("skills").value.(map[string]any)
		list, _ := whole["data"].([]any)
		keyed, _ := whole["data"].(map[string]any)
		return pick("the skill is not in it:", when{whole["magic_canvas"] != nil, "bare"}, when{keyed["magic_canvas"] != nil, "data"}, when{len(list) > 0, "array"})
	}},
}

// when is a condition and what it means.
type when struct {
	holds bool
	text  string
}

// pick returns the text of the first condition that holds.
func pick(otherwise string, cases ...when) string {
	for _, each := range cases {
		if each.holds {
			return each.text
		}
	}
	return otherwise
}

// same reports whether two answers have one value at a pointer.
func same(one, two answer, pointer string) bool {
	return reflect.DeepEqual(one.at(pointer), two.at(pointer))
}

// taken tells what became of a PATCH, after which a read should have the value at the pointer.
func taken(a answers, step, pointer string, value any) string {
	return pick("refused", when{a(step+" read").at(pointer) == value, "accepted"}, when{a(step).took(), "ignored"})
}
