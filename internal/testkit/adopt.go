package testkit

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// This file holds the ways in which an object comes into a state without being created.

// Import is `terraform import`: it reads the object, and an object that is not there is an error.
func (r *Resource) Import(id string) error {
	return r.adopt(&tfprotov6.ImportResourceStateRequest{TypeName: r.Type, ID: id})
}

// ImportIdentity is an import block with an identity.
func (r *Resource) ImportIdentity(members map[string]any) error {
	schema := r.core.identities[r.Type]
	if schema == nil {
		return fmt.Errorf("%s has no identity", r.Type)
	}
	value, err := encode(schema.ValueType(), members)
	if err != nil {
		return err
	}
	return r.adopt(&tfprotov6.ImportResourceStateRequest{
		TypeName: r.Type, Identity: &tfprotov6.ResourceIdentityData{IdentityData: dynamic(value)},
	})
}

func (r *Resource) adopt(req *tfprotov6.ImportResourceStateRequest) error {
	resp, err := r.core.server.ImportResourceState(r.core.ctx, req)
	if err != nil {
		return err
	}
	if err := r.core.judge(resp.Diagnostics); err != nil {
		return err
	}
	if len(resp.ImportedResources) != 1 {
		return fmt.Errorf("%d objects were imported", len(resp.ImportedResources))
	}
	imported := resp.ImportedResources[0]
	value, err := imported.State.Unmarshal(r.typ)
	if err != nil {
		return err
	}
	warnings := r.core.Warnings
	r.state, r.private, r.identity, r.Tainted = value, imported.Private, imported.Identity, false
	if _, err := r.Refresh(); err != nil {
		problems := r.core.Errors
		r.Forget()
		r.core.Errors = problems
		return err
	}
	r.core.Warnings = append(warnings, r.core.Warnings...)
	if !r.Exists() {
		return errors.New("cannot import a non-existent remote object")
	}
	return nil
}

// GenerateConfig is the configuration that Terraform writes for the state's object: every
// argument that is not null, secrets excepted.
func (r *Resource) GenerateConfig() Config {
	return generate(r.schema.Block.Attributes, r.state)
}

func generate(attributes []*tfprotov6.SchemaAttribute, object tftypes.Value) Config {
	config := Config{}
	values := membersOf(object)
	for _, a := range attributes {
		value := values[a.Name]
		if isNull(value) || a.Sensitive || a.WriteOnly || !a.Optional && !a.Required {
			continue
		}
		if a.NestedType == nil {
			config[a.Name] = decode(value)
			continue
		}
		config[a.Name] = generateNested(a.NestedType, value)
	}
	return config
}

func generateNested(nested *tfprotov6.SchemaObject, value tftypes.Value) any {
	switch nested.Nesting {
	case tfprotov6.SchemaObjectNestingModeSingle:
		return generate(nested.Attributes, value)
	case tfprotov6.SchemaObjectNestingModeMap:
		members := map[string]any{}
		for key, element := range membersOf(value) {
			members[key] = generate(nested.Attributes, element)
		}
		return members
	default:
		elements := []any{}
		for _, element := range elementsOf(value) {
			elements = append(elements, generate(nested.Attributes, element))
		}
		return elements
	}
}

// Move is a moved block from another provider: it takes over the state of the source, a JSON
// object, without a refresh.
func (r *Resource) Move(sourceProvider, sourceType, state string) error {
	resp, err := r.core.server.MoveResourceState(r.core.ctx, &tfprotov6.MoveResourceStateRequest{
		SourceProviderAddress: sourceProvider, SourceTypeName: sourceType, SourceState: &tfprotov6.RawState{JSON: []byte(state)},
		TargetTypeName: r.Type, SourcePrivate: []byte(`{"record":"eyJub3QiOiJvdXJzIn0="}`), // the source's own, {"not":"ours"}
	})
	if err != nil {
		return err
	}
	if err := r.core.judge(resp.Diagnostics); err != nil {
		return err
	}
	value, err := resp.TargetState.Unmarshal(r.typ)
	if err != nil {
		return err
	}
	r.state, r.private, r.identity, r.Tainted = value, resp.TargetPrivate, resp.TargetIdentity, false
	return nil
}

// Upgrade takes over a state file's object of a schema version.
func (r *Resource) Upgrade(version int64, state map[string]any) error {
	text, err := json.Marshal(state)
	if err != nil {
		return err
	}
	resp, err := r.core.server.UpgradeResourceState(r.core.ctx, &tfprotov6.UpgradeResourceStateRequest{
		TypeName: r.Type, Version: version, RawState: &tfprotov6.RawState{JSON: text},
	})
	if err != nil {
		return err
	}
	if err := r.core.judge(resp.Diagnostics); err != nil {
		return err
	}
	value, err := resp.UpgradedState.Unmarshal(r.typ)
	if err != nil {
		return err
	}
	r.state, r.private, r.identity, r.Tainted = value, nil, nil, false
	return nil
}
