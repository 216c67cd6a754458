package provider_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

// pageSwitches are the switches that change what a list looks like.
var pageSwitches = []string{"pages-from", "list-shape", "page-cap", "items"}

// pagings are all combinations of the page switches.
func pagings(t *testing.T) map[string]simulator.Options {
	t.Helper()
	all := map[string]simulator.Options{"": {}}
	for _, s := range simulator.Switches() {
		if !slices.Contains(pageSwitches, s.Name) {
			continue
		}
		next := map[string]simulator.Options{}
		for name, options := range all {
			for _, value := range s.Values {
				changed := options
				if err := s.Set(&changed, value); err != nil {
					t.Fatal(err)
				}
				next[strings.TrimPrefix(name+" "+s.Name+"="+value, " ")] = changed
			}
		}
		all = next
	}
	if len(all) != 24 {
		t.Fatalf("%d combinations of the page switches instead of 24", len(all))
	}
	return all
}

// An account of 250 deployments is listed, imported with the configuration that
// Terraform generates, and planned empty, with no request but reads. Where a
// switch is off its first position, the short run makes do with 110, more than
// a page, and adopts some of them.
func TestListAdopts250(t *testing.T) {
	t.Parallel()
	for name, options := range pagings(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t, options)
			whole := moved(options) < 1 || isLong()
			count := map[bool]int{true: 250, false: 110}[whole]
			ids := f.fill(count)
			q := newQuestions(t, f.URL)
			results := q.all(t, args{}, 1000, true)
			if got := idsOf(results); !reflect.DeepEqual(sorted(got), sorted(ids)) {
				t.Fatalf("%d deployments are listed instead of %d", len(got), count)
			}
			reads := 0
			for _, r := range f.Requests() {
				if r.Path != "/v2/deployments" {
					reads++
				}
			}
			if want := map[bool]int{true: count}[options.Items == simulator.ItemsPartial]; reads != want {
				t.Errorf("%d deployments were read one by one instead of %d", reads, want)
			}
			for i, one := range results {
				if i%25 == 7 || whole {
					q.adopt(t, one)
				}
			}
			f.readsOnly(t)
		})
	}
}

// moved counts the switches that are off their first position.
func moved(o simulator.Options) int {
	n := 0
	for _, s := range simulator.Switches() {
		if s.Get(o) != s.Values[0] {
			n++
		}
	}
	return n
}

// adopt imports one result with the configuration that is generated from it, and
// asserts that the plan is empty.
func (q *questions) adopt(t *testing.T, one listed) {
	t.Helper()
	c := *q.core
	if err := c.importIdentity(one.identity); err != nil {
		t.Fatal(err)
	}
	if !c.state.Equal(one.resource) {
		t.Fatalf("%s is listed as\n%v\nand imported as\n%v", one.name, one.resource, c.state)
	}
	c.quiet(t, c.generated(one.resource))
}

func TestListLimit(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		limit, warnings int
		requests        int
		items           simulator.Items
		include         bool
	}{
		{limit: 1, requests: 1},
		{limit: 3, requests: 1, include: true},
		{limit: 3, requests: 4, include: true, items: simulator.ItemsPartial},
		{limit: 3, requests: 1, items: simulator.ItemsPartial},
		{limit: 99, requests: 1},
		{limit: 100, requests: 3, warnings: 1}, // without a page, page 1, page 2
		{limit: 101, requests: 3},
		{limit: 250, requests: 4},
		{limit: 1000, requests: 4},
	} {
		t.Run(fmt.Sprintf("%+v", test), func(t *testing.T) {
			t.Parallel()
			f := newFake(t, simulator.Options{Items: test.items})
			f.fill(250)
			results := newQuestions(t, f.URL).all(t, args{}, int64(test.limit), test.include)
			if want := min(test.limit, 250); len(results) != want {
				t.Errorf("%d results instead of %d", len(results), want)
			}
			warnings := 0
			for _, one := range results {
				warnings += len(one.warnings)
			}
			if warnings != test.warnings {
				t.Errorf("%d warnings instead of %d", warnings, test.warnings)
			}
			if n := f.readsOnly(t); n != test.requests {
				t.Errorf("%d requests instead of %d", n, test.requests)
			}
		})
	}
}

