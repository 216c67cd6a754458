package provider_test

import (
	"encoding/json"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

const widgetArguments = "pal_id = \"p5317866\"\nchannel = \"widget\"\n"

// plans checks a value in the plan of a step.
func plans(attribute string, want knownvalue.Check) plancheck.PlanCheck {
	return plancheck.ExpectKnownValue(address, tfjsonpath.New(attribute), want)
}

func TestAccDriftIsRepaired(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{Defaults: simulator.DefaultsNone})
	arguments := widgetArguments + `
name            = "Docs"
status          = "active"
customization   = jsonencode({ preview = { title = "Hi", list = [1, { a = null }, []] }, nothing = {}, off = false })
limits          = jsonencode({ max_call_duration = 600 })
allowed_origins = ["https://a.example.com", "https://b.example.com"]
`
	const customization = `{"nothing":{},"off":false,"preview":{"list":[1,{"a":null},[]],"title":"Hi"}}`
	mended := func(options ...stepOption) []stepOption {
		return append(options,
			textInState("customization", customization),
			f.onServer(t, "limits", `{"max_call_duration":600,"ours":1}`))
	}
	edit := func(value any, keys ...string) stepOption {
		return first(func() {
			id, _ := f.only(t)
			f.portal(t, id, value, keys...)
		})
	}
	f.acc(t,
		f.step(arguments, plancheck.ResourceActionCreate, textInState("customization", customization)),
		// An edit that nobody owns goes along through everything that follows.
		f.step(arguments, plancheck.ResourceActionNoop, first(func() {
			id, _ := f.only(t)
			f.portal(t, id, json.Number("1"), "limits", "ours")
			f.portal(t, id, "Go", "customization", "preview", "btn_title")
			f.portal(t, id, json.Number("1"), "customization", "nothing", "inside")
		})),
		f.step(arguments, plancheck.ResourceActionUpdate, mended(
			edit("Hello", "customization", "preview", "title"),
			f.onServer(t, "customization", `{"nothing":{"inside":1},"off":false,"preview":{"btn_title":"Go","list":[1,{"a":null},[]],"title":"Hi"}}`),
		)...),
		// An element of a list is not the list.
		f.step(arguments, plancheck.ResourceActionUpdate, mended(
			edit([]any{json.Number("1"), map[string]any{}, []any{}}, "customization", "preview", "list"))...),
		// A key is gone, and so are all that stand around another one.
		f.step(arguments, plancheck.ResourceActionUpdate, mended(first(func() {
			id, _ := f.only(t)
			f.portal(t, id, nil, "limits", "max_call_duration")
			f.portal(t, id, nil, "customization", "preview")
		}))...),
		// Another kind of value stands where an object or a list was.
		f.step(arguments, plancheck.ResourceActionUpdate, mended(edit("none", "customization", "preview"))...),
		f.step(arguments, plancheck.ResourceActionUpdate, mended(first(func() {
			id, _ := f.only(t)
			f.portal(t, id, "1", "customization", "preview", "list")
			f.portal(t, id, "false", "customization", "off")
			f.portal(t, id, []any{"https://a.example.com"}, "allowed_origins")
		}))...),
		f.step(arguments, plancheck.ResourceActionUpdate, mended(
			first(func() {
				id, _ := f.only(t)
				f.portal(t, id, "Dokumente", "name")
				f.portal(t, id, "inactive", "status")
			}),
			planShows(plans("name", knownvalue.StringExact("Docs")), plans("status", knownvalue.StringExact("active"))),
			f.onServer(t, "name", `"Docs"`), f.onServer(t, "status", `"active"`))...),
		// The order of a set is nobody's.
		f.step(arguments, plancheck.ResourceActionNoop,
			edit([]any{"https://b.example.com", "https://a.example.com"}, "allowed_origins")),
	)
}

