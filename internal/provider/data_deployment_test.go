package provider_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

func TestDataDeploymentShowsEverything(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{Defaults: simulator.DefaultsNone, Usage: simulator.UsageOff})
	id := f.Put(map[string]any{
		"pal_id": pal, "channel": "widget", "name": "Docs site", "status": "inactive", "password": "visitors only",
		"customization": map[string]any{"widget": map[string]any{"text": "Ask <us>"}, "nothing": nil},
		"limits":        map[string]any{"max_call_duration": 600}, "allowed_origins": []any{"https://b.example.com", "https://a.example.com"},
		"created_at": "2025-01-02T03:04:05Z", "updated_at": "2025-02-03T04:05:06Z", "usage_total": 41, "usage_today": 6,
		"replica_thumbnail_video_url": "https://cdn.example.com/removed.mp4",
	})
	want := map[string]any{
		"id": id, "deployment_id": id, "pal_id": pal, "channel": "widget", "name": "Docs site", "status": "inactive",
		"customization": `{"widget":{"text":"Ask \u003cus\u003e"}}`, "limits": `{"max_call_duration":600}`,
		"allowed_origins": []any{"https://a.example.com", "https://b.example.com"}, "has_password": true,
		"thumbnail_video_url": "https://cdn.example.com/pals/" + pal + "/thumbnail.mp4",
		"thumbnail_image_url": "https://cdn.example.com/pals/" + pal + "/thumbnail.png",
		"usage_total":         int64(41), "usage_today": int64(6),
		"created_at": "2025-01-02T03:04:05Z", "updated_at": "2025-02-03T04:05:06Z",
	}
	q := newQuestions(t, f.URL)
	for _, arguments := range []args{{"deployment_id": id}, {"name": "Docs site"}, {"name": "Docs site", "pal_id": pal, "channel": "widget"}} {
		got, err := q.data("tavus_deployment", arguments)
		if err != nil {
			t.Fatal(err)
		}
		got["allowed_origins"] = sortedAny(got["allowed_origins"])
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%v gives\n%v\nwant\n%v", arguments, got, want)
		}
	}
	f.readsOnly(t)
}

func sortedAny(list any) []any {
	var texts []string
	items, _ := list.([]any)
	for _, item := range items {
		texts = append(texts, fmt.Sprint(item))
	}
	out := []any{}
	for _, text := range sorted(texts) {
		out = append(out, text)
	}
	return out
}

func TestDataDeploymentOfNothingSet(t *testing.T) {
	t.Parallel()
	for _, unset := range []simulator.Unset{simulator.UnsetObject, simulator.UnsetNull, simulator.UnsetAbsent} {
		t.Run(string(unset), func(t *testing.T) {
			t.Parallel()
			f := newFake(t, simulator.Options{Defaults: simulator.DefaultsNone, Unset: unset})
			id := f.Put(map[string]any{"pal_id": pal, "channel": "embed"})
			got, err := newQuestions(t, f.URL).data("tavus_deployment", args{"deployment_id": id})
			if err != nil {
				t.Fatal(err)
			}
			if got["customization"] != "{}" || got["limits"] != "{}" || got["name"] != nil || len(sortedAny(got["allowed_origins"])) != 0 {
				t.Errorf("what is unset reads as %v", got)
			}
		})
	}
}

