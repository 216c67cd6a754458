package tavus

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Style is how an endpoint takes a change.
type Style int

const (
	// JSONPatch is a PATCH with an array of operations (RFC 6902).
	JSONPatch Style = iota
	// Merge is a PATCH with an object of the members that change, each of them whole.
	Merge
	// Put is a PUT of all members that can be written.
	Put
)

func (s Style) method() string {
	if s == Put {
		return http.MethodPut
	}
	return http.MethodPatch
}

// Collection says what the endpoints of a kind of object are.
type Collection struct {
	// Path is that of the list, such as "/v2/deployments". Objects are at Path/ID. Where the objects
	// belong to another one, its id is written as in "/v2/pals/{pal_id}/skills", see In.
	Path string
	// ID is the member with the id, such as "deployment_id".
	ID string
	// OtherID is a member that older objects have in the place of ID; empty: none.
	OtherID string
	// Noun is what messages call an object, such as "deployment".
	Noun string
	// Style is how an update is written.
	Style Style
	// Exclusive: writes to one object, and to what is below it, take turns in this process.
	Exclusive bool
	// FirstPage is the number of the first page of the list, 0 or 1. Another base is detected.
	FirstPage int
	// ListQuery is added to every request for the list.
	ListQuery url.Values
	// GetQuery is added to every request for one object.
	GetQuery url.Values
	// Whole are members that an answer to a write has, if it is the whole document.
	Whole []string
	// WriteOnly are members that a create sends and no answer shows.
	WriteOnly []string
	// FoundBy are JSON pointers of the members of a create that tell its object again when the
	// answer is lost. The last one is the name. Empty: a lost create is never adopted.
	FoundBy []string
	// Moving are members that change by themselves.
	Moving []string
	// Ready says how far the server is with an object that it goes on with after the create: the status
	// in its own word, and whether it has finished, well or not. nil: a create is all.
	Ready func(document json.RawMessage) (status string, done bool)
	// Limit says what the words of a 429 mean: RateLimited, LimitReached or Busy. nil: RateLimited.
	Limit func(message string) Reason
	// Form brings an answer of another form than {…}, {"data": {…}} and {"data": […]} with one object
	// into the first of these. id is that of the object that was asked for, "" for a new one. nil: no
	// other form.
	Form func(body []byte, id string) []byte
	// Keyed: the list has no pages, and can be an object with the ids as its keys.
	Keyed bool
	// Chosen: the id is chosen by the caller, so a create is a PUT.
	Chosen bool
	// Of is the collection of the object that the objects belong to. They are gone where it is.
	Of *Collection

	owner, ownerID string // path and id of the object that the objects belong to; empty: none
}

// In returns the collection of the objects that belong to another one, whose id is owner.
func (col *Collection) In(owner string) (*Collection, error) {
	before, rest, _ := strings.Cut(col.Path, "/{")
	_, after, found := strings.Cut(rest, "}")
	if !found {
		return col, nil
	}
	path, err := (&Collection{Path: before, Noun: "object that the " + col.Noun + " belongs to"}).path(owner)
	if err != nil {
		return nil, err
	}
	inside := *col
	inside.owner, inside.ownerID, inside.Path = path, owner, path+after
	return &inside, nil
}

// key tells the object from those of other collections.
func (col *Collection) key(id string) string { return col.Path + "/" + id }

// Object is one object of the server.
type Object struct {
	ID string
	// Document is one JSON object, without the "data" that some endpoints put around it.
	Document json.RawMessage
	ETag     string
	// Time is the server's clock, zero where it gives none.
	Time time.Time
}

// Version tells one state of the object from another: updated_at where it has fractions of a second,
// else the ETag, else nothing. A second is too coarse: two edits can be in the same one.
func (o *Object) Version() string {
	if updated := textAt(o.Document, "/updated_at"); strings.Contains(updated, ".") {
		return updated
	}
	return o.ETag
}

// path escapes an id. What is left of "." and ".." after escaping would still change the path on
// its way (RFC 3986, section 5.2.4).
func (col *Collection) path(id string) (string, error) {
	if id == "" || id == "." || id == ".." {
		return "", fmt.Errorf("%q is not the id of a %s", id, col.Noun)
	}
	return col.Path + "/" + url.PathEscape(id), nil
}

// Get reads one object. An error with the reason Gone says that neither the server nor its list
// knows it.
func (c *Client) Get(ctx context.Context, col *Collection, id string) (*Object, error) {
	path, err := col.path(id)
	if err != nil {
		return nil, err
	}
	ctx, cancel := c.budget(ctx)
	defer cancel()
	var object *Object
	c.untilRead(ctx, func() bool {
		object, err = c.get(ctx, col, path, id, false)
		return err != nil || !isBefore(ctx, object)
	})
	return object, err
}

// untilRead reads until a read is the one that is wanted: at once, and some times more after pauses.
func (c *Client) untilRead(ctx context.Context, read func() bool) {
	for reads, wait := 0, c.cfg.ReadAgainWait; !read() && reads < readsAgain && sleep(ctx, wait) == nil; reads, wait = reads+1, wait*2 {
	}
}

func (c *Client) get(ctx context.Context, col *Collection, path, id string, identity bool) (*Object, error) {
	object, err := c.read(ctx, col, path, id, identity)
	if isMissing(err) {
		return c.confirm(ctx, col, path, id, err)
	}
	return object, err
}

