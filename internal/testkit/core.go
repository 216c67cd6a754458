package testkit

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Key is the API key of a core that the test does not give another one.
const Key = "key-of-the-test"

// Problem is a diagnostic.
type Problem struct {
	// Path is the attribute in Terraform's words, such as limits.max_call_duration; empty: none.
	Path, Summary, Detail string
}

func (p Problem) String() string {
	text := p.Summary + ": " + p.Detail
	if p.Path != "" {
		text = p.Path + ": " + text
	}
	return text
}

// Core does what Terraform core does, over the plugin protocol. It is not safe for concurrent
// use; several cores are.
type Core struct {
	// Warnings and Errors are the diagnostics of the last call. A plan keeps its own, too.
	Warnings, Errors []Problem

	ctx        context.Context //nolint:containedctx // The run of Terraform that this is has one context.
	server     tfprotov6.ProviderServer
	schemas    *tfprotov6.GetProviderSchemaResponse
	identities map[string]*tfprotov6.ResourceIdentitySchema
	resources  map[string]*Resource
}

// NewCore configures a provider for a server. settings are further arguments of the provider's
// block; api_key is [Key] if it is not among them. The error is that of the configuration.
func NewCore(implementation provider.Provider, url string, settings Config) (*Core, error) {
	ctx := context.Background()
	c := &Core{ctx: ctx, server: providerserver.NewProtocol6(implementation)(), resources: map[string]*Resource{}}
	c.schemas = must(c.server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{}))
	if err := c.judge(c.schemas.Diagnostics); err != nil {
		return nil, err
	}
	c.identities = must(c.server.GetResourceIdentitySchemas(ctx, &tfprotov6.GetResourceIdentitySchemasRequest{})).IdentitySchemas
	arguments := Config{"api_key": Key, "base_url": url}
	maps.Copy(arguments, settings)
	config := dynamic(encode(c.schemas.Provider.ValueType(), arguments))
	valid := must(c.server.ValidateProviderConfig(ctx, &tfprotov6.ValidateProviderConfigRequest{Config: config}))
	if err := c.judge(valid.Diagnostics); err != nil {
		return nil, err
	}
	resp := must(c.server.ConfigureProvider(ctx, &tfprotov6.ConfigureProviderRequest{TerraformVersion: "1.99.0", Config: config}))
	err := c.judge(resp.Diagnostics)
	return c, err
}

// Share is another core on the same process of the provider, with a state and diagnostics of its
// own, so that both can be used at the same time.
func (c *Core) Share() *Core {
	return &Core{ctx: c.ctx, server: c.server, schemas: c.schemas, identities: c.identities, resources: map[string]*Resource{}}
}

// SetContext sets the context of the calls that follow, for tests that log or interrupt.
func (c *Core) SetContext(ctx context.Context) { c.ctx = ctx }

// Resource returns the resource with an address, such as "tavus_deployment.docs". The part
// before the dot is its type. The first call makes one without a state; a type that the
// provider does not have panics.
func (c *Core) Resource(address string) *Resource {
	if r := c.resources[address]; r != nil {
		return r
	}
	typeName, _, _ := strings.Cut(address, ".")
	schema := c.schemas.ResourceSchemas[typeName]
	if schema == nil {
		panic("the provider has no resource type " + typeName)
	}
	r := &Resource{core: c, Address: address, Type: typeName, schema: schema}
	r.Forget()
	c.resources[address] = r
	return r
}

// judge sorts diagnostics into warnings and errors. The result holds all errors.
func (c *Core) judge(diagnostics []*tfprotov6.Diagnostic) error {
	c.clear()
	var all []error
	for _, d := range diagnostics {
		problem := Problem{Path: pathText(d.Attribute), Summary: d.Summary, Detail: d.Detail}
		if d.Severity != tfprotov6.DiagnosticSeverityError {
			c.Warnings = append(c.Warnings, problem)
			continue
		}
		c.Errors = append(c.Errors, problem)
		all = append(all, errors.New(problem.String()))
	}
	return errors.Join(all...)
}

func (c *Core) clear() { c.Warnings, c.Errors = nil, nil }

// Said is every diagnostic of the last call, one a line.
func (c *Core) Said() string { return Lines(c.Errors, c.Warnings) }

// Lines are diagnostics, one a line.
func Lines(lists ...[]Problem) string {
	var b strings.Builder
	for _, list := range lists {
		for _, problem := range list {
			fmt.Fprintln(&b, problem)
		}
	}
	return b.String()
}

// pathText is a path as Terraform shows it, such as limits.max_call_duration.
func pathText(path *tftypes.AttributePath) string {
	text := ""
	for _, step := range path.Steps() {
		switch step := step.(type) {
		case tftypes.AttributeName:
			text = join(text, string(step))
		default:
			text += fmt.Sprintf("[%v]", step)
		}
	}
	return text
}
