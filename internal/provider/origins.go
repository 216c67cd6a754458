package provider

import (
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"golang.org/x/net/idna"
)

// warnOrigins names origins that no browser sends. A browser sends scheme, host and a
// port that is not the scheme's own, in lower case and with the host in ASCII
// (RFC 6454, section 6.2). Elements are named by their number, because they can come from a
// sensitive variable, which a provider cannot see; only the right form of a host is named.
func warnOrigins(title string, config values, diags *diag.Diagnostics) {
	if !config.isSet("allowed_origins") {
		return
	}
	// One warning for all of them: Terraform shows the first of several warnings with
	// the same summary, and only counts the others.
	var problems []string
	for i, origin := range config.texts("allowed_origins") {
		if problem := originProblem(origin); problem != "" {
			problems = append(problems, fmt.Sprintf("element %d %s", i+1, problem))
		}
	}
	if len(problems) > 0 {
		diags.AddAttributeWarning(path.Root("allowed_origins"), title+" allowed_origins: an origin never matches",
			"No browser sends an origin like this (elements are counted in alphabetical order):\n\n  - "+strings.Join(problems, "\n  - "))
	}
	if config.text("channel") == "landing-page" && len(config.texts("allowed_origins")) > 0 {
		diags.AddAttributeWarning(path.Root("allowed_origins"), title+" allowed_origins: of no use on a landing page",
			"A landing page is hosted by Tavus and is on no page of yours, so allowed_origins has nothing to allow.")
	}
}

var schemePorts = map[string]string{"http": "80", "https": "443"}

// originProblem says what is wrong with an origin, and which form is right where that can
// be told. Wildcards and custom schemes are left alone: a server may know them.
func originProblem(origin string) string {
	if origin == "*" || origin == "null" {
		return ""
	}
	switch {
	case strings.TrimSpace(origin) != origin || origin == "":
		return "is empty or has white space around it"
	case strings.ContainsAny(origin, ", \t\n"):
		return "holds a comma or white space: write one element for each origin"
	case !strings.Contains(origin, "://"):
		return "has no scheme: an origin begins with https://"
	}
	parsed, err := url.Parse(origin)
	if strings.Contains(origin, "*") && (err != nil || parsed.Path == "") {
		return ""
	}
	if err != nil || parsed.Hostname() == "" {
		return "is not scheme://host"
	}
	switch {
	case parsed.User != nil:
		return "has a user"
	case parsed.Path == "/" && parsed.RawQuery == "" && parsed.Fragment == "":
		return "has a slash at its end"
	case parsed.Path != "" || parsed.RawQuery != "" || parsed.ForceQuery || strings.Contains(origin, "#"):
		return "has more than scheme, host and port"
	}
	if problem := portProblem(parsed); problem != "" {
		return problem
	}
	return hostProblem(origin, parsed)
}

func portProblem(parsed *url.URL) string {
	port := parsed.Port()
	if port == "" {
		if strings.HasSuffix(parsed.Host, ":") {
			return "has a colon and no port"
		}
		return ""
	}
	n, err := strconv.Atoi(port)
	switch {
	case err != nil || n < 1 || n > 65535:
		return "has a port that is not between 1 and 65535"
	case strconv.Itoa(n) == schemePorts[strings.ToLower(parsed.Scheme)]:
		return "has the usual port of its scheme, which browsers leave out"
	case strconv.Itoa(n) != port:
		return "has a port with leading zeros, which browsers leave out"
	}
	return ""
}

// hostProblem compares the host with the form that a browser gives it (WHATWG URL,
// section 3.5): IPv6 compressed, names in lower case and in punycode.
func hostProblem(origin string, parsed *url.URL) string {
	host := parsed.Hostname()
	if strings.HasPrefix(parsed.Host, "[") {
		addr, err := netip.ParseAddr(host)
		switch {
		case err != nil || addr.Zone() != "":
			return "has an IPv6 address that no URL can have"
		case addr.String() != host:
			return "has an IPv6 address in a form that browsers shorten: write [" + addr.String() + "]"
		}
	}
	if strings.ContainsFunc(host, func(r rune) bool { return r > unicode.MaxASCII }) {
		if ascii, err := idna.Lookup.ToASCII(host); err == nil {
			return "has a host that browsers send in punycode: write " + ascii
		}
		return "has a host that is no domain name"
	}
	if strings.ToLower(origin) != origin {
		return "has upper case letters, which browsers send in lower case"
	}
	return ""
}

// passwordProblem says why visitors cannot easily type a password, without its value.
func passwordProblem(password string) string {
	switch {
	case password == "":
		return ""
	case strings.HasSuffix(password, "\n"):
		return "ends with a line break."
	case strings.TrimSpace(password) != password:
		return "begins or ends with white space."
	case slices.ContainsFunc([]rune(password), unicode.IsControl):
		return "holds a control character."
	}
	return ""
}
