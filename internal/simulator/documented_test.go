package simulator_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

func TestCreateAndGet(t *testing.T) {
	t.Parallel()
	a := start(t, simulator.Options{})
	created := a.create(`,"name":"Docs","password":"open sesame","customization":{"theme":{"mode":"dark"},"big":123456789012345678901234567890},` +
		`"limits":{"max_call_duration":60},"allowed_origins":["https://docs.example.com"],"status":"draft"`)
	id := created.id()
	if !regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`).MatchString(id) {
		t.Errorf("the id %s is no UUID of version 4", id)
	}
	equal(t, "status", created.at("status"), `"active"`)
	equal(t, "has_password", created.at("has_password"), `true`)
	equal(t, "theme", created.at("customization", "theme"), `{"mode":"dark","radius":8}`)
	equal(t, "big", created.at("customization", "big"), `123456789012345678901234567890`)
	equal(t, "show_haircheck", created.at("customization", "show_haircheck"), `true`)
	equal(t, "limits", created.at("limits"), `{"daily_call_limit_per_user":5,"max_call_duration":60}`)
	equal(t, "usage_total", created.at("usage_total"), `0`)
	if created.header.Get("Etag") != "" || strings.Contains(created.text, "sesame") || created.has("password") {
		t.Errorf("the answer to a create has an ETag or the password: %v %s", created.header, created.text)
	}
	first, second := a.get(id), a.get(id)
	equal(t, "usage_total", first.at("usage_total"), `1`)
	equal(t, "usage_today", second.at("usage_today"), `2`)
	tag := first.header.Get("Etag")
	if !regexp.MustCompile(`^"[^"]+"$`).MatchString(tag) || second.header.Get("Etag") != tag {
		t.Errorf("ETags %s and %s: want one strong tag that a visit does not move", tag, second.header.Get("Etag"))
	}
	if second.header.Get("Date") == "" {
		t.Error("no Date")
	}
	if password, ok := a.sim.Password(id); !ok || password != "open sesame" {
		t.Errorf("stored password %q %v", password, ok)
	}
	for _, text := range []string{"created_at", "updated_at"} {
		if _, err := time.Parse(time.RFC3339, js(first.at(text))[1:len(js(first.at(text)))-1]); err != nil {
			t.Error(err)
		}
	}
}

func TestCreateLeavesUnsetOpen(t *testing.T) {
	t.Parallel()
	a := start(t, simulator.Options{})
	doc := a.create("")
	equal(t, "name", doc.at("name"), `null`)
	equal(t, "allowed_origins", doc.at("allowed_origins"), `[]`)
	equal(t, "has_password", doc.at("has_password"), `false`)
	if !strings.Contains(js(doc.at("thumbnail_video_url")), simulator.PalDocsGuide) {
		t.Errorf("thumbnail %v", doc.at("thumbnail_video_url"))
	}
}

func TestCreateRefuses(t *testing.T) {
	t.Parallel()
	a := start(t, simulator.Options{})
	for body, want := range map[string]string{
		`{"channel":"widget"}`:                                                   "pal_id is required",
		`{"pal_id":7,"channel":"widget"}`:                                        "pal_id must be a string",
		`{"pal_id":"p0","channel":"widget"}`:                                     "Invalid pal_id",
		`{"pal_id":"p5317866"}`:                                                  "channel is required",
		`{"pal_id":"p5317866","channel":"landing_page"}`:                         "channel must be one of",
		`{"pal_id":"p5317866","channel":1}`:                                      "channel must be one of",
		`{"pal_id":"p5317866","channel":"widget","name":1}`:                      "name must be a string",
		`{"pal_id":"p5317866","channel":"widget","password":true}`:               "password must be a string",
		`{"pal_id":"p5317866","channel":"widget","customization":"{}"}`:          "customization must be an object",
		`{"pal_id":"p5317866","channel":"widget","limits":[]}`:                   "limits must be an object",
		`{"pal_id":"p5317866","channel":"widget","limits":null}`:                 "limits must not be null",
		`{"pal_id":"p5317866","channel":"widget","allowed_origins":"https://a"}`: "allowed_origins must be an array",
		`{"pal_id":"p5317866","channel":"widget","allowed_origins":[null]}`:      "allowed_origins must be an array",
		`[]`:   "must be a JSON object",
		`{`:    "must be a JSON object",
		`{}{}`: "must be a JSON object",
	} {
		refused := a.want(http.StatusBadRequest, http.MethodPost, "/v2/deployments", body)
		if !strings.Contains(js(refused.at("error")), want) {
			t.Errorf("%s: got %s, want %q", body, refused.text, want)
		}
	}
	a.want(http.StatusUnsupportedMediaType, http.MethodPost, "/v2/deployments", `{}`, "Content-Type", "text/plain")
	a.want(http.StatusRequestEntityTooLarge, http.MethodPost, "/v2/deployments", strings.Repeat(" ", 2<<20))
	if ids := a.sim.IDs(); len(ids) != 0 {
		t.Errorf("refused creates left %v", ids)
	}
}

