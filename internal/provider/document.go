package provider

import (
	"encoding/json"
	"fmt"
	"math/big"
	"net/url"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/tavus/terraform-provider-tavus/internal/tavus"
)

// documents are what PALs know (docs.tavus.io/api-reference/documents). The server reads what is
// behind the URL after the create, which takes minutes, and takes another URL for another document.
var documents = &kind{
	name: "document", plural: "documents", moved: true,
	about: "What a PAL knows: a file or a web site, which Tavus reads from a URL. A PAL refers to it by its ID, or by one of its tags.\n\n" +
		"Reading takes minutes, and an apply waits for it. Only name and tags can be changed; another `url`, `callback_url` or `crawl` " +
		"replaces the document. Arguments that the configuration leaves out are not managed. Status and progress, which move by " +
		"themselves, are in the data source.",
	dataAbout: "Reads one document, by its ID or by its exact name, with its status, whoever made it. Status, progress and what was crawled " +
		"move by themselves.",
	dataListAbout: "Lists the documents of the account with their status, whoever made them. Filters add up.",
	listAbout: "Lists the documents of the account for `terraform query` (Terraform 1.14 and later), whoever made them. Nothing is written " +
		"to the server.",
	api: &tavus.Collection{
		Path: "/v2/documents", ID: "document_id", Noun: "document", FirstPage: 0, Style: tavus.Merge,
		FoundBy: []string{"/document_url"}, WriteOnly: []string{"crawl"},
		Moving: []string{"updated_at", "status", "progress", "error_message", "crawled_urls", "last_crawled_at", "crawl_count"},
		Ready:  documentReady, Limit: documentLimit,
	},
	failed: documentFailed,
	action: &action{
		name: "recrawl",
		about: "Any texts, such as a release. When they change, Tavus crawls the document again; it needs `crawl`. The first ones of a " +
			"document that exists count as a change, those of a new one do not. Tavus crawls a document once an hour: what comes sooner gives a " +
			"warning and is done by a later apply.",
		aboutPending: "Whether Tavus put off a crawl that `recrawl_triggers` called for. The next apply tries again.",
		adviceRefused: "Only a document with crawl can be crawled again. Write crawl, which replaces the document, or take recrawl_triggers out; " +
			"for a single file, replace the document with terraform apply -replace=ADDRESS.",
	},
	fields: []field{
		{name: "document_id", about: "ID of the document, which a PAL takes in `document_ids`."},
		{
			name: "url", at: "/document_url", use: managed, replaces: true, fixed: true,
			about: "Public URL of a file (pdf, txt, docx, doc, png, jpg, pptx, csv or xlsx, at most 50 MB) or of a web page. Write either this or " +
				"`url_wo`. It is in plans and in the state, so a URL with a signature belongs into `url_wo`. **A change replaces the document.** " +
				"Nothing notices that a file changed behind its URL.",
			shown: "URL of the file or the web page, a signature in it included.",
		},
		{
			name: "name", at: "/document_name", use: managed, validators: filled,
			about: "Name of the document. If left out, it is not managed; the server makes one of a new document.",
		},
		{
			name: "tags", use: managed, value: textSet, clear: "[]",
			about: "Tags by which PALs refer to the document (`document_tags`). `[]` clears them. If left out, they are not managed.",
		},
		{
			name: "callback_url", use: managed, replaces: true, fixed: true,
			about: "URL that is called when the status changes. It is in plans and in the state, so put no token into it. **A change replaces the document.**",
		},
		{
			name: "crawl", at: "/crawl_config", postedAt: "/crawl", use: managed, value: object, replaces: true, fixed: true,
			about: "Follows the links of a web page. If left out, a new document is the page alone. **A change replaces the document.**",
			fields: []field{
				{name: "depth", use: managed, value: number, about: "How many links away from the page, 1 to 10. If left out, the server chooses."},
				{name: "max_pages", use: managed, value: number, about: "How many pages at most, 1 to 100. If left out, the server chooses."},
			},
		},
		{name: "created_at", value: timestamp, about: "When the document was created (RFC 3339)."},
	},
	secrets: []secret{{
		name: "url", at: "/document_url", shown: true,
		aboutWriteOnly: "The URL, write-only: it is neither in the plan nor in the state. For a URL with a signature, which differs each time that " +
			"it is made. Needs Terraform 1.11 or OpenTofu 1.11, and `url_wo_version`. Conflicts with `url`.",
		aboutVersion: "Any text, such as `1` or the version of the file. Terraform cannot compare a write-only URL, so **a change of this " +
			"replaces the document**.",
	}},
	dataFields: []field{
		{name: "status", about: "`started`, `processing`, `ready`, `recrawling` or `error`. PALs use it when it is `ready`."},
		{name: "progress", value: number, about: "How much of it is read, 0 to 100, null where the server does not say."},
		{name: "error_message", about: "Code of the error, null where there is none."},
		{name: "crawled_urls", value: texts, about: "The pages that were crawled, null where there are none."},
		{name: "last_crawled_at", value: timestamp, about: "When it was last crawled (RFC 3339), null where it never was."},
		{name: "crawl_count", value: number, about: "How often it was crawled, null where the server does not say."},
		{name: "updated_at", value: timestamp, about: "When the document was last changed (RFC 3339), by its processing, too."},
	},
	filters: []filter{
		{name: "status", query: "status", about: "`started`, `processing`, `ready`, `recrawling` or `error`: only documents of this status. If left out, every status."},
		{name: "tags", query: "tags", about: "A tag, or several with commas between them: only documents that have them. If left out, all."},
	},
	validate: validateDocument,
	warn:     warnDocument,
}

