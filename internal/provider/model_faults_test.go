package provider_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/tavus/terraform-provider-tavus/internal/ownedjson"
	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

// faulty lets the server fail while the configuration is applied, and then applies
// it until nothing is left to do, as a person would. What counts is the end: the
// configured deployment and no other one, with its id, with the portal's edits,
// not tainted, and with an empty plan.
func (r *run) faulty(faults string) {
	r.t.Helper()
	d, ok := r.d.(*coreDriver)
	if !ok {
		r.apply(nil)
		return
	}
	choose, err := simulator.ParseFaults(faults)
	if err != nil {
		r.fail("%v", err)
	}
	owned := map[string]map[string]sentAnswered{}
	for _, argument := range objectNames {
		owned[argument] = maps.Clone(r.m.objects[argument].owned)
	}
	id, before := r.id(), document(nil)
	if doc, there := r.sim.Document(id); there && r.m.exists {
		before = doc
	}
	d.timeout = 200 * time.Millisecond
	d.connect()
	r.sim.SetFaults(choose)
	failed := r.attempt(d)
	r.sim.SetFaults(nil)
	d.timeout = 0
	d.connect()
	replaced := r.mirrorRounds()
	if r.converge(d, failed); before != nil && !replaced && r.id() != id {
		r.fail("the deployment %s has become %s", id, r.id())
	}
	r.compareServer()
	if before != nil && !replaced {
		r.untouched(before)
	}
	r.resync(d, owned)
	r.compareState("after the server has recovered")
	r.refresh()
	if p := r.plan(); p.action != actNoop {
		r.fail("the plan after the recovery is %s %v", p.action, p.changed)
	}
}

// attempt refreshes, plans and applies, and returns the error of the apply.
func (r *run) attempt(d *coreDriver) (failed error) {
	r.t.Helper()
	defer func() { r.count += 3 }()
	if _, err := d.refresh(); err != nil {
		r.discreet(err.Error())
		return nil
	}
	if d.attribute("id") == "" && r.m.exists && r.id() != "" {
		r.fail("a server that fails has made the provider forget %s", r.id())
	}
	if _, _, err := d.plan(&r.c); err != nil {
		r.fail("the plan, which needs no server, fails: %v", err)
	}
	err := d.apply()
	if err != nil {
		r.discreet(err.Error())
	}
	r.discreet(d.warnings())
	if len(r.sim.IDs()) > 2 {
		r.fail("the apply has made more than one deployment: %v", r.sim.IDs())
	}
	if id := r.id(); id != "" && d.attribute("id") == "" && r.adopts() {
		r.fail("the server holds %s, which has a name and can be found, but the provider does not adopt it: %v", id, err)
	}
	return err
}

// adopts reports whether a deployment whose creation lost its reply has to be found
// again: it has a name, the server tells the time, and it only fails to answer creates.
func (r *run) adopts() bool {
	onlyCreates := true
	for rule := range strings.SplitSeq(r.history.steps[r.at].faults, ",") {
		onlyCreates = onlyCreates && strings.HasPrefix(rule, "POST:")
	}
	named := r.c.name != nil && strings.ContainsFunc(*r.c.name, unicode.IsLetter)
	return onlyCreates && named && r.history.options().Date != simulator.DateAbsent
}

// mirrorRounds does in the model what a server without faults would have come to.
func (r *run) mirrorRounds() (replaced bool) {
	r.t.Helper()
	for range 5 {
		r.m.refresh()
		for _, argument := range objectNames {
			r.m.stateText[argument] = ""
		}
		p := r.m.plan(r.c)
		if p.action == actNoop || p.asks && len(p.changed) == 2 {
			return replaced
		}
		replaced = replaced || p.action == actReplace
		if got := r.m.apply(p); got.failure != nil {
			r.fail("the model itself fails: %v", got.failure)
		}
	}
	r.fail("the model itself does not converge")
	return replaced
}

// converge applies until the plan is empty. A deployment that the error of the
// apply could not place is imported, as the error says.
func (r *run) converge(d *coreDriver, failed error) {
	r.t.Helper()
	for range 5 {
		if id := r.id(); d.attribute("id") == "" && id != "" {
			if failed == nil || !strings.Contains(failed.Error(), "import") {
				r.fail("the server holds %s, no state knows it, and the error does not say what to do: %v", id, failed)
			}
			if err := d.importID(id); err != nil {
				r.fail("the import of %s fails: %v", id, err)
			}
		}
		if _, err := d.refresh(); err != nil {
			r.fail("the refresh fails although the server has recovered: %v", err)
		}
		channel := d.attribute("channel")
		action, changed, err := d.plan(&r.c)
		switch {
		case err != nil:
			r.fail("the plan fails although the server has recovered: %v", err)
		case action == actNoop && d.c.tainted:
			r.fail("the deployment is tainted")
		case action == actNoop:
			return
		case action == actReplace && !d.c.tainted && channel == r.c.channel:
			r.fail("the plan replaces the deployment because of %v", changed)
		}
		if err := d.apply(); err != nil {
			r.fail("the apply of %s %v fails although the server has recovered: %v", action, changed, err)
		}
		r.count += 3
	}
	r.fail("the plan does not get empty although the server has recovered")
}

