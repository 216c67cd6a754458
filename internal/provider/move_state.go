package provider

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// A `moved` block (Terraform 1.8) brings a deployment here that another
// provider manages: the generic REST providers Mastercard/restapi and
// magodo/restful. Only the ID, the PAL and the channel are taken from their
// state. The mark of an import does the rest: the next Read takes the whole
// document, and no key counts as written by Terraform, so nothing is ever
// removed because it was moved.
//
// Nothing is asked of the server here: Terraform moves before it configures
// the provider. So whether the source is a deployment is decided by what its
// state shows.

var _ resource.ResourceWithMoveState = (*deploymentResource)(nil)

// MoveState tells which sources of a moved block are known.
func (r *deploymentResource) MoveState(context.Context) []resource.StateMover {
	return []resource.StateMover{{StateMover: moveDeployment}}
}

// movedSource is the object of a generic provider, as its state shows it.
type movedSource struct {
	id       string
	paths    []string         // of the collection that it was created in
	document map[string]any   // the server's last answer; nil where the state has none
	sent     []map[string]any // what the user wrote
}

func moveDeployment(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
	summary := "Cannot move a " + req.SourceTypeName + " to tavus_deployment"
	var read func(json.RawMessage) (*movedSource, error)
	switch req.SourceTypeName {
	case "restapi_object":
		read = readRestAPI
	case "restful_resource":
		read = readRestful
	default:
		resp.Diagnostics.AddError(summary,
			fmt.Sprintf("The source is a %s of the provider %s, and only a restapi_object or a restful_resource can become a "+
				"tavus_deployment. For anything else, take the source out of the state with a removed block, and write an import "+
				"block with the deployment's ID.", req.SourceTypeName, req.SourceProviderAddress))
		return
	}
	refuse := func(why string) {
		resp.Diagnostics.AddError(summary, fmt.Sprintf("This %s is not taken for a Tavus deployment: %s. If it is one, take it out of "+
			"the state with a removed block (lifecycle { destroy = false }), and write an import block with the deployment's ID.",
			req.SourceTypeName, why))
	}
	source, err := read(req.SourceRawState.JSON)
	if err != nil {
		refuse(err.Error())
		return
	}
	if why := source.notADeployment(); why != "" {
		refuse(why)
		return
	}
	channel := source.field("channel")
	if channel == "" {
		// A plan without a refresh would take a missing channel for another one,
		// and a change of the channel replaces the deployment.
		refuse("its state shows no channel for " + source.id)
		return
	}
	root := func(name string, value types.String) {
		resp.Diagnostics.Append(resp.TargetState.SetAttribute(ctx, path.Root(name), value)...)
	}
	root("id", types.StringValue(source.id))
	root("deployment_id", types.StringValue(source.id))
	root("channel", types.StringValue(channel))
	root("pal_id", nullIfEmpty(source.field("pal_id")))
	if resp.TargetIdentity != nil {
		resp.Diagnostics.Append(resp.TargetIdentity.Set(ctx, deploymentIdentity{DeploymentID: types.StringValue(source.id)})...)
	}
	resp.Diagnostics.Append(resp.TargetPrivate.SetKey(ctx, importedKey, []byte("true"))...)
}

var errUnknownForm = errors.New("its state has another form than the provider knows")

// readRestAPI reads the state of a restapi_object (Mastercard/restapi, all
// versions). api_response is the server's answer as text, api_data its fields
// as Go prints them, data what the user wrote.
func readRestAPI(state json.RawMessage) (*movedSource, error) {
	var object struct {
		ID          string            `json:"id"`
		Path        string            `json:"path"`
		CreatePath  string            `json:"create_path"`
		ReadPath    string            `json:"read_path"`
		Data        string            `json:"data"`
		APIData     map[string]string `json:"api_data"`
		APIResponse string            `json:"api_response"`
	}
	if err := json.Unmarshal(state, &object); err != nil {
		return nil, errUnknownForm
	}
	source := &movedSource{id: object.ID, paths: []string{object.Path, object.CreatePath, object.ReadPath}}
	source.document = jsonObject([]byte(object.APIResponse))
	if source.document == nil && len(object.APIData) > 0 {
		source.document = map[string]any{}
		for name, value := range object.APIData {
			source.document[name] = value
		}
	}
	source.sent = append(source.sent, jsonObject([]byte(object.Data)))
	return source, nil
}

