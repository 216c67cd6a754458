package provider

import (
	"context"
	"maps"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// A model that leaves an attribute of the schema out would lose it without a word.
func TestModelHasEveryAttribute(t *testing.T) {
	t.Parallel()
	var modelled []string
	(&deploymentModel{}).each(func(name string, _ any) { modelled = append(modelled, name) })
	slices.Sort(modelled)
	if want := slices.Sorted(maps.Keys(deploymentSchema(t.Context()).Schema.GetAttributes())); !slices.Equal(modelled, want) {
		t.Errorf("the model has %v, the schema %v", modelled, want)
	}
}

// What the framework reads by reflection is the yardstick, in both directions.
func TestCodecAgreesWithFramework(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	origins := func(values ...attr.Value) types.Set { return types.SetValueMust(types.StringType, values) }
	text := types.StringValue("text")
	models := map[string]deploymentModel{
		"known": {
			ID: text, DeploymentID: types.StringValue("d1"), PalID: types.StringValue("p1"), Channel: types.StringValue("embed"),
			Name: types.StringValue(""), Status: types.StringValue("active"), Customization: types.StringValue("{}"),
			Limits: types.StringValue("{\"a\":1}"), AllowedOrigins: origins(text, types.StringValue("two")),
			Password: types.StringValue("pw"), PasswordWO: types.StringValue("wo"), PasswordWOVersion: types.StringValue("1"),
			HasPassword: types.BoolValue(true), ThumbnailVideoURL: types.StringValue("v"), ThumbnailImageURL: types.StringValue("i"),
			CreatedAt: types.StringValue("c"),
		},
		"null":          {AllowedOrigins: types.SetNull(types.StringType)},
		"empty origins": {AllowedOrigins: origins()},
		"unknown": {
			ID: types.StringUnknown(), Name: types.StringUnknown(), HasPassword: types.BoolUnknown(),
			AllowedOrigins: types.SetUnknown(types.StringType),
		},
		"unknown origin": {AllowedOrigins: origins(types.StringUnknown(), text)},
	}
	for name, model := range models {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			schema := deploymentSchema(ctx).Schema
			empty := tftypes.NewValue(schema.Type().TerraformType(ctx), nil)
			framework := tfsdk.State{Schema: schema, Raw: empty}
			noErrors(t, framework.Set(ctx, model))
			var diags diag.Diagnostics
			raw := model.raw(ctx, empty.Type(), &diags)
			noErrors(t, diags)
			if !raw.Equal(framework.Raw) {
				t.Errorf("written\n%s\nthe framework writes\n%s", raw, framework.Raw)
			}
			for _, from := range []any{framework, tfsdk.Plan(framework), tfsdk.Config(framework)} {
				var diags diag.Diagnostics
				got := getDeployment(ctx, from, &diags)
				noErrors(t, diags)
				var want deploymentModel
				noErrors(t, framework.Get(ctx, &want))
				if read := got.raw(ctx, empty.Type(), &diags); !read.Equal(want.raw(ctx, empty.Type(), &diags)) {
					t.Errorf("read from a %T\n%s\nthe framework reads\n%s", from, read, framework.Raw)
				}
			}
		})
	}
}

func TestCodecRefusesWhatDoesNotFit(t *testing.T) {
	t.Parallel()
	short := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"id": tftypes.Bool}}
	wrong := tftypes.NewValue(short, map[string]tftypes.Value{"id": tftypes.NewValue(tftypes.Bool, true)})
	for _, from := range []any{
		tfsdk.State{Raw: wrong},
		tfsdk.State{Raw: tftypes.NewValue(tftypes.String, "text")},
		"no state",
	} {
		var diags diag.Diagnostics
		if getDeployment(t.Context(), from, &diags); !diags.HasError() {
			t.Errorf("%v was read without an error", from)
		}
	}
}

func deploymentSchema(ctx context.Context) *resource.SchemaResponse {
	resp := &resource.SchemaResponse{}
	NewDeploymentResource().Schema(ctx, resource.SchemaRequest{}, resp)
	return resp
}

func noErrors(t *testing.T, diags diag.Diagnostics) {
	t.Helper()
	for _, d := range diags.Errors() {
		t.Fatalf("%s: %s", d.Summary(), d.Detail())
	}
}
