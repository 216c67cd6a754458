package provider

import (
	"strings"
	"testing"
)

func TestOriginProblem_FormsThatBrowsersSendPass(t *testing.T) {
	t.Parallel()
	for _, origin := range []string{
		"https://docs.example.com", "http://localhost:3000", "https://xn--bcher-kva.example", "https://[::1]:8443",
		"https://a.example:8443", "*", "null", "https://*.example.com", "chrome-extension://abcdef", "http://192.0.2.1",
		"https://a_b.example", "https://r3---sn.example", "https://a.example.", "capacitor://localhost", "https://7.example", "http://[::1]",
	} {
		if problem := originProblem(origin); problem != "" {
			t.Errorf("%s %s", origin, problem)
		}
	}
}

func TestOriginProblem_FormsThatNoBrowserSends(t *testing.T) {
	t.Parallel()
	for origin, want := range map[string]string{
		"":                                     "empty",
		" https://a.example":                   "white space",
		"https://a.example, https://b.example": "comma",
		"https://a.example https://b.example":  "white space",
		"a.example":                            "no scheme",
		"https:/a.example":                     "no scheme",
		"https://":                             "not scheme://host",
		"https://user@a.example":               "has a user",
		"https://a.example/":                   "slash at its end: write https://a.example",
		"https://a.example/path":               "more than",
		"https://a.example?q":                  "more than",
		"https://a.example#":                   "more than",
		"https://A.example:8443":               "upper case letters, which browsers send in lower case: write https://a.example:8443",
		"HTTPS://a.example":                    "upper case letters, which browsers send in lower case: write https://a.example",
		"https://a.example:443":                "usual port of its scheme, which browsers leave out: write https://a.example",
		"https://A.example:443/":               "slash at its end: write https://a.example",
		"http://[::1]:80":                      "usual port of its scheme, which browsers leave out: write http://[::1]",
		"http://127.1":                         "four numbers",
		"https://0x7f.1":                       "four numbers",
		"https://127.0.0.01":                   "four numbers",
		"https://xn--.example":                 "no domain name",
		"https://a..example":                   "no domain name",
		"htps://a.example":                     `Did you mean "https"?`,
		"https://a.example;https://b.example":  "semicolon",
		"http://a.example:80":                  "usual port",
		"https://a.example:0443":               "usual port",
		"https://a.example:08443":              "leading zeros",
		"https://a.example:99999":              "between 1 and 65535",
		"https://a.example:0":                  "between 1 and 65535",
		"https://a.example:":                   "no port",
		"https://bücher.example":               "xn--bcher-kva.example",
		"https://[0:0:0:0:0:0:0:1]":            "[::1]",
		"https://[2001:DB8::1]":                "[2001:db8::1]",
		"https://[fe80::1%25eth0]":             "IPv6",
	} {
		if problem := originProblem(origin); !strings.Contains(problem, want) {
			t.Errorf("%q: %q does not say %q", origin, problem, want)
		}
	}
}
