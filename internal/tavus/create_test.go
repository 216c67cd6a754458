package tavus

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func named(name string) CreateRequest {
	return CreateRequest{PalID: "p1", Channel: "widget", Name: &name}
}

// onPost applies faults to the creates, one after the other, and nil for none.
func onPost(faults ...*fault) func(int, *http.Request) *fault {
	posts := 0
	return func(_ int, r *http.Request) *fault {
		if r.Method != http.MethodPost {
			return nil
		}
		if posts++; posts <= len(faults) {
			return faults[posts-1]
		}
		return nil
	}
}

func unknownOutcome(t *testing.T, err error) *UnknownOutcomeError {
	t.Helper()
	e, ok := errors.AsType[*UnknownOutcomeError](err)
	if !ok {
		t.Fatalf("want an *UnknownOutcomeError, got %T: %v", err, err)
	}
	return e
}

func TestCreateBody(t *testing.T) {
	t.Parallel()
	for want, req := range map[string]CreateRequest{
		`{"pal_id":"p","channel":"embed"}`:                                {PalID: "p", Channel: "embed"},
		`{"pal_id":"p","channel":"embed","name":"","allowed_origins":[]}`: {PalID: "p", Channel: "embed", Name: text(""), AllowedOrigins: []string{}},
		`{"pal_id":"p","channel":"embed","name":"n","password":"w","customization":{"a":1.0,"b":12345678901234567890123},"limits":{},"allowed_origins":["o"]}`: {
			PalID: "p", Channel: "embed", Name: text("n"), Password: "w", Customization: json.RawMessage(`{"a":1.0,"b":12345678901234567890123}`),
			Limits: json.RawMessage(`{}`), AllowedOrigins: []string{"o"},
		},
	} {
		w := newShop().wire()
		if _, err := w.client(t).CreateDeployment(t.Context(), req); err != nil {
			t.Fatal(err)
		}
		if got := w.last(http.MethodPost).body; got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	w := newShop().wire()
	for _, bad := range []string{`{`, strings.Repeat(`{"a":`, 150) + "1" + strings.Repeat("}", 150)} {
		if _, err := w.client(t).CreateDeployment(t.Context(), CreateRequest{Customization: json.RawMessage(bad)}); err == nil {
			t.Errorf("%.20s was accepted", bad)
		}
	}
	if len(w.log()) != 0 {
		t.Errorf("requests: %v", w.log())
	}
}

// Every way to lose an answer after the effect ends in an adoption.
func TestLostAnswerIsAdopted(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]fault{
		"cut":       {effect: true, cut: true},
		"half":      {effect: true, half: true},
		"hang":      {effect: true, hang: true},
		"500":       {effect: true, status: 500},
		"502":       {effect: true, status: 502, body: "<html>"},
		"503":       {effect: true, status: 503},
		"504":       {effect: true, status: 504},
		"524":       {effect: true, status: 524},
		"303":       {effect: true, status: 303},
		"garbage":   {effect: true, status: 200, body: "OK"},
		"empty":     {effect: true, status: 200},
		"no id":     {effect: true, status: 200, body: `{"message":"created"}`},
		"a list":    {effect: true, status: 200, body: `[]`},
		"204":       {effect: true, status: 204},
		"304":       {effect: true, status: 304},
		"null id":   {effect: true, status: 200, body: `{"deployment_id":null}`},
		"not UTF-8": {effect: true, status: 200, body: "{\"deployment_id\":\"\xff\"}"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newShop()
				w := s.wire()
				w.fault = onPost(&f)
				made, err := w.client(t).CreateDeployment(t.Context(), named("docs"))
				if err != nil {
					t.Fatal(err)
				}
				if !made.Adopted || made.Deployment.DeploymentID != "d1" || len(s.ids()) != 1 || w.count("POST") != 1 {
					t.Errorf("%+v, %v, %v", made, s.ids(), w.log())
				}
			})
		})
	}
}

// No answer and no effect: nothing is created a second time.
func TestLostRequestIsNotRepeated(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newShop()
		w := s.wire()
		w.fault = onPost(&fault{status: 502, body: "<html><title>Bad gateway</title></html>"})
		begun := time.Now()
		_, err := w.client(t).CreateDeployment(t.Context(), named("docs"))
		e := unknownOutcome(t, err)
		if len(e.Candidates) != 0 || !e.Searched || w.count("POST") != 1 || w.count("GET") < 3 {
			t.Errorf("%+v after %v", e, w.log())
		}
		if took := time.Since(begun); took < 4*time.Second || took > 10*time.Second {
			t.Errorf("looked for %v", took)
		}
		wantText(t, err.Error(), "not found so far", "502", "Bad gateway")
		if apiError(t, err).Status != 502 {
			t.Error("the failure of the create is not in the error")
		}
	})
}

// The effect may come after the answer was given up.
func TestLateEffectIsFound(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newShop()
		w := s.wire()
		w.fault = onPost(&fault{status: 504})
		time.AfterFunc(2*time.Second, func() { s.put(map[string]any{"name": "docs"}, time.Now()) })
		made, err := w.client(t).CreateDeployment(t.Context(), named("docs"))
		if err != nil || !made.Adopted {
			t.Errorf("%v %v", made, err)
		}
	})
}

