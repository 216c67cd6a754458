package tavus

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// book is a list endpoint that does things in its own way.
type book struct {
	ids        []string
	base, cap  int
	total      string // "right", "none", "wrong", "text", "page"
	bare       bool
	ignorePage bool
	empty404   bool
	holes      bool // null and {} among the items
	// before is called with the number of the request, from 1.
	before   func(b *book, n int)
	requests int
}

func (b *book) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.requests++
	if b.before != nil {
		b.before(b, b.requests)
	}
	query := r.URL.Query()
	limit, _ := strconv.Atoi(query.Get("limit"))
	if b.cap > 0 {
		limit = min(limit, b.cap)
	}
	page := 0
	if text := query.Get("page"); text != "" && !b.ignorePage {
		n, _ := strconv.Atoi(text)
		page = max(0, n-b.base)
	}
	ids := b.ids[min(len(b.ids), page*limit):min(len(b.ids), (page+1)*limit)]
	if len(ids) == 0 && page > 0 && b.empty404 {
		writeJSON(w, http.StatusNotFound, map[string]any{"error": "no such page"})
		return
	}
	items := []any{}
	for _, id := range ids {
		items = append(items, map[string]any{"deployment_id": id, "pal_id": id})
		if b.holes {
			items = append(items, nil, map[string]any{})
		}
	}
	if b.bare {
		writeJSON(w, http.StatusOK, items)
		return
	}
	answer := map[string]any{"data": items}
	switch b.total {
	case "right":
		answer["total_count"] = len(b.ids)
	case "wrong":
		answer["total_count"] = len(b.ids) + 7
	case "text":
		answer["total_count"] = "many"
	case "page":
		answer["total_count"] = -1
	}
	writeJSON(w, http.StatusOK, answer)
}

func numbered(n int) []string {
	var ids []string
	for i := range n {
		ids = append(ids, fmt.Sprintf("id%03d", i))
	}
	return ids
}

func collect(t rapid.TB, c *Client, f ListFilter) []string {
	t.Helper()
	var ids []string
	for d, err := range c.ListDeployments(context.Background(), f) {
		if err != nil {
			t.Fatalf("list: %v", err)
		}
		ids = append(ids, d.DeploymentID)
	}
	return ids
}

// Whatever the server's ways are, the list is complete, in order, and ends.
func TestPagingProperty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		b := &book{
			ids:      numbered(rapid.IntRange(0, 60).Draw(rt, "items")),
			base:     rapid.IntRange(0, 1).Draw(rt, "base"),
			cap:      rapid.SampledFrom([]int{0, 1, 2, 3, 7, 10}).Draw(rt, "cap"),
			total:    rapid.SampledFrom([]string{"right", "none", "wrong", "text", "page"}).Draw(rt, "total"),
			bare:     rapid.Bool().Draw(rt, "bare"),
			empty404: rapid.Bool().Draw(rt, "404"),
			holes:    rapid.Bool().Draw(rt, "holes"),
		}
		w := &wire{handler: b}
		f := ListFilter{PageSize: rapid.SampledFrom([]int{0, 1, 5, 100, 1000, -1}).Draw(rt, "size")}
		if got := collect(rt, w.client(t), f); !slices.Equal(got, b.ids) {
			rt.Fatalf("got %v, want %v", got, b.ids)
		}
		if b.requests > 3*(len(b.ids)+3) {
			rt.Fatalf("%d requests for %d items", b.requests, len(b.ids))
		}
	})
}

// Items that stay through all changes are never missed, and none comes twice.
func TestPagingWhileTheListChanges(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		b := &book{ids: numbered(rapid.IntRange(5, 40).Draw(rt, "items")), base: rapid.IntRange(0, 1).Draw(rt, "base"), cap: rapid.IntRange(2, 7).Draw(rt, "cap"), total: rapid.SampledFrom([]string{"right", "none"}).Draw(rt, "total")}
		at := rapid.IntRange(1, 8).Draw(rt, "at")
		insert := rapid.Bool().Draw(rt, "insert")
		gone := ""
		b.before = func(b *book, n int) {
			switch {
			case n != at:
			case insert:
				b.ids = append([]string{"new"}, b.ids...)
			default:
				gone = b.ids[0]
				b.ids = b.ids[1:]
			}
		}
		stay := slices.Clone(b.ids)
		got := collect(rt, (&wire{handler: b}).client(t), ListFilter{})
		seen := map[string]int{}
		for _, id := range got {
			seen[id]++
		}
		for _, id := range stay {
			if id != gone && seen[id] != 1 {
				rt.Fatalf("%s came %d times in %v", id, seen[id], got)
			}
		}
		for id, n := range maps.All(seen) {
			if n > 1 {
				rt.Fatalf("%s came %d times", id, n)
			}
		}
	})
}

