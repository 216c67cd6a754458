package provider_test

import (
	"fmt"
	"slices"

	"pgregory.net/rapid"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

// The kinds of steps.
const (
	stepApply       = "apply"         // change the configuration, terraform apply
	stepSaved       = "saved"         // the same with a saved plan, and portal edits before it is applied
	stepDuring      = "during"        // the same, with the edits between the provider's GET and its PATCH
	stepPortal      = "portal"        // a person edits
	stepVisit       = "visit"         // a visitor comes
	stepRefresh     = "refresh"       // terraform apply -refresh-only
	stepGone        = "gone"          // a person deletes the deployment
	stepImport      = "import"        // terraform state rm and import
	stepLosePrivate = "private state" // the private state is lost
	stepDestroy     = "destroy"       // terraform destroy
	stepFaults      = "faults"        // change the configuration, apply while the server fails, apply until it converges
)

type step struct {
	kind   string
	edits  []edit // of the configuration
	portal []edit
	faults string // see simulator.ParseFaults
}

// history is a server and what happens to a deployment on it. It is plain data, so
// that it can be shrunk, printed, and played on the small core and on a CLI.
type history struct {
	switches map[string]string // those that are not in their first position
	steps    []step
}

// GoString keeps rapid from printing a history twice.
func (h history) GoString() string {
	return fmt.Sprintf("%d steps, printed with the failure", len(h.steps))
}

func (h history) options() simulator.Options {
	var o simulator.Options
	for _, item := range simulator.Switches() {
		if position, moved := h.switches[item.Name]; moved {
			if err := item.Set(&o, position); err != nil {
				panic(err)
			}
		}
	}
	return o
}

// pointers are the keys that configurations and people write. Some of them have a
// default on the server; no key is now an object and now something else, save /e,
// which is {} or has /e/z.
var pointers = map[string][]string{
	"customization": {
		"/a", "/b", "/list", "/theme/mode", "/theme/accent", "/preview/title", "/preview/btn_title", "/deep/x/y", "/deep/x/z",
		"/show_haircheck", "/e", "/e/z", "/", "/odd~1key", "/~0", "/q\"uote", "/dot.key", "/${k}", "/%{k}", "/schön", "/<&>",
	},
	"limits": {"/max_call_duration", "/daily_call_limit_per_user", "/total"},
}

// values are JSON texts, in spellings that a configuration can have.
var values = []string{
	`"Hello there, visitor"`, `"Welcome back, visitor"`, `"#FFF"`, `"#1a2B3c"`, `1`, `1.0`, `1e0`, `2`, `9007199254740993`,
	`123456789012345678901234567890`, `-0.5`, `true`, `false`, `""`, `[]`, `[1,2]`, `["b","a"]`, `[{"x":null},null]`, `{}`, `null`,
	`"<&> ${a} %{b} \"q\" \\ é"`,
}

// secretTexts must stand in no message.
var secretTexts = []string{
	"Hello there, visitor", "Welcome back, visitor", "Docs, for you!", "Secret-one", "Secret-two", "123456789012345678901234567890",
}

var settingValues = map[string][]string{
	"name":   {`"Docs, for you!"`, `"Docs for you"`, `"!!!"`, `""`, `"Other"`, ``},
	"status": {`"draft"`, `"active"`, `"inactive"`, ``},
	"allowed_origins": {
		`["https://docs.example.com"]`, `["https://Docs.Example.com/","http://localhost:3000"]`,
		`["https://docs.example.com","https://DOCS.example.com"]`, `[]`, ``,
	},
	"pal_id":         {`"` + pal + `"`, `"` + otherPal + `"`},
	"password":       {`"Secret-one"`, `"Secret-two"`, ``},
	"password_wo":    {`"Secret-one@1"`, `"Secret-two@1"`, `"Secret-two@2"`},
	"channel":        {`"widget"`, `"embed"`, `"landing-page"`},
	"ignore_changes": {`["customization"]`, `["name","allowed_origins"]`, `["status","limits"]`, ``},
	"layout":         {`1`},
}

// pick draws one of the values of a setting.
func pick(t *rapid.T, from []string, what string) string {
	return rapid.SampledFrom(from).Draw(t, what)
}

func drawKey(t *rapid.T, values []string) edit {
	argument := pick(t, []string{"customization", "customization", "customization", "limits"}, "argument")
	e := edit{target: argument, pointer: pick(t, pointers[argument], "key"), value: pick(t, values, "value")}
	if e.value == `{}` || e.pointer == "/e" {
		// Only /e can be an object, and it is nothing else.
		if e.pointer != "/e" {
			e.value = `1`
		} else if e.value != "" {
			e.value = `{}`
		}
	}
	return e
}

// drawConfigEdit draws a change of the configuration.
func drawConfigEdit(t *rapid.T) edit {
	switch kind := rapid.IntRange(0, 19).Draw(t, "edit"); {
	case kind < 11:
		return drawKey(t, slices.Concat(values, []string{"", "", "", "", ""}))
	case kind < 12:
		return edit{target: pick(t, objectNames, "argument"), value: pick(t, []string{"", "{}"}, "value")}
	case kind < 14:
		return edit{target: "name", value: pick(t, settingValues["name"], "value")}
	default:
		target := pick(t, []string{
			"status", "allowed_origins", "allowed_origins", "pal_id", "password", "password_wo", "channel", "ignore_changes", "layout",
		}, "target")
		return edit{target: target, value: pick(t, settingValues[target], "value")}
	}
}

// drawPortalEdit draws what a person does. People set strings that no Terraform
// wrote, too: one that is not in Unicode form NFC, and objects that are null.
func drawPortalEdit(t *rapid.T) edit {
	switch kind := rapid.IntRange(0, 9).Draw(t, "edit"); {
	case kind < 7:
		return drawKey(t, slices.Concat(values, []string{"", "", "", "", `"e` + "\u0301" + `"`}))
	default:
		target := pick(t, []string{"name", "status", "allowed_origins", "pal_id", "password", "password"}, "target")
		value := pick(t, settingValues[target], "value")
		if target == "password" && rapid.Bool().Draw(t, "taken away") {
			value = ""
		}
		if target == "status" && value == "" {
			value = `"active"`
		}
		return edit{target: target, value: value}
	}
}

func drawEdits(t *rapid.T, most int, draw func(*rapid.T) edit) []edit {
	return rapid.SliceOfN(rapid.Custom(draw), 0, most).Draw(t, "edits")
}

func drawStep(t *rapid.T, kinds []string) step {
	s := step{kind: pick(t, kinds, "kind")}
	switch s.kind {
	case stepApply:
		s.edits = drawEdits(t, 4, drawConfigEdit)
	case stepSaved, stepDuring:
		s.edits = drawEdits(t, 3, drawConfigEdit)
		s.portal = drawEdits(t, 3, drawPortalEdit)
		if rapid.IntRange(0, 9).Draw(t, "deleted") == 9 {
			s.portal = []edit{{target: "deployment"}}
		}
	case stepPortal:
		s.portal = drawEdits(t, 3, drawPortalEdit)
	case stepFaults:
		s.edits = append(drawEdits(t, 3, drawConfigEdit), drawKey(t, values))
		if rapid.Bool().Draw(t, "with a name") {
			s.edits = append(s.edits, edit{target: "name", value: pick(t, settingValues["name"], "value")})
		}
		s.faults = drawFaults(t)
	}
	return s
}

// Steps by how often they come.
var (
	calmKinds = []string{
		stepApply, stepApply, stepApply, stepApply, stepApply, stepPortal, stepPortal, stepPortal, stepSaved, stepSaved, stepDuring,
		stepVisit, stepRefresh, stepGone, stepImport, stepLosePrivate, stepDestroy,
	}
	faultyKinds = []string{
		stepFaults, stepFaults, stepFaults, stepFaults, stepFaults, stepApply, stepPortal, stepPortal, stepDestroy, stepDestroy, stepGone,
		stepImport,
	}
	cliKinds = []string{stepApply, stepApply, stepApply, stepPortal, stepSaved, stepRefresh, stepImport, stepGone}
)

// histories draws histories of up to most steps. fixed says whether a switch is
// left in its first position; nil: none.
func histories(most int, kinds []string, fixed func(name string) bool) *rapid.Generator[history] {
	return rapid.Custom(func(t *rapid.T) history {
		h := history{switches: map[string]string{}}
		all := slices.DeleteFunc(simulator.Switches(), func(item simulator.Switch) bool { return fixed != nil && fixed(item.Name) })
		for range rapid.IntRange(0, 9).Draw(t, "number of switches") {
			item := all[rapid.IntRange(0, len(all)-1).Draw(t, "switch")]
			if bites := slices.DeleteFunc(slices.Clone(all), harmless); len(bites) > 0 && rapid.IntRange(0, 3).Draw(t, "bites") == 3 {
				item = bites[rapid.IntRange(0, len(bites)-1).Draw(t, "switch")]
			}
			position := item.Values[rapid.IntRange(0, len(item.Values)-1).Draw(t, "position of "+item.Name)]
			if position != item.Values[0] {
				h.switches[item.Name] = position
			}
		}
		h.steps = append(h.steps, step{kind: stepApply, edits: drawEdits(t, 6, drawConfigEdit)})
		if slices.Contains(kinds, stepFaults) {
			h.steps[0].kind, h.steps[0].faults = stepFaults, drawFaults(t)
		}
		h.steps = append(h.steps, rapid.SliceOfN(rapid.Custom(func(t *rapid.T) step {
			return drawStep(t, kinds)
		}), 1, most).Draw(t, "steps")...)
		if slices.Contains(kinds, stepFaults) {
			// A replacement whose create fails is a create the next time, and Terraform
			// ignores no changes in a create: too much for the model to follow.
			for i := range h.steps {
				h.steps[i].edits = slices.DeleteFunc(h.steps[i].edits, func(e edit) bool { return e.target == "ignore_changes" })
			}
		}
		return h
	})
}

// harmless says of a switch that no promise suffers from it.
func harmless(item simulator.Switch) bool {
	return !slices.ContainsFunc(waivers, func(w waiver) bool { return w.name == item.Name })
}

// drawFaults draws faults for an apply. A hang waits for the request's timeout.
func drawFaults(t *rapid.T) string {
	kinds := []string{
		"refused", "cut-before", "cut-after", "cut-after", "half-body", "half-body", "500", "502", "503", "504", "status-after",
		"status-after", "status-after:status=500", "html", "garbage", "empty", "no-id", "hang-after:delay=50ms", "429:retry-after=0",
	}
	rules := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string {
		method := pick(t, []string{"POST", "POST", "PATCH", "PATCH", "GET", "DELETE", "*"}, "method")
		first := rapid.IntRange(1, 3).Draw(t, "first")
		last := first + rapid.IntRange(0, 3).Draw(t, "more")
		return fmt.Sprintf("%s:%d-%d:%s", method, first, last, pick(t, kinds, "fault"))
	}), 1, 3).Draw(t, "faults")
	text := ""
	for i, rule := range rules {
		if i > 0 {
			text += ","
		}
		text += rule
	}
	return text
}
