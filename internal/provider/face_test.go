package provider_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/provider"
	"github.com/tavus/terraform-provider-tavus/internal/testkit"
)

// newData is a core for data sources.
func newData(t *testing.T, settings ...string) (*testkit.Server, *testkit.Core) {
	t.Helper()
	s := testkit.NewServer(t, settings...)
	c, err := testkit.NewCore(provider.NewForLaws(nil), s.URL, testkit.Config{"max_retries": 0})
	if err != nil {
		t.Fatal(err)
	}
	return s, c
}

// names are the names in a data source of many objects.
func names(t *testing.T, c *testkit.Core, typeName, list string, config testkit.Config) string {
	t.Helper()
	got, err := c.Data(typeName, config)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	elements, _ := got[list].([]any)
	for _, element := range elements {
		one, _ := element.(map[string]any)
		all = append(all, fmt.Sprint(one["name"]))
	}
	return strings.Join(all, ", ")
}

// wantOne asserts which object a data source finds, or what it says instead.
func wantOne(t *testing.T, c *testkit.Core, typeName string, config testkit.Config, id string, words ...string) {
	t.Helper()
	got, err := c.Data(typeName, config)
	if len(words) > 0 {
		expectError(t, err, words...)
	} else if err != nil || got["id"] != id {
		t.Fatalf("%s %v: %v, %v", typeName, config, got["id"], err)
	}
}

func TestFaces_AllPagesOfEitherBase(t *testing.T) {
	t.Parallel()
	const all = "Concierge, Docs Studio, Anna, Anna, Our Host, In training"
	for _, settings := range [][]string{
		{"face-pages-from=1"},
		{"face-pages-from=0"},
		{"face-list=own"},
		{"list-shape=bare"},
		{"face-pages-from=1", "page-cap=2"},
		{"face-pages-from=0", "page-cap=2"},
		{"face-pages-from=0", "page-cap=2", "list-shape=no-total"},
	} {
		_, c := newData(t, settings...)
		for want, config := range map[string]testkit.Config{
			all: {}, "Our Host, In training": {"face_type": "user"}, "Anna, Anna": {"face_type": "system", "search": "ANN"}, "": {"model_name": "phoenix-3"},
		} {
			if got := names(t, c, "tavus_faces", "faces", config); got != want {
				t.Errorf("%v, %v: %s", settings, config, got)
			}
		}
	}
}

func TestFace_IsFoundByExactName(t *testing.T) {
	t.Parallel()
	s, c := newData(t, "face-list=own", "page-cap=3")
	for i := range 12 {
		s.Put("faces", map[string]any{"face_id": fmt.Sprintf("rtwin%02d", i), "face_name": "Twin", "face_type": "user", "model_name": "phoenix-4", "status": "completed"})
	}
	s.Put("faces", map[string]any{"face_id": "rold", "face_name": "Twin", "face_type": "user", "model_name": "phoenix-3", "status": "completed"})
	s.Put("faces", map[string]any{"face_id": "rstock", "face_name": "Twin", "face_type": "system", "model_name": "phoenix-4", "status": "completed"})
	wantOne(t, c, "tavus_face", testkit.Config{"name": "Docs Studio"}, "r4317e64d25")
	wantOne(t, c, "tavus_face", testkit.Config{"name": "Twin", "model_name": "phoenix-3"}, "rold")
	wantOne(t, c, "tavus_face", testkit.Config{"name": "Twin", "face_type": "system"}, "rstock")
	wantOne(t, c, "tavus_face", testkit.Config{"name": "docs studio"}, "", "No face of the account has this name")
	wantOne(t, c, "tavus_face", testkit.Config{"name": "Docs Studio", "face_type": "user"}, "", "do not fit", "r4317e64d25")
	wantOne(t, c, "tavus_face", testkit.Config{"name": "Anna"}, "", "2 faces fit", "r9d30b0e55a", "r6583a465c0")
	wantOne(t, c, "tavus_face", testkit.Config{"name": "Twin", "face_type": "user", "model_name": "phoenix-4"}, "", "12 faces fit", "and 2 more")
	if count := strings.Count(c.Said(), "rtwin"); count != 10 {
		t.Errorf("%d ids are named: %s", count, c.Said())
	}
}

func TestFace_InTrainingWarns(t *testing.T) {
	t.Parallel()
	_, c := newData(t)
	wantOne(t, c, "tavus_face", testkit.Config{"face_id": "r7b22c0ffee"}, "r7b22c0ffee")
	if len(c.Warnings) != 1 || !strings.Contains(c.Said(), "started") {
		t.Errorf("warnings: %s", c.Said())
	}
	wantOne(t, c, "tavus_face", testkit.Config{"face_id": "r9d30b0e55a"}, "r9d30b0e55a")
	if len(c.Warnings) > 0 {
		t.Errorf("warnings: %s", c.Said())
	}
}

func TestFaceAndVoice_UnknownIDIsAnError(t *testing.T) {
	t.Parallel()
	for _, setting := range []string{"unknown-id=documented", "unknown-id=400", "unknown-id=404"} {
		_, c := newData(t, setting)
		wantOne(t, c, "tavus_face", testkit.Config{"face_id": "rnone"}, "", "No such face", "rnone")
		wantOne(t, c, "tavus_voice", testkit.Config{"voice_id": "vnone"}, "", "No such voice", "vnone")
	}
}

func TestVoices_AllPagesOfEitherBase(t *testing.T) {
	t.Parallel()
	for _, settings := range [][]string{{"voice-pages-from=1", "page-cap=1"}, {"voice-pages-from=0", "page-cap=1"}, {"voice-pages-from=0"}} {
		_, c := newData(t, settings...)
		for want, config := range map[string]testkit.Config{
			"Alto, Baritone, Our Voice": {}, "Our Voice": {"voice_type": "user"}, "Baritone": {"search": "TONE"},
		} {
			if got := names(t, c, "tavus_voices", "voices", config); got != want {
				t.Errorf("%v, %v: %s", settings, config, got)
			}
		}
		wantOne(t, c, "tavus_voice", testkit.Config{"name": "Alto"}, "v1000000001")
		wantOne(t, c, "tavus_voice", testkit.Config{"name": "Our Voice", "voice_type": "system"}, "", "do not fit", "v2000000001")
	}
}

// Older voices have no id; their name stands for them. A list may hold both sorts.
func TestVoice_OfTheOlderShape(t *testing.T) {
	t.Parallel()
	s, c := newData(t)
	handler := func(w http.ResponseWriter, r *http.Request) bool {
		body := `{"data":[{"voice_name":"anna-warm","replica_id":"r1"},{"voice_id":"v1","voice_name":"Alto","status":"completed"}],"total_count":2}`
		if strings.HasSuffix(r.URL.Path, "/anna-warm") {
			body = `{"voice_name":"anna-warm","replica_id":"r1","tags":[{"tag_name":"warm"}]}`
		}
		_, err := io.WriteString(w, body)
		return err == nil
	}
	s.Instead.Store(&handler)
	wantOne(t, c, "tavus_voice", testkit.Config{"name": "anna-warm"}, "anna-warm")
	wantOne(t, c, "tavus_voice", testkit.Config{"voice_id": "anna-warm"}, "anna-warm")
	wantOne(t, c, "tavus_voice", testkit.Config{"name": "Alto"}, "v1")
	if got := names(t, c, "tavus_voices", "voices", nil); got != "anna-warm, Alto" {
		t.Errorf("voices: %s", got)
	}
}
