package tavus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"strings"
)

const palsPath = "/v2/pals"

// Pal is what a deployment shows (docs.tavus.io/api-reference/pals). The layers
// of a PAL hold keys of other services, so the client never decodes them.
type Pal struct {
	PalID, Name, PalType, DefaultFaceID, PipelineMode string

	// CreatedAt and UpdatedAt are RFC 3339 text as the server wrote it.
	CreatedAt, UpdatedAt string
}

// PalFilter narrows a list of PALs. Empty fields do not narrow.
type PalFilter struct {
	// PalType is "user" or "system".
	PalType string

	// Search is a part of the name, without regard to case. The API has no such
	// filter for PALs, so the client compares.
	Search string
}

// GetPal reads one PAL.
func (c *Client) GetPal(ctx context.Context, id string) (*Pal, error) {
	path, err := itemPath(palsPath, id, "PAL")
	if err != nil {
		return nil, err
	}
	ctx, cancel := c.budget(ctx)
	defer cancel()
	request := &call{method: http.MethodGet, path: path, repeatable: true, json: true, mask: c.newMasker(ctx, nil)}
	answer, err := c.do(ctx, request)
	if err != nil {
		return nil, err
	}
	pals, err := decodePals(answer.body)
	if err != nil {
		return nil, c.badAnswer(request, answer, err)
	}
	for _, pal := range pals {
		if pal.PalID == id {
			return pal, nil
		}
	}
	if len(pals) > 0 {
		return nil, c.badAnswer(request, answer, fmt.Errorf("the server answered with another PAL, %s", pals[0].PalID))
	}
	return nil, &APIError{Status: http.StatusNotFound, Method: request.method, Path: path, Attempts: 1, Text: "the answer holds no PAL"}
}

// decodePals takes {"data": [{...}]}, {"data": {...}} and the bare object.
func decodePals(body []byte) ([]*Pal, error) {
	if kindOf(body) == "an object" {
		o, err := newObject(body, "the answer")
		if err != nil {
			return nil, err
		}
		if o.has("pal_id") || kindOf(o.fields["data"]) == "an object" {
			if !o.has("pal_id") {
				body = o.fields["data"]
			}
			pal, err := decodePal(body)
			if err != nil {
				return nil, err
			}
			return []*Pal{pal}, nil
		}
	}
	list, err := decodePage(body)
	if err != nil {
		return nil, err
	}
	var pals []*Pal
	for _, item := range list.items {
		pal, err := decodePal(item)
		if err != nil {
			return nil, err
		}
		pals = append(pals, pal)
	}
	return pals, nil
}

func decodePal(raw json.RawMessage) (*Pal, error) {
	o, err := newObject(raw, "the PAL")
	if err != nil {
		return nil, err
	}
	pal := &Pal{
		PalID:         o.str("pal_id"),
		Name:          o.str("pal_name"),
		PalType:       o.str("pal_type"),
		DefaultFaceID: o.str("default_face_id"),
		PipelineMode:  o.str("pipeline_mode"),
		CreatedAt:     o.str("created_at"),
		UpdatedAt:     o.str("updated_at"),
	}
	if o.err == nil && pal.PalID == "" {
		return nil, errors.New("the answer holds a PAL without a pal_id")
	}
	return pal, o.err
}

// ListPals streams the PALs that the filter lets through, each id once, as the
// pages arrive. After an error the sequence ends.
func (c *Client) ListPals(ctx context.Context, f PalFilter) iter.Seq2[*Pal, error] {
	return func(yield func(*Pal, error) bool) {
		ctx, cancel := c.budget(ctx)
		defer cancel()
		query := url.Values{}
		if f.PalType != "" {
			query.Set("pal_type", f.PalType)
		}
		wanted := strings.ToLower(f.Search)
		for item, err := range c.listPager(palsPath, query, 0, "pal_id", c.newMasker(ctx, nil)).all(ctx) {
			if err != nil {
				yield(nil, err)
				return
			}
			pal, err := decodePal(item.raw)
			if err != nil {
				yield(nil, fmt.Errorf("GET %s: %w", palsPath, err))
				return
			}
			if strings.Contains(strings.ToLower(pal.Name), wanted) && !yield(pal, nil) {
				return
			}
		}
	}
}
