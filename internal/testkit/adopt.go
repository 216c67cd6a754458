package testkit

import (
	"errors"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// This file holds the ways in which an object comes into a state without being created.

// Import is `terraform import`: it reads the object, and an object that is not there is an error.
func (r *Resource) Import(id string) error {
	return r.adopt(&tfprotov6.ImportResourceStateRequest{TypeName: r.Type, ID: id})
}

// ImportIdentity is an import block with an identity.
func (r *Resource) ImportIdentity(members map[string]any) error {
	identity := encode(r.core.identities[r.Type].ValueType(), members)
	return r.adopt(&tfprotov6.ImportResourceStateRequest{
		TypeName: r.Type, Identity: &tfprotov6.ResourceIdentityData{IdentityData: dynamic(identity)},
	})
}

func (r *Resource) adopt(req *tfprotov6.ImportResourceStateRequest) error {
	resp := must(r.core.server.ImportResourceState(r.core.ctx, req))
	if err := r.core.judge(resp.Diagnostics); err != nil {
		return err
	}
	imported, warnings := resp.ImportedResources[0], r.core.Warnings
	r.hold(r.read(imported.State), imported.Private, imported.Identity)
	if _, err := r.Refresh(); err != nil {
		r.Forget()
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
	return generate(r.schema.Block.Attributes, r.State())
}

func generate(attributes []*tfprotov6.SchemaAttribute, object any) Config {
	config := Config{}
	values, _ := object.(map[string]any)
	for _, a := range attributes {
		value := values[a.Name]
		if value == nil || a.Sensitive || a.WriteOnly || !a.Optional && !a.Required {
			continue
		}
		if a.NestedType != nil {
			value = generateNested(a.NestedType, value)
		}
		config[a.Name] = value
	}
	return config
}

func generateNested(nested *tfprotov6.SchemaObject, value any) any {
	switch value := value.(type) {
	case []any:
		elements := make([]any, len(value))
		for i, element := range value {
			elements[i] = generate(nested.Attributes, element)
		}
		return elements
	case map[string]any:
		if nested.Nesting == single {
			return generate(nested.Attributes, value)
		}
		members := map[string]any{}
		for key, element := range value {
			members[key] = generate(nested.Attributes, element)
		}
		return members
	}
	return value // unknown
}

// Move is a moved block from another provider: it takes over the state of the source, a JSON
// object, without a refresh.
func (r *Resource) Move(sourceProvider, sourceType, state string) error {
	resp := must(r.core.server.MoveResourceState(r.core.ctx, &tfprotov6.MoveResourceStateRequest{
		SourceProviderAddress: sourceProvider, SourceTypeName: sourceType, SourceState: &tfprotov6.RawState{JSON: []byte(state)},
		TargetTypeName: r.Type, SourcePrivate: []byte(`{"record":"eyJub3QiOiJvdXJzIn0="}`), // the source's own, {"not":"ours"}
	}))
	if err := r.core.judge(resp.Diagnostics); err != nil {
		return err
	}
	r.hold(r.read(resp.TargetState), resp.TargetPrivate, resp.TargetIdentity)
	return nil
}

// Upgrade takes over a state file's object of a schema version.
func (r *Resource) Upgrade(version int64, state map[string]any) error {
	resp := must(r.core.server.UpgradeResourceState(r.core.ctx, &tfprotov6.UpgradeResourceStateRequest{
		TypeName: r.Type, Version: version, RawState: &tfprotov6.RawState{JSON: []byte(JSON(state))},
	}))
	if err := r.core.judge(resp.Diagnostics); err != nil {
		return err
	}
	r.hold(r.read(resp.UpgradedState), nil, nil)
	return nil
}
