package simulator

import (
	"cmp"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// recordOf is the object that the path of a request names; nil: there is none.
func (s *Simulator) recordOf(c *call) *record { return s.find(c.kind.collection, c.id) }

func (s *Simulator) get(c *call) answer {
	r := s.recordOf(c)
	if r == nil {
		return c.unknown()
	}
	if r.kind.reading != nil {
		r.kind.reading(s, r)
	}
	if s.is("updated-at-moves", "use") {
		s.touch(r)
	}
	doc := s.read(r)
	if doc == nil {
		return c.unknown()
	}
	result := answer{status: http.StatusOK, value: doc}
	if r.kind.wrap != nil {
		result.value = r.kind.wrap(s, doc)
	}
	if tag := s.tag(r, doc); tag != "" {
		result.header = http.Header{"Etag": {tag}}
	}
	if s.is("etag-moves", "always") {
		r.tagSeq++
	}
	r.late = max(0, r.late-1)
	return result
}

func (s *Simulator) delete(c *call) answer {
	r := s.recordOf(c)
	if r == nil {
		return c.unknown()
	}
	if r.kind.writing != nil {
		if refused := r.kind.writing(s, c, r); refused != nil {
			return *refused
		}
	}
	s.remove(r)
	return answer{status: http.StatusNoContent}
}

// list is the GET of a collection.
func (s *Simulator) list(c *call) answer {
	k := c.kind
	found := []any{}
	for _, r := range s.order {
		if r.kind != k || k.keep != nil && !k.keep(s, c, r.doc) {
			continue
		}
		if doc := s.read(r); doc != nil {
			found = append(found, s.item(k, doc))
		}
	}
	if !k.oldestFirst {
		slices.Reverse(found)
	}
	first := k.firstPage
	if k.pages != "" {
		first = s.count(k.pages)
	}
	page := pageOf(c.query, found, first, s.count("page-cap"))
	switch s.at("list-shape") {
	case "bare":
		return answer{status: http.StatusOK, value: page}
	case "no-total":
		return answer{status: http.StatusOK, value: map[string]any{"data": page}}
	}
	whole := map[string]any{"data": page, "total_count": len(found)}
	if k.paged {
		whole["page"] = json.Number(cmp.Or(c.query.Get("page"), strconv.Itoa(first)))
		whole["limit"] = json.Number(cmp.Or(c.query.Get("limit"), "10"))
	}
	return answer{status: http.StatusOK, value: whole}
}

// item is an object in the list.
func (s *Simulator) item(k *kind, doc map[string]any) map[string]any {
	if k.listed != nil {
		k.listed(s, doc)
	}
	if s.is("items", "whole") || len(k.partial) == 0 {
		return doc
	}
	partial := map[string]any{}
	for _, key := range k.partial {
		if value, has := doc[key]; has {
			partial[key] = value
		}
	}
	return partial
}

// pageOf cuts one page out of a list. Without the parameter it is the first
// one; a number below the first page is the first one, too.
func pageOf(query url.Values, items []any, first, limitCap int) []any {
	number := func(name string, otherwise int) int {
		if n, err := strconv.Atoi(query.Get(name)); err == nil {
			return n
		}
		return otherwise
	}
	limit := max(1, min(number("limit", 10), limitCap, 100))
	from := min(len(items), max(0, number("page", first)-first)*limit)
	return items[from:min(len(items), from+limit)]
}

// contains is a filter by a part of a text, in any case.
func contains(value any, part string) bool {
	return strings.Contains(strings.ToLower(textOf(value)), strings.ToLower(part))
}

// nameOrID is the filter name_or_uuid: a part of the name, or the whole id.
func (k *kind) nameOrID(doc map[string]any, filter string) bool {
	return filter == "" || doc[k.id] == filter || contains(doc[k.name], filter)
}

// tagged is the filter tags: a list with commas, of which one has to match.
func tagged(doc map[string]any, filter string) bool {
	tags, _ := doc["tags"].([]any)
	return filter == "" || slices.ContainsFunc(strings.Split(filter, ","), func(tag string) bool {
		return slices.Contains(tags, any(tag))
	})
}
