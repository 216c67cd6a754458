package tavus

import (
	"net/url"
	"testing"
	"testing/synctest"
)

func TestGet_UnwrapsEveryForm(t *testing.T) {
	t.Parallel()
	for _, wrap := range []string{"", "object", "array"} {
		s := &shop{wrap: wrap}
		id := s.add("one")
		w := &wire{handler: s}
		got, err := w.client(t).Get(t.Context(), things, id)
		if err != nil || got.ID != id || member(got, "name") != "one" {
			t.Errorf("wrap %q: %v, %v", wrap, got, err)
			continue
		}
		if got.ETag == "" || got.Time.IsZero() || len(w.requests) != 1 {
			t.Errorf("wrap %q: ETag %q, time %v, %d requests", wrap, got.ETag, got.Time, len(w.requests))
		}
	}
}

func TestGet_AddsTheQueryAndKnowsTheOtherID(t *testing.T) {
	t.Parallel()
	w := &wire{handler: answer(200, `{"data": {"replica_id": "r1"}}`)}
	col := &Collection{Path: "/v2/faces", ID: "face_id", OtherID: "replica_id", Noun: "face", GetQuery: url.Values{"verbose": {"true"}}}
	got, err := w.client(t).Get(t.Context(), col, "r1")
	if err != nil || got.ID != "r1" || w.last("GET").query != "verbose=true" {
		t.Errorf("%v, %v, %q", got, err, w.last("GET").query)
	}
}

func TestGet_RefusesHostileAnswers(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"another object": `{"thing_id": "t9999"}`, "no id": `{"name": "x"}`, "a number as id": `{"thing_id": 7}`,
		"a list": `[1]`, "text": `hello`, "cut": `{"thing_id": "t0001"`, "two": `{"data": [{"thing_id": "t0001"}, {}]}`,
		"two values": `{"thing_id": "t0001"} {}`, "no UTF-8": "{\"thing_id\": \"t0001\", \"name\": \"\xff\"}",
		"another case": `{"Thing_ID": "t0001"}`, "null": `null`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := &wire{handler: answer(200, text)}
				_, err := w.client(t).Get(t.Context(), things, "t0001")
				_ = wantReason(t, err, Server)
			})
		})
	}
}

func TestGet_RefusesIDsThatAreNoSegment(t *testing.T) {
	t.Parallel()
	w := &wire{handler: &shop{}}
	for _, id := range []string{"", ".", ".."} {
		if _, err := w.client(t).Get(t.Context(), things, id); err == nil {
			t.Errorf("id %q was taken", id)
		}
	}
	if len(w.requests) != 0 {
		t.Errorf("%d requests", len(w.requests))
	}
	_, _ = w.client(t).Get(t.Context(), things, "a/b?c\n")
	if got := w.log(); got[0] != "GET /v2/things/a%2Fb%3Fc%0A" {
		t.Errorf("requests %q", got)
	}
}

func TestDelete_IsOneRequest(t *testing.T) {
	t.Parallel()
	s := &shop{}
	id := s.add("one")
	w := &wire{handler: s}
	if err := w.client(t).Delete(t.Context(), things, id); err != nil || len(w.requests) != 1 || len(s.docs) != 0 {
		t.Errorf("%v, %v, %d left", err, w.log(), len(s.docs))
	}
}

func TestDelete_ReturnsARefusalAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &shop{}
		id := s.add("one")
		w := &wire{handler: s, fault: once("DELETE", 1, &fault{status: 400, body: `{"error": "in use"}`})}
		e := wantReason(t, w.client(t).Delete(t.Context(), things, id), Refused)
		if e.Message != "in use" || w.count("DELETE") != 1 {
			t.Errorf("%v, %v", e, w.log())
		}
	})
}

func TestObject_Version(t *testing.T) {
	t.Parallel()
	for document, want := range map[string]string{
		`{"updated_at": "2026-01-02T03:04:05.123Z"}`: "2026-01-02T03:04:05.123Z",
		`{"updated_at": "2026-01-02T03:04:05Z"}`:     `"tag"`,
		`{}`:                                         `"tag"`,
	} {
		if got := (&Object{Document: []byte(document), ETag: `"tag"`}).Version(); got != want {
			t.Errorf("%s: %q, want %q", document, got, want)
		}
	}
}
