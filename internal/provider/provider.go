// Package provider is the Terraform side: an engine that knows no kind of object, and one
// file for each kind that says what it is. It sends no HTTP request itself; that is package
// tavus. Which leaves of an object Terraform owns is decided by package ownership.
//
// # The engine
//
//	kind.go           what a kind is: its endpoints, its fields, its secrets
//	resource.go       the resource of a kind: validation, import, delete
//	schema.go         the schemas that are made of the rows
//	values.go         the attributes of an object in Terraform's own form
//	codec.go          these values to a document of the API, and back; nested.go: objects in them
//	plan.go           the whole plan, without a request; warn_texts.go: warnings about JSON texts
//	complete.go       what a nested value leaves out, from the state or from the server
//	read.go           the server's document to the state
//	create.go         a create, from the plan to the state
//	update.go         an update, from the plan to the state, and refusals that can be overruled
//	write.go          the body of an update for what the server holds
//	private_state.go  the record of what was sent and answered, as digests
//	await.go          the wait for objects that the server goes on with; action.go: requests of triggers
//	secret.go         values that the API takes and never shows
//	explain.go        errors and warnings in words
//	lookup.go         objects by name; data.go, list.go: data sources and terraform query
//	move.go           moved blocks from generic REST providers; embed_html.go: the function
//	configure.go      the provider's own arguments; server.go: the process that Terraform talks to
//
// # The kinds
//
// deployment.go, pal.go, tool.go and so on; origins.go, password.go and tool_check.go check what is written
// in them. CONTRIBUTING.md shows how a kind is added.
package provider

import (
	"context"
	"os"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tavus/terraform-provider-tavus/internal/tavus"
)

// Address is where the provider is registered. It is a placeholder until
// somebody publishes the provider.
const Address = "registry.terraform.io/tavus/tavus"

// providerName is the first word of every resource type.
const providerName = "tavus"

var (
	_ provider.Provider                   = (*tavusProvider)(nil)
	_ provider.ProviderWithValidateConfig = (*tavusProvider)(nil)
	_ provider.ProviderWithListResources  = (*tavusProvider)(nil)
	_ provider.ProviderWithFunctions      = (*tavusProvider)(nil)
)

type tavusProvider struct {
	version string
	getenv  func(string) string
	// adjust changes what the client is made of. It is nil outside tests, which
	// shorten the waits.
	adjust func(*tavus.Config)
}

type providerModel struct {
	APIKey         types.String `tfsdk:"api_key"`
	BaseURL        types.String `tfsdk:"base_url"`
	AllowHTTP      types.Bool   `tfsdk:"allow_http"`
	MaxRetries     types.Int64  `tfsdk:"max_retries"`
	RequestTimeout types.String `tfsdk:"request_timeout"`
}

// New returns the constructor of the provider. version is sent in the user agent.
func New(version string) func() provider.Provider {
	return func() provider.Provider {
		return &tavusProvider{version: version, getenv: os.Getenv}
	}
}

func (p *tavusProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = providerName
	resp.Version = p.version
}

func (p *tavusProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Manages agents of Tavus (conversational video): PALs, what they know and can do, and the deployments that show them. " +
			"This is not an official Tavus product.",
		Attributes: map[string]schema.Attribute{
			"api_key": schema.StringAttribute{
				MarkdownDescription: "API key of the Tavus account. If left out, the environment variable `TAVUS_API_KEY` " +
					"is used. Can be an ephemeral value.",
				Optional:  true,
				Sensitive: true,
			},
			"base_url": schema.StringAttribute{
				MarkdownDescription: "Address of the API. If left out, the environment variable `TAVUS_BASE_URL` is used, " +
					"else `" + defaultBaseURL + "`. It must be an `https` address; plain `http` is taken for loopback " +
					"addresses, and for others with `allow_http`.",
				Optional: true,
			},
			"allow_http": schema.BoolAttribute{
				MarkdownDescription: "Whether `base_url` may be a plain `http` address beyond loopback, for example of a " +
					"simulator in a test network. The API key then crosses the network in clear text. If left out, the " +
					"environment variable `TAVUS_ALLOW_HTTP` (`true` or `false`) is used, else `false`.",
				Optional: true,
			},
			"max_retries": schema.Int64Attribute{
				Validators: []validator.Int64{int64validator.Between(0, 1000)},
				MarkdownDescription: "How often a request that failed is repeated where that is safe, a whole number, 0 or more. Waiting " +
					"because of a rate limit (429) does not count. If left out, 4.",
				Optional: true,
			},
			"request_timeout": schema.StringAttribute{
				MarkdownDescription: "How long one request may take, as a Go duration such as `45s` or `2m`. If left " +
					"out, `30s`.",
				Optional: true,
			},
		},
	}
}

func (p *tavusProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{
		deployments.newResource,
		dictionaries.newResource,
		documents.newResource,
		guardrails.newResource,
		objectives.newResource,
		pals.newResource,
		newPalTools,
		skills.newResource,
		tools.newResource,
	}
}

func (p *tavusProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{
		deployments.newDataSource, deployments.newListDataSource,
		dictionaries.newDataSource,
		documents.newDataSource, documents.newListDataSource,
		faces.newDataSource, faces.newListDataSource,
		guardrails.newDataSource,
		objectives.newDataSource,
		pals.newDataSource, pals.newListDataSource,
		tools.newDataSource, tools.newListDataSource,
		voices.newDataSource, voices.newListDataSource,
	}
}

func (p *tavusProvider) ListResources(context.Context) []func() list.ListResource {
	return []func() list.ListResource{
		deployments.newListResource,
		dictionaries.newListResource,
		documents.newListResource,
		guardrails.newListResource,
		objectives.newListResource,
		pals.newListResource,
		tools.newListResource,
	}
}

func (p *tavusProvider) Functions(context.Context) []func() function.Function {
	return []func() function.Function{NewEmbedHTMLFunction}
}
