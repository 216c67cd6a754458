package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/tavus/terraform-provider-tavus/internal/tavus"
)

func TestConfigure_VariablesAreTrimmed(t *testing.T) {
	t.Parallel()
	variables := map[string]string{envAPIKey: " key-1\r\n", envBaseURL: "http://api.example \n", envAllowHTTP: "true\n"}
	var got tavus.Config
	p := &tavusProvider{
		version: "test", getenv: func(name string) string { return variables[name] }, adjust: func(c *tavus.Config) { got = *c },
	}
	var diags diag.Diagnostics
	if p.client(providerModel{}, "1.99.0", &diags) == nil || got.APIKey != "key-1" || got.BaseURL != "http://api.example" {
		t.Errorf("%v, %q, %q", diags, got.APIKey, got.BaseURL)
	}
}
