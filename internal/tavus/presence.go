package tavus

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"time"
)

const (
	// readsAgain is how often an object that its list shows is read again.
	readsAgain = 3
	// youth is how long after its creation an object may be missing from reads that lag.
	youth = 5 * time.Minute
	// gathering is how long a walk of a list waits for other objects that are missing.
	gathering = 20 * time.Millisecond
	// walkAge is how long a walk tells what the list does not show.
	walkAge = time.Minute
)

// walk is one reading of a list. It serves every object that is missing: a deletion of 250 would
// otherwise cost 250 walks. done is closed when it is over.
type walk struct {
	done  chan struct{}
	began time.Time
	ids   map[string]bool
	err   error
}

type createdKey struct{}

// WithCreatedAt returns a context that says when the object was created (RFC 3339), so that reads
// which lag behind a creation are not taken for an absence.
func WithCreatedAt(ctx context.Context, createdAt string) context.Context {
	created, err := time.Parse(time.RFC3339, createdAt)
	if err != nil {
		return ctx
	}
	return context.WithValue(ctx, createdKey{}, created)
}

type versionKey struct{}

// WithVersion returns a context that says which version of the object was seen last (see
// Object.Version), so that Get reads again where a read lags behind it.
func WithVersion(ctx context.Context, version string) context.Context {
	seen, err := time.Parse(time.RFC3339, version)
	if err != nil {
		return ctx // an ETag has no order
	}
	return context.WithValue(ctx, versionKey{}, seen)
}

// isBefore reports whether the object is older than the version that was seen last.
func isBefore(ctx context.Context, object *Object) bool {
	seen, ok := ctx.Value(versionKey{}).(time.Time)
	if !ok {
		return false
	}
	now, err := time.Parse(time.RFC3339, object.Version())
	return err == nil && now.Before(seen)
}

// sighting is when an object was read for the first and the last time.
type sighting struct{ first, last time.Time }

func (c *Client) sawAlive(key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.seen[key]
	s.last = time.Now()
	if s.first.IsZero() {
		s.first = s.last
	}
	c.seen[key] = s
}

// sawAny reports whether this server ever showed an object, so that its address is right.
func (c *Client) sawAny() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.seen) > 0
}

func (c *Client) sawGone(key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.seen, key)
	delete(c.owned, key)
}

func (c *Client) sighting(key string) sighting {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.seen[key]
}

// confirm finds out whether an object that the server says it does not know is gone. missing is that
// answer.
func (c *Client) confirm(ctx context.Context, col *Collection, path, id string, missing error) (*Object, error) {
	young := c.isYoung(ctx, col.key(id), missing)
	for reads, wait := 0, c.cfg.ReadAgainWait; ; reads, wait = reads+1, wait*2 {
		var since time.Time // any walk will do
		if young {
			since = time.Now()
		}
		shown, err := c.isListed(ctx, col, id, since)
		switch {
		case err != nil:
			return nil, c.doubtful(missing, col, err)
		case !shown && (!young || reads == readsAgain):
			c.sawGone(col.key(id))
			return nil, gone(missing)
		case reads == readsAgain:
			return nil, c.doubtful(missing, col, nil)
		}
		if sleep(ctx, wait) != nil {
			return nil, c.doubtful(missing, col, nil)
		}
		object, err := c.read(ctx, col, path, id, false)
		if !isMissing(err) {
			return object, err
		}
		missing = err
	}
}

// isYoung reports whether the object was created, or seen, so recently that a read may lag behind.
// The server's clock counts where missing has it.
func (c *Client) isYoung(ctx context.Context, key string, missing error) bool {
	if seen := c.sighting(key).last; !seen.IsZero() && time.Since(seen) < youth {
		return true
	}
	now := time.Now()
	if e, ok := errors.AsType[*Error](missing); ok && !e.date.IsZero() {
		now = e.date
	}
	created, ok := ctx.Value(createdKey{}).(time.Time)
	return ok && now.Sub(created) < youth
}

// isListed reports whether the list shows the object, by a walk that began after since, and after the
// object was last seen. An old walk can tell that the object is not there, but not that it still is.
func (c *Client) isListed(ctx context.Context, col *Collection, id string, since time.Time) (bool, error) {
	if seen := c.sighting(col.key(id)).last; seen.After(since) {
		since = seen
	}
	asked := time.Now()
	for {
		w := c.walk(ctx, col, since)
		select {
		case <-w.done:
		case <-ctx.Done():
			return false, ctx.Err()
		}
		switch {
		case w.err != nil:
			c.drop(col, w)
			if col.Of != nil && isMissing(w.err) {
				if _, err := c.Get(ctx, col.Of, col.ownerID); IsGone(err) {
					return false, nil
				}
			}
			return false, w.err
		case !w.ids[id]:
			return false, nil
		case !w.began.Before(asked):
			c.drop(col, w)
			return true, nil
		}
		c.drop(col, w) // it shows the object, but it is older than the question
	}
}

// walk returns a walk that began after since and is not too old, and starts one where there is none.
func (c *Client) walk(ctx context.Context, col *Collection, since time.Time) *walk {
	c.mu.Lock()
	defer c.mu.Unlock()
	if last := c.walks[col.Path]; last != nil && last.began.After(since) && time.Since(last.began) < walkAge {
		return last
	}
	w := &walk{done: make(chan struct{}), began: time.Now().Add(gathering), ids: map[string]bool{}}
	c.walks[col.Path] = w
	go w.run(context.WithoutCancel(ctx), c, col)
	return w
}

// drop makes the next question start a new walk.
func (c *Client) drop(col *Collection, w *walk) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.walks[col.Path] == w {
		delete(c.walks, col.Path)
	}
}

func (w *walk) run(ctx context.Context, c *Client, col *Collection) {
	defer close(w.done)
	ctx, cancel := c.budget(ctx)
	defer cancel()
	_ = sleep(ctx, gathering)
	// Objects that are deleted meanwhile move others to pages that were read before.
	for range readsAgain {
		l := lister{client: c, col: col, seen: map[string]bool{}, yield: func(*Object, error) bool { return true }}
		w.err = l.run(ctx)
		maps.Copy(w.ids, l.seen)
		if w.err != nil || !l.moved {
			return
		}
	}
}

// gone is the error of an object that does not exist.
func gone(missing error) error {
	return changed(missing, func(e *Error) { e.Reason, e.note = Gone, "the list does not show it either" })
}

// doubtful is the error of an object that the server does not know although its list shows it, or
// cannot be read: listErr.
func (c *Client) doubtful(missing error, col *Collection, listErr error) error {
	if ReasonOf(listErr) == Auth {
		return listErr
	}
	return changed(missing, func(e *Error) {
		e.Reason, e.note = Doubtful, "but the list shows the "+col.Noun
		if listErr != nil {
			e.note = fmt.Sprintf("whether the %s exists is not known, because the list cannot be read either: %s", col.Noun, listErr)
		}
		if list, ok := errors.AsType[*Error](listErr); ok && list.Status == http.StatusNotFound && !c.sawAny() {
			e.Reason = WrongAddress
		}
	})
}
