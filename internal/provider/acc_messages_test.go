package provider_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/testkit"
)

// three is a configuration of three deployments.
func three(arguments string) string {
	return "resource \"tavus_deployment\" \"test\" {\n  count   = 3\n  pal_id  = \"p5317866\"\n  channel = \"widget\"\n" + arguments + "\n}\n"
}

// TestAccWarnings_NameEachObject: Terraform shows the first of several warnings with one summary
// and hides the others. So each of three deployments is named by a warning of its own, of every sort.
func TestAccWarnings_NameEachObject(t *testing.T) {
	t.Parallel()
	s, c := newAcc(t, "names=stripped", "defaults=none")
	each := func(argument, words string) (all []string) {
		for _, id := range deploymentIDs(s) {
			all = append(all, "deployment "+id+argument+": "+words)
		}
		return all
	}
	full := "name = \"Docs: v${count.index}!\"\ncustomization = jsonencode({ show_haircheck = true, preview = { title = \"Hi\" } })\n" +
		"limits = jsonencode({ max_call_duration = 600 })"
	c.Main(three(full))
	out := c.Must(0, "apply", "-auto-approve")
	says(t, out, each(" name", "the server stored another value")...)

	c.Main(three("name = \"Docs: v${count.index}!\"\ncustomization = jsonencode({ show_haircheck = true })\nlimits = jsonencode({})"))
	out = c.Must(0, "plan")
	says(t, out, each(" customization", "keys removed from the configuration")...)
	says(t, out, each(" limits", "keys removed from the configuration")...)
	c.Apply()

	for _, id := range deploymentIDs(s) {
		s.EditAt("deployments", id, "/password", "by hand")
		s.EditAt("deployments", id, "/limits/daily_call_limit_per_user", 9)
	}
	c.Main(three("name = \"Docs: v${count.index}!\"\nlimits = jsonencode({ daily_call_limit_per_user = 5 })"))
	out = c.Must(0, "apply", "-auto-approve")
	says(t, out, each(" limits", "existing values were overwritten")...)

	ids := deploymentIDs(s)
	gone := each("", "")
	for i, id := range ids {
		gone[i] = "deployment " + id + " is gone"
		s.Delete("deployments", id)
	}
	says(t, c.Must(0, "plan"), gone...)
}

// wrongArguments are mistakes in one deployment each, and what is said of them.
var wrongArguments = []struct {
	name, arguments string // beside pal_id and channel, unless at is one of them
	at              string // errors about a secret stand where no source line shows it
	words           []string
}{
	{"bad_json", `customization = "{"`, "customization", []string{"customization must be a JSON object"}},
	{"empty_json", `customization = ""`, "customization", []string{"jsonencode"}},
	{"array", `customization = jsonencode([{ a = 1 }])`, "customization", []string{"JSON object", "array"}},
	{"null", `customization = jsonencode(null)`, "customization", []string{"JSON object", "null"}},
	{"comment", `limits = "{ // seconds\n \"max_call_duration\": 600 }"`, "limits", []string{"JSON object", "comment"}},
	{"mark", `limits = "\ufeff{}"`, "limits", []string{"JSON object", "byte order mark"}},
	{"two", `limits = "{} {}"`, "limits", []string{"JSON object"}},
	{"duplicate", `customization = "{\"a\":[{\"b\":{\"k\":1,\"\\u006b\":1}}]}"`, "customization", []string{"twice"}},
	{"pal", `pal_id = ""`, "pal_id", nil},
	{"empty_password", `password = ""`, "password", nil},
	{"both", "password = \"xyzzy\"\npassword_wo = \"plugh\"\npassword_wo_version = \"1\"", `resource "tavus_deployment" "both" {`, []string{"password_wo"}},
	{"only_version", `password_wo_version = "1"`, "password_wo_version", []string{"password_wo"}},
	{"null_origin", `allowed_origins = ["https://a.example.com", null]`, "allowed_origins", []string{"null"}},
}

