package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/querycheck"
	"github.com/hashicorp/terraform-plugin-testing/querycheck/queryfilter"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

const queryFile = "list \"tavus_deployment\" \"all\" {\n  provider = tavus\n  limit    = 1000\n%s}\n"

// needsQuery skips a test on a CLI that has no `query`: Terraform before 1.14, and
// OpenTofu.
func needsQuery(t *testing.T) {
	t.Helper()
	if cli, err := findCLI(); err == nil && cli.tofu { // without a CLI, f.cli says so
		t.Skip("list resources need Terraform 1.14")
	}
	needsVersion(t, "1.14.0", "list resources need Terraform 1.14")
}

// needsWriteOnly skips a test on a CLI that has no write-only arguments: Terraform and
// OpenTofu before 1.11.
func needsWriteOnly(t *testing.T) {
	t.Helper()
	needsVersion(t, "1.11.0", "write-only arguments need Terraform or OpenTofu 1.11")
}

func needsVersion(t *testing.T, lowest, reason string) {
	t.Helper()
	if cli, err := findCLI(); err == nil && cli.version.LessThan(version.Must(version.NewVersion(lowest))) {
		t.Skip(reason)
	}
}

// The short run makes do with 110 deployments, two pages.
func TestAccQueryAdoptsAnAccount(t *testing.T) {
	t.Parallel()
	count := 110
	if isLong() {
		count = 250
	}
	for name, options := range map[string]simulator.Options{
		"whole items":   {},
		"partial items": {Items: simulator.ItemsPartial, ListShape: simulator.ListBare, PagesFrom: simulator.PagesFrom0, PageCap: 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t, options)
			w := f.cli(t)
			needsQuery(t)
			ids := f.fill(count)
			w.main("")
			w.file("all.tfquery.hcl", fmt.Sprintf(queryFile, ""))
			out := w.must(0, "query", "-generate-config-out=generated.tf")
			for _, id := range ids {
				if !strings.Contains(out, id) {
					t.Fatalf("%s is not listed", id)
				}
			}
			w.wantPlan(fmt.Sprintf("Plan: %d to import, 0 to add, 0 to change, 0 to destroy.", count))
			w.apply()
			f.readsOnly(t)
			w.quiet()
			f.readsOnly(t)
			if passwords := strings.Count(w.read("terraform.tfstate"), "a password of the portal"); passwords > 0 {
				t.Errorf("a password stands in the state %d times", passwords)
			}
		})
	}
}

// wantPlan asserts the last line of a plan.
func (w *cliFolder) wantPlan(want string) {
	w.t.Helper()
	if out := w.must(0, "plan"); !strings.Contains(out, want) {
		w.t.Fatalf("the plan does not say %q:\n%s", want, out)
	}
}

// The default limit of Terraform does not hide deployments silently.
func TestAccQueryDefaultLimit(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{})
	w := f.cli(t)
	needsQuery(t)
	f.fill(120)
	w.main("")
	w.file("all.tfquery.hcl", "list \"tavus_deployment\" \"all\" {\n  provider = tavus\n}\n")
	out := w.must(0, "query")
	if n := strings.Count(out, "deployment_id="); n != 100 || !strings.Contains(out, "More deployments than the limit") {
		t.Errorf("%d deployments, and no warning:\n%s", n, out)
	}
}

func TestAccQueryShowsErrors(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{PageCap: 3})
	w := f.cli(t)
	needsQuery(t)
	f.fill(9)
	w.main("")
	w.file("all.tfquery.hcl", fmt.Sprintf(queryFile, ""))
	f.SetFaults(func(_ int, r simulator.Request) *simulator.Fault {
		if strings.Contains(r.Query, "page=2") {
			return &simulator.Fault{Kind: simulator.FaultStatus, Status: 403}
		}
		return nil
	})
	out := w.must(1, "query")
	for _, want := range []string{"Cannot list the deployments", "403", "Check the API key"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
}

func TestAccQuerySteps(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{})
	f.run(t, resource.TestCase{
		TerraformVersionChecks: []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_14_0)},
		Steps: []resource.TestStep{
			{Config: f.config(`
  pal_id        = "p5317866"
  channel       = "widget"
  name          = "Docs site"
  customization = jsonencode({ widget = { text = "Ask" } })
`)},
			{
				Query: true,
				Config: `
list "tavus_deployment" "docs" {
  provider         = tavus
  include_resource = true
  config {
    pal_id  = "p5317866"
    search  = "docs"
    status  = "active"
    channel = "widget"
  }
}
list "tavus_deployment" "none" {
  provider = tavus
  config {
    channel = "landing-page"
  }
}
`,
				QueryResultChecks: []querycheck.QueryResultCheck{
					querycheck.ExpectLength("tavus_deployment.docs", 1),
					querycheck.ExpectLength("tavus_deployment.none", 0),
					querycheck.ExpectIdentity("tavus_deployment.docs", map[string]knownvalue.Check{"deployment_id": knownvalue.NotNull()}),
					querycheck.ExpectResourceKnownValues("tavus_deployment.docs",
						queryfilter.ByResourceIdentity(map[string]knownvalue.Check{"deployment_id": knownvalue.NotNull()}),
						[]querycheck.KnownValueCheck{
							{Path: tfjsonpath.New("name"), KnownValue: knownvalue.StringExact("Docs site")},
							{Path: tfjsonpath.New("channel"), KnownValue: knownvalue.StringExact("widget")},
						}),
				},
			},
		},
	})
}
