package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

func (u *suite) checkReads(ctx context.Context) error {
	read, err := u.get(ctx, u.rich)
	if err != nil {
		return err
	}
	u.second = read
	before, after := u.first.object(), read.object()
	switch tag := u.etag; {
	case tag == "":
		u.findings.settle("etag", "none", "a GET has no ETag, so an edit between GET and PATCH cannot be seen")
		u.findings.open("etag-moves", "there is no ETag")
		u.findings.open("stale-code", "there is no ETag")
	case strings.HasPrefix(tag, "W/"):
		// weak-matched, if a PATCH takes it.
		u.findings.settle("etag", "weak", "weak, and a fresh one is refused")
	default:
		u.findings.settle("etag", "strong", tag)
	}
	if same(before["usage_total"], after["usage_total"]) && same(before["usage_today"], after["usage_today"]) {
		u.findings.settle("usage", "off", "a GET with a key is no visit")
	} else {
		u.findings.settle("usage", "on", "the counters grow with each GET")
	}
	u.noteThumbnails(before, after)
	return nil
}

// noteThumbnails says what can be seen before the PAL changes.
func (u *suite) noteThumbnails(before, after map[string]any) {
	const key = "thumbnail_image_url"
	made, _ := u.richMade[key].(string)
	one, _ := before[key].(string)
	two, _ := after[key].(string)
	withoutQuery := func(address string) string {
		plain, _, _ := strings.Cut(address, "?")
		return plain
	}
	switch {
	case one != two && one != "" && withoutQuery(one) == withoutQuery(two):
		u.findings.settle("thumbnails", "signed", "the query differs in each answer")
	case made == "" && one == "" && two == "":
		// Perhaps later; the check of the PAL looks again.
	case made == "" || one == "":
		u.findings.settle("thumbnails", "late", "not there right after the create")
	}
}

// checkPatch sends the first PATCH, with the ETag that was just read.
func (u *suite) checkPatch(ctx context.Context) error {
	const operations = `[{"op": "add", "path": "/customization/tf_live_text", "value": "one"}]`
	read, err := u.get(ctx, u.rich)
	if err != nil {
		return err
	}
	if settings, is := read.object()["customization"].(map[string]any); !is || settings == nil {
		return fmt.Errorf("customization is %v, so a key in it cannot be patched", read.object()["customization"])
	}
	header := []string{}
	if u.etag != "" {
		header = []string{"If-Match", u.etag}
	}
	moved := u.first.header.Get("ETag") != u.second.header.Get("ETag")
	got, err := u.patch(ctx, u.rich, operations, header...)
	if err != nil {
		return err
	}
	if stale(got.status) && u.etag != "" {
		u.neverMatches = true
		u.noteStale(got)
		if moved {
			u.findings.settle("etag-moves", "always", "the ETag moves, and a fresh one is refused")
		} else {
			u.findings.settle("etag-moves", "never", "the ETag stays, and is refused all the same")
		}
		if got, err = u.patch(ctx, u.rich, operations); err != nil {
			return err
		}
	} else if u.etag != "" {
		if strings.HasPrefix(u.etag, "W/") {
			u.findings.settle("etag", "weak-matched", "weak, and If-Match takes it")
		}
		if moved {
			u.findings.settle("etag-moves", "visit", "two reads have two ETags, and the newer one is taken")
		} else {
			u.findings.settle("etag-moves", "never", "two reads have one ETag")
		}
	}
	return u.notePatchAnswer(ctx, got)
}

func stale(status int) bool {
	return status == http.StatusPreconditionFailed || status == http.StatusConflict || status == http.StatusPreconditionRequired
}

func (u *suite) noteStale(got answer) {
	u.findings.settle("stale-code", strconv.Itoa(got.status), got.words())
}

func (u *suite) notePatchAnswer(ctx context.Context, got answer) error {
	after, err := u.get(ctx, u.rich)
	if err != nil {
		return err
	}
	text, _ := at(after.object(), "customization", "tf_live_text")
	style := answerStyle(got)
	switch {
	case text != "one":
		u.findings.strange("patch-answer", got.words()+", and the key is not there afterwards")
	case style == "":
		u.findings.strange("patch-answer", got.words()+", and the change took effect")
	default:
		u.patchAnswerStyle = style
		u.findings.settle("patch-answer", style, got.words())
	}
	return nil
}

// answerStyle is the position of patch-answer that an answer looks like.
func answerStyle(got answer) string {
	switch object := got.object(); {
	case got.status == http.StatusNotModified:
		return "304"
	case got.status == http.StatusNoContent:
		return "no-content"
	case !got.ok():
		return ""
	case object["deployment_id"] != nil:
		return "document"
	case len(got.body) == 0:
		return "empty"
	case object["message"] != nil:
		return "message"
	}
	return ""
}

func (u *suite) checkUnchanged(ctx context.Context) error {
	got, err := u.patch(ctx, u.rich, `[{"op": "add", "path": "/customization/tf_live_text", "value": "one"}]`)
	if err != nil {
		return err
	}
	switch style := answerStyle(got); {
	case style == "304":
		u.findings.settle("unchanged", "304", got.words())
	case style != "" && style == u.patchAnswerStyle:
		u.findings.settle("unchanged", "answer", "the same as for a change")
	default:
		u.findings.strange("unchanged", got.words())
	}
	return nil
}

