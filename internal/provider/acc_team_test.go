package provider_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/compare"
	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

// teamConfig is what a platform team writes: a widget on its docs site, an inline
// embed on the product page, and a landing page for a campaign.
const teamConfig = `
variable "accent" { default = "#0b5fff" }
variable "minutes" { default = 10 }
variable "campaign_password" {
  type      = string
  sensitive = true
}

locals {
  theme = { magic_canvas = { accent_color = var.accent } }
}

resource "tavus_deployment" "docs" {
  name    = "Docs site"
  pal_id  = "p5317866"
  channel = "widget"
  customization = jsonencode(merge(local.theme, {
    show_haircheck = false
    widget         = { text = "Ask the docs" }
    preview        = { title = "Questions?", description = "We know <every> page & more." }
  }))
  limits          = jsonencode({ max_call_duration = var.minutes * 60, daily_call_limit_per_user = 5 })
  allowed_origins = ["https://docs.example.com", "http://localhost:3000"]
}

resource "tavus_deployment" "product" {
  name            = "Product page"
  pal_id          = "p7c20e4a"
  channel         = "embed"
  status          = "active"
  customization   = jsonencode(merge(local.theme, { after_call = { title = "Thank you", description = null } }))
  limits          = jsonencode({ max_call_duration = var.minutes * 60 })
  allowed_origins = ["https://www.example.com"]
}

resource "tavus_deployment" "campaign" {
  name          = "Spring campaign"
  pal_id        = "p91b3d05"
  channel       = "landing-page"
  status        = "draft"
  customization = jsonencode(merge(local.theme, { preview = { title = "Frühling", btn_title = "Los" } }))
  limits        = jsonencode({ daily_call_limit_per_user = 1 })
  password      = var.campaign_password
}
`

// teamOutput stands apart, because a scratch state that holds only what was
// imported has no value for it.
const teamOutput = `
output "docs_id" {
  value = tavus_deployment.docs.deployment_id
}
`

var team = []string{"docs", "product", "campaign"}

// all checks that the plan has one action for the whole team.
func all(want plancheck.ResourceActionType) resource.ConfigPlanChecks {
	var checks []plancheck.PlanCheck
	for _, name := range team {
		checks = append(checks, action(resourceType+"."+name, want).PreApply...)
	}
	return resource.ConfigPlanChecks{PreApply: checks}
}

// named returns the document of the deployment with the name.
func (f *fake) named(name string) (id string, doc map[string]any) {
	for _, id := range f.IDs() {
		if doc, _ := f.Document(id); doc["name"] == name {
			return id, doc
		}
	}
	return "", nil
}

// teamOnServer checks what the server holds of the three deployments.
func (f *fake) teamOnServer(accent, seconds, password, docsPreview string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		_, docs := f.named("Docs site")
		_, product := f.named("Product page")
		id, campaign := f.named("Spring campaign")
		held, _ := f.Password(id)
		if held != password || campaign["status"] != "draft" || product["status"] != "active" {
			return fmt.Errorf("campaign: password %q, %v; product: %v", held, campaign["status"], product["status"])
		}
		// The server's own defaults stand beside what the configuration has.
		return errors.Join(
			sameJSON("docs", docs["customization"], `{"magic_canvas":{"accent_color":"`+accent+`"},"show_haircheck":false,
				"widget":{"text":"Ask the docs"},"preview":`+docsPreview+`,
				"theme":{"mode":"light","radius":8}}`),
			sameJSON("docs limits", docs["limits"], `{"max_call_duration":`+seconds+`,"daily_call_limit_per_user":5}`),
			sameJSON("docs origins", docs["allowed_origins"], `["http://localhost:3000","https://docs.example.com"]`),
			sameJSON("product", product["customization"], `{"magic_canvas":{"accent_color":"`+accent+`"},"after_call":{"title":"Thank you"},
				"show_haircheck":true,"theme":{"mode":"light","radius":8},"widget":{"text":"Talk to us"}}`),
			sameJSON("campaign", lookup(campaign, "customization", "preview"), `{"title":"Frühling","btn_title":"Los"}`),
			sameJSON("campaign limits", campaign["limits"], `{"max_call_duration":3600,"daily_call_limit_per_user":1}`),
		)
	}
}

