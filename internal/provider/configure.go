package provider

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/tavus/terraform-provider-tavus/internal/tavus"
)

const (
	defaultBaseURL        = "https://tavusapi.com"
	defaultMaxRetries     = 4
	defaultRequestTimeout = 30 * time.Second

	envAPIKey    = "TAVUS_API_KEY" //nolint:gosec // The name of a variable, not a key.
	envBaseURL   = "TAVUS_BASE_URL"
	envAllowHTTP = "TAVUS_ALLOW_HTTP"
	envUserAgent = "TF_APPEND_USER_AGENT"
)

// connection is what resources and data sources get of the provider. client is
// nil where an argument of the provider is not known while planning; unknown
// then names it.
type connection struct {
	client  *tavus.Client
	unknown string
}

// clientOrError returns the client, or says why there is none.
func (c *connection) clientOrError(diags *diag.Diagnostics) *tavus.Client {
	switch {
	case c == nil:
		diags.AddError("Provider not configured", "The provider has no configuration yet. This is a bug in the provider; please report it.")
		return nil
	case c.client == nil:
		diags.AddError("Provider argument not known yet",
			fmt.Sprintf("The provider's %s is not known while planning, but this step has to ask the Tavus API. "+
				"Create what %s comes from first (terraform apply -target=...), or plan without asking the server "+
				"(-refresh=false).", c.unknown, c.unknown))
		return nil
	}
	return c.client
}

// ValidateConfig finds what is wrong with the arguments themselves, before any request.
func (p *tavusProvider) ValidateConfig(ctx context.Context, req provider.ValidateConfigRequest, resp *provider.ValidateConfigResponse) {
	var model providerModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if isSet(model.APIKey) {
		checkAPIKey(&resp.Diagnostics, model.APIKey.ValueString())
	}
	if isSet(model.BaseURL) && !model.AllowHTTP.IsUnknown() {
		p.checkBaseURL(&resp.Diagnostics, model.BaseURL.ValueString(), model, "")
	}
	if isSet(model.RequestTimeout) {
		if d, err := time.ParseDuration(model.RequestTimeout.ValueString()); err != nil || d <= 0 {
			resp.Diagnostics.AddAttributeError(path.Root("request_timeout"), "Invalid duration",
				"request_timeout must be a Go duration above zero, such as \"30s\" or \"2m\".")
		}
	}
}

func (p *tavusProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var model providerModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	for name, value := range map[string]attr.Value{
		"api_key": model.APIKey, "base_url": model.BaseURL, "allow_http": model.AllowHTTP,
		"max_retries": model.MaxRetries, "request_timeout": model.RequestTimeout,
	} {
		if value.IsUnknown() {
			provide(resp, &connection{unknown: name})
			return
		}
	}
	client := p.client(model, req.TerraformVersion, &resp.Diagnostics)
	if client != nil {
		provide(resp, &connection{client: client})
	}
}

func provide(resp *provider.ConfigureResponse, c *connection) {
	resp.ResourceData = c
	resp.DataSourceData = c
	resp.ListResourceData = c
}

func (p *tavusProvider) client(model providerModel, terraformVersion string, diags *diag.Diagnostics) *tavus.Client {
	key := model.APIKey.ValueString()
	if model.APIKey.IsNull() {
		key = p.env(envAPIKey)
	}
	if key = strings.TrimSpace(key); key != "" {
		checkAPIKey(diags, key)
	} else {
		diags.AddAttributeError(path.Root("api_key"), "No API key",
			"The Tavus API needs a key. Set the provider's argument api_key, or the environment variable "+envAPIKey+".")
	}
	baseURL, source := model.BaseURL.ValueString(), ""
	if model.BaseURL.IsNull() {
		baseURL = defaultBaseURL
		if fromEnv := p.env(envBaseURL); fromEnv != "" {
			baseURL, source = fromEnv, " (from "+envBaseURL+")"
		}
	}
	p.checkBaseURL(diags, baseURL, model, source)
	if diags.HasError() {
		return nil
	}
	timeout := defaultRequestTimeout
	if d, err := time.ParseDuration(model.RequestTimeout.ValueString()); err == nil && d > 0 {
		timeout = d
	}
	retries := int64(defaultMaxRetries)
	if isSet(model.MaxRetries) {
		retries = model.MaxRetries.ValueInt64()
	}
	allowHTTP, _ := p.allowHTTP(model)
	// Here and not in ValidateConfig, which runs more than once in a plan.
	if allowHTTP && tavus.CheckBaseURL(baseURL, false) != nil {
		diags.AddAttributeWarning(path.Root("allow_http"), "API key in clear text",
			"The API key and everything else crosses the network unencrypted, because base_url is a plain http "+
				"address and allow_http is set. Use this with a simulator only.")
	}
	config := tavus.Config{
		APIKey:         key,
		BaseURL:        baseURL,
		AllowHTTP:      allowHTTP,
		MaxRetries:     int(retries),
		RequestTimeout: timeout,
		UserAgent:      p.userAgent(terraformVersion),
		Log:            p.log(),
	}
	if p.adjust != nil {
		p.adjust(&config)
	}
	client, err := tavus.New(config)
	if err != nil {
		diags.AddAttributeError(path.Root("base_url"), "Invalid provider configuration", sentence(err.Error()))
		return nil
	}
	return client
}

