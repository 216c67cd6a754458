package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

// wrongArguments are mistakes in one deployment each. All of them are planned
// in one go: Terraform reports every one.
var wrongArguments = []struct {
	name      string
	arguments string // beside pal_id and channel, unless they are named here
	at        string
	summary   string
	says      []string
}{
	{"bad_json", `customization = "{"`, "customization", "Not a JSON object", []string{"customization must be a JSON object"}},
	{"empty_json", `customization = ""`, "customization", "Not a JSON object", []string{"jsonencode"}},
	{"words", `customization = "dark theme"`, "customization", "Not a JSON object", nil},
	{"array", `customization = jsonencode([{ a = 1 }])`, "customization", "Not a JSON object", []string{"array"}},
	{"null", `customization = jsonencode(null)`, "customization", "Not a JSON object", []string{"null"}},
	{"string", `limits = jsonencode("x")`, "limits", "Not a JSON object", []string{"limits must be a JSON object", "string"}},
	{"number", `limits = "5"`, "limits", "Not a JSON object", []string{"number"}},
	{"two", `limits = "{} {}"`, "limits", "Not a JSON object", nil},
	{"duplicate", `customization = "{\"theme\":1,\"theme\":2}"`, "customization", "Not a JSON object", []string{"theme", "twice"}},
	{"duplicate_inside", `customization = "{\"a\":[{\"b\":{\"k\":1,\"\\u006b\":1}}]}"`, "customization", "Not a JSON object", []string{"twice"}},
	{"channel", `channel = "landing_page"`, "channel", "Unknown channel", []string{`"landing-page"`, `"landing_page"`}},
	{"status", `status = "live"`, "status", "Unknown status", []string{`"draft"`, `"active"`, `"inactive"`, `"live"`}},
	{"pal", `pal_id = ""`, "pal_id", "Empty pal_id", nil},
	{"empty_password", `password = ""`, "password", "Empty password", nil},
	{"empty_password_wo", "password_wo = \"\"\npassword_wo_version = \"1\"", "password_wo", "Empty password_wo", nil},
	{"both", "password = \"xyzzy\"\npassword_wo = \"plugh\"\npassword_wo_version = \"1\"", "password", "Two passwords", []string{"password_wo"}},
	{"password_and_version", "password = \"xyzzy\"\npassword_wo_version = \"1\"", "password", "Two passwords", []string{"password_wo_version"}},
	{"no_version", `password_wo = "plugh"`, "password_wo", "No password version", []string{`password_wo_version = "1"`}},
	{"only_version", `password_wo_version = "1"`, "password_wo_version", "No write-only password", []string{"remove both"}},
	{"null_origin", `allowed_origins = ["https://a.example.com", null]`, "allowed_origins", "Null origin", nil},
}

func TestAccWrongArguments(t *testing.T) {
	t.Parallel()
	needsWriteOnly(t)
	f := newFake(t, simulator.Options{})
	w := f.cli(t)
	var config strings.Builder
	for _, wrong := range wrongArguments {
		fmt.Fprintf(&config, "resource \"tavus_deployment\" %q {\n%s\n", wrong.name, wrong.arguments)
		for argument, value := range map[string]string{"pal_id": pal, "channel": "widget"} {
			if wrong.at != argument {
				fmt.Fprintf(&config, "%s = %q\n", argument, value)
			}
		}
		config.WriteString("}\n")
	}
	w.main(config.String())
	code, said := w.messages("plan")
	if code != 1 || len(said) != len(wrongArguments) {
		t.Errorf("exit code %d, %d messages for %d mistakes", code, len(said), len(wrongArguments))
	}
	for _, wrong := range wrongArguments {
		var found []message
		for _, m := range said {
			if m.Snippet.Context == fmt.Sprintf("resource \"tavus_deployment\" %q", wrong.name) {
				found = append(found, m)
			}
		}
		if len(found) != 1 || found[0].Severity != "error" || !found[0].at(wrong.at) || found[0].Summary != wrong.summary {
			t.Errorf("%s: wanted one error %q at %s, got %v", wrong.name, wrong.summary, wrong.at, found)
			continue
		}
		w.mentions(found[0], wrong.says...)
		if wrong.name == "both" && (strings.Contains(found[0].Detail, "xyzzy") || strings.Contains(found[0].Detail, "plugh")) {
			t.Errorf("the message shows a password: %s", found[0])
		}
	}
	if got := f.methods(); got != "" {
		t.Errorf("requests were sent: %s", got)
	}
}

