package simulator

import (
	"crypto/rand"
	"fmt"
	"maps"
	"slices"
	"time"
)

// record is one stored object.
type record struct {
	kind    *kind
	doc     map[string]any // without what nobody has set, and without secrets
	secrets map[string]string
	tagSeq  uint64         // moves with every tag that is handed out
	late    int            // reads that still come without what the server makes later
	stale   map[string]any // what lagging reads show; nil: nothing
	// staleSecrets are those of the stale document, shownSecrets those of the last write.
	staleSecrets, shownSecrets map[string]string
	lag                        int // reads that still show stale
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
	r := &record{kind: k, secrets: map[string]string{}, doc: doc}
	s.takeSecrets(r, nil, doc)
	r.shownSecrets = maps.Clone(r.secrets)
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

// takeSecrets moves the secrets of a new document into the record. shown is
// the document that was read before; nil: none.
func (s *Simulator) takeSecrets(r *record, shown, doc map[string]any) (changed bool) {
	for _, item := range r.kind.secrets {
		value, has := lookup(doc, item.path)
		_, was := lookup(shown, item.path)
		drop(doc, item.path)
		switch {
		case has && (textOf(value) == mask || textOf(value) == s.masked(r.secrets[item.path])): // a mask that was written back changes nothing
		case has && textOf(value) != "":
			// A server keeps a hash of a password, so it cannot tell that it is the old one.
			changed = changed || item.writeOnly || r.secrets[item.path] != textOf(value)
			r.secrets[item.path] = textOf(value)
		case has || was:
			changed = changed || r.secrets[item.path] != ""
			delete(r.secrets, item.path)
		}
	}
	return changed
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
	s.takeSecrets(r, nil, doc)
	doc[r.kind.id] = id
	for _, m := range r.kind.members {
		if _, has := r.doc[m.name]; !has && same(before[m.name], doc[m.name]) {
			delete(doc, m.name) // still unset
		}
	}
	r.kind.dropUnset(doc)
	s.write(r, doc)
	return true
}

// write makes doc the stored document of the record.
func (s *Simulator) write(r *record, doc map[string]any) {
	s.normalise(r.kind, r.doc, doc)
	if r.kind.changed != nil {
		r.kind.changed(s, r, doc)
	}
	r.stale, r.lag = r.doc, s.count("lag")
	r.staleSecrets, r.shownSecrets = r.shownSecrets, maps.Clone(r.secrets)
	r.doc = doc
	s.touch(r)
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
