package provider_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
	"github.com/tavus/terraform-provider-tavus/internal/tavus"
)

// calls are the requests that the provider makes, each by what a user does.
func calls(t *testing.T, s *site) map[string]func() error {
	t.Helper()
	arguments := widget(args{"name": "Docs", "customization": `{"a":1}`})
	made := s.mustCore(t, quick)
	made.must(t, actCreate, arguments)
	return map[string]func() error{
		"create": func() error {
			c, err := s.core(quick)
			if err != nil {
				return err
			}
			p, err := c.plan(widget(args{"name": "New"}))
			if err != nil {
				return err
			}
			return c.apply(p)
		},
		"read": made.refresh,
		"update": func() error {
			p, err := made.plan(widget(args{"name": "Docs", "customization": `{"a":2}`}))
			if err != nil {
				return err
			}
			return made.apply(p)
		},
		"delete": made.destroy,
	}
}

// TestRedirectsKeepTheKey: Go would send x-api-key along to the host that a
// redirect names.
func TestRedirectsKeepTheKey(t *testing.T) {
	t.Parallel()
	for _, status := range []int{301, 302, 303, 307, 308} {
		t.Run(strconv.Itoa(status), func(t *testing.T) {
			t.Parallel()
			var reached atomic.Int64
			elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
			defer elsewhere.Close()
			s := newSite(t, simulator.Options{})
			for name, do := range calls(t, s) {
				s.SetFaults(func(int, simulator.Request) *simulator.Fault {
					return &simulator.Fault{Kind: simulator.FaultRedirect, Status: status, Location: elsewhere.URL + "/v2/deployments"}
				})
				err := do()
				s.SetFaults(nil)
				if err == nil || !strings.Contains(err.Error(), "redirects are not followed") || !strings.Contains(err.Error(), "127.0.0.1") {
					t.Errorf("%s: %v", name, err)
				}
			}
			if n := reached.Load(); n > 0 {
				t.Errorf("the other host got %d requests", n)
			}
		})
	}
}

// TestSlowAnswersAreBounded: a server that sends a byte now and then does not hold
// an apply for ever. The deployment of a create is found again.
func TestSlowAnswersAreBounded(t *testing.T) {
	t.Parallel()
	s := newSite(t, simulator.Options{})
	once := func(config *tavus.Config) {
		quick(config)
		config.MaxRetries, config.RequestTimeout = 0, time.Second
	}
	c := s.mustCore(t, once)
	slow := func(_ int, r simulator.Request) *simulator.Fault {
		if strings.Contains(r.Query, "limit") {
			return nil // the search
		}
		return &simulator.Fault{Kind: simulator.FaultSlow, Delay: 20 * time.Millisecond}
	}
	begun := time.Now()
	s.SetFaults(slow)
	p, err := c.plan(widget(args{"name": "Docs"}))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.apply(p); err != nil {
		t.Fatal(err)
	}
	if err := c.refresh(); err == nil || !strings.Contains(err.Error(), "no complete answer within 1s") {
		t.Errorf("error: %v", err)
	}
	if took := time.Since(begun); took > 10*time.Second {
		t.Errorf("it took %s", took)
	}
}