func TestDelete(t *testing.T) {
	t.Parallel()
	a := start(t, simulator.Options{})
	id := a.create("").id()
	path := "/v2/deployments/" + id
	a.want(http.StatusNoContent, http.MethodDelete, path, "")
	for _, method := range []string{http.MethodDelete, http.MethodGet} {
		equal(t, method, a.want(http.StatusNotFound, method, path, "").value, `{"error":"Deployment not found"}`)
	}
	a.want(http.StatusNotFound, http.MethodPatch, path, "[]")
}

func TestListFiltersAndPages(t *testing.T) {
	t.Parallel()
	a := start(t, simulator.Options{Seed: 1})
	for i := range 25 {
		doc := map[string]any{"name": string(rune('a'+i)) + " Page"}
		if i%5 == 0 {
			doc["status"], doc["pal_id"] = "draft", simulator.PalProductTour
		}
		a.sim.Put(doc)
	}
	list := func(query string) (initials string, total any) {
		var names strings.Builder
		result := a.want(http.StatusOK, http.MethodGet, "/v2/deployments"+query, "")
		items, _ := result.at("data").([]any)
		for _, item := range items {
			names.WriteString(js(reply{value: item}.at("name"))[1:2])
		}
		return names.String(), result.at("total_count")
	}
	for query, want := range map[string]string{
		"":                                    "yxwvutsrqp", // newest first, ten by default
		"?limit=100":                          "yxwvutsrqponmlkjihgfedcba",
		"?limit=1000":                         "yxwvutsrqponmlkjihgfedcba",
		"?page=1":                             "yxwvutsrqp",
		"?page=3":                             "edcba",
		"?page=4":                             "",
		"?page=999999999999":                  "",
		"?limit=4&page=2":                     "utsr",
		"?status=draft":                       "upkfa",
		"?pal_id=" + simulator.PalProductTour: "upkfa",
		"?search=C%20pAGE":                    "c",
		"?search=a%20p&status=active":         "",
	} {
		if got, _ := list(query); got != want {
			t.Errorf("%s: got %s, want %s", query, got, want)
		}
	}
	if _, total := list("?status=draft&limit=2"); js(total) != "5" {
		t.Errorf("total_count %v, want 5", total)
	}
	for _, query := range []string{"?limit=0", "?limit=x", "?page=-1"} {
		a.want(http.StatusBadRequest, http.MethodGet, "/v2/deployments"+query, "")
	}
}

func TestPals(t *testing.T) {
	t.Parallel()
	a := start(t, simulator.Options{})
	added := a.sim.AddPal(map[string]any{"pal_name": "Mine"})
	one := a.want(http.StatusOK, http.MethodGet, "/v2/pals/"+simulator.PalDocsGuide, "")
	if !strings.Contains(one.text, `"pal_name":"Docs Guide"`) || !strings.HasPrefix(one.text, `{"data":[{`) {
		t.Error(one.text)
	}
	if !strings.Contains(one.text, "sim-llm-secret") || strings.Contains(one.text, "pal_type") {
		t.Errorf("want the planted secret and no pal_type: %s", one.text)
	}
	all := a.want(http.StatusOK, http.MethodGet, "/v2/pals", "")
	equal(t, "total_count", all.at("total_count"), `7`)
	_, first, _ := strings.Cut(all.text, `"pal_id":`)
	if !strings.HasPrefix(first, `"`+added+`"`) {
		t.Errorf("want the newest first: %s", all.text)
	}
	equal(t, "system", a.want(http.StatusOK, http.MethodGet, "/v2/pals?pal_type=system", "").at("total_count"), `1`)
	a.want(http.StatusBadRequest, http.MethodGet, "/v2/pals?pal_type=x", "")
	a.want(http.StatusNotFound, http.MethodGet, "/v2/pals/p0", "")
	equal(t, "page 2", a.want(http.StatusOK, http.MethodGet, "/v2/pals?limit=4&page=3", "").value, `{"data":[],"total_count":7}`)
}

