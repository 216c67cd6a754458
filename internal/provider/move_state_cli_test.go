package provider_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	fw "github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

// generic is a provider with one resource that only keeps what it is given. Its
// states look like those of the generic REST providers.
type generic struct {
	typeName, resource string
	attributes         map[string]schema.Attribute
}

func (g *generic) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = g.typeName
}

func (*generic) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}

func (*generic) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {}

func (*generic) DataSources(context.Context) []func() datasource.DataSource { return nil }

func (g *generic) Resources(context.Context) []func() fw.Resource {
	return []func() fw.Resource{func() fw.Resource { return &genericResource{g} }}
}

type genericResource struct{ of *generic }

func (g *genericResource) Metadata(_ context.Context, _ fw.MetadataRequest, resp *fw.MetadataResponse) {
	resp.TypeName = g.of.typeName + "_" + g.of.resource
}

func (g *genericResource) Schema(_ context.Context, _ fw.SchemaRequest, resp *fw.SchemaResponse) {
	resp.Schema = schema.Schema{Attributes: g.of.attributes}
}

func (*genericResource) Create(_ context.Context, req fw.CreateRequest, resp *fw.CreateResponse) {
	resp.State.Raw = req.Plan.Raw
}
func (*genericResource) Read(context.Context, fw.ReadRequest, *fw.ReadResponse) {}
func (*genericResource) Update(_ context.Context, req fw.UpdateRequest, resp *fw.UpdateResponse) {
	resp.State.Raw = req.Plan.Raw
}
func (*genericResource) Delete(context.Context, fw.DeleteRequest, *fw.DeleteResponse) {}

// A moved block from each generic provider, by the real CLI: no deployment is
// made or lost, the plan has no change, and the ID stays.
func TestAccMoved(t *testing.T) {
	t.Parallel()
	restapi := &generic{"restapi", "object", map[string]schema.Attribute{
		"id": schema.StringAttribute{Required: true}, "path": schema.StringAttribute{Required: true},
		"data": schema.StringAttribute{Required: true}, "api_response": schema.StringAttribute{Optional: true},
	}}
	restful := &generic{"restful", "resource", map[string]schema.Attribute{
		"id": schema.StringAttribute{Required: true}, "path": schema.StringAttribute{Required: true},
		"body": schema.DynamicAttribute{Required: true}, "output": schema.DynamicAttribute{Optional: true},
	}}
	for _, source := range []struct {
		of        *generic
		arguments string // %s is the ID
	}{
		{restapi, "  id = %q\n  path = \"/v2/deployments\"\n  data = jsonencode({ pal_id = \"p5317866\", channel = \"widget\" })\n"},
		{restful, "  id = \"/v2/deployments/%s\"\n  path = \"/v2/deployments\"\n  body = { pal_id = \"p5317866\", channel = \"widget\" }\n"},
	} {
		t.Run(source.of.typeName, func(t *testing.T) {
			t.Parallel()
			f := newFake(t, simulator.Options{})
			id := f.Put(map[string]any{
				"pal_id": pal, "channel": "widget", "name": "Docs",
				"customization": map[string]any{"widget": map[string]any{"text": "Ask"}, "theme": "dark"},
			})
			name := source.of.typeName + "_" + source.of.resource
			all := factories()
			all[source.of.typeName] = func() (tfprotov6.ProviderServer, error) {
				return providerserver.NewProtocol6WithError(source.of)()
			}
			moved := f.config(fmt.Sprintf("  pal_id = %q\n  channel = \"widget\"\n  name = \"Docs\"\n  customization = jsonencode({ widget = { text = \"Ask\" } })\n", pal)) +
				fmt.Sprintf("moved {\n  from = %s.old\n  to = %s\n}\n", name, address)
			if os.Getenv("TF_ACC") == "" {
				t.Skip("acceptance tests need TF_ACC=1; make test runs them on every CLI that it finds")
			}
			resource.Test(t, resource.TestCase{
				TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_8_0)},
				ProtoV6ProviderFactories: all,
				CheckDestroy: func(*terraform.State) error {
					if ids := f.IDs(); len(ids) > 0 {
						return fmt.Errorf("deployments are left on the server: %v", ids)
					}
					return nil
				},
				Steps: quietSteps([]resource.TestStep{
					{Config: f.provider() + fmt.Sprintf("resource %q \"old\" {\n"+source.arguments+"}\n", name, id)},
					{
						Config:           moved,
						ConfigPlanChecks: action(address, plancheck.ResourceActionNoop),
						Check: resource.ComposeTestCheckFunc(
							resource.TestCheckResourceAttr(address, "deployment_id", id),
							resource.TestCheckResourceAttr(address, "has_password", "false"),
							resource.TestCheckResourceAttrWith(address, "customization", func(text string) error {
								if !strings.Contains(text, "theme") {
									return fmt.Errorf("not the whole document: %s", text)
								}
								return nil
							}),
						),
					},
					{
						PreConfig:        func() { f.readsOnly(t) },
						Config:           strings.Replace(moved, `name = "Docs"`, `name = "Docs 2"`, 1),
						ConfigPlanChecks: action(address, plancheck.ResourceActionUpdate),
						Check: func(*terraform.State) error {
							_, doc := f.only(t)
							if doc["name"] != "Docs 2" || lookup(doc, "customization", "theme") != "dark" {
								return fmt.Errorf("after a change: %v", doc)
							}
							return nil
						},
					},
				}),
			})
		})
	}
}
