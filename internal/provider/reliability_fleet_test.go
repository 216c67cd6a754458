package provider_test

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tavus/terraform-provider-tavus/internal/contract"
	"github.com/tavus/terraform-provider-tavus/internal/provider"
	"github.com/tavus/terraform-provider-tavus/internal/simulator"
	"github.com/tavus/terraform-provider-tavus/internal/tavus"
)

// long says that this is the long round of "make test-all".
var long = os.Getenv("TAVUS_LONG") != ""

// site is a simulator that one Terraform run after the other, or several at the
// same time, work on. What a provider process knows of other requests (which IDs
// have an owner, the pace) is kept by address, so each run gets an address of its
// own, a path in front of /v2: runs share no more here than processes do.
type site struct {
	*fake
	url     string
	close   func()
	runs    atomic.Int64
	rewrite atomic.Pointer[func(r *http.Request, body []byte) []byte]
	instead atomic.Pointer[http.HandlerFunc] // what answers instead of the simulator
}

// answers lets a function rewrite the body of every answer; nil ends it.
func (s *site) answers(rewrite func(r *http.Request, body []byte) []byte) {
	if rewrite == nil {
		s.rewrite.Store(nil)
		return
	}
	s.rewrite.Store(&rewrite)
}

// newSite returns a site that ends with the test.
func newSite(t *testing.T, options simulator.Options) *site {
	t.Helper()
	s := openSite(t, options)
	t.Cleanup(s.close)
	return s
}

var checker = sync.OnceValues(contract.New)

// openSite returns a site that the caller closes, for tests with thousands of them.
func openSite(t *testing.T, options simulator.Options) *site {
	t.Helper()
	checker, err := checker()
	if err != nil {
		t.Fatal(err)
	}
	s := &site{fake: &fake{Simulator: simulator.New(options)}}
	s.SetContract(func(req *http.Request, reqBody []byte, status int, header http.Header, body []byte) {
		if err := checker.Check(req, reqBody, status, header, body); err != nil {
			t.Errorf("outside the contract: %s %s: %v", req.Method, req.URL.Path, err)
		}
	})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.EscapedPath(), "/"), "/")
		path, err := url.PathUnescape("/" + rest)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		r.URL.Path, r.URL.RawPath = path, "/"+rest
		if handler := s.instead.Load(); handler != nil {
			(*handler)(w, r)
			return
		}
		rewrite := s.rewrite.Load()
		if rewrite == nil {
			s.ServeHTTP(w, r)
			return
		}
		recorder := httptest.NewRecorder()
		s.ServeHTTP(recorder, r)
		maps.Copy(w.Header(), recorder.Header())
		w.Header().Del("Content-Length")
		w.WriteHeader(recorder.Code)
		if body := (*rewrite)(r, recorder.Body.Bytes()); len(body) > 0 {
			_, _ = w.Write(body)
		}
	}))
	s.url, s.URL, s.close = server.URL, server.URL+"/cli", server.Close
	return s
}

// quick are waits for tests: a lost request is given up soon, and looked for
// only for a moment.
func quick(config *tavus.Config) {
	config.MaxRetries = 2
	config.RequestTimeout = 2 * time.Second // a busy machine must not look like a hang
	config.RetryWait = time.Millisecond
	config.SearchWindow = 150 * time.Millisecond
}

// core is a core whose provider is a process of its own.
func (s *site) core(adjust func(*tavus.Config)) (*core, error) {
	address := fmt.Sprintf("%s/run-%d", s.url, s.runs.Add(1))
	return startCoreWith(provider.NewAdjusted("test", adjust)(), address, "key-of-the-test")
}

