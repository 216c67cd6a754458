package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
)

const deployments = "/v2/deployments"

// suite is one run: what the checks share.
type suite struct {
	probe    *probe
	pal      string
	name     string // of everything that this run makes
	findings findings
	made     []string // ids, in order

	rich, bare       string         // ids of the two deployments
	richMade         map[string]any // the answer to the create of rich
	first, second    answer         // two reads of rich, one after the other
	etag             string         // the newest one
	neverMatches     bool           // an ETag that was just read is refused
	patchAnswerStyle string
}

// run goes through the checks. Each one builds on what those before it found, so
// an error ends the run.
func (u *suite) run(ctx context.Context) error {
	for _, check := range []struct {
		about string
		run   func(context.Context) error
	}{
		{"the key", u.checkKey},
		{"an id that does not exist", u.checkUnknownID},
		{"a create with unusual values", u.checkRichCreate},
		{"a create with nothing but what is required", u.checkBareCreate},
		{"two reads", u.checkReads},
		{"a PATCH with If-Match", u.checkPatch},
		{"a PATCH that changes nothing", u.checkUnchanged},
		{"a PATCH with an old ETag", u.checkStale},
		{"a PATCH of a path that only the server writes", u.checkReadOnly},
		{"a PATCH of the status", u.checkStatus},
		{"a PATCH of the password", u.checkPassword},
		{"a PATCH of the PAL", u.checkPal},
		{"the removal of a default", u.checkRefill},
		{"the list", u.checkList},
		{"a delete", u.checkDelete},
	} {
		if err := check.run(ctx); err != nil {
			u.conclude()
			return fmt.Errorf("%s: %w", check.about, err)
		}
	}
	u.conclude()
	return nil
}

// conclude settles what was seen in passing, and lists what no check could tell.
func (u *suite) conclude() {
	f := u.findings
	switch slowed := u.probe.slowed; slowed {
	case "":
		f.open("retry-after", "no 429 came, and none was provoked")
	case "none":
		f.settle("retry-after", "none", "a 429 had no Retry-After")
	default:
		position := "seconds"
		if _, err := http.ParseTime(slowed); err == nil {
			position = "date"
		}
		f.settle("retry-after", position, fmt.Sprintf("Retry-After: %q", slowed))
	}
	for _, name := range switchNames {
		f.open(name, "not reached")
	}
}

// switchNames are the switches of the simulator that this suite reports on. The
// test compares them with the simulator's own list.
var switchNames = []string{
	"status-after-create", "create-code", "defaults", "duplicate-names", "etag-on-create", "patch-answer", "unchanged",
	"stale-code", "etag", "etag-moves", "read-only-patch", "pal-patch", "status-patch", "password-patch", "refill",
	"unset", "names", "colours", "origins", "lists", "numbers", "nulls", "empty-objects", "thumbnails", "usage",
	"pages-from", "page-cap", "list-shape", "items", "errors", "unknown-id", "retry-after", "date",
}

func item(id string) string { return deployments + "/" + url.PathEscape(id) }

// get reads a deployment of this run and remembers its ETag.
func (u *suite) get(ctx context.Context, id string) (answer, error) {
	got, err := u.probe.send(ctx, http.MethodGet, item(id), "")
	if err != nil {
		return got, err
	}
	if !got.ok() || got.object() == nil {
		return got, fmt.Errorf("a deployment that was just made cannot be read: %s", got.words())
	}
	if id == u.rich {
		u.etag = got.header.Get("ETag")
	}
	return got, nil
}

func (u *suite) patch(ctx context.Context, id, operations string, header ...string) (answer, error) {
	return u.probe.send(ctx, http.MethodPatch, item(id), operations, header...)
}

// refusedOrNot settles a switch that is about one path: refused, accepted or
// ignored. took says whether the document that is read afterwards shows the change.
func (u *suite) refusedOrNot(ctx context.Context, name, id, operations string, took func(map[string]any) bool) (answer, error) {
	got, err := u.patch(ctx, id, operations)
	if err != nil {
		return got, err
	}
	after, err := u.get(ctx, id)
	if err != nil {
		return got, err
	}
	changed := took(after.object())
	switch {
	case got.ok() || got.status == http.StatusNotModified:
		if changed {
			u.findings.settle(name, "accepted", got.words())
		} else {
			u.findings.settle(name, "ignored", got.words()+", and nothing changed")
		}
	case changed:
		u.findings.strange(name, got.words()+", and the change took effect")
	default:
		u.findings.settle(name, "refused", got.words())
	}
	return after, nil
}

// at walks through nested objects.
func at(doc map[string]any, path ...string) (any, bool) {
	var value any = doc
	for _, key := range path {
		object, is := value.(map[string]any)
		if !is {
			return nil, false
		}
		var has bool
		if value, has = object[key]; !has {
			return nil, false
		}
	}
	return value, true
}

func same(a, b any) bool { return reflect.DeepEqual(a, b) }
