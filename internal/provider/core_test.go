package provider_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	frameworkprovider "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tavus/terraform-provider-tavus/internal/provider"
)

// core does what Terraform core does with one resource, over the plugin
// protocol and without a process or a file: it is a hundred times faster than the
// CLI. It checks what core checks of plans and results, so that "provider
// produced inconsistent result" fails a test here too.
type core struct {
	server   tfprotov6.ProviderServer
	typ      tftypes.Object
	schema   *tfprotov6.Schema
	state    tftypes.Value
	private  []byte
	identity *tfprotov6.ResourceIdentityData
	tainted  bool
	warnings []string // of the last call
}

// args are the arguments of a configuration: string, []string, or unknown.
type args map[string]any

// unknown is an argument that is not known while planning.
type unknown struct{}

// actions of a plan, in Terraform's words.
const (
	actNoop    = "no-op"
	actCreate  = "create"
	actUpdate  = "update"
	actReplace = "replace"
)

// planned is what core keeps between plan and apply.
type planned struct {
	action   string
	config   args
	prior    tftypes.Value
	value    tftypes.Value
	private  []byte
	identity *tfprotov6.ResourceIdentityData
	warnings []string
	// changed are the attributes that the plan shows as changed.
	changed []string
}

const resourceType = "tavus_deployment"

func newCore(t testing.TB, url string) *core {
	t.Helper()
	c, err := startCore(url, "key-of-the-test")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func startCore(url, key string) (*core, error) {
	return startCoreWith(provider.NewQuick("test")(), url, key)
}

// startCoreWith starts the core with a provider that is made for the test.
func startCoreWith(implementation frameworkprovider.Provider, url, key string) (*core, error) {
	ctx := context.Background()
	server := providerserver.NewProtocol6(implementation)()
	schemas, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return nil, err
	}
	schema := schemas.ResourceSchemas[resourceType]
	typ, ok := schema.ValueType().(tftypes.Object)
	if !ok {
		return nil, errors.New("the schema is no object")
	}
	c := &core{server: server, schema: schema, typ: typ}
	c.forget()
	providerType := schemas.Provider.ValueType()
	config := map[string]tftypes.Value{}
	for name, attributeType := range providerType.(tftypes.Object).AttributeTypes { //nolint:forcetypeassert // A schema is an object.
		config[name] = tftypes.NewValue(attributeType, nil)
	}
	config["api_key"] = tftypes.NewValue(tftypes.String, key)
	config["base_url"] = tftypes.NewValue(tftypes.String, url)
	value, err := dynamic(tftypes.NewValue(providerType, config))
	if err != nil {
		return nil, err
	}
	resp, err := server.ConfigureProvider(ctx, &tfprotov6.ConfigureProviderRequest{TerraformVersion: "1.99.0", Config: value})
	if err != nil {
		return nil, err
	}
	err = c.judge(resp.Diagnostics)
	return c, err
}

// forget is `terraform state rm`.
func (c *core) forget() {
	c.state, c.private, c.identity, c.tainted = tftypes.NewValue(c.typ, nil), nil, nil, false
}

func dynamic(v tftypes.Value) (*tfprotov6.DynamicValue, error) {
	d, err := tfprotov6.NewDynamicValue(v.Type(), v)
	return &d, err
}

// judge keeps the warnings and makes an error of the errors.
func (c *core) judge(diagnostics []*tfprotov6.Diagnostic) error {
	c.warnings = nil
	var problems []string
	for _, d := range diagnostics {
		text := fmt.Sprintf("%s: %s", d.Summary, d.Detail)
		if d.Attribute != nil {
			text = fmt.Sprintf("%s: %s", d.Attribute, text)
		}
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			problems = append(problems, text)
		} else {
			c.warnings = append(c.warnings, text)
		}
	}
	if len(problems) > 0 {
		return errors.New(strings.Join(problems, "\n"))
	}
	return nil
}

// object is the configuration as a value.
func (c *core) object(arguments args) tftypes.Value {
	values := map[string]tftypes.Value{}
	for name, attributeType := range c.typ.AttributeTypes {
		switch argument := arguments[name].(type) {
		case nil:
			values[name] = tftypes.NewValue(attributeType, nil)
		case unknown:
			values[name] = tftypes.NewValue(attributeType, tftypes.UnknownValue)
		case []string:
			var elements []tftypes.Value
			for _, s := range argument {
				elements = append(elements, tftypes.NewValue(tftypes.String, s))
			}
			values[name] = tftypes.NewValue(attributeType, elements)
		default:
			values[name] = tftypes.NewValue(attributeType, argument)
		}
	}
	return tftypes.NewValue(c.typ, values)
}

func attributes(v tftypes.Value) map[string]tftypes.Value {
	values := map[string]tftypes.Value{}
	if v.IsKnown() && !v.IsNull() {
		if err := v.As(&values); err != nil {
			panic(err)
		}
	}
	return values
}

