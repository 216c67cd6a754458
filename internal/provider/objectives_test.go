package provider_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/testkit"
)

func objectiveList(items ...map[string]any) testkit.Config {
	list := make([]any, len(items))
	for i, item := range items {
		list[i] = item
	}
	return testkit.Config{"objectives": list}
}

// objective is one with a name, and more members in pairs.
func objective(name string, members ...any) map[string]any {
	one := map[string]any{"name": name, "prompt": "Do " + name + "."}
	for pair := range slices.Chunk(members, 2) {
		one[fmt.Sprint(pair[0])] = pair[1]
	}
	return one
}

func TestObjectives_MistakesAreErrorsAtTheirPlaces(t *testing.T) {
	t.Parallel()
	w := newWorld(t, objectivesFixture())
	for want, config := range map[string]testkit.Config{
		"objectives: No objectives":                           objectiveList(),
		"objectives[1].name: Two objectives have one name":    objectiveList(objective("a"), objective("a")),
		"objectives[0].name: Invalid Attribute Value Match":   objectiveList(objective("a b")),
		"objectives[0].prompt: Invalid Attribute Value Leng":  objectiveList(objective("a", "prompt", "")),
		"objectives[1].next_required_objective: No such obj":  objectiveList(objective("share"), objective("b", "next_required_objective", "shar")),
		"objectives[0].next_conditional_objectives[x]: No su": objectiveList(objective("a", "next_conditional_objectives", map[string]any{"x": "if"}), objective("b")),
		"objectives: Invalid objectives":                      {"objectives": []any{objective("a"), nil}},
	} {
		err := w.Validate(config)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v", want, err)
		}
		if strings.Contains(want, "next_required") && !strings.Contains(err.Error(), `Did you mean "share"?`) {
			t.Errorf("no advice: %v", err)
		}
	}
	for _, good := range []testkit.Config{
		objectiveList(objective("a", "next_required_objective", testkit.Unknown{})),
		objectiveList(objective("a", "next_required_objective", "b"), map[string]any{"name": testkit.Unknown{}, "prompt": "p"}),
		{"objectives": testkit.Unknown{}},
		objectiveList(objective("a", "next_required_objective", "")),
	} {
		if _, err := w.Plan(good); err != nil {
			t.Errorf("%v: %v", good, err)
		}
	}
	if log := w.Log(); log != "" {
		t.Errorf("sent: %s", log)
	}
}

func TestObjectives_WarnsOfTwoWaysAndUnknownWords(t *testing.T) {
	t.Parallel()
	w := newWorld(t, objectivesFixture())
	w.SetContract(nil) // it knows two modalities
	config := objectiveList(
		objective("a", "next_required_objective", "b", "next_conditional_objectives", map[string]any{"b": "if"}), objective("b", "modality", "verbl"))
	p := w.Must(t, testkit.Create, config)
	got := testkit.Lines(p.Warnings)
	for _, want := range []string{`objectives[0]: objective "a": two ways to go on`, `objectives[1].modality: unknown value`, `Did you mean "verbal"?`} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in %s", want, got)
		}
	}
	if p, err := w.Plan(config); err != nil || strings.Contains(testkit.Lines(p.Warnings), "unknown value") {
		t.Errorf("a word that the state holds: %v, %v", p, err)
	}
}

