package provider_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/provider"
	"github.com/tavus/terraform-provider-tavus/internal/simulator"
	"github.com/tavus/terraform-provider-tavus/internal/testkit"
)

// bench is a PAL, a few tools and one tavus_pal_tools.
type bench struct {
	*testkit.Server
	*testkit.Resource
	t    *testing.T
	core *testkit.Core
}

func newBench(t *testing.T, settings ...string) *bench {
	t.Helper()
	b := &bench{Server: testkit.NewServer(t, settings...), t: t}
	for _, name := range []string{"ta", "tb", "tc", "td"} {
		b.Put("tools", map[string]any{"tool_id": name, "name": name, "description": "d"})
	}
	b.restart(nil)
	return b
}

func (b *bench) restart(arguments testkit.Config) {
	b.t.Helper()
	core, err := testkit.NewCore(provider.NewForLaws(nil), b.URL, arguments)
	if err != nil {
		b.t.Fatal(err)
	}
	b.core, b.Resource = core, core.Resource("tavus_pal_tools.test")
}

func tools(names ...string) testkit.Config {
	list := make([]any, len(names))
	for i, name := range names {
		list[i] = name
	}
	return testkit.Config{"pal_id": simulator.PalDocsGuide, "tool_ids": list}
}

// attached are the tools of the PAL on the server.
func (b *bench) attached() string {
	list, _ := b.At("pals", simulator.PalDocsGuide, "/tool_ids").([]any)
	names := make([]string, len(list))
	for i, item := range list {
		names[i] = fmt.Sprint(item)
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

// holds asserts what is attached.
func (b *bench) holds(want string) {
	b.t.Helper()
	if got := b.attached(); got != want {
		b.t.Fatalf("attached are %q instead of %q", got, want)
	}
}

// portal changes the tools of the PAL as a person does.
func (b *bench) portal(names ...string) {
	b.EditAt("pals", simulator.PalDocsGuide, "/tool_ids", tools(names...)["tool_ids"])
}

// life is the life of an attachment beside one that somebody else made.
func (b *bench) life(t *testing.T) {
	t.Helper()
	b.portal("td")
	b.Must(t, testkit.Create, tools("ta", "tb"))
	b.holds("ta tb td")
	b.portal("ta", "tb", "tc", "td")
	b.Quiet(t, tools("ta", "tb"))
	b.portal("tb", "tc", "td")
	b.Must(t, testkit.Update, tools("ta", "tb"))
	b.holds("ta tb tc td")
	b.Must(t, testkit.Update, tools("tb"))
	b.holds("tb tc td")
	b.Must(t, testkit.Update, tools("ta", "tc"))
	b.holds("ta tc td")
	if err := b.Destroy(); err != nil {
		t.Fatal(err)
	}
	b.holds("td")
}

func TestPalTools_EveryServer(t *testing.T) {
	t.Parallel()
	settings := []string{"list-shape=bare", "list-shape=no-total", "errors=html", "unknown-id=404", "date=absent"}
	for _, item := range simulator.Switches() {
		if strings.HasPrefix(item.Name, "attach-") || strings.HasPrefix(item.Name, "detach-") {
			for _, position := range item.Positions {
				settings = append(settings, item.Name+"="+position)
			}
		}
	}
	for _, setting := range settings {
		t.Run(setting, func(t *testing.T) {
			t.Parallel()
			newBench(t, setting).life(t)
		})
	}
}

func TestPalTools_ImportTakesAllThatAreAttached(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	if err := b.Import(simulator.PalDocsGuide); err == nil || !strings.Contains(err.Error(), "has no tools") {
		t.Errorf("an import of nothing: %v", err)
	}
	b.Forget()
	b.portal("ta", "tb")
	b.ResetRequests()
	for _, adopt := range []func() error{
		func() error { return b.Import(" " + simulator.PalDocsGuide) },
		func() error { return b.ImportIdentity(map[string]any{"pal_id": simulator.PalDocsGuide}) },
	} {
		b.Forget()
		if err := adopt(); err != nil {
			t.Fatal(err)
		}
		b.Quiet(t, tools("tb", "ta"))
		b.Quiet(t, b.GenerateConfig())
	}
	if log := b.Log(); strings.Trim(log, "GET ") != "" {
		t.Errorf("an import sent %s", log)
	}
	b.portal("ta", "tb", "tc")
	b.Quiet(t, tools("ta", "tb"))
	for _, wrong := range []string{"p0000000", " "} {
		b.Forget()
		if err := b.Import(wrong); err == nil {
			t.Errorf("%q was imported", wrong)
		}
	}
}

func TestPalTools_Count(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	all, few := []string{}, []string{}
	for n := range 20 {
		name := fmt.Sprintf("tool%02d", n)
		b.Put("tools", map[string]any{"tool_id": name, "name": name, "description": "d"})
		if all = append(all, name); n > 1 {
			few = append(few, name)
		}
	}
	count := func(want string, do func() error) {
		t.Helper()
		b.ResetRequests()
		if err := do(); err != nil || b.Log() != want {
			t.Errorf("%q instead of %q, error: %v", b.Log(), want, err)
		}
	}
	refresh := func() error { _, err := b.Refresh(); return err }
	count("POST", func() error { return b.Write(tools(all...)) })
	count("GET", refresh)
	count("", func() error { return b.Write(tools(all...)) })
	count("GET DELETE DELETE", func() error { return b.Write(tools(few...)) })
	count("POST", func() error { return b.Write(tools(append(few, "ta")...)) })
	count("POST GET DELETE", func() error { return b.Write(tools(append(few, "tb")...)) })
	count("GET"+strings.Repeat(" DELETE", 19), b.Destroy)
}

// Every request of the life of an attachment fails in every way, and the next applies converge.
func TestPalTools_EveryRequestFails(t *testing.T) {
	t.Parallel()
	faults, _ := everyFault()
	for i, name := range slices.Sorted(maps.Keys(faults)) {
		for k := 1; k <= 8; k++ { // a create, a change and a destroy send nine requests, with their refreshes
			if fault := faults[name]; long || (i+k)%3 == 0 {
				t.Run(fmt.Sprintf("%s/%d", name, k), func(t *testing.T) {
					t.Parallel()
					newBench(t).fails(t, k, fault)
				})
			}
		}
	}
}

func (b *bench) fails(t *testing.T, k int, fault simulator.Fault) {
	t.Helper()
	b.restart(testkit.Config{"max_retries": 0})
	b.portal("td")
	hit := b.Trip(k, func(simulator.Request) bool { return true }, fault)
	for _, names := range [][]string{{"ta", "tb"}, {"tb", "tc"}} {
		_, err := b.Run(tools(names...))
		if b.Tainted {
			t.Fatalf("tainted after %v", err)
		}
		if err != nil {
			b.Must(t, b.next(tools(names...)), tools(names...))
		}
		b.holds(strings.Join(append(slices.Clone(names), "td"), " "))
	}
	if err := b.Destroy(); err != nil {
		if err := b.Destroy(); err != nil {
			t.Fatal(err)
		}
	}
	b.holds("td")
	if hit() == "" {
		t.Fatal("there is no such request")
	}
}

// next is what an apply has to do after one that failed.
func (b *bench) next(config testkit.Config) testkit.Action {
	b.t.Helper()
	if _, err := b.Refresh(); err != nil {
		b.t.Fatal(err)
	}
	p, err := b.Plan(config)
	if err != nil {
		b.t.Fatal(err)
	}
	return p.Action
}

func TestPalTools_NeverDroppedWhileThePalIsThere(t *testing.T) {
	t.Parallel()
	for _, fault := range []string{"GET:1:404", "GET:*:404", "GET:1:400", "*:*:403", "GET:*:503", "DELETE:1:404", "DELETE:*:400"} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.restart(testkit.Config{"max_retries": 0})
			b.Must(t, testkit.Create, tools("ta", "tb"))
			b.Fault(fault)
			_, refreshed := b.Refresh()
			if !b.Exists() || strings.HasPrefix(fault, "DELETE") != (refreshed == nil) {
				t.Errorf("refresh: %v; the state holds it: %v", refreshed, b.Exists())
			}
			err := b.Destroy()
			b.Fault("")
			if b.Exists() != (err != nil) || err == nil && b.attached() != "" {
				t.Errorf("destroy: %v; attached are %q", err, b.attached())
			}
			if err := b.Destroy(); err != nil {
				t.Fatal(err)
			}
			b.holds("")
		})
	}
}