func TestPagingRequests(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		book book
		want int
	}{
		"all on one page":            {book{ids: numbered(5), base: 1, total: "right"}, 1},
		"nothing":                    {book{base: 1, total: "right"}, 1},
		"one page without a total":   {book{ids: numbered(5), base: 1}, 6}, // again, as page=1, then nothing; all of it twice
		"one page, base 0, no total": {book{ids: numbered(5)}, 4},
		"two pages from 1":           {book{ids: numbered(150), base: 1, total: "right"}, 3},
		"two pages from 0":           {book{ids: numbered(150), total: "right"}, 2},
		"page is ignored":            {book{ids: numbered(5), ignorePage: true}, 6},
		"page ignored, total higher": {book{ids: numbered(5), ignorePage: true, total: "wrong"}, 9},
	} {
		b := tc.book
		w := &wire{handler: &b}
		if got := collect(t, w.client(t), ListFilter{}); !slices.Equal(got, b.ids) {
			t.Errorf("%s: %v", name, got)
		}
		if b.requests != tc.want {
			t.Errorf("%s: %d requests, want %d", name, b.requests, tc.want)
		}
		if w.requests[0].query != "limit=100" {
			t.Errorf("the first request asked for %s", w.requests[0].query)
		}
	}
}

func TestListWithoutEnd(t *testing.T) {
	t.Parallel()
	n := 0
	w := handle(func(w http.ResponseWriter, _ *http.Request) {
		n++
		writeJSON(w, http.StatusOK, []any{map[string]any{"deployment_id": strconv.Itoa(n)}})
	})
	var last error
	for _, err := range w.client(t).ListDeployments(t.Context(), ListFilter{}) {
		last = err
	}
	if last == nil || n != maxPages {
		t.Errorf("%d pages, %v", n, last)
	}
	wantText(t, last.Error(), "no end")
}

