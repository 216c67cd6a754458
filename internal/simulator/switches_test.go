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
var positions = map[string]map[string]func(*testing.T, *api){
	"status-after-create": each(func(t *testing.T, a *api, position string) {
		equal(t, "status", a.create("").at("status"), strconv.Quote(position))
	}, "active", "draft", "inactive"),
	"create-code": each(func(t *testing.T, a *api, position string) {
		equal(t, "code", a.create("").status, position)
	}, "200", "201"),
	"defaults": {
		"filled": func(t *testing.T, a *api) {
			equal(t, "limits", a.create("").at("limits"), `{"daily_call_limit_per_user":5,"max_call_duration":3600}`)
			equal(t, "customization", a.create(`,"customization":{"widget":null,"theme":{}}`).at("customization"),
				`{"show_haircheck":true,"theme":{"mode":"light","radius":8},"widget":null}`)
		},
		"none": func(t *testing.T, a *api) {
			equal(t, "limits", a.create("").at("limits"), `{}`)
			equal(t, "customization", a.create(`,"customization":{"a":1}`).at("customization"), `{"a":1}`)
		},
	},
	"duplicate-names": {
		"allowed": func(_ *testing.T, a *api) {
			a.create(`,"name":"Docs"`)
			a.create(`,"name":"Docs"`)
		},
		"refused": func(t *testing.T, a *api) {
			a.create(`,"name":"Docs"`)
			other := a.create(`,"name":"Other"`).id()
			a.create("")
			a.create("") // no name is no duplicate
			a.want(http.StatusConflict, http.MethodPost, "/v2/deployments", `{"pal_id":"p5317866","channel":"embed","name":"Docs"}`)
			equal(t, "rename", a.patch(other, `[{"op":"add","path":"/name","value":"Docs"}]`).status, "409")
			equal(t, "own name", a.patch(other, `[{"op":"add","path":"/name","value":"Other"}]`).status, "304")
		},
	},
	"etag-on-create": {
		"no": func(t *testing.T, a *api) { equal(t, "ETag", a.create("").header.Get("Etag"), `""`) },
		"yes": func(t *testing.T, a *api) {
			created := a.create("")
			equal(t, "ETag", created.header.Get("Etag"), js(a.get(created.id()).header.Get("Etag")))
			if created.header.Get("Etag") == "" {
				t.Error("no ETag")
			}
		},
	},
	"patch-answer": {
		"document":   func(t *testing.T, a *api) { equal(t, "name", renamed(t, a, 200).at("name"), `"new"`) },
		"no-content": func(t *testing.T, a *api) { equal(t, "body", renamed(t, a, 204).text, `""`) },
		"empty":      func(t *testing.T, a *api) { equal(t, "body", renamed(t, a, 200).text, `""`) },
		"message": func(t *testing.T, a *api) {
			equal(t, "body", renamed(t, a, 200).value, `{"message":"Deployment updated"}`)
		},
		"304": func(t *testing.T, a *api) { equal(t, "body", renamed(t, a, 304).text, `""`) },
	},
	"unchanged": {
		"304":    func(t *testing.T, a *api) { equal(t, "status", a.patch(a.create("").id(), "[]").status, "304") },
		"answer": func(t *testing.T, a *api) { equal(t, "status", a.patch(a.create("").id(), "[]").status, "200") },
	},
	"stale-code": each(func(t *testing.T, a *api, position string) {
		equal(t, "status", a.patch(a.create("").id(), "[]", "If-Match", `"stale"`).status, position)
	}, "412", "409", "428"),
	"etag": {
		"strong":       func(t *testing.T, a *api) { tagged(t, a, `"`, 304, 412) },
		"weak":         func(t *testing.T, a *api) { tagged(t, a, `W/"`, 412, 412) },
		"weak-matched": func(t *testing.T, a *api) { tagged(t, a, `W/"`, 304, 412) },
		"none":         func(t *testing.T, a *api) { tagged(t, a, "", 304, 304) },
	},
	"etag-moves": {
		"never": func(t *testing.T, a *api) { visited(t, a, 304, 304) },
		// The GET itself counted before its tag was made; a visitor comes after.
		"visit":  func(t *testing.T, a *api) { visited(t, a, 304, 412) },
		"always": func(t *testing.T, a *api) { visited(t, a, 412, 412) },
	},
	"read-only-patch": {
		"refused": func(t *testing.T, a *api) { patchedPath(t, a, "created_at", `"2020"`, 400, "") },
		"ignored": func(t *testing.T, a *api) { patchedPath(t, a, "created_at", `"2020"`, 304, "") },
	},
	"pal-patch": {
		"accepted": func(t *testing.T, a *api) { patchedPath(t, a, "pal_id", `"p7c20e4a"`, 200, `"p7c20e4a"`) },
		"refused":  func(t *testing.T, a *api) { patchedPath(t, a, "pal_id", `"p7c20e4a"`, 400, "") },
		"ignored":  func(t *testing.T, a *api) { patchedPath(t, a, "pal_id", `"p7c20e4a"`, 304, "") },
	},
	"status-patch": {
		"accepted": func(t *testing.T, a *api) { patchedPath(t, a, "status", `"draft"`, 200, `"draft"`) },
		"refused":  func(t *testing.T, a *api) { patchedPath(t, a, "status", `"draft"`, 400, "") },
		"ignored":  func(t *testing.T, a *api) { patchedPath(t, a, "status", `"draft"`, 304, "") },
	},
	"password-patch": {
		"accepted": func(t *testing.T, a *api) { passwordPatched(t, a, 200, true) },
		"refused":  func(t *testing.T, a *api) { passwordPatched(t, a, 400, false) },
		"ignored":  func(t *testing.T, a *api) { passwordPatched(t, a, 304, false) },
	},
	"refill": {
		"none": func(t *testing.T, a *api) {
			id := a.create("").id()
			equal(t, "theme", a.patch(id, `[{"op":"remove","path":"/customization/theme"}]`).at("customization", "theme"), `null`)
		},
		"default": func(t *testing.T, a *api) {
			id := a.create(`,"customization":{"theme":{"mode":"dark"},"own":1}`).id()
			equal(t, "customization", a.patch(id, `[{"op":"remove","path":"/customization/theme"},{"op":"remove","path":"/customization/own"}]`).at("customization"),
				`{"show_haircheck":true,"theme":{"mode":"light","radius":8},"widget":{"text":"Talk to us"}}`)
			equal(t, "again", a.patch(id, `[{"op":"remove","path":"/customization/theme"}]`).status, "304")
		},
	},
	"unset": {
		"object": func(t *testing.T, a *api) {
			doc := unset(a)
			equal(t, "unset", []any{doc.at("customization"), doc.at("limits"), doc.at("allowed_origins"), doc.at("name")}, `[{},{},[],null]`)
		},
		"null": func(t *testing.T, a *api) {
			doc := unset(a)
			for _, key := range []string{"customization", "limits", "allowed_origins", "name"} {
				equal(t, key, []any{doc.at(key), doc.has(key)}, `[null,true]`)
			}
			equal(t, "set", a.patch(doc.id(), `[{"op":"add","path":"/customization/a","value":1}]`).status, "422")
			equal(t, "set", a.patch(doc.id(), `[{"op":"add","path":"/customization","value":{}}]`).at("customization"), `{}`)
		},
		"absent": func(t *testing.T, a *api) {
			doc := unset(a)
			for _, key := range []string{"customization", "limits", "allowed_origins", "name"} {
				equal(t, key, doc.has(key), `false`)
			}
			equal(t, "set", a.patch(doc.id(), `[{"op":"add","path":"/name","value":"n"}]`).at("name"), `"n"`)
		},
	},
	"names": {
		"kept":     func(t *testing.T, a *api) { equal(t, "name", a.create(`,"name":"A - b!"`).at("name"), `"A - b!"`) },
		"stripped": func(t *testing.T, a *api) { equal(t, "name", a.create(`,"name":" Ä - b!"`).at("name"), `"Ä b"`) },
	},
	"colours": each(func(t *testing.T, a *api, position string) {
		want := map[string]string{"kept": `{"c":["#FA0",{"d":"#FFAA00"}],"x":"#FB"}`, "lowered": `{"c":["#ffaa00",{"d":"#ffaa00"}],"x":"#FB"}`}[position]
		equal(t, "own", a.create(`,"customization":{"own":{"x":"#FB","c":["#FA0",{"d":"#FFAA00"}]}}`).at("customization", "own"), want)
	}, "kept", "lowered"),
	"origins": each(func(t *testing.T, a *api, position string) {
		want := map[string]string{"kept": `["https://A.example/","http://b"]`, "lowered": `["https://a.example","http://b"]`}[position]
		equal(t, "origins", a.create(`,"allowed_origins":["https://A.example/","http://b"]`).at("allowed_origins"), want)
	}, "kept", "lowered"),
	"lists": each(func(t *testing.T, a *api, position string) {
		want := map[string]string{"kept": `[["a","b"],[1,[2,3]]]`, "reordered": `[["b","a"],[[3,2],1]]`}[position]
		doc := a.create(`,"allowed_origins":["a","b"],"customization":{"l":[1,[2,3]]}`)
		equal(t, "lists", []any{doc.at("allowed_origins"), doc.at("customization", "l")}, want)
	}, "kept", "reordered"),
	"numbers": each(func(t *testing.T, a *api, position string) {
		want := map[string]string{"kept": `[1.0,9007199254740993,1e400]`, "rounded": `[1,9007199254740992,1e400]`}[position]
		equal(t, "numbers", a.create(`,"customization":{"n":[1.0,9007199254740993,1e400]}`).at("customization", "n"), want)
	}, "kept", "rounded"),
	"nulls": each(func(t *testing.T, a *api, position string) {
		want := map[string]string{"kept": `{"l":[null],"n":null}`, "dropped": `{"l":[null]}`}[position]
		equal(t, "own", a.create(`,"customization":{"own":{"n":null,"l":[null]}}`).at("customization", "own"), want)
	}, "kept", "dropped"),
	"empty-objects": each(func(t *testing.T, a *api, position string) {
		want := map[string]string{"kept": `{"a":{"b":{}},"l":[{}]}`, "dropped": `{"l":[{}]}`}[position]
		equal(t, "own", a.create(`,"customization":{"own":{"a":{"b":{}},"l":[{}]}}`).at("customization", "own"), want)
	}, "kept", "dropped"),
	"thumbnails": {
		"follow": func(t *testing.T, a *api) { thumbnailAfterMove(t, a, simulator.PalProductTour) },
		"stay":   func(t *testing.T, a *api) { thumbnailAfterMove(t, a, simulator.PalDocsGuide) },
		"late": func(t *testing.T, a *api) {
			id := a.create("").id()
			for _, null := range []bool{true, true, false} {
				equal(t, "null", a.get(id).at("thumbnail_video_url") == nil, strconv.FormatBool(null))
			}
			equal(t, "null", movedPal(a, id).at("thumbnail_image_url"), `null`)
		},
		"signed": func(t *testing.T, a *api) {
			id := a.create("").id()
			one, two := a.get(id), a.get(id)
			first, second := js(one.at("thumbnail_video_url")), js(two.at("thumbnail_video_url"))
			if cutQuery(first) != cutQuery(second) || first == second {
				t.Errorf("%s and %s: want the same but for the query", first, second)
			}
			equal(t, "ETag", one.header.Get("Etag"), js(two.header.Get("Etag")))
			equal(t, "nothing changed", a.patch(id, "[]").status, "304")
		},
	},
	"usage": each(func(t *testing.T, a *api, position string) {
		id := a.create("").id()
		a.get(id)
		equal(t, "usage_today", a.get(id).at("usage_today"), map[string]string{"on": "2", "off": "0"}[position])
	}, "on", "off"),
	"pages-from": each(func(t *testing.T, a *api, position string) {
		first := a.create("").id()
		second := a.create("").id()
		want := map[string]string{"1": second, "0": first}[position]
		page := a.want(http.StatusOK, http.MethodGet, "/v2/deployments?limit=1&page=1", "")
		if !strings.Contains(page.text, want) {
			t.Errorf("page=1 is %s, want %s", page.text, want)
		}
	}, "1", "0"),
	"page-cap": each(func(t *testing.T, a *api, position string) {
		for range 101 {
			a.sim.Put(map[string]any{})
		}
		page := a.want(http.StatusOK, http.MethodGet, "/v2/deployments?limit=100", "")
		items, _ := page.at("data").([]any)
		equal(t, "items", len(items), position)
	}, "100", "3"),
	"list-shape": each(func(t *testing.T, a *api, position string) {
		want := map[string]string{"wrapped": `{"data":[],"total_count":0}`, "bare": `[]`, "no-total": `{"data":[]}`}[position]
		equal(t, "list", a.want(http.StatusOK, http.MethodGet, "/v2/deployments", "").value, want)
	}, "wrapped", "bare", "no-total"),
	"items": each(func(t *testing.T, a *api, position string) {
		a.create("")
		page := a.want(http.StatusOK, http.MethodGet, "/v2/deployments", "")
		items, _ := page.at("data").([]any)
		equal(t, "whole", reply{value: items[0]}.has("customization"), strconv.FormatBool(position == "whole"))
		equal(t, "pal_id", reply{value: items[0]}.has("pal_id"), "true")
	}, "whole", "partial"),
	"errors": each(func(t *testing.T, a *api, position string) {
		want := map[string]string{
			"error": `{"error":"Deployment not found"}`, "message": `{"message":"Deployment not found"}`,
			"text": "Deployment not found\n", "html": "<p>Deployment not found</p>",
		}[position]
		missing := a.want(http.StatusNotFound, http.MethodGet, "/v2/deployments/x", "")
		if !strings.Contains(missing.text, want) {
			t.Errorf("got %s, want %s", missing.text, want)
		}
		kind := map[string]string{"text": "text/plain; charset=utf-8", "html": "text/html; charset=utf-8"}[position]
		if kind == "" {
			kind = "application/json"
		}
		equal(t, "Content-Type", missing.header.Get("Content-Type"), js(kind))
	}, "error", "message", "text", "html"),
	"unknown-id": each(func(t *testing.T, a *api, position string) {
		for _, method := range []string{http.MethodGet, http.MethodPatch, http.MethodDelete} {
			equal(t, method, a.do(method, "/v2/deployments/x", "").status, position)
		}
		equal(t, "PAL", a.do(http.MethodGet, "/v2/pals/x", "").status, position)
	}, "404", "400"),
	"retry-after": each(func(t *testing.T, a *api, position string) {
		a.sim.Configure(func(o *simulator.Options) { o.RatePerSecond = 0.5 })
		a.want(http.StatusOK, http.MethodGet, "/v2/deployments", "")
		text := a.want(http.StatusTooManyRequests, http.MethodGet, "/v2/deployments", "").header.Get("Retry-After")
		switch position {
		case "seconds":
			equal(t, "Retry-After", text, `"2"`)
		case "date":
			if at, err := http.ParseTime(text); err != nil || time.Until(at) > 4*time.Second || time.Until(at) < time.Second {
				t.Errorf("Retry-After %s: %v", text, err)
			}
		default:
			equal(t, "Retry-After", text, `""`)
		}
	}, "seconds", "date", "none"),
	"date": each(func(t *testing.T, a *api, position string) {
		for _, path := range []string{"/v2/deployments", "/v2/deployments/x"} {
			_, has := a.do(http.MethodGet, path, "").header["Date"]
			equal(t, "has Date", has, strconv.FormatBool(position == "sent"))
		}
	}, "sent", "absent"),
}

