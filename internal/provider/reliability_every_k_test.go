package provider_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
	"github.com/tavus/terraform-provider-tavus/internal/tavus"
)

// everyFault are the faults that one request of a run may meet.
func everyFault() map[string]simulator.Fault {
	faults := map[string]simulator.Fault{
		"refused":         {Kind: simulator.FaultRefused},
		"cut before":      {Kind: simulator.FaultCutBefore},
		"cut after":       {Kind: simulator.FaultCutAfter},
		"half body":       {Kind: simulator.FaultHalfBody},
		"garbage":         {Kind: simulator.FaultGarbage},
		"empty":           {Kind: simulator.FaultEmpty},
		"no id":           {Kind: simulator.FaultNoID},
		"hang before":     {Kind: simulator.FaultHang},
		"hang after":      {Kind: simulator.FaultHangAfter},
		"HTML":            {Kind: simulator.FaultHTML},
		"429 and seconds": {Kind: simulator.FaultStatus, Status: http.StatusTooManyRequests, RetryAfter: "1"},
		"429 and a date":  {Kind: simulator.FaultStatus, Status: http.StatusTooManyRequests, RetryAfter: "in a second"},
	}
	for _, status := range []int{500, 502, 503, 504} {
		faults[fmt.Sprintf("%d before", status)] = simulator.Fault{Kind: simulator.FaultStatus, Status: status}
		faults[fmt.Sprintf("%d after", status)] = simulator.Fault{Kind: simulator.FaultStatusAfter, Status: status}
	}
	return faults
}

// afterEffect says that the server does what it was asked before the fault.
// Where it was asked for nothing, such a fault is no other than its twin.
func afterEffect(fault simulator.Fault) bool {
	return fault.Kind == simulator.FaultStatusAfter || fault.Kind == simulator.FaultHangAfter
}

// passes says that a client which repeats requests gets over the fault by itself: the
// server certainly did nothing, or the request may be repeated, or the new
// deployment is there to be found. Only a POST that had no effect, and of which nobody
// can know that, and a plain 500 need another apply.
func passes(method string, fault simulator.Fault) bool {
	switch fault.Kind {
	case simulator.FaultHalfBody, simulator.FaultCutAfter, simulator.FaultHangAfter,
		simulator.FaultGarbage, simulator.FaultEmpty, simulator.FaultNoID:
		return true // all of them after the effect
	case simulator.FaultStatus:
		return fault.Status == http.StatusTooManyRequests || method != http.MethodPost && fault.Status != http.StatusInternalServerError
	case simulator.FaultStatusAfter:
		return method == http.MethodPost || fault.Status != http.StatusInternalServerError
	default: // before the effect, but a cut connection does not say so
		return method != http.MethodPost
	}
}

// rewriting is a server that stores everything in a form of its own.
var rewriting = simulator.Options{
	Names: simulator.NamesStripped, Colours: simulator.ColoursLowered, Origins: simulator.OriginsLowered, Lists: simulator.ListsReordered,
	StatusAfterCreate: simulator.CreatedDraft,
}

// trip lets the k-th request of the site fail, or the k-th write. hit is the
// request, once it came.
func (s *site) trip(k int, writes bool, fault simulator.Fault) (hit func() string) {
	var mu sync.Mutex
	count, what := 0, ""
	s.SetFaults(func(_ int, r simulator.Request) *simulator.Fault {
		mu.Lock()
		defer mu.Unlock()
		if writes && r.Method == http.MethodGet {
			return nil
		}
		if count++; count != k {
			return nil
		}
		what = r.Method + " " + r.Path
		chosen := fault
		if chosen.RetryAfter == "in a second" {
			chosen.RetryAfter = time.Now().Add(time.Second).UTC().Format(http.TimeFormat)
		}
		return &chosen
	})
	return func() string {
		mu.Lock()
		defer mu.Unlock()
		return what
	}
}