func TestBadLists(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"data":{}}`:                       "not a list but an object",
		`{"data":"x"}`:                      "not a list but a string",
		`{"deployments":[]}`:                "it has no data",
		`"x"`:                               "not a list but a string",
		`[{"name":"x"}]`:                    "no deployment_id",
		`[{"deployment_id":null}]`:          "no deployment_id",
		`[{"deployment_id":7}]`:             "deployment_id is not a string but a number",
		`["d1"]`:                            "not an object but a string",
		`[["d1"]]`:                          "not an object but a list",
		`[{"deployment_id":"d1","name":7}]`: "the field name is not a string",
	} {
		w := handle(answer(http.StatusOK, body))
		var last error
		for _, err := range w.client(t).ListDeployments(t.Context(), ListFilter{}) {
			last = err
		}
		if last == nil {
			t.Errorf("%s: no error", body)
			continue
		}
		wantText(t, last.Error(), want, "GET /v2/deployments")
	}
	for _, body := range []string{`{"data":null}`, `{"data":[]}`, `[]`, `{"data":[null,{}],"total_count":2}`, `{"data":[],"total_count":1e400}`} {
		if got := collect(t, handle(answer(http.StatusOK, body)).client(t), ListFilter{}); len(got) != 0 {
			t.Errorf("%s: %v", body, got)
		}
	}
}

func TestListStreamsAndStops(t *testing.T) {
	t.Parallel()
	b := &book{ids: numbered(50), base: 1, cap: 10, total: "right"}
	n := 0
	for _, err := range (&wire{handler: b}).client(t).ListDeployments(t.Context(), ListFilter{}) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; n == 7 {
			break
		}
	}
	if b.requests != 1 {
		t.Errorf("%d requests for seven items of the first page", b.requests)
	}
}

func TestListFilter(t *testing.T) {
	t.Parallel()
	w := handle(answer(http.StatusOK, `{"data":[],"total_count":0}`))
	collect(t, w.client(t), ListFilter{PalID: "p&1", Search: "a b", Status: "active", PageSize: 7})
	if got := w.requests[0].query; got != "limit=7&pal_id=p%261&search=a+b&status=active" {
		t.Error(got)
	}
}

func TestPartialItems(t *testing.T) {
	t.Parallel()
	s := newShop()
	id := s.put(map[string]any{"name": "x"}, testTime)
	for _, partial := range []bool{false, true} {
		s.partial = partial
		for d, err := range s.wire().client(t).ListDeployments(t.Context(), ListFilter{}) {
			if err != nil || d.Partial != partial || d.DeploymentID != id || d.Name != "x" {
				t.Errorf("%+v %v", d, err)
			}
		}
	}
}

func TestPals(t *testing.T) {
	t.Parallel()
	const pal = `{"pal_id":"p1","pal_name":"Docs Guide","pal_type":"user","default_face_id":"f","pipeline_mode":"full","created_at":"c","updated_at":"u","layers":{"llm":{"api_key":7}}}`
	want := Pal{"p1", "Docs Guide", "user", "f", "full", "c", "u"}
	for _, body := range []string{pal, `{"data":[` + pal + `]}`, `{"data":` + pal + `}`, `{"data":[null,` + pal + `]}`, `[` + pal + `]`} {
		got, err := handle(answer(http.StatusOK, body)).client(t).GetPal(t.Context(), "p1")
		if err != nil || *got != want {
			t.Errorf("%s: %+v %v", body, got, err)
		}
	}
	for body, part := range map[string]string{
		`{"data":[]}`: "holds no PAL", `{"data":[{"pal_id":"p2"}]}`: "another PAL, p2", `{"data":[{"pal_name":"x"}]}`: "without a pal_id",
		`{"pal_id":"p1","pal_name":1}`: "the field pal_name", `7`: "not a list", `{"data":[7]}`: "not an object", `{"data":{"pal_id":[]}}`: "the field pal_id",
	} {
		_, err := handle(answer(http.StatusOK, body)).client(t).GetPal(t.Context(), "p1")
		if err == nil {
			t.Errorf("%s: no error", body)
			continue
		}
		wantText(t, err.Error(), part, "GET /v2/pals/p1")
		if IsNotFound(err) != (body == `{"data":[]}`) {
			t.Errorf("%s: not found is %v", body, IsNotFound(err))
		}
	}
}

func TestListPals(t *testing.T) {
	t.Parallel()
	w := handle(func(w http.ResponseWriter, r *http.Request) {
		items := []any{}
		page, _ := strconv.Atoi(r.URL.Query().Get("page"))
		for i := max(0, page-1) * 2; i < min(5, max(0, page-1)*2+2); i++ {
			items = append(items, map[string]any{"pal_id": fmt.Sprint("p", i), "pal_name": []string{"Docs", "docs two", "Tour"}[i%3]})
		}
		writeJSON(w, http.StatusOK, map[string]any{"data": items, "total_count": 5})
	})
	c := w.client(t)
	list := func(f PalFilter) string {
		var ids []string
		for pal, err := range c.ListPals(t.Context(), f) {
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, pal.PalID)
		}
		return strings.Join(ids, " ")
	}
	if got := list(PalFilter{PalType: "user"}); got != "p0 p1 p2 p3 p4" {
		t.Error(got)
	}
	if got := w.requests[0].query; got != "limit=100&pal_type=user" {
		t.Error(got)
	}
	if got := list(PalFilter{Search: "DOCS"}); got != "p0 p1 p3 p4" {
		t.Error(got)
	}
	for _, body := range []string{`{"data":[{"pal_id":"p","pal_name":{}}]}`, `{"data":[{"pal_id":{}}]}`, `{"error":"x"}`} {
		var last error
		for _, err := range handle(answer(http.StatusOK, body)).client(t).ListPals(t.Context(), PalFilter{}) {
			last = err
		}
		if last == nil {
			t.Errorf("%s: no error", body)
		}
	}
}

func TestEmptyItems(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]bool{`null`: true, `{}`: true, "{\n}": true, `{"a":null}`: false, `[]`: false, `""`: false, `0`: false} {
		if isEmptyItem(json.RawMessage(raw)) != want {
			t.Errorf("%s: %v", raw, !want)
		}
	}
}
