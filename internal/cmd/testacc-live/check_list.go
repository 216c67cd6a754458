package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
)

func (u *suite) list(ctx context.Context, query string) (ids []string, items []any, got answer, err error) {
	// The name narrows the list to what this run has made, so that nobody else's
	// work moves it.
	got, err = u.probe.send(ctx, http.MethodGet, deployments+"?search="+url.QueryEscape(u.name)+query, "")
	if err != nil {
		return nil, nil, got, err
	}
	if !got.ok() {
		return nil, nil, got, nil
	}
	items, is := got.value.([]any)
	if !is {
		items, _ = got.object()["data"].([]any)
	}
	for _, each := range items {
		object, _ := each.(map[string]any)
		id, _ := object["deployment_id"].(string)
		ids = append(ids, id)
	}
	return ids, items, got, nil
}

func (u *suite) checkList(ctx context.Context) error {
	_, items, whole, err := u.list(ctx, "&limit=100")
	if err != nil {
		return err
	}
	if len(items) == 0 {
		return errors.New("the list does not hold the deployments of this run: " + whole.words())
	}
	u.noteShape(whole)
	u.noteItems(items)
	u.notePageCap(len(items), whole)
	return u.notePages(ctx)
}

func (u *suite) noteShape(whole answer) {
	object := whole.object()
	_, isList := whole.value.([]any)
	_, hasTotal := object["total_count"]
	switch {
	case isList:
		u.findings.settle("list-shape", "bare", "a list without an object around it")
	case hasTotal:
		u.findings.settle("list-shape", "wrapped", "data and total_count")
	default:
		u.findings.settle("list-shape", "no-total", "data without total_count")
	}
}

func (u *suite) noteItems(items []any) {
	for _, each := range items {
		object, _ := each.(map[string]any)
		if object["deployment_id"] != u.rich {
			continue
		}
		var missing []string
		for _, key := range []string{"customization", "limits", "allowed_origins", "has_password"} {
			_, inItem := object[key]
			if _, inWhole := u.second.object()[key]; inWhole && !inItem {
				missing = append(missing, key)
			}
		}
		if len(missing) == 0 {
			u.findings.settle("items", "whole", "an item has what a GET has")
		} else {
			u.findings.settle("items", "partial", fmt.Sprintf("an item lacks %v", missing))
		}
		return
	}
	u.findings.open("items", "the list does not hold the first deployment of this run")
}

func (u *suite) notePageCap(n int, whole answer) {
	total := n
	if number, is := whole.object()["total_count"].(json.Number); is {
		if t, err := strconv.Atoi(number.String()); err == nil {
			total = t
		}
	}
	if n < min(total, 100) {
		u.findings.settle("page-cap", strconv.Itoa(n), fmt.Sprintf("%d of %d, though 100 were asked for", n, total))
		return
	}
	u.findings.open("page-cap", "this run makes too few deployments to see the largest page")
}

// notePages compares the first page that comes without a number with pages 0 and 1.
func (u *suite) notePages(ctx context.Context) error {
	var pages [3]string // without a number, 0, 1
	for i, query := range []string{"", "&page=0", "&page=1"} {
		ids, _, got, err := u.list(ctx, "&limit=1"+query)
		if err != nil {
			return err
		}
		if len(ids) > 0 {
			pages[i] = ids[0]
		} else {
			pages[i] = got.words()
		}
	}
	switch {
	case pages[2] == pages[0]:
		u.findings.settle("pages-from", "1", "page=1 is the first page")
	case pages[1] == pages[0]:
		u.findings.settle("pages-from", "0", "page=0 is the first page, page=1 another one")
	default:
		u.findings.strange("pages-from", "neither page=0 nor page=1 is the page that comes without a number")
	}
	return nil
}

// checkDelete is not about a switch: a delete is documented. If it does not work,
// nothing else matters.
func (u *suite) checkDelete(ctx context.Context) error {
	got, err := u.probe.send(ctx, http.MethodDelete, item(u.rich), "")
	if err != nil {
		return err
	}
	if got.status != http.StatusNoContent {
		return fmt.Errorf("a delete is answered %s, not 204", got.words())
	}
	after, err := u.probe.send(ctx, http.MethodGet, item(u.rich), "")
	if err != nil {
		return err
	}
	if after.status != http.StatusNotFound && after.status != http.StatusBadRequest {
		return fmt.Errorf("a deployment that was deleted is still there: %s", after.words())
	}
	return nil
}
