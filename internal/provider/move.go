package provider

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"path"
	"strings"

	attribute "github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/tavus/terraform-provider-tavus/internal/ownership"
)

// A moved block (Terraform 1.8) brings an object here that one of the generic REST
// providers manages: Mastercard/restapi or magodo/restful. The id and what the source
// shows of arguments that replace the object are taken; the mark of an import does the
// rest. Nothing is asked of the server: Terraform moves before it configures the provider.

// MoveState implements the resource's interface.
func (r *kindResource) MoveState(context.Context) []resource.StateMover {
	if !r.kind.moved {
		return nil
	}
	return []resource.StateMover{{StateMover: r.move}}
}

// genericState is what is read of the state of a generic provider. A restapi_object has
// the server's answer in api_response, its members as texts in api_data, and what the user
// wrote in data. A restful_resource has the path of the object as its id, the answer in
// output, and the user's part in body; these two are a JSON text, or a dynamic value
// {"value": …, "type": …}.
type genericState struct {
	ID          string          `json:"id"`
	Path        string          `json:"path"`
	Data        json.RawMessage `json:"data"`
	APIData     json.RawMessage `json:"api_data"`
	APIResponse json.RawMessage `json:"api_response"`
	Body        json.RawMessage `json:"body"`
	Output      json.RawMessage `json:"output"`
}

func (r *kindResource) move(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
	target := "tavus_" + r.kind.name
	refuse := func(why string) {
		resp.Diagnostics.AddError(fmt.Sprintf("Cannot move a %s to %s", req.SourceTypeName, target),
			fmt.Sprintf("%s. Take the source out of the state with a removed block (lifecycle { destroy = false }), and write an import block "+
				"with the ID of the %s.", why, r.kind.api.Noun))
	}
	if req.SourceTypeName != "restapi_object" && req.SourceTypeName != "restful_resource" {
		refuse(fmt.Sprintf("The source is of the provider %s, and only a restapi_object or a restful_resource can become a %s",
			req.SourceProviderAddress, target))
		return
	}
	var source genericState
	if req.SourceRawState == nil || json.Unmarshal(req.SourceRawState.JSON, &source) != nil {
		refuse("Its state has another form than the provider knows")
		return
	}
	collection, id := source.location(req.SourceTypeName)
	documents := source.documents()
	if why := r.notOfKind(collection, id, documents); why != "" {
		refuse(why)
		return
	}
	set := func(name, value string) {
		resp.Diagnostics.Append(resp.TargetState.SetAttribute(ctx, attribute.Root(name), value)...)
	}
	set("id", id)
	set(r.kind.id(), id)
	for i := range r.kind.fields {
		f := &r.kind.fields[i]
		if f.use != required && !f.fixed {
			continue
		}
		value := firstText(documents, f.pointer())
		if value == "" && f.replaces && f.use == required {
			// A plan without a refresh would take it for another value, and replace the object.
			refuse(fmt.Sprintf("Its state shows no %s for %s", f.name, id))
			return
		}
		if value != "" {
			set(f.name, value)
		}
	}
	if resp.TargetIdentity != nil {
		resp.TargetIdentity.Raw = r.identity(resp.TargetIdentity, values{"id": textValue(id)})
	}
	setImported(ctx, resp.TargetPrivate, true, &resp.Diagnostics)
}

// location returns the path of the collection, without a query that may hold a secret, and
// the id of the object.
func (s *genericState) location(sourceType string) (collection, id string) {
	if sourceType == "restful_resource" {
		return splitPath(s.ID)
	}
	collection, last := splitPath(s.Path)
	return collection + "/" + last, s.ID
}

func splitPath(text string) (collection, last string) {
	location, err := url.Parse(strings.TrimSpace(text))
	if err != nil {
		return "", ""
	}
	clean := path.Clean("/" + location.Path)
	return strings.TrimSuffix(path.Dir(clean), "/"), strings.TrimPrefix(path.Base(clean), "/")
}

// documents are the server's last answer and what the user wrote, as far as they can be read.
func (s *genericState) documents() []*ownership.Document {
	var all []*ownership.Document
	for _, raw := range []json.RawMessage{s.APIResponse, s.Output, s.APIData, s.Data, s.Body} {
		if document := readDynamic(raw); !document.Empty() {
			all = append(all, document)
		}
	}
	return all
}

func readDynamic(raw json.RawMessage) *ownership.Document {
	var inner string
	if json.Unmarshal(raw, &inner) == nil {
		raw = json.RawMessage(inner)
	}
	document, err := ownership.ParseServer(raw)
	if err != nil {
		return nil
	}
	if value := document.Object("/value"); value != nil {
		document = value
	}
	return document
}

func firstText(documents []*ownership.Document, pointer string) string {
	for _, document := range documents {
		value, _ := document.At(pointer)
		if s, ok := value.(string); ok && s != "" {
			return s
		}
	}
	return ""
}

// notOfKind says why the source is no object of the kind; empty: it is one. Other objects of
// the API can name one, too, so the ids have to agree.
func (r *kindResource) notOfKind(collection, id string, documents []*ownership.Document) string {
	shown := firstText(documents, "/"+r.kind.api.ID)
	switch {
	case strings.TrimSpace(id) == "":
		return "Its state has no id"
	case shown != "" && shown != id:
		return fmt.Sprintf("Its id is %s, but the %s in its last answer is %s", id, r.kind.api.ID, shown)
	case shown == "" && path.Base(collection) != path.Base(r.kind.api.Path):
		return fmt.Sprintf("The object %s is in %s, which is not the path of %s, and its last answer has no %s", id, collection, r.kind.plural,
			r.kind.api.ID)
	}
	return ""
}