// proposed merges configuration and prior state as core's ProposedNew does.
func (c *core) proposed(config, prior tftypes.Value) tftypes.Value {
	wanted, had := attributes(config), attributes(prior)
	values := map[string]tftypes.Value{}
	for _, a := range c.schema.Block.Attributes {
		values[a.Name] = wanted[a.Name]
		if a.WriteOnly {
			values[a.Name] = tftypes.NewValue(a.Type, nil)
		} else if a.Computed && wanted[a.Name].IsNull() {
			values[a.Name] = tftypes.NewValue(a.Type, nil)
			if old, ok := had[a.Name]; ok {
				values[a.Name] = old
			}
		}
	}
	return tftypes.NewValue(c.typ, values)
}

// ignored is what core makes of a configuration under ignore_changes.
func (c *core) ignored(config tftypes.Value, ignore []string) tftypes.Value {
	if c.state.IsNull() {
		return config
	}
	values, had := maps.Clone(attributes(config)), attributes(c.state)
	for _, name := range ignore {
		values[name] = had[name]
	}
	return tftypes.NewValue(c.typ, values)
}

// plan plans without a refresh.
func (c *core) plan(arguments args, ignore ...string) (*planned, error) {
	ctx := context.Background()
	written := c.object(arguments)
	config := c.ignored(written, ignore) // only after the validation, as in core
	raw, err := dynamic(written)
	if err != nil {
		return nil, err
	}
	valid, err := c.server.ValidateResourceConfig(ctx, &tfprotov6.ValidateResourceConfigRequest{
		TypeName: resourceType, Config: raw,
		ClientCapabilities: &tfprotov6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: true},
	})
	if err != nil {
		return nil, err
	}
	if err := c.judge(valid.Diagnostics); err != nil {
		return nil, err
	}
	warnings := c.warnings
	prior := c.state
	if c.tainted {
		prior = tftypes.NewValue(c.typ, nil)
	}
	result, resp, err := c.planFrom(config, prior)
	if err != nil {
		return nil, err
	}
	warnings = append(warnings, c.warnings...)
	p := &planned{config: arguments, prior: prior, value: result, private: resp.PlannedPrivate, identity: resp.PlannedIdentity, warnings: warnings}
	had := attributes(prior)
	for name, value := range attributes(result) {
		if old, ok := had[name]; !ok || !old.Equal(value) {
			p.changed = append(p.changed, name)
		}
	}
	slices.Sort(p.changed)
	switch {
	case c.tainted:
		p.action = actReplace
	case prior.IsNull():
		p.action = actCreate
	case result.Equal(prior):
		p.action = actNoop
	case len(resp.RequiresReplace) > 0:
		p.action = actReplace
		if p.value, resp, err = c.planFrom(config, tftypes.NewValue(c.typ, nil)); err != nil {
			return nil, err
		}
		p.private, p.identity = resp.PlannedPrivate, resp.PlannedIdentity
	default:
		p.action = actUpdate
	}
	return p, nil
}

func (c *core) planFrom(config, prior tftypes.Value) (tftypes.Value, *tfprotov6.PlanResourceChangeResponse, error) {
	none := tftypes.Value{}
	rawConfig, err := dynamic(config)
	if err != nil {
		return none, nil, err
	}
	rawPrior, err := dynamic(prior)
	if err != nil {
		return none, nil, err
	}
	rawNew, err := dynamic(c.proposed(config, prior))
	if err != nil {
		return none, nil, err
	}
	req := &tfprotov6.PlanResourceChangeRequest{
		TypeName: resourceType, PriorState: rawPrior, ProposedNewState: rawNew, Config: rawConfig,
	}
	if !prior.IsNull() {
		req.PriorPrivate, req.PriorIdentity = c.private, c.identity
	}
	resp, err := c.server.PlanResourceChange(context.Background(), req)
	if err != nil {
		return none, nil, err
	}
	if err := c.judge(resp.Diagnostics); err != nil {
		return none, nil, err
	}
	result, err := resp.PlannedState.Unmarshal(c.typ)
	if err != nil {
		return none, nil, err
	}
	return result, resp, c.assertPlanValid(config, prior, result)
}

// assertPlanValid is core's rule: what the configuration sets is planned as it is,
// or as the prior state has it, if that is not null.
func (c *core) assertPlanValid(config, prior, result tftypes.Value) error {
	wanted, had, got := attributes(config), attributes(prior), attributes(result)
	for _, a := range c.schema.Block.Attributes {
		value, want := got[a.Name], wanted[a.Name]
		old, hasOld := had[a.Name]
		switch {
		case a.WriteOnly:
			if !value.IsNull() {
				return fmt.Errorf("invalid plan: the write-only %s is planned", a.Name)
			}
		case value.Equal(want), hasOld && !old.IsNull() && value.Equal(old), a.Computed && want.IsNull():
		default:
			return fmt.Errorf("invalid plan: %s is planned as %v, configured as %v", a.Name, value, want)
		}
	}
	return nil
}

