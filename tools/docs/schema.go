package main

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// These types are the JSON of "terraform providers schema -json" (format 1.0,
// https://developer.hashicorp.com/terraform/cli/commands/providers/schema), as
// far as a page of documentation needs it.

type schemasJSON struct {
	FormatVersion string                        `json:"format_version"`
	Providers     map[string]providerSchemaJSON `json:"provider_schemas"`
}

type providerSchemaJSON struct {
	Provider           *schemaJSON             `json:"provider,omitempty"`
	Resources          map[string]schemaJSON   `json:"resource_schemas,omitempty"`
	DataSources        map[string]schemaJSON   `json:"data_source_schemas,omitempty"`
	EphemeralResources map[string]schemaJSON   `json:"ephemeral_resource_schemas,omitempty"`
	ListResources      map[string]schemaJSON   `json:"list_resource_schemas,omitempty"`
	Functions          map[string]functionJSON `json:"functions,omitempty"`
	Identities         map[string]identityJSON `json:"resource_identity_schemas,omitempty"`
}

type schemaJSON struct {
	Version int64     `json:"version"`
	Block   blockJSON `json:"block"`
}

type blockJSON struct {
	Attributes map[string]attributeJSON `json:"attributes,omitempty"`
	Blocks     map[string]nestedJSON    `json:"block_types,omitempty"`
	texts
}

type texts struct {
	Description     string `json:"description,omitempty"`
	DescriptionKind string `json:"description_kind,omitempty"`
	Deprecated      bool   `json:"deprecated,omitempty"`
}

type attributeJSON struct {
	// Exactly one of Type and Nested is set. A tftypes.Type writes itself in
	// the notation that the format uses.
	Type   tftypes.Type `json:"type,omitempty"`
	Nested *objectJSON  `json:"nested_type,omitempty"`
	texts
	Required  bool `json:"required,omitempty"`
	Optional  bool `json:"optional,omitempty"`
	Computed  bool `json:"computed,omitempty"`
	Sensitive bool `json:"sensitive,omitempty"`
	WriteOnly bool `json:"write_only,omitempty"`
}

type objectJSON struct {
	Attributes  map[string]attributeJSON `json:"attributes,omitempty"`
	NestingMode string                   `json:"nesting_mode"`
}

type nestedJSON struct {
	NestingMode string    `json:"nesting_mode"`
	Block       blockJSON `json:"block"`
	MinItems    int64     `json:"min_items,omitempty"`
	MaxItems    int64     `json:"max_items,omitempty"`
}

type identityJSON struct {
	Version    int64                            `json:"version"`
	Attributes map[string]identityAttributeJSON `json:"attributes,omitempty"`
}

type identityAttributeJSON struct {
	Type              tftypes.Type `json:"type"`
	Description       string       `json:"description,omitempty"`
	RequiredForImport bool         `json:"required_for_import,omitempty"`
	OptionalForImport bool         `json:"optional_for_import,omitempty"`
}

type functionJSON struct {
	Description        string          `json:"description,omitempty"`
	Summary            string          `json:"summary,omitempty"`
	DeprecationMessage string          `json:"deprecation_message,omitempty"`
	ReturnType         tftypes.Type    `json:"return_type"`
	Parameters         []parameterJSON `json:"parameters,omitempty"`
	VariadicParameter  *parameterJSON  `json:"variadic_parameter,omitempty"`
}

type parameterJSON struct {
	Name        string       `json:"name,omitempty"`
	Description string       `json:"description,omitempty"`
	IsNullable  bool         `json:"is_nullable,omitempty"`
	Type        tftypes.Type `json:"type"`
}

