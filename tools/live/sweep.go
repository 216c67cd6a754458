package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/tavus/terraform-provider-tavus/internal/tavus"
)

// kind is a type of object that runs make.
type kind struct {
	tavus.Collection
	name string // the member with the name
}

// kinds are in the order in which their objects can be deleted: those that name others come first.
var kinds = []kind{
	{tavus.Collection{Path: "/v2/deployments", ID: "deployment_id", Noun: "deployment"}, "name"},
	{tavus.Collection{Path: "/v2/pals", ID: "pal_id", Noun: "PAL"}, "pal_name"},
	{tavus.Collection{Path: "/v2/tools", ID: "tool_id", Noun: "tool"}, "name"},
	{tavus.Collection{Path: "/v2/guardrails", ID: "uuid", Noun: "guardrail", ListQuery: url.Values{"legacy": {"false"}}}, "guardrail_name"},
	{tavus.Collection{Path: "/v2/pronunciation-dictionaries", ID: "pronunciation_dictionary_id", Noun: "pronunciation dictionary"}, "name"},
	{tavus.Collection{Path: "/v2/objectives", ID: "objectives_id", Noun: "set of objectives"}, "objective_name"},
	{tavus.Collection{Path: "/v2/documents", ID: "document_id", Noun: "document", Ready: isRead}, "document_name"},
}

// isRead tells whether Tavus has finished with a document.
func isRead(document json.RawMessage) (status string, done bool) {
	status = parse(document).text("/status")
	return status, status == "ready" || status == "error"
}

// sweep deletes the objects whose names begin with a text, and those that this run knows it has
// made, by their paths: a list can lag behind.
func sweep(ctx context.Context, client *tavus.Client, name string, made map[string]bool, out io.Writer) error {
	deleted := 0
	var problems []error
	for i := range kinds {
		k := &kinds[i]
		ours := map[string]bool{} // by id
		for path := range made {
			if id, found := strings.CutPrefix(path, k.Path+"/"); found {
				ours[id] = true
			}
		}
		for object, err := range client.List(ctx, &k.Collection, nil) {
			switch {
			case err != nil:
				problems = append(problems, fmt.Errorf("cannot look for what is named %s...; delete it in the portal, or with -sweep: %w", name, err))
			case k.isNamed(parse(object.Document), name):
				ours[object.ID] = true
			}
		}
		for id := range ours {
			err := client.Delete(ctx, &k.Collection, id)
			if tavus.ReasonOf(err) == tavus.Conflict && k.Ready != nil {
				fmt.Fprintf(out, "\nWaiting, because the %s %s cannot be deleted yet...\n", k.Noun, id)
				_, _ = client.Wait(ctx, &k.Collection, &tavus.Object{ID: id}) // the next delete tells
				err = client.Delete(ctx, &k.Collection, id)
			}
			if err != nil && !tavus.IsGone(err) {
				problems = append(problems, fmt.Errorf("the %s %s is left behind; delete it in the portal, or with -sweep: %w", k.Noun, id, err))
				continue
			}
			deleted++
		}
	}
	fmt.Fprintf(out, "\nCleaned up: %d objects deleted.\n", deleted)
	return errors.Join(problems...)
}

// isNamed reports whether the name of an object begins with a text. A set of objectives has no
// name, so that of its first objective counts.
func (k *kind) isNamed(object answer, name string) bool {
	return strings.HasPrefix(strings.ToLower(object.text("/"+k.name)), name)
}
