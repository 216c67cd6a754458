package tavus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// maxMerges is how often an update reads and merges again after the server said
// that the document had changed.
const maxMerges = 5

// MergeInput is what a merge works on.
type MergeInput struct {
	// Live is the document as the server has it now.
	Live *Deployment

	// Attempt counts the merges of this update from 1.
	Attempt int

	// Unknown are the operations of earlier attempts of this update whose
	// outcome is unknown: Live may show their effect, and it is the update's own.
	Unknown []Operation
}

// UpdateResult is what an update did.
type UpdateResult struct {
	// Before is the document that the last merge worked on.
	Before *Deployment

	// After is what the server holds after it; nil when an error kept it from being read.
	After *Deployment

	// ReadBack: the answer to the PATCH was not the document, so After was read by a
	// request of its own, and can show what somebody did in between.
	ReadBack bool

	// Sent are the operations of the last PATCH, and those of earlier ones of
	// unknown outcome. Empty: nothing was sent.
	Sent []Operation
}

// UpdateDeployment changes a deployment that other people may edit at the same
// time: GET, merge, PATCH with the ETag of the GET as If-Match, and all of it
// again when the document changed in between. merge's error is returned as it
// is. When merge returns no operations, there is no PATCH.
//
// With an error, the result is not nil if a PATCH has or may have taken effect.
func (c *Client) UpdateDeployment(ctx context.Context, id string, merge func(MergeInput) ([]Operation, error)) (*UpdateResult, error) {
	path, err := itemPath(deploymentsPath, id, "deployment")
	if err != nil {
		return nil, err
	}
	ctx, cancel := c.budget(ctx)
	defer cancel()
	u := &update{client: c, path: path, id: id, conditional: true}
	if err := u.read(ctx); err != nil {
		return nil, err
	}
	for attempt := 1; ; attempt++ {
		ops, err := merge(MergeInput{Live: u.live.Deployment, Attempt: attempt, Unknown: slices.Clone(u.unknown)})
		if err != nil {
			return u.partial(nil), err
		}
		if len(ops) == 0 {
			return &UpdateResult{Before: u.live.Deployment, After: u.live.Deployment, Sent: u.unknown}, nil
		}
		after, err := u.patch(ctx, ops)
		if err == nil {
			return &UpdateResult{Before: u.live.Deployment, After: after.document, ReadBack: after.readBack, Sent: slices.Concat(u.unknown, ops)}, nil
		}
		if again, err := u.again(ctx, ops, err); !again {
			return u.partial(ops), err
		}
	}
}

// update is the state of one UpdateDeployment.
type update struct {
	client   *Client
	path, id string
	live     *document
	unknown  []Operation

	// conditional: send If-Match where there is an ETag.
	conditional bool
	// stale counts the answers that the document changed, same those of them in
	// a row after which it was found unchanged.
	stale, same int
	// sent counts the PATCHes, repeats those after an unknown outcome.
	sent, repeats int
	// applied: the last PATCH took effect, but the result could not be read.
	applied bool
}

func (u *update) read(ctx context.Context) error {
	live, err := u.client.read(ctx, u.path, u.id, true, u.client.newMasker(ctx, nil))
	if err != nil {
		return err
	}
	u.live = live
	return nil
}

// patch sends ops once and returns what the server holds then.
func (u *update) patch(ctx context.Context, ops []Operation) (patched, error) {
	u.sent++
	etag := u.live.etag
	if !u.conditional {
		etag = ""
	}
	after, err := u.client.patch(ctx, u.path, u.id, ops, etag, false)
	u.applied = err != nil && after.applied
	return after, err
}

// again decides whether the update starts over after err, and reads the document for it.
func (u *update) again(ctx context.Context, ops []Operation, err error) (bool, error) {
	refusal, ok := errors.AsType[*APIError](err)
	if !ok || u.applied {
		return false, err
	}
	refusal.Attempts = max(refusal.Attempts, u.sent)
	var wait time.Duration
	isStale := u.conditional && u.live.etag != "" && (refusal.Status == http.StatusConflict ||
		refusal.Status == http.StatusPreconditionFailed || refusal.Status == http.StatusPreconditionRequired)
	switch {
	case isStale && u.stale < maxMerges:
		u.stale++
		// Two who merge in step would meet again at every attempt.
		wait = jitter(u.client.cfg.RetryWait * time.Duration(u.stale) / 2)
	case refusal.unknown && refusal.transient && refusal.stopped == "" && u.repeats < u.client.cfg.MaxRetries:
		u.repeats++
		u.unknown = append(u.unknown, ops...)
		wait = u.client.backoff(u.repeats)
	case refusal.Status == http.StatusBadRequest:
		// It may mean that the deployment is gone: some endpoints answer so where one
		// expects a 404.
		if readErr := u.read(ctx); IsNotFound(readErr) {
			return false, readErr
		}
		return false, refusal
	default:
		if refusal.unknown {
			u.unknown = append(u.unknown, ops...)
		}
		return false, refusal
	}
	if u.client.pause(ctx, wait) != nil {
		return false, u.client.stop(ctx, refusal, refusal.Method, refusal.Path)
	}
	before := u.live.object
	if readErr := u.read(ctx); readErr != nil {
		if IsNotFound(readErr) || IsAuth(readErr) {
			return false, readErr
		}
		return false, fmt.Errorf("%w; reading the deployment again failed: %w", refusal, readErr)
	}
	if !isStale {
		return true, nil
	}
	// The ETag moves, or never matches, though nobody edits: If-Match protects nothing then.
	u.same++
	if settledContent(u.live.object) != settledContent(before) {
		u.same = 0
	}
	u.conditional = u.same < 2
	return true, nil
}

