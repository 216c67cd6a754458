package tavus

import (
	"context"
	"errors"
	"net/http"
	"time"
)

// defaultPollWait is the least time between two looks at an object that the server works on.
const defaultPollWait = 2 * time.Second

// Wait reads an object until the server has finished with it, as Collection.Ready says. The result is
// the last object that was read, also with an error, which is that of a read or the end of ctx. Each
// change of the status is logged.
func (c *Client) Wait(ctx context.Context, col *Collection, object *Object) (*Object, error) {
	ctx = WithVersion(ctx, object.Version())
	last := ""
	for began := time.Now(); ; {
		status, done := col.Ready(object.Document)
		if status != last && c.cfg.Log != nil {
			c.cfg.Log(ctx, "Tavus object status", map[string]any{"path": col.Path + "/" + object.ID, "status": c.redact(ctx, cleanText(status))})
		}
		last = status
		if done {
			return object, nil
		}
		if err := c.pause(ctx, began); err != nil {
			return object, err
		}
		next, err := c.Get(ctx, col, object.ID)
		if err != nil {
			return object, err
		}
		object = next
	}
}

// pause waits before the next look. What takes long is looked at less often, at most every 15
// PollWaits, which is 30 s. An eighth of the time so far bounds how late the end is seen.
func (c *Client) pause(ctx context.Context, began time.Time) error {
	return sleep(ctx, min(max(c.cfg.PollWait, time.Since(began)/8), 15*c.cfg.PollWait))
}

// Patiently repeats a request while the server says that it is busy with others, see Busy. After the
// end of ctx, the error is the server's last one.
func (c *Client) Patiently(ctx context.Context, request func() error) error {
	for began := time.Now(); ; {
		err := request()
		if ReasonOf(err) != Busy || c.pause(ctx, began) != nil {
			return err
		}
	}
}

// Act sends a POST without a body to Path/ID/action, once. The object is the answer. An error has the
// reason Busy where the server works on the object.
func (c *Client) Act(ctx context.Context, col *Collection, id, action string) (*Object, error) {
	path, err := col.path(id)
	if err != nil {
		return nil, err
	}
	ctx, cancel := c.budget(ctx)
	defer cancel()
	call := &call{method: http.MethodPost, path: path + "/" + action, limit: col.Limit}
	answer, err := c.do(ctx, call)
	if failure, ok := errors.AsType[*Error](err); ok && failure.Reason == Conflict {
		failure.Reason = Busy
	}
	if err != nil {
		return nil, err
	}
	object, err := col.decode(answer, id)
	if err != nil {
		return nil, c.badAnswer(ctx, call, answer, err)
	}
	return object, nil
}