// What people put into an objective beside the arguments goes with it, wherever it moves to.
func TestObjectives_KeepWhatOnlyTheServerHas(t *testing.T) {
	t.Parallel()
	for _, shape := range []string{"array", "bare"} {
		w := newWorld(t, objectivesFixture(), "objectives-get-shape="+shape)
		w.Must(t, testkit.Create, objectiveList(objective("a", "modality", "visual"), objective("b"), objective("c")))
		w.Edit("objectives", w.ID(), func(doc map[string]any) {
			b, _ := doc["data"].([]any)[1].(map[string]any)
			b["position_hint"], b["next_required_objectives"] = map[string]any{"x": 1}, []any{"a", "c"}
		})
		w.Quiet(t, objectiveList(objective("a", "modality", "visual"), objective("b"), objective("c")))
		p := w.Must(t, testkit.Update, objectiveList(objective("c"), objective("b", "prompt", "New"), objective("a", "modality", "visual")))
		items, _ := w.at("/data").([]any)
		if got, want := testkit.JSON(items[1]), `{"confirmation_mode":"auto","modality":"verbal","next_required_objectives":["a","c"],"objective_name":"b",`+
			`"objective_prompt":"New","position_hint":{"x":1}}`; got != want {
			t.Errorf("%s: b is %s", shape, got)
		}
		var operations []struct{ Op, Path string }
		for _, r := range w.Requests() {
			if r.Method == http.MethodPatch {
				_ = json.Unmarshal(r.Body, &operations)
			}
		}
		if len(operations) != 1 || operations[0].Op != "replace" || operations[0].Path != "/data" {
			t.Errorf("%s: the update is %v", shape, operations)
		}
		// What the server chose is taken by the name, so nothing is unknown in the plan.
		planned, _ := p.Value()["objectives"].([]any)
		for i, want := range []string{"verbal", "verbal", "visual"} {
			if one, _ := planned[i].(map[string]any); one["modality"] != want || one["confirmation_mode"] != "auto" {
				t.Errorf("%s: planned is %v", shape, one)
			}
		}
	}
}

// A server that shows one objective says nothing of the others: they stay in the state.
func TestObjectives_OneIsShown(t *testing.T) {
	t.Parallel()
	for _, shape := range []string{"object", "flat"} {
		w := newWorld(t, objectivesFixture(), "objectives-get-shape="+shape)
		config := objectiveList(objective("a"), objective("b", "modality", "visual"), objective("c"))
		w.Must(t, testkit.Create, config)
		if said := w.core.Said(); said != "" {
			t.Errorf("%s: a plan says %s", shape, said)
		}
		edit := func(member, value string) {
			w.Edit("objectives", w.ID(), func(doc map[string]any) {
				first, _ := doc["data"].([]any)[0].(map[string]any)
				first[member] = value
			})
		}
		edit("objective_prompt", "Somebody's")
		changed, err := w.Refresh()
		if items, _ := w.State()["objectives"].([]any); err != nil || len(changed) != 1 || len(items) != 3 || !strings.Contains(w.core.Said(), "not all of it is shown") {
			t.Errorf("%s: the refresh shows %v, %v, %s", shape, changed, err, w.core.Said())
		}
		w.Must(t, testkit.Update, config)
		edit("objective_name", "renamed")
		w.Must(t, testkit.Update, config)
		if items, _ := w.at("/data").([]any); len(items) != 3 || !strings.Contains(testkit.JSON(items[0]), `"objective_name":"a"`) {
			t.Errorf("%s: the server holds %v", shape, items)
		}
		id := w.ID()
		w.Forget()
		if err := w.Import(id); err != nil || !strings.Contains(w.core.Said(), "not all of it is shown") || len(w.State()["objectives"].([]any)) != 1 { //nolint:forcetypeassert // A list.
			t.Errorf("%s: import: %v, %s", shape, err, w.core.Said())
		}
		w.Must(t, testkit.Update, config)
		if data, err := w.core.Data("tavus_objectives", testkit.Config{"objectives_id": id}); err != nil || !strings.Contains(w.core.Said(), "not all of it is shown") {
			t.Errorf("%s: data source: %v, %v", shape, data, err)
		}
	}
}

