package provider

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tavus/terraform-provider-tavus/internal/ownership"
	"github.com/tavus/terraform-provider-tavus/internal/tavus"
)

// write is one create or update: what the user wrote, what was planned, and what the
// state showed (nil for a create). Each document is parsed once.
type write struct {
	kind                *kind
	api                 *tavus.Collection
	config, plan, state values
	change              ownership.Change
	// sent are the operations of the last PATCH, and attempted those of earlier ones of
	// which nobody knows whether they took effect.
	sent, attempted []ownership.Operation
	before          *ownership.Document
	// left: operations are left for a second request, of fields that are written apart. second: this
	// is the one.
	left, second bool
}

func (r *kindResource) newWrite(config, plan, state values, record *ownership.Record) (*write, error) {
	w := &write{kind: r.kind, config: config, plan: plan, state: state}
	w.change = ownership.Change{Schema: r.schema, Record: record, Managed: map[string]bool{}}
	if err := w.parse(); err != nil {
		return nil, err
	}
	if state != nil {
		w.change.State, _ = r.kind.document(state, false)
		for i := range r.kind.secrets { // what goes from the state stays on the server
			if s := &r.kind.secrets[i]; s.shown && s.managed(plan) {
				w.change.State = w.change.State.With(s.at, nil)
			}
		}
	}
	for i := range r.kind.fields {
		if f := &r.kind.fields[i]; f.isSent() && known(config[f.name]) {
			w.change.Managed[f.pointer()] = true
		}
	}
	return w, nil
}

// parse makes the documents of configuration and plan. What a nested value of the configuration
// leaves to the server counts as the plan has it.
func (w *write) parse() (err error) {
	config := w.config.clone()
	for i := range w.kind.fields {
		if f := &w.kind.fields[i]; f.isNested() && f.isSent() {
			config[f.name] = f.complete(config[f.name], w.plan[f.name])
		}
	}
	if w.change.Config, err = w.kind.document(config, true); err != nil {
		return err
	}
	plan := w.plan
	if w.state != nil {
		plan = plan.clone()
		for i := range w.kind.fields {
			if f := &w.kind.fields[i]; f.use == managed && !plan[f.name].IsKnown() {
				plan[f.name] = w.state[f.name] // the server chooses another one, and nothing is sent
			}
		}
	}
	w.change.Plan, err = w.kind.document(plan, true)
	return err
}

// fill replaces what is not known in the plan by what the server holds.
func (w *write) fill(id string, live *ownership.Document) error {
	if err := w.kind.fill(w.plan, id, live); err != nil {
		return err
	}
	for i := range w.kind.fields {
		if w.kind.fields[i].isNested() {
			return w.parse()
		}
	}
	return nil
}

