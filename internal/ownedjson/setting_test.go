package ownedjson

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func ptr(sent, answered string) *Pair {
	return &Pair{DigestString(sent), DigestString(answered)}
}

func TestSettingShows(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		owned       *Pair
		state, live string
		want        bool
	}{
		"not owned, same":       {nil, "a", "a", true},
		"not owned, changed":    {nil, "a", "b", false},
		"not owned, null":       {nil, "", "", true},
		"not owned, cleared":    {nil, "a", "", false},
		"owned, same":           {ptr("a", "a"), "a", "a", true},
		"owned, changed":        {ptr("a", "a"), "a", "b", false},
		"normalised":            {ptr("A", "a"), "A", "a", true},
		"normalised, changed":   {ptr("A", "a"), "A", "b", false},
		"normalised, as sent":   {ptr("A", "a"), "A", "A", true},
		"normalised, other":     {ptr("A", "a"), "B", "a", false},
		"refused":               {ptr("A", ""), "A", "", true},
		"cleared, was refused":  {ptr("", "x"), "", "x", true},
		"cleared, then changed": {ptr("", "x"), "", "y", false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			setting := Setting{State: DigestString(test.state), Owned: test.owned}
			if got := setting.Shows(DigestString(test.live)); got != test.want {
				t.Errorf("got %v", got)
			}
			// A plan keeps what the state shows by the same rule.
			setting = Setting{Config: DigestString(test.state), State: DigestString(test.live), Owned: test.owned}
			if got := setting.Keep(); got != test.want {
				t.Errorf("Keep: got %v", got)
			}
		})
	}
}

func TestSettingSend(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		owned             *Pair
		plan, state, live string
		send, conflict    bool
	}{
		"no change":                {nil, "a", "a", "a", false, false},
		"no change, edited":        {nil, "a", "a", "b", false, false},
		"change":                   {nil, "b", "a", "a", true, false},
		"clear":                    {ptr("a", "a"), "", "a", "a", true, false},
		"change, live has it":      {nil, "b", "a", "b", false, false},
		"change, edited":           {nil, "b", "a", "c", true, true},
		"change, normalised":       {ptr("A", "a"), "B", "A", "a", true, false},
		"change, as sent by now":   {ptr("A", "a"), "B", "A", "A", true, false},
		"repair":                   {ptr("A", "a"), "A", "b", "b", true, false},
		"repair, undone meanwhile": {ptr("A", "a"), "A", "b", "a", false, false},
		"repair, edited":           {ptr("A", "a"), "A", "b", "c", true, true},
		"state shows the answer":   {ptr("A", "a"), "A", "a", "c", false, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			setting := Setting{Managed: true, Plan: DigestString(test.plan), State: DigestString(test.state), Owned: test.owned}
			if send, conflict := setting.Send(DigestString(test.live)); send != test.send || conflict != test.conflict {
				t.Errorf("got %v, %v", send, conflict)
			}
		})
	}
}

func TestSettingRenew(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		unmanaged           bool
		owned               *Pair
		config, plan, state string
		sent                bool
		before, after       string
		want                *Pair
		altered             bool
	}{
		"created":                     {config: "a", plan: "a", sent: true, after: "a", want: ptr("a", "a")},
		"created, normalised":         {config: "A", plan: "A", sent: true, after: "a", want: ptr("A", "a"), altered: true},
		"created without":             {unmanaged: true, sent: true, after: "x"},
		"sent":                        {owned: ptr("a", "a"), config: "b", plan: "b", state: "a", sent: true, before: "a", after: "b", want: ptr("b", "b")},
		"sent, refused":               {owned: ptr("a", "a"), config: "b", plan: "b", state: "a", sent: true, before: "a", after: "a", want: ptr("b", "a"), altered: true},
		"live had it":                 {owned: ptr("a", "a"), config: "b", plan: "b", state: "a", before: "b", after: "b", want: ptr("b", "b")},
		"not sent":                    {owned: ptr("A", "a"), config: "A", plan: "A", state: "A", before: "a", after: "a", want: ptr("A", "a")},
		"not sent, edited":            {owned: ptr("A", "a"), config: "A", plan: "A", state: "A", before: "x", after: "x", want: ptr("A", "a")},
		"not sent, state is answered": {owned: ptr("A", "a"), config: "A", plan: "a", state: "a", before: "a", after: "a", want: ptr("A", "a")},
		"claimed":                     {config: "a", plan: "a", state: "a", before: "a", after: "a", want: ptr("a", "a")},
		"claimed, edited":             {config: "a", plan: "a", state: "a", before: "x", after: "x", want: ptr("a", "a")},
		"line removed":                {unmanaged: true, owned: ptr("A", "a"), plan: "A", state: "A", before: "a", after: "a", want: ptr("A", "a")},
		"ignored":                     {owned: ptr("A", "a"), config: "B", plan: "x", state: "x", before: "x", after: "x", want: ptr("A", "a")},
		"ignored, not owned":          {config: "B", plan: "x", state: "x", before: "x", after: "x"},
		"cleared":                     {owned: ptr("a", "a"), config: "", plan: "", state: "a", sent: true, before: "a", after: "", want: ptr("", "")},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			setting := Setting{
				Managed: !test.unmanaged, Config: DigestString(test.config), Plan: DigestString(test.plan),
				State: DigestString(test.state), Owned: test.owned,
			}
			got, altered := setting.Renew(test.sent, DigestString(test.before), DigestString(test.after))
			if (got == nil) != (test.want == nil) || got != nil && *got != *test.want || altered != test.altered {
				t.Errorf("got %v, %v; want %v, %v", got, altered, test.want, test.altered)
			}
		})
	}
}

