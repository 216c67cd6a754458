package tavus

import (
	"context"
	"crypto/sha256"
	"sync"
)

// digest stands for the body of a create, which may hold a password.
type digest [sha256.Size]byte

// room is what all clients of one server know in this process about creates:
// which deployments are somebody's already, and how many creates are without an
// answer. It is kept by server and not by key, because two keys can belong to
// one account.
type room struct {
	mu      sync.Mutex
	claimed map[string]bool
	// open are the creates whose outcome is unknown still, by body.
	open  map[digest]*openCreates
	doors map[string]*door
}

// openCreates are creates with one body.
type openCreates struct {
	count int
	req   CreateRequest // its password is not kept, only that there is one
}

var rooms struct {
	sync.Mutex
	all map[string]*room
}

func roomFor(base string) *room {
	rooms.Lock()
	defer rooms.Unlock()
	if rooms.all == nil {
		rooms.all = map[string]*room{}
	}
	if rooms.all[base] == nil {
		rooms.all[base] = &room{claimed: map[string]bool{}, open: map[digest]*openCreates{}, doors: map[string]*door{}}
	}
	return rooms.all[base]
}

func (r *room) door(key string) *door {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.doors[key] == nil {
		r.doors[key] = &door{moved: make(chan struct{})}
	}
	return r.doors[key]
}

func (r *room) claim(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.claimed[id] = true
}

func (r *room) isClaimed(id string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.claimed[id]
}

// lost notes a create with an unknown outcome.
func (r *room) lost(body digest, req CreateRequest) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if req.Password != "" {
		req.Password = hidden
	}
	if r.open[body] == nil {
		r.open[body] = &openCreates{req: req}
	}
	r.open[body].count++
}

// handOut claims the first of the candidates for a lost create with this body.
// It does so only if there are no more candidates than lost creates: then each
// is one of theirs, and which is whose makes no difference, because the bodies
// are the same. And not if the candidate may be that of a lost create with
// another body.
func (r *room) handOut(body digest, found []candidate) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.open[body] == nil || len(found) == 0 || len(found) > r.open[body].count {
		return false
	}
	for other, creates := range r.open {
		if other != body && creates.count > 0 && fits(&creates.req, found[0].Deployment) {
			return false
		}
	}
	r.open[body].count--
	r.claimed[found[0].DeploymentID] = true
	return true
}

// door keeps creates that could be taken for each other apart from a search for
// one of them. Creates go in together, so a healthy run waits for nothing. A
// search goes in alone: it begins when no answer is outstanding, so that all
// that has an owner is claimed.
type door struct {
	mu        sync.Mutex
	inside    int // creates
	searching bool
	waiting   int           // searches; creates let them go first
	moved     chan struct{} // closed and replaced at every change
}

// enter waits until a create, or a search, may go in.
func (d *door) enter(ctx context.Context, search bool) (leave func(), err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if search {
		d.waiting++
		defer func() { d.waiting--; d.change() }()
	}
	for d.searching || (search && d.inside > 0) || (!search && d.waiting > 0) {
		moved := d.moved
		d.mu.Unlock()
		select {
		case <-moved:
			d.mu.Lock()
		case <-ctx.Done():
			d.mu.Lock()
			return nil, ctx.Err()
		}
	}
	if search {
		d.searching = true
	} else {
		d.inside++
	}
	return func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		if search {
			d.searching = false
		} else {
			d.inside--
		}
		d.change()
	}, nil
}

func (d *door) change() {
	close(d.moved)
	d.moved = make(chan struct{})
}
