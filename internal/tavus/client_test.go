package tavus

import (
	"strings"
	"testing"
)

func TestNew_ChecksItsConfig(t *testing.T) {
	t.Parallel()
	good := Config{APIKey: testKey, BaseURL: "https://api.example"}
	if _, err := New(good); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*Config){
		"the API key is empty":     func(c *Config) { c.APIKey = " " },
		"the API key holds a line": func(c *Config) { c.APIKey = "se\ncret" },
		"the base URL":             func(c *Config) { c.BaseURL = "" },
	} {
		cfg := good
		change(&cfg)
		if _, err := New(cfg); err == nil || !strings.HasPrefix(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCheckBaseURL(t *testing.T) {
	t.Parallel()
	for _, good := range []string{
		"https://tavusapi.com", "https://tavusapi.com/", "https://a.example:8443/prefix", "http://localhost:8080", "http://127.0.0.1",
		"http://[::1]:1", "HTTPS://a.example", "http://x.localhost.",
	} {
		if err := CheckBaseURL(good, false); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	for bad, want := range map[string]string{
		"": "not a complete", "https://a.example\n": "not a complete", "a.example": "not a complete",
		"https://": "not a complete", "https://a.example:": "not a complete", "https://%zz": "not a complete", "localhost:80": "not a complete",
		"ftp://a.example": "must begin with", "https://u:s3cret@a.example": "has a user", "https://a.example?x": "a query",
		"https://a.example?": "a query", "https://a.example#x": "fragment", "https://a.example#": "fragment",
		"https://a.example/v2": "/v2", "https://a.example/v2/": "/v2", "http://a.example": "plain http", "http://localhost.example": "plain http",
	} {
		err := CheckBaseURL(bad, false)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%q: %v, want %q", bad, err, want)
		}
	}
	if err := CheckBaseURL("http://a.example", true); err != nil {
		t.Error(err)
	}
}

func TestCheckHeaderValue(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"", "abc", "a b"} {
		if err := CheckHeaderValue(good); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
	for bad, want := range map[string]string{"a\nb": "line break", "a\rb": "line break", "a\x00b": "control", "a\x7f": "control", "a\tb": "control", "ümlaut": "outside ASCII", "a\xffb": "outside ASCII"} {
		if err := CheckHeaderValue(bad); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "a") && strings.Contains(err.Error(), bad) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