func TestNormalisedDeploymentIsFound(t *testing.T) {
	t.Parallel()
	for _, partial := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			s := newShop()
			s.partial, s.cap, s.base = partial, 2, 0
			s.put(map[string]any{"name": "another"}, testTime)
			s.put(map[string]any{"name": "docs guide", "pal_id": "p2"}, testTime)
			s.normalise = func(doc map[string]any) {
				doc["name"] = "docs guide"
				doc["customization"] = map[string]any{"accent": "#ffffff", "list": []any{"b", "a"}, "theme": map[string]any{"mode": "light"}}
				doc["limits"] = map[string]any{"max_call_duration": 60, "total": 9}
				doc["allowed_origins"] = []any{"https://b.example", "https://a.example"}
			}
			w := s.wire()
			w.fault = onPost(&fault{effect: true, cut: true})
			made, err := w.client(t).CreateDeployment(t.Context(), CreateRequest{
				PalID: "p1", Channel: "widget", Name: text("Docs: Guide!"), Password: "secret",
				Customization: json.RawMessage(`{"accent":"#FFF","list":["a","b"],"off":null,"theme":{}}`), Limits: json.RawMessage(`{"max_call_duration":60.0}`),
				AllowedOrigins: []string{"https://A.example/", "https://b.example"},
			})
			if err != nil || !made.Adopted || made.Deployment.DeploymentID != "d3" || !made.Deployment.HasPassword || made.Deployment.PalID != "p1" {
				t.Errorf("partial %v: %+v %v", partial, made, err)
			}
		})
	}
}

// What differs, is older, or belongs to another resource is never adopted.
func TestOthersAreNotAdopted(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		fields map[string]any
		age    time.Duration
	}{
		"an hour old":         {map[string]any{"name": "docs"}, time.Hour},
		"five seconds old":    {map[string]any{"name": "docs"}, 5 * time.Second},
		"another name":        {map[string]any{"name": "docs 2"}, 0},
		"another PAL":         {map[string]any{"name": "docs", "pal_id": "p2"}, 0},
		"another channel":     {map[string]any{"name": "docs", "channel": "embed"}, 0},
		"a password":          {map[string]any{"name": "docs", "has_password": true}, 0},
		"without our setting": {map[string]any{"name": "docs", "limits": map[string]any{}}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newShop()
				fields := map[string]any{"limits": map[string]any{"a": 1}}
				for key, value := range tc.fields {
					fields[key] = value
				}
				s.put(fields, time.Now().Add(-tc.age))
				w := s.wire()
				w.fault = onPost(&fault{cut: true})
				req := named("docs")
				req.Limits = json.RawMessage(`{"a":1}`)
				_, err := w.client(t).CreateDeployment(t.Context(), req)
				if e := unknownOutcome(t, err); len(e.Candidates) != 0 || !e.Searched {
					t.Errorf("%+v", e)
				}
			})
		})
	}
}

// The age is told by the server's clock, however wrong ours is.
func TestAgeIsToldByTheServersClock(t *testing.T) {
	t.Parallel()
	for _, ahead := range []time.Duration{-48 * time.Hour, 48 * time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			s := newShop()
			clock := func() time.Time { return time.Now().Add(ahead) }
			s.normalise = func(doc map[string]any) { doc["created_at"] = clock().UTC().Format(time.RFC3339) }
			w := handle(func(rw http.ResponseWriter, r *http.Request) {
				rw.Header().Set("Date", clock().UTC().Format(http.TimeFormat))
				s.ServeHTTP(rw, r)
			})
			w.fault = onPost(nil, &fault{cut: true}, &fault{effect: true, hang: true})
			c := w.client(t)
			other := w.client(t) // Another server for the client, so its deployments are nobody's.
			if _, err := other.CreateDeployment(t.Context(), named("docs")); err != nil {
				t.Fatal(err)
			}
			time.Sleep(10 * time.Second)
			_, err := c.CreateDeployment(t.Context(), named("docs"))
			if e := unknownOutcome(t, err); len(e.Candidates) != 0 {
				t.Errorf("%+v", e)
			}
			made, err := c.CreateDeployment(t.Context(), named("docs"))
			if err != nil || !made.Adopted || made.Deployment.DeploymentID != "d2" {
				t.Errorf("%+v %v", made, err)
			}
		})
	}
}

func TestWithoutAClockNothingIsAdopted(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*shop){
		"no Date":            func(s *shop) { s.noDate = true },
		"no created_at":      func(s *shop) { s.normalise = func(doc map[string]any) { doc["created_at"] = nil } },
		"unknown created_at": func(s *shop) { s.normalise = func(doc map[string]any) { doc["created_at"] = "just now" } },
	} {
		synctest.Test(t, func(t *testing.T) {
			s := newShop()
			change(s)
			w := s.wire()
			w.fault = onPost(&fault{effect: true, cut: true})
			_, err := w.client(t).CreateDeployment(t.Context(), named("docs"))
			e := unknownOutcome(t, err)
			if len(e.Candidates) != 1 || e.Candidates[0] != "d1" || !e.Searched {
				t.Errorf("%s: %+v", name, e)
			}
			wantText(t, err.Error(), "it may be d1", "cannot be told from an older one")
		})
	}
}

