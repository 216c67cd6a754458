// Command docs writes the schema of the provider as JSON, in the form of
// "terraform providers schema -json". The pages under docs/ are made from that file
// by tfplugindocs; it is also committed, so that a change of the schema is seen in a
// review.
//
// tfplugindocs would ask a CLI for the schema, and the CLI decides what it sees:
// before Terraform 1.14 the pages of list resources are silently missing, before
// 1.12 everything about identity. The schema that the provider itself gives is the
// same on every machine.
package main

//go:generate go run . schema.json
//go:generate go run github.com/hashicorp/terraform-plugin-docs/cmd/tfplugindocs@v0.25.0 generate --provider-dir ../.. --provider-name tavus --rendered-provider-name Tavus --providers-schema schema.json
//go:generate go run github.com/hashicorp/terraform-plugin-docs/cmd/tfplugindocs@v0.25.0 validate --provider-dir ../.. --provider-name tavus --providers-schema schema.json

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/tavus/terraform-provider-tavus/internal/provider"
)

// schemaKey is where tfplugindocs looks for the provider in a schema file,
// wherever the provider is really published.
const schemaKey = "registry.terraform.io/hashicorp/tavus"

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "docs: want one argument, the file for the schema")
		os.Exit(2)
	}
	schema, err := ownSchema(context.Background())
	if err == nil {
		err = os.WriteFile(os.Args[1], schema, 0o600)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "docs:", err)
		os.Exit(1)
	}
}

// ownSchema asks the provider for its schemas, over the protocol that a CLI
// speaks but without a process between.
func ownSchema(ctx context.Context) ([]byte, error) {
	server := providerserver.NewProtocol6(provider.New("docs")())()
	schemas, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return nil, err
	}
	identities, err := server.GetResourceIdentitySchemas(ctx, &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		return nil, err
	}
	for _, d := range slices.Concat(schemas.Diagnostics, identities.Diagnostics) {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			return nil, fmt.Errorf("the provider's schema: %s: %s", d.Summary, d.Detail)
		}
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err = encoder.Encode(object{"format_version": "1.0", "provider_schemas": object{schemaKey: convert(schemas, identities)}})
	return text.Bytes(), err
}
