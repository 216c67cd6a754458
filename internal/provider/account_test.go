package provider_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/provider"
	"github.com/tavus/terraform-provider-tavus/internal/testkit"
)

// TestAccount_LawsHold plays random histories of a whole account: objects of all kinds that refer to
// each other are created, changed and destroyed in parallel, people edit them and make others, requests
// fail, and the process of the provider ends. After each disturbance the next applies converge, and the
// laws hold. TAVUS_HISTORY=n plays number n alone.
func TestAccount_LawsHold(t *testing.T) {
	t.Parallel()
	first, last := 1, rounds(3, 1000)
	if n, err := strconv.Atoi(os.Getenv("TAVUS_HISTORY")); err == nil {
		first, last = n, n
	}
	numbers := make(chan int)
	var players sync.WaitGroup
	for range 16 { //nolint:paralleltest // Most of them wait, so there are more than t.Parallel runs.
		players.Go(func() {
			for n := range numbers {
				t.Run(strconv.Itoa(n), func(t *testing.T) { playAccount(t, uint64(n)) }) //nolint:gosec // A number of a test is not negative.
			}
		})
	}
	for n := first; n <= last && !t.Failed(); n++ {
		numbers <- n
	}
	close(numbers)
	players.Wait()
}

// account is a server, a process of the provider and a configuration of many objects.
type account struct {
	*testkit.Server
	t       *testing.T
	random  *rand.Rand
	objects []*object
	killed  atomic.Bool
	notes   []string
	foreign map[string]string // what people made, as JSON, by "collection id"
	// left are tools that an apply attached whose end nobody knows, as "PAL/tool".
	left map[string]bool

	mu    sync.Mutex
	heard bytes.Buffer // all that the provider said
}

func playAccount(t *testing.T, n uint64) {
	t.Helper()
	a := &account{
		Server: testkit.NewServer(t), t: t, random: rand.New(rand.NewPCG(3, n)), //nolint:gosec // It has to come again.
		foreign: map[string]string{}, left: map[string]bool{},
	}
	for _, kind := range append(fixtures(), &testkit.Fixture{Type: "tavus_pal_tools"}) {
		for number := range 2 {
			a.objects = append(a.objects, &object{kind: kind, number: number, edits: map[string]any{}})
		}
	}
	slices.SortStableFunc(a.objects, func(one, two *object) int { return depth(one.kind.Type) - depth(two.kind.Type) })
	a.start(1)
	for range 3 {
		a.play()
		if t.Failed() {
			break
		}
	}
	if !t.Failed() {
		a.end()
	}
	a.look()
	if t.Failed() {
		t.Logf("history %d (TAVUS_HISTORY=%d):\n%s", n, n, strings.Join(a.notes, "\n"))
	}
}

// depth is 0 for objects that refer to no others, and more for those that refer to these.
func depth(typeName string) int {
	deepest := 0
	for _, target := range references[typeName] {
		deepest = max(deepest, 1+depth(target))
	}
	return deepest
}

func (a *account) note(format string, values ...any) {
	a.notes = append(a.notes, fmt.Sprintf(format, values...))
}

func (a *account) hear(said ...any) {
	a.mu.Lock()
	defer a.mu.Unlock()
	fmt.Fprintln(&a.heard, said...)
}

// start begins a new process of the provider with the states as they are.
func (a *account) start(retries int) {
	a.t.Helper()
	log := func(_ context.Context, message string, fields map[string]any) { a.hear(message, fields) }
	core, err := testkit.NewCore(provider.NewForLaws(log), a.URL, testkit.Config{"api_key": keyCanary, "max_retries": retries, "request_timeout": "1m"})
	if err != nil {
		a.t.Fatal(err)
	}
	for _, o := range a.objects {
		share := core.Share()
		r := share.Resource(fmt.Sprintf("%s.n%d", o.kind.Type, o.number))
		if o.Resource != nil {
			r.Continue(o.Resource)
		}
		o.core, o.Resource = share, r
	}
}

func (a *account) chance(percent int) bool { return a.random.IntN(100) < percent }

func none(*object) bool { return false }

func isWanted(o *object) bool { return o.wanted }

// play changes the configuration, lets people edit, disturbs a command, and asserts that the next
// applies converge and the laws hold.
func (a *account) play() {
	a.t.Helper()
	for _, o := range a.objects {
		a.choose(o)
	}
	for range a.random.IntN(4) {
		a.people()
	}
	attempts := 1
	if a.chance(60) {
		a.disturb()
		attempts = 3
	}
	a.converge(attempts)
}

// choose decides what the configuration says about an object from now on.
func (a *account) choose(o *object) {
	if a.chance(50) {
		o.config, o.links = a.configuration(o), a.references(o)
		o.wanted = a.chance(85)
	}
	for argument, targets := range o.links {
		o.links[argument] = slices.DeleteFunc(targets, func(target *object) bool { return !target.wanted })
	}
	// What is required has to be there.
	for argument := range references[o.kind.Type] {
		if o.kind.Type != "tavus_pal" && len(o.links[argument]) == 0 {
			o.wanted = false
		}
	}
	o.wanted = o.wanted && o.config != nil
}

