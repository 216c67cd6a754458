package provider_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
)

// An answer to a create that cannot be read must not lose the id, where the new object cannot be
// deleted again either.
func TestCreate_UnreadableAnswerKeepsTheID(t *testing.T) {
	t.Parallel()
	w := newDeployments(t)
	unreadable := func(out http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPost {
			return false
		}
		answer := httptest.NewRecorder()
		w.ServeHTTP(answer, r)
		var doc map[string]any
		_ = json.Unmarshal(answer.Body.Bytes(), &doc)
		doc["thumbnail_image_url"] = map[string]any{"url": "x"}
		_ = json.NewEncoder(out).Encode(doc)
		return true
	}
	w.Instead.Store(&unreadable)
	w.Fault("DELETE:*:403")
	expectError(t, w.Write(widget(nil)), "thumbnail_image_url", "stays in the state")
	if ids := w.ids(); len(ids) != 1 || w.ID() != ids[0] {
		t.Errorf("%v are on the server, and the state has %q", ids, w.ID())
	}
}