func TestPalTools_ThePalIsGone(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.Must(t, testkit.Create, tools("ta"))
	b.Delete("pals", simulator.PalDocsGuide)
	if err := b.Write(tools("tb")); err == nil || !strings.Contains(err.Error(), simulator.PalDocsGuide) {
		t.Errorf("update: %v", err)
	}
	if _, err := b.Refresh(); err != nil || b.Exists() || !strings.Contains(b.core.Said(), simulator.PalDocsGuide) {
		t.Errorf("refresh: %v, %s", err, b.core.Said())
	}
	c := newBench(t)
	c.Must(t, testkit.Create, tools("ta"))
	c.Delete("pals", simulator.PalDocsGuide)
	if err := c.Destroy(); err != nil {
		t.Errorf("destroy: %v", err)
	}
}

// A tool that is deleted in the same apply is detached by that, before or while its attachment is.
func TestPalTools_AToolIsDeletedInTheSameApply(t *testing.T) {
	t.Parallel()
	for _, setting := range []string{"detach-absent=204", "detach-absent=400", "detach-absent=404"} {
		for _, when := range []string{"before", "while"} {
			b := newBench(t, setting)
			b.Must(t, testkit.Create, tools("ta", "tb"))
			p, err := b.Plan(tools("tb"))
			if err != nil {
				t.Fatal(err)
			}
			b.OnRequest(func(r simulator.Request) {
				if when == "before" || r.Method == http.MethodDelete {
					b.Delete("tools", "ta")
				}
			})
			if err := b.Apply(p); err != nil {
				t.Errorf("%s, %s: %v", setting, when, err)
			}
			b.OnRequest(nil)
			b.Quiet(t, tools("tb"))
		}
	}
}

