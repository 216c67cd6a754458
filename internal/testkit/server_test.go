package testkit_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
	"github.com/tavus/terraform-provider-tavus/internal/testkit"
)

func get(t *testing.T, url string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Api-Key", testkit.Key)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	return resp.StatusCode
}

func TestServer_EditsByPointer(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	id := s.Put("deployments", map[string]any{"pal_id": simulator.PalDocsGuide})
	for _, pointer := range []string{"/customization/new/a~1b~0c", "/customization/widget/text"} {
		if !s.EditAt("deployments", id, pointer, "x") || s.At("deployments", id, pointer) != "x" {
			t.Errorf("%s is %v", pointer, s.At("deployments", id, pointer))
		}
		s.EditAt("deployments", id, pointer, nil)
		if got := s.At("deployments", id, pointer); got != nil {
			t.Errorf("%s is still %v", pointer, got)
		}
	}
	if s.EditAt("deployments", "unknown", "/name", "x") {
		t.Error("an object that is not there was edited")
	}
	if got := s.At("deployments", id, "/limits/max_call_duration"); got != json.Number("3600") {
		t.Errorf("the default is %v", got)
	}
	if ids := s.IDs("deployments", "deployment_id"); len(ids) != 1 || ids[0] != id {
		t.Errorf("the ids are %v", ids)
	}
}

func TestServer_TripsOneRequest(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	id := s.Put("deployments", map[string]any{"pal_id": simulator.PalDocsGuide})
	url := s.URL + "/v2/deployments/" + id
	all := func(simulator.Request) bool { return true }
	hit := s.Trip(2, all, simulator.Fault{Kind: simulator.FaultStatus, Status: http.StatusBadGateway})
	got := []int{get(t, url), get(t, url), get(t, url)}
	if got[0] != 200 || got[1] != 502 || got[2] != 200 || hit() != "GET /v2/deployments/"+id {
		t.Errorf("%v, hit: %q", got, hit())
	}
	s.Fault("GET:1:404")
	if first, then := get(t, url), get(t, url); first != 404 || then != 200 {
		t.Errorf("%d, then %d", first, then)
	}
}
