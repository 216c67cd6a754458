package provider

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tavus/terraform-provider-tavus/internal/ownership"
	"github.com/tavus/terraform-provider-tavus/internal/tavus"
)

// Read brings the state up to what the server holds.
func (r *kindResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	state, err := decodeValues(req.State.Raw)
	if err != nil {
		addCodecError(&resp.Diagnostics, err)
		return
	}
	record := getRecord(ctx, req.Private, &resp.Diagnostics)
	imported := isImported(ctx, req.Private, &resp.Diagnostics)
	client := r.client(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	id := state.text("id")
	ctx = tavus.WithCreatedAt(tavus.Redact(ctx, r.kind.secretValues(state)...), r.kind.createdAt(state))
	if record != nil {
		ctx = tavus.WithVersion(ctx, record.Stamp)
	}
	var live *tavus.Object
	api, err := r.kind.collection(state)
	if err == nil {
		live, err = client.Get(ctx, api, r.kind.key(state))
	}
	switch {
	case tavus.IsGone(err) && imported:
		addMissing(&resp.Diagnostics, r.kind, id)
		return
	case tavus.IsGone(err):
		r.forget(ctx, id, state, resp)
		return
	case imported && r.kind.importHint != "" && tavus.ReasonOf(err) == tavus.Server:
		resp.Diagnostics.AddError("Cannot read "+r.kind.title(id), sentence(err.Error())+"\n\n"+r.kind.importHint)
		return
	case err != nil:
		explain(&resp.Diagnostics, r.kind, "read "+r.kind.title(id), err)
		return
	}
	if imported {
		if why := r.kind.whyUnfit(live); why != "" {
			resp.Diagnostics.AddError("Cannot import "+r.kind.title(id), why)
			return
		}
	}
	next, renewed, err := r.refresh(state, record, live, imported)
	if err != nil {
		resp.Diagnostics.AddError("Cannot read "+r.kind.title(id), sentence(err.Error()))
		return
	}
	r.save(next, &resp.State, resp.Identity)
	// A private state that changes alone is a change for plan -refresh-only -detailed-exitcode. The
	// next Read and the next update come to the same renewal.
	if renewed != record && !resp.State.Raw.Equal(req.State.Raw) {
		setRecord(ctx, resp.Private, renewed, &resp.Diagnostics)
	}
	if imported {
		setImported(ctx, resp.Private, false, &resp.Diagnostics)
		r.warnUnmanagedSecrets(id, next, live, &resp.Diagnostics)
	}
	if problem := r.kind.failure(live); problem != "" {
		resp.Diagnostics.AddWarning(r.kind.title(id)+" could not be made ready", problem)
	}
	r.kind.warnUnseen(live, state, &resp.Diagnostics)
}

func (k *kind) warnUnseen(live *tavus.Object, state values, diags *diag.Diagnostics) {
	if k.unseen == nil {
		return
	}
	known, _ := k.document(state, false)
	if what := k.unseen(live.Document, known); what != "" {
		diags.AddWarning(k.title(live.ID)+": not all of it is shown", what)
	}
}

// whyUnfit says why an object cannot be managed, "" if it can.
func (k *kind) whyUnfit(live *tavus.Object) string {
	if k.unfit == nil {
		return ""
	}
	document, err := ownership.ParseServer(live.Document)
	if err != nil {
		return ""
	}
	return k.unfit(document)
}

// forget drops an object that is gone from the state. A CLI before 1.12 keeps no
// identity, and the framework wants one of every read.
func (r *kindResource) forget(ctx context.Context, id string, state values, resp *resource.ReadResponse) {
	resp.State.RemoveResource(ctx)
	resp.Identity.Raw = r.identity(resp.Identity, state)
	next := "a new one with a new ID"
	if r.kind.api.Chosen {
		next = "it again"
	}
	resp.Diagnostics.AddWarning(r.kind.title(id)+" is gone",
		fmt.Sprintf("Neither the %s nor the list of the account shows %s any more, so it is dropped from the state. Where the configuration "+
			"still has it, the next apply creates %s. A key of another account looks the same: if the %s is still in the Tavus portal, check "+
			"the API key before you apply.", r.kind.api.Noun, id, next, r.kind.api.Noun))
}

// refresh returns what the state shows after the server answered live. It depends on
// record, state and live alone, because a Read knows no configuration.
func (r *kindResource) refresh(state values, record *ownership.Record, live *tavus.Object, imported bool) (values, *ownership.Record, error) {
	before, _ := r.kind.document(state, false)
	document, err := r.kind.parse(live.Document, before)
	if err != nil {
		return nil, nil, err
	}
	shown, renewed := document, record
	if !imported {
		shown, renewed = record.Read(r.schema, before, document, live.Version())
	}
	next := state.clone()
	next["id"] = textValue(r.kind.address(state, live.ID))
	for i := range r.kind.fields {
		f := &r.kind.fields[i]
		if err := r.kind.show(f, next, before, document, shown); err != nil {
			return nil, nil, err
		}
		if next[f.name].IsNull() && renewed.Cleared(f.pointer()) {
			next[f.name] = f.empty()
		}
	}
	for _, s := range r.kind.everySecret() {
		s.keep(next, state)
	}
	return next, renewed, nil
}

// parse reads a document of the server. known is what the state shows, or what was planned;
// nil: nothing.
func (k *kind) parse(raw []byte, known *ownership.Document) (*ownership.Document, error) {
	document, err := ownership.ParseServer(raw)
	if err != nil {
		return nil, err
	}
	return k.normalise(k.readable(document, known))
}

// readable is a document of the server without what is not read. It has all members that the server has in
// the elements of lists and maps.
func (k *kind) readable(document, known *ownership.Document) *ownership.Document {
	for _, at := range k.unread() {
		document = document.With(at, nil)
	}
	if k.adapt != nil {
		document = k.adapt(document, known)
	}
	return document
}

// normalise brings nested values that are owned as a whole into the form that the configuration has, so that
// members which the server adds, and the order of a map, make no difference.
func (k *kind) normalise(document *ownership.Document) (*ownership.Document, error) {
	for i := range k.fields {
		f := &k.fields[i]
		if f.value != objectList && f.value != objectMap && f.value != wholeObject {
			continue
		}
		if _, found := document.At(f.pointer()); !found {
			continue
		}
		value, err := f.fromDocument(document, true)
		if err != nil {
			return nil, err
		}
		if value.IsNull() { // no field has any of its members
			document = document.With(f.pointer(), nil)
			continue
		}
		normal, err := f.nestedDocument(value)
		if err != nil {
			return nil, err
		}
		document = document.With(f.pointer(), normal)
	}
	return k.renamed(document), nil
}

// show puts the value of one attribute into next. What means the same keeps the text
// of the state to the byte.
func (k *kind) show(f *field, next values, before, live, shown *ownership.Document) error {
	if k.isHidden(f, next) || f.use == providerOnly {
		return nil
	}
	if f.isSent() && (f.fixed || k.same(f, before, shown)) && !next[f.name].IsNull() {
		return nil
	}
	if _, found := live.At(f.pointer()); f.answered && !found {
		return nil
	}
	from := shown
	if f.use == computed {
		from = live
	}
	if f.isWalked() {
		from = k.without(f, from)
	}
	value, err := f.fromDocument(from, false)
	if err != nil {
		return err
	}
	if f.use == required && value.IsNull() {
		value = f.empty() // a configuration has to have it, too
	}
	if f.use != computed || !f.sameComputed(next[f.name], value) {
		next[f.name] = value
	}
	return nil
}

// same reports whether two documents mean the same for a field.
func (k *kind) same(f *field, a, b *ownership.Document) bool {
	if f.isWalked() {
		a, b = k.without(f, a), k.without(f, b)
		return ownership.Equal(a.Object(f.pointer()), b.Object(f.pointer()))
	}
	policy := f.policy()
	return policy.Same(a, b)
}

// without is the document without the members inside a field that are not read, or that belong to other
// fields, and without objects that only held such members.
func (k *kind) without(f *field, document *ownership.Document) *ownership.Document {
	drop := func(at string) {
		if !strings.HasPrefix(at, f.pointer()+"/") {
			return
		}
		document = document.With(at, nil)
		for _, around := range slices.Backward(ownership.Parents(at)) {
			if held := document.Object(around); len(around) > len(f.pointer()) && held != nil && held.Empty() {
				document = document.With(around, nil)
			}
		}
	}
	for i := range k.fields {
		drop(k.fields[i].pointer())
	}
	for _, at := range k.unread() {
		drop(at)
	}
	return document
}

// save is what every operation that leaves an object ends with.
func (r *kindResource) save(v values, state *tfsdk.State, identity *tfsdk.ResourceIdentity) {
	for _, s := range r.kind.everySecret() {
		v.put(s.in, s.writeOnly(), tftypes.NewValue(s.field().terraformType(), nil))
	}
	state.Raw = v.raw(state.Raw.Type())
	identity.Raw = r.identity(identity, v)
}

func (r *kindResource) identity(identity *tfsdk.ResourceIdentity, v values) tftypes.Value {
	attributes := map[string]tftypes.Value{r.kind.id(): tftypes.NewValue(tftypes.String, r.kind.key(v))}
	if r.kind.parent != "" {
		attributes[r.kind.parent] = v[r.kind.parent]
	}
	return tftypes.NewValue(identity.Raw.Type(), attributes)
}

// warnUnmanagedSecrets names the secrets that an object has after an import. A server shows that
// there is one by a flag, or by a mask in its place.
func (r *kindResource) warnUnmanagedSecrets(id string, shown values, live *tavus.Object, diags *diag.Diagnostics) {
	document, _ := ownership.ParseServer(live.Document)
	for _, s := range r.kind.everySecret() {
		has := shown.flag(s.shownBy)
		if s.shownBy == "" {
			held, _ := document.At(s.pointer(shown))
			mask, _ := held.(string)
			has = mask != ""
		}
		if has && !s.shown {
			diags.AddWarning(fmt.Sprintf("%s %s: not managed", r.kind.title(id), s.label()),
				fmt.Sprintf("The %s %s has a %s that Terraform did not set and cannot read. It stays until the configuration sets one.",
					r.kind.api.Noun, id, s.name))
		}
	}
}