// Terraform's own limit of 100 is no reason for a warning when all is there.
func TestListOfExactlyTheUsualLimit(t *testing.T) {
	t.Parallel()
	for _, include := range []bool{true, false} {
		f := newFake(t, simulator.Options{})
		f.fill(100)
		results := newQuestions(t, f.URL).all(t, args{}, 100, include)
		if len(results) != 100 || len(results[99].warnings) != 0 {
			t.Errorf("%d results, the last with %q", len(results), results[99].warnings)
		}
		f.fill(1)
		results = newQuestions(t, f.URL).all(t, args{}, 100, include)
		if len(results) != 100 || len(results[99].warnings) != 1 || !strings.Contains(results[99].warnings[0], "Set limit") {
			t.Errorf("%d results, the last with %q", len(results), results[99].warnings)
		}
	}
}

// The results of a page go out before the next page is asked for.
func TestListStreams(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{PageCap: 3, PagesFrom: simulator.PagesFrom0})
	f.fill(9)
	q := newQuestions(t, f.URL)
	var sent []int
	err := q.list(args{}, 1000, true, func(listed) bool {
		sent = append(sent, len(f.Requests()))
		return len(sent) < 7
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := []int{1, 1, 1, 2, 2, 2, 3}; !slices.Equal(sent, want) {
		t.Errorf("requests before each result: %v instead of %v", sent, want)
	}
	if n := f.readsOnly(t); n != 3 {
		t.Errorf("%d requests after Terraform stopped listening", n)
	}
}

func TestListFilters(t *testing.T) {
	t.Parallel()
	for _, items := range []simulator.Items{simulator.ItemsWhole, simulator.ItemsPartial} {
		f := newFake(t, simulator.Options{Items: items, PageCap: 3})
		ids := f.fill(25)
		q := newQuestions(t, f.URL)
		for _, test := range deploymentFilters {
			want := []string{}
			for _, id := range ids {
				if doc, _ := f.Document(id); test.fits(doc) {
					want = append(want, id)
				}
			}
			if got := idsOf(q.all(t, test.arguments, 1000, true)); !slices.Equal(sorted(got), sorted(want)) {
				t.Errorf("%v lists %v instead of %v", test.arguments, got, want)
			}
			if len(want) > 2 {
				if got := idsOf(q.all(t, test.arguments, 2, false)); len(got) != 2 {
					t.Errorf("%v lists %v with a limit of 2", test.arguments, got)
				}
			}
		}
		for _, arguments := range []args{{"status": "on"}, {"channel": "popup"}, {"pal_id": ""}, {"search": ""}} {
			if err := q.list(arguments, 10, false, func(listed) bool { return true }); err == nil {
				t.Errorf("%v is no error", arguments)
			}
		}
		f.readsOnly(t)
	}
}

func TestListSwallowsNoError(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		items simulator.Items
		spoil func(r simulator.Request) bool
	}{
		"first page":  {simulator.ItemsWhole, func(r simulator.Request) bool { return !strings.Contains(r.Query, "page=") }},
		"second page": {simulator.ItemsWhole, func(r simulator.Request) bool { return strings.Contains(r.Query, "page=2") }},
		"one item":    {simulator.ItemsPartial, func(r simulator.Request) bool { return r.Path != "/v2/deployments" }},
	} {
		for _, include := range []bool{true, false} {
			t.Run(fmt.Sprint(name, include), func(t *testing.T) {
				t.Parallel()
				f := newFake(t, simulator.Options{Items: test.items, PageCap: 3})
				f.fill(9)
				f.SetFaults(func(_ int, r simulator.Request) *simulator.Fault {
					if test.spoil(r) {
						return &simulator.Fault{Kind: simulator.FaultStatus, Status: 403}
					}
					return nil
				})
				err := newQuestions(t, f.URL).list(args{}, 1000, include, func(listed) bool { return true })
				if name == "one item" && !include {
					if err != nil {
						t.Fatalf("nothing had to be read one by one: %v", err)
					}
					return
				}
				expectError(t, err, "Cannot list the deployments", "403", "Check the API key")
			})
		}
	}
}

// Deployments that are there all the time are listed exactly once, whatever
// happens to others meanwhile.
func TestListWhileOthersChange(t *testing.T) {
	t.Parallel()
	for name, options := range pagings(t) {
		if options.ListShape != simulator.ListWrapped {
			continue // without a total, nothing tells that a page moved
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t, options)
			ids := f.fill(20)
			doomed, kept := ids[17:], ids[:17]
			var once sync.Mutex
			page, made := 0, 0
			f.After(func(r simulator.Request) {
				if r.Path != "/v2/deployments" {
					return
				}
				once.Lock()
				defer once.Unlock()
				page++
				switch {
				case page == 2 && len(doomed) > 0:
					for _, id := range doomed {
						f.Remove(id)
					}
					doomed = nil
				case page == 3 && made < 2:
					made++
					f.Put(map[string]any{"name": "made meanwhile"})
				}
			})
			seen := map[string]int{}
			for _, one := range newQuestions(t, f.URL).all(t, args{}, 1000, true) {
				seen[one.id]++
			}
			for _, id := range kept {
				if seen[id] != 1 {
					t.Errorf("%s is listed %d times", id, seen[id])
				}
			}
			for id, n := range seen {
				if n != 1 {
					t.Errorf("%s is listed %d times", id, n)
				}
			}
			if n := f.readsOnly(t); n > 200 {
				t.Errorf("%d requests", n)
			}
		})
	}
}

