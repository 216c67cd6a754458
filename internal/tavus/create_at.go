package tavus

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
)

// createAt creates an object whose id is in the body, by a PUT. A PUT overwrites, so the list has to
// say first that the object is not there. It may be repeated: two PUTs make one object.
func (c *Client) createAt(ctx context.Context, col *Collection, body []byte) (*Creation, error) {
	id, content, err := col.split(body)
	if err != nil {
		return nil, err
	}
	path, err := col.path(id)
	if err != nil {
		return nil, err
	}
	unlock, err := c.lock(ctx, col, path)
	if err != nil {
		return nil, err
	}
	defer unlock()
	for object, err := range c.List(ctx, col, nil) {
		if err != nil {
			return nil, noSuch(err, col.Of)
		}
		if object.ID == id {
			return nil, &Error{Reason: Exists, Method: http.MethodPut, Path: path, Candidates: []string{id}, Message: "the " + col.Noun + " is there already"}
		}
	}
	call := &call{method: http.MethodPut, path: path, body: content, repeatable: true}
	answer, err := c.do(ctx, call)
	if err == nil {
		if object, err := col.decode(answer, id); err == nil && object.ID == id && col.isWhole(object.Document, content) {
			c.sawAlive(col.key(id))
			return &Creation{Object: object, Answer: object.Document}, nil
		}
		err = c.badAnswer(ctx, call, answer, errors.New("the answer does not show the new "+col.Noun))
	}
	if failure, ok := errors.AsType[*Error](err); !ok || !failure.unknown {
		return nil, noSuch(err, col)
	}
	return c.findAt(ctx, col, id, err)
}

// findAt reads the object of a PUT whose answer is lost. It was not there before, so what is there now
// is the new one. It goes on after the context ended, because an interrupt must not make an orphan.
func (c *Client) findAt(ctx context.Context, col *Collection, id string, failure error) (*Creation, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), searchLimit)
	defer cancel()
	c.sawAlive(col.key(id)) // reads may lag behind
	live, err := c.Get(ctx, col, id)
	switch {
	case IsGone(err):
		return nil, failure
	case err != nil:
		return nil, unknownOutcome(failure, []string{id}, false)
	}
	return &Creation{Object: live, Answer: live.Document}, nil
}

// split takes the id out of the body of a create.
func (col *Collection) split(body []byte) (id string, content []byte, err error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(body, &members); err != nil {
		return "", nil, err
	}
	delete(members, col.ID)
	content, err = json.Marshal(members)
	return idOf(body, col.ID), content, err
}

// noSuch says of an id in the path of a create that the server does not know it. Nothing is missing
// that was there before.
func noSuch(err error, of *Collection) error {
	if ReasonOf(err) != Doubtful {
		return err
	}
	return changed(err, func(e *Error) {
		e.Reason = Refused
		if of != nil {
			e.Field = of.ID
		}
	})
}
