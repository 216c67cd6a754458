package provider

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tavus/terraform-provider-tavus/internal/ownership"
	"github.com/tavus/terraform-provider-tavus/internal/tavus"
)

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
	live, document, problem := w.completeCreate(ctx, client, creation.Object)
	if problem == nil {
		problem = r.created(ctx, w, live, document, creation.Answer, resp)
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

// completeCreate sets what a POST does not take, and checks what no server has a reason to
// rewrite. It returns the object and its document after that.
func (w *write) completeCreate(ctx context.Context, client *tavus.Client, live *tavus.Object) (*tavus.Object, *ownership.Document, error) {
	document, err := w.kind.parse(live.Document, w.change.Plan)
	if err != nil {
		return nil, nil, err
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
			return nil, nil, err
		}
		if live, err = client.Patch(ctx, w.api, live, patch); err != nil {
			return nil, nil, &createError{argument, fmt.Sprintf("The %s of the new %s could not be set: %s", argument, w.kind.api.Noun, sentence(err.Error())), err}
		}
		if document, err = w.kind.parse(live.Document, w.change.Plan); err != nil {
			return nil, nil, err
		}
	}
	return live, document, w.verify(document)
}

// verify returns a *createError where the new object is not what was planned.
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
func (r *kindResource) created(ctx context.Context, w *write, live *tavus.Object, document *ownership.Document, answer []byte, resp *resource.CreateResponse) error {
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
