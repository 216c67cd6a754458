package provider_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
	"github.com/tavus/terraform-provider-tavus/internal/testkit"
)

const slow = "document-speed=9999"

// expectWarning asserts that the last call gave one warning that begins so, and that it has the words.
func expectWarning(t *testing.T, warnings []testkit.Problem, summary string, words ...string) {
	t.Helper()
	var found []testkit.Problem
	for _, warning := range warnings {
		if strings.Contains(warning.Summary, summary) {
			found = append(found, warning)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d warnings about %q: %s", len(found), summary, testkit.Lines(warnings))
	}
	for _, word := range words {
		if !strings.Contains(found[0].Detail, word) {
			t.Errorf("there is no %q in %s", word, found[0])
		}
	}
}

// crawled is a document that can be crawled again, and since when an hour is over.
func crawled(t *testing.T, settings ...string) (w *world, config func(release string) testkit.Config, later func()) {
	t.Helper()
	w = newWorld(t, documentFixture(), settings...)
	now := time.Now()
	w.SetClock(func() time.Time { return now })
	config = func(release string) testkit.Config {
		return testkit.With(w.kind.Full, testkit.Config{"recrawl_triggers": map[string]any{"release": release}})
	}
	w.Must(t, testkit.Create, config("1"))
	return w, config, func() { now = now.Add(time.Hour + time.Minute) }
}

// pending asserts what the state says of a crawl that is due.
func (w *world) pending(t *testing.T, want bool) {
	t.Helper()
	if got := w.State()["recrawl_pending"]; got != want {
		t.Fatalf("recrawl_pending is %v instead of %v", got, want)
	}
}

func TestDocument_EndOfTheWaitKeepsIt(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		timeouts any
		why      string
		end      func(w *world, cancel context.CancelFunc)
	}{
		"time is up": {map[string]any{"create": "50ms"}, "time for the operation was up", func(*world, context.CancelFunc) {}},
		"interrupted": {nil, "interrupted", func(w *world, cancel context.CancelFunc) {
			w.OnAnswer(func(r simulator.Request) {
				if r.Method == http.MethodGet {
					cancel()
				}
			})
		}},
		"the key is taken away": {nil, "401", func(w *world, _ context.CancelFunc) { w.Fault("GET:2:401") }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, documentFixture(), slow)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			w.core.SetContext(ctx)
			config := w.kind.Full
			if test.timeouts != nil {
				config = testkit.With(config, testkit.Config{"timeouts": test.timeouts})
			}
			test.end(w, cancel)
			if err := w.Write(config); err != nil || w.Tainted {
				t.Fatalf("tainted %v, error: %v", w.Tainted, err)
			}
			expectWarning(t, w.core.Warnings, w.ID()+" is not ready yet", test.why, "becomes ready by itself", `The status of the document was "`)
			w.OnAnswer(nil)
			w.Fault("")
			w.core.SetContext(t.Context())
			id := w.ID()
			w.Must(t, testkit.NoOp, config)
			w.portal(t, testkit.Edit{Pointer: "/status", Value: "ready"})
			w.Must(t, testkit.Update, testkit.With(w.kind.Changed, testkit.Config{"timeouts": test.timeouts}))
			if ids := w.ids(); !slices.Equal(ids, []string{id}) || w.ID() != id {
				t.Errorf("the server has %v, the state %s", ids, w.ID())
			}
		})
	}
}

// An update of a document that is not ready waits, too, and keeps it in the same way.
func TestDocument_UpdateWaits(t *testing.T) {
	t.Parallel()
	w := newWorld(t, documentFixture(), slow)
	w.Must(t, testkit.Create, testkit.With(w.kind.Full, testkit.Config{"wait_for_ready": false}))
	if log := w.Log(); strings.Count(log, "GET") > 2 { // of the plans that assert that it is quiet
		t.Errorf("it was waited for: %s", log)
	}
	w.Must(t, testkit.Update, testkit.With(w.kind.Full, testkit.Config{"wait_for_ready": false, "name": "Other"}))
	if _, err := w.Run(testkit.With(w.kind.Changed, testkit.Config{"timeouts": map[string]any{"update": "50ms"}})); err != nil {
		t.Fatal(err)
	}
	expectWarning(t, w.core.Warnings, "is not ready yet", "time for the operation")
}

