package simulator

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// record is one stored deployment.
type record struct {
	account string
	// doc is the document of the API. customization, limits and
	// allowed_origins are missing from it while nobody has set them.
	doc      map[string]any
	password string // empty: none
	revision uint64 // moves with every change
	tagSeq   uint64 // moves with every tag that is handed out
	late     int    // reads that still come without thumbnails
}

// timeLayout is RFC 3339 with a fixed number of digits, so that the texts
// sort as the times do.
const timeLayout = "2006-01-02T15:04:05.000000Z07:00"

func (o Options) now() time.Time {
	if o.Clock != nil {
		return o.Clock().UTC()
	}
	return time.Now().UTC()
}

// canonical is the document in the form of the zero Options, whatever the
// switches say.
func (r *record) canonical() map[string]any {
	doc := copyDoc(r.doc)
	for _, key := range []string{"customization", "limits"} {
		if doc[key] == nil {
			doc[key] = map[string]any{}
		}
	}
	if doc["allowed_origins"] == nil {
		doc["allowed_origins"] = []any{}
	}
	if doc["name"] == nil {
		doc["name"] = nil // an edit may have taken the key away
	}
	doc["has_password"] = r.password != ""
	return doc
}

// touch moves updated_at and the entity tag. The clock may stand still, so
// updated_at moves by at least a microsecond.
func (r *record) touch(now time.Time) {
	r.revision++
	if before, err := time.Parse(time.RFC3339, textOf(r.doc["updated_at"])); err == nil && !now.After(before) {
		now = before.Add(time.Microsecond)
	}
	r.doc["updated_at"] = now.UTC().Format(timeLayout)
}

func (r *record) visit() {
	for _, key := range []string{"usage_total", "usage_today"} {
		number, _ := r.doc[key].(json.Number)
		count, err := strconv.ParseInt(string(number), 10, 64)
		if err != nil {
			count = 0 // an edit left something else there
		}
		r.doc[key] = json.Number(strconv.FormatInt(count+1, 10))
	}
}

// newID returns a UUID of version 4 (RFC 9562), from the seed if there is one.
func (s *Simulator) newID() string {
	var id [16]byte
	if s.options.Seed == 0 {
		_, _ = rand.Read(id[:]) // never fails
	} else {
		s.idSeq++
		seed := binary.BigEndian.AppendUint64(nil, s.options.Seed)
		sum := sha256.Sum256(binary.BigEndian.AppendUint64(seed, s.idSeq))
		copy(id[:], sum[:])
	}
	id[6] = id[6]&0x0f | 0x40
	id[8] = id[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
}

// insert stores a new deployment. doc holds what the caller set.
func (s *Simulator) insert(account string, doc map[string]any) *record {
	now := s.options.now().Format(timeLayout)
	password := textOf(doc["password"])
	delete(doc, "password")
	delete(doc, "has_password")
	fill := map[string]any{
		"deployment_id": nil, "pal_id": PalDocsGuide, "channel": "widget", "status": "active", "name": nil,
		"usage_total": json.Number("0"), "usage_today": json.Number("0"), "created_at": now,
	}
	for key, value := range fill {
		if doc[key] == nil {
			doc[key] = value
		}
	}
	if doc["updated_at"] == nil {
		doc["updated_at"] = doc["created_at"]
	}
	id := textOf(doc["deployment_id"])
	for id == "" || s.records[id] != nil {
		id = s.newID()
	}
	doc["deployment_id"] = id
	dropUnset(doc)
	if s.options.Defaults != DefaultsNone {
		fillDefaults(doc)
	}
	normalise(s.options, nil, doc)
	r := &record{account: account, doc: doc, password: password, late: s.options.thumbnailReads()}
	video, image := thumbnails(textOf(doc["pal_id"]))
	if doc["thumbnail_video_url"] == nil {
		doc["thumbnail_video_url"] = video
	}
	if doc["thumbnail_image_url"] == nil {
		doc["thumbnail_image_url"] = image
	}
	s.records[id] = r
	s.order = append(s.order, id)
	return r
}

// dropUnset takes null out of the places where the store has "nobody set it".
func dropUnset(doc map[string]any) {
	for _, key := range []string{"customization", "limits", "allowed_origins"} {
		if doc[key] == nil {
			delete(doc, key)
		}
	}
}

func thumbnails(pal string) (video, image string) {
	base := "https://cdn.example.com/pals/" + pal + "/thumbnail"
	return base + ".mp4", base + ".png"
}

// Put stores a deployment of the default account as if somebody had made it
// in the portal, and returns its id. Missing fields are filled as a create
// fills them. doc may hold any field of the API's deployment, created_at and
// deployment_id included, and a password under "password".
func (s *Simulator) Put(doc map[string]any) (id string) {
	return s.PutIn("", doc)
}

// PutIn is [Simulator.Put] for the named account; empty: the default account.
func (s *Simulator) PutIn(account string, doc map[string]any) (id string) {
	doc = plain(doc)
	s.mu.Lock()
	defer s.mu.Unlock()
	if account == "" {
		account = s.defaultAccount()
	}
	return textOf(s.insert(account, doc).doc["deployment_id"])
}

// Edit changes a deployment as if somebody had done it in the portal:
// updated_at and the entity tag move, whatever edit does. It says whether
// there is such a deployment. edit gets the document as [Simulator.Document]
// returns it, and may set "password" to a string, or to nil to clear it. It
// runs under the simulator's lock, so it must not call the simulator.
func (s *Simulator) Edit(id string, edit func(doc map[string]any)) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.records[id]
	if r == nil {
		return false
	}
	before := r.canonical()
	doc := copyDoc(before)
	edit(doc)
	doc = plain(doc)
	if password, given := doc["password"]; given {
		r.password = textOf(password)
	}
	delete(doc, "password")
	delete(doc, "has_password")
	doc["deployment_id"] = id
	for _, key := range []string{"customization", "limits", "allowed_origins"} {
		if r.doc[key] == nil && same(before[key], doc[key]) {
			delete(doc, key) // still unset
		}
	}
	dropUnset(doc)
	normalise(s.options, r.doc, doc)
	s.movePal(r, doc)
	r.doc = doc
	r.touch(s.options.now())
	return true
}

