package tavus

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"
)

func TestCheckBaseURL(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		raw       string
		allowHTTP bool
		want      string // part of the error, "" for none
	}{
		{"https://tavusapi.com", false, ""},
		{"https://tavusapi.com/", false, ""},
		{"HTTPS://tavusapi.com:8443/a/prefix", false, ""},
		{"http://localhost:8080", false, ""},
		{"http://api.localhost", false, ""},
		{"http://127.8.9.1:1", false, ""},
		{"http://[::1]:8080/x", false, ""},
		{"http://[::ffff:127.0.0.1]", false, ""},
		{"http://tavusapi.com", true, ""},
		{"http://tavusapi.com", false, "plain http to tavusapi.com"},
		{"http://10.0.0.1", false, "plain http"},
		{"http://localhost.evil.example", false, "plain http"},
		{"http://127.0.0.1.evil.example", false, "plain http"},
		{"", false, "empty"},
		{" https://tavusapi.com", false, "space"},
		{"https://tavusapi.com\n", false, "space"},
		{"tavusapi.com", false, "no scheme"},
		{"tavusapi.com:443", false, "no scheme"},
		{"//tavusapi.com", false, "no scheme"},
		{"ftp://tavusapi.com", false, `scheme "ftp"`},
		{"https://", false, "no host"},
		{"https:///v2", false, "no host"},
		{"https://:8080", false, "no host"},
		{"https://tavusapi.com:", false, "no port"},
		{"https://tavusapi.com:0", false, "port 0"},
		{"https://tavusapi.com:70000", false, "port 70000"},
		{"https://a b.example", false, "not a URL"},
		{"%%%", false, "not a URL"},
		{"https://user:hunter22@tavusapi.com", false, "user name"},
		{"https://user:hunter22@%zz", false, "not a URL"},
		{"https://tavusapi.com?key=1", false, "query"},
		{"https://tavusapi.com?", false, "query"},
		{"https://tavusapi.com#top", false, "fragment"},
		{"https://tavusapi.com#", false, "fragment"},
		{"https://tavusapi.com/a/../b", false, ".."},
	} {
		err := CheckBaseURL(tc.raw, tc.allowHTTP)
		switch {
		case tc.want == "" && err != nil:
			t.Errorf("%q: %v", tc.raw, err)
		case tc.want != "" && err == nil:
			t.Errorf("%q: no error, want one with %q", tc.raw, tc.want)
		case tc.want != "":
			wantText(t, err.Error(), tc.want)
			wantNoText(t, err.Error(), "hunter22")
		}
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	for want, cfg := range map[string]Config{
		"API key is empty":  {BaseURL: "https://tavusapi.com", APIKey: " "},
		"control character": {BaseURL: "https://tavusapi.com", APIKey: "a\nb"},
		"base URL is empty": {APIKey: "k"},
		"negative":          {BaseURL: "https://tavusapi.com", APIKey: "k", MaxRetries: -1},
	} {
		if _, err := New(cfg); err == nil {
			t.Errorf("want an error with %q", want)
		} else {
			wantText(t, err.Error(), want)
		}
	}
}

func TestPrintedConfigHidesKey(t *testing.T) {
	t.Parallel()
	cfg := Config{APIKey: testKey, BaseURL: "https://tavusapi.com"}
	wantNoText(t, fmt.Sprintf("%v %+v %#v %s", cfg, cfg, &cfg, cfg), testKey)
}

func TestTransport(t *testing.T) {
	t.Parallel()
	transport := newTransport()
	if transport.MaxIdleConnsPerHost < 100 || transport.MaxIdleConns < 100 {
		t.Errorf("idle connections: %d for a host, %d in all", transport.MaxIdleConnsPerHost, transport.MaxIdleConns)
	}
	if transport.Proxy == nil {
		t.Error("no proxy from the environment")
	}
}

