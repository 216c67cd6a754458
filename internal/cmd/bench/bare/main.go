// Command bare is the provider that the bench takes for the floor, see package
// bare.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/tavus/terraform-provider-tavus/internal/bench/bare"
)

func main() {
	err := providerserver.Serve(context.Background(), bare.New, providerserver.ServeOpts{
		Address: bare.Address, ProtocolVersion: 6,
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, "bare:", err)
		os.Exit(1)
	}
}
