package tavus

import (
	"context"
	"fmt"
)

// lock waits for the turn to write to the object at path. Objects that belong to another one, and
// that one itself, share a lock: the server may keep all of them in one record, where the last of
// two writes at the same time wins. Where a collection needs no turns, unlock does nothing.
func (c *Client) lock(ctx context.Context, col *Collection, path string) (unlock func(), err error) {
	switch {
	case col.owner != "":
		path = col.owner
	case !col.Exclusive:
		return func() {}, nil
	}
	c.mu.Lock()
	turn := c.locks[path]
	if turn == nil {
		turn = make(chan struct{}, 1)
		c.locks[path] = turn
	}
	c.mu.Unlock()
	select {
	case turn <- struct{}{}:
		return func() { <-turn }, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("waiting for another write to %s: %w", path, ctx.Err())
	}
}
