package embed

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// The channels that a page shows.
const (
	Widget = "widget"
	Inline = "embed"
)

// LandingPage is the channel that Tavus hosts, and that no page of its owner shows.
const LandingPage = "landing-page"

// Defaults of the container of an inline embed. The element adapts to its
// container and needs one of a definite size.
const (
	DefaultWidth       = "100%"
	DefaultAspectRatio = "16 / 9"
)

// Options are what the HTML is made of. Only DeploymentID and Channel are required.
type Options struct {
	DeploymentID string
	Channel      string // Widget or Inline

	// Version pins the script to a release, such as "0.1.0". Empty: the
	// newest one, at the time when a visitor loads the page.
	Version string

	// Attributes of the element, by name. Names are not case-sensitive in HTML
	// and are written in lower case.
	Attributes map[string]string

	// NoScript leaves the script out, for a second deployment on the same page.
	NoScript bool

	// Nonce, Integrity and Defer are attributes of the script: a nonce of the page's
	// Content Security Policy, a hash (www.w3.org/TR/SRI) of the release that Version
	// names, and whether it runs after the page was read.
	Nonce, Integrity string
	Defer            bool

	// Width and AspectRatio size the container of an inline embed: a CSS length
	// or percentage, and a ratio such as "16/9". Empty: the defaults. For a
	// widget both must be empty.
	Width, AspectRatio string
}

// Error is an option that no HTML can be made of. Option is its name as in
// Terraform's function: deployment_id, channel, version, attributes, width,
// aspect_ratio, script, nonce, integrity or defer. Text is a sentence for a person.
type Error struct {
	Option, Text string
}

func (e *Error) Error() string { return e.Text }

func wrong(option, format string, arguments ...any) error {
	return &Error{Option: option, Text: fmt.Sprintf(format, arguments...)}
}

// HTML returns the element and its script, as the documentation of Tavus shows
// them. Every error is an *Error.
func HTML(o Options) (string, error) {
	switch o.Channel {
	case Widget, Inline:
	case LandingPage:
		return "", wrong("channel", "A landing page is hosted by Tavus, so there is no HTML to put on a page of yours. Link to its "+
			"address, which the Tavus portal shows; or use a deployment of the channel %q or %q.", Widget, Inline)
	default:
		return "", wrong("channel", "The channel is %q, but it must be %q or %q.", o.Channel, Widget, Inline)
	}
	if strings.TrimSpace(o.DeploymentID) == "" {
		return "", wrong("deployment_id", "The deployment ID is empty. Use the deployment_id of a tavus_deployment.")
	}
	if problem := unfit(o.DeploymentID); problem != "" {
		return "", wrong("deployment_id", "The deployment ID %s.", problem)
	}
	script, err := scriptElement(o)
	if err != nil {
		return "", err
	}
	element, err := element(o)
	if err != nil {
		return "", err
	}
	container, err := containerStyle(o)
	if err != nil {
		return "", err
	}
	if container != "" {
		element = "<div style=\"" + container + "\">\n  " + element + "\n</div>"
	}
	return element + script, nil
}

// exactVersion is a version as npm has it (semver.org), without a range: a
// range would not pin anything.
var exactVersion = lazy(`^\d{1,9}\.\d{1,9}\.\d{1,9}(-[0-9A-Za-z-]{1,40}(\.[0-9A-Za-z-]{1,40}){0,5})?$`)

// hash is one of the hashes of Subresource Integrity (www.w3.org/TR/SRI, section 3.1).
var hash = lazy(`^sha(256|384|512)-[A-Za-z0-9+/]{43,88}={0,2}$`)

// scriptElement is the script in a line of its own, or empty where it is left out.
func scriptElement(o Options) (string, error) {
	if o.NoScript {
		for _, given := range []struct {
			option string
			isSet  bool
		}{{"version", o.Version != ""}, {"nonce", o.Nonce != ""}, {"integrity", o.Integrity != ""}, {"defer", o.Defer}} {
			if given.isSet {
				return "", wrong(given.option, "%s is for the script, which script = false leaves out.", given.option)
			}
		}
		return "", nil
	}
	address, err := scriptAddress(o)
	if err != nil {
		return "", err
	}
	element := "\n<script src=\"" + escape(address) + "\""
	if problem := unfit(o.Nonce); problem != "" {
		return "", wrong("nonce", "The nonce %s.", problem)
	}
	if o.Nonce != "" {
		element += " nonce=\"" + escape(o.Nonce) + "\""
	}
	if o.Integrity != "" {
		if !hash().MatchString(o.Integrity) {
			return "", wrong("integrity", "The integrity must be one hash, such as \"sha384-...\" with 64 characters of base64.")
		}
		if o.Version == "" {
			return "", wrong("integrity", "The integrity is the hash of one release, so it needs the option version.")
		}
		// A browser checks a script of another origin only where it may read it.
		element += " integrity=\"" + escape(o.Integrity) + "\" crossorigin=\"anonymous\""
	}
	if o.Defer {
		element += " defer"
	}
	return element + "></script>", nil
}

