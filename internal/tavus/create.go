package tavus

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// CreateRequest is the body of a create (docs.tavus.io/api-reference/deployments/create-deployment).
type CreateRequest struct {
	PalID, Channel string

	// Name is not sent when nil. Without a name, a create whose answer is lost cannot be adopted.
	Name *string

	// Password is not sent when empty.
	Password string

	// Customization and Limits are JSON objects, not sent when nil.
	Customization, Limits json.RawMessage

	// AllowedOrigins is not sent when nil; empty is sent as [].
	AllowedOrigins []string
}

// Creation is a deployment that was created.
type Creation struct {
	Deployment *Deployment

	// Adopted says that the answer was lost and the deployment was found by looking.
	Adopted bool
}

// creating is one create on its way.
type creating struct {
	client  *Client
	req     *CreateRequest
	body    []byte
	digest  digest
	door    *door
	mask    *masker
	request *call

	sentAt time.Time // when the last attempt began
	made   *Deployment
	whole  bool   // made is a whole document
	id     string // what the server called the new deployment, "" if unknown
	lost   bool   // the outcome is unknown, and the room knows of it
	// foreign says why the answer is about a deployment that this create did
	// not make, nil if it is not.
	foreign error
}

// CreateDeployment creates a deployment. The API has no idempotency key, so the
// request is repeated only when the server certainly did nothing. When nobody
// can know what the server did, the client looks for the deployment; if that
// does not find exactly what was asked for, the error is an
// *UnknownOutcomeError.
func (c *Client) CreateDeployment(ctx context.Context, req CreateRequest) (*Creation, error) {
	body, err := encodeCreate(&req)
	if err != nil {
		return nil, err
	}
	ctx, cancel := c.budget(ctx)
	defer cancel()
	a := &creating{
		client: c, req: &req, body: body, digest: sha256.Sum256(body),
		mask: c.newMasker(ctx, func() []string { return sentByCreate(&req) }),
	}
	a.door = c.room.door(a.doorKey())
	a.request = &call{method: http.MethodPost, path: deploymentsPath, body: body, write: true, mask: a.mask, hold: a.hold}
	answer, err := c.do(ctx, a.request)
	if a.id != "" {
		made, err := a.finish(ctx)
		if a.foreign == nil {
			return made, err
		}
		a.lost = true
		c.room.lost(a.digest, req)
	}
	switch {
	case err == nil:
		problem := cmp.Or(a.foreign, checkJSON(answer.body), errNoID)
		err = c.badAnswer(a.request, answer, problem)
	case !a.lost:
		return nil, err
	}
	return a.search(ctx, err)
}

// hold keeps a search for a twin out while a request is under way, and notes
// the outcome before the search can begin.
func (a *creating) hold(ctx context.Context) (func(*reply, *APIError), error) {
	leave, err := a.door.enter(ctx, false)
	if err != nil {
		return nil, err
	}
	a.sentAt = time.Now()
	return func(answer *reply, failure *APIError) {
		defer leave()
		if failure == nil {
			a.readAnswer(answer)
		}
		switch {
		case a.id != "":
			a.client.room.claim(a.id)
		case failure == nil || failure.unknown:
			a.lost = true
			a.client.room.lost(a.digest, *a.req)
		}
	}, nil
}

// readAnswer takes the id even out of an answer that cannot be used otherwise:
// what has an id is not lost.
func (a *creating) readAnswer(answer *reply) {
	if checkJSON(answer.body) != nil {
		return
	}
	body := answer.body
	o, err := newObject(body, "the answer")
	if err != nil {
		return
	}
	if inner := o.fields["data"]; !o.has("deployment_id") && kindOf(inner) == "an object" {
		body = inner
		if o, err = newObject(body, "the answer"); err != nil {
			return
		}
	}
	id := o.id("deployment_id")
	if made, o, err := decodeDeployment(body); err == nil {
		a.made, a.whole = made, isDocument(made, id) && isWhole(o, a.req.fields())
		a.foreign = a.isForeign(made, &page{header: answer.header, at: answer.at})
	}
	if id != "" && a.client.room.isClaimed(id) {
		a.foreign = fmt.Errorf(foreignText, id, "another resource has")
	}
	if a.foreign == nil {
		a.id = id
	}
}

var errNoID = errors.New("the answer to the create holds no deployment_id")

