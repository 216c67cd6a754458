package provider

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"golang.org/x/net/idna"
)

// warnOrigins names origins that no browser sends. A browser sends scheme, host and a
// port that is not the scheme's own, in lower case and with the host in ASCII
// (RFC 6454, section 6.2). Elements are named by their number, because they can come from a
// sensitive variable, which a provider cannot see; only the right form is named, which is what browsers
// send to everybody.
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
	switch {
	case origin == "*" || origin == "null":
		return ""
	case strings.TrimSpace(origin) != origin || origin == "":
		return "is empty or has white space around it"
	case strings.ContainsAny(origin, ",; \t\n"):
		return "holds a comma, a semicolon or white space: write one element for each origin"
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
	if guess := didYouMean(parsed.Scheme, []string{"https", "http"}); guess != "" && schemePorts[parsed.Scheme] == "" {
		return "has a scheme that no browser sends." + guess
	}
	host, err := browserHost(parsed)
	if err != nil {
		return err.Error()
	}
	port := parsed.Port()
	number, err := strconv.Atoi(port)
	if port != "" && (err != nil || number < 1 || number > 65535) {
		return "has a port that is not between 1 and 65535"
	}
	right := parsed.Scheme + "://" + host
	isUsual := strconv.Itoa(number) == schemePorts[parsed.Scheme]
	if port != "" && !isUsual {
		right += ":" + strconv.Itoa(number)
	}
	var what string
	switch {
	case right == origin:
		return ""
	case parsed.User != nil:
		what = "has a user"
	case parsed.Path == "/" && parsed.RawQuery == "" && parsed.Fragment == "":
		what = "has a slash at its end"
	case parsed.Path != "" || strings.ContainsAny(origin, "?#"):
		what = "has more than scheme, host and port"
	case isUsual:
		what = "has the usual port of its scheme, which browsers leave out"
	case strings.HasSuffix(origin, ":"):
		what = "has a colon and no port"
	case strings.HasPrefix(port, "0"):
		what = "has a port with leading zeros, which browsers leave out"
	case strings.EqualFold(right, origin):
		what = "has upper case letters, which browsers send in lower case"
	default:
		what = "has a host that browsers send in another form"
	}
	return what + ": write " + right
}

// domainNames are the rules of browsers for names (WHATWG URL, section 3.3).
var domainNames = idna.New(idna.MapForLookup(), idna.Transitional(false), idna.StrictDomainName(false), idna.CheckHyphens(false))

// browserHost is the form that a browser gives the host (WHATWG URL, section 3.5): IPv6 compressed,
// names in lower case and in punycode. The error says why no browser takes it.
func browserHost(parsed *url.URL) (string, error) {
	host := parsed.Hostname()
	if strings.HasPrefix(parsed.Host, "[") {
		addr, err := netip.ParseAddr(host)
		if err != nil || addr.Zone() != "" {
			return "", errors.New("has an IPv6 address that no URL can have")
		}
		return "[" + addr.String() + "]", nil
	}
	// Where the last part is a number, the host is an IPv4 address.
	last := host[strings.LastIndexByte(host, '.')+1:]
	if _, err := strconv.ParseUint(last, 0, 64); err == nil {
		if addr, err := netip.ParseAddr(host); err != nil || addr.String() != host {
			return "", errors.New("has an IPv4 address that browsers rewrite or refuse: write four numbers, such as 127.0.0.1")
		}
		return host, nil
	}
	ascii, err := domainNames.ToASCII(host)
	if err != nil || strings.HasPrefix(ascii, ".") || strings.Contains(ascii, "..") {
		return "", errors.New("has a host that is no domain name")
	}
	return ascii, nil
}
