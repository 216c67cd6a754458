package provider_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

func TestDataPal(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{})
	stripped := f.AddPal(map[string]any{"pal_name": "Acme Support EU", "pipeline_mode": "echo", "default_face_id": nil})
	twinA := f.AddPal(map[string]any{"pal_name": "Twin A"})
	twinB := f.AddPal(map[string]any{"pal_name": "TwinA"})
	signed := f.AddPal(map[string]any{"pal_name": "हिन्दी"})
	f.AddPal(map[string]any{"pal_name": "हनद"}) // the same letters without their marks
	f.AddPal(map[string]any{"pal_name": ""})
	q := newQuestions(t, f.URL)
	want := map[string]any{
		"pal_id": simulator.PalDocsGuide, "name": "Docs Guide", "pal_type": nil, "default_face_id": "r4317e64d25", "pipeline_mode": "full",
		"created_at": "2025-01-02T09:00:00.000000Z", "updated_at": "2025-01-02T09:00:00.000000Z",
	}
	for _, arguments := range []args{{"pal_id": simulator.PalDocsGuide}, {"name": "Docs Guide"}} {
		got, err := q.data("tavus_pal", arguments)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%v: %v, %v", arguments, got, err)
		}
	}
	for name, id := range map[string]string{
		"Acme Support (EU)": stripped, "Acme-Support: EU!": stripped, "Twin A": twinA, "TwinA": twinB, "हिन्दी!": signed,
	} {
		got, err := q.data("tavus_pal", args{"name": name})
		if err != nil || got["pal_id"] != id || got["name"] != name {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	for name, words := range map[string][]string{
		"Twin-A":     {"Several PALs", twinA, twinB, "pal_id"},
		"twin a":     {"No such PAL", "upper and lower case count"},
		"docs guide": {"No such PAL"},
		"!!!":        {"No such PAL"},
	} {
		_, err := q.data("tavus_pal", args{"name": name})
		expectError(t, err, append(words, `AttributeName("name")`)...)
	}
	for _, code := range []simulator.UnknownID{simulator.Unknown404, simulator.Unknown400} {
		f.Configure(func(o *simulator.Options) { o.UnknownID = code })
		_, err := q.data("tavus_pal", args{"pal_id": "gone"})
		expectError(t, err, "No such PAL", "gone", `AttributeName("pal_id")`)
	}
	for _, arguments := range []args{{}, {"pal_id": "p1", "name": "x"}, {"pal_id": ""}, {"name": ""}} {
		if _, err := q.data("tavus_pal", arguments); err == nil {
			t.Errorf("%v is no error", arguments)
		}
	}
	f.readsOnly(t)
}

// A server that says what kind a PAL is.
func TestDataPalType(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{})
	f.SetFaults(func(int, simulator.Request) *simulator.Fault {
		return &simulator.Fault{Kind: simulator.FaultBody, Status: 200, Body: []byte(`{"data":[{"pal_id":"p1","pal_name":"A","pal_type":"system"}]}`)}
	})
	q := newQuestions(t, f.URL)
	for _, arguments := range []args{{"pal_id": "p1"}, {"name": "A"}} {
		got, err := q.data("tavus_pal", arguments)
		if err != nil || got["pal_type"] != "system" || got["pipeline_mode"] != nil || got["created_at"] != nil {
			t.Errorf("%v, %v", got, err)
		}
	}
}

func TestDataPals(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{})
	for i := range 230 {
		f.AddPal(map[string]any{
			"pal_name": fmt.Sprintf("Guide %03d", i), "pal_type": []string{"user", "system"}[i%2],
			"created_at": fmt.Sprintf("2026-01-01T00:%02d:%02dZ", i/60, i%60),
		})
	}
	q := newQuestions(t, f.URL)
	count := func(arguments args) []string {
		t.Helper()
		got, err := q.data("tavus_pals", arguments)
		if err != nil {
			t.Fatal(err)
		}
		names := []string{}
		list, _ := got["pals"].([]any)
		for _, pal := range list {
			object, _ := pal.(map[string]any)
			names = append(names, fmt.Sprint(object["name"]))
		}
		return names
	}
	if names := count(args{}); len(names) != 236 || names[0] != "Tavus Concierge" || names[1] != "Docs Guide" || names[235] != "Guide 229" {
		t.Errorf("%d PALs: %q", len(names), names)
	}
	if names := count(args{"pal_type": "system"}); len(names) != 116 || names[115] != "Guide 229" {
		t.Errorf("%d system PALs: %q", len(names), names)
	}
	if names := count(args{"pal_type": "user", "search": "gUIDE 00"}); !reflect.DeepEqual(names, []string{"Guide 000", "Guide 002", "Guide 004", "Guide 006", "Guide 008"}) {
		t.Errorf("%q", names)
	}
	if names := count(args{"search": "nobody"}); len(names) != 0 {
		t.Errorf("%q", names)
	}
	_, err := q.data("tavus_pals", args{"pal_type": "robot"})
	expectError(t, err, "robot", "user")
	f.readsOnly(t)
}

// The layers of a PAL hold keys of other services. They stand in no schema and
// in no state.
func TestDataPalHidesLayers(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{})
	q := newQuestions(t, f.URL)
	for name, arguments := range map[string]args{"tavus_pal": {"pal_id": simulator.PalDocsGuide}, "tavus_pals": {}} {
		got, err := q.data(name, arguments)
		if err != nil {
			t.Fatal(err)
		}
		if text := fmt.Sprint(got); strings.Contains(text, "secret") || strings.Contains(text, "You are") {
			t.Errorf("%s shows what is inside a PAL: %s", name, text)
		}
		typ, _ := q.schemas.DataSourceSchemas[name].ValueType().(tftypes.Object)
		for attribute := range typ.AttributeTypes {
			if attribute == "layers" || attribute == "system_prompt" {
				t.Errorf("%s has %s", name, attribute)
			}
		}
	}
}
