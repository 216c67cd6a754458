package testkit

import (
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Data validates and reads a data source.
func (c *Core) Data(typeName string, config Config) (map[string]any, error) {
	schema := c.schemas.DataSourceSchemas[typeName]
	if schema == nil {
		return nil, fmt.Errorf("the provider has no data source %s", typeName)
	}
	value, err := encode(schema.ValueType(), config)
	if err != nil {
		return nil, err
	}
	valid, err := c.server.ValidateDataResourceConfig(c.ctx, &tfprotov6.ValidateDataResourceConfigRequest{TypeName: typeName, Config: dynamic(value)})
	if err != nil {
		return nil, err
	}
	if err := c.judge(valid.Diagnostics); err != nil {
		return nil, err
	}
	warnings := c.Warnings
	resp, err := c.server.ReadDataSource(c.ctx, &tfprotov6.ReadDataSourceRequest{TypeName: typeName, Config: dynamic(value)})
	if err != nil {
		return nil, err
	}
	failed := c.judge(resp.Diagnostics)
	c.Warnings = append(warnings, c.Warnings...)
	if failed != nil {
		return nil, failed
	}
	state, err := resp.State.Unmarshal(schema.ValueType())
	if err != nil {
		return nil, err
	}
	// Core's rule: what the configuration sets comes back as it is.
	if found := differences("", value, state, isNull); len(found) > 0 {
		return nil, fmt.Errorf("inconsistent result: %v of %s are not as configured", found, typeName)
	}
	return decodeObject(state), nil
}

// Listed is one result of a list resource.
type Listed struct {
	Name     string
	Identity map[string]any
	Object   map[string]any // nil where it was not asked for
	Config   Config         // what `terraform query -generate-config-out` writes of Object
	Warnings []Problem
}

// List is `terraform query`. include asks for whole objects. It ends at the limit or at an error.
func (c *Core) List(typeName string, config Config, limit int64, include bool) ([]Listed, error) {
	schema, server := c.schemas.ListResourceSchemas[typeName], c.listServer()
	if schema == nil || server == nil {
		return nil, fmt.Errorf("the provider has no list resource %s", typeName)
	}
	value, err := encode(schema.ValueType(), config)
	if err != nil {
		return nil, err
	}
	valid, err := server.ValidateListResourceConfig(c.ctx, &tfprotov6.ValidateListResourceConfigRequest{TypeName: typeName, Config: dynamic(value)})
	if err != nil {
		return nil, err
	}
	if err := c.judge(valid.Diagnostics); err != nil {
		return nil, err
	}
	stream, err := server.ListResource(c.ctx, &tfprotov6.ListResourceRequest{TypeName: typeName, Config: dynamic(value), IncludeResource: include, Limit: limit})
	if err != nil {
		return nil, err
	}
	var results []Listed
	for result := range stream.Results {
		if err := c.judge(result.Diagnostics); err != nil {
			return results, err
		}
		one, err := c.listed(typeName, result)
		if err != nil {
			return results, err
		}
		if results = append(results, one); int64(len(results)) >= limit {
			break
		}
	}
	return results, nil
}

func (c *Core) listServer() tfprotov6.ListResourceServer {
	server, _ := c.server.(tfprotov6.ListResourceServer)
	return server
}

func (c *Core) listed(typeName string, result tfprotov6.ListResourceResult) (Listed, error) {
	one := Listed{Name: result.DisplayName, Warnings: c.Warnings}
	if result.Identity == nil {
		if len(c.Warnings) > 0 {
			return one, nil // a result that is only a warning
		}
		return one, errors.New("a result has no identity")
	}
	identity, err := result.Identity.IdentityData.Unmarshal(c.identities[typeName].ValueType())
	if err != nil {
		return one, err
	}
	one.Identity = decodeObject(identity)
	if result.Resource == nil {
		return one, nil
	}
	schema := c.schemas.ResourceSchemas[typeName]
	object, err := result.Resource.Unmarshal(schema.ValueType())
	if err != nil {
		return one, err
	}
	one.Object, one.Config = decodeObject(object), generate(schema.Block.Attributes, object)
	return one, nil
}

// Call calls a function of the provider.
func (c *Core) Call(name string, arguments ...any) (any, error) {
	signature := c.schemas.Functions[name]
	if signature == nil {
		return nil, fmt.Errorf("the provider has no function %s", name)
	}
	req := &tfprotov6.CallFunctionRequest{Name: name}
	for i, argument := range arguments {
		parameter := signature.VariadicParameter
		if i < len(signature.Parameters) {
			parameter = signature.Parameters[i]
		}
		value, err := encodeAny(parameter.Type, argument)
		if err != nil {
			return nil, err
		}
		encoded, err := tfprotov6.NewDynamicValue(parameter.Type, value)
		if err != nil {
			return nil, err
		}
		req.Arguments = append(req.Arguments, &encoded)
	}
	resp, err := c.server.CallFunction(c.ctx, req)
	if err != nil {
		return nil, err
	}
	if resp.Error != nil {
		return nil, errors.New(resp.Error.Text)
	}
	value, err := resp.Result.Unmarshal(signature.Return.Type)
	if err != nil {
		return nil, err
	}
	return decode(value), nil
}

// encodeAny is encode for a parameter that may take a value of any type.
func encodeAny(typ tftypes.Type, value any) (tftypes.Value, error) {
	if !typ.Is(tftypes.DynamicPseudoType) {
		return encode(typ, value)
	}
	members, ok := value.(map[string]any)
	if !ok {
		switch value.(type) {
		case string:
			return encode(tftypes.String, value)
		case bool:
			return encode(tftypes.Bool, value)
		}
		return encode(tftypes.Number, value)
	}
	object := tftypes.Object{AttributeTypes: map[string]tftypes.Type{}}
	values := map[string]tftypes.Value{}
	for name, member := range members {
		encoded, err := encodeAny(typ, member)
		if err != nil {
			return tftypes.Value{}, err
		}
		object.AttributeTypes[name], values[name] = encoded.Type(), encoded
	}
	return tftypes.NewValue(object, values), nil
}
