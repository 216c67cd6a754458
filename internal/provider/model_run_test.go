package provider_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"

	"github.com/tavus/terraform-provider-tavus/internal/contract"
	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

// failer is a *testing.T or a *rapid.T.
type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

// driver is a Terraform with one resource.
type driver interface {
	// refresh refreshes the state and returns the attributes that changed, "all"
	// where the deployment is gone.
	refresh() (changed []string, err error)
	// plan plans without a refresh, and keeps the plan for apply.
	plan(c *configuration) (action string, changed []string, err error)
	apply() error
	destroy() error
	importID(id string) error
	forget()
	// attribute returns an attribute of the state in canonical form, "" for null.
	attribute(name string) string
	// warnings are those of the last call.
	warnings() string
	// secrets are texts that must stand in no message.
	secrets() []string
}

// run is one history on its way.
type run struct {
	t       failer
	history history
	at      int // the step, from 0
	sim     *simulator.Simulator
	url     string
	d       driver
	m       *model
	c       configuration
	other   string // the bystander's id
	count   int    // calls of Terraform

	// before is the server's document when an apply reached it.
	before map[string]any

	mu       sync.Mutex
	outside  []string // of the contract
	requests []string // methods since the last look
}

var sharedContract = sync.OnceValues(contract.New)

// start makes a server for the history. The caller calls end.
func start(t failer, h history, connect func(r *run) driver) (r *run, end func()) {
	t.Helper()
	r = &run{t: t, history: h, at: -1, sim: simulator.New(h.options()), m: newModel(h.options()), c: firstConfiguration()}
	checker, err := sharedContract()
	if err != nil {
		t.Fatalf("%v", err)
	}
	r.sim.SetContract(func(req *http.Request, reqBody []byte, status int, header http.Header, body []byte) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.requests = append(r.requests, req.Method)
		if err := checker.Check(req, reqBody, status, header, body); err != nil {
			r.outside = append(r.outside, err.Error())
		}
	})
	r.other = putBystander(r.sim)
	server := httptest.NewServer(processes(r.sim))
	r.url = server.URL
	r.d = connect(r)
	return r, server.Close
}

// processes serves a simulator under the path of each process as well, /process-1
// and so on. What a provider learns of a server it remembers by its address, until
// its process ends; a test is one process for all of them.
func processes(sim http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if rest, is := strings.CutPrefix(r.URL.Path, "/process-"); is {
			number, _, _ := strings.Cut(rest, "/")
			http.StripPrefix("/process-"+number, sim).ServeHTTP(w, r)
			return
		}
		sim.ServeHTTP(w, r)
	})
}

// play plays a whole history and destroys what it made.
func play(t failer, h history, connect func(r *run) driver) (r *run) {
	t.Helper()
	r, end := start(t, h, connect)
	defer end()
	for i, s := range h.steps {
		r.at = i
		r.step(s)
	}
	r.at = len(h.steps)
	r.destroy()
	r.bystander()
	return r
}

// fail ends the test with the history in a form that a person can follow.
func (r *run) fail(format string, args ...any) {
	r.t.Helper()
	r.t.Fatalf("%s\n\n%s", fmt.Sprintf(format, args...), r.history.print(r.at))
}

func (r *run) step(s step) {
	r.t.Helper()
	switch s.kind {
	case stepApply:
		r.configure(s.edits)
		r.apply(nil)
	case stepSaved, stepDuring:
		r.configure(s.edits)
		r.apply(&s)
	case stepPortal:
		r.portal(s.portal)
		r.refresh()
	case stepVisit:
		r.sim.Visit(r.id())
	case stepRefresh:
		r.refresh()
	case stepGone:
		r.sim.Remove(r.id())
		r.m.mirror.remove()
		r.refresh()
	case stepImport:
		r.reimport()
	case stepLosePrivate:
		r.losePrivate()
	case stepDestroy:
		r.destroy()
	case stepFaults:
		r.configure(s.edits)
		r.faulty(s.faults)
	}
	r.contract()
}

