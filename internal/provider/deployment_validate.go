package provider

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// ValidateConfig finds mistakes that can be seen before any request. Each
// mistake gives one message.
func (r *deploymentResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	config := getDeployment(ctx, req.Config, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	validatePasswords(config, &resp.Diagnostics)
	warnOrigins(config, &resp.Diagnostics)
	warnLimits(config, &resp.Diagnostics)
}

func validatePasswords(config *deploymentModel, diags *diag.Diagnostics) {
	switch {
	case set(config.Password) && (set(config.PasswordWO) || set(config.PasswordWOVersion)):
		diags.AddAttributeError(path.Root("password"), "Two passwords",
			"password conflicts with password_wo and password_wo_version. Use password_wo with password_wo_version to keep "+
				"the password out of the state, or password alone.")
	case set(config.PasswordWO) && config.PasswordWOVersion.IsNull():
		diags.AddAttributeError(path.Root("password_wo"), "No password version",
			"password_wo needs password_wo_version: Terraform cannot compare a write-only password, so it is sent when the version changes. "+
				"Write password_wo_version = \"1\" and change it with each new password.")
	case set(config.PasswordWOVersion) && config.PasswordWO.IsNull():
		diags.AddAttributeError(path.Root("password_wo_version"), "No write-only password",
			"password_wo_version needs password_wo. To remove the password, remove both arguments.")
	}
}

// warnOrigins helps with origins that no browser will ever send. A browser sends
// scheme, host and a port that is not the scheme's own, in lower case (RFC 6454,
// section 6.2).
func warnOrigins(config *deploymentModel, diags *diag.Diagnostics) {
	if !set(config.AllowedOrigins) {
		return
	}
	// One warning for all of them: Terraform shows the first of several warnings
	// with the same summary, and only counts the others.
	var problems []string
	for _, element := range config.AllowedOrigins.Elements() {
		origin, ok := element.(types.String)
		if !ok || origin.IsUnknown() {
			continue
		}
		if origin.IsNull() {
			diags.AddAttributeError(path.Root("allowed_origins"), "Null origin",
				"allowed_origins holds null. Leave the element out.")
			continue
		}
		if problem, right := originProblem(origin.ValueString()); problem != "" {
			text := fmt.Sprintf("%q: %s", origin.ValueString(), problem)
			if right != "" {
				text += fmt.Sprintf("; write %q", right)
			}
			problems = append(problems, text)
		}
	}
	if len(problems) > 0 {
		slices.Sort(problems)
		diags.AddAttributeWarning(path.Root("allowed_origins"), "Origin that never matches",
			"No browser sends an origin like this:\n\n  - "+strings.Join(problems, "\n  - "))
	}
	if config.Channel.ValueString() == "landing-page" && len(config.AllowedOrigins.Elements()) > 0 {
		diags.AddAttributeWarning(path.Root("allowed_origins"), "Allowed origins on a landing page",
			"A landing page is hosted by Tavus and stands on no page of yours, so allowed_origins has nothing to allow.")
	}
}

var schemePorts = map[string]string{"http": "80", "https": "443"}

// originProblem says what is wrong with an origin, and its right form where
// that can be told. Wildcards and custom schemes are left alone: a server may
// know them.
func originProblem(origin string) (problem, right string) {
	if origin == "*" || origin == "null" {
		return "", ""
	}
	if trimmed := strings.TrimSpace(origin); trimmed != origin || origin == "" {
		return "it is empty or has white space around it", trimmed
	}
	if !strings.Contains(origin, "://") {
		host, _, _ := strings.Cut(origin, "/")
		return "it has no scheme", "https://" + strings.ToLower(host)
	}
	parsed, err := url.Parse(origin)
	if err != nil || parsed.Host == "" {
		if strings.Contains(origin, "*") {
			return "", ""
		}
		return "it is not scheme://host", ""
	}
	lower := strings.ToLower(parsed.Host)
	host := lower
	if port := parsed.Port(); port != "" && schemePorts[strings.ToLower(parsed.Scheme)] == port {
		host = strings.TrimSuffix(host, ":"+port)
	}
	right = strings.ToLower(parsed.Scheme) + "://" + host
	switch {
	case parsed.User != nil:
		return "it has a user", right
	case parsed.Path == "/" && parsed.RawQuery == "" && parsed.Fragment == "":
		return "it has a trailing slash", right
	case parsed.Path != "" || parsed.RawQuery != "" || parsed.ForceQuery || parsed.Fragment != "" || strings.HasSuffix(origin, "#"):
		return "it has more than scheme, host and port", right
	case host != lower:
		return "browsers leave the usual port out", right
	case origin != right:
		return "it has upper case letters", right
	}
	return "", ""
}

// knownLimits are the keys of limits that the documentation gives as integers
// (docs.tavus.io/api-reference/deployments).
var knownLimits = []string{"daily_call_limit_per_user", "max_call_duration"}

func warnLimits(config *deploymentModel, diags *diag.Diagnostics) {
	limits, err := config.parsed("limits")
	if err != nil || limits == nil {
		return // the validator says so
	}
	kinds := limits.Kinds()
	for _, key := range slices.Sorted(slices.Values(knownLimits)) {
		if kind, ok := kinds[key]; ok && kind != "a number" {
			diags.AddAttributeWarning(path.Root("limits"), "Limit that is not a number",
				fmt.Sprintf("limits.%s is %s; the API documents a whole number.", key, kind))
		}
	}
}
