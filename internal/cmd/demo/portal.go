package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
)

// A portal does what people and visitors do, through the simulator's control
// API. It is the part of the story that Terraform knows nothing of.
type portal struct {
	url string // of the simulator
}

// request sends one request to the control API and reads its answer into out,
// unless that is nil.
func (p portal) request(ctx context.Context, method, path string, body, out any) (err error) {
	var text []byte
	if body != nil {
		if text, err = json.Marshal(body); err != nil {
			return err
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, p.url+"/_simulator/"+path, bytes.NewReader(text))
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, resp.Body.Close()) }()
	if resp.StatusCode >= http.StatusBadRequest {
		return fmt.Errorf("the simulator answered %s to %s %s", resp.Status, method, path)
	}
	if out == nil {
		return nil
	}
	return json.NewDecoder(resp.Body).Decode(out)
}

// deployments returns all documents by their names.
func (p portal) deployments(ctx context.Context) (map[string]document, error) {
	var answer struct {
		Deployments []document `json:"deployments"`
	}
	if err := p.request(ctx, http.MethodGet, "deployments", nil, &answer); err != nil {
		return nil, err
	}
	out := map[string]document{}
	for _, d := range answer.Deployments {
		out[d.text("name")] = d
	}
	return out, nil
}

// edit applies a JSON merge patch (RFC 7396) to a deployment.
func (p portal) edit(ctx context.Context, id string, patch map[string]any) error {
	return p.request(ctx, http.MethodPatch, "deployments/"+id, patch, nil)
}

func (p portal) visit(ctx context.Context, id string) error {
	return p.request(ctx, http.MethodPost, "deployments/"+id+"/visit", nil, nil)
}

// A sent is a request that the simulator saw.
type sent struct {
	Method string `json:"method"`
	Path   string `json:"path"`
	Status int    `json:"status"`
}

// takeRequests returns what the simulator saw since the last call.
func (p portal) takeRequests(ctx context.Context) ([]sent, error) {
	var answer struct {
		Requests []sent `json:"requests"`
	}
	if err := p.request(ctx, http.MethodGet, "requests", nil, &answer); err != nil {
		return nil, err
	}
	return answer.Requests, p.request(ctx, http.MethodDelete, "requests", nil, nil)
}

// A document is a deployment as the server stores it.
type document map[string]any

// text gives the text at a path of keys, or an empty one.
func (d document) text(path ...string) string {
	var value any = map[string]any(d)
	for _, key := range path {
		object, ok := value.(map[string]any)
		if !ok {
			return ""
		}
		value = object[key]
	}
	text, _ := value.(string)
	return text
}

// without returns a copy that lacks some fields of the top level.
func (d document) without(fields ...string) document {
	out := maps.Clone(d)
	for _, field := range fields {
		delete(out, field)
	}
	return out
}

// set writes a text to where there is one.
func (d document) set(text string, path ...string) error {
	object := map[string]any(d)
	for _, key := range path[:len(path)-1] {
		inner, ok := object[key].(map[string]any)
		if !ok {
			return fmt.Errorf("no object %s in the deployment", key)
		}
		object = inner
	}
	object[path[len(path)-1]] = text
	return nil
}

func (d document) id() string { return d.text("deployment_id") }

func (d document) number(key string) float64 {
	n, _ := d[key].(float64)
	return n
}
