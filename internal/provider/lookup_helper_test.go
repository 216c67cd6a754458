package provider_test

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// questions asks a configured provider for what needs no resource: data sources,
// the list resource and functions.
type questions struct {
	*core
	schemas *tfprotov6.GetProviderSchemaResponse
}

func newQuestions(t testing.TB, url string) *questions {
	t.Helper()
	c := newCore(t, url)
	schemas, err := c.server.GetProviderSchema(context.Background(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	return &questions{core: c, schemas: schemas}
}

// configOf makes a configuration: what is not in arguments is null.
func configOf(schema *tfprotov6.Schema, arguments args) tftypes.Value {
	typ, _ := schema.ValueType().(tftypes.Object)
	values := map[string]tftypes.Value{}
	for name, attributeType := range typ.AttributeTypes {
		switch argument := arguments[name].(type) {
		case nil:
			values[name] = tftypes.NewValue(attributeType, nil)
		case unknown:
			values[name] = tftypes.NewValue(attributeType, tftypes.UnknownValue)
		default:
			values[name] = tftypes.NewValue(attributeType, argument)
		}
	}
	return tftypes.NewValue(typ, values)
}

func (l *questions) validateData(typeName string, arguments args) error {
	config, err := dynamic(configOf(l.schemas.DataSourceSchemas[typeName], arguments))
	if err != nil {
		return err
	}
	resp, err := l.server.ValidateDataResourceConfig(context.Background(),
		&tfprotov6.ValidateDataResourceConfigRequest{TypeName: typeName, Config: config})
	if err != nil {
		return err
	}
	return l.judge(resp.Diagnostics)
}

// data validates and reads a data source.
func (l *questions) data(typeName string, arguments args) (map[string]any, error) {
	if err := l.validateData(typeName, arguments); err != nil {
		return nil, err
	}
	schema := l.schemas.DataSourceSchemas[typeName]
	config, err := dynamic(configOf(schema, arguments))
	if err != nil {
		return nil, err
	}
	resp, err := l.server.ReadDataSource(context.Background(), &tfprotov6.ReadDataSourceRequest{TypeName: typeName, Config: config})
	if err != nil {
		return nil, err
	}
	if err := l.judge(resp.Diagnostics); err != nil {
		return nil, err
	}
	state, err := resp.State.Unmarshal(schema.ValueType())
	if err != nil {
		return nil, err
	}
	object, ok := plainValue(state).(map[string]any)
	if !ok {
		return nil, errors.New("the data source has no state")
	}
	// Terraform's rule: what the configuration sets comes back as it is.
	for name, want := range arguments {
		if got := object[name]; want != nil && got != want {
			return nil, fmt.Errorf("inconsistent: %s is configured as %v and read as %v", name, want, got)
		}
	}
	return object, nil
}

// plainValue turns a known value into maps, slices, strings, int64 and bools.
func plainValue(v tftypes.Value) any {
	if v.IsNull() {
		return nil
	}
	switch {
	case v.Type().Is(tftypes.String):
		var s string
		mustAs(v.As(&s))
		return s
	case v.Type().Is(tftypes.Bool):
		var b bool
		mustAs(v.As(&b))
		return b
	case v.Type().Is(tftypes.Number):
		n := new(big.Float)
		mustAs(v.As(&n))
		i, _ := n.Int64()
		return i
	case v.Type().Is(tftypes.Object{}), v.Type().Is(tftypes.Map{}):
		members := map[string]any{}
		for name, value := range attributes(v) {
			members[name] = plainValue(value)
		}
		return members
	}
	var elements []tftypes.Value
	mustAs(v.As(&elements))
	list := []any{}
	for _, element := range elements {
		list = append(list, plainValue(element))
	}
	return list
}

func mustAs(err error) {
	if err != nil {
		panic(err)
	}
}

// listed is one result of the list resource.
type listed struct {
	name     string
	id       string
	resource tftypes.Value
	identity *tfprotov6.ResourceIdentityData
	warnings []string
}

// list runs the list resource to its end, as core does: it stops at an error.
func (l *questions) list(arguments args, limit int64, include bool, each func(listed) bool) error {
	ctx := context.Background()
	config, err := dynamic(configOf(l.schemas.ListResourceSchemas[resourceType], arguments))
	if err != nil {
		return err
	}
	server, ok := l.server.(tfprotov6.ListResourceServer)
	if !ok {
		return errors.New("the server lists nothing")
	}
	valid, err := server.ValidateListResourceConfig(ctx, &tfprotov6.ValidateListResourceConfigRequest{TypeName: resourceType, Config: config})
	if err != nil {
		return err
	}
	if err := l.judge(valid.Diagnostics); err != nil {
		return err
	}
	stream, err := server.ListResource(ctx, &tfprotov6.ListResourceRequest{
		TypeName: resourceType, Config: config, IncludeResource: include, Limit: limit,
	})
	if err != nil {
		return err
	}
	for result := range stream.Results {
		if err := l.judge(result.Diagnostics); err != nil {
			return err
		}
		one := listed{name: result.DisplayName, warnings: l.warnings, identity: result.Identity}
		if result.Identity != nil {
			identity, err := result.Identity.IdentityData.Unmarshal(tftypes.Object{AttributeTypes: map[string]tftypes.Type{"deployment_id": tftypes.String}})
			if err != nil {
				return err
			}
			if err := attributes(identity)["deployment_id"].As(&one.id); err != nil {
				return err
			}
		}
		if include && result.Resource != nil {
			if one.resource, err = result.Resource.Unmarshal(l.typ); err != nil {
				return err
			}
		}
		if !each(one) {
			return nil
		}
	}
	return nil
}

// all is list without a limit of its own.
func (l *questions) all(t *testing.T, arguments args, limit int64, include bool) []listed {
	t.Helper()
	var results []listed
	err := l.list(arguments, limit, include, func(one listed) bool {
		results = append(results, one)
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	return results
}

func idsOf(results []listed) []string {
	ids := []string{}
	for _, one := range results {
		ids = append(ids, one.id)
	}
	return ids
}

// importIdentity is an import block with an identity.
func (c *core) importIdentity(identity *tfprotov6.ResourceIdentityData) error {
	resp, err := c.server.ImportResourceState(context.Background(), &tfprotov6.ImportResourceStateRequest{TypeName: resourceType, Identity: identity})
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
	return c.refresh()
}

// generated is the configuration that Terraform writes from a resource object:
// what is null, read-only, sensitive or "" is left out.
func (c *core) generated(object tftypes.Value) args {
	arguments := args{}
	values := attributes(object)
	for _, a := range c.schema.Block.Attributes {
		value := values[a.Name]
		if value.IsNull() || a.Sensitive || (!a.Optional && !a.Required) {
			continue
		}
		switch plain := plainValue(value).(type) {
		case string:
			if plain != "" {
				arguments[a.Name] = plain
			}
		case []any:
			origins := []string{}
			for _, element := range plain {
				origins = append(origins, fmt.Sprint(element))
			}
			arguments[a.Name] = origins
		}
	}
	return arguments
}

// expectError asserts that an error holds all of the words.
func expectError(t *testing.T, err error, words ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want one with %q", words)
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			t.Fatalf("the error lacks %q: %v", word, err)
		}
	}
}

// readsOnly asserts that nothing but GETs was sent, and returns how many.
func (f *fake) readsOnly(t *testing.T) int {
	t.Helper()
	requests := f.Requests()
	for _, r := range requests {
		if r.Method != "GET" {
			t.Fatalf("a request that is no read: %s %s", r.Method, r.Path)
		}
	}
	return len(requests)
}

// fill stores deployments as people make them in the portal: with and without
// names, of all channels, with every kind of setting, and one with a password.
func (f *fake) fill(n int) []string {
	ids := make([]string, 0, n)
	for i := range n {
		doc := map[string]any{
			"pal_id": []string{pal, otherPal}[i%2], "channel": []string{"widget", "embed", "landing-page"}[i%3],
			"status": []string{"active", "draft", "inactive"}[i%3],
		}
		if i%5 != 0 {
			doc["name"] = fmt.Sprintf("Site %d: \"docs\" ${x} %%{y} & é", i)
		}
		if i%4 != 0 {
			doc["customization"] = map[string]any{
				"show_haircheck": i%2 == 0, "widget": map[string]any{"text": "Ask <b>\n\t'us'", "a/b~c.d": nil, "": i},
				"list": []any{"b", "a", nil, map[string]any{"x": 1.5e300}}, "empty": map[string]any{}, "\"${quoted}\"": "%{if}",
			}
			doc["limits"] = map[string]any{"max_call_duration": 600 + i, "big": 9007199254740993}
		}
		if i%3 == 0 {
			doc["allowed_origins"] = []any{"https://b.example.com", fmt.Sprintf("https://a%d.example.com", i)}
		}
		if i%7 == 0 {
			doc["password"] = "a password of the portal"
		}
		ids = append(ids, f.Put(doc))
	}
	return ids
}

func sorted(list []string) []string {
	list = slices.Clone(list)
	slices.Sort(list)
	return list
}
