package tavus

import (
	"net/url"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
)

func listed(t *testing.T, c *Client, col *Collection, query url.Values) (ids []string, err error) {
	t.Helper()
	for item, err := range c.List(t.Context(), col, query) {
		if err != nil {
			return ids, err
		}
		ids = append(ids, item.ID)
	}
	return ids, nil
}

func TestList_ReadsEveryForm(t *testing.T) {
	t.Parallel()
	for _, base := range []int{0, 1} {
		for _, form := range []string{"", "bare", "untotalled"} {
			for _, count := range []int{0, 1, 2, 3, 4, 5, 9} {
				for _, known := range []bool{false, true} {
					s := &shop{base: base, list: form, size: 2}
					for i := range count {
						s.add(strconv.Itoa(i))
					}
					col := *things
					col.FirstPage = base
					if !known {
						col.FirstPage = 1 - base
					}
					w := &wire{handler: s}
					ids, err := listed(t, w.client(t), &col, nil)
					if err != nil || len(ids) != count {
						t.Errorf("base %d, %q, known %v: %d of %d, %v", base, form, known, len(ids), count, err)
					}
					if form == "" && known && len(w.requests) != max(1, (count+1)/2) {
						t.Errorf("base %d, %d items: %d requests", base, count, len(w.requests))
					}
				}
			}
		}
	}
}

func TestList_AsksForWhatItIsTold(t *testing.T) {
	t.Parallel()
	w := &wire{handler: &shop{}}
	col := *things
	col.ListQuery = url.Values{"legacy": {"false"}}
	c := w.client(t)
	for limit, want := range map[string]string{"": "100", "7": "7"} {
		query := url.Values{"search": {"a b"}}
		if limit != "" {
			query.Set("limit", limit)
		}
		if _, err := listed(t, c, &col, query); err != nil {
			t.Fatal(err)
		}
		if got := w.last("GET").query; got != "legacy=false&limit="+want+"&search=a+b" {
			t.Errorf("limit %q: query %q", limit, got)
		}
	}
}

func TestList_StopsWhenTheCallerDoes(t *testing.T) {
	t.Parallel()
	s := &shop{size: 1}
	s.add("a")
	s.add("b")
	w := &wire{handler: s}
	for _, err := range w.client(t).List(t.Context(), things, nil) {
		if err != nil {
			t.Fatal(err)
		}
		break
	}
	if len(w.requests) != 1 {
		t.Error(w.log())
	}
}

func TestList_RefusesWhatIsNoList(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`{}`, `{"data": {}}`, `{"data": null}`, `null`, `7`, `{"data": [{"name": "no id"}]}`, `{"data": [7]}`, `x`} {
		synctest.Test(t, func(t *testing.T) {
			w := &wire{handler: answer(200, text)}
			_, err := listed(t, w.client(t), things, nil)
			_ = wantReason(t, err, Server)
		})
	}
}

func TestList_LeavesOutEmptyItemsAndOddTotals(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`{"data": [null, {}, {"thing_id": "a"}], "total_count": "many"}`, `{"data": [{"thing_id": "a"}], "total_count": -5}`,
		`{"data": [{"thing_id": "a"}, {"thing_id": "a"}], "total_count": 1}`, `{"data": [{"thing_id": "a"}], "total_count": 1e99}`,
	} {
		w := &wire{handler: answer(200, text)}
		ids, err := listed(t, w.client(t), things, nil)
		if err != nil || strings.Join(ids, " ") != "a" {
			t.Errorf("%s: %v, %v", text, ids, err)
		}
	}
}

func TestList_EndsWhereThereIsNoPage(t *testing.T) {
	t.Parallel()
	s := &shop{size: 2, list: "bare", base: 1}
	for i := range 4 {
		s.add(strconv.Itoa(i))
	}
	w := &wire{handler: s}
	col := *things
	col.FirstPage = 1
	w.fault = onPage("3", &fault{status: 404})
	if ids, err := listed(t, w.client(t), &col, nil); err != nil || len(ids) != 4 {
		t.Error(ids, err)
	}
	w.fault = onPage("2", &fault{status: 403})
	ids, err := listed(t, w.client(t), &col, nil)
	if len(ids) != 2 {
		t.Error(ids)
	}
	_ = wantReason(t, err, Auth)
}