// story is the scenario: create, change, portal edits, change, destroy. Two of
// its deployments are twins.
func story() []map[string]args {
	docs := args{
		"pal_id": pal, "channel": "widget", "name": "Docs site!", "password": "first password",
		"customization": `{"widget":{"text":"Ask"},"preview":{"title":"Hi","description":"There"},"list":[1,2],"magic_canvas":{"accent_color":"#FFF"}}`,
		"limits":        `{"max_call_duration":600}`, "allowed_origins": []string{"https://Docs.example.com"},
	}
	twin := args{"pal_id": pal, "channel": "embed", "name": "Product page", "customization": `{"preview":{"title":"A"}}`}
	campaign := args{"pal_id": pal, "channel": "landing-page", "name": "Campaign", "status": "draft"}
	with := func(old args, changes args) args {
		changed := maps.Clone(old)
		maps.Copy(changed, changes)
		return changed
	}
	first := map[string]args{"docs": docs, "twin-1": twin, "twin-2": twin, "campaign": campaign}
	docs = with(docs, args{
		"name": "Docs", "password": "second password", "limits": nil,
		"customization": `{"widget":{"text":"Ask us"},"preview":{"title":"Hi"},"list":[2]}`,
	})
	twin = with(twin, args{"customization": `{"preview":{"title":"B","btn_title":"Go"}}`})
	campaign = with(campaign, args{"status": "active", "pal_id": simulator.PalCampaignHost})
	second := map[string]args{"docs": docs, "twin-1": twin, "twin-2": twin, "campaign": campaign}
	docs = with(docs, args{"password": nil, "allowed_origins": []string{}, "customization": `{"widget":{"text":"Ask me"}}`})
	campaign = with(campaign, args{"name": "", "customization": `{"preview":{"title":"Sale"}}`})
	third := map[string]args{"docs": docs, "twin-1": with(twin, args{"channel": "widget", "name": "Shop"}), "twin-2": twin, "campaign": campaign}
	// twin-1 stays what it is; a channel would replace it.
	third["twin-1"]["channel"] = "embed"
	return []map[string]args{first, second, third}
}

// portalEdits is what people set meanwhile, by deployment, and nobody configures.
var portalEdits = map[string][]string{
	"docs":     {"customization", "theme", "mode"},
	"twin-1":   {"customization", "preview", "portal"},
	"twin-2":   {"limits", "daily_call_limit_per_user"},
	"campaign": {"limits", "max_call_duration"},
}

// tell plays the story and asserts after each chapter what must hold. It returns
// the number of applies that it took.
func tell(s *site, adjust func(*tavus.Config), parallel int) (int, error) {
	f := newFleet(s, adjust, parallel)
	applies := 0
	var ids map[string]string
	for chapter, wanted := range story() {
		n, err := f.converge(func() error {
			actions, err := f.apply(wanted)
			for name, action := range actions {
				if chapter > 0 && action != actUpdate && action != actNoop {
					return fmt.Errorf("chapter %d plans to %s %s: %w", chapter+1, action, name, errors.Join(err, errReplaced))
				}
			}
			return err
		})
		if err != nil {
			return 0, fmt.Errorf("chapter %d: %w", chapter+1, err)
		}
		applies += n
		// The check asks the server, too, and so it may meet the fault.
		if chapter != 1 {
			if n, err = f.converge(func() error { return f.settled(wanted) }); err != nil {
				return 0, fmt.Errorf("after chapter %d: %w", chapter+1, err)
			}
			applies += n - 1
		}
		if chapter == 0 {
			ids = f.ids()
		} else if now := f.ids(); !maps.Equal(ids, now) {
			return 0, fmt.Errorf("after chapter %d the IDs are %v instead of %v", chapter+1, now, ids)
		}
		if err := portalEdit(s, f, chapter); err != nil {
			return 0, fmt.Errorf("after chapter %d: %w", chapter+1, err)
		}
	}
	n, err := f.converge(f.destroy)
	if err != nil {
		return 0, fmt.Errorf("destroy: %w", err)
	}
	if left := s.IDs(); len(left) > 0 {
		return 0, fmt.Errorf("deployments are left on the server: %v", left)
	}
	return applies + n, nil
}

var errReplaced = errors.New("a deployment must keep its ID")

// portalEdit makes the portal edits after the second chapter, and asserts later that
// they live.
func portalEdit(s *site, f *fleet, chapter int) error {
	for name, keys := range portalEdits {
		id := f.members[name].get("deployment_id")
		switch chapter {
		case 1:
			s.Edit(id, func(doc map[string]any) {
				members := doc
				for _, key := range keys[:len(keys)-1] {
					next, ok := members[key].(map[string]any)
					if !ok {
						next = map[string]any{}
						members[key] = next
					}
					members = next
				}
				members[keys[len(keys)-1]] = json.Number("77")
			})
		case 2:
			doc, _ := s.Document(id)
			if got := lookup(doc, keys...); got != json.Number("77") {
				return fmt.Errorf("the portal's %s of %s is %v", strings.Join(keys, "."), name, got)
			}
		}
	}
	return nil
}

