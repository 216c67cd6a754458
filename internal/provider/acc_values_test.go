package provider_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

// raw is an argument whose text is JSON as it stands, which jsonencode would
// bring into its own form.
func raw(argument, text string) string {
	return widgetArguments + argument + " = <<EOT\n" + strings.ReplaceAll(text, "${", "$${") + "\nEOT\n"
}

func TestAccNumbers(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{Defaults: simulator.DefaultsNone})
	const long = "123456789012345678901234567890"
	f.acc(t,
		f.step(raw("limits", `{"one": 1.0, "exp": 1e0, "odd": 9007199254740993, "long": `+long+`, "small": -0.10, "tiny": 1e-7}`),
			plancheck.ResourceActionCreate,
			f.onServer(t, "limits", `{"exp":1,"long":`+long+`,"odd":9007199254740993,"one":1,"small":-0.1,"tiny":0.0000001}`)),
		// The same numbers, written in other ways, and the keys in another order.
		f.step(raw("limits", `{"tiny": 0.0000001, "long": `+long+`.0, "odd": 9007199254740993e0, "exp": 10e-1, "one": 1, "small": -1e-1}`),
			plancheck.ResourceActionNoop),
		// So do the texts of jsonencode, and the server's own way of writing them is no drift.
		f.step(widgetArguments+`limits = jsonencode({ one = 1, exp = 1, odd = 9007199254740993, long = `+long+`, small = -0.1, tiny = 0.0000001 })`,
			plancheck.ResourceActionNoop, first(func() {
				id, _ := f.only(t)
				f.portal(t, id, json.Number("1.00"), "limits", "one")
				f.portal(t, id, json.Number("1e-07"), "limits", "tiny")
			})),
		// The next number is another one, though a float could not tell.
		f.step(raw("limits", `{"one": 1, "exp": 1, "odd": 9007199254740992, "long": `+long+`, "small": -0.1, "tiny": 1e-7}`),
			plancheck.ResourceActionUpdate,
			f.onServer(t, "limits", `{"exp":1,"long":`+long+`,"odd":9007199254740992,"one":1.00,"small":-0.1,"tiny":1e-07}`)),
		f.step(raw("limits", `{"one": 1, "exp": 1, "odd": 9007199254740992, "long": `+long+`, "small": -0.1, "tiny": 1e-7}`),
			plancheck.ResourceActionUpdate, first(func() {
				id, _ := f.only(t)
				f.portal(t, id, json.Number("123456789012345678901234567891"), "limits", "long")
			}), f.onServer(t, "limits", `{"exp":1,"long":`+long+`,"odd":9007199254740992,"one":1.00,"small":-0.1,"tiny":1e-07}`)),
		// A number is not its text.
		f.step(raw("limits", `{"one": "1", "long": `+long+`}`), plancheck.ResourceActionUpdate,
			f.onServer(t, "limits", `{"one":"1","long":`+long+`}`)),
	)
}

func TestAccOddKeysAndTexts(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{Defaults: simulator.DefaultsNone})
	const (
		all = `{"":"empty","a/b":"slash","a~b":"tilde","a~1b":"escaped","a.b":"dot","\"":"quote","${a}":"${b} %{c}",` +
			`"日本":"<b>&</b>","é":"ñ","😀":"line\nline\t\\ \u2028","0":"digit","-":"dash","a":{"":{"":"deep"}}}`
		changed = `{"":"e","a/b":"s","a~b":"t","a~1b":"e","a.b":"d","\"":"q","${a}":"${c}",` +
			`"日本":"<i>","é":"n","😀":"😁","0":"d","-":"d","a":{"":{"":"d"}}}`
		half = `{"a/b":"s","\"":"q","日本":"<i>","a":{"":{}}}`
	)
	escape := strings.NewReplacer("%{", "%%{")
	f.acc(t,
		f.step(raw("customization", escape.Replace(all)), plancheck.ResourceActionCreate, f.onServer(t, "customization", all)),
		// What jsonencode makes of it means the same.
		f.step(widgetArguments+`customization = jsonencode({
			"" = "empty", "a/b" = "slash", "a~b" = "tilde", "a~1b" = "escaped", "a.b" = "dot", "\"" = "quote",
			"$${a}" = "$${b} %%{c}", "日本" = "<b>&</b>", "é" = "ñ", "😀" = "line\nline\t\\ \u2028", "0" = "digit", "-" = "dash",
			a = { "" = { "" = "deep" } }
		})`, plancheck.ResourceActionNoop),
		f.step(raw("customization", changed), plancheck.ResourceActionUpdate, f.onServer(t, "customization", changed)),
		// Each of them drifts, and is repaired.
		f.step(raw("customization", changed), plancheck.ResourceActionUpdate, first(func() {
			id, doc := f.only(t)
			held, _ := doc["customization"].(map[string]any)
			for key := range held {
				f.portal(t, id, "drift", "customization", key)
			}
			f.portal(t, id, "somebody's", "customization", "b/a")
		}), f.onServer(t, "customization", `{"b/a":"somebody's",`+changed[1:])),
		// And each of them goes, and none but them.
		f.step(raw("customization", half), plancheck.ResourceActionUpdate, f.onServer(t, "customization", `{"b/a":"somebody's",`+half[1:])),
		f.step(raw("customization", `{}`), plancheck.ResourceActionUpdate, f.onServer(t, "customization", `{"b/a":"somebody's"}`)),
	)
}