func TestWithoutANameNothingIsAdopted(t *testing.T) {
	t.Parallel()
	for _, name := range []*string{nil, text(""), text("?!")} {
		synctest.Test(t, func(t *testing.T) {
			s := newShop()
			w := s.wire()
			w.fault = onPost(&fault{effect: true, cut: true})
			_, err := w.client(t).CreateDeployment(t.Context(), CreateRequest{PalID: "p1", Channel: "widget", Name: name})
			if e := unknownOutcome(t, err); len(e.Candidates) != 1 || e.Candidates[0] != "d1" {
				t.Errorf("%+v", e)
			}
		})
	}
}

// An answer with an id is never lost, whatever else is wrong with it.
func TestAnswerWithAnID(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"deployment_id":"d1"}`, `{"deployment_id":"d1","pal_id":"p1","usage_total":"many"}`,
		`{"data":{"deployment_id":"d1","pal_id":"p1"}}`, `{"deployment_id":"d1","name":7}`,
	} {
		s := newShop()
		w := s.wire()
		w.fault = onPost(&fault{effect: true, status: 201, body: body})
		made, err := w.client(t).CreateDeployment(t.Context(), named("docs"))
		if err != nil || made.Adopted || made.Deployment.DeploymentID != "d1" || made.Deployment.Name != "docs" || len(w.log()) != 2 {
			t.Errorf("%s: %+v %v %v", body, made, err, w.log())
		}
	}
	w := handle(answer(http.StatusForbidden, ""))
	w.fault = onPost(&fault{status: 200, body: `{"deployment_id":"d7"}`})
	_, err := w.client(t).CreateDeployment(t.Context(), named("docs"))
	if e := unknownOutcome(t, err); len(e.Candidates) != 1 || e.Candidates[0] != "d7" {
		t.Errorf("%+v", e)
	}
	w.fault = onPost(&fault{status: 200, body: `{"deployment_id":".."}`})
	_, err = w.client(t).CreateDeployment(t.Context(), named("docs"))
	if e := unknownOutcome(t, err); len(e.Candidates) != 1 {
		t.Errorf("%+v", e)
	}
}

// The server's words come through when it answers nothing but 503.
func TestCreateOnADeadServer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		_, err := handle(answer(503, `{"error":"closed for today"}`)).client(t).CreateDeployment(t.Context(), named("docs"))
		e := unknownOutcome(t, err)
		if e.Searched || len(e.Candidates) != 0 || e.SearchErr == nil {
			t.Errorf("%+v", e)
		}
		wantText(t, err.Error(), "closed for today", "could not be read")
		if took := time.Since(begun); took > time.Minute {
			t.Errorf("took %v", took)
		}
	})
}

// The search goes on after an interrupt, and ends.
func TestSearchOutlivesTheContext(t *testing.T) {
	t.Parallel()
	for _, effect := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			s := newShop()
			w := s.wire()
			w.fault = onPost(&fault{effect: effect, hang: true})
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(time.Second, cancel)
			begun := time.Now()
			made, err := w.client(t).CreateDeployment(ctx, named("docs"))
			if effect && (err != nil || !made.Adopted) {
				t.Errorf("%+v %v", made, err)
			}
			if !effect {
				_ = unknownOutcome(t, err)
			}
			if took := time.Since(begun); took < 30*time.Second || took > time.Minute+5*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

func TestSearchIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := handle(answer(200, `[]`))
		w.fault = func(_ int, r *http.Request) *fault {
			if r.Method == http.MethodPost {
				return &fault{cut: true}
			}
			return &fault{status: 429, header: map[string]string{"Retry-After": "60"}}
		}
		begun := time.Now()
		_, err := w.client(t).CreateDeployment(t.Context(), named("docs"))
		if e := unknownOutcome(t, err); e.Searched {
			t.Errorf("%+v", e)
		}
		if took := time.Since(begun); took > searchLimit+time.Second {
			t.Errorf("took %v", took)
		}
	})
}

// One deployment that cannot be read does not hide the one that is looked for.
func TestSearchPastABrokenItem(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newShop()
		s.put(map[string]any{"name": 7}, testTime)
		w := s.wire()
		w.fault = onPost(&fault{effect: true, cut: true}, &fault{cut: true})
		c := w.client(t)
		made, err := c.CreateDeployment(t.Context(), named("docs"))
		if err != nil || made.Deployment.DeploymentID != "d2" {
			t.Errorf("%+v %v", made, err)
		}
		_, err = c.CreateDeployment(t.Context(), named("docs"))
		if e := unknownOutcome(t, err); e.Searched || e.SearchErr == nil {
			t.Errorf("%+v", e)
		}
	})
}