func each(test func(t *testing.T, a *api, position string), values ...string) map[string]func(*testing.T, *api) {
	tests := map[string]func(*testing.T, *api){}
	for _, value := range values {
		tests[value] = func(t *testing.T, a *api) { t.Helper(); test(t, a, value) }
	}
	return tests
}

func renamed(t *testing.T, a *api, status int) reply {
	t.Helper()
	id := a.create("").id()
	result := a.patch(id, `[{"op":"add","path":"/name","value":"new"}]`)
	equal(t, "status", result.status, strconv.Itoa(status))
	equal(t, "stored", a.get(id).at("name"), `"new"`)
	return result
}

func tagged(t *testing.T, a *api, prefix string, fresh, stale int) {
	t.Helper()
	id := a.create("").id()
	tag := a.get(id).header.Get("Etag")
	if !strings.HasPrefix(tag, prefix) || (tag == "") != (prefix == "") {
		t.Errorf("ETag %s, want it to begin with %s", tag, prefix)
	}
	equal(t, "fresh", a.patch(id, "[]", "If-Match", tag).status, strconv.Itoa(fresh))
	equal(t, "stale", a.patch(id, "[]", "If-Match", `"other"`).status, strconv.Itoa(stale))
}

func visited(t *testing.T, a *api, atOnce, afterVisit int) {
	t.Helper()
	id := a.create("").id()
	equal(t, "at once", a.patch(id, "[]", "If-Match", a.get(id).header.Get("Etag")).status, strconv.Itoa(atOnce))
	tag := a.get(id).header.Get("Etag")
	a.sim.Visit(id)
	equal(t, "after a visit", a.patch(id, "[]", "If-Match", tag).status, strconv.Itoa(afterVisit))
}

