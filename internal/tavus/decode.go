package tavus

import (
	"encoding/json"
	"errors"
	"strings"
)

// wholeFields are the fields of a whole document, docs.tavus.io/api-reference/deployments/get-deployment.
// replica_thumbnail_video_url is left out: it is documented as removed.
var wholeFields = []string{
	"deployment_id", "pal_id", "channel", "status", "name", "has_password", "customization", "limits",
	"allowed_origins", "thumbnail_video_url", "thumbnail_image_url", "usage_total", "usage_today", "created_at", "updated_at",
}

// decodeDeployment reads a document that may lack any field but its id. The
// object is returned too, for callers that ask which fields were there.
func decodeDeployment(body []byte) (*Deployment, *object, error) {
	if err := checkJSON(body); err != nil {
		return nil, nil, err
	}
	o, err := newObject(body, "the answer")
	if err != nil {
		return nil, nil, err
	}
	d := &Deployment{
		DeploymentID:      o.id("deployment_id"),
		PalID:             o.str("pal_id"),
		Channel:           o.str("channel"),
		Status:            o.str("status"),
		Name:              o.str("name"),
		HasPassword:       o.boolean("has_password"),
		Customization:     o.rawObject("customization"),
		Limits:            o.rawObject("limits"),
		AllowedOrigins:    o.strs("allowed_origins"),
		ThumbnailVideoURL: o.str("thumbnail_video_url"),
		ThumbnailImageURL: o.str("thumbnail_image_url"),
		UsageTotal:        o.count("usage_total"),
		UsageToday:        o.count("usage_today"),
		CreatedAt:         o.str("created_at"),
		UpdatedAt:         o.str("updated_at"),
	}
	if o.err != nil {
		return nil, o, o.err
	}
	if d.DeploymentID == "" {
		return nil, o, errors.New("the answer is not a deployment: it has no deployment_id")
	}
	return d, o, nil
}

// decodeListed reads one item of a list. A missing id is the caller's to judge.
func decodeListed(raw json.RawMessage) (*ListedDeployment, error) {
	d, o, err := decodeDeployment(raw)
	if err != nil {
		return nil, err
	}
	return &ListedDeployment{Deployment: *d, Partial: !o.has(wholeFields...)}, nil
}

// isDocument says whether an answer is a deployment with this id. A server may also
// answer a write with a message, with nothing, or with a part.
func isDocument(d *Deployment, id string) bool {
	return d != nil && d.DeploymentID == id && d.PalID != "" && d.Channel != ""
}

// answerFields are what an answer to a write has at the least, if it is the
// document. What is not set may be absent.
var answerFields = []string{
	"pal_id", "channel", "status", "has_password", "thumbnail_video_url", "thumbnail_image_url", "created_at",
}

// isWhole says whether the answer to a write shows all that there is to know
// afterwards: what was written, too. What an answer leaves out would else count as gone.
func isWhole(o *object, written []string) bool {
	return o.has(answerFields...) && o.has(written...)
}

// settledContent is the document without what moves by itself: counters, the
// time of change, and the signature in the address of a thumbnail. Two equal
// texts mean that nobody edited the deployment between two reads.
func settledContent(o *object) string {
	settled := make(map[string]json.RawMessage, len(o.fields))
	for name, raw := range o.fields {
		switch {
		case strings.HasPrefix(name, "usage_") || name == "updated_at":
			continue
		case strings.HasSuffix(name, "_url"):
			var s string
			if json.Unmarshal(raw, &s) == nil {
				s, _, _ = strings.Cut(s, "?")
				raw, _ = json.Marshal(s)
			}
		}
		settled[name] = raw
	}
	// A map is marshalled with its keys in order, and raw values are compacted.
	text, err := json.Marshal(settled)
	if err != nil {
		return ""
	}
	return string(text)
}
