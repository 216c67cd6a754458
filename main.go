// Command terraform-provider-tavus is a Terraform provider for Tavus, whose
// deployments publish conversational video agents. It is started by Terraform
// or OpenTofu, not by hand.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/tavus/terraform-provider-tavus/internal/provider"
)

// version is set by the linker, see .goreleaser.yml.
var version = "dev"

func main() {
	debug := flag.Bool("debug", false, "start for a debugger such as delve, and print how Terraform can attach")
	flag.Parse()
	if !*debug {
		// In debug mode there is no Terraform that drops logs, or that ends the provider.
		quiet(os.Environ(), os.Setenv)
		go finishBeforeTheEnd(os.Getppid())
	}

	err := providerserver.Serve(context.Background(), provider.New(version), providerserver.ServeOpts{
		Address:         provider.Address,
		Debug:           *debug,
		ProtocolVersion: 6,
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, "terraform-provider-tavus:", err)
		os.Exit(1)
	}
}

// quiet turns logs off where nobody asks for any. Terraform then reads every line
// that a provider logs, at every level, and drops it: a tenth of the provider's time
// and more of Terraform's. With any variable TF_LOG... but "off", all stays as it is
// (developer.hashicorp.com/terraform/plugin/log/managing).
func quiet(environ []string, setenv func(key, value string) error) {
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