func (s *site) mustCore(t testing.TB, adjust func(*tavus.Config)) *core {
	t.Helper()
	c, err := s.core(adjust)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// fleet is the state of a configuration of several deployments. Each apply of it
// is a run of its own, with one provider process for all its deployments.
type fleet struct {
	site     *site
	adjust   func(*tavus.Config)
	parallel int // as terraform apply -parallelism
	members  map[string]*core
	warnings []string // of the last run
}

func newFleet(s *site, adjust func(*tavus.Config), parallel int) *fleet {
	return &fleet{site: s, adjust: adjust, parallel: parallel, members: map[string]*core{}}
}

// start begins a run: every deployment talks to one new provider process.
func (f *fleet) start(wanted map[string]args) error {
	f.warnings = nil
	process, err := f.site.core(f.adjust)
	if err != nil {
		return err
	}
	for name := range wanted {
		if f.members[name] == nil {
			fresh := *process
			f.members[name] = &fresh
		}
	}
	for _, member := range f.members {
		member.server = process.server
	}
	return nil
}

// each works on all deployments as core walks its graph.
func (f *fleet) each(do func(name string, member *core) error) error {
	var mu sync.Mutex
	var group sync.WaitGroup
	var problems []error
	slots := make(chan struct{}, max(1, f.parallel))
	for _, name := range slices.Sorted(maps.Keys(f.members)) {
		slots <- struct{}{}
		group.Go(func() {
			defer func() { <-slots }()
			member := f.members[name]
			err := do(name, member)
			mu.Lock()
			defer mu.Unlock()
			f.warnings = append(f.warnings, member.warnings...)
			if err != nil {
				problems = append(problems, fmt.Errorf("%s: %w", name, err))
			}
		})
	}
	group.Wait()
	return errors.Join(problems...)
}

// apply is one `terraform apply`: refresh, plan and apply. As there, nothing is
// written when a refresh or a plan fails. It returns the actions that were planned.
func (f *fleet) apply(wanted map[string]args) (map[string]string, error) {
	if err := f.start(wanted); err != nil {
		return nil, err
	}
	plans, actions := map[string]*planned{}, map[string]string{}
	var mu sync.Mutex
	err := f.each(func(name string, member *core) error {
		if err := member.refresh(); err != nil {
			return fmt.Errorf("refresh: %w", err)
		}
		p, err := member.plan(wanted[name])
		if err != nil {
			return fmt.Errorf("plan: %w", err)
		}
		mu.Lock()
		defer mu.Unlock()
		plans[name], actions[name] = p, p.action
		return nil
	})
	if err != nil {
		return actions, err
	}
	return actions, f.each(func(name string, member *core) error {
		if err := member.apply(plans[name]); err != nil {
			return fmt.Errorf("%s: %w", actions[name], err)
		}
		return nil
	})
}

// destroy is one `terraform destroy`.
func (f *fleet) destroy() error {
	if err := f.start(nil); err != nil {
		return err
	}
	if err := f.each(func(_ string, member *core) error { return member.refresh() }); err != nil {
		return err
	}
	return f.each(func(_ string, member *core) error { return member.destroy() })
}

// converge applies until an apply works. It returns how many it took.
func (f *fleet) converge(apply func() error) (int, error) {
	var failed error
	for n := 1; n <= 4; n++ {
		err := apply()
		if err == nil {
			return n, nil
		}
		failed = err
	}
	return 0, fmt.Errorf("it does not converge; the last apply failed with: %w", failed)
}

// settled asserts that the server holds exactly the deployments of the state, and
// that another apply has nothing to do.
func (f *fleet) settled(wanted map[string]args) error {
	owner := map[string]string{}
	for name, member := range f.members {
		id := member.get("deployment_id")
		if other := owner[id]; id == "" || other != "" {
			return fmt.Errorf("%s has the ID %q, %s has it too", name, id, cmp.Or(other, "nobody"))
		}
		owner[id] = name
		if member.tainted {
			return fmt.Errorf("%s is tainted", name)
		}
	}
	ids := f.site.IDs()
	slices.Sort(ids)
	if had := slices.Sorted(maps.Keys(owner)); !slices.Equal(ids, had) {
		return fmt.Errorf("the server holds %v, the state %v", ids, had)
	}
	if err := f.start(wanted); err != nil {
		return err
	}
	return f.each(func(name string, member *core) error {
		if drift, err := member.drift(); err != nil || len(drift) > 0 {
			return because(err, "a refresh-only plan shows %v", drift)
		}
		p, err := member.plan(wanted[name])
		if err != nil {
			return err
		}
		if p.action != actNoop {
			return fmt.Errorf("the plan is not empty: %s of %v", p.action, p.changed)
		}
		return nil
	})
}

// ids are the IDs in the state by the name of the deployment.
func (f *fleet) ids() map[string]string {
	ids := map[string]string{}
	for name, member := range f.members {
		ids[name] = member.get("deployment_id")
	}
	return ids
}

// because is an error with its cause, if there is one.
func because(cause error, format string, values ...any) error {
	text := fmt.Sprintf(format, values...)
	if cause != nil {
		return fmt.Errorf("%s: %w", text, cause)
	}
	return errors.New(text)
}
