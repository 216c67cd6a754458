package main

import (
	"bytes"
	"context"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

// account is a simulator and the options of a run that asks it.
func account(t *testing.T, settings ...string) (*simulator.Simulator, options) {
	t.Helper()
	sim, err := simulator.New(settings...)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(sim)
	t.Cleanup(server.Close)
	return sim, options{key: "the-key", pal: simulator.PalDocsGuide, baseURL: server.URL, name: marker}
}

// checkClean fails where a run left a deployment behind or started a conversation.
func checkClean(t *testing.T, sim *simulator.Simulator) {
	t.Helper()
	if left := sim.Documents("deployments"); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
	for _, r := range sim.Requests() {
		if strings.HasSuffix(r.Path, "/start") {
			t.Error("a conversation was started")
		}
	}
}

func TestAsk_NamesThePositionOfEachSwitch(t *testing.T) {
	t.Parallel()
	asked := map[string]bool{
		"unset": true, "patch-answer": true, "etag": true, "stale-code": true, "status-patch": true,
		"password-patch": true, "pal-patch": true, "list-shape": true, "pages-from": true,
	}
	for _, item := range simulator.Switches() {
		if !asked[item.Name] {
			continue
		}
		delete(asked, item.Name)
		for _, position := range item.Positions {
			setting := item.Name + "=" + position
			t.Run(setting, func(t *testing.T) {
				t.Parallel()
				sim, o := account(t, setting)
				var out bytes.Buffer
				if err := run(t.Context(), o, &out); err != nil {
					t.Fatalf("%v\n%s", err, &out)
				}
				// An echo cannot be told from the document by what this run sends.
				want := strings.ReplaceAll(" -"+setting, "patch-answer=echo", "patch-answer=document")
				if !strings.Contains(strings.ReplaceAll(out.String(), "\n", " "), want+" ") {
					t.Errorf("the report does not say%s:\n%s", want, &out)
				}
				checkClean(t, sim)
			})
		}
	}
	if len(asked) > 0 {
		t.Errorf("the simulator has no switch for %v", asked)
	}
}

func TestRun_LeavesNothingBehindAfterAnInterrupt(t *testing.T) {
	t.Parallel()
	for at := 1; at <= 15; at += 2 {
		t.Run(strconv.Itoa(at), func(t *testing.T) {
			t.Parallel()
			sim, o := account(t)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			count := 0
			sim.OnAnswer(func(simulator.Request) {
				if count++; count == at {
					cancel()
				}
			})
			if err := run(ctx, o, &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), "interrupted") {
				t.Errorf("the error is %v", err)
			}
			checkClean(t, sim)
		})
	}
}

func TestSweep_DeletesOnlyWhatRunsHaveMade(t *testing.T) {
	t.Parallel()
	sim, o := account(t, "page-cap=3")
	o.sweep = true
	for range 5 {
		sim.Put("deployments", map[string]any{"pal_id": o.pal, "channel": "widget", "name": marker + "0123 life"})
	}
	kept := sim.Put("deployments", map[string]any{"pal_id": o.pal, "channel": "widget", "name": "My " + marker})
	if err := run(t.Context(), o, &bytes.Buffer{}); err != nil {
		t.Fatal(err)
	}
	left := sim.Documents("deployments")
	if len(left) != 1 || left[0]["deployment_id"] != kept {
		t.Errorf("left are %v, want %s only", left, kept)
	}
}

func TestOptions_AreCheckedBeforeTheFirstRequest(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*options)
		want   string
	}{
		"no key":     {func(o *options) { o.key = "" }, "TAVUS_API_KEY"},
		"no PAL":     {func(o *options) { o.pal = "" }, "TAVUS_PAL_ID"},
		"plain http": {func(o *options) { o.baseURL = "http://tavus.example.com" }, "TAVUS_BASE_URL"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim, o := account(t)
			c.change(&o)
			if err := run(t.Context(), o, &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("the error is %v, want one about %s", err, c.want)
			}
			if n := len(sim.Requests()); n != 0 {
				t.Errorf("%d requests were sent", n)
			}
		})
	}
}

func TestProbe_NeverStartsAConversation(t *testing.T) {
	t.Parallel()
	p := &probe{base: "http://127.0.0.1:1"}
	if _, err := p.send(t.Context(), "POST", one("x")+"/start", ""); err == nil || p.count != 0 {
		t.Errorf("%d requests, %v", p.count, err)
	}
}