func TestAccTeam(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{})
	variables := func(accent string, minutes int, password string) config.Variables {
		return config.Variables{
			"accent": config.StringVariable(accent), "minutes": config.IntegerVariable(minutes),
			"campaign_password": config.StringVariable(password),
		}
	}
	// The ids stand in customers' pages: they never change.
	docs, product := statecheck.CompareValue(compare.ValuesSame()), statecheck.CompareValue(compare.ValuesSame())
	sameIDs := func(more ...statecheck.StateCheck) []statecheck.StateCheck {
		return append(more,
			docs.AddStateValue(resourceType+".docs", tfjsonpath.New("deployment_id")),
			product.AddStateValue(resourceType+".product", tfjsonpath.New("id")))
	}
	const edited = `{"title":"Questions?","description":"We know <every> page & more.","btn_title":"Start"}`
	text := f.provider() + teamConfig + teamOutput
	f.run(t, resource.TestCase{
		Steps: []resource.TestStep{
			{
				Config: text, ConfigVariables: variables("#0b5fff", 10, "primavera"),
				ConfigPlanChecks: all(plancheck.ResourceActionCreate),
				Check:            f.teamOnServer("#0b5fff", "600", "primavera", `{"title":"Questions?","description":"We know <every> page & more."}`),
				ConfigStateChecks: sameIDs(
					statecheck.ExpectKnownValue(resourceType+".campaign", tfjsonpath.New("has_password"), knownvalue.Bool(true)),
					statecheck.ExpectSensitiveValue(resourceType+".campaign", tfjsonpath.New("password")),
					statecheck.ExpectKnownValue(resourceType+".docs", tfjsonpath.New("has_password"), knownvalue.Bool(false)),
					statecheck.ExpectKnownValue(resourceType+".docs", tfjsonpath.New("status"), knownvalue.StringExact("active")),
					statecheck.ExpectKnownOutputValue("docs_id", knownvalue.NotNull()),
				),
			},
			{
				// The team changes the theme, the limits and the password, while
				// people work in the portal.
				PreConfig: func() {
					id, _ := f.named("Docs site")
					f.portal(t, id, "Start", "customization", "preview", "btn_title")
				},
				Config: text, ConfigVariables: variables("#ff5f0b", 5, "verano"),
				ConfigPlanChecks:  all(plancheck.ResourceActionUpdate),
				Check:             f.teamOnServer("#ff5f0b", "300", "verano", edited),
				ConfigStateChecks: sameIDs(),
			},
			{
				// Somebody changes in the portal what Terraform owns.
				PreConfig: func() {
					id, _ := f.named("Product page")
					f.portal(t, id, "#000000", "customization", "magic_canvas", "accent_color")
				},
				Config: text, ConfigVariables: variables("#ff5f0b", 5, "verano"),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(resourceType+".docs", plancheck.ResourceActionNoop),
					plancheck.ExpectResourceAction(resourceType+".product", plancheck.ResourceActionUpdate),
					plancheck.ExpectResourceAction(resourceType+".campaign", plancheck.ResourceActionNoop),
				}},
				Check:             f.teamOnServer("#ff5f0b", "300", "verano", edited),
				ConfigStateChecks: sameIDs(),
			},
			{
				ResourceName: resourceType + ".product", ImportState: true, Config: f.provider() + teamConfig,
				ConfigVariables: variables("#ff5f0b", 5, "verano"), ImportStateVerify: true,
				// An import takes the whole document.
				ImportStateVerifyIgnore: []string{"customization", "limits"},
			},
		},
	})
}