// patchedPath sets a path, and again together with a name. An empty want means
// that the value must stay.
func patchedPath(t *testing.T, a *api, key, value string, status int, want string) {
	t.Helper()
	created := a.create("")
	if want == "" {
		want = js(created.at(key))
	}
	operation := fmt.Sprintf(`{"op":"add","path":"/%s","value":%s}`, key, value)
	equal(t, "status", a.patch(created.id(), "["+operation+"]").status, strconv.Itoa(status))
	equal(t, key, a.get(created.id()).at(key), want)
	both := a.patch(created.id(), `[`+operation+`,{"op":"add","path":"/name","value":"n"}]`)
	wantName := map[bool]string{true: `null`, false: `"n"`}[status == http.StatusBadRequest]
	equal(t, "name", a.get(created.id()).at("name"), wantName)
	if status == http.StatusNotModified {
		equal(t, "the rest takes effect", both.status, "200")
	}
}

func passwordPatched(t *testing.T, a *api, status int, has bool) {
	t.Helper()
	id := a.create("").id()
	equal(t, "status", a.patch(id, `[{"op":"add","path":"/password","value":"secret"}]`).status, strconv.Itoa(status))
	equal(t, "has_password", a.get(id).at("has_password"), strconv.FormatBool(has))
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

func thumbnailAfterMove(t *testing.T, a *api, pal string) {
	t.Helper()
	moved := movedPal(a, a.create("").id())
	equal(t, "thumbnail", moved.at("thumbnail_video_url"), `"https://cdn.example.com/pals/`+pal+`/thumbnail.mp4"`)
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
				positions[item.Name][value](t, start(t, options))
			})
		}
	}
	if len(seen) != len(positions) {
		t.Errorf("%d switches, and tests for %d", len(seen), len(positions))
	}
}
