package tavus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode"
)

const (
	// clockSlack covers that Date and created_at may both be cut to whole seconds.
	clockSlack = 2 * time.Second
	// searchLimit bounds what goes on after the context of the caller ended.
	searchLimit = 30 * time.Second
)

// Creation is an object that was created.
type Creation struct {
	*Object

	// Adopted says that the answer was lost and the object was found by looking.
	Adopted bool
	// Answer is the object as the answer to the create showed it, which may hold members that a
	// read does not show.
	Answer json.RawMessage
}

// attempt is one create.
type attempt struct {
	client *Client
	col    *Collection
	body   json.RawMessage
	sentAt time.Time
}

// Create creates an object. The API has no idempotency key, so the request is repeated only when
// the server certainly did nothing. When nobody can know what the server did, the client looks for
// the object. If it does not find exactly one that can be it, the error has the reason
// OutcomeUnknown. An object that was created and cannot be read is returned with the error.
func (c *Client) Create(ctx context.Context, col *Collection, body []byte) (*Creation, error) {
	ctx, cancel := c.budget(ctx)
	defer cancel()
	if col.Chosen {
		return c.createAt(ctx, col, body)
	}
	a := &attempt{client: c, col: col, body: body}
	c.start(a.key())
	call := &call{method: http.MethodPost, path: col.Path, body: body, limit: col.Limit}
	a.sentAt = time.Now()
	answer, err := c.do(ctx, call)
	if err == nil {
		object, problem := a.made(answer)
		if problem == nil {
			return a.finish(ctx, object)
		}
		err = c.badAnswer(ctx, call, answer, problem)
	}
	if failure, ok := errors.AsType[*Error](err); !ok || !failure.unknown {
		return nil, err
	}
	return a.search(ctx, err)
}

// start counts a create. The key tells whether another one could be taken for it.
func (c *Client) start(key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.creating[key]++
}

// hasTwin reports whether this process started another create that could be taken for this one.
func (a *attempt) hasTwin() bool {
	a.client.mu.Lock()
	defer a.client.mu.Unlock()
	return a.client.creating[a.key()] > 1
}

// isForeign reports whether this process knew the object before the create, or created it otherwise.
func (a *attempt) isForeign(id string) bool {
	first := a.client.sighting(a.col.key(id)).first
	return a.client.isOwned(a.col.key(id)) || !first.IsZero() && !first.After(a.sentAt)
}

func (a *attempt) key() string {
	key := a.col.Path
	for _, pointer := range a.col.FoundBy {
		key += "\x00" + fold(textAt(a.body, pointer))
	}
	return key
}

// isNamed reports whether the object can be told from others.
func (a *attempt) isNamed() bool {
	count := len(a.col.FoundBy)
	return count > 0 && fold(textAt(a.body, a.col.FoundBy[count-1])) != ""
}

// made reads the answer. An answer that shows somebody else's object, as when a proxy mixes up
// answers, must not be taken over: it could be deleted as a create that went wrong.
func (a *attempt) made(answer *reply) (*Object, error) {
	object, err := a.col.decode(answer, "")
	if err != nil {
		return nil, err
	}
	other := fmt.Errorf("the answer to the create shows the %s %s, which was there before; it was left alone", a.col.Noun, object.ID)
	older, dated := a.age(object)
	if older || a.isForeign(object.ID) || !dated && !a.couldBe(object) || !a.client.own(a.col.key(object.ID)) {
		return nil, other
	}
	a.client.sawAlive(a.col.key(object.ID))
	return object, nil
}

// age reports whether an object was there before the request, by the server's own clock: the clock of
// this machine may be wrong. It is not known where there is no Date, or where created_at is later.
func (a *attempt) age(object *Object) (older, known bool) {
	created, ok := createdAt(object.Document)
	if !ok || object.Time.IsZero() || created.After(object.Time.Add(clockSlack)) {
		return false, false
	}
	return created.Before(object.Time.Add(-time.Since(a.sentAt) - clockSlack)), true
}