func TestDocument_ErrorTaints(t *testing.T) {
	t.Parallel()
	w := newWorld(t, documentFixture(), "document-outcome=error")
	expectError(t, w.Write(w.kind.Full), "could not be made ready", "file_download_failed", "could not download")
	if !w.Tainted || w.ID() == "" {
		t.Fatalf("tainted %v, id %q", w.Tainted, w.ID())
	}
	first := w.ID()
	if err := w.Set("document-outcome=ready"); err != nil {
		t.Fatal(err)
	}
	w.Must(t, testkit.Replace, w.kind.Full)
	if ids := w.ids(); len(ids) != 1 || ids[0] == first {
		t.Errorf("the server has %v", ids)
	}
}

func TestDocument_ErrorLaterIsAWarningOfTheRefresh(t *testing.T) {
	t.Parallel()
	w := newWorld(t, documentFixture())
	w.Must(t, testkit.Create, w.kind.Full)
	for code, meaning := range map[string]string{
		"file_size_too_large": "50 MB", "website_processing_failed": "A step of the processing failed", "new_code": "does not explain it",
	} {
		w.portal(t, testkit.Edit{Pointer: "/status", Value: "error"}, testkit.Edit{Pointer: "/error_message", Value: code})
		changed, err := w.Refresh()
		if err != nil || len(changed) > 0 {
			t.Fatalf("%v, %v", changed, err)
		}
		expectWarning(t, w.core.Warnings, w.ID()+" could not be made ready", code, meaning)
		if p, err := w.Plan(w.kind.Full); err != nil || p.Action != testkit.NoOp || len(p.Warnings) > 0 {
			t.Errorf("plan: %s %v, %v", p.Action, p.Warnings, err)
		}
	}
	w.Must(t, testkit.Update, w.kind.Changed)
}

func TestDocument_TriggersCrawlAgain(t *testing.T) {
	t.Parallel()
	w, config, later := crawled(t)
	w.pending(t, false)
	later()
	p, err := w.Plan(config("2"))
	if err != nil || p.Value()["recrawl_pending"] != (testkit.Unknown{}) {
		t.Fatalf("plan: %v, %v", p.Value()["recrawl_pending"], err)
	}
	w.ResetRequests()
	if err := w.Apply(p); err != nil {
		t.Fatal(err)
	}
	if log := w.Log(); log != "GET POST GET GET" || w.at("/status") != "ready" {
		t.Errorf("requests: %s, status: %v", log, w.at("/status"))
	}
	w.pending(t, false)
	w.Quiet(t, config("2"))
	w.Must(t, testkit.Update, w.kind.Full) // no triggers, no crawl
	w.Quiet(t, w.kind.Full)
}

// The server crawls once an hour. What comes sooner is remembered in the state: planned and tried
// again until it is done, or until the triggers leave the configuration.
func TestDocument_CrawlThatIsPutOffIsTriedAgain(t *testing.T) {
	t.Parallel()
	for _, setting := range []string{"document-cooldown=minutes-in-text", "document-cooldown=retry-after"} {
		w, config, later := crawled(t, setting)
		for _, name := range []string{"New", "Newer"} {
			soon := testkit.With(config("2"), testkit.Config{"name": name})
			if _, err := w.Run(soon); err != nil {
				t.Fatal(err)
			}
			expectWarning(t, w.core.Warnings, "the recrawl was put off", "minutes", "the next apply tries again")
			w.pending(t, true)
			if changed, err := w.Refresh(); err != nil || len(changed) > 0 {
				t.Fatalf("a refresh-only plan shows %v, %v", changed, err)
			}
			p, err := w.Plan(soon)
			if err != nil || p.Action != testkit.Update || testkit.JSON(p.Changed) != `["recrawl_pending"]` || w.at("/document_name") != name {
				t.Fatalf("plan: %s %v, %v", p.Action, p.Changed, err)
			}
		}
		if p, err := w.Plan(w.kind.Full); err != nil || p.Value()["recrawl_pending"] != false {
			t.Errorf("without triggers: %v, %v", p.Value()["recrawl_pending"], err)
		}
		later()
		w.ResetRequests()
		w.Must(t, testkit.Update, testkit.With(config("2"), testkit.Config{"name": "Newer"}))
		if !strings.Contains(w.Log(), "GET POST GET GET") {
			t.Errorf("%s: requests: %s", setting, w.Log())
		}
		w.pending(t, false)
	}
}

