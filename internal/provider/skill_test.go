package provider_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
	"github.com/tavus/terraform-provider-tavus/internal/testkit"
)

func slides(documents ...any) testkit.Config {
	return testkit.Config{
		"pal_id": simulator.PalDocsGuide, "skill_id": "presentation", "config": testkit.JSON(map[string]any{"document_ids": documents}),
	}
}

// attach gives a PAL a skill in the portal.
func attach(w *world, skill string, config map[string]any) {
	w.EditAt("pals", simulator.PalDocsGuide, "/skills/"+skill, map[string]any{
		"skill_id": skill, "config": config, "attached_at": "2026-01-01T00:00:00+00:00", "updated_at": "2026-01-01T00:00:00+00:00",
	})
}

func TestSkill_AttachedAlreadyIsNotOverwritten(t *testing.T) {
	t.Parallel()
	for _, setting := range []string{"skill-list-shape=data", "skill-list-shape=bare", "skill-list-shape=array"} {
		w := newWorld(t, skillFixture(), setting)
		attach(w, "magic_canvas", map[string]any{"components": map[string]any{}})
		w.ResetRequests()
		expectError(t, w.Write(w.kind.Full), "there already", "Nothing was written", "terraform import ADDRESS 'p5317866/magic_canvas'")
		if log := w.Log(); log != "GET" || w.Exists() {
			t.Errorf("%s: requests: %s", setting, log)
		}
		if err := w.Import("p5317866/magic_canvas"); err != nil {
			t.Fatal(err)
		}
		w.Must(t, testkit.Update, w.kind.Full)
	}
}

func TestSkill_OtherSkillsOfThePALStay(t *testing.T) {
	t.Parallel()
	w := newWorld(t, skillFixture())
	attach(w, "presentation", map[string]any{"document_ids": []any{"d1"}})
	w.Must(t, testkit.Create, w.kind.Full)
	w.Must(t, testkit.Update, w.kind.Changed)
	if err := w.Destroy(); err != nil {
		t.Fatal(err)
	}
	if got := w.ids(); len(got) != 1 || got[0] != "p5317866/presentation" {
		t.Errorf("the PALs have %v", got)
	}
}

func TestSkill_DefaultsAndEmptySettings(t *testing.T) {
	t.Parallel()
	for _, setting := range []string{"skill-defaults=filled", "skill-empty-config=empty", "skill-empty-config=null", "skill-empty-config=absent"} {
		w := newWorld(t, skillFixture(), setting)
		w.Must(t, testkit.Create, slides("d2", "d1"))
		w.Must(t, testkit.Update, slides("d1", "d2"))
		if got := testkit.JSON(w.at("/config/document_ids")); got != `["d1","d2"]` {
			t.Errorf("%s: the order is %s", setting, got)
		}
		w.Must(t, testkit.Replace, w.kind.Minimal)
		w.Must(t, testkit.Update, w.kind.Full)
		w.Must(t, testkit.Update, testkit.With(w.kind.Minimal, testkit.Config{"config": "{}"}))
		if got := testkit.JSON(w.at("/config")); got != "{}" {
			t.Errorf("%s: left is %s", setting, got)
		}
	}
}

func TestSkill_ErrorsAreAtTheirArgument(t *testing.T) {
	t.Parallel()
	w := newWorld(t, skillFixture())
	for at, changes := range map[string]testkit.Config{
		"pal_id": {"pal_id": "pnone"}, "skill_id": {"skill_id": "juggling"}, "config": {"config": `{"colour":"red"}`},
	} {
		err := w.Write(testkit.With(w.kind.Full, changes))
		if err == nil || len(w.core.Errors) != 1 || w.core.Errors[0].Path != at || w.Exists() {
			t.Errorf("%s: %v", at, err)
		}
	}
	w.Must(t, testkit.Create, w.kind.Full)
	expectError(t, w.Write(testkit.With(w.kind.Full, testkit.Config{"config": `{"colour":"red"}`})), "p5317866/magic_canvas: config", "Unknown field")
	if len(w.core.Errors) != 1 || w.core.Errors[0].Path != "config" {
		t.Errorf("%v", w.core.Errors)
	}
	for _, id := range []string{"magic_canvas", "/magic_canvas", "p5317866/", ""} {
		if err := w.core.Resource("tavus_pal_skill.other").Import(id); err == nil {
			t.Errorf("%q was imported", id)
		}
	}
}

func TestSkill_IsGoneWithItsPAL(t *testing.T) {
	t.Parallel()
	w := newWorld(t, skillFixture())
	w.Must(t, testkit.Create, w.kind.Full)
	w.Simulator.Delete("pals", simulator.PalDocsGuide)
	if _, err := w.Refresh(); err != nil || w.Exists() {
		t.Fatalf("refresh: %v, %v", w.State(), err)
	}
	w = newWorld(t, skillFixture())
	w.Must(t, testkit.Create, w.kind.Full)
	w.Simulator.Delete("pals", simulator.PalDocsGuide)
	if err := w.Destroy(); err != nil {
		t.Fatal(err)
	}
}

// A plan just after an apply, in another process, meets reads that lag behind the attachment.
func TestSkill_JustAttachedIsNotTakenForGone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, skillFixture())
	w.Must(t, testkit.Create, w.kind.Full)
	state, private := w.State(), w.Private()
	if err := w.restart(nil); err != nil {
		t.Fatal(err)
	}
	if err := w.Upgrade(0, state); err != nil {
		t.Fatal(err)
	}
	w.SetPrivate(private)
	reads := 0
	lagging := func(rw http.ResponseWriter, r *http.Request) bool {
		if reads++; reads > 2 {
			return false
		}
		if strings.HasSuffix(r.URL.Path, "/skills") {
			_, _ = io.WriteString(rw, `{"data":{}}`)
		} else {
			rw.WriteHeader(http.StatusNotFound)
		}
		return true
	}
	w.Instead.Store(&lagging)
	w.Quiet(t, w.kind.Full)
}

func TestSkill_AnUnknownPALReplacesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, skillFixture())
	w.Must(t, testkit.Create, w.kind.Full)
	p := w.mustPlan(t, testkit.With(w.kind.Full, testkit.Config{"pal_id": testkit.Unknown{}}))
	if p.Action != testkit.Update || !strings.Contains(testkit.Lines(p.Warnings), "p5317866/magic_canvas pal_id: not known yet") {
		t.Errorf("%s: %s", p.Action, testkit.Lines(p.Warnings))
	}
}