// read is one GET, with its retries.
func (c *Client) read(ctx context.Context, col *Collection, path, id string, identity bool) (*Object, error) {
	call := &call{method: http.MethodGet, path: path, query: col.GetQuery, repeatable: true, identity: identity}
	answer, err := c.do(ctx, call)
	if err != nil {
		return nil, err
	}
	object, err := col.decode(answer, id)
	if err == nil && object.ID != id {
		err = fmt.Errorf("the answer is the %s %s instead of %s", col.Noun, cleanText(object.ID), id)
	}
	if err != nil {
		return nil, c.badAnswer(ctx, call, answer, err)
	}
	c.sawAlive(col.key(id))
	return object, nil
}

// isMissing reports whether a server may mean that the object does not exist. Some endpoints of the
// API answer 400 to an id that they do not know.
func isMissing(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && (e.Status == http.StatusNotFound || e.Status == http.StatusGone || e.Status == http.StatusBadRequest)
}

// Delete deletes an object. It is done when the object is gone for sure.
func (c *Client) Delete(ctx context.Context, col *Collection, id string) error {
	path, err := col.path(id)
	if err != nil {
		return err
	}
	unlock, err := c.lock(ctx, col, path)
	if err != nil {
		return err
	}
	defer unlock()
	ctx, cancel := c.budget(ctx)
	defer cancel()
	for repeats, wait := 0, c.cfg.ReadAgainWait; ; repeats, wait = repeats+1, wait*2 {
		_, err = c.do(ctx, &call{method: http.MethodDelete, path: path, repeatable: true})
		if !isMissing(err) {
			if err == nil {
				c.sawGone(col.key(id))
			}
			return err
		}
		// The object may be missing from lagging reads; after a repeat, it is the delete that is shown.
		isSure := repeats == readsAgain || wasRepeated(err) || !c.isYoung(ctx, col.key(id), err)
		var since time.Time // any walk will do
		if !isSure {
			since = time.Now()
		}
		shown, listErr := c.isListed(ctx, col, id, since)
		switch {
		case listErr != nil:
			return c.doubtful(err, col, listErr)
		case !shown && isSure:
			c.sawGone(col.key(id))
			return nil
		case shown && ReasonOf(err) == Refused:
			return err // such as "in use"
		case repeats == readsAgain || sleep(ctx, wait) != nil:
			return c.doubtful(err, col, nil)
		}
	}
}

// wasRepeated reports whether an earlier attempt of the same request may have had its effect.
func wasRepeated(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Attempts > 1
}

// Patch changes an object that was just created, which nobody else knows, without If-Match.
func (c *Client) Patch(ctx context.Context, col *Collection, made *Object, body []byte) (*Object, error) {
	path, err := col.path(made.ID)
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
	answer, err := c.do(ctx, &call{method: http.MethodPatch, path: path, body: body, repeatable: true})
	if err != nil {
		return nil, err
	}
	after, _, err := c.after(ctx, col, path, made, answer)
	return after, err
}

// decode reads an answer that shows one object: {…}, {"data": {…}} or {"data": [{…}]}.
func (col *Collection) decode(answer *reply, asked string) (*Object, error) {
	body := answer.body
	if col.Form != nil {
		body = col.Form(body, asked)
	}
	document := unwrap(body, col.ID)
	if document == nil || !utf8.Valid(document) {
		return nil, fmt.Errorf("the answer is not a %s: it is no JSON object", col.Noun)
	}
	id := col.idOf(document)
	if id == "" {
		return nil, fmt.Errorf("the answer is not a %s: it has no %s", col.Noun, col.ID)
	}
	return &Object{ID: id, Document: document, ETag: answer.header.Get("ETag"), Time: answer.date()}, nil
}

// unwrap returns the object, or nil where the body holds none.
func unwrap(body []byte, idName string) json.RawMessage {
	var members map[string]json.RawMessage
	if json.Unmarshal(body, &members) != nil || members == nil {
		return nil
	}
	data, wrapped := members["data"]
	if _, direct := members[idName]; direct || !wrapped {
		return body
	}
	var items []json.RawMessage
	if json.Unmarshal(data, &items) == nil && len(items) == 1 {
		data = items[0]
	}
	if bytes.HasPrefix(bytes.TrimSpace(data), []byte("{")) {
		return data
	}
	return nil
}

func (col *Collection) idOf(document json.RawMessage) string {
	if id := idOf(document, col.ID); id != "" || col.OtherID == "" {
		return id
	}
	return idOf(document, col.OtherID)
}

// idOf returns "" for an id that is missing or unfit.
func idOf(document json.RawMessage, name string) string {
	id := textAt(document, "/"+name)
	if cleanText(id) != id {
		return ""
	}
	return id
}

// isWhole reports whether the answer to a write is the whole document: it has all members that
// the object had before, or for a create all that were sent. What an answer leaves out would else
// count as gone.
func (col *Collection) isWhole(document json.RawMessage, other json.RawMessage) bool {
	var members, wanted map[string]json.RawMessage
	if json.Unmarshal(document, &members) != nil || json.Unmarshal(other, &wanted) != nil {
		return false
	}
	for name := range wanted {
		if _, found := members[name]; !found && name != "created_at" && !slices.Contains(col.WriteOnly, name) {
			return false
		}
	}
	for _, name := range col.Whole {
		if _, found := members[name]; !found {
			return false
		}
	}
	return true
}

// Ask sends a GET to a path that shows no object, and returns the JSON that it answers.
func (c *Client) Ask(ctx context.Context, path string, query url.Values) (json.RawMessage, error) {
	ctx, cancel := c.budget(ctx)
	defer cancel()
	answer, err := c.do(ctx, &call{method: http.MethodGet, path: path, query: query, repeatable: true})
	if err != nil {
		return nil, err
	}
	return answer.body, nil
}