// readRestful reads the state of a restful_resource (magodo/restful, all
// versions). Its id is the path of the object. body and output were JSON text
// once and are dynamic values now, which a state holds as {"value", "type"}.
func readRestful(state json.RawMessage) (*movedSource, error) {
	var object struct {
		ID     string          `json:"id"`
		Path   string          `json:"path"`
		Body   json.RawMessage `json:"body"`
		Output json.RawMessage `json:"output"`
	}
	if err := json.Unmarshal(state, &object); err != nil {
		return nil, errUnknownForm
	}
	collection, id := splitPath(object.ID)
	source := &movedSource{id: id, paths: []string{collection}}
	if collection == "" {
		source.paths = []string{object.Path}
	}
	source.document = dynamicObject(object.Output)
	source.sent = append(source.sent, dynamicObject(object.Body))
	return source, nil
}

// splitPath takes the id from the end of a path such as /v2/deployments/ID. A
// whole address and a query are taken, too.
func splitPath(text string) (collection, id string) {
	if parsed, err := url.Parse(text); err == nil {
		text = parsed.EscapedPath()
	}
	text = strings.TrimRight(text, "/")
	at := strings.LastIndex(text, "/")
	id, err := url.PathUnescape(text[at+1:])
	if err != nil {
		id = text[at+1:]
	}
	return text[:max(at, 0)], id
}

// jsonObject returns nil for anything but an object.
func jsonObject(text []byte) map[string]any {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var value any
	if decoder.Decode(&value) != nil {
		return nil
	}
	return unwrapData(value)
}

// unwrapData takes {"data": {...}} and {"data": [{...}]} for what is inside,
// which is how siblings of the deployments answer.
func unwrapData(value any) map[string]any {
	object, _ := value.(map[string]any)
	if object["deployment_id"] != nil {
		return object
	}
	switch data := object["data"].(type) {
	case map[string]any:
		return data
	case []any:
		if len(data) == 1 {
			if only, ok := data[0].(map[string]any); ok {
				return only
			}
		}
	}
	return object
}

// dynamicObject reads a JSON text in a string, and the form in which a state
// holds a dynamic value.
func dynamicObject(raw json.RawMessage) map[string]any {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return jsonObject([]byte(text))
	}
	var dynamic struct {
		Value json.RawMessage `json:"value"`
		Type  json.RawMessage `json:"type"`
	}
	if json.Unmarshal(raw, &dynamic) == nil && dynamic.Value != nil && dynamic.Type != nil {
		return dynamicObject(dynamic.Value)
	}
	return jsonObject(raw)
}

// notADeployment says why the object is no deployment; empty: it is one. The
// server's answer decides where the state has it. Other objects of the API, such
// as conversations, can name a deployment, too, so the ids have to agree.
func (s *movedSource) notADeployment() string {
	if strings.TrimSpace(s.id) == "" {
		return "its state has no id"
	}
	if shown, ok := s.document["deployment_id"].(string); ok && shown != "" {
		if shown == s.id {
			return ""
		}
		return fmt.Sprintf("its id is %s, but the deployment_id in its last answer is %s", s.id, shown)
	}
	inCollection := false
	for _, path := range s.paths {
		path = strings.TrimSuffix(strings.TrimRight(path, "/"), "/{id}")
		_, last := splitPath(path)
		inCollection = inCollection || last == "deployments"
	}
	if !inCollection {
		where, last := splitPath(firstOf(s.paths)) // without a query, which may hold a secret
		return fmt.Sprintf("the object %s is in %s/%s, which is not the path of deployments, and its last answer has no deployment_id",
			s.id, where, last)
	}
	return ""
}

// field returns a text of the server's answer, or else of what the user wrote.
func (s *movedSource) field(name string) string {
	for _, object := range append([]map[string]any{s.document}, s.sent...) {
		if text, ok := object[name].(string); ok && text != "" {
			return text
		}
	}
	return ""
}

func firstOf(texts []string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}