// A crawl that the server refuses, or that ends in an error, is an error that leaves the old triggers
// in the state, so that the next plan shows them again. Everything else is applied.
func TestDocument_CrawlThatFailsIsPlannedAgain(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		spoil, mend func(w *world) error
		words       []string
	}{
		"refused": {
			func(w *world) error { w.Fault("POST:1:400"); return nil }, func(w *world) error { w.Fault(""); return nil },
			[]string{"Cannot recrawl document", "400", "Only a document with crawl"},
		},
		"error": {
			func(w *world) error { return w.Set("document-outcome=error") }, func(w *world) error { return w.Set("document-outcome=ready") },
			[]string{"could not be made ready", "file_download_failed"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, config, later := crawled(t)
			later()
			if err := test.spoil(w); err != nil {
				t.Fatal(err)
			}
			wanted := testkit.With(config("2"), testkit.Config{"name": "New"})
			expectError(t, w.Write(wanted), test.words...)
			if w.Tainted || w.at("/document_name") != "New" {
				t.Errorf("tainted: %v, the name is %v", w.Tainted, w.at("/document_name"))
			}
			if err := test.mend(w); err != nil {
				t.Fatal(err)
			}
			later()
			p := w.Must(t, testkit.Update, wanted)
			if testkit.JSON(p.Changed) != `["recrawl_pending","recrawl_triggers"]` {
				t.Errorf("the plan changes %v", p.Changed)
			}
		})
	}
}

// A document that somebody else lets crawl is waited for, and then crawled again.
func TestDocument_CrawlWaitsForAnother(t *testing.T) {
	t.Parallel()
	w, config, later := crawled(t)
	later()
	w.Fault("POST:1-2:409")
	w.ResetRequests()
	if err := w.Write(config("2")); err != nil {
		t.Fatal(err)
	}
	if log := w.Log(); log != "GET POST POST POST GET GET" {
		t.Errorf("requests: %s", log)
	}
	w.pending(t, false)
}

func TestDocument_LimitOfDocumentsIsSaidAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, documentFixture())
	for range 100 {
		w.Put("documents", map[string]any{"document_url": "https://a.example", "crawl": map[string]any{"depth": 1}, "document_name": "x"})
	}
	for _, doc := range w.Documents("documents") {
		w.EditAt("documents", doc["document_id"].(string), "/status", "ready") //nolint:forcetypeassert // An id is a text.
	}
	w.ResetRequests()
	expectError(t, w.Write(w.kind.Full), "Cannot create the document", "maximum of 100 crawl documents", "does not pass within minutes")
	if log := w.Log(); log != "POST" || w.Exists() {
		t.Errorf("requests: %s", log)
	}
}

func TestDocument_FiveCrawlsAtOnceAreWaitedFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t, documentFixture())
	for range 5 {
		w.Put("documents", map[string]any{"document_url": "https://a.example", "crawl": map[string]any{"depth": 1}, "document_name": "x"})
	}
	posts := 0
	w.OnAnswer(func(r simulator.Request) {
		if posts++; r.Method == http.MethodPost && posts == 3 {
			w.EditAt("documents", w.ids()[0], "/status", "ready")
		}
	})
	if err := w.Write(w.kind.Full); err != nil || len(w.ids()) != 6 {
		t.Fatalf("the server has %v, error: %v", w.ids(), err)
	}
	if log := w.Log(); log != "POST POST POST POST GET GET" {
		t.Errorf("requests: %s", log)
	}
}