// result is the outcome of one scenario.
type result struct {
	fault   string
	applies int
	fired   bool
	err     error
}

// TestEveryRequestFails lets every single request of the story fail in every
// way, and applies again until it works: once with a client that repeats
// nothing, one deployment after the other, and once for the writes of a client
// that repeats, all deployments at the same time.
func TestEveryRequestFails(t *testing.T) {
	t.Parallel()
	faults := everyFault()
	var jobs []func() result
	for _, mode := range []struct {
		retries, parallel int
		writes            bool
		options           simulator.Options
	}{
		{retries: 0, parallel: 1},
		{retries: 2, parallel: 4, writes: true, options: rewriting},
	} {
		adjust := func(config *tavus.Config) {
			quick(config)
			config.MaxRetries = mode.retries
		}
		s := newSite(t, mode.options)
		healthy, err := tell(s, adjust, mode.parallel)
		if err != nil {
			t.Fatalf("without a fault: %v", err)
		}
		all, writes := 0, 0
		for _, request := range s.Requests() {
			all++
			if request.Method != http.MethodGet {
				writes++
			}
		}
		for _, name := range slices.Sorted(maps.Keys(faults)) {
			onlyWrites, count := mode.writes || afterEffect(faults[name]), all
			if onlyWrites {
				count = writes
			}
			for k := 1; k <= count; k++ {
				// The short round takes a few that get about, and more of the writes.
				share := 37
				if onlyWrites {
					share = 17
				}
				if !long && (len(jobs)+k)%share != 0 {
					jobs = append(jobs, nil)
					continue
				}
				jobs = append(jobs, func() result {
					s := openSite(t, mode.options)
					defer s.close()
					hit := s.trip(k, onlyWrites, faults[name])
					applies, err := tell(s, adjust, mode.parallel)
					r := result{fault: name, applies: applies - healthy, fired: hit() != "", err: err}
					if method, _, _ := strings.Cut(hit(), " "); err == nil && r.applies > 0 && mode.retries > 0 && passes(method, faults[name]) {
						err = fmt.Errorf("%d applies more than without a fault, although it passes by", r.applies)
					}
					if err != nil {
						r.err = fmt.Errorf("%d of %d, %s, %s, max_retries %d, parallelism %d: %w",
							k, count, hit(), name, mode.retries, mode.parallel, err)
					}
					return r
				})
			}
		}
	}
	jobs = slices.DeleteFunc(jobs, func(job func() result) bool { return job == nil })
	report(t, runAll(jobs, 12))
}

// runAll runs jobs, some at a time: most of them wait most of the time.
func runAll(jobs []func() result, workers int) []result {
	results := make([]result, len(jobs))
	var group sync.WaitGroup
	slots := make(chan struct{}, workers)
	for i, job := range jobs {
		slots <- struct{}{}
		group.Go(func() {
			defer func() { <-slots }()
			results[i] = job()
		})
	}
	group.Wait()
	return results
}

func report(t *testing.T, results []result) {
	t.Helper()
	type row struct{ all, idle, absorbed, again, failed int }
	rows := map[string]*row{"all": {}}
	shown := 0
	for _, r := range results {
		if rows[r.fault] == nil {
			rows[r.fault] = &row{}
		}
		for _, one := range []*row{rows[r.fault], rows["all"]} {
			one.all++
			switch {
			case r.err != nil:
				one.failed++
			case !r.fired:
				one.idle++
			case r.applies == 0:
				one.absorbed++
			default:
				one.again++
			}
		}
		if r.err != nil && shown < 10 {
			shown++
			t.Errorf("%v", r.err)
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "one request of a story of %d chapters and %d deployments fails:\n", len(story())+1, len(portalEdits))
	fmt.Fprintf(&b, "  %-16s %9s %9s %12s %7s %7s\n", "fault", "scenarios", "absorbed", "apply again", "not hit", "failed")
	for _, name := range slices.Sorted(maps.Keys(rows)) {
		r := rows[name]
		fmt.Fprintf(&b, "  %-16s %9d %9d %12d %7d %7d\n", name, r.all, r.absorbed, r.again, r.idle, r.failed)
	}
	t.Log(b.String())
}
