package simulator_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

// positions holds one test for each position of each switch. The simulator
// that a test gets has only this switch moved.
var positions = map[string]map[string]func(*api){
	"status-after-create": each(func(a *api, position string) {
		a.equal("status", a.create("").at("status"), strconv.Quote(position))
	}, "active", "draft", "inactive"),
	"create-code": each(func(a *api, position string) {
		a.equal("code", a.create("").status, position)
	}, "200", "201"),
	"defaults": {
		"filled": func(a *api) {
			a.equal("limits", a.create("").at("limits"), `{"daily_call_limit_per_user":5,"max_call_duration":3600}`)
			a.equal("customization", a.create(`,"customization":{"widget":null,"theme":{}}`).at("customization"),
				`{"show_haircheck":true,"theme":{"mode":"light","radius":8},"widget":null}`)
		},
		"none": func(a *api) {
			a.equal("limits", a.create("").at("limits"), `{}`)
			a.equal("customization", a.create(`,"customization":{"a":1}`).at("customization"), `{"a":1}`)
		},
	},
	"duplicate-names": {
		"allowed": func(a *api) {
			a.create(`,"name":"Docs"`)
			a.create(`,"name":"Docs"`)
		},
		"refused": func(a *api) {
			a.create(`,"name":"Docs"`)
			other := a.create(`,"name":"Other"`).id()
			a.create("")
			a.create("") // no name is no duplicate
			a.want(http.StatusConflict, http.MethodPost, "/v2/deployments", `{"pal_id":"p5317866","channel":"embed","name":"Docs"}`)
			a.equal("rename", a.patch(other, `[{"op":"add","path":"/name","value":"Docs"}]`).status, "409")
			a.equal("own name", a.patch(other, `[{"op":"add","path":"/name","value":"Other"}]`).status, "304")
		},
	},
	"etag-on-create": {
		"no": func(a *api) { a.equal("ETag", a.create("").header.Get("Etag"), `""`) },
		"yes": func(a *api) {
			created := a.create("")
			a.equal("ETag", created.header.Get("Etag"), js(a.get(created.id()).header.Get("Etag")))
			if created.header.Get("Etag") == "" {
				a.t.Error("no ETag")
			}
		},
	},
	"patch-answer": {
		"document":   func(a *api) { a.equal("name", renamed(a, 200).at("name"), `"new"`) },
		"no-content": func(a *api) { a.equal("body", renamed(a, 204).text, `""`) },
		"empty":      func(a *api) { a.equal("body", renamed(a, 200).text, `""`) },
		"message": func(a *api) {
			a.equal("body", renamed(a, 200).value, `{"message":"Deployment updated"}`)
		},
		"304": func(a *api) { a.equal("body", renamed(a, 304).text, `""`) },
	},
	"unchanged": {
		"304":    func(a *api) { a.equal("status", a.patch(a.create("").id(), "[]").status, "304") },
		"answer": func(a *api) { a.equal("status", a.patch(a.create("").id(), "[]").status, "200") },
	},
	"stale-code": each(func(a *api, position string) {
		a.equal("status", a.patch(a.create("").id(), "[]", "If-Match", `"stale"`).status, position)
	}, "412", "409", "428"),
	"etag": {
		"strong":       func(a *api) { tagged(a, `"`, 304, 412) },
		"weak":         func(a *api) { tagged(a, `W/"`, 412, 412) },
		"weak-matched": func(a *api) { tagged(a, `W/"`, 304, 412) },
		"none":         func(a *api) { tagged(a, "", 304, 304) },
	},
	"etag-moves": {
		"never": func(a *api) { visited(a, 304, 304) },
		// The GET itself counted before its tag was made; a visitor comes after.
		"visit":  func(a *api) { visited(a, 304, 412) },
		"always": func(a *api) { visited(a, 412, 412) },
	},
	"read-only-patch": {
		"refused": func(a *api) { patchedPath(a, "created_at", `"2020"`, 400, "") },
		"ignored": func(a *api) { patchedPath(a, "created_at", `"2020"`, 304, "") },
	},
	"pal-patch": {
		"accepted": func(a *api) { patchedPath(a, "pal_id", `"p7c20e4a"`, 200, `"p7c20e4a"`) },
		"refused":  func(a *api) { patchedPath(a, "pal_id", `"p7c20e4a"`, 400, "") },
		"ignored":  func(a *api) { patchedPath(a, "pal_id", `"p7c20e4a"`, 304, "") },
	},
	"status-patch": {
		"accepted": func(a *api) { patchedPath(a, "status", `"draft"`, 200, `"draft"`) },
		"refused":  func(a *api) { patchedPath(a, "status", `"draft"`, 400, "") },
		"ignored":  func(a *api) { patchedPath(a, "status", `"draft"`, 304, "") },
	},
	"password-patch": {
		"accepted": func(a *api) { passwordPatched(a, 200, true) },
		"refused":  func(a *api) { passwordPatched(a, 400, false) },
		"ignored":  func(a *api) { passwordPatched(a, 304, false) },
	},
	"refill": {
		"none": func(a *api) {
			id := a.create("").id()
			a.equal("theme", a.patch(id, `[{"op":"remove","path":"/customization/theme"}]`).at("customization", "theme"), `null`)
		},
		"default": func(a *api) {
			id := a.create(`,"customization":{"theme":{"mode":"dark"},"own":1}`).id()
			a.equal("customization", a.patch(id, `[{"op":"remove","path":"/customization/theme"},{"op":"remove","path":"/customization/own"}]`).at("customization"),
				`{"show_haircheck":true,"theme":{"mode":"light","radius":8},"widget":{"text":"Talk to us"}}`)
			a.equal("again", a.patch(id, `[{"op":"remove","path":"/customization/theme"}]`).status, "304")
		},
	},
	"unset": {
		"object": func(a *api) {
			doc := unset(a)
			a.equal("unset", []any{doc.at("customization"), doc.at("limits"), doc.at("allowed_origins"), doc.at("name")}, `[{},{},[],null]`)
		},
		"null": func(a *api) {
			doc := unset(a)
			for _, key := range []string{"customization", "limits", "allowed_origins", "name"} {
				a.equal(key, []any{doc.at(key), doc.has(key)}, `[null,true]`)
			}
			a.equal("set", a.patch(doc.id(), `[{"op":"add","path":"/customization/a","value":1}]`).status, "422")
			a.equal("set", a.patch(doc.id(), `[{"op":"add","path":"/customization","value":{}}]`).at("customization"), `{}`)
		},
		"absent": func(a *api) {
			doc := unset(a)
			for _, key := range []string{"customization", "limits", "allowed_origins", "name"} {
				a.equal(key, doc.has(key), `false`)
			}
			a.equal("set", a.patch(doc.id(), `[{"op":"add","path":"/name","value":"n"}]`).at("name"), `"n"`)
		},
	},
	"names": {
		"kept":     func(a *api) { a.equal("name", a.create(`,"name":"A - b!"`).at("name"), `"A - b!"`) },
		"stripped": func(a *api) { a.equal("name", a.create(`,"name":" Ä - b!"`).at("name"), `"Ä b"`) },
	},
	"colours": each(func(a *api, position string) {
		want := map[string]string{"kept": `{"c":["#FA0",{"d":"#FFAA00"}],"x":"#FB"}`, "lowered": `{"c":["#ffaa00",{"d":"#ffaa00"}],"x":"#FB"}`}[position]
		a.equal("own", a.create(`,"customization":{"own":{"x":"#FB","c":["#FA0",{"d":"#FFAA00"}]}}`).at("customization", "own"), want)
	}, "kept", "lowered"),
	"origins": each(func(a *api, position string) {
		want := map[string]string{"kept": `["https://A.example/","http://b"]`, "lowered": `["https://a.example","http://b"]`}[position]
		a.equal("origins", a.create(`,"allowed_origins":["https://A.example/","http://b"]`).at("allowed_origins"), want)
	}, "kept", "lowered"),
	"lists": each(func(a *api, position string) {
		want := map[string]string{"kept": `[["a","b"],[1,[2,3]]]`, "reordered": `[["b","a"],[[3,2],1]]`}[position]
		doc := a.create(`,"allowed_origins":["a","b"],"customization":{"l":[1,[2,3]]}`)
		a.equal("lists", []any{doc.at("allowed_origins"), doc.at("customization", "l")}, want)
	}, "kept", "reordered"),
	"numbers": each(func(a *api, position string) {
		want := map[string]string{"kept": `[1.0,9007199254740993,1e400]`, "rounded": `[1,9007199254740992,1e400]`}[position]
		a.equal("numbers", a.create(`,"customization":{"n":[1.0,9007199254740993,1e400]}`).at("customization", "n"), want)
	}, "kept", "rounded"),
	"nulls": each(func(a *api, position string) {
		want := map[string]string{"kept": `{"l":[null],"n":null}`, "dropped": `{"l":[null]}`}[position]
		a.equal("own", a.create(`,"customization":{"own":{"n":null,"l":[null]}}`).at("customization", "own"), want)
	}, "kept", "dropped"),
	"empty-objects": each(func(a *api, position string) {
		want := map[string]string{"kept": `{"a":{"b":{}},"l":[{}]}`, "dropped": `{"l":[{}]}`}[position]
		a.equal("own", a.create(`,"customization":{"own":{"a":{"b":{}},"l":[{}]}}`).at("customization", "own"), want)
	}, "kept", "dropped"),
	"thumbnails": {
		"follow": func(a *api) { thumbnailAfterMove(a, simulator.PalProductTour) },
		"stay":   func(a *api) { thumbnailAfterMove(a, simulator.PalDocsGuide) },
		"late": func(a *api) {
			id := a.create("").id()
			for _, null := range []bool{true, true, false} {
				a.equal("null", a.get(id).at("thumbnail_video_url") == nil, strconv.FormatBool(null))
			}
			a.equal("null", movedPal(a, id).at("thumbnail_image_url"), `null`)
		},
		"signed": func(a *api) {
			id := a.create("").id()
			one, two := a.get(id), a.get(id)
			first, second := js(one.at("thumbnail_video_url")), js(two.at("thumbnail_video_url"))
			if cutQuery(first) != cutQuery(second) || first == second {
				a.t.Errorf("%s and %s: want the same but for the query", first, second)
			}
			a.equal("ETag", one.header.Get("Etag"), js(two.header.Get("Etag")))
			a.equal("nothing changed", a.patch(id, "[]").status, "304")
		},
	},
	"usage": each(func(a *api, position string) {
		id := a.create("").id()
		a.get(id)
		a.equal("usage_today", a.get(id).at("usage_today"), map[string]string{"on": "2", "off": "0"}[position])
	}, "on", "off"),
	"pages-from": each(func(a *api, position string) {
		first := a.create("").id()
		second := a.create("").id()
		want := map[string]string{"1": second, "0": first}[position]
		page := a.want(http.StatusOK, http.MethodGet, "/v2/deployments?limit=1&page=1", "")
		if !strings.Contains(page.text, want) {
			a.t.Errorf("page=1 is %s, want %s", page.text, want)
		}
	}, "1", "0"),
	"page-cap": each(func(a *api, position string) {
		for range 101 {
			a.sim.Put(map[string]any{})
		}
		page := a.want(http.StatusOK, http.MethodGet, "/v2/deployments?limit=100", "")
		items, _ := page.at("data").([]any)
		a.equal("items", len(items), position)
	}, "100", "3"),
	"list-shape": each(func(a *api, position string) {
		want := map[string]string{"wrapped": `{"data":[],"total_count":0}`, "bare": `[]`, "no-total": `{"data":[]}`}[position]
		a.equal("list", a.want(http.StatusOK, http.MethodGet, "/v2/deployments", "").value, want)
	}, "wrapped", "bare", "no-total"),
	"items": each(func(a *api, position string) {
		a.create("")
		page := a.want(http.StatusOK, http.MethodGet, "/v2/deployments", "")
		items, _ := page.at("data").([]any)
		a.equal("whole", reply{value: items[0]}.has("customization"), strconv.FormatBool(position == "whole"))
		a.equal("pal_id", reply{value: items[0]}.has("pal_id"), "true")
	}, "whole", "partial"),
	"errors": each(func(a *api, position string) {
		want := map[string]string{
			"error": `{"error":"Deployment not found"}`, "message": `{"message":"Deployment not found"}`,
			"text": "Deployment not found\n", "html": "<p>Deployment not found</p>",
		}[position]
		missing := a.want(http.StatusNotFound, http.MethodGet, "/v2/deployments/x", "")
		if !strings.Contains(missing.text, want) {
			a.t.Errorf("got %s, want %s", missing.text, want)
		}
		kind := map[string]string{"text": "text/plain; charset=utf-8", "html": "text/html; charset=utf-8"}[position]
		if kind == "" {
			kind = "application/json"
		}
		a.equal("Content-Type", missing.header.Get("Content-Type"), js(kind))
	}, "error", "message", "text", "html"),
	"unknown-id": each(func(a *api, position string) {
		for _, method := range []string{http.MethodGet, http.MethodPatch, http.MethodDelete} {
			a.equal(method, a.do(method, "/v2/deployments/x", "").status, position)
		}
		a.equal("PAL", a.do(http.MethodGet, "/v2/pals/x", "").status, position)
	}, "404", "400"),
	"retry-after": each(func(a *api, position string) {
		a.sim.Configure(func(o *simulator.Options) { o.RatePerSecond = 0.01 })
		a.want(http.StatusOK, http.MethodGet, "/v2/deployments", "")
		text := a.want(http.StatusTooManyRequests, http.MethodGet, "/v2/deployments", "").header.Get("Retry-After")
		switch position {
		case "seconds":
			if seconds, err := strconv.Atoi(text); err != nil || seconds < 50 || seconds > 100 {
				a.t.Errorf("Retry-After %s, want about 100", text)
			}
		case "date":
			if at, err := http.ParseTime(text); err != nil || time.Until(at) > 102*time.Second || time.Until(at) < 50*time.Second {
				a.t.Errorf("Retry-After %s: %v", text, err)
			}
		default:
			a.equal("Retry-After", text, `""`)
		}
	}, "seconds", "date", "none"),
	"date": each(func(a *api, position string) {
		for _, path := range []string{"/v2/deployments", "/v2/deployments/x"} {
			_, has := a.do(http.MethodGet, path, "").header["Date"]
			a.equal("has Date", has, strconv.FormatBool(position == "sent"))
		}
	}, "sent", "absent"),
}

