package provider_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/testkit"
)

// TestPalHistories_EndQuiet plays random histories of a PAL with what belongs to it: a guardrail and a
// dictionary that it refers to, tools that are attached, and a skill. People edit all of it meanwhile.
// After each apply every plan is empty, and what people added is there. In the end all is destroyed, in
// any order.
func TestPalHistories_EndQuiet(t *testing.T) {
	t.Parallel()
	last := 2
	if long {
		last = 150
	}
	for n := 1; n <= last; n++ {
		t.Run(strconv.Itoa(n), func(t *testing.T) {
			t.Parallel()
			a := newAgent(t, uint64(n)) //nolint:gosec // A number of a test is not negative.
			a.apply()
			for range 10 {
				a.step()
				a.apply()
			}
			a.destroy()
		})
	}
}

// agent is a PAL and what belongs to it, each with its configuration.
type agent struct {
	*world
	t      *testing.T
	random *rand.Rand
	parts  []*part
	theirs map[string]bool // what people added to the PAL
	steps  []string
}

// part is a resource of the agent. config is made when it is applied, for the ids of others.
type part struct {
	*testkit.Resource
	config func() testkit.Config
}

func newAgent(t *testing.T, n uint64) *agent {
	t.Helper()
	var settings []string
	for _, setting := range combination(palFixture(), n) {
		if !strings.HasPrefix(setting, "lag=") && !strings.HasPrefix(setting, "pal-draft=") && setting != "unchanged=answer" {
			settings = append(settings, setting)
		}
	}
	a := &agent{world: newWorld(t, palFixture(), settings...), t: t, theirs: map[string]bool{}}
	a.random = rand.New(rand.NewPCG(3, n)) //nolint:gosec // It has to come again.
	a.steps = []string{fmt.Sprint(settings)}
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(strings.Join(a.steps, "\n"))
		}
	})
	for _, name := range []string{"ours", "theirs"} {
		a.Put("tools", map[string]any{"tool_id": name, "name": name, "description": "Opens a page."})
	}
	other := func(typeName string, config testkit.Config) *part {
		p := &part{a.core.Resource(typeName + ".test"), func() testkit.Config { return config }}
		a.parts = append(a.parts, p)
		return p
	}
	guardrail := other("tavus_guardrail", guardrailFixture().Full)
	dictionary := other("tavus_pronunciation_dictionary", dictionaryFixture().Full)
	tool := other("tavus_tool", toolFixture().Full)
	configs := []testkit.Config{palFixture().Minimal, palFixture().Full, palFixture().Changed}
	pal := other("tavus_pal", nil)
	a.Resource = pal.Resource
	pal.config = func() testkit.Config {
		config := maps.Clone(configs[a.pick("pal", 3)])
		if a.pick("references", 3) > 0 {
			config["guardrail_ids"] = []any{guardrail.ID()}
			config["pronunciation_dictionary_id"] = dictionary.ID()
		}
		return config
	}
	attachment := other("tavus_pal_tools", nil)
	attachment.config = func() testkit.Config {
		ids := []any{tool.ID()}
		if a.pick("tools", 2) > 0 {
			ids = append(ids, "ours")
		}
		return testkit.Config{"pal_id": pal.ID(), "tool_ids": ids}
	}
	skill := other("tavus_pal_skill", nil)
	skill.config = func() testkit.Config {
		from := []testkit.Config{skillFixture().Minimal, skillFixture().Full, skillFixture().Changed}[a.pick("skill", 3)]
		return testkit.With(from, testkit.Config{"pal_id": pal.ID()})
	}
	return a
}

// pick is a choice that holds until the next step.
func (a *agent) pick(what string, n uint64) uint64 {
	random := rand.New(rand.NewPCG(uint64(len(a.steps)), uint64(len(what)))) //nolint:gosec // It has to come again.
	return random.Uint64N(n)
}

// step is something that people do in the portal. The configurations change with each step.
func (a *agent) step() {
	gone := func(number int, collection string) {
		a.Delete(collection, a.parts[number].ID())
	}
	steps := map[string]func(){
		"nothing":                  func() {},
		"a key of a layer":         func() { a.add("/layers/tts/external_voice_id", "voice-9") },
		"a key of another layer":   func() { a.add("/layers/llm/extra_body/theirs", true) },
		"a prompt":                 func() { a.portal(a.t, testkit.Edit{Pointer: "/system_prompt", Value: "Somebody's"}) },
		"a tool":                   func() { a.attachTheirs() },
		"the guardrail is deleted": func() { gone(0, "guardrails") },
		"the dictionary is deleted": func() {
			gone(1, "pronunciation-dictionaries")
		},
		"the tool is deleted": func() { gone(2, "tools") },
		"the tools are off":   func() { a.portal(a.t, testkit.Edit{Pointer: "/tool_ids", Value: []any{}}); delete(a.theirs, "tool") },
		"the skill is off":    func() { a.portal(a.t, testkit.Edit{Pointer: "/skills/magic_canvas"}) },
	}
	name := slices.Sorted(maps.Keys(steps))[a.random.IntN(len(steps))]
	a.steps = append(a.steps, name)
	steps[name]()
}

func (a *agent) add(pointer string, value any) {
	a.portal(a.t, testkit.Edit{Pointer: pointer, Value: value})
	a.theirs[pointer] = true
}

func (a *agent) attachTheirs() {
	ids, _ := a.at("/tool_ids").([]any)
	if !slices.Contains(ids, any("theirs")) {
		a.portal(a.t, testkit.Edit{Pointer: "/tool_ids", Value: append(slices.Clone(ids), "theirs")})
	}
	a.theirs["tool"] = true
}

// apply applies all, in the order in which they depend on each other, and asserts that all is quiet.
func (a *agent) apply() {
	a.t.Helper()
	for _, p := range a.parts {
		if _, err := p.Run(p.config()); err != nil {
			a.t.Fatalf("%s: %v", p.Address, err)
		}
	}
	for _, p := range a.parts {
		p.Quiet(a.t, p.config())
	}
	for what := range a.theirs {
		ids, _ := a.at("/tool_ids").([]any)
		if what == "tool" && !slices.Contains(ids, any("theirs")) || what != "tool" && a.at(what) == nil {
			a.t.Fatalf("%s of a person is gone", what)
		}
	}
}

// destroy destroys all, in any order, and each one refreshes first.
func (a *agent) destroy() {
	a.t.Helper()
	for _, i := range a.random.Perm(len(a.parts)) {
		p := a.parts[i]
		a.steps = append(a.steps, "destroy "+p.Address)
		if _, err := p.Refresh(); err != nil {
			a.t.Fatalf("%s: %v", p.Address, err)
		}
		if err := p.Destroy(); err != nil {
			a.t.Fatalf("%s: %v", p.Address, err)
		}
	}
}
