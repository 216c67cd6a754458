package provider_test

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

// The way of a new user: the PAL by its name, a deployment of it, and the HTML
// for the page; then the deployment is found by others.
func TestAccFromPalToPage(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{Usage: simulator.UsageOff})
	config := f.provider() + `
data "tavus_pal" "guide" {
  name = "Docs Guide"
}

resource "tavus_deployment" "test" {
  pal_id  = data.tavus_pal.guide.pal_id
  channel = "embed"
  name    = "Docs site"
}

data "tavus_deployment" "by_id" {
  deployment_id = tavus_deployment.test.deployment_id
}

data "tavus_deployment" "by_name" {
  name       = "Docs site"
  depends_on = [tavus_deployment.test]
}

data "tavus_deployments" "of_the_pal" {
  pal_id     = data.tavus_pal.guide.pal_id
  depends_on = [tavus_deployment.test]
}

data "tavus_pals" "mine" {
  pal_type = "user"
}

output "html" {
  value = provider::tavus::embed_html(tavus_deployment.test.deployment_id, tavus_deployment.test.channel, {
    version      = "0.1.0"
    width        = "720px"
    aspect_ratio = "16/9"
    attributes = {
      custom-greeting   = "Say \"hi\" to <${data.tavus_pal.guide.name}>"
      "override-config" = jsonencode({ a = [1, true] })
      "memory-stores"   = null
    }
  })
}

output "same" {
  value = (data.tavus_deployment.by_id.deployment_id == data.tavus_deployment.by_name.deployment_id &&
    data.tavus_deployments.of_the_pal.deployments[0].deployment_id == data.tavus_deployment.by_id.id &&
    jsondecode(data.tavus_deployment.by_id.limits).max_call_duration > 0)
}

output "pals" {
  value = length(data.tavus_pals.mine.pals)
}
`
	html := regexp.MustCompile(`^<div style="width: 720px; aspect-ratio: 16 / 9;">
  <tavus-embed deployment-id="[0-9a-f-]{36}" custom-greeting="Say &quot;hi&quot; to &lt;Docs Guide&gt;" override-config="\{&quot;a&quot;:\[1,true\]\}"></tavus-embed>
</div>
<script src="https://unpkg\.com/@tavus/embed@0\.1\.0"></script>$`)
	f.run(t, resource.TestCase{
		TerraformVersionChecks: []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_8_0)},
		Steps: []resource.TestStep{
			{
				Config: config,
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownOutputValue("html", knownvalue.StringRegexp(html)),
					statecheck.ExpectKnownOutputValue("same", knownvalue.Bool(true)),
					statecheck.ExpectKnownOutputValue("pals", knownvalue.Int64Exact(5)),
					statecheck.ExpectKnownValue("data.tavus_deployment.by_name", tfjsonpath.New("usage_total"), knownvalue.Int64Exact(0)),
				},
			},
			f.empty(config),
		},
	})
}

func TestAccLookupErrors(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{})
	for range 2 {
		f.Put(map[string]any{"name": "Twin"})
	}
	html := func(arguments string) string {
		return f.provider() + "output \"html\" {\n  value = provider::tavus::embed_html(" + arguments + ")\n}\n"
	}
	step := func(config, want string) resource.TestStep {
		return resource.TestStep{Config: config, PlanOnly: true, ExpectError: regexp.MustCompile(want)}
	}
	f.run(t, resource.TestCase{
		TerraformVersionChecks: []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_8_0)},
		CheckDestroy: func(*terraform.State) error {
			if n := len(f.IDs()); n != 2 {
				return fmt.Errorf("%d deployments are left; looking for one must not touch it", n)
			}
			return nil
		},
		Steps: []resource.TestStep{
			step(f.provider()+"data \"tavus_deployment\" \"x\" {\n  name = \"Twin\"\n}\n", `2 deployments fit: \S+,\s+\S+\.`),
			step(f.provider()+"data \"tavus_pal\" \"x\" {\n  name = \"Nobody\"\n}\n", `No such PAL`),
			step(html(`"d1", "landing-page"`), `hosted\s+by\s+Tavus`),
			step(html(`"d1", "widget", { attributes = { onclick = "x" } }`), `is\s+an\s+event\s+handler[^.]+\.[^.]+\.\s`),
			step(html(`"d1", "widget", { colour = "red" }`), `no\s+option\s+"colour"`),
			step(html(`"d1", "widget", {}, {}`), `at\s+most\s+one`),
		},
	})
}