func scriptAddress(o Options) (string, error) {
	address := "https://unpkg.com/@tavus/" + o.Channel
	if o.Version == "" {
		return address, nil
	}
	if !exactVersion().MatchString(o.Version) {
		return "", wrong("version", "The version must be an exact one, such as \"0.1.0\" or \"0.2.0-beta.1\". Leave it out for the "+
			"newest one.")
	}
	return address + "@" + o.Version, nil
}

func element(o Options) (string, error) {
	attributes := map[string]string{}
	for _, given := range slices.Sorted(maps.Keys(o.Attributes)) {
		name, err := attributeName(given)
		if err != nil {
			return "", err
		}
		value := o.Attributes[given]
		if _, twice := attributes[name]; twice {
			return "", wrong("attributes", "The attribute %s is there twice. HTML does not tell upper from lower case in names.", name)
		}
		if problem := unfit(value); problem != "" {
			return "", wrong("attributes", "The value of the attribute %s %s.", name, problem)
		}
		if name == "override-config" && !json.Valid([]byte(value)) {
			return "", wrong("attributes", "The value of the attribute override-config is not JSON. Write it with jsonencode.")
		}
		attributes[name] = value
	}
	var b strings.Builder
	tag := "tavus-" + o.Channel
	b.WriteString("<" + tag + " deployment-id=\"" + escape(o.DeploymentID) + "\"")
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		b.WriteString(" " + name + "=\"" + escape(attributes[name]) + "\"")
	}
	b.WriteString("></" + tag + ">")
	return b.String(), nil
}

// units are those of CSS Values 4 (section 6) that make sense for a width.
var (
	length = lazy(`^(\d{1,5}(?:\.\d{1,4})?)(px|%|em|rem|ch|ex|lh|rlh|vw|svw|lvw|dvw|vh|svh|lvh|dvh|vmin|vmax|cqw|cqi|cm|mm|in|pt|pc)$`)
	ratio  = lazy(`^\s*(\d{1,5}(?:\.\d{1,4})?)(?:\s*[/:]\s*(\d{1,5}(?:\.\d{1,4})?))?\s*$`)
)

// containerStyle is the CSS of the container, or empty for a widget.
func containerStyle(o Options) (string, error) {
	if o.Channel != Inline {
		for _, given := range []struct{ option, value string }{{"width", o.Width}, {"aspect_ratio", o.AspectRatio}} {
			if given.value != "" {
				return "", wrong(given.option, "%s is for the channel %q only: a widget floats over the page and has no container.",
					given.option, Inline)
			}
		}
		return "", nil
	}
	width := DefaultWidth
	if o.Width != "" {
		if match := length().FindStringSubmatch(o.Width); len(match) < 2 || !positive(match[1]) {
			return "", wrong("width", "The width must be a CSS length above zero, such as \"720px\", \"40rem\" or \"100%%\".")
		}
		width = o.Width
	}
	aspect := DefaultAspectRatio
	if o.AspectRatio != "" {
		match := ratio().FindStringSubmatch(o.AspectRatio)
		if len(match) < 3 || !positive(match[1]) || (match[2] != "" && !positive(match[2])) {
			return "", wrong("aspect_ratio", "The aspect ratio must be width to height, such as \"16/9\", \"9/16\" or \"1.5\".")
		}
		aspect = match[1]
		if match[2] != "" {
			aspect += " / " + match[2]
		}
	}
	return "width: " + width + "; aspect-ratio: " + aspect + ";", nil
}

func positive(number string) bool {
	n, err := strconv.ParseFloat(number, 64)
	return err == nil && n > 0
}

// lazy compiles a pattern when it is first used. The provider starts for every
// command of Terraform, and most of them never call the function.
func lazy(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}