// What is deleted between the list and its own read is left out.
func TestListOfDeletedMeanwhile(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{Items: simulator.ItemsPartial})
	ids := f.fill(12)
	f.Before(func(r simulator.Request) {
		if r.Path == "/v2/deployments/"+ids[5] {
			f.Remove(ids[5])
		}
	})
	results := newQuestions(t, f.URL).all(t, args{}, 1000, true)
	if got := idsOf(results); len(got) != 11 || slices.Contains(got, ids[5]) {
		t.Errorf("listed: %v", got)
	}
}

func TestListDisplayNames(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{})
	for i, doc := range []map[string]any{
		{"deployment_id": "5f0c7b1e-6d7a-4c55-9a52-0e2f6c1b9d3a", "name": "Docs site", "channel": "widget"},
		{"deployment_id": "d2", "channel": "landing-page"},
		{"deployment_id": "d3345678901", "channel": "embed", "name": " Two\n lines\t\x1b[31m red\u202e "},
	} {
		doc["created_at"] = fmt.Sprintf("2026-01-01T00:00:%02dZ", i)
		f.Put(doc)
	}
	var got []string
	for _, one := range newQuestions(t, f.URL).all(t, args{}, 10, false) {
		got = append(got, one.name)
	}
	want := []string{"Two lines [31m red (embed d3345678)", "(no name) (landing-page d2)", "Docs site (widget 5f0c7b1e)"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// The server refuses the key.
func TestListWithAWrongKey(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{})
	q := newQuestions(t, f.URL)
	f.Configure(func(o *simulator.Options) { o.Keys = map[string]string{"another": "account"} })
	err := q.list(args{}, 10, true, func(listed) bool { return true })
	expectError(t, err, "401", "api_key")
}

// No larger page is asked for than Terraform wants results, unless the provider
// itself has to choose among them.
func TestListPageSize(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{})
	f.fill(10)
	q := newQuestions(t, f.URL)
	for want, arguments := range map[string]args{"limit=3": {}, "limit=100": {"channel": "widget"}} {
		f.ResetRequests()
		q.all(t, arguments, 3, false)
		if got := f.Requests()[0].Query; got != want {
			t.Errorf("%v asks for %q instead of %q", arguments, got, want)
		}
	}
}

// bareIDs makes the list show ids and nothing else.
func (f *fake) bareIDs(t *testing.T) {
	t.Helper()
	items := []map[string]string{}
	for _, id := range f.IDs() {
		items = append(items, map[string]string{"deployment_id": id})
	}
	body := []byte(jsonText(t, items))
	f.SetFaults(func(_ int, r simulator.Request) *simulator.Fault {
		if r.Path == "/v2/deployments" {
			return &simulator.Fault{Kind: simulator.FaultBody, Status: 200, Body: body}
		}
		return nil
	})
}

// A list that shows nothing but ids is enough for everything.
func TestListOfBareIDs(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{})
	ids := f.fill(12)
	f.bareIDs(t)
	q := newQuestions(t, f.URL)
	if got := idsOf(q.all(t, args{}, 1000, false)); !slices.Equal(got, ids) {
		t.Errorf("listed: %v", got)
	}
	if got := idsOf(q.all(t, args{"channel": "embed"}, 1000, true)); !slices.Equal(got, []string{ids[1], ids[4], ids[7], ids[10]}) {
		t.Errorf("listed by channel: %v", got)
	}
	doc, _ := f.Document(ids[4])
	for _, arguments := range []args{{"name": doc["name"]}, {"name": doc["name"], "pal_id": pal, "channel": "embed"}} {
		got, err := q.data("tavus_deployment", arguments)
		if err != nil || got["deployment_id"] != ids[4] || got["pal_id"] != pal {
			t.Errorf("%v: %v, %v", arguments, got, err)
		}
	}
	got, err := q.data("tavus_deployments", args{"channel": "widget"})
	if list, _ := got["deployments"].([]any); err != nil || len(list) != 4 {
		t.Errorf("%d deployments, %v", len(list), err)
	}
}
