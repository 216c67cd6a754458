package provider

import (
	"encoding/json"
	"slices"
	"strings"

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

// fill replaces what is still unknown in a planned object by what the server holds.
// Known planned values stay as they are: Terraform takes another value for a bug.
func (k *kind) fill(plan values, id string, live *ownership.Document) error {
	plan["id"] = textValue(k.address(plan, id))
	for i := range k.fields {
		f := &k.fields[i]
		if plan[f.name].IsFullyKnown() {
			continue
		}
		from := live
		if f.isWalked() {
			from = k.without(f, live)
		}
		value, err := f.fromDocument(from, false)
		if err != nil {
			return err
		}
		plan[f.name] = f.fillIn(plan[f.name], value)
	}
	return nil
}

// fill replaces what is not known in the plan by what the server holds, and parses nested values anew.
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

// carryOver adds to the elements of a list that is about to be written what only the server has in
// the elements with the same key: the list goes out as a whole, and members that no field has would be
// lost.
func (f *field) carryOver(o ownership.Operation, live *ownership.Document) (ownership.Operation, error) {
	was, found := live.At(f.pointer())
	old, _ := was.([]any)
	if !found || o.Op == "remove" {
		return o, nil
	}
	var items []map[string]json.RawMessage
	if err := json.Unmarshal(o.Value, &items); err != nil {
		return o, err
	}
	key, own := "", map[string]bool{}
	for i := range f.fields {
		member := f.fields[i].pointer()[1:]
		own[member] = true
		if f.fields[i].name == f.key {
			key = member
		}
	}
	for _, item := range items {
		for _, candidate := range old {
			members, _ := candidate.(map[string]any)
			if string(ownership.ValueText(members[key])) != string(item[key]) {
				continue
			}
			for name, value := range members {
				if !own[name] {
					item[name] = ownership.ValueText(value)
				}
			}
		}
	}
	o.Op = "replace" // what clients are known to send for a list that is there
	var err error
	o.Value, err = json.Marshal(items)
	return o, err
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
	return s.isPlain(w.plan) && w.sendsAround(s)
}

func (w *write) sendsAround(s *secret) bool {
	at := s.pointer(w.plan)
	if at == "" || w.kind.api.Style == tavus.JSONPatch {
		return false
	}
	name, _, _ := strings.Cut(at[1:], "/")
	return slices.ContainsFunc(w.sent, func(o ownership.Operation) bool {
		return o.Path == "/"+name || strings.HasPrefix(o.Path, "/"+name+"/")
	})
}

// keepsSecret is a secret that the server should keep while the member that it is in is sent without it, or nil.
func (w *write) keepsSecret() *secret {
	for _, s := range w.kind.everySecret() {
		isSent := slices.ContainsFunc(w.sent, func(o ownership.Operation) bool { return o.Path == s.pointer(w.plan) })
		if s.managed(w.plan) && w.sendsAround(s) && !isSent {
			return s
		}
	}
	return nil
}

// inTurn returns the operations of this request: those of fields that are written apart go alone, after
// the others. Objects around them that are missing can go with either.
func (w *write) inTurn(all []ownership.Operation) []ownership.Operation {
	var others, apart []ownership.Operation
	count, countApart := 0, 0 // without the objects around them
	for _, operation := range all {
		isApart, isAround := w.kind.isApart(operation.Path)
		if isApart {
			countApart++
		} else if !isAround {
			count++
		}
		if isApart || isAround {
			apart = append(apart, operation)
		}
		if !isApart {
			others = append(others, operation)
		}
	}
	w.left = !w.second && count > 0 && countApart > 0
	if w.second || count == 0 {
		return apart
	}
	return others
}

// isApart reports whether a pointer is inside a field that is written apart, or around it.
func (k *kind) isApart(pointer string) (inside, around bool) {
	for i := range k.fields {
		if at := k.fields[i].pointer(); k.fields[i].apart {
			inside = inside || strings.HasPrefix(pointer+"/", at+"/")
			around = around || strings.HasPrefix(at, pointer+"/")
		}
	}
	return inside, around
}

// shownNames makes operations remove a member under each name that the server shows.
func (k *kind) shownNames(operations []ownership.Operation, raw *ownership.Document) []ownership.Operation {
	for older, today := range k.olderNames {
		at := slices.IndexFunc(operations, func(o ownership.Operation) bool { return o.Op == "remove" && o.Path == today })
		if _, found := raw.At(older); at < 0 || !found {
			continue
		}
		remove := ownership.Operation{Op: "remove", Path: older}
		if _, both := raw.At(today); both {
			operations = slices.Insert(operations, at, remove)
		} else {
			operations[at] = remove
		}
	}
	return operations
}

// shielded is the document with a placeholder for each member that is not read, inside fields that are
// owned leaf by leaf. An object that may hold a secret must not look empty: the patch would remove it.
func (k *kind) shielded(document, raw *ownership.Document) *ownership.Document {
	for _, at := range k.unread() {
		around := at[:strings.LastIndexByte(at, '/')]
		f := k.field(k.attributeAt(around))
		_, shown := raw.At(at)
		if f != nil && f.isWalked() && document.Object(around) != nil && (shown || !slices.Contains(k.copies, at)) {
			document = document.With(at, true)
		}
	}
	return document
}
