package simulator_test

import (
	"net/http"
	"testing"
)

func TestFacesAndVoices_AreRead(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		"/v2/faces": "6", "/v2/faces?face_type=user": "2", "/v2/faces?face_ids=r9d30b0e55a,r6583a465c0": "2", "/v2/faces?model_name=x": "0",
		"/v2/voices": "3", "/v2/voices?search=OUR": "1",
	} {
		if got := at(t, newSite(t).send(http.MethodGet, query, "").text, "/total_count"); got != want {
			t.Errorf("%s: %s", query, got)
		}
	}
	s := newSite(t, "face-list=own", "face-pages-from=0", "voice-pages-from=0")
	if got := at(t, s.send(http.MethodGet, "/v2/faces?page=0&limit=1", "").text, "/total_count"); got != "2" {
		t.Errorf("own faces: %s", got)
	}
	for _, path := range []string{"/v2/faces?page=1&limit=6", "/v2/voices?page=1&limit=3"} {
		if got := at(t, s.send(http.MethodGet, path, "").text, "/data/0"); got != "absent" {
			t.Errorf("%s, where pages count from 0: %s", path, got)
		}
	}
	s.want(http.StatusOK, http.MethodGet, "/v2/faces/r4317e64d25?verbose=true", "")
	s.want(http.StatusBadRequest, http.MethodGet, "/v2/faces/r0", "")
	s.want(http.StatusNotFound, http.MethodGet, "/v2/voices/v0", "")
	s.SetContract(nil)
	s.want(http.StatusMethodNotAllowed, http.MethodDelete, "/v2/faces/r4317e64d25", "")
}
