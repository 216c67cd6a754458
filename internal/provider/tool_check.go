package provider

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/tavus/terraform-provider-tavus/internal/advice"
	"github.com/tavus/terraform-provider-tavus/internal/ownership"
)

// Limits of a tool (docs.tavus.io/api-reference/tools): characters of the description and the
// parameters, and seconds of a call.
const (
	maxToolText    = 10_000
	maxToolTimeout = 60
)

// reservedPrefix begins the names that Tavus keeps for itself.
const reservedPrefix = "tavus_"

func validateTool(config values, diags *diag.Diagnostics) {
	if strings.HasPrefix(config.text("name"), reservedPrefix) {
		diags.AddAttributeError(path.Root("name"), "A reserved name", "Names that begin with "+reservedPrefix+" belong to Tavus. Choose another one.")
	}
	if api := config.inner("api"); api.isSet("url") {
		if problem := urlProblem(api.text("url")); problem != "" {
			diags.AddAttributeError(path.Root("api").AtName("url"), "Not an address that Tavus calls", problem)
		}
	}
}

// urlProblem says why Tavus would not call an address, "" if it would.
func urlProblem(text string) string {
	rest, isHTTPS := strings.CutPrefix(strings.ToLower(text), "https://")
	host := rest
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		host = rest[:end]
	}
	switch {
	case !isHTTPS:
		return "Tavus calls https addresses only. Write the address with https:// at the beginning."
	case strings.ContainsAny(host, "{}"):
		return "The host must be fixed. Placeholders in braces can be in the path and in the query."
	case host == "" || strings.ContainsAny(host, " @"):
		return "The address needs a host, and no user or password before it: that is what auth is for."
	}
	return ""
}

// checkToolPlan finds what does not go together in what a plan changes. What stays as it is may be an
// imported tool, which the server took as it is.
func checkToolPlan(config, plan, state values, diags *diag.Diagnostics) {
	changes := func(names ...string) bool {
		return state == nil || slices.ContainsFunc(names, func(name string) bool { return !plan.equal(name, state) })
	}
	t := toolCheck{config: config, state: state, title: plannedTitle("tool", plan), diags: diags}
	if changes("description", "parameters") && config.isSet("parameters") {
		t.parameters()
	}
	if changes("trigger_type", "origin", "on_call", "static_filler") {
		t.speech()
	}
	if changes("trigger_type", "api") && t.value("trigger_type") == "post_call" && config.isNull("api") {
		t.refuse("trigger_type", "A tool without a back end", "A tool that is called after the conversation (post_call) needs api: there is no page any "+
			"more that could get a message.")
	}
	if changes("api") && config.inner("api") != nil {
		t.api()
	}
}

type toolCheck struct {
	config, state values
	title         string
	diags         *diag.Diagnostics
}

func (t *toolCheck) refuse(argument, summary, detail string) {
	t.diags.AddAttributeError(path.Root(argument), summary, detail)
}

// value is a text as it will be: what the configuration leaves out stays. "" is nothing, or not known.
func (t *toolCheck) value(name string) string {
	if t.config.isNull(name) {
		return t.state.text(name)
	}
	return t.config.text(name)
}

func (t *toolCheck) parameters() {
	text := t.config.text("parameters")
	document, err := ownership.ParseConfig(text)
	if err != nil {
		return // the validation has said so
	}
	if found := advice.CheckSchema([]byte(text)); len(found) > 0 {
		t.refuse("parameters", "Not a JSON Schema", "The parameters of a tool must be a JSON Schema, and this is not one:\n\n  "+strings.Join(found, "\n  "))
	}
	properties, _ := document.At("/properties")
	members, _ := properties.(map[string]any)
	for _, name := range sortedKeys(members) {
		if strings.HasPrefix(name, reservedPrefix) {
			t.refuse("parameters", "A reserved property", fmt.Sprintf("The property %s begins with %s, which belongs to Tavus. Choose another name.",
				name, reservedPrefix))
		}
	}
	if n := utf8.RuneCountInString(t.config.text("description") + document.Text()); n > maxToolText {
		t.refuse("description", "description and parameters are too long", fmt.Sprintf("The description and the parameters, written as JSON, have %d "+
			"characters together, and a tool takes %d.", n, maxToolText))
	}
}

