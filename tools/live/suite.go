package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// suite is one run: what the questions share.
type suite struct {
	probe    *probe
	pal      string
	name     string // begins the name of everything that this run makes
	id       string // of the deployment that is asked about
	findings []finding
}

// finding is what the API does about one thing that its documentation leaves open.
type finding struct {
	name     string // of the simulator's switch
	position string // of the switch that does the same; empty: none is known
	words    string // what was seen, or why the question stays open
}

func (s *suite) settle(name, position, words string) {
	s.findings = append(s.findings, finding{name, position, words})
}

// ask goes through the questions. Each builds on those before it, so an error ends
// them.
func (s *suite) ask(ctx context.Context) error {
	for _, question := range []struct {
		about string
		ask   func(context.Context) error
	}{
		{"a create", s.askCreate},
		{"a PATCH", s.askPatch},
		{"the ETag", s.askETag},
		{"the members that may be fixed", s.askMembers},
		{"the list", s.askList},
	} {
		if err := question.ask(ctx); err != nil {
			return fmt.Errorf("%s: %w", question.about, err)
		}
	}
	return nil
}

// report writes a line for each finding, then the flags of a simulator of this API.
func (s *suite) report(out io.Writer) {
	flags := []string{"tavus-simulator"}
	fmt.Fprintf(out, "\nSeen with %d requests. Switch of the simulator, its position:\n", s.probe.count)
	for _, f := range s.findings {
		if f.position != "" {
			flags = append(flags, "-"+f.name+"="+f.position)
		}
		fmt.Fprintf(out, "  %-16s %-10s %s\n", f.name, f.position, f.words)
	}
	fmt.Fprintf(out, "\nA simulator of this API:\n  %s\n", strings.Join(flags, " "))
}

// askCreate makes the deployment that is asked about, and a second one for the list.
// What nobody set shows how unset members come back.
func (s *suite) askCreate(ctx context.Context) error {
	for _, name := range []string{s.name + "two", s.name} {
		got, err := s.probe.send(ctx, http.MethodPost, deployments, fmt.Sprintf(`{"pal_id": %q, "channel": "widget", "name": %q}`, s.pal, name))
		if err != nil {
			return err
		}
		if s.id, _ = got.object()["deployment_id"].(string); s.id == "" {
			return fmt.Errorf("no deployment is made: %s; check TAVUS_API_KEY and TAVUS_PAL_ID", got.words())
		}
	}
	got, err := s.get(ctx)
	if err != nil {
		return err
	}
	switch origins, has := got.object()["allowed_origins"]; {
	case !has:
		s.settle("unset", "absent", "allowed_origins that nobody set are absent")
	case origins == nil:
		s.settle("unset", "null", "allowed_origins that nobody set are null")
	default:
		s.settle("unset", "empty", fmt.Sprintf("allowed_origins that nobody set are %v", origins))
	}
	return nil
}

func (s *suite) get(ctx context.Context) (answer, error) {
	got, err := s.probe.send(ctx, http.MethodGet, one(s.id), "")
	if err == nil && got.object() == nil {
		err = fmt.Errorf("a deployment that was just made cannot be read: %s", got.words())
	}
	return got, err
}

// patch sets one member to a JSON value.
func (s *suite) patch(ctx context.Context, path, value string, header ...string) (answer, error) {
	return s.probe.send(ctx, http.MethodPatch, one(s.id), fmt.Sprintf(`[{"op": "add", "path": %q, "value": %s}]`, path, value), header...)
}

// askPatch asks what a PATCH answers.
func (s *suite) askPatch(ctx context.Context) error {
	first, err := s.patch(ctx, "/customization", `{"terms_content": "one"}`)
	if err != nil {
		return err
	}
	got, err := s.get(ctx)
	if err != nil {
		return err
	}
	settings, _ := got.object()["customization"].(map[string]any)
	if settings["terms_content"] != "one" {
		return fmt.Errorf("a key that was patched is not there afterwards: %s", first.words())
	}
	s.settle("patch-answer", style(first), first.words())
	return nil
}

// style is the position of patch-answer that an answer looks like.
func style(got answer) string {
	switch object := got.object(); {
	case got.status == http.StatusNoContent:
		return "no-content"
	case object["deployment_id"] != nil:
		return "document"
	case object["message"] != nil:
		return "message"
	case got.ok() && got.value == nil:
		return "empty"
	}
	return ""
}

