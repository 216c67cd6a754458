package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// unusual is what servers like to rewrite: a colour in capitals, a list that is not
// sorted, a number beyond 2^53, null, and an empty object.
const unusual = `{"tf_live": {"colour": "#FFF", "list": ["a", "c", "b"], "number": 12345678901234567891, "nothing": null, "empty": {}}}`

func (u *suite) checkKey(ctx context.Context) error {
	got, err := u.probe.send(ctx, http.MethodGet, "/v2/pals/"+u.pal, "")
	if err != nil {
		return err
	}
	u.noteDate(got)
	if got.status == http.StatusUnauthorized || got.status == http.StatusForbidden {
		return fmt.Errorf("the server refuses the key: %s; check TAVUS_API_KEY, and whether the key is bound to IP addresses", got.words())
	}
	if !got.ok() {
		return fmt.Errorf("the server does not give the PAL: %s; check TAVUS_PAL_ID", got.words())
	}
	return nil
}

func (u *suite) noteDate(got answer) {
	if got.header.Get("Date") == "" {
		u.findings.settle("date", "absent", "no Date header; a create whose reply is lost is never adopted")
	} else {
		u.findings.settle("date", "sent", "a Date header")
	}
}

func (u *suite) checkUnknownID(ctx context.Context) error {
	got, err := u.probe.send(ctx, http.MethodGet, item("00000000-0000-4000-8000-000000000000"), "")
	if err != nil {
		return err
	}
	switch got.status {
	case http.StatusNotFound:
		u.findings.settle("unknown-id", "404", got.words())
	case http.StatusBadRequest:
		u.findings.settle("unknown-id", "400", got.words())
	default:
		u.findings.strange("unknown-id", got.words())
	}
	object, text := got.object(), strings.TrimSpace(string(got.body))
	_, isError := object["error"].(string)
	_, isMessage := object["message"].(string)
	switch {
	case isError:
		u.findings.settle("errors", "error", got.words())
	case isMessage:
		u.findings.settle("errors", "message", got.words())
	case strings.HasPrefix(text, "<"):
		u.findings.settle("errors", "html", "a page in "+got.header.Get("Content-Type"))
	case object == nil && text != "":
		u.findings.settle("errors", "text", fmt.Sprintf("%q", shorten(text)))
	default:
		u.findings.strange("errors", fmt.Sprintf("%d with a body of %d bytes and neither error nor message in it", got.status, len(text)))
	}
	return nil
}

// create makes a deployment and keeps its id for the clean-up.
func (u *suite) create(ctx context.Context, body string) (answer, string, error) {
	got, err := u.probe.send(ctx, http.MethodPost, deployments, body)
	if err != nil || !got.ok() {
		return got, "", err
	}
	id, _ := got.object()["deployment_id"].(string)
	if id == "" {
		return got, "", fmt.Errorf("the answer to a create has no deployment_id: %s", got.words())
	}
	u.made = append(u.made, id)
	return got, id, nil
}

func quote(text string) string {
	out, _ := json.Marshal(text) // a string can always be written
	return string(out)
}

func (u *suite) checkRichCreate(ctx context.Context) error {
	name, origin := u.name+" Q&A (beta)", "https://TF-Live.Example.com"
	required := fmt.Sprintf(`"pal_id": %s, "channel": "widget"`, quote(u.pal))
	got, id, err := u.create(ctx, fmt.Sprintf(`{%s, "name": %s, "allowed_origins": [%s], "customization": %s}`,
		required, quote(name), quote(origin), unusual))
	if err != nil {
		return err
	}
	if id == "" {
		for _, of := range []string{"names", "origins", "colours", "lists", "numbers", "nulls", "empty-objects"} {
			u.findings.open(of, "a create with unusual values is refused: "+got.words())
		}
		if got, id, err = u.create(ctx, fmt.Sprintf(`{%s, "name": %s}`, required, quote(u.name))); err != nil {
			return err
		}
		if id == "" {
			return fmt.Errorf("no deployment can be created: %s", got.words())
		}
	}
	u.rich, u.richMade = id, got.object()
	u.noteCreate(got)
	read, err := u.get(ctx, id)
	if err != nil {
		return err
	}
	u.first = read
	u.noteValues(read.object(), name, origin)
	return nil
}

