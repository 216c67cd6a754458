package simulator

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// mask stands for a secret in answers.
const mask = "********"

// view is the object as the API shows it, in the form of the switches.
func (s *Simulator) view(r *record) map[string]any {
	doc := r.canonical()
	for _, m := range r.kind.members {
		_, set := r.doc[m.name]
		switch {
		case m.use == hidden:
			delete(doc, m.name)
		case set && r.doc[m.name] != nil || !m.written():
		case s.is("unset", "null") && m.empty != absent:
			doc[m.name] = nil
		case s.is("unset", "absent"):
			delete(doc, m.name)
		}
	}
	for _, item := range r.kind.secrets {
		if r.secrets[item.path] != "" && !item.writeOnly && !s.is("pal-secret", "absent") {
			put(doc, item.path, s.masked(r.secrets[item.path]))
		}
	}
	if r.kind.show != nil {
		r.kind.show(s, r, doc)
	}
	return doc
}

// masked is how a secret is shown in the answers of kinds that show one.
func (s *Simulator) masked(secret string) string {
	switch s.at("pal-secret") {
	case "clear":
		return secret
	case "last-four":
		return "****" + secret[max(0, len(secret)-4):]
	}
	return mask
}

// read is the document that a read shows, which may lag behind the last
// write; nil: the reader does not see the object yet.
func (s *Simulator) read(r *record) map[string]any {
	if r.lag == 0 {
		return s.view(r)
	}
	r.lag--
	if r.stale == nil {
		return nil
	}
	return s.view(r.stale)
}

// tag is the entity tag of a document (RFC 9110, section 8.8.3); empty: this
// server has none.
func (s *Simulator) tag(r *record, doc map[string]any) string {
	if !r.kind.tags || s.is("etag", "none") {
		return ""
	}
	content := fmt.Sprint(doc[r.kind.id], doc["updated_at"])
	switch s.at("etag-moves") {
	case "visit":
		content += fmt.Sprint(r.doc["usage_total"], r.doc["usage_today"])
	case "always":
		content += strconv.FormatUint(r.tagSeq, 10)
	}
	sum := sha256.Sum256([]byte(content))
	tag := fmt.Sprintf(`"%x"`, sum[:8])
	if s.is("etag", "weak") {
		tag = "W/" + tag
	}
	return tag
}

// matches applies If-Match. It compares weakly, because the documented tag is
// weak and documented for If-Match.
func (s *Simulator) matches(r *record, header http.Header) bool {
	wanted := header.Get("If-Match")
	return wanted == "" || s.is("etag", "none") || strings.TrimPrefix(wanted, "W/") == strings.TrimPrefix(s.tag(r, r.doc), "W/")
}