func TestDataDeploymentByName(t *testing.T) {
	t.Parallel()
	for _, items := range []simulator.Items{simulator.ItemsWhole, simulator.ItemsPartial} {
		t.Run(string(items), func(t *testing.T) {
			t.Parallel()
			f := newFake(t, simulator.Options{Items: items, PageCap: 3})
			put := func(name, palID, channel string) string {
				doc := map[string]any{"pal_id": palID, "channel": channel}
				if name != "" {
					doc["name"] = name
				}
				return f.Put(doc)
			}
			docs := put("Docs site", pal, "widget")
			longer := put("Docs site, old", pal, "widget")
			put("docs site", pal, "widget")
			twinA := put("Twin", pal, "widget")
			twinB := put("Twin", simulator.PalProductTour, "embed")
			punctuated := put("Spring sale 50 off", pal, "landing-page")
			put("", pal, "widget")
			accent := put("Cafe\u0301", pal, "widget") // not in Unicode form NFC
			q := newQuestions(t, f.URL)
			for _, test := range []struct {
				arguments args
				want      string
			}{
				{args{"name": "Docs site"}, docs},
				{args{"name": "Docs site, old"}, longer},
				{args{"name": "Twin", "channel": "embed"}, twinB},
				{args{"name": "Twin", "pal_id": pal}, twinA},
				{args{"name": "Caf\u00e9"}, accent},
			} {
				got, err := q.data("tavus_deployment", test.arguments)
				if err != nil {
					t.Errorf("%v: %v", test.arguments, err)
				} else if got["deployment_id"] != test.want || got["customization"] == "{}" {
					t.Errorf("%v finds %v", test.arguments, got)
				}
			}
			for _, test := range []struct {
				arguments args
				words     []string
			}{
				{args{"name": "Twin"}, []string{"Several deployments", "2 deployments fit", twinA, twinB, "pal_id or channel"}},
				{args{"name": "Twin", "channel": "landing-page"}, []string{"No such deployment", "another pal_id or channel", twinA, twinB}},
				{args{"name": "Spring sale: 50% off!"}, []string{"No such deployment", "punctuation", punctuated}},
				{args{"name": "Nobody"}, []string{"No such deployment", "No deployment of the account"}},
			} {
				_, err := q.data("tavus_deployment", test.arguments)
				expectError(t, err, append(test.words, `AttributeName("name")`)...)
				if name := fmt.Sprint(test.arguments["name"]); strings.Contains(err.Error(), name) {
					t.Errorf("the error shows the name, which can be sensitive: %v", err)
				}
			}
			f.readsOnly(t)
		})
	}
}

// The server's own search may compare in ways that nobody documents, so a
// search that finds nothing is not the last word; one that fails is.
func TestDataDeploymentByNameWithoutSearch(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{})
	id := f.Put(map[string]any{"name": "Docs site"})
	q := newQuestions(t, f.URL)
	searched := func(fault simulator.Fault) {
		f.SetFaults(func(_ int, r simulator.Request) *simulator.Fault {
			if strings.Contains(r.Query, "search=") {
				return &fault
			}
			return nil
		})
	}
	searched(simulator.Fault{Kind: simulator.FaultBody, Status: 200, Body: []byte(`{"data":[],"total_count":0}`)})
	got, err := q.data("tavus_deployment", args{"name": "Docs site"})
	if err != nil || got["deployment_id"] != id {
		t.Fatalf("%v, %v", got, err)
	}
	searched(simulator.Fault{Kind: simulator.FaultStatus, Status: 403})
	_, err = q.data("tavus_deployment", args{"name": "Docs site"})
	expectError(t, err, "403")
}

func TestDataDeploymentRefuses(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{})
	q := newQuestions(t, f.URL)
	for _, test := range []struct {
		arguments args
		words     []string
	}{
		{args{}, []string{"Write deployment_id, or name"}},
		{args{"deployment_id": "d1", "name": "x"}, []string{"not both"}},
		{args{"deployment_id": "d1", "pal_id": pal}, []string{`AttributeName("pal_id")`, "narrow"}},
		{args{"deployment_id": "d1", "channel": "widget"}, []string{`AttributeName("channel")`, "narrow"}},
		{args{"deployment_id": ""}, []string{"empty"}},
		{args{"name": ""}, []string{"empty"}},
		{args{"name": "x", "channel": "popup"}, []string{`AttributeName("channel")`, "popup"}},
	} {
		_, err := q.data("tavus_deployment", test.arguments)
		expectError(t, err, test.words...)
	}
	if n := f.readsOnly(t); n != 0 {
		t.Errorf("%d requests before the mistakes were seen", n)
	}
	for _, code := range []simulator.UnknownID{simulator.Unknown404, simulator.Unknown400} {
		f.Configure(func(o *simulator.Options) { o.UnknownID = code })
		_, err := q.data("tavus_deployment", args{"deployment_id": "gone"})
		expectError(t, err, "No such deployment", "gone", "key")
	}
	f.Configure(func(o *simulator.Options) { o.Forbidden = true })
	for name, arguments := range map[string]args{
		"tavus_deployment": {"name": "x"}, "tavus_deployments": {}, "tavus_pal": {"name": "x"}, "tavus_pals": {},
	} {
		_, err := q.data(name, arguments)
		expectError(t, err, "403", "Check the API key")
	}
	_, err := q.data("tavus_deployment", args{"deployment_id": "d1"})
	expectError(t, err, "403", "Check the API key")
}