func TestAccKeysRemoved(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{})
	arguments := func(customization string) string {
		return widgetArguments + "customization = jsonencode(" + customization + ")\n"
	}
	f.acc(t,
		f.step(arguments(`{ preview = { title = "Hi", description = "There" }, a = { b = { c = 1 } }, theme = { mode = "dark" }, list = [1, 2] }`),
			plancheck.ResourceActionCreate),
		// The last key of an object that Terraform made goes with the object; what the
		// server put there stays.
		f.step(arguments(`{ preview = { title = "Hi" }, list = [1] }`), plancheck.ResourceActionUpdate,
			textInState("customization", `{"list":[1],"preview":{"title":"Hi"}}`),
			f.onServer(t, "customization", `{"preview":{"title":"Hi"},"list":[1],"theme":{"radius":8},"show_haircheck":true,"widget":{"text":"Talk to us"}}`)),
		// null is the same as not written, and an empty object is one without keys.
		f.step(arguments(`{ preview = { title = null }, list = null }`), plancheck.ResourceActionUpdate,
			f.onServer(t, "customization", `{"preview":{},"theme":{"radius":8},"show_haircheck":true,"widget":{"text":"Talk to us"}}`)),
		// A key that the server has a value for, written and dropped again.
		f.step(arguments(`{ widget = { text = "Ask" } }`), plancheck.ResourceActionUpdate),
		f.step(arguments(`{}`), plancheck.ResourceActionUpdate, textInState("customization", `{}`),
			f.onServer(t, "customization", `{"theme":{"radius":8},"show_haircheck":true}`)),
		// To remove what Terraform did not write: write it once, then drop the line.
		f.step(arguments(`{ show_haircheck = true }`), plancheck.ResourceActionUpdate),
		f.step(arguments(`{}`), plancheck.ResourceActionUpdate, f.onServer(t, "customization", `{"theme":{"radius":8}}`)),
	)
}

func TestAccLinesRemovedAndCleared(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{Defaults: simulator.DefaultsNone})
	full := widgetArguments + `
name            = "Docs"
status          = "inactive"
customization   = jsonencode({ a = 1, b = 2 })
limits          = jsonencode({ max_call_duration = 600 })
allowed_origins = ["https://docs.example.com"]
`
	cleared := widgetArguments + `
name            = ""
customization   = jsonencode({})
limits          = "{}"
allowed_origins = []
`
	stays := []stepOption{
		f.onServer(t, "name", `"Docs"`), f.onServer(t, "status", `"inactive"`),
		f.onServer(t, "customization", `{"a":1,"b":2}`), f.onServer(t, "limits", `{"max_call_duration":600}`),
		f.onServer(t, "allowed_origins", `["https://docs.example.com"]`),
	}
	f.acc(t,
		f.step(full, plancheck.ResourceActionCreate),
		// Left out: not managed any more, and everything stays.
		f.step(widgetArguments, plancheck.ResourceActionNoop, append(stays, textInState("name", "Docs"))...),
		// A change in the portal is nobody's business then, and stays, too.
		f.step(widgetArguments, plancheck.ResourceActionNoop, first(func() {
			id, _ := f.only(t)
			f.portal(t, id, "Handbook", "name")
			f.portal(t, id, "draft", "status")
			f.portal(t, id, []any{}, "allowed_origins")
		}), textInState("name", "Handbook"), textInState("status", "draft"), inState("allowed_origins", knownvalue.Null())),
		// What Terraform wrote under a line that returns empty goes.
		f.step(cleared, plancheck.ResourceActionUpdate,
			textInState("name", ""), inState("allowed_origins", knownvalue.SetExact([]knownvalue.Check{})),
			textInState("customization", "{}"), textInState("limits", "{}"),
			f.onServer(t, "name", `""`), f.onServer(t, "customization", `{}`), f.onServer(t, "limits", `{}`),
			f.onServer(t, "allowed_origins", `[]`)),
		// Empty and left out mean the same.
		f.step(widgetArguments, plancheck.ResourceActionNoop),
		f.step(cleared, plancheck.ResourceActionNoop),
		f.step(full, plancheck.ResourceActionUpdate, stays...),
		f.step(cleared, plancheck.ResourceActionUpdate, f.onServer(t, "name", `""`), f.onServer(t, "customization", `{}`),
			f.onServer(t, "limits", `{}`), f.onServer(t, "allowed_origins", `[]`), f.onServer(t, "status", `"inactive"`)),
	)
}
