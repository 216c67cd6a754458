package simulator

import (
	"crypto/rand"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// record is one stored object.
type record struct {
	kind    *kind
	doc     map[string]any    // without what nobody has set, and without secrets
	secrets map[string]string // replaced as a whole, never changed
	tagSeq  uint64            // moves with every tag that is handed out
	late    int               // reads that still come without what the server makes later
	stale   *record           // what lagging reads show; nil: nothing
	lag     int               // reads that still show stale

	since time.Time // of the last start of something that takes time
}

// timeLayout is RFC 3339 with a fixed number of digits, so that the texts
// sort as the times do.
const timeLayout = "2006-01-02T15:04:05.000000Z07:00"

func (s *Simulator) now() time.Time {
	if s.clock != nil {
		return s.clock().UTC()
	}
	return time.Now().UTC()
}

// canonical is the document in its documented form, whatever the switches
// say: what is unset has its empty form, numbers are json.Number, and no
// secret is in it.
func (r *record) canonical() map[string]any {
	doc := copyDoc(r.doc)
	for _, m := range r.kind.members {
		if doc[m.name] == nil && m.empty != absent && m.use != hidden {
			doc[m.name] = deepCopy(m.empty)
		}
	}
	if r.kind.member("has_password") != nil {
		doc["has_password"] = r.secrets["/password"] != ""
	}
	return doc
}

// touch moves updated_at. The clock may stand still, so it moves by at least
// a microsecond.
func (s *Simulator) touch(r *record) {
	now := s.now()
	if before, err := time.Parse(time.RFC3339, textOf(r.doc["updated_at"])); err == nil && !now.After(before) {
		now = before.Add(time.Microsecond)
	}
	r.doc["updated_at"] = now.UTC().Format(timeLayout)
}

// newID returns a UUID of version 4 (RFC 9562), or the prefix with hex digits.
func newID(prefix string) string {
	var id [16]byte
	_, _ = rand.Read(id[:]) // never fails
	if prefix != "" {
		return fmt.Sprintf("%s%x", prefix, id[:5])
	}
	id[6] = id[6]&0x0f | 0x40
	id[8] = id[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
}

// insert stores a new object. doc holds what the caller set.
func (s *Simulator) insert(k *kind, doc map[string]any) *record {
	secrets, _ := k.takeSecrets(nil, nil, doc)
	r := &record{kind: k, secrets: secrets, doc: doc}
	id := textOf(doc[k.id])
	for id == "" || s.records[id] != nil {
		id = newID(k.prefix)
	}
	doc[k.id] = id
	k.dropUnset(doc)
	now := s.now().Format(timeLayout)
	if doc["created_at"] == nil {
		doc["created_at"] = now
	}
	if doc["updated_at"] == nil {
		doc["updated_at"] = doc["created_at"]
	}
	k.preset(doc)
	if k.defaults != nil && s.is("defaults", "filled") {
		k.defaults(doc)
	}
	if k.born != nil {
		k.born(s, r)
	}
	s.normalise(k, nil, doc)
	s.records[id] = r
	s.order = append(s.order, r)
	return r
}

// dropUnset takes null out of the places where the store has "nobody set it".
func (k *kind) dropUnset(doc map[string]any) {
	for _, m := range k.members {
		if m.written() && doc[m.name] == nil {
			delete(doc, m.name)
		}
	}
}

// takeSecrets takes the secrets out of a new document, and returns them with
// those that are held already. shown is the document that was read before; nil: none.
func (k *kind) takeSecrets(held map[string]string, shown, doc map[string]any) (secrets map[string]string, changed bool) {
	secrets = map[string]string{}
	maps.Copy(secrets, held)
	for _, item := range k.secrets {
		value, has := lookup(doc, item.path)
		old, was := lookup(shown, item.path)
		drop(doc, item.path)
		switch {
		case has && (textOf(value) == mask || was && same(value, old)): // what was shown and is written back changes nothing
		case has && textOf(value) != "":
			// A server keeps a hash of a password, so it cannot tell that it is the old one.
			changed = changed || item.writeOnly || secrets[item.path] != textOf(value)
			secrets[item.path] = textOf(value)
		case has || was || lost(shown, doc, item.path[:strings.LastIndexByte(item.path, '/')]):
			changed = changed || secrets[item.path] != ""
			delete(secrets, item.path)
		}
	}
	return secrets, changed
}

// lost reports whether the object around a secret is gone, and the secret with it.
func lost(before, after map[string]any, around string) bool {
	_, had := at(before, around)
	_, has := at(after, around)
	return around != "" && had && !has
}

// Put stores an object as if somebody had made it in
// the portal, and returns its id. Missing members are filled as a create fills
// them. doc may hold any member of the API's document, the id, created_at and
// secrets included.
func (s *Simulator) Put(collection string, doc map[string]any) (id string) {
	doc = plain(doc)
	s.mu.Lock()
	defer s.mu.Unlock()
	k := s.mustKind(collection)
	return textOf(s.insert(k, doc).doc[k.id])
}

func (s *Simulator) mustKind(collection string) *kind {
	k := s.kindOf(collection)
	if k == nil {
		panic("simulator: no collection " + collection)
	}
	return k
}

// Edit changes an object as if somebody had done it in the portal: updated_at
// moves, whatever edit does. It says whether there is such an object. edit
// gets the document as [Simulator.Document] returns it, and may set a secret
// to a string, or to nil to clear it. It runs under the simulator's lock, so
// it must not call the simulator.
func (s *Simulator) Edit(collection, id string, edit func(doc map[string]any)) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.find(collection, id)
	if r == nil {
		return false
	}
	before := r.canonical()
	doc := copyDoc(before)
	edit(doc)
	doc = plain(doc)
	secrets, _ := r.kind.takeSecrets(r.secrets, nil, doc)
	doc[r.kind.id] = id
	for _, m := range r.kind.members {
		if _, has := r.doc[m.name]; !has && same(before[m.name], doc[m.name]) {
			delete(doc, m.name) // still unset
		}
	}
	r.kind.dropUnset(doc)
	s.write(r, doc, secrets)
	return true
}

// write makes doc the stored document of the record.
func (s *Simulator) write(r *record, doc map[string]any, secrets map[string]string) {
	s.normalise(r.kind, r.doc, doc)
	if r.kind.changed != nil {
		r.kind.changed(s, r, doc)
	}
	s.keepStale(r)
	r.doc, r.secrets = doc, secrets
	s.touch(r)
}

// keepStale keeps what lagging reads show after a write.
func (s *Simulator) keepStale(r *record) {
	r.stale = &record{kind: r.kind, doc: copyDoc(r.doc), secrets: r.secrets, late: r.late}
	r.lag = s.count("lag")
}

func (s *Simulator) find(collection, id string) *record {
	if r := s.records[id]; r != nil && r.kind.collection == collection {
		return r
	}
	return nil
}

// Delete removes an object as if somebody had done it in the portal.
func (s *Simulator) Delete(collection, id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.find(collection, id)
	if r == nil {
		return false
	}
	s.remove(r)
	return true
}

func (s *Simulator) remove(r *record) {
	delete(s.records, textOf(r.doc[r.kind.id]))
	s.order = slices.DeleteFunc(s.order, func(other *record) bool { return other == r })
	if r.kind.deleted != nil {
		r.kind.deleted(s, r)
	}
}

// scrubPals changes every PAL that edit has something to change in, as the
// server does when something that PALs name is deleted.
func (s *Simulator) scrubPals(edit func(pal map[string]any)) {
	for _, r := range s.order {
		if r.kind.collection != "pals" {
			continue
		}
		doc := copyDoc(r.doc)
		edit(doc)
		if !same(doc, r.doc) {
			r.doc = doc
			s.touch(r)
		}
	}
}

// Documents returns copies of all objects of a collection, in order
// of creation and in the form of [Simulator.Document].
func (s *Simulator) Documents(collection string) []map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := s.mustKind(collection)
	docs := []map[string]any{}
	for _, r := range s.order {
		if r.kind == k {
			docs = append(docs, r.canonical())
		}
	}
	return docs
}

// Document returns a copy of what is stored, without secrets and in the
// documented form, whatever the switches say; nil: there is no such object.
// Numbers are json.Number. Asking is not a visit, and it does not lag.
func (s *Simulator) Document(collection, id string) map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.find(collection, id); r != nil {
		return r.canonical()
	}
	return nil
}

// Secret returns what is stored as a secret, such as "/password"; empty: none.
func (s *Simulator) Secret(collection, id, pointer string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.find(collection, id); r != nil {
		return r.secrets[pointer]
	}
	return ""
}
