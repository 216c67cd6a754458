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

// besideAList is a server with an empty list of deployments, and item for each of them.
func besideAList(item http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == deploymentsPath {
			answer(http.StatusOK, `{"data":[],"total_count":0}`)(w, r)
			return
		}
		item(w, r)
	}
}

// Where the base URL is wrong, everything is a 404. That a deployment is gone is
// believed only of a server that has deployments.
func TestNotFoundAtAWrongAddress(t *testing.T) {
	t.Parallel()
	notFound := answer(http.StatusNotFound, `{"message":"no Route matched with those values"}`)
	for name, tc := range map[string]struct {
		list http.HandlerFunc
		gone bool
	}{
		"no list either":      {notFound, false},
		"a page of a site":    {answer(http.StatusOK, "<html><title>Welcome</title></html>"), false},
		"the list is down":    {answer(http.StatusServiceUnavailable, `{"error":"later"}`), false},
		"a list":              {answer(http.StatusOK, `{"data":[],"total_count":0}`), true},
		"a list for others":   {answer(http.StatusForbidden, `{"error":"not for this key"}`), true},
		"a list that is bare": {answer(http.StatusOK, `[]`), true},
	} {
		w := handle(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == deploymentsPath {
				tc.list(w, r)
				return
			}
			notFound(w, r)
		})
		c := w.client(t, func(c *Config) { c.MaxRetries = 0 })
		_, getErr := c.GetDeployment(t.Context(), "d1")
		if w.count("GET") != 2 {
			t.Errorf("%s: one GET for the deployment and one for the list: %v", name, w.log())
		}
		_, updateErr := c.UpdateDeployment(t.Context(), "d1", setName("new"))
		for _, err := range []error{getErr, updateErr} {
			if IsNotFound(err) != tc.gone || IsWrongAddress(err) == tc.gone {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := c.DeleteDeployment(t.Context(), "d1"); (err == nil) != tc.gone {
			t.Errorf("%s: DELETE: %v", name, err)
		}
		if !tc.gone {
			wantText(t, getErr.Error(), "404 Not Found: no Route matched", "the list of deployments is not there either", "may still exist")
		}
	}
}

// A server that has shown a deployment need not show the list.
func TestNotFoundAtAKnownAddress(t *testing.T) {
	t.Parallel()
	w := handle(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == deploymentsPath+"/d1" {
			answer(http.StatusOK, docD1)(w, r)
			return
		}
		answer(http.StatusNotFound, "")(w, r)
	})
	c := w.client(t)
	if _, err := c.GetDeployment(t.Context(), "d1"); err != nil {
		t.Fatal(err)
	}
	if _, err := c.GetDeployment(t.Context(), "d2"); !IsNotFound(err) || len(w.log()) != 2 {
		t.Errorf("%v %v", err, w.log())
	}
}

func TestDelete(t *testing.T) {
	t.Parallel()
	for status, ok := range map[int]bool{200: true, 202: true, 204: true, 404: true, 401: false, 403: false, 409: false, 500: false} {
		err := handle(besideAList(answer(status, ""))).client(t).DeleteDeployment(t.Context(), "d1")
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
	if err := w.client(t, fast).DeleteDeployment(t.Context(), id); err != nil || len(s.ids()) != 0 || w.count("DELETE") != 2 {
		t.Errorf("%v, %v, %v", err, s.ids(), w.log())
	}
}
