package provider_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

// TestAccLife_ExitCodesAndRequests: one life, with the exit code of each plan and the requests
// of each command.
func TestAccLife_ExitCodesAndRequests(t *testing.T) {
	t.Parallel()
	s, c := newAcc(t)
	arguments := "name = \"Docs\"\nlimits = jsonencode({ max_call_duration = 600 })"
	c.Main(deploymentBlock("test", arguments))
	sends(t, s, c, "", "validate")
	c.Must(2, "plan", "-detailed-exitcode", "-out=saved.tfplan")
	sends(t, s, c, "POST", "apply", "saved.tfplan")
	sends(t, s, c, "GET", "plan", "-detailed-exitcode")
	id := onlyID(t, s)
	c.Main(deploymentBlock("test", strings.Replace(arguments, "600", "300", 1)))
	c.Must(2, "plan", "-detailed-exitcode", "-out=saved.tfplan")
	sends(t, s, c, "GET PATCH", "apply", "saved.tfplan")
	c.Quiet()

	// Beside people: what they add is nobody's drift, what they change of ours is.
	s.EditAt("deployments", id, "/limits/daily_call_limit_per_user", 7)
	s.EditAt("deployments", id, "/customization/widget/position", "top-left")
	c.Quiet()
	s.EditAt("deployments", id, "/limits/max_call_duration", 1)
	c.Must(2, "plan", "-detailed-exitcode")
	c.Apply()
	c.Quiet()
	holds(t, s, "/limits", `{"daily_call_limit_per_user":7,"max_call_duration":300}`)
	if onlyID(t, s) != id {
		t.Error("the ID changed")
	}
	sends(t, s, c, "GET DELETE", "destroy", "-auto-approve")
}

// TestAccRead_IsGoneOnlyWhenTheListAgrees: a 404 that passes, and an address that answers 404 to
// everything, take nothing out of the state.
func TestAccRead_IsGoneOnlyWhenTheListAgrees(t *testing.T) {
	t.Parallel()
	s, c := newAcc(t)
	c.Main(deploymentBlock("test", "name = \"Docs\""))
	c.Apply()
	id := onlyID(t, s)
	s.Fault("GET:1:404")
	c.Must(0, "apply", "-refresh-only", "-auto-approve")
	s.SetFault(func(_ int, r simulator.Request) *simulator.Fault {
		if strings.HasSuffix(r.Path, id) {
			return &simulator.Fault{Kind: simulator.FaultStatus, Status: 404}
		}
		return nil
	})
	says(t, c.Must(1, "apply", "-refresh-only", "-auto-approve"), id, "not certain")
	s.Fault("")
	elsewhere := httptest.NewServer(http.NotFoundHandler())
	defer elsewhere.Close()
	own := c.Env
	c.Setenv("TAVUS_BASE_URL=" + elsewhere.URL)
	for _, args := range [][]string{{"apply", "-refresh-only", "-auto-approve"}, {"destroy", "-auto-approve", "-refresh=false"}} {
		says(t, c.Must(1, args...), id, "404 Not Found", "Check the provider's base_url")
	}
	c.Env = own
	c.Must(0, "plan", "-detailed-exitcode")

	s.Delete("deployments", id)
	says(t, c.Must(2, "plan", "-detailed-exitcode"), "deployment "+id+" is gone", "1 to add")
	c.Apply()
	c.Quiet()
	s.Delete("deployments", onlyID(t, s))
	c.Destroy()
}

// TestAccIgnoreChanges_NeitherSentNorOwned: a key under ignore_changes is neither sent nor owned,
// so it never goes from the server later.
func TestAccIgnoreChanges_NeitherSentNorOwned(t *testing.T) {
	t.Parallel()
	s, c := newAcc(t, "defaults=none")
	config := func(name, keys, ignored string) {
		c.Main(deploymentBlock("test", fmt.Sprintf("name = %q\ncustomization = jsonencode({ %s })\nlifecycle {\n  ignore_changes = [%s]\n}", name, keys, ignored)))
	}
	config("Docs", "a = 1", "")
	c.Apply()
	id := onlyID(t, s)
	config("Docs", "a = 2, b = 2", "customization")
	c.Quiet()
	s.EditAt("deployments", id, "/customization/b", "theirs")
	config("Manual", "a = 2, b = 2", "customization")
	c.Apply()
	holds(t, s, "/customization", `{"a":1,"b":"theirs"}`)
	holds(t, s, "/name", `"Manual"`)
	config("Manual", "", "name")
	s.EditAt("deployments", id, "/name", "Handbook")
	c.Apply()
	c.Quiet()
	holds(t, s, "/customization", `{"b":"theirs"}`)
	holds(t, s, "/name", `"Handbook"`)
}