func each(test func(a *api, position string), values ...string) map[string]func(*api) {
	tests := map[string]func(*api){}
	for _, value := range values {
		tests[value] = func(a *api) { test(a, value) }
	}
	return tests
}

func renamed(a *api, status int) reply {
	a.t.Helper()
	id := a.create("").id()
	result := a.patch(id, `[{"op":"add","path":"/name","value":"new"}]`)
	a.equal("status", result.status, strconv.Itoa(status))
	a.equal("stored", a.get(id).at("name"), `"new"`)
	return result
}

func tagged(a *api, prefix string, fresh, stale int) {
	a.t.Helper()
	id := a.create("").id()
	tag := a.get(id).header.Get("Etag")
	if !strings.HasPrefix(tag, prefix) || (tag == "") != (prefix == "") {
		a.t.Errorf("ETag %s, want it to begin with %s", tag, prefix)
	}
	a.equal("fresh", a.patch(id, "[]", "If-Match", tag).status, strconv.Itoa(fresh))
	a.equal("stale", a.patch(id, "[]", "If-Match", `"other"`).status, strconv.Itoa(stale))
}

func visited(a *api, atOnce, afterVisit int) {
	a.t.Helper()
	id := a.create("").id()
	a.equal("at once", a.patch(id, "[]", "If-Match", a.get(id).header.Get("Etag")).status, strconv.Itoa(atOnce))
	tag := a.get(id).header.Get("Etag")
	a.sim.Visit(id)
	a.equal("after a visit", a.patch(id, "[]", "If-Match", tag).status, strconv.Itoa(afterVisit))
}

