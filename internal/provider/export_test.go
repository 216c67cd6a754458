package provider

import (
	"os"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/provider"

	"github.com/tavus/terraform-provider-tavus/internal/tavus"
)

// NewQuick is New with waits that are short enough for tests.
func NewQuick(version string) func() provider.Provider {
	return func() provider.Provider {
		return &tavusProvider{version: version, getenv: os.Getenv, adjust: func(c *tavus.Config) {
			c.RetryWait, c.ReadAgainWait, c.SearchWindow = time.Millisecond, time.Millisecond, 20*time.Millisecond
			c.PollWait = time.Millisecond
			c.RequestTimeout = 2 * time.Second
		}}
	}
}