// convert writes the schemas of a provider server in the form that the CLI
// gives them.
func convert(in *tfprotov6.GetProviderSchemaResponse, identities *tfprotov6.GetResourceIdentitySchemasResponse) providerSchemaJSON {
	out := providerSchemaJSON{
		Resources:          mapValues(in.ResourceSchemas, convertSchema),
		DataSources:        mapValues(in.DataSourceSchemas, convertSchema),
		EphemeralResources: mapValues(in.EphemeralResourceSchemas, convertSchema),
		ListResources:      mapValues(in.ListResourceSchemas, convertSchema),
		Functions:          mapValues(in.Functions, convertFunction),
		Identities:         mapValues(identities.IdentitySchemas, convertIdentity),
	}
	if in.Provider != nil {
		schema := convertSchema(in.Provider)
		out.Provider = &schema
	}
	return out
}

func mapValues[A, B any](in map[string]A, convert func(A) B) map[string]B {
	out := make(map[string]B, len(in))
	for key, value := range in {
		out[key] = convert(value)
	}
	return out
}

func convertSchema(s *tfprotov6.Schema) schemaJSON {
	return schemaJSON{Version: s.Version, Block: convertBlock(s.Block)}
}

func convertBlock(b *tfprotov6.SchemaBlock) blockJSON {
	if b == nil {
		return blockJSON{texts: describe("", tfprotov6.StringKindPlain, false)}
	}
	out := blockJSON{
		Attributes: convertAttributes(b.Attributes),
		Blocks:     map[string]nestedJSON{},
		texts:      describe(b.Description, b.DescriptionKind, b.Deprecated),
	}
	for _, nested := range b.BlockTypes {
		out.Blocks[nested.TypeName] = nestedJSON{
			NestingMode: strings.ToLower(nested.Nesting.String()),
			Block:       convertBlock(nested.Block),
			MinItems:    nested.MinItems,
			MaxItems:    nested.MaxItems,
		}
	}
	return out
}

func convertAttributes(in []*tfprotov6.SchemaAttribute) map[string]attributeJSON {
	out := make(map[string]attributeJSON, len(in))
	for _, a := range in {
		attribute := attributeJSON{
			Type:      a.Type,
			texts:     describe(a.Description, a.DescriptionKind, a.Deprecated),
			Required:  a.Required,
			Optional:  a.Optional,
			Computed:  a.Computed,
			Sensitive: a.Sensitive,
			WriteOnly: a.WriteOnly,
		}
		if a.NestedType != nil {
			attribute.Nested = &objectJSON{
				Attributes:  convertAttributes(a.NestedType.Attributes),
				NestingMode: strings.ToLower(a.NestedType.Nesting.String()),
			}
		}
		out[a.Name] = attribute
	}
	return out
}

func describe(text string, kind tfprotov6.StringKind, deprecated bool) texts {
	name := "plain"
	if kind == tfprotov6.StringKindMarkdown {
		name = "markdown"
	}
	return texts{Description: text, DescriptionKind: name, Deprecated: deprecated}
}

func convertIdentity(s *tfprotov6.ResourceIdentitySchema) identityJSON {
	out := identityJSON{Version: s.Version, Attributes: map[string]identityAttributeJSON{}}
	for _, a := range s.IdentityAttributes {
		out.Attributes[a.Name] = identityAttributeJSON{
			Type:              a.Type,
			Description:       a.Description,
			RequiredForImport: a.RequiredForImport,
			OptionalForImport: a.OptionalForImport,
		}
	}
	return out
}

func convertFunction(f *tfprotov6.Function) functionJSON {
	out := functionJSON{
		Description:        f.Description,
		Summary:            f.Summary,
		DeprecationMessage: f.DeprecationMessage,
		Parameters:         []parameterJSON{},
	}
	if f.Return != nil {
		out.ReturnType = f.Return.Type
	}
	for _, p := range f.Parameters {
		out.Parameters = append(out.Parameters, convertParameter(p))
	}
	if f.VariadicParameter != nil {
		p := convertParameter(f.VariadicParameter)
		out.VariadicParameter = &p
	}
	return out
}

func convertParameter(p *tfprotov6.FunctionParameter) parameterJSON {
	return parameterJSON{Name: p.Name, Description: p.Description, IsNullable: p.AllowNullValue, Type: p.Type}
}
