package provider_test

import (
	"encoding/json"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
	"github.com/tavus/terraform-provider-tavus/internal/testkit"
)

// TestLaws_EveryKind holds each kind to what README.md promises, on the server that the
// documentation describes. every_server_test.go does so on all others.
func TestLaws_EveryKind(t *testing.T) {
	t.Parallel()
	laws := map[string]func(t *testing.T, kind *testkit.Fixture){
		"quiet": lawQuiet, "shared": lawShared, "shared while writing": lawSharedWhileWriting, "repaired": lawRepaired,
		"taken back": lawTakenBack, "adopted": lawAdopted, "followed after an import": lawFollowed, "gone": lawGone, "count": lawCount,
		"damaged record": lawDamagedRecord, "edited while writing": lawEditedWhileWriting, "ignored changes": lawIgnoredChanges, "unknown": lawUnknown,
	}
	for _, kind := range fixtures() {
		for name, law := range laws {
			if name == "shared while writing" && kind.Overwrites {
				continue
			}
			t.Run(kind.Type+"/"+name, func(t *testing.T) {
				t.Parallel()
				law(t, kind)
			})
		}
	}
}

// After any apply, a plan and a refresh-only plan are empty. (Must asserts it.)
func lawQuiet(t *testing.T, kind *testkit.Fixture) {
	t.Helper()
	w := newWorld(t, kind)
	w.Must(t, testkit.Create, kind.Minimal)
	w.Must(t, testkit.Update, kind.Full)
	w.Must(t, testkit.Update, kind.Changed)
	w.Must(t, testkit.Update, kind.Full)
	if _, err := w.Run(kind.Minimal); err != nil {
		t.Fatal(err)
	}
	w.Quiet(t, kind.Minimal)
	if err := w.Destroy(); err != nil || len(w.ids()) > 0 {
		t.Fatalf("destroy: %v, left are %v", err, w.ids())
	}
}

// Portal edits of what is not owned are quiet, and live through every update.
func lawShared(t *testing.T, kind *testkit.Fixture) {
	t.Helper()
	w := newWorld(t, kind)
	w.Must(t, testkit.Create, kind.Full)
	w.portal(t, kind.Edits...)
	w.Quiet(t, kind.Full)
	w.Must(t, testkit.Update, kind.Changed)
	w.untouched(t)
	w.Must(t, testkit.Update, kind.Full)
	w.untouched(t)
}

// So do portal edits between the GET and the write of an update.
func lawSharedWhileWriting(t *testing.T, kind *testkit.Fixture) {
	t.Helper()
	w := newWorld(t, kind)
	w.Must(t, testkit.Create, kind.Full)
	p, err := w.Plan(kind.Changed)
	if err != nil {
		t.Fatal(err)
	}
	var done atomic.Bool
	id := w.ID()
	w.OnAnswer(func(r simulator.Request) {
		if r.Method == http.MethodGet && strings.HasSuffix(r.Path, "/"+path.Base(id)) && done.CompareAndSwap(false, true) {
			_ = kind.PortalEdits(w.Server, id)
		}
	})
	if err := w.Apply(p); err != nil {
		t.Fatal(err)
	}
	w.OnAnswer(nil)
	if !done.Load() {
		t.Fatal("the update read nothing, so there was no edit")
	}
	w.untouched(t)
	w.Quiet(t, kind.Changed)
}

// Drift of an owned leaf is planned, and repaired with the one operation that it needs.
func lawRepaired(t *testing.T, kind *testkit.Fixture) {
	t.Helper()
	w := newWorld(t, kind)
	w.Must(t, testkit.Create, kind.Full)
	w.portal(t, kind.Edits...)
	was := w.at(kind.Owned.Pointer)
	for _, edit := range []testkit.Edit{kind.Owned, {Pointer: kind.Owned.Pointer}} {
		w.portal(t, edit)
		w.ResetRequests()
		p, err := w.Run(kind.Full)
		if err != nil || p.Action != testkit.Update {
			t.Fatalf("drift to %v: %v, error: %v", edit.Value, p, err)
		}
		if got := w.at(kind.Owned.Pointer); testkit.JSON(got) != testkit.JSON(was) {
			t.Fatalf("%s is %v instead of %v", kind.Owned.Pointer, got, was)
		}
		requests := w.Requests()
		var operations []struct{ Path string }
		body := requests[len(requests)-1].Body
		if err := json.Unmarshal(body, &operations); err == nil && (len(operations) != 1 || operations[0].Path != kind.Owned.Pointer) {
			t.Fatalf("the repair is %s", body)
		}
		w.untouched(t)
		w.Quiet(t, kind.Full)
	}
}