// TestSettingLife lives through random histories of a name: set, cleared and left
// out in the configuration, edited in the portal, on a server that normalises.
func TestSettingLife(t *testing.T) {
	t.Parallel()
	values := []string{"", "A", "a", "B", "b"}
	rapid.Check(t, func(t *rapid.T) {
		lower := rapid.Bool().Draw(t, "lower case")
		name := func(label string) string { return rapid.SampledFrom(values).Draw(t, label) }
		normalise := func(s string) string {
			if lower {
				return strings.ToLower(s)
			}
			return s
		}
		var (
			owned                   *Pair
			managed, ignore         bool
			configured, state, live string
			wrote                   bool // Terraform sent or claimed a name
			original                = name("made in the portal")
		)
		live, state = original, original
		setting := func(plan string) Setting {
			return Setting{
				Managed: managed, Config: DigestString(configured), Plan: DigestString(plan),
				State: DigestString(state), Owned: owned,
			}
		}
		refresh := func() {
			if !setting(state).Shows(DigestString(live)) {
				state = live
			}
		}
		plan := func() string {
			if !managed || ignore || setting("").Keep() {
				return state
			}
			return configured
		}
		apply := func(planned, now string) bool {
			before := live
			s := setting(planned)
			send, conflict := s.Send(DigestString(live))
			if send && conflict {
				return false
			}
			if send {
				live, wrote = normalise(planned), true
			}
			owned, _ = s.Renew(send, DigestString(before), DigestString(live))
			wrote = wrote || owned != nil
			state = planned
			if !send && live != now {
				t.Fatalf("%q became %q, and nothing was sent", now, live)
			}
			return true
		}
		t.Repeat(map[string]func(*rapid.T){
			"configure": func(*rapid.T) { managed, configured = true, name("config") },
			"leave out": func(*rapid.T) { managed, configured = false, "" },
			"ignore":    func(*rapid.T) { ignore = !ignore },
			"edit": func(*rapid.T) {
				live = name("edit")
				if !wrote {
					original = live
				}
			},
			"apply": func(*rapid.T) {
				refresh()
				planned := plan()
				if !apply(planned, live) {
					t.Fatalf("a conflict with nobody")
				}
				refresh()
				if state != planned || plan() != planned {
					t.Fatalf("applied %q, and then %q is planned of %q", planned, plan(), live)
				}
			},
			"race": func(*rapid.T) {
				refresh()
				planned, was, shown, old := plan(), live, state, setting("").pair()
				changed := !old.means(DigestString(planned), DigestString(state))
				edited := name("edit")
				if live = edited; !wrote {
					original = live
				}
				means := edited == was || old.means(DigestString(shown), DigestString(edited)) || old.means(DigestString(planned), DigestString(edited))
				done := apply(planned, edited)
				if changed && !means && done {
					t.Fatalf("%q was edited to %q in the middle of the apply of %q", was, edited, planned)
				}
				if done && !changed && edited != was {
					if refresh(); state == planned && normalise(planned) != edited && edited != planned {
						t.Fatalf("%q was edited to %q, and nobody will see it", was, edited)
					}
				}
			},
			"": func(*rapid.T) {
				if !wrote && live != original {
					t.Fatalf("nobody configured a name, and %q became %q", original, live)
				}
			},
		})
	})
}