func TestAccWrongProviderArguments(t *testing.T) {
	t.Parallel()
	for name, wrong := range map[string]struct {
		block   string
		env     []string
		at      string // empty: the argument comes from the environment
		summary string
		says    []string
	}{
		"empty key":           {`api_key = ""`, nil, "api_key", "Empty API key", []string{"TAVUS_API_KEY"}},
		"blank key":           {`api_key = " "`, nil, "api_key", "Empty API key", []string{"TAVUS_API_KEY"}},
		"no key":              {"", []string{"TAVUS_API_KEY="}, "", "No API key", []string{"api_key", "TAVUS_API_KEY"}},
		"blank key in env":    {"", []string{"TAVUS_API_KEY= \t"}, "", "No API key", []string{"api_key", "TAVUS_API_KEY"}},
		"http":                {`base_url = "http://api.example.com"`, nil, "base_url", "Invalid base URL", []string{"allow_http"}},
		"http in env":         {"", []string{"TAVUS_BASE_URL=http://api.example.com"}, "", "Invalid base URL", []string{"TAVUS_BASE_URL", "allow_http"}},
		"http forbidden":      {"base_url = \"http://api.example.com\"\nallow_http = false", []string{"TAVUS_ALLOW_HTTP=true"}, "base_url", "Invalid base URL", nil},
		"garbage":             {`base_url = "::garbage::"`, nil, "base_url", "Invalid base URL", nil},
		"no scheme":           {`base_url = "tavusapi.com"`, nil, "base_url", "Invalid base URL", []string{"https"}},
		"another scheme":      {`base_url = "ftp://tavusapi.com"`, nil, "base_url", "Invalid base URL", []string{"https"}},
		"no host":             {`base_url = "https://"`, nil, "base_url", "Invalid base URL", nil},
		"empty base_url":      {`base_url = ""`, nil, "base_url", "Invalid base URL", nil},
		"a user":              {`base_url = "https://me:frobozz@tavusapi.com"`, nil, "base_url", "Invalid base URL", nil},
		"a query":             {`base_url = "https://tavusapi.com/?key=frobozz"`, nil, "base_url", "Invalid base URL", nil},
		"timeout":             {`request_timeout = "soon"`, nil, "request_timeout", "Invalid duration", []string{"30s"}},
		"timeout without end": {`request_timeout = "0s"`, nil, "request_timeout", "Invalid duration", nil},
		"retries":             {`max_retries = -1`, nil, "max_retries", "Invalid number of retries", []string{"0 or more"}},
		"half a retry":        {`max_retries = 1.5`, nil, "max_retries", "Invalid number of retries", []string{"a whole number"}},
		"version in base_url": {`base_url = "https://tavusapi.com/v2/"`, nil, "base_url", "Invalid base URL", []string{"/v2", "leave it out"}},
		"allow_http in env":   {"", []string{"TAVUS_ALLOW_HTTP=perhaps"}, "", "Invalid environment variable", []string{"TAVUS_ALLOW_HTTP", "true or false"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t, simulator.Options{})
			w := f.cli(t)
			w.setenv(wrong.env...)
			w.main("provider \"tavus\" {\n" + wrong.block + "\n}\nresource \"tavus_deployment\" \"test\" {\n" + someKeys + "}\n")
			m := w.one(1, wrong.at, wrong.summary, "plan")
			w.mentions(m, wrong.says...)
			if m.Severity != "error" || m.Snippet.Context != `provider "tavus"` || strings.Contains(m.Detail, "frobozz") {
				t.Errorf("%s", m)
			}
			if got := f.methods(); got != "" {
				t.Errorf("requests were sent: %s", got)
			}
		})
	}
}