func TestPathPrefixAndHeaders(t *testing.T) {
	t.Parallel()
	var got *http.Request
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r
		writeJSON(w, http.StatusOK, map[string]any{"deployment_id": "x/.."})
	}))
	defer server.Close()
	c, err := New(Config{APIKey: testKey, BaseURL: server.URL + "/gateway/tavus/", UserAgent: "agent/1"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.GetDeployment(t.Context(), "x/.."); err != nil {
		t.Fatal(err)
	}
	if got.RequestURI != "/gateway/tavus/v2/deployments/x%2F.." {
		t.Errorf("on the wire: %s", got.RequestURI)
	}
	if got.Header.Get("x-api-key") != testKey || got.UserAgent() != "agent/1" || got.Header.Get("Accept") != "application/json" {
		t.Errorf("headers: %v", got.Header)
	}
}

func TestIDsAreEscaped(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"", ".", ".."} {
		w := handle(answer(http.StatusOK, `{}`))
		c := w.client(t)
		_, getErr := c.GetDeployment(t.Context(), id)
		_, palErr := c.GetPal(t.Context(), id)
		_, patchErr := c.PatchDeployment(t.Context(), id, nil)
		_, updateErr := c.UpdateDeployment(t.Context(), id, nil)
		for _, err := range []error{getErr, palErr, patchErr, updateErr, c.DeleteDeployment(t.Context(), id)} {
			if err == nil {
				t.Errorf("id %q was accepted", id)
			}
		}
		if len(w.log()) != 0 {
			t.Errorf("id %q reached the server: %v", id, w.log())
		}
	}
	for id, want := range map[string]string{
		"a/../b": "/v2/deployments/a%2F..%2Fb", "../x": "/v2/deployments/..%2Fx", "a?b=c#d": "/v2/deployments/a%3Fb=c%23d",
		"a b%2e": "/v2/deployments/a%20b%252e", "ü": "/v2/deployments/%C3%BC",
	} {
		w := handle(answer(http.StatusNoContent, ""))
		if err := w.client(t).DeleteDeployment(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		if got := w.last(http.MethodDelete); got.path != want || got.query != "" {
			t.Errorf("id %q: path %s, query %q", id, got.path, got.query)
		}
	}
}

// ProxyFromEnvironment reads the environment once and never uses a proxy for
// the own machine, so a process of its own asks for a host that does not exist.
func TestProxyFromEnvironment(t *testing.T) {
	t.Parallel()
	const marker = "TAVUS_TEST_PROXY_CHILD"
	if os.Getenv(marker) != "" {
		c, err := New(Config{APIKey: testKey, BaseURL: "http://tavus.invalid", AllowHTTP: true})
		if err != nil {
			t.Fatal(err)
		}
		d, err := c.GetDeployment(t.Context(), "d1")
		if err != nil || d.Name != "through the proxy" {
			t.Fatalf("%v %v", d, err)
		}
		return
	}
	asked := make(chan string, 1)
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- r.RequestURI
		writeJSON(w, http.StatusOK, map[string]any{"deployment_id": "d1", "name": "through the proxy"})
	}))
	defer proxy.Close()
	command := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestProxyFromEnvironment$") //nolint:gosec // The test itself.
	for _, entry := range os.Environ() {
		if !strings.Contains(strings.ToLower(entry), "_proxy=") {
			command.Env = append(command.Env, entry)
		}
	}
	command.Env = append(command.Env, marker+"=1", "HTTP_PROXY="+proxy.URL, "http_proxy="+proxy.URL)
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	if got := <-asked; got != "http://tavus.invalid/v2/deployments/d1" {
		t.Errorf("the proxy was asked for %s", got)
	}
}

func TestProxyPasswordIsHidden(t *testing.T) {
	t.Parallel()
	got := cleanLine("proxyconnect to http://user:hunter22@proxy:3128 failed", &masker{})
	if got != "proxyconnect to http://(hidden)@proxy:3128 failed" {
		t.Error(got)
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	for _, status := range []int{301, 302, 303, 307, 308} {
		reached := false
		other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, other.URL+"/elsewhere?secret=1", status)
		}))
		c, err := New(Config{APIKey: testKey, BaseURL: server.URL})
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.GetDeployment(t.Context(), "d1")
		if err == nil {
			t.Fatal("no error")
		}
		if e := apiError(t, err); e.Status != status {
			t.Errorf("status %d", e.Status)
		}
		wantText(t, err.Error(), strings.TrimPrefix(other.URL, "http://"), "redirects are not followed")
		wantNoText(t, err.Error(), "secret")
		if reached {
			t.Errorf("%d: the redirect was followed", status)
		}
		server.Close()
		other.Close()
	}
}
