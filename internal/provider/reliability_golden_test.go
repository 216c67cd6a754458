package provider_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tavus/terraform-provider-tavus/internal/provider"
)

// goldenSchema is what users' configurations and states rest on. Descriptions are
// left out: they break nothing, and the check of the generated docs has them.
type goldenSchema struct {
	Provider          *goldenObject             `json:"provider"`
	Resources         map[string]*goldenObject  `json:"resources"`
	DataSources       map[string]*goldenObject  `json:"data_sources"`
	ListResources     map[string]*goldenObject  `json:"list_resources"`
	EphemeralResource map[string]*goldenObject  `json:"ephemeral_resources"`
	Actions           map[string]*goldenObject  `json:"actions"`
	Identities        map[string]*goldenObject  `json:"identities"`
	Functions         map[string]goldenFunction `json:"functions"`
}

type goldenObject struct {
	Version    int64                      `json:"version"`
	Attributes map[string]goldenAttribute `json:"attributes"`
	Blocks     map[string]*goldenObject   `json:"blocks,omitempty"`
	Nesting    string                     `json:"nesting,omitempty"`
}

type goldenAttribute struct {
	Type tftypes.Type `json:"type,omitempty"`
	// Flags are "required", "optional", "computed", "sensitive", "write-only",
	// "deprecated", and for identities "required for import".
	Flags  []string      `json:"flags"`
	Nested *goldenObject `json:"nested,omitempty"`
}

type goldenFunction struct {
	Parameters []goldenParameter `json:"parameters"`
	Variadic   *goldenParameter  `json:"variadic,omitempty"`
	Return     tftypes.Type      `json:"return"`
}

type goldenParameter struct {
	Name  string       `json:"name"`
	Type  tftypes.Type `json:"type"`
	Flags []string     `json:"flags"`
}

// TestGoldenSchema fails on any change of the schema. A change that takes
// something away, or that gives a name another type or another meaning, breaks
// configurations and states; other changes are written down with
//
//	TAVUS_UPDATE_GOLDEN=1 go test -run TestGoldenSchema ./internal/provider
func TestGoldenSchema(t *testing.T) {
	t.Parallel()
	server := providerserver.NewProtocol6(provider.New("test")())()
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	identities, err := server.GetResourceIdentitySchemas(t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range append(schemas.Diagnostics, identities.Diagnostics...) {
		t.Fatalf("%s: %s", d.Summary, d.Detail)
	}
	golden := goldenSchema{
		Provider:          goldenOf(schemas.Provider),
		Resources:         goldenMap(schemas.ResourceSchemas, goldenOf),
		DataSources:       goldenMap(schemas.DataSourceSchemas, goldenOf),
		ListResources:     goldenMap(schemas.ListResourceSchemas, goldenOf),
		EphemeralResource: goldenMap(schemas.EphemeralResourceSchemas, goldenOf),
		Actions: goldenMap(schemas.ActionSchemas, func(a *tfprotov6.ActionSchema) *goldenObject {
			return goldenOf(a.Schema)
		}),
		Identities: goldenMap(identities.IdentitySchemas, goldenIdentity),
		Functions:  goldenMap(schemas.Functions, goldenFunctionOf),
	}
	// The encoder writes maps in order, and no HTML escapes.
	var now bytes.Buffer
	encoder := json.NewEncoder(&now)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(golden); err != nil {
		t.Fatal(err)
	}
	const file = "testdata/golden/schema.json"
	if os.Getenv("TAVUS_UPDATE_GOLDEN") != "" {
		if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, now.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if line, was, is := firstDifference(kept, now.Bytes()); line > 0 {
		t.Errorf("the schema differs from %s at line %d:\n  kept: %s\n  now:  %s\nIf the change is meant, and no configuration or state "+
			"breaks by it, run\n  TAVUS_UPDATE_GOLDEN=1 go test -run TestGoldenSchema ./internal/provider", file, line, was, is)
	}
}

// firstDifference counts lines from 1; 0 says that there is none.
func firstDifference(a, b []byte) (line int, inA, inB []byte) {
	linesA, linesB := bytes.Split(a, []byte("\n")), bytes.Split(b, []byte("\n"))
	for i := range max(len(linesA), len(linesB)) {
		inA, inB = nil, nil
		if i < len(linesA) {
			inA = linesA[i]
		}
		if i < len(linesB) {
			inB = linesB[i]
		}
		if !bytes.Equal(inA, inB) {
			return i + 1, inA, inB
		}
	}
	return 0, nil, nil
}

func goldenMap[S, G any](schemas map[string]S, convert func(S) G) map[string]G {
	all := map[string]G{}
	for name, schema := range schemas {
		all[name] = convert(schema)
	}
	return all
}

func goldenOf(schema *tfprotov6.Schema) *goldenObject {
	if schema == nil {
		return nil
	}
	object := goldenBlock(schema.Block)
	object.Version = schema.Version
	return object
}

func goldenBlock(block *tfprotov6.SchemaBlock) *goldenObject {
	object := &goldenObject{Version: block.Version, Attributes: goldenAttributes(block.Attributes)}
	for _, nested := range block.BlockTypes {
		if object.Blocks == nil {
			object.Blocks = map[string]*goldenObject{}
		}
		inner := goldenBlock(nested.Block)
		inner.Nesting = nested.Nesting.String()
		object.Blocks[nested.TypeName] = inner
	}
	return object
}

func goldenAttributes(attributes []*tfprotov6.SchemaAttribute) map[string]goldenAttribute {
	all := map[string]goldenAttribute{}
	for _, a := range attributes {
		golden := goldenAttribute{Type: a.Type, Flags: flags(map[string]bool{
			"required": a.Required, "optional": a.Optional, "computed": a.Computed, "sensitive": a.Sensitive,
			"write-only": a.WriteOnly, "deprecated": a.Deprecated,
		})}
		if a.NestedType != nil {
			golden.Nested = &goldenObject{Attributes: goldenAttributes(a.NestedType.Attributes), Nesting: a.NestedType.Nesting.String()}
		}
		all[a.Name] = golden
	}
	return all
}

func goldenIdentity(schema *tfprotov6.ResourceIdentitySchema) *goldenObject {
	object := &goldenObject{Version: schema.Version, Attributes: map[string]goldenAttribute{}}
	for _, a := range schema.IdentityAttributes {
		object.Attributes[a.Name] = goldenAttribute{Type: a.Type, Flags: flags(map[string]bool{
			"required for import": a.RequiredForImport, "optional for import": a.OptionalForImport,
		})}
	}
	return object
}

func goldenFunctionOf(function *tfprotov6.Function) goldenFunction {
	parameter := func(p *tfprotov6.FunctionParameter) goldenParameter {
		return goldenParameter{Name: p.Name, Type: p.Type, Flags: flags(map[string]bool{"null": p.AllowNullValue, "unknown": p.AllowUnknownValues})}
	}
	golden := goldenFunction{Return: function.Return.Type}
	for _, p := range function.Parameters {
		golden.Parameters = append(golden.Parameters, parameter(p))
	}
	if function.VariadicParameter != nil {
		variadic := parameter(function.VariadicParameter)
		golden.Variadic = &variadic
	}
	return golden
}

func flags(all map[string]bool) []string {
	set := []string{}
	for _, name := range []string{
		"required", "optional", "computed", "sensitive", "write-only", "deprecated",
		"required for import", "optional for import", "null", "unknown",
	} {
		if all[name] {
			set = append(set, name)
		}
	}
	return set
}
