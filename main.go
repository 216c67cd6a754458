// Command terraform-provider-tavus is a Terraform provider for Tavus
// (conversational video agents). It is started by Terraform or OpenTofu, not by hand.
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/tavus/terraform-provider-tavus/internal/process"
	"github.com/tavus/terraform-provider-tavus/internal/provider"
)

// version is set by the linker, see .goreleaser.yml.
var version = "dev"

func main() {
	debug := flag.Bool("debug", false, "start for a debugger such as delve, and print how Terraform can attach")
	flag.Parse()
	if *debug {
		// The server prints the line for Terraform's registry only.
		fmt.Fprintln(os.Stderr, "OpenTofu takes the line below with registry.opentofu.org in the place of registry.terraform.io.")
	} else {
		// In debug mode there is no Terraform that drops logs, or that ends the provider.
		process.Quiet(os.Environ(), os.Setenv)
		go process.WaitForTerraform(os.Getppid())
	}

	if err := provider.Serve(version, *debug); err != nil {
		fmt.Fprintln(os.Stderr, "terraform-provider-tavus:", err)
		os.Exit(1)
	}
}
