package tavus

import (
	"context"
	"errors"
	"net/http"
	"time"
)

// clockSlack covers that Date and created_at may both be cut to whole seconds.
const clockSlack = 2 * time.Second

// candidate is a deployment that a create of unknown outcome may have made.
type candidate struct {
	*Deployment
	// undated says why the age is not known, "" if it is: old enough to be somebody else's, for all we know.
	undated string
}

// search looks for the deployment of a create of unknown outcome. It goes on
// after the context ended, because an interrupt must not make an orphan.
func (a *creating) search(ctx context.Context, failure error) (*Creation, error) {
	c := a.client
	unknown := &UnknownOutcomeError{Err: failure}
	ctx = context.WithoutCancel(ctx)
	waitCtx, stopWaiting := context.WithTimeout(ctx, c.cfg.RequestTimeout+searchLimit)
	defer stopWaiting()
	leave, err := a.door.enter(waitCtx, true)
	if err != nil {
		unknown.SearchErr = errors.New("another create like this one was searched for too long")
		return nil, unknown
	}
	defer leave()
	ctx, cancel := context.WithTimeout(ctx, searchLimit)
	defer cancel()

	end := time.Now().Add(c.cfg.SearchWindow)
	for wait := 250 * time.Millisecond; ; wait *= 2 {
		found, err := a.look(ctx)
		unknown.SearchErr = err
		unknown.Searched = unknown.Searched || err == nil
		if len(found) > 0 {
			return a.decide(found, unknown)
		}
		left := time.Until(end)
		if left <= 0 || c.pause(ctx, min(wait, left)) != nil {
			return nil, unknown
		}
	}
}

// decide adopts one of the deployments found, or says why none can be.
func (a *creating) decide(found []candidate, unknown *UnknownOutcomeError) (*Creation, error) {
	for _, one := range found {
		unknown.Candidates = append(unknown.Candidates, one.DeploymentID)
		if one.undated != "" {
			unknown.SearchErr = errors.New(one.undated)
		}
	}
	if unknown.SearchErr == nil && a.isNamed() && a.client.room.handOut(a.digest, found) {
		return &Creation{Deployment: found[0].Deployment, Adopted: true}, nil
	}
	return nil, unknown
}

// look reads the list once and returns what this create may have made. The
// filter is the PAL and not the name, because servers normalise names.
func (a *creating) look(ctx context.Context) ([]candidate, error) {
	var found []candidate
	var unreadable error
	walk := a.client.deploymentPager(ListFilter{PalID: a.req.PalID}, a.mask)
	for item, err := range walk.all(ctx) {
		if err != nil {
			return nil, err
		}
		if a.client.room.isClaimed(item.id) {
			continue
		}
		d, err := a.examine(ctx, item)
		if err != nil {
			unreadable = err
			continue
		}
		if d == nil || !fits(a.req, d) {
			continue
		}
		if one := (candidate{d, a.undated(d, item.from)}); one.undated != "" || a.isYoung(d, item.from) {
			found = append(found, one)
		}
	}
	if len(found) == 0 {
		return nil, unreadable
	}
	return found, nil
}

// examine returns the whole document of an item, or nil when what the item
// shows rules it out already.
func (a *creating) examine(ctx context.Context, item pageItem) (*Deployment, error) {
	listed, err := decodeListed(item.raw)
	if err != nil {
		return nil, err
	}
	d := &listed.Deployment
	if !listed.Partial {
		return d, nil
	}
	ruledOut := (d.PalID != "" && d.PalID != a.req.PalID) || (d.Channel != "" && d.Channel != a.req.Channel) ||
		(d.Name != "" && a.req.Name != nil && fold(d.Name) != fold(*a.req.Name)) ||
		(a.undated(d, item.from) == "" && !a.isYoung(d, item.from))
	if ruledOut {
		return nil, nil
	}
	path, err := itemPath(deploymentsPath, item.id, "deployment")
	if err != nil {
		return nil, err
	}
	live, err := a.client.read(ctx, path, item.id, false, a.mask)
	if IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return live.Deployment, nil
}

// undated says why the age of d is not known.
func (a *creating) undated(d *Deployment, from *page) string {
	if _, err := http.ParseTime(from.header.Get("Date")); err != nil {
		return "the server gives no Date, so it cannot be told from an older one"
	}
	if _, ok := parseTime(d.CreatedAt); !ok {
		return "the server gives no readable created_at, so it cannot be told from an older one"
	}
	return ""
}

// isYoung says that d is not older than the request, by the server's own clock:
// the clock of this machine may be wrong. The server's time of the request is
// the Date of the list minus the time that went by here since then.
func (a *creating) isYoung(d *Deployment, from *page) bool {
	server, err := http.ParseTime(from.header.Get("Date"))
	if err != nil {
		return false
	}
	created, ok := parseTime(d.CreatedAt)
	return ok && !created.Before(server.Add(-from.at.Sub(a.sentAt)-clockSlack))
}

// parseTime reads RFC 3339, and the same without a zone as UTC, which
// databases tend to write.
func parseTime(text string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999Z07:00", "2006-01-02 15:04:05.999999999"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