const foreignText = "the answer to the create shows the deployment %s, which %s; it was left alone"

// isForeign finds an answer that shows the deployment of somebody else, as when
// a proxy mixes up answers. Whoever takes it for the new one would change it, or
// delete it because it is not what was asked for. from is nil where the server's
// clock is not known.
func (a *creating) isForeign(d *Deployment, from *page) error {
	switch {
	case d.PalID != "" && d.PalID != a.req.PalID:
		return fmt.Errorf(foreignText, d.DeploymentID, "has another pal_id")
	case d.Channel != "" && d.Channel != a.req.Channel:
		return fmt.Errorf(foreignText, d.DeploymentID, "has another channel")
	case from != nil && isDocument(d, d.DeploymentID) && !fits(a.req, d) && a.undated(d, from) == "" && !a.isYoung(d, from):
		return fmt.Errorf(foreignText, d.DeploymentID, "is older and has other settings")
	}
	return nil
}

// finish completes an answer that is not the whole document.
func (a *creating) finish(ctx context.Context) (*Creation, error) {
	if a.whole {
		return &Creation{Deployment: a.made}, nil
	}
	unknown := &UnknownOutcomeError{Candidates: []string{a.id}, Searched: true}
	path, err := itemPath(deploymentsPath, a.id, "deployment")
	if err != nil {
		unknown.Err = err
		return nil, unknown
	}
	// The deployment exists, so its document is wanted even after an interrupt.
	readCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), searchLimit)
	defer cancel()
	live, err := a.client.read(readCtx, path, a.id, false, a.mask)
	if err != nil {
		unknown.Err = err
		return nil, unknown
	}
	if a.foreign = a.isForeign(live.Deployment, nil); a.foreign != nil {
		return nil, a.foreign
	}
	return &Creation{Deployment: live.Deployment}, nil
}

// fields are the names of what is sent beside pal_id and channel, as an answer has them.
func (r *CreateRequest) fields() []string {
	var names []string
	for name, sent := range map[string]bool{
		"name": r.Name != nil, "customization": r.Customization != nil, "limits": r.Limits != nil,
		"allowed_origins": len(r.AllowedOrigins) > 0,
	} {
		if sent {
			names = append(names, name)
		}
	}
	return names
}

// isNamed says that the name tells this deployment from others.
func (a *creating) isNamed() bool { return a.req.Name != nil && fold(*a.req.Name) != "" }

// doorKey is the same for creates that a search could take for each other: with
// a name, for all that agree in what is always compared; without one, where
// nothing is ever adopted, for the same body only.
func (a *creating) doorKey() string {
	if !a.isNamed() {
		return string(a.digest[:])
	}
	return a.req.PalID + "\x00" + a.req.Channel + "\x00" + fold(*a.req.Name)
}

func encodeCreate(req *CreateRequest) ([]byte, error) {
	var origins *[]string
	if req.AllowedOrigins != nil {
		origins = &req.AllowedOrigins
	}
	body, err := json.Marshal(struct {
		PalID          string          `json:"pal_id"`
		Channel        string          `json:"channel"`
		Name           *string         `json:"name,omitempty"`
		Password       string          `json:"password,omitempty"`
		Customization  json.RawMessage `json:"customization,omitempty"`
		Limits         json.RawMessage `json:"limits,omitempty"`
		AllowedOrigins *[]string       `json:"allowed_origins,omitempty"`
	}{req.PalID, req.Channel, req.Name, req.Password, req.Customization, req.Limits, origins})
	if err != nil {
		return nil, errors.New("the deployment cannot be written as JSON: customization or limits is not JSON")
	}
	return body, checkSent(body)
}

// checkSent refuses what the client could not read back.
func checkSent(body []byte) error {
	if errors.Is(checkJSON(body), errTooDeep) {
		return errors.New("the settings of the deployment nest too deep to be sent")
	}
	return nil
}

// sentByCreate are the values that must not come back in an error. The ids and
// the words of the API itself are no secret, and an error is unreadable without.
func sentByCreate(req *CreateRequest) []string {
	values := append([]string{req.Password}, req.AllowedOrigins...)
	if req.Name != nil {
		values = append(values, *req.Name)
	}
	return appendStrings(appendStrings(values, req.Customization), req.Limits)
}
