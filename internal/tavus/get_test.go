package tavus

import (
	"net/http"
	"testing"
)

func TestUnknownID(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusNotFound, http.StatusBadRequest} {
		s := newShop()
		s.unknownID = status
		s.cap = 2
		for range 5 {
			s.put(nil, testTime)
		}
		c := s.wire().client(t)
		if _, err := c.GetDeployment(t.Context(), "gone"); !IsNotFound(err) {
			t.Errorf("GET with %d: %v", status, err)
		}
		if _, err := c.UpdateDeployment(t.Context(), "gone", setName("x")); !IsNotFound(err) {
			t.Errorf("update with %d: %v", status, err)
		}
		if err := c.DeleteDeployment(t.Context(), "gone"); err != nil {
			t.Errorf("DELETE with %d: %v", status, err)
		}
	}
}

// A 400 for an id that the list holds is a refusal, not an absence.
func TestBadRequestForAKnownID(t *testing.T) {
	t.Parallel()
	for name, list := range map[string]http.HandlerFunc{
		"in the list":           answer(http.StatusOK, `{"data":[{"deployment_id":"d1"}],"total_count":1}`),
		"the list is refused":   answer(http.StatusForbidden, `{"error":"no"}`),
		"the list has no end":   answer(http.StatusOK, `{"data":[{"deployment_id":"d2"}],"total_count":9}`),
		"the list is not a one": answer(http.StatusOK, `{}`),
	} {
		w := handle(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/v2/deployments" {
				list(w, r)
				return
			}
			answer(http.StatusBadRequest, `{"error":"Invalid request"}`)(w, r)
		})
		c := w.client(t)
		_, getErr := c.GetDeployment(t.Context(), "d1")
		deleteErr := c.DeleteDeployment(t.Context(), "d1")
		for _, err := range []error{getErr, deleteErr} {
			if err == nil || IsNotFound(err) || apiError(t, err).Status != http.StatusBadRequest {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

func TestConfirmedAbsenceIsSaid(t *testing.T) {
	t.Parallel()
	s := newShop()
	s.unknownID = http.StatusBadRequest
	_, err := s.wire().client(t).GetDeployment(t.Context(), "gone")
	if err == nil {
		t.Fatal("no error")
	}
	wantText(t, err.Error(), "400 Bad Request: Invalid deployment_id", "the list of deployments does not hold this id")
}

func TestDelete(t *testing.T) {
	t.Parallel()
	for status, ok := range map[int]bool{200: true, 202: true, 204: true, 404: true, 401: false, 403: false, 409: false, 500: false} {
		err := handle(answer(status, "")).client(t).DeleteDeployment(t.Context(), "d1")
		if (err == nil) != ok {
			t.Errorf("%d: %v", status, err)
		}
	}
}

// The first DELETE worked, its answer was lost, and the repeat finds nothing.
func TestDeleteWithALostAnswer(t *testing.T) {
	t.Parallel()
	s := newShop()
	id := s.put(nil, testTime)
	w := s.wire()
	w.fault = failing(1, fault{effect: true, cut: true})
	if err := w.client(t, fast).DeleteDeployment(t.Context(), id); err != nil || len(s.ids()) != 0 || len(w.log()) != 2 {
		t.Errorf("%v, %v, %v", err, s.ids(), w.log())
	}
}