// resync takes over from the provider what a lost reply leaves open: which of the
// keys that it may own it does own, and which text the state shows. What it may not
// own is an error.
func (r *run) resync(d *coreDriver, before map[string]map[string]sentAnswered) {
	r.t.Helper()
	record := ownedjson.DecodeRecord(d.record())
	r.m.recorded = record != nil
	r.m.ignored = map[string]bool{}
	if ignored := d.key("ignored"); ignored != nil {
		if err := json.Unmarshal(ignored, &r.m.ignored); err != nil {
			r.fail("the private state: %v", err)
		}
	}
	digests := r.digests()
	for _, argument := range objectNames {
		m := r.m.objects[argument]
		m.shown = nil
		if text := d.attribute(argument + " text"); text != "" {
			m.shown = parseTree(text)
		}
		may, wanted := map[string]bool{}, leavesOf(r.c.meant(argument))
		for pointer := range before[argument] {
			may[pointer] = true
		}
		m.owned = map[string]sentAnswered{}
		for _, pointer := range wanted {
			may[pointer] = true
			if _, is := record.Owned(argument)[pointer]; record != nil && !is && !slices.Contains(r.c.ignore, argument) {
				r.fail("the key %s of %s is configured and applied, but not owned", pointer, argument)
			}
		}
		for pointer, pair := range record.Owned(argument) {
			if !may[pointer] {
				r.fail("the key %s of %s is owned, but was never written", pointer, argument)
			}
			m.owned[pointer] = r.explain(digests, pair)
		}
	}
	r.m.name = modelSetting{shown: d.attribute("name"), null: d.isNull("name")}
	r.m.origins = modelSetting{shown: d.attribute("allowed_origins"), null: d.isNull("allowed_origins")}
	for argument, m := range map[string]*modelSetting{"name": &r.m.name, "allowed_origins": &r.m.origins} {
		if pair := record.Setting(argument); pair != nil {
			known := r.explain(digests, *pair)
			m.owned = &known
		}
	}
}

func (r *run) explain(digests map[ownedjson.Digest]string, pair ownedjson.Pair) sentAnswered {
	r.t.Helper()
	sent, is := digests[pair.Sent]
	answered, was := digests[pair.Answered]
	if !is || !was {
		r.fail("the record holds a digest of a value that nobody wrote: %v", pair)
	}
	return sentAnswered{sent, answered}
}

// digests are the digests of all that a history can write, and of what the server
// makes of it.
func (r *run) digests() map[ownedjson.Digest]string {
	r.t.Helper()
	known := map[ownedjson.Digest]string{ownedjson.Absent: ""}
	scratch := simulator.New(r.history.options())
	object := map[string]any{}
	for i, value := range values {
		object["v"+strconv.Itoa(i)] = parseJSON(value)
	}
	note := func(value any) {
		if value == nil {
			return
		}
		parsed, err := ownedjson.ParseConfig(marshal(map[string]any{"k": value}, ""))
		if err != nil {
			r.fail("%v", err)
		}
		change := ownedjson.Change{Config: parsed, Plan: parsed}
		owned, _ := change.Renew(func(string) bool { return true }, nil, parsed)
		known[owned["/k"].Sent] = canon(value, false)
	}
	each := func(doc document) {
		for _, argument := range objectNames {
			object := clean(doc.object(argument))
			for _, pointer := range leavesOf(object) {
				value, _ := valueAt(object, pointer)
				note(value)
			}
		}
		known[ownedjson.DigestString(doc.text("name"))] = doc.text("name")
		known[ownedjson.DigestSet(splitOrigins(doc.origins()))] = doc.origins()
	}
	setting := func(key, value string) {
		to := map[string]any{"customization": object}
		if value != "" {
			to[key] = parseJSON(value)
		}
		each(to)
		doc, _ := scratch.Document(scratch.Put(to))
		each(doc)
	}
	for _, key := range []string{"name", "allowed_origins"} {
		for _, value := range settingValues[key] {
			setting(key, value)
		}
	}
	live, _ := r.sim.Document(r.id())
	each(live)
	note(tree{})
	return known
}
