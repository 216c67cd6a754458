package simulator_test

import (
	"net/http"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

func TestPutEditRemove(t *testing.T) {
	t.Parallel()
	a := start(t, simulator.Options{})
	id := a.sim.Put(map[string]any{
		"name": "Portal", "created_at": "2024-01-01T00:00:00Z", "customization": map[string]any{"n": 3, "l": []string{"x"}},
		"password": "secret",
	})
	doc, ok := a.sim.Document(id)
	equal(t, "document", []any{ok, doc["created_at"], doc["channel"], doc["status"], doc["has_password"], doc["allowed_origins"]},
		`[true,"2024-01-01T00:00:00Z","widget","active",true,[]]`)
	equal(t, "as the API shows it", a.get(id).at("customization"), js(doc["customization"]))
	tag := a.get(id).header.Get("Etag")
	customization, _ := doc["customization"].(map[string]any)
	customization["n"] = "a change of the copy"
	if !a.sim.Edit(id, func(doc map[string]any) {
		equal(t, "customization", doc["customization"], `{"l":["x"],"n":3,"show_haircheck":true,"theme":{"mode":"light","radius":8},"widget":{"text":"Talk to us"}}`)
		doc["customization"] = map[string]any{"n": 4}
		doc["password"] = nil
		doc["pal_id"] = simulator.PalCampaignHost
		delete(doc, "name")
	}) {
		t.Fatal("Edit did not find the deployment")
	}
	edited := a.get(id)
	equal(t, "edited", []any{edited.at("customization"), edited.at("has_password"), edited.at("name")}, `[{"n":4},false,null]`)
	equal(t, "thumbnail", edited.at("thumbnail_image_url"), `"https://cdn.example.com/pals/`+simulator.PalCampaignHost+`/thumbnail.png"`)
	if edited.header.Get("Etag") == tag || js(edited.at("updated_at")) <= js(doc["updated_at"]) {
		t.Error("an edit moved neither the ETag nor updated_at")
	}
	equal(t, "a patch after a removed name", a.patch(id, `[{"op":"replace","path":"/name","value":"n"}]`).status, "200")
	if !a.sim.Remove(id) || a.sim.Remove(id) || a.sim.Edit(id, func(map[string]any) {}) {
		t.Error("Remove and Edit must say whether there was a deployment")
	}
	if _, ok := a.sim.Document(id); ok || len(a.sim.IDs()) != 0 {
		t.Error("it is still there")
	}
}

func TestEditSeesJustWhatItChanges(t *testing.T) {
	t.Parallel()
	a := start(t, simulator.Options{Defaults: simulator.DefaultsNone})
	id := a.sim.Put(map[string]any{"name": "A-b", "customization": map[string]any{"c": "#FFF", "l": []int{1, 2}}})
	a.sim.Configure(func(o *simulator.Options) {
		o.Names, o.Colours, o.Lists, o.Unset = simulator.NamesStripped, simulator.ColoursLowered, simulator.ListsReordered, simulator.UnsetNull
	})
	a.sim.Edit(id, func(doc map[string]any) { doc["status"] = "draft" })
	a.patch(id, `[{"op":"add","path":"/customization/d","value":"#ABC"}]`)
	doc := a.get(id)
	equal(t, "what nobody changed", []any{doc.at("name"), doc.at("customization"), doc.at("limits")},
		`["A-b",{"c":"#FFF","d":"#aabbcc","l":[1,2]},null]`)
}

func TestSeedAndClock(t *testing.T) {
	t.Parallel()
	clock := func() time.Time { return time.Date(2031, 5, 6, 7, 8, 9, 0, time.UTC) }
	one := start(t, simulator.Options{Seed: 7, Clock: clock})
	two := simulator.New(simulator.Options{Seed: 7})
	three := simulator.New(simulator.Options{Seed: 8})
	first := one.create("")
	if first.id() != two.Put(map[string]any{}) || first.id() == three.Put(map[string]any{}) || one.create("").id() == first.id() {
		t.Error("the seed does not decide the ids")
	}
	equal(t, "created_at", first.at("created_at"), `"2031-05-06T07:08:09.000000Z"`)
	equal(t, "Date", first.header.Get("Date"), `"Tue, 06 May 2031 07:08:09 GMT"`)
	changed := one.patch(first.id(), `[{"op":"add","path":"/name","value":"n"}]`)
	equal(t, "updated_at", changed.at("updated_at"), `"2031-05-06T07:08:09.000001Z"`)
}

func TestHooks(t *testing.T) {
	t.Parallel()
	a := start(t, simulator.Options{})
	id := a.create("").id()
	var calls []string
	a.sim.Before(func(r simulator.Request) {
		calls = append(calls, "before "+r.Method)
		if r.Method == http.MethodPatch {
			a.sim.Edit(id, func(doc map[string]any) { doc["status"] = "draft" })
		}
	})
	a.sim.After(func(r simulator.Request) {
		doc, _ := a.sim.Document(id)
		calls = append(calls, "after "+r.Method+" "+js(doc["name"]))
	})
	tag := a.get(id).header.Get("Etag")
	equal(t, "stale", a.patch(id, `[{"op":"add","path":"/name","value":"n"}]`, "If-Match", tag).status, "412")
	equal(t, "edited", a.patch(id, `[{"op":"add","path":"/name","value":"n"}]`).at("status"), `"draft"`)
	a.sim.Before(nil)
	a.sim.After(nil)
	a.get(id)
	equal(t, "calls", calls, `["before GET","after GET null","before PATCH","after PATCH null","before PATCH","after PATCH \"n\""]`)
}

func TestRequestLog(t *testing.T) {
	t.Parallel()
	a := start(t, simulator.Options{Latency: 20 * time.Millisecond})
	id := a.create("").id()
	a.sim.ResetRequests()
	a.patch(id, "[]", "If-Match", `"x"`, "User-Agent", "test/1")
	a.do(http.MethodGet, "/v2/deployments?pal_id=p%201", "")
	requests := a.sim.Requests()
	first, second := requests[0], requests[1]
	equal(t, "first", []any{first.Method, first.Path, string(first.Body), first.IfMatch, first.UserAgent, first.Status, first.Key, first.Fault},
		`["PATCH","/v2/deployments/`+id+`","[]","\"x\"","test/1",412,"default",""]`)
	equal(t, "second", []any{second.Method, second.Path, second.Query, second.Status}, `["GET","/v2/deployments","pal_id=p%201",200]`)
	if first.Duration < 20*time.Millisecond || first.Duration > 5*time.Second || second.Time.Before(first.Time) {
		t.Errorf("duration %s, times %s and %s", first.Duration, first.Time, second.Time)
	}
}

func TestRateLimit(t *testing.T) {
	t.Parallel()
	a := start(t, simulator.Options{RatePerSecond: 5})
	begin := time.Now()
	answers := make([]int, 0, 40)
	for range cap(answers) {
		answers = append(answers, a.do(http.MethodGet, "/v2/deployments", "").status)
	}
	// On a busy machine this takes a while, and tokens come back meanwhile.
	most := 5 + 5*time.Since(begin).Seconds()
	if served := count(answers, http.StatusOK); served < 5 || float64(served) > most || answers[4] != http.StatusOK {
		t.Errorf("answers %v, want the first five served, and at most %.1f", answers, most)
	}
	time.Sleep(250 * time.Millisecond)
	a.want(http.StatusOK, http.MethodGet, "/v2/deployments", "")
}

func count(list []int, value int) (n int) {
	for _, element := range list {
		if element == value {
			n++
		}
	}
	return n
}

func TestConcurrency(t *testing.T) {
	t.Parallel()
	a := start(t, simulator.Options{})
	shared := a.create("").id()
	a.sim.Before(func(simulator.Request) { a.sim.Visit(shared) })
	var group sync.WaitGroup
	for i := range 16 {
		group.Go(func() {
			for n := range 5 {
				id := a.sim.Put(map[string]any{"name": strconv.Itoa(i)})
				a.do(http.MethodGet, "/v2/deployments/"+id, "")
				path := "/customization/k" + strconv.Itoa(i*5+n)
				a.patch(shared, `[{"op":"add","path":"`+path+`","value":1}]`)
				a.do(http.MethodGet, "/v2/deployments", "")
				a.sim.Edit(shared, func(doc map[string]any) { doc["name"] = strconv.Itoa(n) })
				a.sim.Configure(func(o *simulator.Options) { o.PageCap = n + 1 })
				a.sim.SetFaults(nil)
				_, _, _ = a.sim.Requests(), a.sim.IDs(), a.sim.Starts()
				if i%2 == 0 {
					a.do(http.MethodDelete, "/v2/deployments/"+id, "")
				}
			}
		})
	}
	group.Wait()
	doc := a.get(shared)
	for i := range 80 {
		equal(t, "key", doc.at("customization", "k"+strconv.Itoa(i)), "1")
	}
	if ids := a.sim.IDs(); len(ids) != 1+40 || !slices.Contains(ids, shared) {
		t.Errorf("%d deployments are left, want 41", len(ids))
	}
}