// hiddenURL is a URL that is in no plan and no state.
func hiddenURL(version string) testkit.Config {
	return testkit.Config{"url_wo": "https://files.example.com/a.pdf?sig=urlCanary" + version, "url_wo_version": version, "name": "File"}
}

func TestDocument_WriteOnlyURLIsNowhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, documentFixture())
	var log bytes.Buffer
	w.core.SetContext(tflogtest.RootLogger(t.Context(), &log))
	config := hiddenURL("1")
	w.Must(t, testkit.Create, config)
	look := func(what, text string) {
		t.Helper()
		if strings.Contains(text, "urlCanary") || strings.Contains(text, "files.example.com") {
			t.Errorf("%s: %s", what, text)
		}
	}
	everything := func(p *testkit.Plan) {
		t.Helper()
		look("plan", testkit.JSON(p.Value())+string(p.Private())+testkit.Lines(p.Warnings))
		look("state", testkit.JSON(w.State())+string(w.Private())+w.core.Said())
	}
	if got := w.at("/document_url"); got != config["url_wo"] {
		t.Fatalf("the URL is %v", got)
	}
	everything(w.Must(t, testkit.Update, testkit.With(config, testkit.Config{"name": "Other"})))
	signedAnew := testkit.With(config, testkit.Config{"name": "Other", "url_wo": "https://files.example.com/a.pdf?sig=urlCanaryNew"})
	everything(w.Must(t, testkit.NoOp, signedAnew))
	p := w.Must(t, testkit.Replace, hiddenURL("2"))
	everything(p)
	expectWarning(t, p.Warnings, "will be replaced", "url_wo_version")
	refuse := func(rw http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPost {
			return false
		}
		rw.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(rw, `{"error": "https://files.example.com/a.pdf?sig=urlCanary3 cannot be read"}`)
		return true
	}
	w.Instead.Store(&refuse)
	err := w.Write(hiddenURL("3"))
	expectError(t, err, "cannot be read")
	look("error", err.Error())
	look("log", log.String())
	if !strings.Contains(log.String(), "Tavus object status") {
		t.Error("the log has no status")
	}
}

// After an import the state shows the URL. A configuration that hides the same one, though signed
// anew, takes it out of the state and replaces nothing.
func TestDocument_URLBecomesWriteOnly(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]testkit.Action{
		"https://files.example.com/a.pdf?sig=old": testkit.Update, "https://files.example.com/b.pdf?sig=old": testkit.Replace,
	} {
		w := newWorld(t, documentFixture())
		if err := w.Import(w.Put("documents", map[string]any{"document_url": address, "document_name": "File"})); err != nil {
			t.Fatal(err)
		}
		w.Must(t, want, hiddenURL("1"))
		if w.State()["url"] != nil {
			t.Errorf("the state has the URL %v", w.State()["url"])
		}
		w.Must(t, testkit.Replace, testkit.Config{"url": "https://files.example.com/a.pdf", "name": "File"})
	}
}

func TestDocument_SignatureInTheURLIsAWarning(t *testing.T) {
	t.Parallel()
	w := newWorld(t, documentFixture())
	for _, name := range []string{"X-Amz-Signature", "Signature", "sig", "token", "Expires", "X-Goog-Signature"} {
		p, err := w.Plan(testkit.Config{"url": "https://files.example.com/a.pdf?a=1&" + name + "=valueCanary", "name": "File"})
		if err != nil {
			t.Fatal(err)
		}
		expectWarning(t, p.Warnings, "document File url: it has a signature", "The parameter "+name+" ")
		if text := testkit.Lines(p.Warnings); strings.Contains(text, "valueCanary") {
			t.Errorf("the warning has the value: %s", text)
		}
	}
	signed := testkit.Config{"url": "https://files.example.com/a.pdf?sig=1"}
	w.Must(t, testkit.Create, signed)
	for _, config := range []testkit.Config{signed, {"url": "https://files.example.com/a.pdf?design=1"}} {
		if p, err := w.Plan(config); err != nil || strings.Contains(testkit.Lines(p.Warnings), "signature") {
			t.Errorf("%v: %v, %v", config, p.Warnings, err)
		}
	}
}

