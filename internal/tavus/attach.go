package tavus

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// Attached returns the ids of what is attached to an object, such as the tools of a PAL. col is the
// collection of what is attached, such as "/v2/pals/{pal_id}/tools", and id that of the object. An
// error with the reason Gone says that neither the server nor the list of col.Of knows the object.
func (c *Client) Attached(ctx context.Context, col *Collection, id string) ([]string, error) {
	inside, err := col.In(id)
	if err != nil {
		return nil, err
	}
	ctx, cancel := c.budget(ctx)
	defer cancel()
	call := &call{method: http.MethodGet, path: inside.Path, repeatable: true}
	answer, err := c.do(ctx, call)
	if isMissing(err) {
		if _, missing := c.Get(ctx, col.Of, id); missing != nil {
			return nil, missing
		}
		return nil, c.doubtful(err, col.Of, nil)
	}
	if err != nil {
		return nil, err
	}
	ids, err := inside.idsIn(answer)
	if err != nil {
		return nil, c.badAnswer(ctx, call, answer, err)
	}
	return ids, nil
}

func (col *Collection) idsIn(answer *reply) ([]string, error) {
	p, err := col.decodePage(answer)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, object := range p.objects {
		ids = append(ids, object.ID)
	}
	return ids, nil
}

// lockBelow waits for the turn to write to what is below an object, and returns its collection.
func (c *Client) lockBelow(ctx context.Context, col *Collection, id string) (inside *Collection, unlock func(), err error) {
	if inside, err = col.In(id); err != nil {
		return nil, nil, err
	}
	unlock, err = c.lock(ctx, inside, inside.Path)
	return inside, unlock, err
}

// Attach attaches ids, and leaves alone what is attached already. The request may be repeated. It is
// done when all of them are attached for sure; an error of a server that took the request names those
// that are not.
func (c *Client) Attach(ctx context.Context, col *Collection, id string, ids []string) error {
	inside, unlock, err := c.lockBelow(ctx, col, id)
	if err != nil {
		return err
	}
	defer unlock()
	ctx, cancel := c.budget(ctx)
	defer cancel()
	body, err := json.Marshal(map[string][]string{col.ID + "s": ids})
	if err != nil {
		return err
	}
	answer, err := c.do(ctx, &call{method: http.MethodPost, path: inside.Path, body: body, repeatable: true})
	if err != nil {
		return err
	}
	shown, err := inside.idsIn(answer)
	if err == nil && len(without(ids, shown)) == 0 {
		return nil
	}
	// The server has taken the request, so what it did must be known even after an interrupt.
	ctx, cancelRead := context.WithTimeout(context.WithoutCancel(ctx), searchLimit)
	defer cancelRead()
	if shown, err = c.Attached(ctx, col, id); err != nil {
		return err
	}
	if lacking := without(ids, shown); len(lacking) > 0 {
		return fmt.Errorf("the server answered without an error, but did not attach %s", strings.Join(lacking, ", "))
	}
	return nil
}

// Detach detaches ids. What is not attached, and what was attached to an object that is gone, is
// detached already.
func (c *Client) Detach(ctx context.Context, col *Collection, id string, ids []string) error {
	inside, unlock, err := c.lockBelow(ctx, col, id)
	if err != nil {
		return err
	}
	defer unlock()
	shown, err := c.Attached(ctx, col, id)
	for _, one := range ids {
		if err != nil {
			break
		}
		if slices.Contains(shown, one) {
			shown, err = c.detach(ctx, inside, id, one, shown)
		}
	}
	if IsGone(err) {
		return nil
	}
	return err
}

// detach detaches one, and returns what is shown as attached after it.
func (c *Client) detach(ctx context.Context, inside *Collection, id, one string, shown []string) ([]string, error) {
	path, err := inside.path(one)
	if err != nil {
		return shown, err
	}
	ctx, cancel := c.budget(ctx)
	defer cancel()
	_, err = c.do(ctx, &call{method: http.MethodDelete, path: path, repeatable: true})
	if !isMissing(err) {
		return shown, err
	}
	// Somebody else may have detached or deleted it since.
	now, readErr := c.Attached(ctx, inside, id)
	switch {
	case readErr != nil:
		return shown, readErr
	case slices.Contains(now, one):
		return now, err
	}
	return now, nil
}

// without returns the ids that are not among others.
func without(ids, others []string) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return slices.Contains(others, id) })
}
