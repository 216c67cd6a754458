package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tavus/terraform-provider-tavus/internal/ownedjson"
)

// deploymentModel is the resource in Terraform's values. It serves for the
// configuration, the plan and the state.
type deploymentModel struct {
	ID                types.String `tfsdk:"id"`
	DeploymentID      types.String `tfsdk:"deployment_id"`
	PalID             types.String `tfsdk:"pal_id"`
	Channel           types.String `tfsdk:"channel"`
	Name              types.String `tfsdk:"name"`
	Status            types.String `tfsdk:"status"`
	Customization     types.String `tfsdk:"customization"`
	Limits            types.String `tfsdk:"limits"`
	AllowedOrigins    types.Set    `tfsdk:"allowed_origins"`
	Password          types.String `tfsdk:"password"`
	PasswordWO        types.String `tfsdk:"password_wo"`
	PasswordWOVersion types.String `tfsdk:"password_wo_version"`
	HasPassword       types.Bool   `tfsdk:"has_password"`
	ThumbnailVideoURL types.String `tfsdk:"thumbnail_video_url"`
	ThumbnailImageURL types.String `tfsdk:"thumbnail_image_url"`
	CreatedAt         types.String `tfsdk:"created_at"`
}

type deploymentIdentity struct {
	DeploymentID types.String `tfsdk:"deployment_id"`
}

// objectArguments are the arguments that hold a JSON object.
var objectArguments = []string{"customization", "limits"}

// object returns the text of one of objectArguments, for reading and writing.
func (m *deploymentModel) object(argument string) *types.String {
	if argument == "limits" {
		return &m.Limits
	}
	return &m.Customization
}

// parsed returns an object argument; nil for null. Its text was validated
// before, or came from this provider.
func (m *deploymentModel) parsed(argument string) (*ownedjson.Object, error) {
	text := *m.object(argument)
	if !set(text) {
		return nil, nil //nolint:nilnil // No object is what null means.
	}
	return ownedjson.ParseConfig(text.ValueString())
}

// nullIfEmpty is for strings that the server may leave out.
func nullIfEmpty(s string) types.String {
	if s == "" {
		return types.StringNull()
	}
	return types.StringValue(s)
}

// originsOf returns the elements of a known set.
func originsOf(set types.Set) []string {
	origins := make([]string, 0, len(set.Elements()))
	for _, element := range set.Elements() {
		if s, ok := element.(types.String); ok {
			origins = append(origins, s.ValueString())
		}
	}
	return origins
}

func originsValue(origins []string) types.Set {
	seen := map[string]bool{}
	elements := []attr.Value{}
	for _, origin := range origins {
		if !seen[origin] {
			seen[origin] = true
			elements = append(elements, types.StringValue(origin))
		}
	}
	return types.SetValueMust(types.StringType, elements)
}

// originsKnown reports whether the set and each of its elements is known.
func originsKnown(set types.Set) bool {
	if set.IsUnknown() {
		return false
	}
	for _, element := range set.Elements() {
		if element.IsUnknown() {
			return false
		}
	}
	return true
}

// configured reports whether the configuration sets a password.
func (m *deploymentModel) configured() bool {
	return !m.Password.IsNull() || !m.PasswordWO.IsNull()
}

// passwordManaged reports whether a plan or a state says that Terraform sets the
// password. The write-only value itself stands in neither.
func (m *deploymentModel) passwordManaged() bool {
	return m != nil && (!m.Password.IsNull() || !m.PasswordWOVersion.IsNull())
}