func (r *run) configure(edits []edit) {
	r.c = r.c.clone()
	for _, e := range edits {
		e.apply(&r.c)
	}
}

// id is the id of the deployment under test on the server, "" for none.
func (r *run) id() string {
	for _, id := range r.sim.IDs() {
		if id != r.other {
			return id
		}
	}
	return ""
}

func (r *run) portal(edits []edit) {
	editPortal(r.sim, r.id(), edits)
	r.m.mirror.edit(edits)
}

// refresh refreshes and compares with what the model says that a refresh-only plan shows.
func (r *run) refresh() (changed []string) {
	r.t.Helper()
	r.since()
	got, err := r.d.refresh()
	if err != nil {
		r.fail("the refresh fails: %v", err)
	}
	r.readOnly("a refresh")
	want := r.m.refresh()
	if slices.Equal(want, []string{"all"}) && !strings.Contains(r.d.warnings(), "gone") {
		r.fail("a deployment went without a warning")
	}
	if want, got = r.patient(want), r.patient(got); !slices.Equal(want, got) {
		r.fail("a refresh-only plan must show %v, but it shows %v", want, got)
	}
	r.compareState("after a refresh")
	return got
}

// patient leaves out the thumbnails where they come late.
func (r *run) patient(changed []string) []string {
	late := func(name string) bool { return strings.HasPrefix(name, "thumbnail_") }
	if r.history.options().Thumbnails == simulator.ThumbnailsLate && slices.ContainsFunc(changed, late) {
		r.m.bites["thumbnails=late"]++
		return slices.DeleteFunc(slices.Clone(changed), late)
	}
	return changed
}

// plan plans and compares.
func (r *run) plan() *plan {
	r.t.Helper()
	r.since()
	for _, argument := range objectNames {
		r.m.stateText[argument] = r.d.attribute(argument + " text")
	}
	want := r.m.plan(r.c)
	action, changed, err := r.d.plan(&r.c)
	if err != nil {
		r.fail("the plan fails: %v", err)
	}
	r.readOnly("a plan")
	if action != want.action || action == actUpdate && !slices.Equal(changed, want.changed) {
		r.fail("the plan must be %s %v, but it is %s %v", want.action, want.changed, action, changed)
	}
	if action == actReplace && !strings.Contains(r.d.warnings(), r.id()) {
		r.fail("the plan replaces %s without a warning", r.id())
	}
	r.discreet(r.d.warnings())
	return want
}

// apply applies the configuration, and again until nothing is left to do. s is a
// step with portal edits on the way, or nil.
func (r *run) apply(s *step) {
	r.t.Helper()
	r.refresh()
	for round := 1; ; round++ {
		p := r.plan()
		if p.action == actNoop {
			if s != nil {
				r.portal(s.portal)
				r.refresh()
			}
			break
		}
		if round > 4 {
			r.fail("after %d applies the plan is still not empty: %v", round-1, p.changed)
		}
		claims := r.frozen(p)
		got := r.carryOut(p, s)
		if got.waived != nil {
			r.c = r.c.clone()
			r.portal(got.waived.giveUp(r.m, &r.c))
		}
		again := r.refresh()
		if again := r.m.plan(r.c); again.asks && r.ignoresNothing() {
			r.m.bites["ignore_changes of nothing"]++
		} else if s == nil && got.failure == nil && !claims && again.action != actNoop {
			r.fail("the plan after an apply must be empty, but the model itself says %s %v", again.action, again.changed)
		}
		if s == nil && got.failure == nil && !claims && len(again) > 0 {
			r.fail("a refresh-only plan after an apply shows %v", again)
		}
		s = nil
	}
}

// ignoresNothing reports whether ignore_changes names an argument that is left out.
func (r *run) ignoresNothing() bool {
	return slices.ContainsFunc(objectNames, func(argument string) bool {
		return slices.Contains(r.c.ignore, argument) && r.c.objects[argument] == nil
	})
}

