package provider_test

import (
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
)

// lostReplies are the ways for a create to take effect without an answer that
// tells so.
func lostReplies() map[string]simulator.Fault {
	lost := map[string]simulator.Fault{}
	for name, fault := range everyFault() {
		switch fault.Kind {
		case simulator.FaultCutAfter, simulator.FaultHalfBody, simulator.FaultGarbage, simulator.FaultEmpty, simulator.FaultNoID,
			simulator.FaultHangAfter, simulator.FaultStatusAfter:
			lost[name] = fault
		default:
		}
	}
	return lost
}

// lose spoils the first answers to a create, one with each of the faults; nil
// lets one through.
func (s *site) lose(faults ...*simulator.Fault) {
	var mu sync.Mutex
	s.SetFaults(func(_ int, r simulator.Request) *simulator.Fault {
		mu.Lock()
		defer mu.Unlock()
		if r.Method != http.MethodPost || len(faults) == 0 {
			return nil
		}
		first := faults[0]
		faults = faults[1:]
		return first
	})
}

// rewritten is a deployment whose settings every normalisation changes.
func rewritten() args {
	return widget(args{
		"name":          "Docs: the (new) site!",
		"password":      "open sesame",
		"customization": `{"theme":{"accent":"#FFF","none":{}},"big":9007199254740993,"list":["b","a",{"c":1.0}],"widget":{"text":"Ask"}}`,
		"limits":        `{"max_call_duration":6e2}`,
		"allowed_origins": []string{
			"https://docs.example.com", "https://WWW.example.com/",
		},
	})
}

// position is one switch of the simulator in one position.
type position struct {
	name    string
	options simulator.Options
}

func everyPosition(t *testing.T) []position {
	t.Helper()
	var all []position
	for _, item := range simulator.Switches() {
		for i, value := range item.Values {
			if i == 0 && len(all) > 0 {
				continue // what all the others have
			}
			var options simulator.Options
			if err := item.Set(&options, value); err != nil {
				t.Fatal(err)
			}
			all = append(all, position{item.Name + "=" + value, options})
		}
	}
	together := simulator.Options{
		Names: simulator.NamesStripped, Colours: simulator.ColoursLowered, Origins: simulator.OriginsLowered,
		Lists: simulator.ListsReordered, Numbers: simulator.NumbersRounded, Nulls: simulator.NullsDropped,
		EmptyObjects: simulator.EmptyObjectsDropped, Items: simulator.ItemsPartial, PagesFrom: simulator.PagesFrom0, PageCap: 2,
		ListShape: simulator.ListBare, Unset: simulator.UnsetAbsent, Errors: simulator.ErrorsHTML, CreateCode: simulator.Create201,
	}
	return append(all, position{"all normalisations", together})
}

// TestLostReplies loses the reply to a create in every way and on every server:
// the deployment is found again and adopted, and the next plan is empty.
func TestLostReplies(t *testing.T) {
	t.Parallel()
	lost := lostReplies()
	names := slices.Sorted(maps.Keys(lost))
	var jobs []func() result
	for i, where := range everyPosition(t) {
		for j, name := range names {
			if long || j == i%len(names) {
				jobs = append(jobs, func() result {
					s := openSite(t, where.options)
					defer s.close()
					err := adopted(s, where.options, lost[name])
					if err != nil {
						err = fmt.Errorf("%s, %s: %w", where.name, name, err)
					}
					return result{fault: name, fired: true, err: err}
				})
			}
		}
	}
	for _, r := range runAll(jobs, 12) {
		if r.err != nil {
			t.Error(r.err)
		}
	}
	t.Logf("lost replies: %d servers, %d ways, %d of %d pairs", len(everyPosition(t)), len(names), len(jobs), len(everyPosition(t))*len(names))
}

func adopted(s *site, options simulator.Options, fault simulator.Fault) error {
	// Others stand in the list, too.
	for i := range 5 {
		s.Put(map[string]any{"name": fmt.Sprintf("Other %d", i), "pal_id": pal, "created_at": "2025-01-01T00:00:00Z"})
	}
	before := s.IDs()
	c, err := s.core(quick)
	if err != nil {
		return err
	}
	s.lose(&fault)
	arguments := rewritten()
	p, err := c.plan(arguments)
	if err != nil {
		return err
	}
	err = c.apply(p)
	made := slices.DeleteFunc(s.IDs(), func(id string) bool { return slices.Contains(before, id) })
	if len(made) != 1 {
		return because(err, "the server holds %d new deployments", len(made))
	}
	if options.Date == simulator.DateAbsent {
		// Without the server's clock nobody can tell an old deployment from a new one.
		if err == nil || !strings.Contains(err.Error(), made[0]) || !strings.Contains(err.Error(), "terraform import") {
			return because(err, "without a Date, the error is not the one that lists %s", made[0])
		}
		return nil
	}
	if err != nil {
		return err
	}
	if id := c.get("deployment_id"); id != made[0] || c.tainted {
		return fmt.Errorf("the state has %q (tainted: %v), the server %s", id, c.tainted, made[0])
	}
	if warnings := strings.Join(c.warnings, "\n"); !strings.Contains(warnings, "Deployment found again") {
		return errors.New("no warning says that the deployment was found again")
	}
	if err := c.refresh(); err != nil { // late thumbnails come with the first reads
		return err
	}
	if err := c.refresh(); err != nil {
		return err
	}
	f := newFleet(s, quick, 1)
	f.members["test"] = c
	for _, id := range before {
		s.Remove(id)
	}
	if options.Thumbnails == simulator.ThumbnailsLate {
		if err := c.refresh(); err != nil {
			return err
		}
	}
	return f.settled(map[string]args{"test": arguments})
}