func TestDataDeployments(t *testing.T) {
	t.Parallel()
	for _, items := range []simulator.Items{simulator.ItemsWhole, simulator.ItemsPartial} {
		t.Run(string(items), func(t *testing.T) {
			t.Parallel()
			f := newFake(t, simulator.Options{Items: items})
			ids := f.fill(23)
			for _, test := range deploymentFilters {
				f.checkDeployments(t, ids, test.arguments, test.fits)
			}
		})
	}
}

var deploymentFilters = []struct {
	arguments args
	fits      func(doc map[string]any) bool
}{
	{args{}, func(map[string]any) bool { return true }},
	{args{"pal_id": pal}, func(doc map[string]any) bool { return doc["pal_id"] == pal }},
	{args{"status": "draft"}, func(doc map[string]any) bool { return doc["status"] == "draft" }},
	{args{"channel": "embed"}, func(doc map[string]any) bool { return doc["channel"] == "embed" }},
	{args{"search": "sItE 1"}, func(doc map[string]any) bool { return strings.HasPrefix(fmt.Sprint(doc["name"]), "Site 1") }},
	{args{"search": "no such"}, func(map[string]any) bool { return false }},
	{args{"channel": "widget", "status": "active", "pal_id": otherPal, "search": "Site"}, func(doc map[string]any) bool {
		return doc["channel"] == "widget" && doc["pal_id"] == otherPal && doc["name"] != nil
	}},
}

// checkDeployments reads tavus_deployments and compares it with what is stored.
func (f *fake) checkDeployments(t *testing.T, ids []string, arguments args, fits func(map[string]any) bool) {
	t.Helper()
	f.ResetRequests()
	got, err := newQuestions(t, f.URL).data("tavus_deployments", arguments)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{} // the oldest first
	for _, id := range ids {
		if doc, _ := f.Document(id); fits(doc) {
			want = append(want, id)
		}
	}
	found := []string{}
	list, _ := got["deployments"].([]any)
	for _, one := range list {
		object, _ := one.(map[string]any)
		id := fmt.Sprint(object["deployment_id"])
		found = append(found, id)
		if doc, _ := f.Document(id); object["has_password"] != doc["has_password"] || object["usage_total"] == nil {
			t.Errorf("%s is not whole: %v", id, object)
		}
	}
	if !reflect.DeepEqual(found, want) {
		t.Errorf("%v finds\n%v\nwant\n%v", arguments, found, want)
	}
	gets := 0
	for _, r := range f.Requests() {
		if r.Path != "/v2/deployments" {
			gets++
		}
	}
	partial := false
	f.Configure(func(o *simulator.Options) { partial = o.Items == simulator.ItemsPartial })
	if wantGets := map[bool]int{true: len(want)}[partial]; gets != wantGets {
		t.Errorf("%v: %d deployments were read one by one instead of %d", arguments, gets, wantGets)
	}
	f.readsOnly(t)
}

// A value of the configuration that is not known yet is no mistake.
func TestDataUnknownArguments(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{})
	q := newQuestions(t, f.URL)
	for name, arguments := range map[string]args{
		"tavus_deployment":  {"deployment_id": unknown{}, "name": unknown{}, "pal_id": unknown{}, "channel": unknown{}},
		"tavus_deployments": {"search": unknown{}, "status": unknown{}, "channel": unknown{}, "pal_id": unknown{}},
		"tavus_pal":         {"pal_id": unknown{}, "name": unknown{}},
		"tavus_pals":        {"pal_type": unknown{}, "search": unknown{}},
	} {
		if err := q.validateData(name, arguments); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
