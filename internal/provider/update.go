package provider

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/tavus/terraform-provider-tavus/internal/ownership"
	"github.com/tavus/terraform-provider-tavus/internal/tavus"
)

// Update sends what the plan showed, and nothing else.
func (r *kindResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	all, err := decodeAll(req.Config.Raw, req.Plan.Raw, req.State.Raw)
	if err != nil {
		addCodecError(&resp.Diagnostics, err)
		return
	}
	record := getRecord(ctx, req.Private, &resp.Diagnostics)
	client := r.client(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	id := all[2].text("id")
	w, err := r.newWrite(all[0], all[1], all[2], record)
	if err != nil {
		resp.Diagnostics.AddError("Cannot update "+r.kind.title(id), sentence(err.Error()))
		return
	}
	ctx = tavus.Redact(ctx, r.kind.secretValues(all...)...)
	ctx, cancel := w.within(ctx, "update")
	defer cancel()
	var update *tavus.Update
	overruled := false
	if w.api, err = r.kind.collection(w.state); err == nil {
		update, overruled, err = w.update(ctx, client)
	}
	if overruled {
		resp.Diagnostics.AddWarning(r.kind.title(id)+" "+r.kind.overrule.argument+": unpublished edits are lost", r.kind.overrule.done)
	}
	if err != nil {
		if !w.second && !w.kind.overrule.isAbout(err) && !w.plan.equal("name", w.state) {
			err = r.kind.nameTaken(ctx, client, w.plan.text("name"), err)
		}
		explainUpdate(&resp.Diagnostics, w, id, err)
		return
	}
	if err := r.updated(ctx, client, w, id, update, resp); err != nil {
		resp.Diagnostics.AddError("Cannot read "+r.kind.title(id)+" after its update", sentence(err.Error()))
		return
	}
	r.act(ctx, client, w, update.After, resp)
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
		altered = w.checkAccepted(id, after, record, altered, resp)
	}
	warnAltered(&resp.Diagnostics, r.kind, id, altered)
	warnOverwritten(&resp.Diagnostics, r.kind, id, overwritten)
	setRecord(ctx, resp.Private, record, &resp.Diagnostics)
	setImported(ctx, resp.Private, false, &resp.Diagnostics)
	r.save(w.plan, &resp.State, resp.Identity)
	return nil
}

// checkAccepted reports arguments that no server has a reason to rewrite and that came out
// differently from what was sent. The state then holds what is live, so that the next
// plan shows the difference. It returns what is left of altered.
func (w *write) checkAccepted(id string, after *ownership.Document, record *ownership.Record, altered []string, resp *resource.UpdateResponse) []string {
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

// act sends the request that the update calls for, and waits for an object that is not ready.
func (r *kindResource) act(ctx context.Context, client *tavus.Client, w *write, live *tavus.Object, resp *resource.UpdateResponse) {
	action, acted := r.kind.action, false
	if action != nil {
		live, acted = action.act(ctx, client, w, live, &resp.Diagnostics)
		r.save(w.plan, &resp.State, resp.Identity)
	}
	if r.kind.api.Ready == nil {
		return
	}
	if _, done := r.kind.api.Ready(live.Document); done && !acted {
		return // as it was before the update
	}
	if _, ready := w.await(ctx, client, live, &resp.Diagnostics); !ready && acted {
		action.undo(w)
		r.save(w.plan, &resp.State, resp.Identity)
	}
}

// overrule is the way past a refusal that protects the unpublished work of a person.
type overrule struct {
	code     string     // of the error, see tavus.Error
	argument string     // option that allows it
	query    url.Values // of the request that is sent instead

	// refused is what the error says, and wayOut what a person can do other than to set the option. done is
	// the warning after the refusal was overruled.
	refused, wayOut, done string
}

// advice is what an error about the refusal says.
func (o *overrule) advice(plan values) string {
	if plan.flag(o.argument) {
		return fmt.Sprintf("%s The server did not take %s = true either. %s", o.refused, o.argument, sentence(o.wayOut))
	}
	return fmt.Sprintf("%s Either %s, or set %s = true, which discards them.", o.refused, o.wayOut, o.argument)
}

// update sends the requests of an update, most often one. overruled: the server refused it first, because
// of the unpublished work of a person, which is lost now, also where err is about a later request.
func (w *write) update(ctx context.Context, client *tavus.Client) (update *tavus.Update, overruled bool, err error) {
	send := func(query url.Values) (*tavus.Update, error) {
		return client.Update(ctx, w.api, w.kind.key(w.state), query, w.patch)
	}
	update, err = send(nil)
	if o := w.kind.overrule; o.isAbout(err) && w.plan.flag(o.argument) {
		update, err = send(o.query)
		overruled = err == nil
	}
	if err != nil || !w.left {
		return update, overruled, err
	}
	w.second, w.attempted = true, append(w.attempted, w.sent...)
	if update, err = send(nil); err != nil {
		err = fmt.Errorf("%w; the other changes of this apply have been written", err)
	}
	return update, overruled, err
}

// isAbout reports whether an error is the refusal.
func (o *overrule) isAbout(err error) bool {
	failure, ok := errors.AsType[*tavus.Error](err)
	return o != nil && ok && failure.Code == o.code
}

// answeredBy is the document with the members that only the answer to a write shows.
func (k *kind) answeredBy(document *ownership.Document, answer []byte) *ownership.Document {
	shown, err := ownership.ParseServer(answer)
	if err != nil {
		return document // a message, which says nothing of them
	}
	for i := range k.fields {
		f := &k.fields[i]
		if value, found := shown.At(f.pointer()); f.answered && found {
			document = document.With(f.pointer(), value)
		}
	}
	return document
}

// answered is the document with the members that a read does not show and that the plan waits for: from
// the answer to the write, or else from the list.
func (w *write) answered(ctx context.Context, client *tavus.Client, document *ownership.Document, id string, answer []byte) *ownership.Document {
	document = w.kind.answeredBy(document, answer)
	for i := range w.kind.fields {
		f := &w.kind.fields[i]
		if _, found := document.At(f.pointer()); !f.answered || found || w.plan[f.name].IsKnown() {
			continue
		}
		for listed, err := range client.List(ctx, w.api, nil) {
			if err != nil {
				return document // it stays null
			}
			if listed.ID == id {
				return w.kind.answeredBy(document, listed.Document)
			}
		}
	}
	return document
}