func (u *suite) noteCreate(got answer) {
	f := u.findings
	switch got.status {
	case http.StatusOK, http.StatusCreated:
		f.settle("create-code", strconv.Itoa(got.status), "of a create")
	default:
		f.strange("create-code", got.words())
	}
	if tag := got.header.Get("ETag"); tag == "" {
		f.settle("etag-on-create", "no", "a create answers without an ETag")
	} else {
		f.settle("etag-on-create", "yes", "ETag: "+tag)
	}
	switch status := got.object()["status"]; status {
	case "active", "draft", "inactive":
		f.settle("status-after-create", fmt.Sprint(status), "of a new deployment")
	default:
		f.strange("status-after-create", fmt.Sprintf("%v", status))
	}
}

// one settles a switch whose positions are "kept" and another one, by what a value
// has become.
func (u *suite) one(name string, got, keptValue any, changed string, changedValue any) {
	switch {
	case same(got, keptValue):
		u.findings.settle(name, "kept", fmt.Sprintf("%v is kept", keptValue))
	case same(got, changedValue):
		u.findings.settle(name, changed, fmt.Sprintf("%v becomes %v", keptValue, got))
	default:
		u.findings.strange(name, fmt.Sprintf("%v becomes %v", keptValue, got))
	}
}

func (u *suite) noteValues(doc map[string]any, name, origin string) {
	if _, refused := u.findings["names"]; refused {
		return
	}
	u.one("names", doc["name"], name, "stripped", u.name+" QA beta")
	u.one("origins", doc["allowed_origins"], []any{origin}, "lowered", []any{strings.ToLower(origin)})
	value := func(key string) any {
		found, _ := at(doc, "customization", "tf_live", key)
		return found
	}
	u.one("colours", value("colour"), "#FFF", "lowered", "#ffffff")
	u.one("lists", value("list"), []any{"a", "c", "b"}, "reordered", []any{"c", "b", "a"})
	if list, is := value("list").([]any); is && same(list, []any{"a", "b", "c"}) {
		u.findings.settle("lists", "reordered", "sorted upwards, where the simulator sorts downwards")
	}
	number, isNumber := value("number").(json.Number)
	switch {
	case !isNumber:
		u.findings.strange("numbers", fmt.Sprintf("a number becomes %T", value("number")))
	case number == "12345678901234567891":
		u.findings.settle("numbers", "kept", "20 digits are kept")
	default:
		u.findings.settle("numbers", "rounded", "12345678901234567891 becomes "+number.String())
	}
	for _, of := range []struct{ name, key string }{{"nulls", "nothing"}, {"empty-objects", "empty"}} {
		if _, has := at(doc, "customization", "tf_live", of.key); has {
			u.findings.settle(of.name, "kept", "the member is kept")
		} else {
			u.findings.settle(of.name, "dropped", "the member is dropped")
		}
	}
}

func (u *suite) checkBareCreate(ctx context.Context) error {
	name, _ := u.first.object()["name"].(string)
	if name == "" {
		name = u.name
	}
	body := `{"pal_id": %s, "channel": "widget", "name": %s}`
	got, id, err := u.create(ctx, fmt.Sprintf(body, quote(u.pal), quote(name)))
	if err != nil {
		return err
	}
	if id != "" {
		u.findings.settle("duplicate-names", "allowed", "two deployments have the same name")
	} else {
		if got.status == http.StatusConflict {
			u.findings.settle("duplicate-names", "refused", got.words())
		} else {
			u.findings.strange("duplicate-names", got.words())
		}
		if got, id, err = u.create(ctx, fmt.Sprintf(body, quote(u.pal), quote(u.name+" bare"))); err != nil {
			return err
		}
		if id == "" {
			return fmt.Errorf("no second deployment can be created: %s", got.words())
		}
	}
	u.bare = id
	read, err := u.get(ctx, id)
	if err != nil {
		return err
	}
	u.noteUnset(read.object())
	return nil
}

func (u *suite) noteUnset(doc map[string]any) {
	settings, _ := doc["customization"].(map[string]any)
	limits, _ := doc["limits"].(map[string]any)
	if len(settings)+len(limits) > 0 {
		u.findings.settle("defaults", "filled", fmt.Sprintf("%d keys in customization and %d in limits that nobody sent", len(settings), len(limits)))
	} else {
		u.findings.settle("defaults", "none", "no keys that nobody sent")
	}
	switch origins, has := doc["allowed_origins"]; {
	case !has:
		u.findings.settle("unset", "absent", "allowed_origins that nobody set are absent")
	case origins == nil:
		u.findings.settle("unset", "null", "allowed_origins that nobody set are null")
	default:
		u.findings.settle("unset", "object", fmt.Sprintf("allowed_origins that nobody set are %v", origins))
	}
}