// documentState is what a document says of its processing.
type documentState struct {
	Status string `json:"status"`
	Code   string `json:"error_message"`
}

func documentStateOf(document json.RawMessage) documentState {
	var state documentState
	_ = json.Unmarshal(document, &state) // what cannot be read is not ready
	return state
}

func documentReady(document json.RawMessage) (status string, done bool) {
	status = documentStateOf(document).Status
	return status, status == "ready" || status == "error"
}

// documentErrors says what the codes of error_message mean, as far as they are documented.
var documentErrors = map[string]string{
	"file_download_failed":    "Tavus could not download it. The URL has to be public, and a signature in it must not have run out.",
	"file_format_unsupported": "Tavus reads web pages, and pdf, txt, docx, doc, png, jpg, pptx, csv and xlsx files.",
	"file_size_too_large":     "The file is larger than 50 MB.",
	"file_empty":              "The file is empty.",
	"invalid_file_url":        "The URL is not one that Tavus can read.",
	"contact_support":         "Only the support of Tavus knows more.",
}

func documentFailed(document json.RawMessage) string {
	state := documentStateOf(document)
	if state.Status != "error" {
		return ""
	}
	meaning := documentErrors[state.Code]
	switch {
	case meaning != "":
	case strings.HasSuffix(state.Code, "_failed"):
		meaning = "A step of the processing failed at Tavus."
	default:
		meaning = "The documentation does not explain it."
	}
	return fmt.Sprintf("Its status is \"error\" with the code %q. %s PALs cannot use it.\n\nThe next apply replaces it if it is new. Else replace it "+
		"with terraform apply -replace=ADDRESS, or change recrawl_triggers if it has crawl.", state.Code, meaning)
}

// documentLimit tells three reasons for a 429 apart. The documentation gives none of the texts: "at
// most 5 crawls at once", "at most 100 documents with crawl", "once an hour" and the rate of requests.
func documentLimit(message string) tavus.Reason {
	says := func(words ...string) bool {
		return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(strings.ToLower(message), word) })
	}
	switch {
	case says("at once", "at a time", "same time", "concurrent", "simultaneous", "in progress", "running"):
		return tavus.Busy
	case says("document", "crawl", "minute", "hour"):
		return tavus.LimitReached
	}
	return tavus.RateLimited
}

func validateDocument(config values, diags *diag.Diagnostics) {
	if config.isNull("url") && config.isNull("url_wo") && config.isNull("url_wo_version") {
		diags.AddError("No url", "A document needs url, or url_wo and url_wo_version.")
	}
	for _, name := range []string{"url", "callback_url"} {
		if text := config.text(name); text != "" && !isWebAddress(text) {
			diags.AddAttributeError(path.Root(name), "Not a complete URL", name+" must be a URL that begins with https:// or http://.")
		}
	}
	crawl, err := decodeValues(config["crawl"])
	if err != nil || crawl == nil {
		return
	}
	for name, most := range map[string]int64{"depth": 10, "max_pages": 100} {
		n := new(big.Float)
		if crawl.isSet(name) && crawl[name].As(&n) == nil && (n.Sign() <= 0 || n.Cmp(new(big.Float).SetInt64(most)) > 0) {
			diags.AddAttributeError(path.Root("crawl").AtName(name), name+" is out of range", fmt.Sprintf("%s is a number from 1 to %d.", name, most))
		}
	}
}

func isWebAddress(text string) bool {
	address, err := url.Parse(text)
	return err == nil && address.Host != "" && (address.Scheme == "https" || address.Scheme == "http")
}

// signatures are parameters of URLs that let who has them read a file, or that come with one.
var signatures = []string{
	"x-amz-signature", "x-amz-security-token", "x-goog-signature", "x-oss-signature", "signature", "sig", "token", "access_token", "expires",
}

func warnDocument(config, plan, state values, diags *diag.Diagnostics) {
	title := plannedTitle("document", plan)
	address, err := url.Parse(config.text("url"))
	if err != nil || state != nil && config.equal("url", state) {
		return
	}
	for _, name := range sortedKeys(address.Query()) {
		if slices.Contains(signatures, strings.ToLower(name)) {
			diags.AddAttributeWarning(path.Root("url"), title+" url: it has a signature",
				fmt.Sprintf("The parameter %s of the URL looks like part of a signature. Whoever reads the plan or the state can read the file with "+
					"it, and a URL that is signed anew replaces the document. Use url_wo with url_wo_version.", name))
			return
		}
	}
}