// checkStale sends the ETag of the very first read, which is older than a change.
func (u *suite) checkStale(ctx context.Context) error {
	if u.etag == "" || u.neverMatches {
		return nil // the answer is known
	}
	got, err := u.patch(ctx, u.rich, `[{"op": "add", "path": "/customization/tf_live_text", "value": "two"}]`,
		"If-Match", u.first.header.Get("ETag"))
	if err != nil {
		return err
	}
	if stale(got.status) {
		u.noteStale(got)
	} else {
		u.findings.strange("stale-code", "an old ETag is answered "+got.words()+"; nothing guards an edit between GET and PATCH")
	}
	return nil
}

func (u *suite) checkReadOnly(ctx context.Context) error {
	before, err := u.get(ctx, u.rich)
	if err != nil {
		return err
	}
	made := before.object()["created_at"]
	const name = "read-only-patch"
	_, err = u.refusedOrNot(ctx, name, u.rich, `[{"op": "add", "path": "/created_at", "value": "2001-01-01T00:00:00Z"}]`,
		func(doc map[string]any) bool { return !same(doc["created_at"], made) })
	if err == nil && u.findings[name].position == "accepted" {
		u.findings.strange(name, "created_at can be changed")
	}
	return err
}

func (u *suite) checkStatus(ctx context.Context) error {
	status := "inactive"
	if u.second.object()["status"] == status {
		status = "active"
	}
	_, err := u.refusedOrNot(ctx, "status-patch", u.rich, fmt.Sprintf(`[{"op": "add", "path": "/status", "value": %q}]`, status),
		func(doc map[string]any) bool { return doc["status"] == status })
	return err
}

func (u *suite) checkPassword(ctx context.Context) error {
	_, err := u.refusedOrNot(ctx, "password-patch", u.rich, fmt.Sprintf(`[{"op": "add", "path": "/password", "value": %q}]`, rand.Text()),
		func(doc map[string]any) bool { return doc["has_password"] == true })
	if err != nil || u.findings["password-patch"].position != "accepted" {
		return err
	}
	if _, err = u.patch(ctx, u.rich, `[{"op": "add", "path": "/password", "value": null}]`); err != nil {
		return err
	}
	after, err := u.get(ctx, u.rich)
	if err == nil && after.object()["has_password"] == true {
		u.findings.strange("password-patch", "a password can be set, but null does not clear it")
	}
	return err
}

// checkPal needs a second PAL of the account. It reads the list and changes none.
func (u *suite) checkPal(ctx context.Context) error {
	listed, err := u.probe.send(ctx, http.MethodGet, "/v2/pals?limit=10", "")
	if err != nil {
		return err
	}
	items, _ := listed.object()["data"].([]any)
	other := ""
	for _, pal := range items {
		object, _ := pal.(map[string]any)
		if id, _ := object["pal_id"].(string); id != "" && id != u.pal {
			other = id
			break
		}
	}
	if other == "" {
		u.findings.open("pal-patch", "the account has one PAL only")
		u.findings.open("thumbnails", "the account has one PAL only")
		return nil
	}
	const key = "thumbnail_image_url"
	before, err := u.get(ctx, u.rich)
	if err != nil {
		return err
	}
	after, err := u.refusedOrNot(ctx, "pal-patch", u.rich, fmt.Sprintf(`[{"op": "add", "path": "/pal_id", "value": %s}]`, quote(other)),
		func(doc map[string]any) bool { return doc["pal_id"] == other })
	if err != nil {
		return err
	}
	if _, known := u.findings["thumbnails"]; known {
		return nil
	}
	switch was, is := before.object()[key], after.object()[key]; {
	case was != nil && u.second.object()[key] == nil:
		u.findings.settle("thumbnails", "late", "some reads after the create")
	case u.findings["pal-patch"].position != "accepted":
		u.findings.open("thumbnails", "the PAL cannot be changed")
	case was == nil:
		u.findings.open("thumbnails", "the deployment has none")
	case same(was, is):
		u.findings.settle("thumbnails", "stay", "the same after a change of the PAL; they can also come late, or the two PALs share a face")
	default:
		u.findings.settle("thumbnails", "follow", "others after a change of the PAL")
	}
	return nil
}

// checkRefill removes a key that the server put into the bare deployment.
func (u *suite) checkRefill(ctx context.Context) error {
	before, err := u.get(ctx, u.bare)
	if err != nil {
		return err
	}
	for _, setting := range []string{"customization", "limits"} {
		object, _ := before.object()[setting].(map[string]any)
		if len(object) == 0 {
			continue
		}
		key := slices.Min(slices.Collect(maps.Keys(object)))
		pointer := "/" + setting + "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(key)
		got, err := u.patch(ctx, u.bare, fmt.Sprintf(`[{"op": "remove", "path": %s}]`, quote(pointer)))
		if err != nil {
			return err
		}
		after, err := u.get(ctx, u.bare)
		if err != nil {
			return err
		}
		_, still := at(after.object(), setting, key)
		switch {
		case !got.ok() && got.status != http.StatusNotModified:
			u.findings.strange("refill", pointer+" cannot be removed: "+got.words())
		case still:
			u.findings.settle("refill", "default", pointer+" comes back")
		default:
			u.findings.settle("refill", "none", pointer+" stays away")
		}
		return nil
	}
	u.findings.open("refill", "the server put no key into a new deployment")
	return nil
}
