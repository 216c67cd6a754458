package main

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/contract"
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
	return sim, options{key: "the-key", baseURL: server.URL, name: marker, page: "https://docs.example.com/"}
}

// contents are the ids of all objects of an account.
func contents(sim *simulator.Simulator) map[string]bool {
	ids := map[string]bool{}
	for i := range kinds {
		for _, object := range sim.Documents(strings.TrimPrefix(kinds[i].Path, "/v2/")) {
			ids[fmt.Sprint(object[kinds[i].ID])] = true
		}
	}
	return ids
}

// checkClean fails where an account is not as it was, or a conversation was started.
func checkClean(t *testing.T, sim *simulator.Simulator, before map[string]bool) {
	t.Helper()
	if after := contents(sim); !maps.Equal(before, after) {
		t.Errorf("before: %v, after: %v", before, after)
	}
	for _, r := range sim.Requests() {
		if strings.HasSuffix(r.Path, "/start") {
			t.Error("a conversation was started")
		}
	}
}

// with are other switches that a position needs to be seen.
var with = map[string]string{
	"etag-moves=always":  "usage=off",      // the counters tell it from visit
	"pal-force=accepted": "pal-draft=open", // there is something to force
	"pal-force=refused":  "pal-draft=open",
}

func TestQuestions_NameThePositionOfEachSwitch(t *testing.T) {
	t.Parallel()
	for _, q := range questions {
		for _, position := range switchOf(q.name).Positions {
			setting := q.name + "=" + position
			t.Run(setting, func(t *testing.T) {
				t.Parallel()
				settings := []string{setting}
				if more := with[setting]; more != "" {
					settings = append(settings, more)
				}
				sim, o := account(t, settings...)
				before := contents(sim)
				var out bytes.Buffer
				if err := run(t.Context(), o, &out); err != nil {
					t.Fatalf("%v\n%s", err, &out)
				}
				// An echo cannot be told from the document by what this run sends.
				want := strings.ReplaceAll(" -"+setting, "patch-answer=echo", "patch-answer=document")
				if !strings.Contains(strings.ReplaceAll(out.String(), "\n", " "), want+" ") {
					t.Errorf("the report does not say%s:\n%s", want, &out)
				}
				checkClean(t, sim, before)
			})
		}
	}
}

func TestRun_LeavesNothingBehindOnAnyServer(t *testing.T) {
	t.Parallel()
	for _, item := range simulator.Switches() {
		for _, position := range item.Positions[1:] {
			setting := item.Name + "=" + position
			t.Run(setting, func(t *testing.T) {
				t.Parallel()
				sim, o := account(t, setting)
				sim.Put("documents", map[string]any{"document_name": "Ours", "document_url": o.page})
				before := contents(sim)
				// Where a new object cannot be read yet, the run ends early.
				if err := run(t.Context(), o, &bytes.Buffer{}); err != nil && item.Name != "lag" {
					t.Error(err)
				}
				checkClean(t, sim, before)
			})
		}
	}
}

func TestQuestions_NameOnlyStepsThatThereAre(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, step := range steps {
		known[step.as] = true
	}
	for _, q := range questions {
		if !known[q.step] {
			t.Errorf("%s: there is no step %q", q.name, q.step)
		}
	}
}

func TestSteps_FitTheContract(t *testing.T) {
	t.Parallel()
	checker, err := contract.New()
	if err != nil {
		t.Fatal(err)
	}
	sim, o := account(t)
	sim.SetContract(func(r *http.Request, sent []byte, status int, header http.Header, body []byte) {
		if err := checker.Check(r, sent, status, header, body); err != nil {
			t.Error(err)
		}
	})
	if err := run(t.Context(), o, &bytes.Buffer{}); err != nil {
		t.Error(err)
	}
}

func TestRun_WithoutADocumentLeavesItsQuestionOpen(t *testing.T) {
	t.Parallel()
	sim, o := account(t)
	o.page = ""
	var out bytes.Buffer
	if err := run(t.Context(), o, &out); err != nil || strings.Contains(out.String(), "-document-scrub") {
		t.Errorf("%v\n%s", err, &out)
	}
	for _, r := range sim.Requests() {
		if r.Method == "POST" && r.Path == "/v2/documents" {
			t.Error("a document was made")
		}
	}
}