// TestLostRepliesOfTwins creates deployments with the same arguments and name at
// the same time, and loses replies: each deployment of the server ends in one state.
func TestLostRepliesOfTwins(t *testing.T) {
	t.Parallel()
	cut := &simulator.Fault{Kind: simulator.FaultCutAfter}
	hang := &simulator.Fault{Kind: simulator.FaultHangAfter}
	half := &simulator.Fault{Kind: simulator.FaultHalfBody}
	down := &simulator.Fault{Kind: simulator.FaultStatusAfter, Status: http.StatusBadGateway}
	servers := everyPosition(t)
	var jobs []func() result
	for _, faults := range [][]*simulator.Fault{
		{cut, nil},
		{nil, cut},
		{cut, cut},
		{hang, nil},
		{nil, hang},
		{hang, cut},
		{cut, hang},
		{hang, hang},
		{half, down},
		{down, nil, half},
		{cut, cut, cut},
		{nil, nil},
	} {
		for _, options := range []simulator.Options{{}, servers[len(servers)-1].options, {Latency: 20 * time.Millisecond}} {
			jobs = append(jobs, func() result {
				s := openSite(t, options)
				defer s.close()
				s.lose(faults...)
				wanted := map[string]args{}
				var ways []string
				for i, fault := range faults {
					wanted[fmt.Sprintf("twin-%d", i+1)] = rewritten()
					if fault != nil {
						ways = append(ways, string(fault.Kind))
					}
				}
				f := newFleet(s, quick, len(faults))
				_, err := f.apply(wanted)
				if err == nil {
					err = f.settled(wanted)
				}
				if err != nil {
					err = fmt.Errorf("%d twins, %v: %w", len(faults), ways, err)
				}
				return result{err: err}
			})
		}
	}
	for _, r := range runAll(jobs, 18) {
		if r.err != nil {
			t.Error(r.err)
		}
	}
}

// TestOldDeploymentIsNeverAdopted: a person made an identical deployment an hour ago.
func TestOldDeploymentIsNeverAdopted(t *testing.T) {
	t.Parallel()
	for _, fault := range []simulator.Fault{{Kind: simulator.FaultCutBefore}, {Kind: simulator.FaultCutAfter}, {Kind: simulator.FaultHang}} {
		t.Run(string(fault.Kind), func(t *testing.T) {
			t.Parallel()
			s := newSite(t, simulator.Options{})
			old := s.Put(map[string]any{
				"pal_id": pal, "channel": "widget", "name": "Docs", "created_at": time.Now().Add(-time.Hour).UTC().Format(time.RFC3339),
			})
			s.lose(&fault)
			f := newFleet(s, quick, 1)
			wanted := map[string]args{"docs": widget(args{"name": "Docs"})}
			_, err := f.apply(wanted)
			id := f.ids()["docs"]
			if fault.Kind == simulator.FaultCutAfter {
				if err != nil || id == "" || id == old {
					t.Fatalf("the new deployment is %q (the old one %s): %v", id, old, err)
				}
				return
			}
			if err == nil || id != "" || !strings.Contains(err.Error(), "was not found so far") {
				t.Fatalf("the state has %q, and the error is: %v", id, err)
			}
			if strings.Contains(err.Error(), old) {
				t.Fatalf("the error offers the old deployment: %v", err)
			}
			if _, err := f.apply(wanted); err != nil || f.ids()["docs"] == old || len(s.IDs()) != 2 {
				t.Fatalf("the next apply: %v; the state has %v, the server %v", err, f.ids(), s.IDs())
			}
		})
	}
}

// TestLostReplyWithoutName: nothing tells such a deployment from another one, so
// it is for a person to decide.
func TestLostReplyWithoutName(t *testing.T) {
	t.Parallel()
	for name, arguments := range map[string]args{"no name": widget(nil), "no letter": widget(args{"name": "!?"})} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, simulator.Options{})
			s.lose(&simulator.Fault{Kind: simulator.FaultCutAfter})
			f := newFleet(s, quick, 1)
			_, err := f.apply(map[string]args{"docs": arguments})
			made, _ := s.only(t)
			if err == nil || f.ids()["docs"] != "" || !strings.Contains(err.Error(), `terraform import "$address" `+made) {
				t.Fatalf("the state has %v, and the error is: %v", f.ids(), err)
			}
			member := f.members["docs"]
			if err := member.importID(made); err != nil {
				t.Fatal(err)
			}
			if err := f.settled(map[string]args{"docs": arguments}); err != nil {
				t.Fatal(err)
			}
		})
	}
}
