package testkit

import (
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Data validates and reads a data source.
func (c *Core) Data(typeName string, config Config) (map[string]any, error) {
	typ := c.schemas.DataSourceSchemas[typeName].ValueType()
	value := encode(typ, config)
	valid := must(c.server.ValidateDataResourceConfig(c.ctx, &tfprotov6.ValidateDataResourceConfigRequest{TypeName: typeName, Config: dynamic(value)}))
	if err := c.judge(valid.Diagnostics); err != nil {
		return nil, err
	}
	warnings := c.Warnings
	resp := must(c.server.ReadDataSource(c.ctx, &tfprotov6.ReadDataSourceRequest{TypeName: typeName, Config: dynamic(value)}))
	failed := c.judge(resp.Diagnostics)
	c.Warnings = append(warnings, c.Warnings...)
	if failed != nil {
		return nil, failed
	}
	state := must(resp.State.Unmarshal(typ))
	// Core's rule: what the configuration sets comes back as it is.
	if found := differences(value, state, isNull); len(found) > 0 {
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
	server, ok := c.server.(tfprotov6.ListResourceServer)
	if !ok {
		return nil, errors.New("the provider lists nothing")
	}
	value := dynamic(encode(c.schemas.ListResourceSchemas[typeName].ValueType(), config))
	valid := must(server.ValidateListResourceConfig(c.ctx, &tfprotov6.ValidateListResourceConfigRequest{TypeName: typeName, Config: value}))
	if err := c.judge(valid.Diagnostics); err != nil {
		return nil, err
	}
	stream := must(server.ListResource(c.ctx, &tfprotov6.ListResourceRequest{TypeName: typeName, Config: value, IncludeResource: include, Limit: limit}))
	var results []Listed
	for result := range stream.Results {
		if err := c.judge(result.Diagnostics); err != nil {
			return results, err
		}
		if result.Identity == nil && len(c.Warnings) == 0 {
			return results, errors.New("a result has no identity")
		}
		if results = append(results, c.listed(typeName, result)); int64(len(results)) >= limit {
			break
		}
	}
	return results, nil
}

// listed reads a result, which may be only a warning.
func (c *Core) listed(typeName string, result tfprotov6.ListResourceResult) Listed {
	one := Listed{Name: result.DisplayName, Warnings: c.Warnings}
	if result.Identity != nil {
		one.Identity = decodeObject(must(result.Identity.IdentityData.Unmarshal(c.identities[typeName].ValueType())))
	}
	if schema := c.schemas.ResourceSchemas[typeName]; result.Resource != nil {
		one.Object = decodeObject(must(result.Resource.Unmarshal(schema.ValueType())))
		one.Config = generate(schema.Block.Attributes, one.Object)
	}
	return one
}