// A leaf that leaves the configuration goes from the server; what Terraform did not write stays.
func lawTakenBack(t *testing.T, kind *testkit.Fixture) {
	t.Helper()
	w := newWorld(t, kind)
	w.Must(t, testkit.Create, kind.Full)
	w.portal(t, kind.Edits...)
	for _, pointer := range kind.Dropped {
		if w.at(pointer) == nil {
			t.Fatalf("%s is not on the server at first", pointer)
		}
	}
	p := w.Must(t, testkit.Update, kind.Changed)
	for _, pointer := range kind.Dropped {
		if got := w.at(pointer); got != nil {
			t.Errorf("%s is still on the server: %v", pointer, got)
		}
	}
	if len(kind.Dropped) > 0 && len(p.Warnings) == 0 {
		t.Error("no warning says what is removed")
	}
	w.untouched(t)
}

// An import by id, by identity and by query: the generated configuration plans empty, and
// nothing but GETs is sent.
func lawAdopted(t *testing.T, kind *testkit.Fixture) {
	t.Helper()
	w := newWorld(t, kind)
	w.Must(t, testkit.Create, kind.Full)
	w.portal(t, kind.Edits...)
	id, identity := w.ID(), w.Identity()
	if err := w.restart(nil); err != nil {
		t.Fatal(err)
	}
	before := testkit.JSON(w.Document(kind.Collection, id)[kind.ID])
	w.ResetRequests()
	if err := w.Import(id); err != nil {
		t.Fatal(err)
	}
	generated := w.GenerateConfig()
	w.Quiet(t, generated)
	w.Quiet(t, without(kind.Minimal, kind.Secrets))
	w.Quiet(t, without(kind.Full, kind.Secrets)) // as written, in other words than the server's
	w.Forget()
	if err := w.ImportIdentity(identity); err != nil {
		t.Fatal(err)
	}
	if again := w.GenerateConfig(); testkit.JSON(again) != testkit.JSON(generated) {
		t.Fatalf("by identity the configuration is %v instead of %v", again, generated)
	}
	if !kind.Unlisted {
		listed, err := w.core.List(kind.Type, nil, 100, true)
		if err != nil || len(listed) != 1 || testkit.JSON(listed[0].Identity) != testkit.JSON(identity) {
			t.Fatalf("list: %v, %v", listed, err)
		}
		w.Quiet(t, listed[0].Config)
	}
	for _, r := range w.Requests() {
		if r.Method != http.MethodGet {
			t.Errorf("an import sent %s %s", r.Method, r.Path)
		}
	}
	if now := testkit.JSON(w.Document(kind.Collection, id)[kind.ID]); now != before {
		t.Errorf("the id changed from %s to %s", before, now)
	}
	w.Forget()
	if err := w.Import("00000000-0000-4000-8000-000000000000"); err == nil {
		t.Error("an object that is not there was imported")
	}
}

// without takes the secrets out, which no server shows after an import.
func without(config testkit.Config, secrets map[string]string) testkit.Config {
	changes := testkit.Config{}
	for name := range secrets {
		changes[name] = nil
	}
	return testkit.With(config, changes)
}

// A configuration of a few keys after an import removes nothing that it does not know. A change
// of it then owns what it writes.
func lawFollowed(t *testing.T, kind *testkit.Fixture) {
	t.Helper()
	w := newWorld(t, kind)
	w.Must(t, testkit.Create, kind.Full)
	w.portal(t, kind.Edits...)
	id := w.ID()
	if err := w.restart(nil); err != nil {
		t.Fatal(err)
	}
	if err := w.Import(id); err != nil {
		t.Fatal(err)
	}
	w.Must(t, testkit.Update, without(kind.Changed, kind.Secrets))
	w.untouched(t)
	w.Must(t, testkit.Update, without(kind.Full, kind.Secrets))
	w.untouched(t)
	if w.ID() != id {
		t.Fatalf("the id is %s instead of %s", w.ID(), id)
	}
}

// An object that is gone leaves the state with a warning, and the next apply makes a new one.
func lawGone(t *testing.T, kind *testkit.Fixture) {
	t.Helper()
	w := newWorld(t, kind)
	w.Must(t, testkit.Create, kind.Full)
	id := w.ID()
	w.Delete(kind.Collection, id)
	if _, err := w.Refresh(); err != nil || w.Exists() {
		t.Fatalf("refresh: %v; the state still has it: %v", err, w.Exists())
	}
	if len(w.core.Warnings) == 0 || !strings.Contains(w.core.Said(), id) {
		t.Fatalf("nothing says that %s is gone: %s", id, w.core.Said())
	}
	w.Must(t, testkit.Create, kind.Full)
	w.Delete(kind.Collection, w.ID())
	if err := w.Destroy(); err != nil {
		t.Fatalf("a destroy of what is gone: %v", err)
	}
}

