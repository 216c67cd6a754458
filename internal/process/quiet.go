// Package process is what the provider does as a process of its own: its log,
// and its end.
package process

import (
	"strings"

	"github.com/tavus/terraform-provider-tavus/internal/provider"
)

// Quiet turns logs off where nobody asks for any. Terraform then reads every line
// that a provider logs, at every level, and drops it: a tenth of the provider's time
// and more of Terraform's. With any variable TF_LOG... but "off", all stays as it is
// (developer.hashicorp.com/terraform/plugin/log/managing).
func Quiet(environ []string, setenv func(key, value string) error) {
	for _, setting := range environ {
		name, value, _ := strings.Cut(setting, "=")
		if strings.HasPrefix(name, "TF_LOG") && value != "" && !strings.EqualFold(value, "off") {
			return
		}
	}
	for _, name := range []string{"TF_LOG_SDK", provider.EnvLog} {
		// A name like these can always be set; if not, there are more logs.
		_ = setenv(name, "OFF")
	}
}