// askETag asks for the form of the ETag, whether a fresh one is taken, and what is
// said to a stale one.
func (s *suite) askETag(ctx context.Context) error {
	got, err := s.get(ctx)
	if err != nil {
		return err
	}
	tag := got.header.Get("ETag")
	switch {
	case tag == "":
		s.settle("etag", "none", "nothing guards an edit between GET and PATCH")
		return nil
	case strings.HasPrefix(tag, "W/"):
		s.settle("etag", "weak", tag)
	default:
		s.settle("etag", "strong", tag)
	}
	for _, text := range []string{"two", "three"} {
		answer, err := s.patch(ctx, "/customization/terms_content", strconv.Quote(text), "If-Match", tag)
		if err != nil {
			return err
		}
		switch refused := answer.status == http.StatusPreconditionFailed || answer.status == http.StatusConflict ||
			answer.status == http.StatusPreconditionRequired; {
		case text == "two" && refused:
			s.settle("stale-code", strconv.Itoa(answer.status), "NOT LIKE THE SIMULATOR: a fresh ETag is refused: "+answer.words())
			return nil
		case text == "three" && refused:
			s.settle("stale-code", strconv.Itoa(answer.status), answer.words())
		case text == "three":
			s.settle("stale-code", "", "NOT LIKE THE SIMULATOR: a stale ETag is taken: "+answer.words())
		}
	}
	return nil
}

// askMember settles a switch that is about one member: accepted, refused or ignored.
func (s *suite) askMember(ctx context.Context, name, path, value string, took func(document map[string]any) bool) error {
	got, err := s.patch(ctx, path, strconv.Quote(value))
	if err != nil {
		return err
	}
	after, err := s.get(ctx)
	if err != nil {
		return err
	}
	switch {
	case took(after.object()):
		s.settle(name, "accepted", got.words())
	case got.ok() || got.status == http.StatusNotModified:
		s.settle(name, "ignored", got.words()+", and nothing changed")
	default:
		s.settle(name, "refused", got.words())
	}
	return nil
}

// askMembers asks whether status, password and PAL can be patched. For the PAL it
// needs a second one of the account.
func (s *suite) askMembers(ctx context.Context) error {
	got, err := s.get(ctx)
	if err != nil {
		return err
	}
	status := "inactive"
	if got.object()["status"] == status {
		status = "active"
	}
	err = errors.Join(
		s.askMember(ctx, "status-patch", "/status", status, func(doc map[string]any) bool { return doc["status"] == status }),
		s.askMember(ctx, "password-patch", "/password", "of-a-test", func(doc map[string]any) bool { return doc["has_password"] == true }))
	if err != nil {
		return err
	}
	if got, err = s.probe.send(ctx, http.MethodGet, "/v2/pals?limit=10", ""); err != nil {
		return err
	}
	for _, pal := range got.items() {
		if id, _ := pal["pal_id"].(string); id != "" && id != s.pal {
			return s.askMember(ctx, "pal-patch", "/pal_id", id, func(doc map[string]any) bool { return doc["pal_id"] == id })
		}
	}
	s.settle("pal-patch", "", "the account has one PAL only")
	return nil
}

// askList asks for the form of the list, and which number its first page has. The
// name narrows the list to what this run has made.
func (s *suite) askList(ctx context.Context) error {
	var pages [3]answer // without a number, 0, 1
	for i, query := range []string{"", "&page=0", "&page=1"} {
		got, err := s.probe.send(ctx, http.MethodGet, deployments+"?limit=1&search="+url.QueryEscape(s.name)+query, "")
		if err != nil {
			return err
		}
		pages[i] = got
	}
	if len(pages[0].items()) == 0 {
		return fmt.Errorf("it does not hold the deployments of this run: %s", pages[0].words())
	}
	_, counted := pages[0].object()["total_count"]
	switch {
	case pages[0].object() == nil:
		s.settle("list-shape", "bare", "a list without an object around it")
	case counted:
		s.settle("list-shape", "wrapped", "data and total_count")
	default:
		s.settle("list-shape", "no-total", "data without total_count")
	}
	switch first := firstID(pages[0]); first {
	case firstID(pages[2]):
		s.settle("pages-from", "1", "page=1 is the first page")
	case firstID(pages[1]):
		s.settle("pages-from", "0", "page=0 is the first page, page=1 another one")
	default:
		s.settle("pages-from", "", "neither page=0 nor page=1 is the page that comes without a number")
	}
	return nil
}

func firstID(page answer) any {
	if items := page.items(); len(items) > 0 {
		return items[0]["deployment_id"]
	}
	return nil
}