func TestAccounts(t *testing.T) {
	t.Parallel()
	a := start(t, simulator.Options{Keys: map[string]string{"k1": "default", "k2": "other"}})
	a.key = "k1"
	id := a.create("").id()
	a.key = "k2"
	a.want(http.StatusNotFound, http.MethodGet, "/v2/deployments/"+id, "")
	a.want(http.StatusNotFound, http.MethodDelete, "/v2/deployments/"+id, "")
	equal(t, "list", a.want(http.StatusOK, http.MethodGet, "/v2/deployments", "").value, `{"data":[],"total_count":0}`)
	other := a.create("").id()
	for _, key := range []string{"", "k3"} {
		a.key = key
		equal(t, "unknown key", a.want(http.StatusUnauthorized, http.MethodGet, "/v2/deployments/"+id, "").value, `{"message":"Invalid access token"}`)
	}
	equal(t, "IDs", a.sim.IDs(), js([]string{id}))
	equal(t, "IDsIn", a.sim.IDsIn("other"), js([]string{other}))
	requests := a.sim.Requests()
	if got := requests[0].Key + " " + requests[1].Key + " " + requests[5].Key; got != "default other " {
		t.Errorf("accounts in the log: %q", got)
	}
	if strings.Contains(js(requests), "k2") || requests[0].Header.Get("X-Api-Key") != "" {
		t.Error("a key is in the log")
	}
}

func TestEveryKeyHasItsAccount(t *testing.T) {
	t.Parallel()
	a := start(t, simulator.Options{})
	id := a.sim.Put(map[string]any{})
	a.get(id) // the first key is the default account's
	a.key = "second"
	a.want(http.StatusNotFound, http.MethodGet, "/v2/deployments/"+id, "")
	a.sim.Configure(func(o *simulator.Options) { o.Forbidden = true })
	a.want(http.StatusForbidden, http.MethodGet, "/v2/deployments", "")
}

func TestPathsAndMethods(t *testing.T) {
	t.Parallel()
	a := start(t, simulator.Options{})
	for _, path := range []string{"/", "/v1/deployments", "/v2", "/v2/deployments/", "/v2/deployments//init", "/v2/deployments/x/y", "/_simulator/requests"} {
		a.want(http.StatusNotFound, http.MethodGet, path, "")
	}
	refused := a.want(http.StatusMethodNotAllowed, http.MethodPut, "/v2/deployments/x", "{}")
	if got := refused.header.Get("Allow"); got != "GET, PATCH, DELETE" {
		t.Errorf("Allow: %s", got)
	}
	a.sim.Put(map[string]any{"deployment_id": "a/.."})
	equal(t, "id", a.get("a%2F..").at("deployment_id"), `"a/.."`)
}

func TestInitAndStart(t *testing.T) {
	t.Parallel()
	a := start(t, simulator.Options{})
	id := a.sim.Put(map[string]any{"allowed_origins": []string{"https://a.example"}, "password": "secret"})
	a.key = "" // both are public
	page := a.want(http.StatusOK, http.MethodGet, "/v2/deployments/"+id+"/init", "", "Origin", "https://a.example")
	equal(t, "is_available", page.at("is_available"), `true`)
	equal(t, "limits", page.at("limits"), `{"daily_call_limit_per_user":5,"max_call_duration":3600}`)
	a.want(http.StatusForbidden, http.MethodGet, "/v2/deployments/"+id+"/init", "", "Origin", "https://b.example")
	if a.sim.Starts() != 0 {
		t.Error("a start before anybody asked for one")
	}
	a.want(http.StatusInternalServerError, http.MethodPost, "/v2/deployments/"+id+"/start", "{}")
	if a.sim.Starts() != 1 {
		t.Error("the start was not counted")
	}
}
