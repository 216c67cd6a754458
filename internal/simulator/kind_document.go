package simulator

import (
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
)

// documentKind is docs.tavus.io/api-reference/documents. A document is ready
// some reads after its create.
func documentKind() *kind {
	k := &kind{
		collection: "documents", id: "document_id", prefix: "d0-", noun: "Document", name: "document_name",
		members: append([]member{
			{name: "document_url", use: fixed},
			{name: "document_name"},
			{name: "tags", is: aTextList, empty: []any{}},
			{name: "callback_url", patch: "read-only-patch"},
			{name: "crawl", is: anObject, patch: "read-only-patch", empty: absent},
			{name: "error_message", use: readOnly, empty: absent},
		}, server("document_id", "status", "progress", "crawl_config", "crawled_urls", "last_crawled_at", "crawl_count", "created_at", "updated_at")...),
		merge: true, oldestFirst: true, paged: true, pages: "document-pages-from",
		actions: map[string][]handler{"recrawl": {{method: http.MethodPost, handle: (*Simulator).recrawl}}},
		switches: []Switch{
			{Name: "document-pages-from", Doc: "number of the first page of the documents", Positions: positions("0", "1")},
			{Name: "document-speed", Doc: "reads until a document is ready", Positions: positions("2", "0", "9999"), counts: true},
			{Name: "document-outcome", Doc: "how the processing of a document ends", Positions: positions("ready", "error")},
			{Name: "document-url", Doc: "whether a URL without a path gets a slash", Positions: positions("as-sent", "slash")},
			{Name: "document-scrub", Doc: "what PALs do with the id of a document that is deleted", Positions: positions("stays", "removed")},
		},
		creating: func(_ *Simulator, doc map[string]any) string {
			if address, err := url.Parse(textOf(doc["document_url"])); err != nil || address.Host == "" {
				return "document_url must be a URL"
			}
			return ""
		},
		born: bornDocument, reading: (*Simulator).process,
		deleted: func(s *Simulator, r *record) {
			if s.is("document-scrub", "removed") {
				s.scrubPals(func(pal map[string]any) { without(pal, "document_ids", r.doc["document_id"]) })
			}
		},
	}
	k.keep = func(_ *Simulator, c *call, doc map[string]any) bool {
		status := c.query.Get("status")
		return k.nameOrID(doc, c.query.Get("name_or_uuid")) && tagged(doc, c.query.Get("tags")) && (status == "" || doc["status"] == status)
	}
	return k
}

func bornDocument(s *Simulator, r *record) {
	address := textOf(r.doc["document_url"])
	parsed, err := url.Parse(address)
	if err == nil && r.doc["document_name"] == nil {
		r.doc["document_name"] = strings.Trim(parsed.Host+path.Clean("/"+parsed.Path), "/")
	}
	if err == nil && parsed.Path == "" && s.is("document-url", "slash") {
		r.doc["document_url"] = address + "/"
	}
	r.doc["crawl_config"] = r.doc["crawl"]
	delete(r.doc, "crawl")
	s.start(r, "started")
}

// start begins the processing of a document.
func (s *Simulator) start(r *record, status string) {
	r.doc["status"], r.doc["progress"] = status, jsonInt(0)
	r.late = s.count("document-speed")
	if r.late == 0 {
		s.finish(r)
	}
}

func (s *Simulator) finish(r *record) {
	r.doc["progress"] = nil
	if r.doc["status"] = s.at("document-outcome"); r.doc["status"] == "error" {
		r.doc["error_message"] = "file_download_failed"
	}
	if r.doc["crawl_config"] != nil {
		r.doc["crawled_urls"] = []any{r.doc["document_url"]}
	}
}

// process moves a document on with each read.
func (s *Simulator) process(r *record) {
	switch {
	case !slices.Contains([]any{"started", "processing", "recrawling"}, r.doc["status"]):
	case r.late > 1:
		if r.doc["status"] == "started" {
			r.doc["status"] = "processing"
		}
		r.doc["progress"] = jsonInt(50)
	default:
		s.finish(r)
	}
}

// recrawl is POST /v2/documents/{document_id}/recrawl.
func (s *Simulator) recrawl(c *call) answer {
	r := s.recordOf(c)
	switch {
	case r == nil:
		return c.unknown()
	case r.doc["crawl_config"] == nil:
		return c.fail(http.StatusBadRequest, "This is no crawl document")
	case r.doc["status"] != "ready" && r.doc["status"] != "error":
		return c.fail(http.StatusConflict, "The document is being processed")
	}
	delete(r.doc, "error_message")
	s.start(r, "recrawling")
	s.touch(r)
	return answer{status: http.StatusAccepted, value: s.view(r)}
}