// laterConfig is a deployment whose arguments come out of another resource of the same apply, so
// that none is known while that one is planned to change.
func laterConfig(trigger int, channel, title, limits, origin string) string {
	return fmt.Sprintf(`
resource "terraform_data" "later" {
  input = { trigger = %d, pal = %q, channel = %q, title = %q, limits = %q, origin = %q, password = "pass-%s" }
}

locals { later = terraform_data.later.output }

resource "tavus_deployment" "test" {
  pal_id          = local.later.pal
  channel         = local.later.channel
  name            = local.later.title
  status          = "active"
  customization   = jsonencode({ preview = { title = local.later.title }, show_haircheck = true })
  limits          = local.later.limits
  allowed_origins = ["https://fixed.example.com", local.later.origin]
  password        = local.later.password
}
`, trigger, simulator.PalDocsGuide, channel, title, limits, origin, title)
}

// TestAccUnknown_NeverAnInconsistentPlan: whatever comes out of values that were not known while
// planning is what Terraform was told, and values that come out as they were are not sent.
func TestAccUnknown_NeverAnInconsistentPlan(t *testing.T) {
	t.Parallel()
	s, c := newAcc(t, "defaults=none")
	const first, second = `{"max_call_duration":600}`, `{ "daily_call_limit_per_user": 1.0 }`
	c.Main(laterConfig(1, "widget", "Docs", first, "https://a.example.com"))
	c.Must(0, "plan", "-out=saved.tfplan")
	var unknown []string
	for _, change := range c.Plan("saved.tfplan").Changes {
		if change.Address == "tavus_deployment.test" {
			for name := range change.Change.Unknown {
				unknown = append(unknown, name)
			}
		}
	}
	for _, name := range []string{"pal_id", "channel", "name", "customization", "limits", "allowed_origins", "password"} {
		if !slices.Contains(unknown, name) {
			t.Errorf("%s is known in the plan", name)
		}
	}
	c.Apply()
	c.Quiet()
	id := onlyID(t, s)
	c.Main(laterConfig(2, "widget", "Docs", first, "https://a.example.com"))
	s.ResetRequests()
	c.Apply()
	if strings.Contains(s.Log(), "PATCH") {
		t.Errorf("requests: %s", s.Log())
	}
	c.Main(laterConfig(3, "widget", "Manual", second, "https://b.example.com"))
	c.Apply()
	c.Quiet()
	holds(t, s, "/customization", `{"preview":{"title":"Manual"},"show_haircheck":true}`)
	holds(t, s, "/limits", `{"daily_call_limit_per_user":1}`)
	holds(t, s, "/allowed_origins", `["https://b.example.com","https://fixed.example.com"]`)
	if got := s.Secret("deployments", id, "/password"); got != "pass-Manual" {
		t.Errorf("the password is %q", got)
	}
	if onlyID(t, s) != id {
		t.Error("the ID changed")
	}
}

// TestAccUnknown_Channel: a channel that is not known yet is most often the old one, so it plans
// no replacement. Where it is another one, nothing is touched before a plan shows it.
func TestAccUnknown_Channel(t *testing.T) {
	t.Parallel()
	s, c := newAcc(t)
	config := func(channel string, trigger int) {
		c.Main(laterConfig(trigger, channel, "Docs", "{}", "https://a.example.com"))
	}
	config("widget", 1)
	c.Apply()
	id := onlyID(t, s)
	config("widget", 2)
	says(t, c.One(0, "channel", id, "plan").Detail, "plan again")
	c.Apply()
	c.Quiet()
	config("embed", 2)
	says(t, c.Must(1, "apply", "-auto-approve"), "inconsistent final plan")
	if onlyID(t, s) != id {
		t.Fatal("the deployment was replaced")
	}
	c.One(0, "channel", "will be replaced", "plan")
	c.Apply()
	c.Quiet()
	if onlyID(t, s) == id {
		t.Error("the ID did not change")
	}
}

// TestAccCreate_FoundAgain: a create whose answer is lost is found again, and the state of a real
// CLI has it without a taint.
func TestAccCreate_FoundAgain(t *testing.T) {
	t.Parallel()
	s, c := newAcc(t)
	c.Main(deploymentBlock("test", "name = \"Only one of this name\""))
	s.Fault("POST:1:cut-after")
	says(t, c.Must(0, "apply", "-auto-approve"), "was found again")
	s.Fault("")
	c.Quiet()
	if ids := deploymentIDs(s); len(ids) != 1 || !strings.Contains(c.Read("terraform.tfstate"), ids[0]) {
		t.Errorf("the server holds %v", ids)
	}
}
