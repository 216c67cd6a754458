package provider

import (
	"context"
	"os"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/provider"

	"github.com/tavus/terraform-provider-tavus/internal/tavus"
)

// NewForLaws is New with waits that suit thousands of scenarios: a hanging server is given up
// soon. log gets the lines of the client; nil: they go where they always go.
func NewForLaws(log func(ctx context.Context, message string, fields map[string]any)) provider.Provider {
	return &tavusProvider{version: "test", getenv: os.Getenv, adjust: func(c *tavus.Config) {
		c.RetryWait, c.ReadAgainWait, c.SearchWindow = time.Millisecond, time.Millisecond, 30*time.Millisecond
		c.PollWait = time.Millisecond
		if c.RequestTimeout == defaultRequestTimeout {
			c.RequestTimeout = 2 * time.Second // a busy machine must not look like a hang
		}
		if log != nil {
			c.Log = log
		}
	}}
}