// patchedPath sets a path, and again together with a name. An empty want means
// that the value must stay.
func patchedPath(a *api, key, value string, status int, want string) {
	a.t.Helper()
	created := a.create("")
	if want == "" {
		want = js(created.at(key))
	}
	operation := fmt.Sprintf(`{"op":"add","path":"/%s","value":%s}`, key, value)
	a.equal("status", a.patch(created.id(), "["+operation+"]").status, strconv.Itoa(status))
	a.equal(key, a.get(created.id()).at(key), want)
	both := a.patch(created.id(), `[`+operation+`,{"op":"add","path":"/name","value":"n"}]`)
	wantName := map[bool]string{true: `null`, false: `"n"`}[status == http.StatusBadRequest]
	a.equal("name", a.get(created.id()).at("name"), wantName)
	if status == http.StatusNotModified {
		a.equal("the rest takes effect", both.status, "200")
	}
}

func passwordPatched(a *api, status int, has bool) {
	a.t.Helper()
	id := a.create("").id()
	a.equal("status", a.patch(id, `[{"op":"add","path":"/password","value":"secret"}]`).status, strconv.Itoa(status))
	a.equal("has_password", a.get(id).at("has_password"), strconv.FormatBool(has))
}

func unset(a *api) reply {
	a.t.Helper()
	a.sim.Configure(func(o *simulator.Options) { o.Defaults = simulator.DefaultsNone })
	return a.create("")
}