// movePal gives the document the thumbnails of a new PAL, unless they were
// set together with it.
func (s *Simulator) movePal(r *record, doc map[string]any) {
	if s.options.Thumbnails == ThumbnailsStay || same(doc["pal_id"], r.doc["pal_id"]) {
		return
	}
	r.late = s.options.thumbnailReads()
	video, image := thumbnails(textOf(doc["pal_id"]))
	if same(doc["thumbnail_video_url"], r.doc["thumbnail_video_url"]) {
		doc["thumbnail_video_url"] = video
	}
	if same(doc["thumbnail_image_url"], r.doc["thumbnail_image_url"]) {
		doc["thumbnail_image_url"] = image
	}
}

// Remove deletes a deployment as if somebody had done it in the portal.
func (s *Simulator) Remove(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.remove(id)
}

func (s *Simulator) remove(id string) bool {
	if s.records[id] == nil {
		return false
	}
	delete(s.records, id)
	s.order = slices.DeleteFunc(s.order, func(other string) bool { return other == id })
	return true
}

// Document returns a deep copy of what is stored, without the password, in
// the form of the zero [Options]: what is unset is {} or [], a name null;
// numbers are json.Number. Asking is not a visit.
func (s *Simulator) Document(id string) (doc map[string]any, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.records[id]
	if r == nil {
		return nil, false
	}
	return r.canonical(), true
}

// Password returns the password of a deployment; ok says whether it has one.
func (s *Simulator) Password(id string) (password string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.records[id]
	if r == nil || r.password == "" {
		return "", false
	}
	return r.password, true
}

// IDs returns the deployments of the default account in order of creation.
func (s *Simulator) IDs() []string {
	return s.IDsIn("")
}

// IDsIn is [Simulator.IDs] for the named account; empty: the default account.
func (s *Simulator) IDsIn(account string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if account == "" {
		account = s.defaultAccount()
	}
	ids := []string{}
	for _, id := range s.order {
		if s.records[id].account == account {
			ids = append(ids, id)
		}
	}
	return ids
}

// Visit counts a visitor of the deployment's page: the usage counters grow.
func (s *Simulator) Visit(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.records[id]; r != nil {
		r.visit()
	}
}
