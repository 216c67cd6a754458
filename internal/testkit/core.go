package testkit

import (
	"context"
	"errors"
	"fmt"
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
	var err error
	if c.schemas, err = c.server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{}); err != nil {
		return nil, err
	}
	if err := c.judge(c.schemas.Diagnostics); err != nil {
		return nil, err
	}
	identities, err := c.server.GetResourceIdentitySchemas(ctx, &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		return nil, err
	}
	c.identities = identities.IdentitySchemas
	arguments := Config{"api_key": Key, "base_url": url}
	for name, value := range settings {
		arguments[name] = value
	}
	config, err := encode(c.schemas.Provider.ValueType(), arguments)
	if err != nil {
		return nil, err
	}
	valid, err := c.server.ValidateProviderConfig(ctx, &tfprotov6.ValidateProviderConfigRequest{Config: dynamic(config)})
	if err != nil {
		return nil, err
	}
	if err := c.judge(valid.Diagnostics); err != nil {
		return nil, err
	}
	resp, err := c.server.ConfigureProvider(ctx, &tfprotov6.ConfigureProviderRequest{TerraformVersion: "1.99.0", Config: dynamic(config)})
	if err != nil {
		return nil, err
	}
	err = c.judge(resp.Diagnostics)
	return c, err
}

// SetContext sets the context of the calls that follow, for tests that log or interrupt.
func (c *Core) SetContext(ctx context.Context) { c.ctx = ctx }

// Types are the names of all resource types.
func (c *Core) Types() []string {
	var names []string
	for name := range c.schemas.ResourceSchemas {
		names = append(names, name)
	}
	return names
}

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
	typ, ok := schema.ValueType().(tftypes.Object)
	if !ok {
		panic("the schema of " + typeName + " is no object")
	}
	r := &Resource{core: c, Address: address, Type: typeName, schema: schema, typ: typ}
	r.Forget()
	c.resources[address] = r
	return r
}

// judge sorts diagnostics into warnings and errors. The result holds all errors.
func (c *Core) judge(diagnostics []*tfprotov6.Diagnostic) error {
	c.Warnings, c.Errors = nil, nil
	for _, d := range diagnostics {
		problem := Problem{Path: pathText(d.Attribute), Summary: d.Summary, Detail: d.Detail}
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			c.Errors = append(c.Errors, problem)
		} else {
			c.Warnings = append(c.Warnings, problem)
		}
	}
	var all []error
	for _, problem := range c.Errors {
		all = append(all, errors.New(problem.String()))
	}
	return errors.Join(all...)
}

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
