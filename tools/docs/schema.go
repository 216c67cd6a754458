package main

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// This file writes schemas as "terraform providers schema -json" does (format 1.0,
// https://developer.hashicorp.com/terraform/cli/commands/providers/schema), as far as
// a page of documentation needs it. This provider has no blocks and no ephemeral
// resources.

// object is a JSON object. What is not set in it is left out.
type object = map[string]any

// convert writes the schemas of a provider server in the form that the CLI
// gives them.
func convert(in *tfprotov6.GetProviderSchemaResponse, identities *tfprotov6.GetResourceIdentitySchemasResponse) object {
	return object{
		"provider":                  schemaJSON(in.Provider),
		"resource_schemas":          mapValues(in.ResourceSchemas, schemaJSON),
		"data_source_schemas":       mapValues(in.DataSourceSchemas, schemaJSON),
		"list_resource_schemas":     mapValues(in.ListResourceSchemas, schemaJSON),
		"functions":                 mapValues(in.Functions, functionJSON),
		"resource_identity_schemas": mapValues(identities.IdentitySchemas, identityJSON),
	}
}

func mapValues[A any](in map[string]A, convert func(A) object) object {
	out := object{}
	for key, value := range in {
		out[key] = convert(value)
	}
	return out
}

func schemaJSON(s *tfprotov6.Schema) object {
	block := texts(s.Block.Description, s.Block.DescriptionKind)
	set(block, len(s.Block.Attributes) > 0, "attributes", attributesJSON(s.Block.Attributes))
	return object{"version": s.Version, "block": block}
}

func attributesJSON(in []*tfprotov6.SchemaAttribute) object {
	out := object{}
	for _, a := range in {
		attribute := texts(a.Description, a.DescriptionKind)
		if a.NestedType != nil {
			attribute["nested_type"] = object{
				"attributes":   attributesJSON(a.NestedType.Attributes),
				"nesting_mode": strings.ToLower(a.NestedType.Nesting.String()),
			}
		} else {
			attribute["type"] = a.Type // which writes itself in the notation of the format
		}
		for name, is := range map[string]bool{
			"required": a.Required, "optional": a.Optional, "computed": a.Computed, "sensitive": a.Sensitive,
			"write_only": a.WriteOnly, "deprecated": a.Deprecated,
		} {
			set(attribute, is, name, true)
		}
		out[a.Name] = attribute
	}
	return out
}

func texts(description string, kind tfprotov6.StringKind) object {
	out := object{"description_kind": strings.ToLower(kind.String())}
	set(out, description != "", "description", description)
	return out
}

func identityJSON(s *tfprotov6.ResourceIdentitySchema) object {
	attributes := object{}
	for _, a := range s.IdentityAttributes {
		attribute := object{"type": a.Type, "description": a.Description}
		set(attribute, a.RequiredForImport, "required_for_import", true)
		set(attribute, a.OptionalForImport, "optional_for_import", true)
		attributes[a.Name] = attribute
	}
	return object{"version": s.Version, "attributes": attributes}
}

func functionJSON(f *tfprotov6.Function) object {
	parameters := []object{}
	for _, p := range f.Parameters {
		parameters = append(parameters, parameterJSON(p))
	}
	out := object{"description": f.Description, "summary": f.Summary, "return_type": f.Return.Type, "parameters": parameters}
	if f.VariadicParameter != nil {
		out["variadic_parameter"] = parameterJSON(f.VariadicParameter)
	}
	return out
}

func parameterJSON(p *tfprotov6.FunctionParameter) object {
	out := object{"name": p.Name, "description": p.Description, "type": p.Type}
	set(out, p.AllowNullValue, "is_nullable", true)
	return out
}

// set sets a member if it is there.
func set(in object, is bool, name string, value any) {
	if is {
		in[name] = value
	}
}