func (a *account) configuration(o *object) testkit.Config {
	config := mixture(a.random, o.kind)
	for argument := range references[o.kind.Type] {
		delete(config, argument)
	}
	config = withSecrets(config, o.kind.Secrets, strconv.Itoa(a.random.IntN(2)), a.chance(50))
	if name, has := config["name"].(string); has {
		config["name"] = name + strconv.Itoa(o.number)
	}
	if url, has := config["url"].(string); has {
		config["url"] = url + strconv.Itoa(o.number)
	}
	if o.kind.Type == "tavus_pal" {
		config = testkit.With(config, testkit.Config{"conferencing.username": fmt.Sprintf("guide%d", o.number)})
	}
	return config
}

// references chooses what an object refers to.
func (a *account) references(o *object) map[string][]*object {
	links := map[string][]*object{}
	for _, argument := range slices.Sorted(maps.Keys(references[o.kind.Type])) {
		var targets []*object
		for _, target := range a.objects {
			if target.kind.Type == references[o.kind.Type][argument] && target.wanted {
				targets = append(targets, target)
			}
		}
		a.random.Shuffle(len(targets), func(i, j int) { targets[i], targets[j] = targets[j], targets[i] })
		switch {
		case argument == "pal_id" && o.kind.Type != "tavus_deployment": // each PAL has its own
			targets = slices.DeleteFunc(targets, func(target *object) bool { return target.number != o.number })
		case argument == "pal_id":
			targets = targets[:min(1, len(targets))]
		case o.kind.Type == "tavus_pal" && a.chance(25):
			continue // not managed
		case strings.HasSuffix(argument, "_ids"):
			targets = targets[:a.random.IntN(len(targets)+1)]
		default:
			targets = targets[:min(a.random.IntN(2), len(targets))]
		}
		links[argument] = targets
	}
	return links
}

// converge applies until it works, and asserts the laws.
func (a *account) converge(attempts int) {
	a.t.Helper()
	for ; ; attempts-- {
		err := a.apply(a.objects, isWanted)
		a.recover(a.objects, isWanted)
		if err == nil {
			break
		}
		a.note("apply: %v", err)
		if attempts == 1 || a.t.Failed() {
			a.t.Errorf("apply: %v", err)
			return
		}
	}
	a.laws()
}

// laws holds the account to what must be so after an apply.
func (a *account) laws() {
	a.t.Helper()
	steps, err := a.plan(a.objects, isWanted)
	if err != nil {
		a.t.Errorf("the second plan: %v", err)
		return
	}
	for _, o := range a.objects {
		s := steps[o]
		changed := slices.DeleteFunc(s.changed, func(argument string) bool {
			// The end of an object takes its id out of others. Where they do not manage it, no plan shows that.
			return references[o.kind.Type][argument] != "" && o.links[argument] == nil
		})
		switch {
		case len(changed) > 0:
			a.t.Errorf("%s: the refresh shows %v", o.Address, changed)
		case o.wanted && s.action != testkit.NoOp:
			a.t.Errorf("%s: the second plan is %s%s", o.Address, s.action, s.plan.Difference())
		case o.Exists() != o.wanted, o.Tainted, o.ID() != o.id && o.kind.Collection != "":
			a.t.Errorf("%s: the state holds %q instead of %q, tainted: %v", o.Address, o.ID(), o.id, o.Tainted)
		}
		for pointer, value := range o.edits {
			if got := a.At(o.kind.Collection, o.id, pointer); testkit.JSON(got) != testkit.JSON(value) {
				a.t.Errorf("%s: the portal's %s is %s instead of %s", o.Address, pointer, testkit.JSON(got), testkit.JSON(value))
			}
		}
	}
	a.server()
}

// server asserts that the server holds what the states hold and what people made, and nothing else.
func (a *account) server() {
	a.t.Helper()
	for _, kind := range fixtures() {
		var held []string
		for _, o := range a.objects {
			if o.kind.Type == kind.Type && o.Exists() {
				held = append(held, o.ID())
			}
		}
		slices.Sort(held)
		if ids := a.ids(kind); !slices.Equal(ids, held) {
			a.t.Errorf("the server holds %v in %s, the states %v", ids, kind.Collection, held)
		}
	}
	for name, before := range a.foreign {
		collection, id, _ := strings.Cut(name, " ")
		if now := a.still(collection, id); now != before {
			a.t.Errorf("%s of the portal is %s instead of %s", name, now, before)
		}
	}
	for _, at := range a.attachments() {
		if !a.left[at] {
			a.t.Errorf("%s is attached, and no state holds it", at)
		}
	}
}

// end destroys everything.
func (a *account) end() {
	a.t.Helper()
	if err := a.apply(a.objects, none); err != nil {
		a.t.Errorf("destroy: %v", err)
		return
	}
	a.server()
	for _, o := range a.objects {
		if o.Exists() {
			a.t.Errorf("the state still holds %s", o.Address)
		}
	}
}

// look fails where the key or a secret stands in a state, or in what the provider said.
func (a *account) look() {
	a.t.Helper()
	texts := map[string]string{"log and diagnostics": a.heard.String()}
	for _, o := range a.objects {
		texts[o.Address] = fmt.Sprint(without(o.State(), o.kind.Secrets), string(o.Private()))
	}
	for where, text := range texts {
		if at := strings.Index(text, "Canary"); at >= 0 {
			a.t.Errorf("a secret stands in %s: …%s…", where, text[max(0, at-100):min(len(text), at+20)])
		}
	}
}
