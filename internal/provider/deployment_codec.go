package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// A deployment goes between its model and Terraform's raw values here, and not
// through the framework's Get and Set. Those reflect on the struct in every call,
// compile a regular expression for each field and walk the schema for each
// attribute, which took a tenth of the provider's time.

var originsType = types.SetType{ElemType: types.StringType}

// each calls visit with the name of every attribute and a pointer to its value: a
// *types.String, a *types.Bool or a *types.Set of strings.
func (m *deploymentModel) each(visit func(name string, target any)) {
	visit("id", &m.ID)
	visit("deployment_id", &m.DeploymentID)
	visit("pal_id", &m.PalID)
	visit("channel", &m.Channel)
	visit("name", &m.Name)
	visit("status", &m.Status)
	visit("customization", &m.Customization)
	visit("limits", &m.Limits)
	visit("allowed_origins", &m.AllowedOrigins)
	visit("password", &m.Password)
	visit("password_wo", &m.PasswordWO)
	visit("password_wo_version", &m.PasswordWOVersion)
	visit("has_password", &m.HasPassword)
	visit("thumbnail_video_url", &m.ThumbnailVideoURL)
	visit("thumbnail_image_url", &m.ThumbnailImageURL)
	visit("created_at", &m.CreatedAt)
}

// getDeployment reads a deployment from a tfsdk.Config, a tfsdk.Plan or a tfsdk.State.
func getDeployment(ctx context.Context, from any, diags *diag.Diagnostics) *deploymentModel {
	var model deploymentModel
	var raw tftypes.Value
	switch from := from.(type) {
	case tfsdk.Config:
		raw = from.Raw
	case tfsdk.Plan:
		raw = from.Raw
	case tfsdk.State:
		raw = from.Raw
	default:
		addCodecError(diags, fmt.Errorf("there is no deployment in a %T", from))
		return &model
	}
	var values map[string]tftypes.Value
	if err := raw.As(&values); err != nil {
		addCodecError(diags, err)
		return &model
	}
	model.each(func(name string, target any) {
		value, ok := values[name]
		if !ok {
			addCodecError(diags, fmt.Errorf("there is no %s", name))
			return
		}
		if err := decodeAttribute(ctx, value, target); err != nil {
			addCodecError(diags, fmt.Errorf("%s: %w", name, err))
		}
	})
	return &model
}

func decodeAttribute(ctx context.Context, value tftypes.Value, target any) error {
	switch target := target.(type) {
	case *types.String:
		return decodeInto(ctx, types.StringType, value, target)
	case *types.Bool:
		return decodeInto(ctx, types.BoolType, value, target)
	case *types.Set:
		return decodeInto(ctx, originsType, value, target)
	}
	return fmt.Errorf("no value can be put into a %T", target)
}

func decodeInto[T attr.Value](ctx context.Context, typ attr.Type, value tftypes.Value, target *T) error {
	decoded, err := typ.ValueFromTerraform(ctx, value)
	if err != nil {
		return err
	}
	known, ok := decoded.(T)
	if !ok {
		return fmt.Errorf("%T came out of a %s", decoded, typ)
	}
	*target = known
	return nil
}

// raw is the deployment as a value of the type of a plan or a state.
func (m *deploymentModel) raw(ctx context.Context, typ tftypes.Type, diags *diag.Diagnostics) tftypes.Value {
	values := make(map[string]tftypes.Value, 16)
	m.each(func(name string, target any) {
		var value attr.Value
		switch target := target.(type) {
		case *types.String:
			value = *target
		case *types.Bool:
			value = *target
		case *types.Set:
			value = *target
		}
		encoded, err := value.ToTerraformValue(ctx)
		if err != nil {
			addCodecError(diags, fmt.Errorf("%s: %w", name, err))
		}
		values[name] = encoded
	})
	return tftypes.NewValue(typ, values)
}

func addCodecError(diags *diag.Diagnostics, err error) {
	diags.AddError("Cannot read a value of Terraform",
		fmt.Sprintf("A value does not fit the schema: %s. This is a bug in the provider; please report it.", err))
}

// saveState is what every operation that leaves a deployment ends with.
func saveState(ctx context.Context, model *deploymentModel, state *tfsdk.State, identity *tfsdk.ResourceIdentity, diags *diag.Diagnostics) {
	model.PasswordWO = types.StringNull()
	state.Raw = model.raw(ctx, state.Raw.Type(), diags)
	id, err := model.DeploymentID.ToTerraformValue(ctx)
	if err != nil {
		addCodecError(diags, err)
		return
	}
	identity.Raw = tftypes.NewValue(identity.Raw.Type(), map[string]tftypes.Value{"deployment_id": id})
}