// TestAccWrongInput_OneErrorAtItsArgument: every mistake of a configuration is said once, at its
// argument, and before any request.
func TestAccWrongInput_OneErrorAtItsArgument(t *testing.T) {
	t.Parallel()
	s, c := newAcc(t)
	config := ""
	for _, wrong := range wrongArguments {
		block := deploymentBlock(wrong.name, wrong.arguments)
		if wrong.at == "pal_id" {
			block = strings.Replace(block, "  pal_id  = \"p5317866\"\n", "", 1)
		}
		config += block
	}
	c.Main(config)
	code, said := c.Messages("plan")
	if code != 1 || len(said) != len(wrongArguments) {
		t.Errorf("exit code %d, %d messages for %d mistakes: %v", code, len(said), len(wrongArguments), said)
	}
	for _, wrong := range wrongArguments {
		i := slices.IndexFunc(said, func(m testkit.Message) bool {
			return m.Snippet.Context == fmt.Sprintf("resource \"tavus_deployment\" %q", wrong.name)
		})
		if i < 0 || said[i].Severity != "error" || !said[i].At(wrong.at) {
			t.Errorf("%s: no error at %s: %v", wrong.name, wrong.at, said)
			continue
		}
		says(t, said[i].Summary+" "+said[i].Detail, wrong.words...)
		if strings.Contains(said[i].Detail, "xyzzy") || strings.Contains(said[i].Detail, "plugh") {
			t.Errorf("the message shows a password: %s", said[i])
		}
	}
	if log := s.Log(); log != "" {
		t.Errorf("requests were sent: %s", log)
	}
}

// TestAccWrongInput_OfTheProvider: the same for the provider's own arguments.
func TestAccWrongInput_OfTheProvider(t *testing.T) {
	t.Parallel()
	for name, wrong := range map[string]struct {
		block, env, at string // at: "" where the argument comes from the environment
		words          []string
	}{
		"blank key":         {`api_key = " "`, "", "api_key", []string{"TAVUS_API_KEY"}},
		"key with a break":  {`api_key = "frobozz\nfrobozz"`, "", "api_key", []string{"API key", "line break"}},
		"no key":            {"", "TAVUS_API_KEY= \t", "", []string{"No API key", "api_key"}},
		"http":              {`base_url = "http://api.example.com"`, "", "base_url", []string{"Invalid base URL", "allow_http"}},
		"no scheme in env":  {"", "TAVUS_BASE_URL=tavusapi.com", "", []string{"TAVUS_BASE_URL", "https"}},
		"a user":            {`base_url = "https://me:frobozz@tavusapi.com"`, "", "base_url", []string{"Invalid base URL"}},
		"a version":         {`base_url = "https://tavusapi.com/v2/"`, "", "base_url", []string{"/v2"}},
		"timeout":           {`request_timeout = "soon"`, "", "request_timeout", []string{"30s"}},
		"retries":           {`max_retries = -1`, "", "max_retries", []string{"0"}},
		"allow_http in env": {"", "TAVUS_ALLOW_HTTP=perhaps", "", []string{"TAVUS_ALLOW_HTTP", "true or false"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, c := newAcc(t)
			if wrong.env != "" {
				c.Setenv(wrong.env)
			}
			c.Main("provider \"tavus\" {\n" + wrong.block + "\n}\n" + deploymentBlock("test", ""))
			m := c.One(1, wrong.at, "", "plan")
			says(t, m.Summary+" "+m.Detail, wrong.words...)
			if m.Severity != "error" || m.Snippet.Context != `provider "tavus"` || strings.Contains(m.Detail, "frobozz") {
				t.Errorf("%s", m)
			}
			if log := s.Log(); log != "" {
				t.Errorf("requests were sent: %s", log)
			}
		})
	}
}

// TestAccEmbedHTML_NullOptionsAndLandingPages: options may be a null of a type, and a landing
// page is an error while planning, though the ID is not known yet.
func TestAccEmbedHTML_NullOptionsAndLandingPages(t *testing.T) {
	t.Parallel()
	s, c := newAcc(t)
	c.Main(`
variable "options" {
  type    = object({ version = optional(string) })
  default = null
}

output "html" {
  value = provider::tavus::embed_html("d1", "widget", var.options)
}
`)
	c.Apply()
	c.Must(0, "plan", "-detailed-exitcode")
	const want = "<tavus-widget deployment-id=\"d1\"></tavus-widget>\n<script src=\"https://unpkg.com/@tavus/widget\"></script>"
	if got := c.Outputs()["html"]; got != want {
		t.Errorf("got\n%v\nwant\n%s", got, want)
	}
	c.Main(strings.Replace(deploymentBlock("test", ""), `"widget"`, `"landing-page"`, 1) +
		"output \"html\" {\n  value = provider::tavus::embed_html(tavus_deployment.test.deployment_id, tavus_deployment.test.channel)\n}\n")
	says(t, c.Must(1, "apply", "-auto-approve"), "hosted by Tavus")
	if ids := deploymentIDs(s); len(ids) > 0 {
		t.Errorf("the error came after the create: %v", ids)
	}
}
