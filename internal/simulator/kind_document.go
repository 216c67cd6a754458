package simulator

import (
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// documentKind is docs.tavus.io/api-reference/documents. A document is ready
// some reads, or some time, after its create.
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
			{Name: "document-moves", Doc: "whether the processing moves updated_at", Positions: positions("yes", "no")},
			{Name: "document-url", Doc: "the URL of a document: as sent, with a slash where it has no path, without its query, that of a redirect once it is read", Positions: positions("as-sent", "slash", "cut", "redirected")},
			{Name: "document-name", Doc: "the name that a document gets by itself: from the URL, none, from the page once it is read", Positions: positions("from-url", "none", "late")},
			{Name: "document-crawl", Doc: "what a crawl shows that was not sent: nothing, null, defaults", Positions: positions("nothing", "null", "defaults")},
			{Name: "document-same-url", Doc: "a create with the URL of another document: a second one, 409, or the first one", Positions: positions("second", "409", "first")},
			{Name: "document-delete-busy", Doc: "status code of a DELETE before a document is ready", Positions: positions("204", "409")},
			{Name: "document-scrub", Doc: "what PALs do with the id of a document that is deleted", Positions: positions("stays", "removed")},
			{Name: "document-cooldown", Doc: "whether the 429 to a second recrawl within an hour has a Retry-After", Positions: positions("minutes-in-text", "retry-after")},
		},
		creating: func(_ *Simulator, doc map[string]any) string {
			if address, err := url.Parse(textOf(doc["document_url"])); err != nil || address.Host == "" {
				return "document_url must be a URL"
			}
			return ""
		},
		instead: (*Simulator).noNewDocument, born: bornDocument, reading: (*Simulator).process,
		writing: func(s *Simulator, c *call, r *record) *answer {
			if c.method != http.MethodDelete || !isProcessed(r) || s.is("document-delete-busy", "204") {
				return nil
			}
			refused := c.fail(http.StatusConflict, "The document is being processed")
			return &refused
		},
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

// Limits of crawls (docs.tavus.io/api-reference/documents). The texts of the answers are not documented.
const (
	maxCrawlDocuments = 100
	maxCrawls         = 5
	crawlPause        = time.Hour
)

// noNewDocument is the answer to a create that makes nothing.
func (s *Simulator) noNewDocument(c *call, doc map[string]any) *answer {
	crawls, same := 0, (*record)(nil)
	for _, r := range s.order {
		if r.kind != c.kind {
			continue
		}
		if r.doc["crawl_config"] != nil {
			crawls++
		}
		if same == nil && r.doc["document_url"] == doc["document_url"] {
			same = r
		}
	}
	var refused answer
	switch {
	case same != nil && s.is("document-same-url", "409"):
		refused = c.fail(http.StatusConflict, "A document with this document_url exists already")
	case same != nil && s.is("document-same-url", "first"):
		refused = answer{status: http.StatusOK, value: s.view(same)}
	case doc["crawl"] == nil:
		return nil
	case crawls >= maxCrawlDocuments:
		refused = c.fail(http.StatusTooManyRequests, "You have reached the maximum of %d crawl documents", maxCrawlDocuments)
	case s.crawls(c) >= maxCrawls:
		refused = c.fail(http.StatusTooManyRequests, "At most %d crawls can run at once", maxCrawls)
	default:
		return nil
	}
	return &refused
}

// crawls is how many crawls of the account are running.
func (s *Simulator) crawls(c *call) (running int) {
	for _, r := range s.order {
		if r.kind == c.kind && r.doc["crawl_config"] != nil && isProcessed(r) {
			running++
		}
	}
	return running
}

func isProcessed(r *record) bool {
	return slices.Contains([]any{"started", "processing", "recrawling"}, r.doc["status"])
}

func bornDocument(s *Simulator, r *record) {
	address := textOf(r.doc["document_url"])
	parsed, err := url.Parse(address)
	if err == nil && r.doc["document_name"] == nil && s.is("document-name", "from-url") {
		r.doc["document_name"] = pageName(parsed)
	}
	if err == nil && parsed.Path == "" && s.is("document-url", "slash") {
		r.doc["document_url"] = address + "/"
	}
	if s.is("document-url", "cut") {
		r.doc["document_url"], _, _ = strings.Cut(address, "?")
	}
	crawl, _ := r.doc["crawl"].(map[string]any)
	delete(r.doc, "crawl")
	r.doc["crawl_config"] = nil
	if crawl != nil {
		for name, value := range map[string]any{"depth": jsonInt(2), "max_pages": jsonInt(10)} {
			switch _, sent := crawl[name]; {
			case sent || s.is("document-crawl", "nothing"):
			case s.is("document-crawl", "null"):
				crawl[name] = nil
			default:
				crawl[name] = value
			}
		}
		r.doc["crawl_config"] = crawl
	}
	s.start(r, "started")
}

func pageName(address *url.URL) string {
	return strings.Trim(address.Host+path.Clean("/"+address.Path), "/")
}

// start begins the processing of a document.
func (s *Simulator) start(r *record, status string) {
	r.doc["status"], r.doc["progress"] = status, jsonInt(0)
	r.late, r.since = s.count("document-speed"), s.now()
	if r.late == 0 && s.settings.Load().documentTime == 0 {
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
		r.doc["last_crawled_at"] = s.now().Format(time.RFC3339)
	}
	address := textOf(r.doc["document_url"])
	if parsed, err := url.Parse(address); err == nil && r.doc["document_name"] == nil && s.is("document-name", "late") {
		r.doc["document_name"] = "Page of " + pageName(parsed)
	}
	if s.is("document-url", "redirected") && !strings.HasSuffix(address, "#read") {
		r.doc["document_url"] = address + "#read"
	}
}

// process moves a document on with each read, or with the time that the option document-time sets.
func (s *Simulator) process(r *record) {
	before := r.doc["status"]
	takes := s.settings.Load().documentTime
	switch {
	case !isProcessed(r):
		return
	case takes > 0 && s.now().Sub(r.since) < takes || takes == 0 && r.late > 1:
		if before == "started" {
			r.doc["status"] = "processing"
		}
		r.doc["progress"] = jsonInt(50)
	default:
		s.finish(r)
	}
	if r.doc["status"] != before && s.is("document-moves", "yes") {
		s.touch(r)
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
	case isProcessed(r):
		return c.fail(http.StatusConflict, "The document is being processed")
	case s.crawls(c) >= maxCrawls:
		return c.fail(http.StatusTooManyRequests, "At most %d crawls can run at once", maxCrawls)
	}
	last, _ := time.Parse(time.RFC3339, textOf(r.doc["last_crawled_at"]))
	if left := crawlPause - s.now().Sub(last); left > 0 {
		refused := c.fail(http.StatusTooManyRequests, "The document was crawled less than an hour ago. Try again in %d minutes", int(left.Minutes())+1)
		if s.is("document-cooldown", "retry-after") {
			refused.header = http.Header{"Retry-After": {strconv.Itoa(int(left.Seconds()))}}
		}
		return refused
	}
	delete(r.doc, "error_message")
	s.start(r, "recrawling")
	s.touch(r)
	return answer{status: http.StatusAccepted, value: s.view(r)}
}
