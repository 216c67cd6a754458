package tavus

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
)

const (
	// maxPageSize is what endpoints document as the largest limit.
	maxPageSize = 100
	// maxPages ends a walk through a list that never ends.
	maxPages = 5000
)

// page is one answer of a list.
type page struct {
	objects []*Object
	total   int // -1 where the server gives none
}

// List yields the objects of a collection that fit the query, as the list shows them. It yields
// each id once. After an error the sequence ends.
//
// The first request names no page. Then come the pages after the first one, until one has nothing
// new. Where the server counts from another number than the collection says, a page is repeated or
// left out: a repeated first page is not the end, and a page that is missing is read last.
func (c *Client) List(ctx context.Context, col *Collection, query url.Values) iter.Seq2[*Object, error] {
	return func(yield func(*Object, error) bool) {
		l := lister{client: c, col: col, query: query, seen: map[string]bool{}, yield: yield}
		if err := l.run(ctx); err != nil && !errors.Is(err, errStopped) {
			yield(nil, err)
		}
	}
}

// errStopped is the caller's wish to read no more.
var errStopped = errors.New("stopped")

type lister struct {
	client *Client
	col    *Collection
	query  url.Values
	seen   map[string]bool
	moved  bool // the total changed on the way
	yield  func(*Object, error) bool
}

func (l *lister) run(ctx context.Context) error {
	first, err := l.fetch(ctx, -1)
	if err != nil {
		return err
	}
	if _, err := l.take(first); err != nil || l.isComplete(first) {
		return err
	}
	number := l.col.FirstPage + 1
	for ; number < maxPages; number++ {
		current, err := l.fetch(ctx, number)
		if err != nil {
			return err
		}
		l.moved = l.moved || current.total != first.total
		fresh, err := l.take(current)
		if err != nil || l.isComplete(current) {
			return err
		}
		if !fresh && (number != 1 || len(current.objects) == 0) {
			break
		}
	}
	if number == maxPages {
		return fmt.Errorf("GET %s: the list has more than %d pages; it seems to have no end", l.col.Path, maxPages)
	}
	skipped, err := l.fetch(ctx, l.col.FirstPage)
	if err == nil {
		_, err = l.take(skipped)
	}
	return err
}

func (l *lister) isComplete(p *page) bool {
	return l.col.Keyed || p.total >= 0 && len(l.seen) >= p.total || len(l.seen) == 0
}

// take yields the new objects of a page, and reports whether there were any.
func (l *lister) take(p *page) (fresh bool, err error) {
	for _, object := range p.objects {
		if l.seen[object.ID] {
			continue
		}
		fresh = true
		l.seen[object.ID] = true
		if !l.yield(object, nil) {
			return fresh, errStopped
		}
	}
	return fresh, nil
}

// fetch reads one page; a negative number names none.
func (l *lister) fetch(ctx context.Context, number int) (*page, error) {
	asked := url.Values{}
	if !l.col.Keyed {
		asked.Set("limit", strconv.Itoa(maxPageSize))
	}
	maps.Copy(asked, l.col.ListQuery)
	maps.Copy(asked, l.query)
	if number >= 0 {
		asked.Set("page", strconv.Itoa(number))
	}
	call := &call{method: http.MethodGet, path: l.col.Path, query: asked, repeatable: true}
	answer, err := l.client.do(ctx, call)
	if err != nil {
		if number >= 0 && isMissing(err) {
			return &page{total: -1}, nil // some servers have no page after the last one
		}
		return nil, err
	}
	p, err := l.col.decodePage(answer)
	if err != nil {
		return nil, l.client.badAnswer(ctx, call, answer, err)
	}
	return p, nil
}

// values are those of an object with ids as keys, {id: {…}} or {"data": {id: {…}}}. They are nil for
// another list.
func (col *Collection) values(body json.RawMessage) []json.RawMessage {
	var members map[string]json.RawMessage
	if !col.Keyed || json.Unmarshal(body, &members) != nil || members == nil {
		return nil
	}
	if data, wrapped := members["data"]; wrapped {
		return col.values(data)
	}
	return slices.AppendSeq([]json.RawMessage{}, maps.Values(members))
}

// decodePage reads {"data": […], "total_count": n}, a bare array, or the values of a keyed list.
func (col *Collection) decodePage(answer *reply) (*page, error) {
	items := col.values(answer.body)
	p := &page{total: -1}
	if items == nil && (json.Unmarshal(answer.body, &items) != nil || items == nil) {
		var wrapped struct {
			Data  *[]json.RawMessage `json:"data"`
			Total json.RawMessage    `json:"total_count"`
		}
		if err := json.Unmarshal(answer.body, &wrapped); err != nil || wrapped.Data == nil {
			return nil, errors.New("the answer is not a list")
		}
		items = *wrapped.Data
		if total, err := strconv.Atoi(string(wrapped.Total)); err == nil && total >= len(items) {
			p.total = total
		}
	}
	for _, item := range items {
		if text := bytes.TrimSpace(item); string(text) == "null" || string(text) == "{}" {
			continue
		}
		id := col.idOf(item)
		if id == "" {
			return nil, fmt.Errorf("an item of the list has no %s", col.ID)
		}
		p.objects = append(p.objects, &Object{ID: id, Document: item, Time: answer.date()})
	}
	return p, nil
}
