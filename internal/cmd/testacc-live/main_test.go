package main

import (
	"bytes"
	"context"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

const testPal = "p5317866"

// account is a simulator and an environment that points at it.
func account(t *testing.T, options simulator.Options) (*simulator.Simulator, func(string) string) {
	t.Helper()
	sim := simulator.New(options)
	server := httptest.NewServer(sim)
	t.Cleanup(server.Close)
	env := map[string]string{"TAVUS_API_KEY": "the-key", "TAVUS_PAL_ID": testPal, "TAVUS_BASE_URL": server.URL}
	return sim, func(name string) string { return env[name] }
}

// nobody made a conversation, and nothing is left behind.
func clean(t *testing.T, sim *simulator.Simulator) {
	t.Helper()
	if sim.Starts() != 0 {
		t.Error("a conversation was started")
	}
	if ids := sim.IDs(); len(ids) != 0 {
		t.Errorf("left behind: %q", ids)
	}
}

// cannotTell says why a run does not see the position of a switch, or nothing
// where it must.
func cannotTell(name string, o simulator.Options) string {
	switch {
	case name == "page-cap":
		return "too few deployments"
	case name == "retry-after":
		return "no 429 is provoked"
	case (name == "etag-moves" || name == "stale-code") && o.ETag == simulator.ETagNone:
		return "there is no ETag"
	case name == "thumbnails" && o.PalPatch != "" && o.PalPatch != simulator.PalPatchAccepted:
		return "the PAL cannot be changed"
	case name == "refill" && o.Defaults == simulator.DefaultsNone:
		return "put no key into"
	}
	return ""
}

func TestEachSwitchInEachPosition(t *testing.T) {
	t.Parallel()
	for _, item := range simulator.Switches() {
		for _, position := range item.Values {
			flag := item.Name + "=" + position
			t.Run(flag, func(t *testing.T) {
				t.Parallel()
				var options simulator.Options
				if err := item.Set(&options, position); err != nil {
					t.Fatal(err)
				}
				sim, env := account(t, options)
				var out bytes.Buffer
				if err := start(t.Context(), env, false, &out); err != nil {
					t.Fatalf("%v\n%s", err, &out)
				}
				clean(t, sim)
				checkReport(t, options, out.String())
			})
		}
	}
}

// checkReport compares the flags in a report with the positions of the switches.
func checkReport(t *testing.T, options simulator.Options, report string) {
	t.Helper()
	if strings.Contains(report, "NOT LIKE ANY POSITION") {
		t.Errorf("the simulator is not like itself:\n%s", report)
	}
	_, flags, ok := strings.Cut(report, "\n  tavus-simulator ")
	if !ok {
		t.Fatalf("no flags in the report:\n%s", report)
	}
	line, _, _ := strings.Cut(flags, "\n")
	said := strings.Fields(line)
	for _, item := range simulator.Switches() {
		position := item.Get(options)
		want := "-" + item.Name + "=" + position
		if slices.Contains(said, want) {
			continue
		}
		if why := cannotTell(item.Name, options); why != "" {
			if _, open, ok := strings.Cut(report, "\nOPEN:\n"); !ok || !strings.Contains(open, "  "+item.Name+" ") {
				t.Errorf("%s is neither settled nor open, though %s:\n%s", item.Name, why, report)
			}
			continue
		}
		t.Errorf("the report does not say %s:\n%s", want, report)
	}
}

func TestSwitchNames(t *testing.T) {
	t.Parallel()
	var want []string
	for _, item := range simulator.Switches() {
		want = append(want, item.Name)
	}
	if got := slices.Sorted(slices.Values(switchNames)); !slices.Equal(got, slices.Sorted(slices.Values(want))) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// An interrupt at any request ends with nothing left behind.
func TestInterrupt(t *testing.T) {
	t.Parallel()
	for n := 1; n <= 30; n += 3 {
		t.Run(strconv.Itoa(n), func(t *testing.T) {
			t.Parallel()
			sim, env := account(t, simulator.Options{})
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			count := 0
			sim.After(func(simulator.Request) {
				if count++; count == n {
					cancel()
				}
			})
			var out bytes.Buffer
			err := start(ctx, env, false, &out)
			if err == nil || !strings.Contains(err.Error(), "interrupted") {
				t.Errorf("the error is %v", err)
			}
			clean(t, sim)
		})
	}
}

// The reply to a create is lost: the deployment is found by its name and deleted.
func TestLostReply(t *testing.T) {
	t.Parallel()
	sim, env := account(t, simulator.Options{Names: simulator.NamesStripped})
	faults, err := simulator.ParseFaults("POST:2:cut-after")
	if err != nil {
		t.Fatal(err)
	}
	sim.SetFaults(faults)
	var out bytes.Buffer
	if err := start(t.Context(), env, false, &out); err == nil {
		t.Error("a lost reply is no error")
	}
	clean(t, sim)
}

func TestSlowedDown(t *testing.T) {
	t.Parallel()
	sim, env := account(t, simulator.Options{})
	faults, err := simulator.ParseFaults("GET:2:429:retry-after=1")
	if err != nil {
		t.Fatal(err)
	}
	sim.SetFaults(faults)
	var out bytes.Buffer
	if err := start(t.Context(), env, false, &out); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "-retry-after=seconds") {
		t.Errorf("a 429 was not noted:\n%s", &out)
	}
	clean(t, sim)
}

func TestSweep(t *testing.T) {
	t.Parallel()
	sim, env := account(t, simulator.Options{})
	sim.Put(map[string]any{"pal_id": testPal, "channel": "widget", "name": marker + "0123 Q&A"})
	kept := sim.Put(map[string]any{"pal_id": testPal, "channel": "widget", "name": "My " + marker})
	var out bytes.Buffer
	if err := start(t.Context(), env, true, &out); err != nil {
		t.Fatal(err)
	}
	if ids := sim.IDs(); !slices.Equal(ids, []string{kept}) {
		t.Errorf("the server holds %q, want %q", ids, kept)
	}
}

func TestWrongKey(t *testing.T) {
	t.Parallel()
	_, env := account(t, simulator.Options{Keys: map[string]string{"another": "one"}})
	err := start(t.Context(), env, false, &bytes.Buffer{})
	if err == nil || !strings.Contains(err.Error(), "TAVUS_API_KEY") || strings.Contains(err.Error(), "the-key") {
		t.Errorf("the error is %v", err)
	}
}

func TestSettingsMissing(t *testing.T) {
	t.Parallel()
	for _, missing := range []string{"TAVUS_API_KEY", "TAVUS_PAL_ID"} {
		env := func(name string) string {
			if name == missing {
				return ""
			}
			return "something"
		}
		if err := start(t.Context(), env, false, &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), missing) {
			t.Errorf("without %s the error is %v", missing, err)
		}
	}
}

func TestNeverStarts(t *testing.T) {
	t.Parallel()
	sim, env := account(t, simulator.Options{})
	p := newProbe(settings{key: "k", baseURL: env("TAVUS_BASE_URL")})
	if _, err := p.send(t.Context(), "POST", item("x")+"/start", ""); err == nil || p.count != 0 || sim.Starts() != 0 {
		t.Errorf("a start was sent: %v", err)
	}
}
