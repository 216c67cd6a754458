package tavus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"
)

const (
	// maxPageSize is what sibling endpoints document as the largest limit.
	maxPageSize = 100
	// maxPages ends a walk through a list that never ends.
	maxPages = 5000
	// maxWalks bounds how often a list is read that changes meanwhile.
	maxWalks = 3
)

// page is one answer of a list endpoint.
type page struct {
	items []json.RawMessage
	total int // -1 when the server gives none
	// header and at are for callers that need the server's clock.
	header http.Header
	at     time.Time
}

// pager reads a list endpoint to its end.
//
// What is documented of lists is little: limit, page, and {"data", "total_count"}.
// So the pager finds out by itself whether pages count from 0 or 1, whether the
// answer is a bare array, and whether pages are shorter than asked for. It trusts
// only ids: each one is yielded once, and a page without a new id ends a walk.
type pager struct {
	fetch func(ctx context.Context, number int) (*page, error) // number < 0: without the parameter
	id    func(item json.RawMessage) (string, error)

	seen map[string]bool

	// complete says, after a walk without an error, that nothing hints at items
	// that were missed.
	complete bool
}

// pageItem is an item, with the answer that it came in.
type pageItem struct {
	id   string
	raw  json.RawMessage
	from *page
}

// errStopped is the caller's wish to read no more.
var errStopped = errors.New("stopped")

// all walks the list, and walks it again when it changed on the way.
func (p *pager) all(ctx context.Context) iter.Seq2[pageItem, error] {
	return func(yield func(pageItem, error) bool) {
		p.seen, p.complete = map[string]bool{}, false
		for range maxWalks {
			steady, err := p.walk(ctx, yield)
			if errors.Is(err, errStopped) {
				return
			}
			if err != nil {
				yield(pageItem{}, err)
				return
			}
			if steady {
				p.complete = true
				return
			}
		}
	}
}

// walk reads the list once and yields the items not seen before. It is steady
// when the total did not change on the way and all of it was seen. A server that
// gives no total does not show that an item moved from one page to another one
// meanwhile, so there a walk is steady only when it found nothing new.
func (p *pager) walk(ctx context.Context, yield func(pageItem, error) bool) (steady bool, err error) {
	inWalk, before := map[string]bool{}, len(p.seen)
	total, changed := -1, false
	// The first request has no page, the second has page=1. Where pages count
	// from 0, that is the second page; where they count from 1, it repeats the
	// first, and only then a page without a new id is not the end.
	number := -1
	for range maxPages {
		current, err := p.fetch(ctx, number)
		if err != nil {
			return false, err
		}
		if current.total >= 0 {
			changed = changed || (total >= 0 && total != current.total)
			total = current.total
		}
		ids, err := p.take(current, yield)
		if err != nil {
			return false, err
		}
		fresh := false
		for _, id := range ids {
			fresh = fresh || !inWalk[id]
		}
		repeatsFirst := number == 1 && len(ids) > 0
		for _, id := range ids {
			inWalk[id] = true
		}
		switch {
		case total >= 0 && len(inWalk) >= total, !fresh && !repeatsFirst:
			if total < 0 {
				return len(p.seen) == before, nil
			}
			return !changed && len(inWalk) >= total, nil
		case number < 0:
			number = 1
		default:
			number++
		}
	}
	return false, fmt.Errorf("the list has more than %d pages; it seems to have no end", maxPages)
}

// take yields the new items of a page and returns all of its ids.
func (p *pager) take(current *page, yield func(pageItem, error) bool) ([]string, error) {
	var ids []string
	for _, raw := range current.items {
		id, err := p.id(raw)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
		if p.seen[id] {
			continue
		}
		p.seen[id] = true
		if !yield(pageItem{id: id, raw: raw, from: current}, nil) {
			return nil, errStopped
		}
	}
	return ids, nil
}

// isEmptyItem knows null and {}. An item that holds something is never skipped.
func isEmptyItem(raw json.RawMessage) bool {
	var fields map[string]json.RawMessage
	return kindOf(raw) == "null" || (kindOf(raw) == "an object" && json.Unmarshal(raw, &fields) == nil && len(fields) == 0)
}

// listPager returns a pager of an endpoint. Each page is a GET of its own, with its own retries.
func (c *Client) listPager(path string, query url.Values, size int, idField string, mask *masker) *pager {
	if size <= 0 || size > maxPageSize {
		size = maxPageSize
	}
	return &pager{
		fetch: func(ctx context.Context, number int) (*page, error) {
			asked := url.Values{"limit": {strconv.Itoa(size)}}
			for name, values := range query {
				asked[name] = values
			}
			if number >= 0 {
				asked.Set("page", strconv.Itoa(number))
			}
			request := &call{method: http.MethodGet, path: path, query: asked, repeatable: true, json: true, mask: mask}
			answer, err := c.do(ctx, request)
			if err != nil {
				if number >= 1 && IsNotFound(err) {
					return &page{total: -1}, nil // Some servers have no page after the last one.
				}
				return nil, err
			}
			current, err := decodePage(answer.body)
			if err != nil {
				return nil, c.badAnswer(request, answer, err)
			}
			if path == deploymentsPath {
				c.found.Store(true)
			}
			current.header, current.at = answer.header, answer.at
			return current, nil
		},
		id: func(item json.RawMessage) (string, error) {
			o, err := newObject(item, "an item of the list")
			if err != nil {
				return "", fmt.Errorf("GET %s: %w", path, err)
			}
			id := o.str(idField)
			if o.err != nil {
				return "", fmt.Errorf("GET %s: %w", path, o.err)
			}
			if id == "" {
				return "", fmt.Errorf("GET %s: an item of the list has no %s", path, idField)
			}
			return id, nil
		},
	}
}

// decodePage takes {"data": [...], "total_count": n} and a bare array.
func decodePage(body []byte) (*page, error) {
	result := &page{total: -1}
	list := json.RawMessage(body)
	if kindOf(body) == "an object" {
		o, err := newObject(body, "the answer")
		if err != nil {
			return nil, err
		}
		if !o.has("data") {
			return nil, errors.New("the answer is not a list: it has no data")
		}
		list = o.fields["data"]
		// A total that is no number of items is as good as none.
		if kindOf(o.fields["total_count"]) == "a number" {
			if n := o.count("total_count"); n != nil && *n >= 0 && *n <= 1<<31-1 {
				result.total = int(*n)
			}
		}
	}
	switch kind := kindOf(list); kind {
	case "null":
	case "a list":
		if err := json.Unmarshal(list, &result.items); err != nil {
			return nil, errors.New("the answer is not a list")
		}
	default:
		return nil, fmt.Errorf("the answer is not a list but %s", kind)
	}
	// A total below what is there is a total of something else.
	result.items = slices.DeleteFunc(result.items, isEmptyItem)
	if result.total < len(result.items) {
		result.total = -1
	}
	return result, nil
}