// The number of requests is fixed, and a plan alone sends none.
func lawCount(t *testing.T, kind *testkit.Fixture) {
	t.Helper()
	w := newWorld(t, kind)
	full := testkit.With(kind.Full, testkit.Config{"status": nil}) // a status is set after the create
	var p *testkit.Plan
	count := func(what, want string, do func() error) {
		t.Helper()
		w.ResetRequests()
		if err := do(); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if got := w.Log(); got != want {
			t.Fatalf("%s sends %q instead of %q", what, got, want)
		}
	}
	plan := func(config testkit.Config) func() error {
		return func() (err error) {
			p, err = w.Plan(config)
			return err
		}
	}
	apply := func() error { return w.Apply(p) }
	refresh := func() error {
		_, err := w.Refresh()
		return err
	}
	count("plan", "", plan(full))
	count("create", kind.Counts.Create, apply)
	count("refresh", kind.Counts.Read, refresh)
	count("plan", "", plan(kind.Changed))
	count("update", kind.Counts.Update, apply)
	count("plan of no change", "", plan(kind.Changed))
	count("apply of no change", "", apply)
	id := w.ID()
	w.Forget()
	count("import", kind.Counts.Read, func() error { return w.Import(id) })
	count("delete", kind.Counts.Delete, w.Destroy)
}

// A private state that is damaged, from another version or not there means: as after an import.
func lawDamagedRecord(t *testing.T, kind *testkit.Fixture) {
	t.Helper()
	for _, private := range []string{"", "{}", `{"record":"e30="}`, `{"record":"eyJ2IjogOTl9"}`, `{"record":"bnVsbA=="}`, `{"record":"WzFd"}`} {
		w := newWorld(t, kind)
		w.Must(t, testkit.Create, kind.Full)
		w.portal(t, kind.Edits...)
		w.SetPrivate([]byte(private))
		w.Must(t, testkit.Update, kind.Changed)
		w.untouched(t)
	}
}

// An argument in ignore_changes keeps what the server has, and the others are written.
func lawIgnoredChanges(t *testing.T, kind *testkit.Fixture) {
	t.Helper()
	w := newWorld(t, kind)
	w.Must(t, testkit.Create, kind.Full)
	var ignore []string
	for name := range kind.Changed {
		if testkit.JSON(kind.Changed[name]) != testkit.JSON(kind.Full[name]) {
			ignore = append(ignore, name)
		}
	}
	for name := range kind.Full {
		if _, has := kind.Changed[name]; !has {
			ignore = append(ignore, name)
		}
	}
	slices.Sort(ignore)
	for _, name := range ignore {
		if kind.Secrets[name] != "" {
			continue
		}
		w.Quiet(t, testkit.With(kind.Full, testkit.Config{name: kind.Changed[name]}), name)
	}
	before := testkit.JSON(w.at(kind.Owned.Pointer))
	w.Must(t, testkit.NoOp, testkit.With(kind.Changed, only(kind.Full, kind.Secrets)), ignore...)
	if now := testkit.JSON(w.at(kind.Owned.Pointer)); now != before {
		t.Fatalf("%s changed from %s to %s", kind.Owned.Pointer, before, now)
	}
}

func only(config testkit.Config, names map[string]string) testkit.Config {
	kept := testkit.Config{}
	for name := range names {
		kept[name] = testkit.Value(config, name)
	}
	return kept
}

// Arguments that are not known while planning are planned without an error, and applied later.
func lawUnknown(t *testing.T, kind *testkit.Fixture) {
	t.Helper()
	w := newWorld(t, kind)
	for _, step := range []struct {
		action testkit.Action
		config testkit.Config
	}{{testkit.Create, kind.Full}, {testkit.Update, kind.Changed}} {
		for name := range step.config {
			if _, err := w.Plan(testkit.With(step.config, testkit.Config{name: testkit.Unknown{}})); err != nil {
				t.Errorf("%s is unknown: %v", name, err)
			}
		}
		w.Must(t, step.action, step.config)
	}
}

// A leaf that a person edits between GET and PATCH of something else shows in the next refresh,
// although the answer to the PATCH holds the edit already.
func lawEditedWhileWriting(t *testing.T, kind *testkit.Fixture) {
	t.Helper()
	w := newWorld(t, kind, "etag=none")
	w.Must(t, testkit.Create, kind.Full)
	others := testkit.With(kind.Full, nil)
	for name, value := range kind.Changed {
		if field, _, _ := strings.Cut(strings.TrimPrefix(kind.Owned.Pointer, "/"), "/"); !strings.HasSuffix(field, name) && name != kind.Argument && kind.Full[name] != nil {
			others[name] = value
		}
	}
	once := true
	w.OnRequest(func(r simulator.Request) {
		if r.Method == http.MethodPatch && once {
			once = false
			w.portal(t, kind.Owned)
		}
	})
	if err := w.Write(others); err != nil {
		t.Fatal(err)
	}
	w.OnRequest(nil)
	if changed, err := w.Refresh(); !once && (err != nil || len(changed) == 0) {
		t.Fatalf("the edit is hidden: %v, %v", changed, err)
	}
}