func TestDocument_WrongInput(t *testing.T) {
	t.Parallel()
	const address = "https://a.example"
	w := newWorld(t, documentFixture())
	for _, test := range []struct {
		config testkit.Config
		words  string
	}{
		{testkit.Config{}, "No url"},
		{testkit.Config{"url": ""}, "Empty url"},
		{testkit.Config{"url": "a.example/x"}, "Not a complete URL"},
		{testkit.Config{"url": address, "callback_url": "ftp://a.example"}, "callback_url must be"},
		{testkit.Config{"url": address, "name": ""}, "at least 1"},
		{testkit.Config{"url": address, "crawl": map[string]any{"depth": 11}}, "depth is a number from 1 to 10"},
		{testkit.Config{"url": address, "crawl": map[string]any{"max_pages": 0}}, "max_pages is a number from 1 to 100"},
		{testkit.Config{"url": address, "url_wo": address, "url_wo_version": "1"}, "Two values of url"},
		{testkit.Config{"url_wo": address}, "No url_wo_version"},
		{testkit.Config{"url_wo_version": "1"}, "No url_wo"},
		{testkit.Config{"url": address, "timeouts": map[string]any{"create": "soon"}}, "Time Duration"},
	} {
		p, err := w.Plan(test.config)
		if err == nil || !strings.Contains(err.Error(), test.words) || len(w.core.Errors) != 1 {
			t.Errorf("%v: %v, %v", test.config, p, err)
		}
	}
	if log := w.Log(); log != "" {
		t.Errorf("requests: %s", log)
	}
}

func TestDocument_DataSourceShowsTheStatus(t *testing.T) {
	t.Parallel()
	w := newWorld(t, documentFixture())
	w.Must(t, testkit.Create, w.kind.Full)
	one, err := w.core.Data("tavus_document", testkit.Config{"document_id": w.ID()})
	if err != nil || one["status"] != "ready" || one["last_crawled_at"] == nil || testkit.JSON(one["crawled_urls"]) != `["https://docs.example.com/guide"]` {
		t.Errorf("%v, %v", one, err)
	}
	w.Put("documents", map[string]any{"document_url": "https://a.example", "document_name": "Other", "tags": []any{"b"}})
	for want, filter := range map[string]testkit.Config{"Guide, for you!": {"status": "ready"}, "Other": {"tags": "b"}} {
		all, err := w.core.Data("tavus_documents", filter)
		list, _ := all["documents"].([]any)
		if err != nil || len(list) != 1 || !strings.Contains(testkit.JSON(list), want) {
			t.Errorf("%v: %v, %v", filter, list, err)
		}
	}
}

// A move takes over what cannot be changed, so that not even a plan without a refresh replaces the document.
func TestDocument_Moved(t *testing.T) {
	t.Parallel()
	w := newWorld(t, documentFixture())
	minimal := testkit.With(w.kind.Minimal, testkit.Config{"crawl": nil})
	id := w.Put("documents", map[string]any{"document_url": minimal["url"], "callback_url": minimal["callback_url"], "document_name": "Guide"})
	state := testkit.JSON(map[string]any{"id": id, "path": "/v2/documents", "api_response": testkit.JSON(w.Document("documents", id))})
	if err := w.Move("registry.terraform.io/mastercard/restapi", "restapi_object", state); err != nil {
		t.Fatal(err)
	}
	if p, err := w.Plan(minimal); err != nil || p.Action == testkit.Replace {
		t.Errorf("without a refresh: %s, %v", p.Action, err)
	}
	w.Must(t, testkit.NoOp, minimal)
	w.Must(t, testkit.Update, testkit.With(minimal, testkit.Config{"name": "Other"}))
}
