package provider

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/tavus/terraform-provider-tavus/internal/ownedjson"
	"github.com/tavus/terraform-provider-tavus/internal/tavus"
)

// deploymentWrite is one create or update on its way to the server: what the
// user wrote, what was planned, and what the state showed (nil for a create).
type deploymentWrite struct {
	config, plan, state *deploymentModel
	record              *ownedjson.Record // what is remembered from before
	patched             []string          // the paths of the last operations
}

// change describes an object argument.
func (w *deploymentWrite) change(argument string) (ownedjson.Change, error) {
	config, err := w.config.parsed(argument)
	if err != nil {
		return ownedjson.Change{}, fmt.Errorf("%s: %w", argument, err)
	}
	plan, err := w.plan.parsed(argument)
	if err != nil {
		return ownedjson.Change{}, fmt.Errorf("%s: %w", argument, err)
	}
	return ownedjson.Change{
		Path:   "/" + argument,
		Config: config,
		Plan:   plan,
		State:  stateObject(w.state, argument),
		Owned:  w.record.Owned(argument),
	}, nil
}

// operations returns the patch that makes the server's document hold what the plan
// showed, and nothing else.
func (w *deploymentWrite) operations(in tavus.MergeInput) ([]tavus.Operation, error) {
	unknown := map[string]bool{}
	for _, operation := range in.Unknown {
		unknown[operation.Path] = true
	}
	var conflicts ownedjson.ConflictError
	var operations []tavus.Operation
	send := func(path string, value any, conflict bool) error {
		if conflict && !unknown[path] {
			conflicts.Pointers = append(conflicts.Pointers, path)
		}
		text, err := json.Marshal(value)
		operations = append(operations, tavus.Operation{Op: "add", Path: path, Value: text})
		return err
	}
	live := in.Live
	if plan, old := w.plan.PalID.ValueString(), w.state.PalID.ValueString(); plan != old && plan != live.PalID {
		if err := send("/pal_id", plan, live.PalID != old); err != nil {
			return nil, err
		}
	}
	if plan, old := w.plan.Status.ValueString(), w.state.Status.ValueString(); plan != old && plan != live.Status {
		if err := send("/status", plan, live.Status != old); err != nil {
			return nil, err
		}
	}
	if needed, conflict := nameSetting(w.record, w.config, w.plan, w.state).Send(ownedjson.DigestString(live.Name)); needed {
		if err := send("/name", w.plan.Name.ValueString(), conflict); err != nil {
			return nil, err
		}
	}
	if needed, conflict := originsSetting(w.record, w.config, w.plan, w.state).Send(ownedjson.DigestSet(live.AllowedOrigins)); needed {
		if err := send("/allowed_origins", originsOf(w.plan.AllowedOrigins), conflict); err != nil {
			return nil, err
		}
	}
	// One that a person has removed already needs no removal.
	if password, needed := w.password(); needed && (password != nil || live.HasPassword) {
		if err := send("/password", password, false); err != nil {
			return nil, err
		}
	}
	objects, err := w.objectOperations(live, unknown, &conflicts)
	if err != nil {
		return nil, err
	}
	if len(conflicts.Pointers) > 0 {
		return nil, &conflicts
	}
	operations = append(operations, objects...)
	w.patched = nil
	for _, operation := range operations {
		w.patched = append(w.patched, operation.Path)
	}
	return operations, nil
}

// objectOperations adds to conflicts what it finds.
func (w *deploymentWrite) objectOperations(live *tavus.Deployment, unknown map[string]bool, conflicts *ownedjson.ConflictError) ([]tavus.Operation, error) {
	var operations []tavus.Operation
	for _, argument := range objectArguments {
		change, err := w.change(argument)
		if err != nil {
			return nil, err
		}
		object, err := liveObject(live, argument)
		if err != nil {
			return nil, fmt.Errorf("the server's %s: %w", argument, err)
		}
		patch, err := change.Operations(object, func(pointer string) bool { return unknown[pointer] })
		var conflict *ownedjson.ConflictError
		switch {
		case errors.As(err, &conflict):
			conflicts.Pointers = append(conflicts.Pointers, conflict.Pointers...)
			conflicts.Unseen = append(conflicts.Unseen, conflict.Unseen...)
		case err != nil:
			return nil, err
		}
		for _, o := range patch {
			operations = append(operations, tavus.Operation{Op: o.Op, Path: o.Path, Value: o.Value})
		}
	}
	return operations, nil
}