// Create is all or nothing. An error after the state is saved taints the resource, and
// the next plan would replace it under a new ID. So a new object that is not what was
// planned is deleted again.
func (r *kindResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	all, err := decodeAll(req.Config.Raw, req.Plan.Raw)
	if err != nil {
		addCodecError(&resp.Diagnostics, err)
		return
	}
	client := r.client(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	w, err := r.newWrite(all[0], all[1], nil, nil)
	var body json.RawMessage
	if err == nil {
		body, err = w.body()
	}
	if err != nil {
		resp.Diagnostics.AddError("Cannot create the "+r.kind.api.Noun, sentence(err.Error()))
		return
	}
	ctx = tavus.Redact(ctx, r.kind.secretValues(w.config, w.plan)...)
	api, err := r.kind.collection(w.plan)
	if err != nil {
		resp.Diagnostics.AddError("Cannot create the "+r.kind.api.Noun, sentence(err.Error()))
		return
	}
	w.api = api
	ctx, cancel := w.within(ctx, "create")
	defer cancel()
	var creation *tavus.Creation
	err = client.Patiently(ctx, func() (err error) {
		creation, err = client.Create(ctx, api, body)
		return err
	})
	if creation != nil && err != nil {
		r.takeBack(ctx, client, w, creation.Object, err, resp)
		return
	}
	if err != nil {
		if find := r.kind.refusedCreate; find != nil && isRefusal(err) {
			if argument, advice := find(ctx, client, w.plan); argument != "" {
				addRefusedCreate(&resp.Diagnostics, r.kind, argument, advice, err)
				return
			}
		}
		explainCreate(&resp.Diagnostics, w, r.kind.nameTaken(ctx, client, w.plan.text("name"), err))
		return
	}
	if creation.Adopted {
		resp.Diagnostics.AddWarning(r.kind.title(creation.ID)+" was found again",
			fmt.Sprintf("The reply to the create was lost. The provider looked for the new %s, found %s by its name and age, and manages it "+
				"from now on.", r.kind.api.Noun, creation.ID))
	}
	planned := w.plan.clone()
	live, problem := w.complete(ctx, client, creation.Object)
	if problem == nil {
		problem = r.created(ctx, w, live, creation.Answer, resp)
	}
	if problem != nil {
		r.takeBack(ctx, client, w, creation.Object, problem, resp)
		return
	}
	if after, _ := w.await(ctx, client, live, &resp.Diagnostics); after != live {
		// What the server chooses can have come meanwhile.
		w.plan = planned
		if document, err := r.kind.parse(after.Document, w.change.Plan); err == nil && r.kind.fill(w.plan, after.ID, document) == nil {
			r.save(w.plan, &resp.State, resp.Identity)
		}
	}
}

// body is the body of the POST.
func (w *write) body() (json.RawMessage, error) {
	document := w.change.Plan
	for i := range w.kind.fields {
		f := &w.kind.fields[i]
		value, planned := document.At(f.pointer())
		if f.afterCreate || f.postedAt != "" {
			document = document.With(f.pointer(), nil)
		}
		if f.postedAt != "" && planned {
			document = document.With(f.postedAt, value)
		}
	}
	for _, s := range w.kind.everySecret() {
		value, needed, err := s.send(w.config, w.plan, nil)
		if err != nil {
			return nil, err
		}
		if needed {
			document, err = document.Apply([]ownership.Operation{{Op: "add", Path: s.pointer(w.plan), Value: value}})
			if err != nil {
				return nil, err
			}
		}
	}
	return json.RawMessage(document.Text()), nil
}

// createError names the argument that a new object does not have as planned.
type createError struct {
	argument, text string
	err            error
}

func (e *createError) Error() string { return e.text }
func (e *createError) Unwrap() error { return e.err }

// complete sets what a POST does not take, and checks what no server has a reason to
// rewrite.
func (w *write) complete(ctx context.Context, client *tavus.Client, live *tavus.Object) (*tavus.Object, error) {
	document, err := w.kind.parse(live.Document, w.change.Plan)
	if err != nil {
		return nil, err
	}
	var operations []ownership.Operation
	argument := ""
	for i := range w.kind.fields {
		f := &w.kind.fields[i]
		if planned, found := w.change.Plan.At(f.pointer()); f.afterCreate && found && !w.kind.same(f, w.change.Plan, document) {
			operations = append(operations, ownership.Operation{Op: "add", Path: f.pointer(), Value: ownership.ValueText(planned)})
			argument = f.name
		}
	}
	if len(operations) > 0 {
		// Nobody knows the new ID yet, so nobody can have changed the object: no If-Match
		// is needed.
		patch, err := json.Marshal(operations)
		if err != nil {
			return nil, err
		}
		if live, err = client.Patch(ctx, w.api, live, patch); err != nil {
			return nil, &createError{argument, fmt.Sprintf("The %s of the new %s could not be set: %s", argument, w.kind.api.Noun, sentence(err.Error())), err}
		}
		if document, err = w.kind.parse(live.Document, w.change.Plan); err != nil {
			return nil, err
		}
	}
	return live, w.verify(document)
}

func (w *write) verify(document *ownership.Document) error {
	for i := range w.kind.fields {
		f := &w.kind.fields[i]
		if f.verified && w.plan.isSet(f.name) && !w.kind.same(f, w.change.Plan, document) {
			held, _ := document.At(f.pointer())
			return &createError{f.name, fmt.Sprintf("The new %s has the %s %s instead of %q.", w.kind.api.Noun, f.name,
				ownership.ValueText(held), w.plan.text(f.name)), nil}
		}
	}
	for _, s := range w.kind.everySecret() {
		if s.shownBy == "" || !s.managed(w.plan) {
			continue
		}
		if held, _ := document.At(w.kind.field(s.shownBy).pointer()); held != true {
			return &createError{s.argument(w.plan), fmt.Sprintf("The new %s has no %s, although one was sent.", w.kind.api.Noun, s.name), nil}
		}
	}
	return nil
}

// created saves the state of a new object.
func (r *kindResource) created(ctx context.Context, w *write, live *tavus.Object, answer []byte, resp *resource.CreateResponse) error {
	document, err := r.kind.parse(live.Document, w.change.Plan)
	if err != nil {
		return err
	}
	if err := w.fill(live.ID, r.kind.answeredBy(document, answer)); err != nil {
		return err
	}
	record, altered, _ := w.change.RecordAfter(nil, nil, document, live.Version())
	warnAltered(&resp.Diagnostics, r.kind, live.ID, altered)
	setRecord(ctx, resp.Private, record, &resp.Diagnostics)
	r.save(w.plan, &resp.State, resp.Identity)
	return nil
}

// takeBack deletes a new object that is not as planned. Where that fails, Terraform
// keeps the id, tainted, so that it is not lost.
func (r *kindResource) takeBack(ctx context.Context, client *tavus.Client, w *write, made *tavus.Object, problem error, resp *resource.CreateResponse) {
	left := client.Delete(context.WithoutCancel(ctx), w.api, made.ID)
	if left == nil {
		addCreateProblem(&resp.Diagnostics, r.kind, problem, fmt.Sprintf("The new %s %s was deleted again, so nothing is left behind.",
			r.kind.api.Noun, made.ID))
		return
	}
	addCreateProblem(&resp.Diagnostics, r.kind, problem, fmt.Sprintf("The new %s %s could not be deleted again: %s It stays in the state, and "+
		"the next apply replaces it. To keep it, run terraform untaint.", r.kind.api.Noun, made.ID, sentence(left.Error())))
	if document, err := r.kind.parse(made.Document, w.change.Plan); err == nil {
		_ = r.kind.fill(w.plan, made.ID, document)
	}
	w.plan["id"], w.plan[r.kind.id()] = textValue(r.kind.address(w.plan, made.ID)), textValue(made.ID)
	for i := range r.kind.fields { // what cannot be read
		if f := &r.kind.fields[i]; !w.plan[f.name].IsFullyKnown() {
			w.plan[f.name] = tftypes.NewValue(f.terraformType(), nil)
		}
	}
	r.save(w.plan, &resp.State, resp.Identity)
}

// patch makes the body of a PATCH for what the server holds. unsure: an earlier body of
// this update may have taken effect.
func (w *write) patch(live *tavus.Object, unsure bool) ([]byte, error) {
	raw, err := ownership.ParseServer(live.Document)
	if err != nil {
		return nil, err
	}
	whole := w.kind.readable(raw, w.change.State)
	document, err := w.kind.normalise(whole)
	if err != nil {
		return nil, err
	}
	if unsure {
		w.attempted = append(w.attempted, w.sent...)
	}
	if !w.second {
		w.before = document
	}
	w.change.Record = w.change.Record.Renew(w.change.Schema, document, live.Version())
	if w.sent, err = w.change.Patch(w.kind.shielded(document, raw), w.attempted); err != nil {
		return nil, err
	}
	w.sent = w.kind.shownNames(w.sent, raw)
	for _, s := range w.kind.everySecret() {
		if err := w.addSecret(s, document); err != nil {
			return nil, err
		}
	}
	if w.sent = w.inTurn(w.sent); len(w.sent) == 0 {
		return nil, nil
	}
	if err := w.carryOver(whole); err != nil {
		return nil, err
	}
	return w.encode(document)
}

// carryOver keeps what only the server has in the elements of lists that are sent.
func (w *write) carryOver(live *ownership.Document) error {
	for i := range w.kind.fields {
		f := &w.kind.fields[i]
		for n := range w.sent {
			if f.value != objectList || w.sent[n].Path != f.pointer() {
				continue
			}
			var err error
			if w.sent[n], err = f.carryOver(w.sent[n], live); err != nil {
				return err
			}
		}
	}
	return nil
}

// encode makes the body of an update in the style of the endpoint.
func (w *write) encode(live *ownership.Document) ([]byte, error) {
	if w.kind.api.Style == tavus.JSONPatch {
		return json.Marshal(w.sent)
	}
	after, err := live.Apply(w.sent)
	if err != nil {
		return nil, err
	}
	members := map[string]json.RawMessage{}
	if w.kind.api.Style == tavus.Merge {
		for _, operation := range w.sent {
			name, _, _ := strings.Cut(operation.Path[1:], "/")
			members[name] = w.kind.member(name, after)
		}
		return json.Marshal(members)
	}
	for i := range w.kind.fields {
		if f := &w.kind.fields[i]; f.isSent() && !f.replaces {
			name, _, _ := strings.Cut(f.pointer()[1:], "/")
			members[name] = w.kind.member(name, after)
		}
	}
	return json.Marshal(members)
}

// member is a member of the document as it is sent. One that is not there is cleared.
func (k *kind) member(name string, document *ownership.Document) json.RawMessage {
	if value, found := document.At("/" + name); found {
		return ownership.ValueText(value)
	}
	for i := range k.fields {
		if f := &k.fields[i]; f.pointer() == "/"+name && f.clear != "" {
			return json.RawMessage(f.clear)
		}
	}
	return json.RawMessage("null")
}

// addSecret adds the operation for a secret. A document never shows it, so clearing is an
// "add" of null: "remove" needs a member that is there.
func (w *write) addSecret(s *secret, live *ownership.Document) error {
	value, needed, err := s.send(w.config, w.plan, w.state)
	if err != nil || !needed && !w.replaces(s) {
		return err
	}
	if string(value) == "null" && s.shownBy != "" {
		if held, _ := live.At(w.kind.field(s.shownBy).pointer()); held != true {
			return nil // a person has removed it already
		}
	}
	at := s.pointer(w.plan)
	after, err := live.Apply(w.sent)
	if err != nil {
		return err
	}
	for _, around := range ownership.Parents(at) {
		if after.Object(around) != nil {
			continue
		}
		if string(value) == "null" {
			return nil // nothing is left there
		}
		w.sent = append(w.sent, ownership.Operation{Op: "add", Path: around, Value: json.RawMessage("{}")})
	}
	w.sent = append(w.sent, ownership.Operation{Op: "add", Path: at, Value: value})
	return nil
}

// replaces reports whether the request sends the member that a secret is in as a whole. What the
// state has of the secret then goes along, because a server may drop what it is not sent.
func (w *write) replaces(s *secret) bool {
	if at := s.pointer(w.plan); w.kind.api.Style != tavus.JSONPatch && at != "" && s.isPlain(w.plan) {
		name, _, _ := strings.Cut(at[1:], "/")
		return slices.ContainsFunc(w.sent, func(o ownership.Operation) bool {
			return o.Path == "/"+name || strings.HasPrefix(o.Path, "/"+name+"/")
		})
	}
	return false
}

// updated saves the state after an update.
func (r *kindResource) updated(ctx context.Context, client *tavus.Client, w *write, id string, update *tavus.Update, resp *resource.UpdateResponse) error {
	after, err := r.kind.parse(update.After.Document, w.change.Plan)
	if err != nil {
		return err
	}
	if err := w.fill(r.kind.key(w.state), w.answered(ctx, client, after, update.After.ID, update.Answer)); err != nil {
		return err
	}
	answered, stamp := after, update.After.Version()
	isStale := update.Stale && !w.change.Repeats(w.sent)
	if isStale {
		// The server still shows the document from before the write, so it is no answer.
		answered, stamp = w.change.Plan, ""
	}
	record, altered, overwritten := w.change.RecordAfter(slices.Concat(w.attempted, w.sent), w.before, answered, stamp)
	if !isStale {
		altered = w.judge(id, after, record, altered, resp)
	}
	warnAltered(&resp.Diagnostics, r.kind, id, altered)
	warnOverwritten(&resp.Diagnostics, r.kind, id, overwritten)
	setRecord(ctx, resp.Private, record, &resp.Diagnostics)
	setImported(ctx, resp.Private, false, &resp.Diagnostics)
	r.save(w.plan, &resp.State, resp.Identity)
	return nil
}

// judge reports arguments that no server has a reason to rewrite and that came out
// differently from what was sent. The state then holds what is live, so that the next
// plan shows the difference. It returns what is left of altered.
func (w *write) judge(id string, after *ownership.Document, record *ownership.Record, altered []string, resp *resource.UpdateResponse) []string {
	sent := func(pointer string) bool {
		return slices.ContainsFunc(slices.Concat(w.attempted, w.sent), func(o ownership.Operation) bool { return o.Path == pointer })
	}
	for i := range w.kind.fields {
		f := &w.kind.fields[i]
		if !f.verified || !sent(f.pointer()) || w.kind.same(f, w.change.Plan, after) {
			continue
		}
		addRefusedSilently(&resp.Diagnostics, w.kind, id, f.name, w.kind.adviceRefused[f.name])
		if value, err := f.fromDocument(after, false); err == nil {
			w.plan[f.name] = value
		}
		delete(record.Pairs, f.pointer())
		altered = slices.DeleteFunc(altered, func(pointer string) bool { return strings.HasPrefix(pointer, f.pointer()) })
	}
	for _, s := range w.kind.everySecret() {
		if s.shownBy == "" || !sent(s.pointer(w.plan)) {
			continue
		}
		f := w.kind.field(s.shownBy)
		held, _ := after.At(f.pointer())
		if (held == true) == s.managed(w.plan) {
			continue
		}
		addRefusedSilently(&resp.Diagnostics, w.kind, id, s.argument(w.plan), "Set or remove it in the Tavus portal, and apply again.")
		s.keep(w.plan, w.state)
		if value, err := f.fromDocument(after, false); err == nil {
			w.plan[f.name] = value
		}
	}
	return altered
}