// partial is the result of an update that ends with an error.
func (u *update) partial(ops []Operation) *UpdateResult {
	sent := u.unknown
	if u.applied {
		sent = slices.Concat(sent, ops)
	}
	if len(sent) == 0 {
		return nil
	}
	return &UpdateResult{Before: u.live.Deployment, Sent: sent}
}

// PatchDeployment changes a deployment without If-Match. It is for a deployment
// that was just created, which nobody else knows. It reads the deployment again
// when the answer is not the document.
func (c *Client) PatchDeployment(ctx context.Context, id string, ops []Operation) (*Deployment, error) {
	path, err := itemPath(deploymentsPath, id, "deployment")
	if err != nil {
		return nil, err
	}
	if len(ops) == 0 {
		return c.GetDeployment(ctx, id)
	}
	ctx, cancel := c.budget(ctx)
	defer cancel()
	// Setting a member to a value twice is setting it once, as long as nobody else writes.
	repeatable := !slices.ContainsFunc(ops, func(o Operation) bool {
		return (o.Op != "add" && o.Op != "replace") || strings.HasSuffix(o.Path, "/-") || endsInIndex(o.Path)
	})
	after, err := c.patch(ctx, path, id, ops, "", repeatable)
	if err != nil {
		return nil, err
	}
	return after.document, nil
}

// endsInIndex says that an "add" to this path may insert into an array.
func endsInIndex(path string) bool {
	last := path[strings.LastIndexByte(path, '/')+1:]
	return last != "" && strings.Trim(last, "0123456789") == ""
}

// patched is the outcome of a PATCH.
type patched struct {
	document *Deployment
	applied  bool // the server took the operations
	readBack bool // the document was read after the answer
}

func (c *Client) patch(ctx context.Context, path, id string, ops []Operation, etag string, repeatable bool) (patched, error) {
	body, err := json.Marshal(ops)
	if err != nil {
		return patched{}, errors.New("the operations cannot be written as JSON")
	}
	if err := checkSent(body); err != nil {
		return patched{}, err
	}
	mask := c.newMasker(ctx, func() []string { return sentByPatch(ops) })
	request := &call{method: http.MethodPatch, path: path, body: body, write: true, repeatable: repeatable, mask: mask}
	if etag != "" {
		request.header = http.Header{"If-Match": {etag}}
	}
	answer, err := c.do(ctx, request)
	if err != nil {
		return patched{}, err
	}
	if answer.status/100 == 2 {
		if after, o, err := decodeDeployment(answer.body); err == nil && isDocument(after, id) && isWhole(o, patchedFields(ops)) {
			return patched{document: after, applied: true}, nil
		}
	}
	// The PATCH took effect. What it did must be known even when the user
	// interrupted meanwhile, or state and server part.
	readCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), searchLimit)
	defer cancel()
	live, err := c.read(readCtx, path, id, false, mask)
	if err != nil {
		return patched{applied: true}, err
	}
	return patched{document: live.Deployment, applied: true, readBack: true}, nil
}

// patchedFields are the names of the fields that the operations set something in, as
// an answer has them.
func patchedFields(ops []Operation) []string {
	var names []string
	for _, o := range ops {
		name, _, _ := strings.Cut(strings.TrimPrefix(o.Path, "/"), "/")
		if o.Op != "remove" && name != "password" {
			names = append(names, name)
		}
	}
	return names
}

// sentByPatch are the values that must not come back in an error. The ids and
// the words of the API itself are no secret, and an error is unreadable without.
func sentByPatch(ops []Operation) []string {
	var values []string
	for _, o := range ops {
		switch o.Path {
		case "/pal_id", "/channel", "/status":
		default:
			values = appendStrings(values, o.Value)
		}
	}
	return values
}