// password returns the password to send (nil to clear it), and whether one has
// to be sent at all. A document never shows its password, so clearing is an
// "add" of null: "remove" needs a member that is there. The plan decides, not the
// configuration: they differ under ignore_changes. Only the write-only value stands
// in the configuration alone.
func (w *deploymentWrite) password() (value *string, needed bool) {
	if !w.plan.passwordManaged() {
		return nil, w.state.passwordManaged()
	}
	secret := w.plan.Password
	if secret.IsNull() {
		secret = w.config.PasswordWO
	}
	changed := w.state == nil ||
		!w.plan.Password.Equal(w.state.Password) ||
		!w.plan.PasswordWOVersion.Equal(w.state.PasswordWOVersion) ||
		w.plan.HasPassword.ValueBool() && !w.state.HasPassword.ValueBool()
	password := secret.ValueString()
	return &password, changed
}

// passwordArgument is the argument that the password comes from.
func (w *deploymentWrite) passwordArgument() string {
	if !w.plan.PasswordWOVersion.IsNull() {
		return "password_wo"
	}
	return "password"
}

// renew returns the record after a write, the paths whose answer differs from what
// was sent, and those of keys whose values on the server the write has replaced although
// no plan showed them. before is nil for a create.
//
// Where after was read back, and shows that somebody else has written since, what was
// sent counts as the answer. Otherwise an edit of the same key would be taken for the
// server's form of what was sent, and the next apply would overwrite it unseen.
func (w *deploymentWrite) renew(sent func(path string) bool, before, after *tavus.Deployment, readBack bool) (record *ownedjson.Record, altered, replaced []string, err error) {
	record = &ownedjson.Record{Objects: map[string]ownedjson.Owned{}, Settings: map[string]*ownedjson.Pair{}}
	if before == nil {
		before = &tavus.Deployment{}
	}
	var objects []objectWrite
	for _, argument := range objectArguments {
		object, err := w.object(argument, before, after)
		if err != nil {
			return nil, nil, nil, err
		}
		objects = append(objects, object)
	}
	edited := readBack && editedSince(sent, before, after, objects)
	keep := func(argument string, setting ownedjson.Setting, before, after ownedjson.Digest) {
		if edited {
			after = setting.Plan
		}
		pair, differs := setting.Renew(sent("/"+argument), before, after)
		if pair != nil {
			record.Settings[argument] = pair
		}
		if differs {
			altered = append(altered, "/"+argument)
		}
	}
	keep("name", nameSetting(w.record, w.config, w.plan, w.state),
		ownedjson.DigestString(before.Name), ownedjson.DigestString(after.Name))
	keep("allowed_origins", originsSetting(w.record, w.config, w.plan, w.state),
		ownedjson.DigestSet(before.AllowedOrigins), ownedjson.DigestSet(after.AllowedOrigins))
	for _, o := range objects {
		answer := o.now
		if edited {
			answer = o.change.Plan
		}
		owned, differs := o.change.Renew(sent, o.was, answer)
		record.Objects[o.argument] = owned
		altered = append(altered, differs...)
		replaced = append(replaced, o.change.Replaced(sent, o.was)...)
	}
	return record, altered, replaced, nil
}

// objectWrite is one object argument of a write that is done: what the server held
// before, and what it holds now.
type objectWrite struct {
	argument string
	change   ownedjson.Change
	was, now *ownedjson.Object
}

func (w *deploymentWrite) object(argument string, before, after *tavus.Deployment) (objectWrite, error) {
	change, err := w.change(argument)
	if err != nil {
		return objectWrite{}, err
	}
	was, err := liveObject(before, argument)
	if err != nil {
		return objectWrite{}, err
	}
	now, err := liveObject(after, argument)
	return objectWrite{argument, change, was, now}, err
}

// editedSince reports whether after shows a change that the write did not make.
func editedSince(sent func(path string) bool, before, after *tavus.Deployment, objects []objectWrite) bool {
	for path, differs := range map[string]bool{
		"/pal_id":          before.PalID != after.PalID,
		"/status":          before.Status != after.Status,
		"/name":            before.Name != after.Name,
		"/allowed_origins": ownedjson.DigestSet(before.AllowedOrigins) != ownedjson.DigestSet(after.AllowedOrigins),
		"/password":        before.HasPassword != after.HasPassword,
	} {
		if differs && !sent(path) {
			return true
		}
	}
	return slices.ContainsFunc(objects, func(o objectWrite) bool { return o.change.Elsewhere(sent, o.was, o.now) })
}

// try adds to tried what an update leaves open that has or may have written, and
// whose result nobody has read. It reports whether it sent any key at all.
func (w *deploymentWrite) try(tried map[string]ownedjson.Tried, sent map[string]bool) bool {
	keys := false
	for path := range sent {
		argument, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
		keys = keys || slices.Contains(objectArguments, argument)
	}
	if !keys {
		return false
	}
	for _, argument := range objectArguments {
		change, err := w.change(argument)
		if err != nil {
			continue // then nothing of it was sent
		}
		if tried[argument] == nil {
			tried[argument] = ownedjson.Tried{}
		}
		maps.Copy(tried[argument], change.Tried(sent))
	}
	return true
}