func TestPalTools_SaysWhatCannotBeAttached(t *testing.T) {
	t.Parallel()
	many := []string{}
	for n := range 51 {
		many = append(many, fmt.Sprint("t", n))
	}
	for setting, want := range map[string]string{
		"attach-unknown-tool=400": "Invalid tool_id t0", "attach-unknown-tool=404": "Invalid tool_id t0", "attach-unknown-tool=skipped": "did not attach t0",
	} {
		b := newBench(t, setting)
		for _, names := range [][]string{{"ta", "t0"}, {"t0", "ta"}} {
			if err := b.Write(tools(names...)); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "tools of PAL "+simulator.PalDocsGuide) || b.Exists() {
				t.Errorf("%s: %v", setting, err)
			}
		}
		b.Must(t, testkit.Create, tools("ta"))
		b.ResetRequests()
		for wrong, config := range map[string]testkit.Config{
			"at least 1": tools(), "at most 50": tools(many...), "string length": tools("ta", ""),
			"null": testkit.With(tools("ta"), testkit.Config{"tool_ids": []any{"ta", nil}}),
		} {
			if err := b.Validate(config); err == nil || !strings.Contains(err.Error(), "tool_ids") || b.Log() != "" {
				t.Errorf("%s: %v, %s", wrong, err, b.Log())
			}
		}
	}
}

func TestPalTools_AnotherPalReplaces(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.Must(t, testkit.Create, tools("ta"))
	other := testkit.With(tools("ta"), testkit.Config{"pal_id": simulator.PalProductTour})
	b.Must(t, testkit.Replace, other)
	b.holds("")
	if got := testkit.JSON(b.At("pals", simulator.PalProductTour, "/tool_ids")); got != `["ta"]` {
		t.Errorf("attached are %s", got)
	}
}

// A PAL that is not known yet is usually the old one, which would be without its tools for a while.
func TestPalTools_AnUnknownPalReplacesNothing(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.Must(t, testkit.Create, tools("ta"))
	p, err := b.Plan(testkit.With(tools("ta"), testkit.Config{"pal_id": testkit.Unknown{}}))
	if err != nil || p.Action != testkit.Update || !strings.Contains(testkit.Lines(p.Warnings), "PAL "+simulator.PalDocsGuide+" pal_id: not known yet") {
		t.Errorf("%v, %v", p, err)
	}
}

func TestPalTools_AnUpdateThatFailsLosesNothing(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.restart(testkit.Config{"max_retries": 0})
	b.Must(t, testkit.Create, tools("ta", "tb"))
	if err := b.Write(tools("tb", "t0")); err == nil {
		t.Fatal("an unknown tool was attached")
	}
	b.holds("ta tb")
	b.Fault("DELETE:*:503")
	if err := b.Write(tools("tb", "tc")); err == nil {
		t.Fatal("no error")
	}
	b.Fault("")
	b.holds("ta tb tc")
	b.Must(t, testkit.Update, tools("ta")) // what the failed update attached is detached
	b.holds("ta")
}

// Where the old and the new tools are more than a PAL takes, the old ones go first.
func TestPalTools_AllOfTheMostAreReplaced(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var names []string
	for n := range 100 {
		names = append(names, fmt.Sprintf("t%02d", n))
		b.Put("tools", map[string]any{"tool_id": names[n], "name": names[n], "description": "d"})
	}
	b.Must(t, testkit.Create, tools(names[:50]...))
	b.Must(t, testkit.Update, tools(names[50:]...))
	b.holds(strings.Join(names[50:], " "))
}

func TestAccPalTools_OnARealCLI(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	cli := testkit.NewCLI(t, b.Server)
	write := func(config testkit.Config) {
		cli.Main(testkit.HCL("resource", []string{"tavus_pal_tools", "test"}, config))
	}
	write(tools("ta", "tb"))
	cli.Apply()
	cli.Quiet()
	b.portal("tb", "ta", "td")
	cli.Quiet()
	write(tools("tb", "tc"))
	cli.Apply()
	cli.Quiet()
	b.holds("tb tc td")
	cli.Must(0, "state", "rm", "tavus_pal_tools.test")
	cli.Main("import {\n  to = tavus_pal_tools.test\n  id = \"" + simulator.PalDocsGuide + "\"\n}\n")
	b.ResetRequests()
	cli.Must(0, "plan", "-generate-config-out=generated.tf")
	cli.Apply()
	cli.Quiet()
	if log := b.Log(); strings.Trim(log, "GET ") != "" {
		t.Errorf("an import sent %s", log)
	}
	cli.Destroy()
	b.holds("")
}