// checkAPIKey reports a key that no request can carry, at its own argument.
func checkAPIKey(diags *diag.Diagnostics, key string) {
	if strings.TrimSpace(key) == "" {
		diags.AddAttributeError(path.Root("api_key"), "Empty API key",
			"The API key is empty. Write a key of the Tavus account, or leave the argument out and set "+envAPIKey+".")
		return
	}
	if err := tavus.CheckHeaderValue(strings.TrimSpace(key)); err != nil {
		diags.AddAttributeError(path.Root("api_key"), "Invalid API key", "The API key "+err.Error()+".")
	}
}

// checkBaseURL reports a bad address at base_url.
func (p *tavusProvider) checkBaseURL(diags *diag.Diagnostics, baseURL string, model providerModel, source string) {
	allow, err := p.allowHTTP(model)
	if err != nil {
		diags.AddAttributeError(path.Root("allow_http"), "Invalid environment variable", sentence(err.Error()))
		return
	}
	if err := tavus.CheckBaseURL(baseURL, allow); err != nil {
		detail := fmt.Sprintf("base_url%s: %s", source, sentence(err.Error()))
		if tavus.CheckBaseURL(baseURL, true) == nil {
			detail += " For a simulator in a network of your own, set allow_http = true, or the environment variable " + envAllowHTTP + "."
		}
		diags.AddAttributeError(path.Root("base_url"), "Invalid base URL", detail)
		return
	}
}

func (p *tavusProvider) allowHTTP(model providerModel) (bool, error) {
	if !model.AllowHTTP.IsNull() {
		return model.AllowHTTP.ValueBool(), nil
	}
	text := p.env(envAllowHTTP)
	if text == "" {
		return false, nil
	}
	allow, err := strconv.ParseBool(text)
	if err != nil {
		return false, fmt.Errorf("the environment variable %s must be true or false", envAllowHTTP)
	}
	return allow, nil
}

// env is an environment variable without the line end or blanks that files and pipelines leave around it.
func (p *tavusProvider) env(name string) string { return strings.TrimSpace(p.getenv(name)) }

// userAgent has the form that Terraform providers use (RFC 9110, section 10.1.5).
func (p *tavusProvider) userAgent(terraformVersion string) string {
	agent := fmt.Sprintf("Terraform/%s (+https://www.terraform.io) terraform-provider-tavus/%s", terraformVersion, p.version)
	// What no header can carry is left out: it is for the server's statistics only.
	if more := p.env(envUserAgent); more != "" && tavus.CheckHeaderValue(more) == nil {
		agent += " " + more
	}
	return agent
}

// EnvLog is the environment variable that sets the level of the provider's own log
// (developer.hashicorp.com/terraform/plugin/log/managing).
const EnvLog = "TF_LOG_PROVIDER_TAVUS"

// log is nil where no line would come through, because making one takes time: what
// has to be masked in it is collected first.
func (p *tavusProvider) log() func(context.Context, string, map[string]any) {
	if strings.EqualFold(p.env(EnvLog), "off") {
		return nil
	}
	return logToTerraform
}

func logToTerraform(ctx context.Context, message string, fields map[string]any) {
	tflog.Debug(ctx, message, fields)
}

// isSet reports whether a value is known and not null.
func isSet(value attr.Value) bool {
	return !value.IsNull() && !value.IsUnknown()
}
