package provider

import (
	"os"

	"github.com/hashicorp/terraform-plugin-framework/provider"

	"github.com/tavus/terraform-provider-tavus/internal/tavus"
)

// NewAdjusted is New for tests that need other waits than a user does.
func NewAdjusted(version string, adjust func(*tavus.Config)) func() provider.Provider {
	return func() provider.Provider {
		return &tavusProvider{version: version, getenv: os.Getenv, adjust: adjust}
	}
}

// SameURL is sameURL.
var SameURL = sameURL

// SameTime is sameTime.
var SameTime = sameTime