func createdAt(document json.RawMessage) (time.Time, bool) {
	text := textAt(document, "/created_at")
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999Z07:00", "2006-01-02 15:04:05.999999999"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// finish completes an answer that is not the whole document. The object exists, so its document is
// wanted even after an interrupt.
func (a *attempt) finish(ctx context.Context, object *Object) (*Creation, error) {
	creation := &Creation{Object: object, Answer: object.Document}
	if a.col.isWhole(object.Document, a.body) {
		return creation, nil
	}
	live, err := a.readNew(ctx, object.ID)
	if err != nil {
		return creation, err
	}
	creation.Object = live
	return creation, nil
}

// readNew reads the new object.
func (a *attempt) readNew(ctx context.Context, id string) (*Object, error) {
	path, err := a.col.path(id)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), searchLimit)
	defer cancel()
	var live *Object
	a.client.untilRead(ctx, func() bool { // which may lag behind the create
		live, err = a.client.read(ctx, a.col, path, id, false)
		return !isMissing(err)
	})
	if err != nil {
		return nil, err
	}
	return live, nil
}

// unknownOutcome is the error of a create that may have had its effect.
func unknownOutcome(failure error, candidates []string, searched bool) error {
	return changed(failure, func(e *Error) { e.Reason, e.Candidates, e.Searched = OutcomeUnknown, candidates, searched })
}

// search looks for the object of a create of unknown outcome. It goes on after the context ended,
// because an interrupt must not make an orphan.
func (a *attempt) search(ctx context.Context, failure error) (*Creation, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), searchLimit)
	defer cancel()
	end := time.Now().Add(a.client.cfg.SearchWindow)
	searched := false
	for wait := 250 * time.Millisecond; ; wait *= 2 {
		found, undated, err := a.look(ctx)
		searched = searched || err == nil
		if len(found) > 0 {
			return a.decide(ctx, found, undated, failure)
		}
		left := time.Until(end)
		if left <= 0 || sleep(ctx, min(wait, left)) != nil {
			return nil, unknownOutcome(failure, nil, searched)
		}
	}
}

// decide adopts the one object that was found, or says why it cannot.
func (a *attempt) decide(ctx context.Context, found []*Object, undated bool, failure error) (*Creation, error) {
	ids := make([]string, len(found))
	for i, object := range found {
		ids[i] = object.ID
	}
	if len(found) != 1 || undated || !a.isNamed() || a.hasTwin() || !a.client.own(a.col.key(ids[0])) {
		return nil, unknownOutcome(failure, ids, true)
	}
	// A list need not show the whole object.
	live, err := a.readNew(ctx, ids[0])
	if err != nil {
		return nil, unknownOutcome(err, ids, true)
	}
	return &Creation{Object: live, Adopted: true, Answer: found[0].Document}, nil
}

// look reads the list once and returns what this create may have made: objects that nobody in this
// process owns, that agree in the members that tell them apart, and that are not older than the
// request. undated: the age of one is not known.
func (a *attempt) look(ctx context.Context) (found []*Object, undated bool, err error) {
	for listed, err := range a.client.List(ctx, a.col, nil) {
		if err != nil {
			return nil, false, err
		}
		if a.isForeign(listed.ID) || !a.couldBe(listed) {
			continue
		}
		object := listed
		if !a.col.isWhole(listed.Document, a.body) {
			path, err := a.col.path(listed.ID)
			if err != nil {
				continue
			}
			if object, err = a.client.read(ctx, a.col, path, listed.ID, false); err != nil && !isMissing(err) {
				return nil, false, err
			}
			if err != nil || !a.couldBe(object) {
				continue // deleted meanwhile, or another one
			}
		}
		older, known := a.age(object)
		if older {
			continue
		}
		undated = undated || !known
		found = append(found, object)
	}
	return found, undated, nil
}

// couldBe compares the members that tell objects apart, as far as the object shows them.
func (a *attempt) couldBe(object *Object) bool {
	for _, pointer := range a.col.FoundBy {
		want, have := fold(textAt(a.body, pointer)), fold(textAt(object.Document, pointer))
		if want != have && have != "" {
			return false
		}
	}
	return true
}

// textAt returns the text under a JSON pointer, "" where there is none.
func textAt(document json.RawMessage, pointer string) string {
	for _, key := range strings.Split(pointer, "/")[1:] {
		var members map[string]json.RawMessage
		if json.Unmarshal(document, &members) != nil {
			return ""
		}
		document = members[key]
	}
	var text string
	if json.Unmarshal(document, &text) != nil {
		return ""
	}
	return text
}

// fold keeps letters and digits, in lower case: servers take the punctuation out of names.
func fold(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}