// TestHugeAnswersAreBounded: of an answer of 1 GB, a few megabytes are read,
// compressed or not. The rest never comes into memory.
func TestHugeAnswersAreBounded(t *testing.T) {
	t.Parallel()
	const size = 1 << 30
	block := bytes.Repeat([]byte("a"), 1<<20)
	var packed bytes.Buffer
	packer := gzip.NewWriter(&packed)
	if _, err := packer.Write(block); err != nil {
		t.Fatal(err)
	}
	if err := packer.Close(); err != nil {
		t.Fatal(err)
	}
	for _, status := range []int{http.StatusOK, http.StatusInternalServerError} {
		for _, encoding := range []string{"", "gzip"} {
			t.Run(fmt.Sprint(status, encoding), func(t *testing.T) {
				t.Parallel()
				s := newSite(t, simulator.Options{})
				all := calls(t, s)
				var sent, requests atomic.Int64
				flood := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					requests.Add(1)
					_, _ = io.Copy(io.Discard, r.Body)
					piece := block
					// As a server may that was told of a client that takes no compression.
					if encoding != "" {
						w.Header().Set("Content-Encoding", encoding)
						piece = packed.Bytes()
					}
					w.WriteHeader(status)
					for range size / len(block) {
						n, err := w.Write(piece)
						sent.Add(int64(n))
						if err != nil {
							return
						}
					}
				})
				s.instead.Store(&flood)
				for name, do := range all {
					before, asked := sent.Load(), requests.Load()
					err := do()
					if err == nil || len(err.Error()) > 2000 {
						t.Errorf("%s: %.300v", name, err)
					} else if status == http.StatusOK && name != "update" && !strings.Contains(err.Error(), "larger than 8 MiB") {
						// An update asks for no compression, and gets no text at all then.
						t.Errorf("%s: %v", name, err)
					}
					// What the sockets hold comes on top of the 8 MiB.
					if each := (sent.Load() - before) / (requests.Load() - asked); each > 24<<20 {
						t.Errorf("%s: %d MiB were read of each answer", name, each>>20)
					}
				}
			})
		}
	}
}

// TestIDsStayInTheirPath: an ID is data, whatever is in it.
func TestIDsStayInTheirPath(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"x/..", "../pals", "x/../../v2/pals", "%2e%2e", "a?b=c#d", "a b", "ü", "..", ".", "a\\..\\b"} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, simulator.Options{})
			c := s.mustCore(t, quick)
			err := c.importID(id)
			if err == nil {
				t.Fatal("the import worked")
			}
			for _, r := range s.Requests() {
				if r.Path == "/v2/deployments" && r.Query == "limit=1" && r.Method == http.MethodGet {
					continue // whether there are deployments here at all
				}
				if r.Method != http.MethodGet || strings.Count(r.Path, "/") != 3 || !strings.HasPrefix(r.Path, "/v2/deployments/") || r.Query != "" {
					t.Errorf("request: %s %s?%s", r.Method, r.Path, r.Query)
				}
			}
			if id == "." || id == ".." {
				// Escaped or not, such a path means another one on its way (RFC 3986, section 5.2.4).
				if n := len(s.Requests()); n > 0 {
					t.Errorf("%d requests were sent", n)
				}
				return
			}
			// A server that does have such an ID is served as any other.
			s.Put(map[string]any{"deployment_id": id, "pal_id": pal, "channel": "widget", "name": "Odd"})
			if err := c.importID(id); err != nil {
				t.Fatal(err)
			}
			c.must(t, actUpdate, widget(args{"name": "Even"}))
			if err := c.destroy(); err != nil || len(s.IDs()) > 0 {
				t.Fatalf("destroy: %v, left: %v", err, s.IDs())
			}
		})
	}
}

// TestEmptyListElements: what holds nothing in a list is no deployment, and what
// holds something without an ID is an error, not a reason to create twice.
func TestEmptyListElements(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ item, fails string }{
		"null":        {item: "null"},
		"{}":          {item: "{}"},
		"without id":  {item: `{"name":"x"}`, fails: "has no deployment_id"},
		"a number":    {item: `7`, fails: "is not an object but a number"},
		"nested list": {item: `[]`, fails: "is not an object but a list"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, simulator.Options{})
			s.answers(func(r *http.Request, body []byte) []byte {
				if r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "/deployments") {
					return bytes.Replace(body, []byte(`"data":[`), []byte(`"data":[`+test.item+`,`), 1)
				}
				return body
			})
			// A lost reply makes the provider read the list.
			s.lose(&simulator.Fault{Kind: simulator.FaultEmpty})
			c := s.mustCore(t, quick)
			p, err := c.plan(widget(args{"name": "Docs"}))
			if err != nil {
				t.Fatal(err)
			}
			err = c.apply(p)
			made, _ := s.only(t)
			switch {
			case test.fails == "" && (err != nil || c.get("deployment_id") != made):
				t.Errorf("the state has %q: %v", c.get("deployment_id"), err)
			case test.fails != "" && (err == nil || !strings.Contains(err.Error(), test.fails)):
				t.Errorf("error: %v", err)
			}
		})
	}
}