// Answers of forms that no switch has are read, too.
func TestObjectives_ReadsEveryForm(t *testing.T) {
	t.Parallel()
	const one = `"objective_name":"a","objective_prompt":"Do a."`
	for form, id := range map[string]string{
		`{"data":{"objectives_id":"ID","data":[{` + one + `}]}}`: "", `{"data":{"objectives_id":"ID","data":{` + one + `}}}`: "",
		`{"data":[{` + one + `}]}`: "", `{"data":{` + one + `}}`: "", `{"objectives_id":"ID",` + one + `}`: "",
		`{"data":[{"objectives_id":"ID",` + one + `,"next_required_objective":["a"]}]}`: "a",
		`{"data":[{` + one + `,"next_required_objectives":[]}]}`:                        "",
		`[{` + one + `,"next_required_objectives":["a"],"output_variables":null}]`:      "a",
	} {
		w := newWorld(t, objectivesFixture())
		w.Must(t, testkit.Create, objectiveList(objective("a")))
		answer := strings.ReplaceAll(form, "ID", w.ID())
		handler := func(out http.ResponseWriter, r *http.Request) bool {
			_, _ = out.Write([]byte(answer))
			return r.Method == http.MethodGet
		}
		w.Instead.Store(&handler)
		if _, err := w.Refresh(); err != nil {
			t.Errorf("%s: %v", form, err)
			continue
		}
		items, _ := w.State()["objectives"].([]any)
		first, _ := items[0].(map[string]any)
		next, _ := first["next_required_objective"].(string)
		if len(items) != 1 || first["name"] != "a" || first["prompt"] != "Do a." || next != id {
			t.Errorf("%s: the state holds %v", form, items)
		}
	}
}

func TestObjectives_ALostCreateNamesWhatItMayHaveMade(t *testing.T) {
	t.Parallel()
	w := newWorld(t, objectivesFixture())
	w.Fault("POST:1:cut-after")
	err := w.Write(objectiveList(objective("a")))
	ids := w.ids()
	if err == nil || len(ids) != 1 || !strings.Contains(err.Error(), "terraform import ") || !strings.Contains(err.Error(), ids[0]) || strings.Contains(err.Error(), "A name that is unique") {
		t.Fatalf("%v: %v", ids, err)
	}
	w.Fault("GET:*:500")
	if err := w.Write(objectiveList(objective("b"))); err == nil || !strings.Contains(err.Error(), "was deleted again") || w.Exists() || len(w.ids()) != 1 {
		t.Errorf("a new set that cannot be read: %v; the server holds %v", err, w.ids())
	}
}

func TestObjectives_DataSourceAndList(t *testing.T) {
	t.Parallel()
	for _, shape := range []string{"set", "short", "flat"} {
		w := newWorld(t, objectivesFixture(), "objectives-list-shape="+shape)
		w.Must(t, testkit.Create, objectiveList(objective("a"), objective("b", "next_required_objective", "a")))
		for _, by := range []testkit.Config{{"objectives_id": w.ID()}, {"name": "a"}} {
			data, err := w.core.Data("tavus_objectives", by)
			if err != nil {
				t.Fatalf("%s: %v: %v", shape, by, err)
			}
			items, _ := data["objectives"].([]any)
			if data["id"] != w.ID() || data["name"] != "a" || data["status"] != "active" || len(items) != 2 {
				t.Errorf("%s: %v: %v", shape, by, data)
			}
		}
		listed, err := w.core.List("tavus_objectives", nil, 10, true)
		if err != nil || len(listed) != 1 || !strings.HasPrefix(listed[0].Name, "a (") || len(listed[0].Config["objectives"].([]any)) != 2 { //nolint:forcetypeassert // A list.
			t.Errorf("%s: list: %v, %v", shape, listed, err)
		}
	}
}

func TestObjectives_Moved(t *testing.T) {
	t.Parallel()
	w := newWorld(t, objectivesFixture())
	id := w.Put("objectives", map[string]any{"data": []any{map[string]any{"objective_name": "a", "objective_prompt": "Do a."}}})
	state := testkit.JSON(map[string]any{"id": id, "path": "/v2/objectives", "data": `{"data":[{"objective_name":"a","objective_prompt":"Do a."}]}`})
	if err := w.Move("registry.terraform.io/mastercard/restapi", "restapi_object", state); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Refresh(); err != nil {
		t.Fatal(err)
	}
	w.Quiet(t, objectiveList(objective("a")))
	if w.ID() != id || strings.Contains(w.Log(), "P") {
		t.Errorf("%s: %s", w.ID(), w.Log())
	}
}