// apply carries a plan out. A replacement deletes first, as core does.
func (c *core) apply(p *planned) error {
	switch p.action {
	case actNoop:
		return nil
	case actReplace:
		if err := c.destroy(); err != nil {
			return err
		}
	}
	config := c.object(p.config)
	result := p.value
	if !fullyKnown(config) {
		return errors.New("apply needs a known configuration")
	}
	ctx := context.Background()
	rawConfig, err := dynamic(config)
	if err != nil {
		return err
	}
	prior := c.state
	rawPrior, err := dynamic(prior)
	if err != nil {
		return err
	}
	rawPlan, err := dynamic(result)
	if err != nil {
		return err
	}
	resp, err := c.server.ApplyResourceChange(ctx, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: resourceType, PriorState: rawPrior, PlannedState: rawPlan, Config: rawConfig,
		PlannedPrivate: p.private, PlannedIdentity: p.identity,
	})
	if err != nil {
		return err
	}
	failed := c.judge(resp.Diagnostics)
	value, err := resp.NewState.Unmarshal(c.typ)
	if err != nil {
		return err
	}
	c.state, c.private, c.identity = value, resp.Private, resp.NewIdentity
	c.tainted = failed != nil && prior.IsNull() && !value.IsNull()
	if failed != nil {
		return failed
	}
	return assertConsistent(result, value)
}

func fullyKnown(v tftypes.Value) bool { return v.IsFullyKnown() }

// assertConsistent is core's rule: what was planned and known comes out so, and nothing stays unknown.
func assertConsistent(plan, result tftypes.Value) error {
	got := attributes(result)
	for name, want := range attributes(plan) {
		if !got[name].IsFullyKnown() {
			return fmt.Errorf("inconsistent result: %s is unknown after apply", name)
		}
		if want.IsFullyKnown() && !want.Equal(got[name]) {
			return fmt.Errorf("inconsistent result: %s was planned as %v and is %v", name, want, got[name])
		}
	}
	return nil
}

func (c *core) destroy() error {
	if c.state.IsNull() {
		return nil
	}
	ctx := context.Background()
	rawPrior, err := dynamic(c.state)
	if err != nil {
		return err
	}
	null, err := dynamic(tftypes.NewValue(c.typ, nil))
	if err != nil {
		return err
	}
	resp, err := c.server.ApplyResourceChange(ctx, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: resourceType, PriorState: rawPrior, PlannedState: null, Config: null, PlannedPrivate: c.private, PlannedIdentity: c.identity,
	})
	if err != nil {
		return err
	}
	if err := c.judge(resp.Diagnostics); err != nil {
		return err
	}
	c.forget()
	return nil
}

// refresh reads the resource into the state, as every plan does first.
func (c *core) refresh() error {
	if c.state.IsNull() {
		return nil
	}
	raw, err := dynamic(c.state)
	if err != nil {
		return err
	}
	resp, err := c.server.ReadResource(context.Background(), &tfprotov6.ReadResourceRequest{
		TypeName: resourceType, CurrentState: raw, Private: c.private, CurrentIdentity: c.identity,
	})
	if err != nil {
		return err
	}
	if err := c.judge(resp.Diagnostics); err != nil {
		return err
	}
	value, err := resp.NewState.Unmarshal(c.typ)
	if err != nil {
		return err
	}
	if value.IsNull() {
		warnings := c.warnings
		c.forget()
		c.warnings = warnings
		return nil
	}
	c.state, c.private, c.identity = value, resp.Private, resp.NewIdentity
	return nil
}

// importID is `terraform import`.
func (c *core) importID(id string) error {
	resp, err := c.server.ImportResourceState(context.Background(), &tfprotov6.ImportResourceStateRequest{TypeName: resourceType, ID: id})
	if err != nil {
		return err
	}
	if err := c.judge(resp.Diagnostics); err != nil {
		return err
	}
	imported := resp.ImportedResources[0]
	value, err := imported.State.Unmarshal(c.typ)
	if err != nil {
		return err
	}
	c.state, c.private, c.identity, c.tainted = value, imported.Private, imported.Identity, false
	if err := c.refresh(); err != nil {
		c.forget()
		return err
	}
	return nil
}

// get returns a string attribute of the state; "" for null.
func (c *core) get(name string) string {
	var s *string
	if err := attributes(c.state)[name].As(&s); err != nil || s == nil {
		return ""
	}
	return *s
}

// drift refreshes and returns the attributes that `plan -refresh-only` would report.
func (c *core) drift() ([]string, error) {
	before := attributes(c.state)
	if err := c.refresh(); err != nil {
		return nil, err
	}
	var changed []string
	for name, value := range attributes(c.state) {
		if !value.Equal(before[name]) {
			changed = append(changed, name)
		}
	}
	slices.Sort(changed)
	return changed, nil
}
