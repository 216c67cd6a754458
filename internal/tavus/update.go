package tavus

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// maxMerges is how often an update reads and merges again after the server said that the document
// had changed.
const maxMerges = 5

// Update is what an update did.
type Update struct {
	// After is what the server holds now.
	After *Object
	// Stale: the server goes on to show the object from before the write, so After is no answer to
	// it.
	Stale bool
	// Answer is the body of the answer to the write.
	Answer json.RawMessage
}

// Update changes an object that other people may edit at the same time: GET, merge, a write with the
// ETag of the GET as If-Match, and all of it again when the document changed in between.
//
// merge makes the body of the write for what the server holds; nil: there is nothing to send.
// unsure: an earlier body of this update may have taken effect. merge's error is returned as it is.
func (c *Client) Update(ctx context.Context, col *Collection, id string, query url.Values, merge func(live *Object, unsure bool) ([]byte, error)) (*Update, error) {
	path, err := col.path(id)
	if err != nil {
		return nil, err
	}
	unlock, err := c.lock(ctx, col, path)
	if err != nil {
		return nil, err
	}
	defer unlock()
	ctx, cancel := c.budget(ctx)
	defer cancel()
	u := &update{client: c, col: col, path: path, id: id, query: query, conditional: true}
	if err := u.read(ctx); err != nil {
		return nil, err
	}
	for unsure := false; ; unsure = u.unsure {
		u.unsure = false
		body, err := merge(u.live, unsure)
		if err != nil {
			return nil, err
		}
		if body == nil {
			return &Update{After: u.live}, nil
		}
		result, err := u.write(ctx, body)
		if err == nil || result != nil {
			return result, err
		}
		if err := u.again(ctx, err); err != nil {
			return nil, err
		}
	}
}

// update is the state of one Update.
type update struct {
	client   *Client
	col      *Collection
	path, id string
	query    url.Values
	live     *Object

	// conditional: send If-Match where there is an ETag.
	conditional bool
	// unsure: the last write may have taken effect. denied: one was answered with 404 or 410.
	unsure, denied bool
	// stale counts the answers that the document changed, same those of them in a row after which it
	// was found unchanged; repeats counts writes of unknown outcome.
	stale, same, repeats int
}

func (u *update) read(ctx context.Context) error {
	live, err := u.client.get(ctx, u.col, u.path, u.id, true)
	if err == nil {
		u.live = live
	}
	return err
}

// write sends the body once. The result is not nil with an error where the write took effect and
// could not be read back.
func (u *update) write(ctx context.Context, body []byte) (*Update, error) {
	call := &call{method: u.col.Style.method(), path: u.path, query: u.query, body: body}
	if u.conditional {
		call.ifMatch = u.live.ETag
	}
	answer, err := u.client.do(ctx, call)
	if err != nil {
		return nil, err
	}
	result := &Update{Answer: answer.body}
	isUnchanged := answer.status == http.StatusNotModified
	if isUnchanged && call.ifMatch != "" {
		result.After = u.live
		return result, nil
	}
	result.After, result.Stale, err = u.client.after(ctx, u.col, u.path, u.live, answer)
	// Without an ETag, the read before the write may have lagged. With a 304, a read that goes on to
	// show the same is no lag.
	result.Stale = result.Stale && !isUnchanged
	return result, err
}

// after returns the object after a write: from the answer, or else from a read. A read that shows the
// very object from before the write lags behind it. The write took effect, so what it did must be
// known even when the user interrupted meanwhile, or state and server part.
func (c *Client) after(ctx context.Context, col *Collection, path string, before *Object, answer *reply) (after *Object, stale bool, err error) {
	if object, err := col.decode(answer, before.ID); err == nil && object.ID == before.ID && col.isWhole(object.Document, before.Document) {
		return object, false, nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), searchLimit)
	defer cancel()
	c.untilRead(ctx, func() bool {
		after, err = c.read(ctx, col, path, before.ID, false)
		stale = isMissing(err) || err == nil && (col.isSame(after, before) || sameTime(after, before))
		return !stale
	})
	return after, stale, err
}

// sameTime reports whether two objects show the same updated_at, which every change moves. The
// answer to an earlier write can hold what was sent in the place of what a read shows.
func sameTime(a, b *Object) bool {
	_, err := time.Parse(time.RFC3339, a.Version())
	return err == nil && a.Version() == b.Version()
}

// again decides whether the update starts over after err, and reads the document for it.
func (u *update) again(ctx context.Context, err error) error {
	refusal, ok := errors.AsType[*Error](err)
	if !ok {
		return err
	}
	var wait time.Duration
	isStale := u.conditional && u.live.ETag != "" && (refusal.Reason == Stale || refusal.Reason == Conflict && refusal.Code == "")
	switch {
	case isStale && u.stale < maxMerges:
		u.stale++
		// Two who merge in step would meet again at every attempt.
		wait = jitter(u.client.cfg.RetryWait * time.Duration(u.stale) / 2)
	case refusal.unknown && refusal.transient && refusal.stopped == "" && u.repeats < u.client.cfg.MaxRetries:
		u.repeats++
		u.unsure = true
		wait = u.client.backoff(u.repeats)
	case isMissing(refusal):
		// It may mean that the object is gone.
		readErr := u.read(ctx)
		if IsGone(readErr) {
			return readErr
		}
		if readErr == nil && refusal.Reason == Doubtful && !u.denied {
			u.denied = true
			return nil
		}
		return refusal
	default:
		return refusal
	}
	if sleep(ctx, wait) != nil {
		return stopped(&call{method: refusal.Method, path: refusal.Path}, refusal, refusal.Attempts, ctx)
	}
	before := u.live
	if readErr := u.read(ctx); readErr != nil {
		if IsGone(readErr) || ReasonOf(readErr) == Auth {
			return readErr
		}
		return fmt.Errorf("%w; reading the %s again failed: %w", refusal, u.col.Noun, readErr)
	}
	if isStale {
		// The ETag moves, or never matches, though nobody edits: If-Match protects nothing then.
		u.same++
		if !bytes.Equal(u.col.settled(u.live.Document), u.col.settled(before.Document)) {
			u.same = 0
		}
		u.conditional = u.same < 2
	}
	return nil
}

// settled is the document without what moves by itself.
func (col *Collection) settled(document json.RawMessage) []byte {
	var members map[string]any
	if json.Unmarshal(document, &members) != nil {
		return document
	}
	for _, name := range col.Moving {
		delete(members, name)
	}
	text, err := json.Marshal(members) // with its keys in order
	if err != nil {
		return document
	}
	return text
}

// isSame reports whether two reads show one state of an object. Counters that move say nothing.
func (col *Collection) isSame(a, b *Object) bool {
	return a.Version() == b.Version() && textAt(a.Document, "/updated_at") == textAt(b.Document, "/updated_at") &&
		bytes.Equal(col.settled(a.Document), col.settled(b.Document))
}