func movedPal(a *api, id string) reply {
	a.t.Helper()
	return a.patch(id, `[{"op":"add","path":"/pal_id","value":"`+simulator.PalProductTour+`"}]`)
}

func thumbnailAfterMove(a *api, pal string) {
	a.t.Helper()
	moved := movedPal(a, a.create("").id())
	a.equal("thumbnail", moved.at("thumbnail_video_url"), `"https://cdn.example.com/pals/`+pal+`/thumbnail.mp4"`)
}

func cutQuery(text string) string {
	before, _, _ := strings.Cut(text, "?")
	return before
}

func TestEverySwitchPosition(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, item := range simulator.Switches() {
		if seen[item.Name] {
			t.Errorf("two switches have the name %s", item.Name)
		}
		seen[item.Name] = true
		if got, want := slices.Sorted(slices.Values(item.Values)), slices.Sorted(maps.Keys(positions[item.Name])); !slices.Equal(got, want) {
			t.Errorf("%s has the positions %v, and tests for %v", item.Name, got, want)
		}
		if got := item.Get(simulator.Options{}); got != item.Values[0] {
			t.Errorf("%s: the zero Options are at %s, want %s", item.Name, got, item.Values[0])
		}
		var o simulator.Options
		if err := item.Set(&o, "no such position"); err == nil || !strings.Contains(err.Error(), item.Name) {
			t.Errorf("%s takes a position that it does not have: %v", item.Name, err)
		}
		for _, value := range item.Values {
			t.Run(item.Name+"="+value, func(t *testing.T) {
				t.Parallel()
				var options simulator.Options
				if err := item.Set(&options, value); err != nil {
					t.Fatal(err)
				}
				if got := item.Get(options); got != value {
					t.Errorf("set to %s, and then at %s", value, got)
				}
				positions[item.Name][value](start(t, options))
			})
		}
	}
	if len(seen) != len(positions) {
		t.Errorf("%d switches, and tests for %d", len(seen), len(positions))
	}
}
