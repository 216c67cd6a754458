// Command docs writes the pages under docs/ from the provider's schema, from
// templates/ and from examples/. With -check it fails when the pages there are
// not the ones it would write.
//
// The pages are made by tfplugindocs, from the module in internal/tools/docs.
// tfplugindocs would ask a CLI for the schema, and the CLI decides what it sees:
// before Terraform 1.14 the pages of list resources are silently missing, before
// 1.12 everything about identity. So the schema is taken from the provider
// itself, in this process, and the pages are the same on every machine. Where a
// CLI that knows everything is found, -check compares the two schemas as well. It
// also follows the links between the project's own files (links.go).
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/tavus/terraform-provider-tavus/internal/clitools"
	"github.com/tavus/terraform-provider-tavus/internal/provider"
)

// schemaKey is where tfplugindocs looks for the provider in a schema file,
// wherever the provider is really published.
const schemaKey = "registry.terraform.io/hashicorp/tavus"

func main() {
	check := flag.Bool("check", false, "compare docs/ with what would be written, and change nothing")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), clitools.EndSignals()...)
	err := run(ctx, *check)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "docs:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, check bool) (err error) {
	root, err := clitools.Root()
	if err != nil {
		return err
	}
	scratch, err := os.MkdirTemp("", "tavus-docs-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(scratch)) }()
	schema, err := ownSchema(ctx)
	if err != nil {
		return err
	}
	file := filepath.Join(scratch, "schema.json")
	if err := os.WriteFile(file, schema, 0o600); err != nil {
		return err
	}
	if !check {
		return tfplugindocs(ctx, root, "generate", file, "docs")
	}
	// tfplugindocs takes a folder inside the source tree only.
	if err := tfplugindocs(ctx, root, "generate", file, filepath.Join(".build", "pages")); err != nil {
		return err
	}
	if err := tfplugindocs(ctx, root, "validate", file, ""); err != nil {
		return err
	}
	differences, err := compare(filepath.Join(root, "docs"), filepath.Join(root, ".build", "pages"))
	if err != nil {
		return err
	}
	for _, d := range differences {
		fmt.Println(d)
	}
	if len(differences) > 0 {
		return errors.New(`docs/ is not up to date; run "make docs" and commit the result`)
	}
	fmt.Println("docs/ is up to date.")
	broken, err := brokenLinks(root)
	if err != nil {
		return err
	}
	for _, link := range broken {
		fmt.Println(link)
	}
	if len(broken) > 0 {
		return errors.New("links between the project's own files lead nowhere; the pages of docs/ come from templates/")
	}
	fmt.Println("Every link between the project's own files leads somewhere.")
	fmt.Println("NOT CHECKED: links of the documentation to other sites")
	return compareWithCLI(ctx, schema)
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
	return json.MarshalIndent(schemasJSON{
		FormatVersion: "1.0",
		Providers:     map[string]providerSchemaJSON{schemaKey: convert(schemas, identities)},
	}, "", "  ")
}

// tfplugindocs runs the tool on the source tree. out is where it renders to, or
// empty.
func tfplugindocs(ctx context.Context, root, action, schemaFile, out string) error {
	args := []string{"tool", "tfplugindocs", action, "--provider-dir", root, "--provider-name", "tavus", "--providers-schema", schemaFile}
	if out != "" {
		args = append(args, "--rendered-provider-name", "Tavus", "--rendered-website-dir", out)
	}
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = filepath.Join(root, "internal", "tools", "docs")
	text, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("tfplugindocs %s: %w\n%s", action, err, text)
	}
	return nil
}
