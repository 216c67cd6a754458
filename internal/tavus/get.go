package tavus

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
)

// document is a deployment as a GET showed it.
type document struct {
	*Deployment
	etag   string  // byte for byte, "" when there is none
	object *object // as it came, for settledContent
}

// GetDeployment reads one deployment. IsNotFound is true for the error when
// there is none with this id. A document with another id is an error.
func (c *Client) GetDeployment(ctx context.Context, id string) (*Deployment, error) {
	path, err := itemPath(deploymentsPath, id, "deployment")
	if err != nil {
		return nil, err
	}
	ctx, cancel := c.budget(ctx)
	defer cancel()
	live, err := c.read(ctx, path, id, false, c.newMasker(ctx, nil))
	if err != nil {
		return nil, err
	}
	return live.Deployment, nil
}

// DeleteDeployment deletes one deployment. It is no error when there is none with this id.
func (c *Client) DeleteDeployment(ctx context.Context, id string) error {
	path, err := itemPath(deploymentsPath, id, "deployment")
	if err != nil {
		return err
	}
	ctx, cancel := c.budget(ctx)
	defer cancel()
	mask := c.newMasker(ctx, nil)
	// A repeat after a lost answer gets a 404, which is what was wanted.
	_, err = c.do(ctx, &call{method: http.MethodDelete, path: path, write: true, repeatable: true, mask: mask})
	if err = c.confirmGone(ctx, id, err, mask); IsNotFound(err) {
		return nil
	}
	return err
}

// read gets a document. With wantETag, the answer must not be compressed: a
// proxy that compresses turns a strong ETag into a weak one, or drops it
// (RFC 9110, section 8.8.3.3).
func (c *Client) read(ctx context.Context, path, id string, wantETag bool, mask *masker) (*document, error) {
	request := &call{method: http.MethodGet, path: path, repeatable: true, json: true, mask: mask}
	if wantETag {
		request.header = http.Header{"Accept-Encoding": {"identity"}}
	}
	answer, err := c.do(ctx, request)
	if err != nil {
		return nil, c.confirmGone(ctx, id, err, mask)
	}
	d, o, err := decodeDeployment(answer.body)
	if err != nil {
		return nil, c.badAnswer(request, answer, err)
	}
	if d.DeploymentID != id {
		return nil, c.badAnswer(request, answer, fmt.Errorf("the server answered with another deployment, %s", d.DeploymentID))
	}
	c.found.Store(true)
	return &document{Deployment: d, etag: answer.header.Get("ETag"), object: o}, nil
}

// confirmGone finds out whether a refusal means that there is no such deployment.
//
// A 404 can come from a server that is not the API at all, as where the base URL is
// wrong. It counts once the server has shown a deployment, or the list. A 400 is
// what some endpoints of the API answer where one expects a 404. Only a whole
// walk of the list proves that there is no such deployment.
func (c *Client) confirmGone(ctx context.Context, id string, err error, mask *masker) error {
	refusal, ok := errors.AsType[*APIError](err)
	switch {
	case !ok:
		return err
	case refusal.Status == http.StatusNotFound && !c.found.Load():
		return c.confirmAddress(ctx, refusal, mask)
	case refusal.Status != http.StatusBadRequest:
		return err
	}
	walk := c.deploymentPager(ListFilter{}, mask)
	for item, listErr := range walk.all(ctx) {
		if listErr != nil || item.id == id {
			return err
		}
	}
	if !walk.complete {
		return err
	}
	gone := *refusal
	gone.gone = true
	return &gone
}

// confirmAddress takes a 404 for what it says where the list of deployments is
// there, be it refused to this key.
func (c *Client) confirmAddress(ctx context.Context, refusal *APIError, mask *masker) error {
	_, err := c.deploymentPager(ListFilter{PageSize: 1}, mask).fetch(ctx, -1)
	if err == nil || IsAuth(err) {
		return refusal
	}
	doubtful := *refusal
	doubtful.doubt = err
	return &doubtful
}

// itemPath escapes an id. What is left of "." and ".." after escaping would
// still change the path on its way (RFC 3986, section 5.2.4).
func itemPath(collection, id, what string) (string, error) {
	switch id {
	case "":
		return "", fmt.Errorf("the id of the %s is empty", what)
	case ".", "..":
		return "", fmt.Errorf("%q is not the id of a %s", id, what)
	}
	return collection + "/" + url.PathEscape(id), nil
}