func TestAccNullsListsAndObjects(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{Defaults: simulator.DefaultsNone})
	arguments := func(text string) string { return widgetArguments + "customization = jsonencode(" + text + ")\n" }
	f.acc(t,
		// A module with optional inputs encodes nulls: they count as not written. In a list, null is a value.
		f.step(arguments(`{ a = null, b = { c = null, d = 1 }, l = [null, { x = null }, [], {}], e = {}, o = [] }`),
			plancheck.ResourceActionCreate,
			f.onServer(t, "customization", `{"b":{"d":1},"l":[null,{"x":null},[],{}],"e":{},"o":[]}`),
			textInState("customization", `{"a":null,"b":{"c":null,"d":1},"e":{},"l":[null,{"x":null},[],{}],"o":[]}`)),
		f.step(arguments(`{ b = { d = 1 }, l = [null, { x = null }, [], {}], e = {}, o = [], z = null }`), plancheck.ResourceActionNoop),
		// Inside a list every difference counts: the order, a null, a key.
		f.step(arguments(`{ b = { d = 1 }, l = [null, {}, [], {}], e = {}, o = [] }`), plancheck.ResourceActionUpdate,
			f.onServer(t, "customization", `{"b":{"d":1},"l":[null,{},[],{}],"e":{},"o":[]}`)),
		f.step(arguments(`{ b = { d = 1 }, l = [{}, null, [], {}], e = {}, o = [] }`), plancheck.ResourceActionUpdate,
			f.onServer(t, "customization", `{"b":{"d":1},"l":[{},null,[],{}],"e":{},"o":[]}`)),
		// An object becomes a list, a list an object, a scalar an object, and the other way round.
		f.step(arguments(`{ b = [1], l = { a = 1 }, e = "e", o = { a = { b = [] } } }`), plancheck.ResourceActionUpdate,
			f.onServer(t, "customization", `{"b":[1],"l":{"a":1},"e":"e","o":{"a":{"b":[]}}}`)),
		f.step(arguments(`{ b = { d = 1 }, l = [], e = {}, o = 1.5 }`), plancheck.ResourceActionUpdate,
			f.onServer(t, "customization", `{"b":{"d":1},"l":[],"e":{},"o":1.5}`)),
		// What the portal makes of the inside of a list is a drift of the list; what it
		// puts into an empty object is the portal's.
		f.step(arguments(`{ b = { d = 1 }, l = [], e = {}, o = 1.5 }`), plancheck.ResourceActionUpdate, first(func() {
			id, _ := f.only(t)
			f.portal(t, id, []any{map[string]any{}}, "customization", "l")
			f.portal(t, id, true, "customization", "e", "theirs")
		}), planShows(plans("customization", knownvalue.StringExact(`{"b":{"d":1},"e":{},"l":[],"o":1.5}`))),
			f.onServer(t, "customization", `{"b":{"d":1},"l":[],"e":{"theirs":true},"o":1.5}`)),
		// An object that is dropped keeps what somebody put into it.
		f.step(arguments(`{ b = { d = 1 } }`), plancheck.ResourceActionUpdate,
			f.onServer(t, "customization", `{"b":{"d":1},"e":{"theirs":true}}`)),
	)
}