// frozen reports whether the plan takes over keys that Terraform has not looked at
// since an import. If they were edited since, then the plan after it shows that.
func (r *run) frozen(p *plan) bool {
	for _, argument := range objectNames {
		for _, pointer := range leavesOf(p.config.meant(argument)) {
			_, isOwned := r.m.objects[argument].owned[pointer]
			if _, shown := valueAt(r.m.objects[argument].shown, pointer); r.m.recorded && shown && !isOwned {
				return true
			}
		}
	}
	return false
}

// carryOut applies a plan and compares the error, the server and the state.
func (r *run) carryOut(p *plan, s *step) outcome {
	r.t.Helper()
	r.before, _ = r.sim.Document(r.id())
	var edits []edit
	switch {
	case s == nil:
	case s.kind == stepSaved || r.history.options().ETag == simulator.ETagNone:
		if s.kind == stepDuring {
			r.m.bites["etag=none"]++
		}
		r.portal(s.portal)
		r.before, _ = r.sim.Document(r.id())
	default:
		edits = s.portal
	}
	hooked := r.hook(p, edits)
	want := r.m.apply(p)
	r.since()
	err := r.d.apply()
	r.sim.Before(nil)
	r.count++
	if edits != nil && !hooked {
		r.portal(edits)
		r.before, _ = r.sim.Document(r.id())
	}
	r.compareError(want, err)
	if got := slices.Contains(r.since(), http.MethodPatch); got != want.patched && !want.late && !hooked {
		r.fail("the apply of %s %v: PATCH sent: %t, must be sent: %t", p.action, p.changed, got, want.patched)
	}
	if p.action == actUpdate {
		r.untouched(r.before)
	}
	r.compareServer()
	r.compareState("after an apply")
	for _, argument := range objectNames {
		_, written := p.config.objects[argument]
		shown := r.d.attribute(argument + " text")
		switch {
		case !want.settled:
		case p.action == actUpdate:
			r.m.ignored[argument] = (written || p.asks || r.m.ignored[argument]) && shown != p.config.written(argument)
		default:
			r.m.ignored[argument] = shown != p.config.written(argument)
		}
		if err == nil && slices.Contains(p.changed, argument) && r.d.attribute(argument+" text") != p.config.text(argument) {
			r.fail("the state's text of %s is not the one of the configuration: %s", argument, r.d.attribute(argument+" text"))
		}
	}
	return want
}

// hook makes the edits between the GET and the PATCH of an update, if there will
// be a PATCH.
func (r *run) hook(p *plan, edits []edit) bool {
	live, there := r.m.mirror.document()
	if p.action != actUpdate || edits == nil || !there {
		return false
	}
	if sends, _, _ := r.m.work(p, live); len(sends) == 0 {
		return false
	}
	r.m.mirror.edit(edits)
	id, once := r.id(), sync.Once{}
	r.sim.Before(func(request simulator.Request) {
		if request.Method == http.MethodPatch {
			once.Do(func() {
				editPortal(r.sim, id, edits)
				r.before, _ = r.sim.Document(id)
			})
		}
	})
	return true
}

func (r *run) reimport() {
	r.t.Helper()
	id := r.id()
	if id == "" {
		return
	}
	r.since()
	r.d.forget()
	if err := r.d.importID(id); err != nil {
		r.fail("the import of %s fails: %v", id, err)
	}
	r.readOnly("an import")
	r.m.imports()
	r.compareState("after an import")
}

// losePrivate drops what the provider remembers, as an edited state file does.
func (r *run) losePrivate() {
	c, ok := r.d.(interface{ losePrivate() })
	if !ok {
		return
	}
	c.losePrivate()
	r.m.recorded = false
	for _, argument := range objectNames {
		r.m.objects[argument].owned = nil
	}
	r.m.name.owned, r.m.origins.owned = nil, nil
	r.refresh()
}

func (r *run) destroy() {
	r.t.Helper()
	if err := r.d.destroy(); err != nil {
		r.fail("the destroy fails: %v", err)
	}
	r.m.mirror.remove()
	r.m.forget()
	if id := r.id(); id != "" {
		r.fail("after a destroy the server still holds %s", id)
	}
	r.contract()
}