// speech checks what the agent says while the tool runs.
func (t *toolCheck) speech() {
	call, isUnknown := t.value("on_call"), t.config.isUnknown("on_call")
	filler := t.config.text("static_filler")
	switch {
	case call == "static_filler" && t.value("static_filler") == "" && !t.config.isUnknown("static_filler"):
		t.refuse("on_call", "No static_filler", "With on_call = \"static_filler\" the agent says the sentence in static_filler. Write that argument.")
	case filler != "" && call != "static_filler" && !isUnknown:
		t.refuse("static_filler", "static_filler is not used", "The agent says the sentence only with on_call = \"static_filler\". Write that, or "+
			"leave static_filler out (\"\" takes away the one that the tool has).")
	}
	if origin := t.value("origin"); (origin == "vision" || origin == "audio") && t.config.text("on_call") != "" {
		t.refuse("on_call", "on_call is not used", fmt.Sprintf("A tool of the origin %s takes no on_call. Leave it out (\"\" takes away the one that "+
			"the tool has).", origin))
	}
	if t.value("trigger_type") == "post_call" && t.config.text("origin") != "" {
		t.refuse("origin", "origin is not used", "A tool that is called after the conversation (post_call) takes no origin. Leave it out (\"\" takes "+
			"away the one that the tool has).")
	}
}

func (t *toolCheck) api() {
	api, was := t.config.inner("api"), t.state.inner("api")
	at := path.Root("api")
	if auth, kind := api.inner("auth"), was.inner("auth").text("type"); auth.isNull(authSecret.name) && auth.isNull(authSecret.version()) &&
		auth.text("type") != kind && authSecret.members[auth.text("type")] != "" {
		t.diags.AddAttributeError(at.AtName("auth").AtName("type"), "No secret",
			fmt.Sprintf("The type %q needs a secret, and the server has none for it. Write secret_wo and secret_wo_version, or secret.", auth.text("type")))
	}
	if api.number("timeout") > maxToolTimeout {
		t.diags.AddAttributeWarning(at.AtName("timeout"), t.title+" api.timeout: more than a minute",
			fmt.Sprintf("By its documentation, Tavus waits for %d seconds at most. The value is sent as it is, and the server decides.", maxToolTimeout))
	}
	for _, argument := range []string{"headers", "query_params"} {
		t.warnSecrets(argument, api.textMap(argument))
	}
	if address, err := url.Parse(api.text("url")); err == nil {
		query := map[string]string{}
		for name, all := range address.Query() {
			query[name] = all[0]
		}
		t.warnSecrets("url", query)
	}
}

// secretWords are in the names of headers and parameters that hold a secret.
var secretWords = []string{"authorization", "apikey", "token", "secret", "password", "cookie", "credential"}

// warnSecrets warns of names that are usually those of secrets. A placeholder is an argument of the call.
func (t *toolCheck) warnSecrets(argument string, members map[string]string) {
	var found []string
	for _, name := range sortedKeys(members) {
		plain := strings.ToLower(lettersAndDigits(name))
		if !strings.HasPrefix(members[name], "{") && slices.ContainsFunc(secretWords, func(word string) bool { return strings.Contains(plain, word) }) {
			found = append(found, name)
		}
	}
	if len(found) > 0 {
		t.diags.AddAttributeWarning(path.Root("api").AtName(argument), fmt.Sprintf("%s api.%s: looks like a secret", t.title, argument),
			fmt.Sprintf("%s: by the name, this is a secret. Everything in api.%s is in the plan, in the state and in every answer of the API. "+
				"Use auth with secret_wo instead.", strings.Join(found, ", "), argument))
	}
}