func TestRun_LeavesNothingBehindAfterAnInterrupt(t *testing.T) {
	t.Parallel()
	for at := 1; at < len(steps); at++ {
		t.Run(strconv.Itoa(at), func(t *testing.T) {
			t.Parallel()
			sim, o := account(t)
			before := contents(sim)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			count := 0
			sim.OnAnswer(func(simulator.Request) {
				if count++; count == at {
					cancel()
				}
			})
			var out bytes.Buffer
			if err := run(ctx, o, &out); err == nil || !strings.Contains(err.Error(), "interrupted") {
				t.Errorf("the error is %v", err)
			}
			checkClean(t, sim, before)
			// A question that was not asked must not get the position of an answer without a body.
			for _, name := range []string{"status-patch=refused", "list-shape=bare", "duplicate-names=refused", "date=absent"} {
				if strings.Contains(out.String(), "-"+name) {
					t.Errorf("the report says %s:\n%s", name, &out)
				}
			}
		})
	}
}

func TestRun_LeavesNothingBehindAfterAnError(t *testing.T) {
	t.Parallel()
	for i, step := range steps {
		if step.method != "POST" {
			continue
		}
		// The object is made, and nobody is told its id; or nothing is made, and the run ends.
		for _, fault := range []simulator.FaultKind{simulator.FaultCutAfter, simulator.FaultStatus} {
			t.Run(step.as+" "+string(fault), func(t *testing.T) {
				t.Parallel()
				sim, o := account(t)
				before := contents(sim)
				sim.SetFault(func(n int, _ simulator.Request) *simulator.Fault {
					if n != i+1 {
						return nil
					}
					return &simulator.Fault{Kind: fault, Status: 503}
				})
				var out bytes.Buffer
				if err := run(t.Context(), o, &out); err == nil || !strings.Contains(err.Error(), strconv.Quote(step.as)) {
					t.Errorf("the error is %v:\n%s", err, &out)
				}
				checkClean(t, sim, before)
			})
		}
	}
}

// panicking is a writer that panics once.
type panicking struct{ left int }

func (p *panicking) Write(text []byte) (int, error) {
	if p.left--; p.left == 0 {
		panic("of a test")
	}
	return len(text), nil
}

func TestRun_LeavesNothingBehindAfterAPanic(t *testing.T) {
	t.Parallel()
	sim, o := account(t)
	before := contents(sim)
	defer func() {
		if recover() == nil {
			t.Error("the panic is gone")
		}
		checkClean(t, sim, before)
	}()
	_ = run(t.Context(), o, &panicking{left: 2}) // the report, when the agent is built
}

func TestSweep_DeletesOnlyWhatRunsHaveMade(t *testing.T) {
	t.Parallel()
	for _, shape := range []string{"set", "short", "flat"} {
		sim, o := account(t, "page-cap=3", "objectives-list-shape="+shape)
		o.sweep = true
		put := func(name string) {
			for i := range kinds {
				k := &kinds[i]
				object := map[string]any{k.name: name, "pal_id": simulator.PalDocsGuide}
				if k.ID == "objectives_id" {
					object["data"] = []any{map[string]any{"objective_name": name, "objective_prompt": "Ask."}}
				}
				if k.ID == "pal_id" {
					delete(object, "pal_id")
				}
				sim.Put(strings.TrimPrefix(k.Path, "/v2/"), object)
			}
		}
		put("My" + marker)
		before := contents(sim)
		for range 5 {
			put(marker + "0123_life")
		}
		if err := run(t.Context(), o, &bytes.Buffer{}); err != nil {
			t.Fatal(err)
		}
		checkClean(t, sim, before)
	}
}

func TestOptions_AreCheckedBeforeTheFirstRequest(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*options)
		want   string
	}{
		"no key":     {func(o *options) { o.key = "" }, "TAVUS_API_KEY"},
		"everything": {func(o *options) { o.sweep, o.name = true, "" }, "-name"},
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
