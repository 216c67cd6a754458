package provider

import (
	"context"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	datasource "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// schemaVersion counts the forms of the state. A change that an older state would not
// survive needs a new version and an upgrader.
const schemaVersion = 0

// filled takes every text but the empty one.
var filled = []validator.String{stringvalidator.LengthAtLeast(1)}

// Schema makes the schema of the resource of the rows.
func (r *kindResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	attributes := map[string]schema.Attribute{
		"id": schema.StringAttribute{MarkdownDescription: r.kind.aboutID(), Computed: true},
	}
	if parent := r.kind.parent; parent != "" {
		attributes[parent] = schema.StringAttribute{MarkdownDescription: r.kind.aboutParent() + " A change replaces the resource.", Required: true, Validators: filled}
	}
	for i := range r.kind.fields {
		attributes[r.kind.fields[i].name] = r.kind.fields[i].resourceAttribute(false)
	}
	for i := range r.kind.secrets {
		maps.Copy(attributes, r.kind.secrets[i].attributes())
	}
	if r.kind.api.Ready != nil {
		r.kind.waitAttributes(ctx, attributes)
	}
	if r.kind.action != nil {
		r.kind.action.attributes(attributes)
	}
	resp.Schema = schema.Schema{Version: schemaVersion, MarkdownDescription: r.kind.about, Attributes: attributes}
}

func (k *kind) aboutID() string {
	if k.parent == "" {
		return "The same as `" + k.id() + "`."
	}
	return "`" + k.parent + "` and `" + k.id() + "` with a slash between them."
}

func (k *kind) aboutParent() string {
	return "ID of the " + k.api.Of.Noun + " that the " + k.api.Noun + " belongs to."
}

// IdentitySchema implements the resource's interface.
func (r *kindResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	attributes := map[string]identityschema.Attribute{
		r.kind.id(): identityschema.StringAttribute{Description: "ID of the " + r.kind.api.Noun + ".", RequiredForImport: true},
	}
	if parent := r.kind.parent; parent != "" {
		attributes[parent] = identityschema.StringAttribute{
			Description: r.kind.aboutParent(), RequiredForImport: true,
		}
	}
	resp.IdentitySchema = identityschema.Schema{Attributes: attributes}
}

// resourceAttribute describes the field in a resource. inside: it is an attribute of a nested one.
// The framework takes a required attribute for missing where the object that it is in is not known
// as a whole, so inside it is optional, and field.missing looks for it.
func (f *field) resourceAttribute(inside bool) schema.Attribute {
	mustWrite, mayWrite, chosen := f.use == required, f.use == managed || f.use == optional || f.use == providerOnly, f.use == computed || f.use == managed
	about := f.about
	if inside && mustWrite {
		mustWrite, mayWrite, about = false, true, "Required. "+about
	}
	switch f.value {
	case flag:
		return schema.BoolAttribute{MarkdownDescription: about, Required: mustWrite, Optional: mayWrite, Computed: chosen}
	case number:
		return schema.Int64Attribute{MarkdownDescription: about, Required: mustWrite, Optional: mayWrite, Computed: chosen}
	case texts:
		return schema.ListAttribute{MarkdownDescription: about, ElementType: types.StringType, Required: mustWrite, Optional: mayWrite, Computed: chosen}
	case textSet:
		return schema.SetAttribute{MarkdownDescription: about, ElementType: types.StringType, Required: mustWrite, Optional: mayWrite, Computed: chosen}
	case textMap:
		return schema.MapAttribute{MarkdownDescription: about, ElementType: types.StringType, Required: mustWrite, Optional: mayWrite, Computed: chosen}
	case object, wholeObject:
		return schema.SingleNestedAttribute{MarkdownDescription: about, Attributes: f.nestedAttributes(), Required: mustWrite, Optional: mayWrite, Computed: chosen}
	case objectList:
		return schema.ListNestedAttribute{MarkdownDescription: about, NestedObject: schema.NestedAttributeObject{Attributes: f.nestedAttributes()}, Required: mustWrite, Optional: mayWrite, Computed: chosen}
	case objectMap:
		return schema.MapNestedAttribute{MarkdownDescription: about, NestedObject: schema.NestedAttributeObject{Attributes: f.nestedAttributes()}, Required: mustWrite, Optional: mayWrite, Computed: chosen}
	default:
		return schema.StringAttribute{MarkdownDescription: about, Required: mustWrite, Optional: mayWrite, Computed: chosen, Validators: f.validators}
	}
}

func (f *field) nestedAttributes() map[string]schema.Attribute {
	attributes := map[string]schema.Attribute{}
	for i := range f.fields {
		attributes[f.fields[i].name] = f.fields[i].resourceAttribute(true)
	}
	if f.secret != nil {
		maps.Copy(attributes, f.secret.attributes())
	}
	return attributes
}

func (f *field) nestedDataAttributes() map[string]datasource.Attribute {
	attributes := map[string]datasource.Attribute{}
	for i := range f.fields {
		attributes[f.fields[i].name] = f.fields[i].dataAttribute(f.fields[i].description(true), false)
	}
	return attributes
}

// dataAttribute describes the field in a data source, where it is computed, or an
// argument that may be written.
func (f *field) dataAttribute(about string, optional bool) datasource.Attribute {
	switch f.value {
	case flag:
		return datasource.BoolAttribute{MarkdownDescription: about, Computed: true, Optional: optional}
	case number:
		return datasource.Int64Attribute{MarkdownDescription: about, Computed: true, Optional: optional}
	case texts:
		return datasource.ListAttribute{MarkdownDescription: about, ElementType: types.StringType, Computed: true, Optional: optional}
	case textSet:
		return datasource.SetAttribute{MarkdownDescription: about, ElementType: types.StringType, Computed: true, Optional: optional}
	case textMap:
		return datasource.MapAttribute{MarkdownDescription: about, ElementType: types.StringType, Computed: true, Optional: optional}
	case object, wholeObject:
		return datasource.SingleNestedAttribute{MarkdownDescription: about, Attributes: f.nestedDataAttributes(), Computed: true}
	case objectList:
		return datasource.ListNestedAttribute{MarkdownDescription: about, NestedObject: datasource.NestedAttributeObject{Attributes: f.nestedDataAttributes()}, Computed: true}
	case objectMap:
		return datasource.MapNestedAttribute{MarkdownDescription: about, NestedObject: datasource.NestedAttributeObject{Attributes: f.nestedDataAttributes()}, Computed: true}
	default:
		return datasource.StringAttribute{MarkdownDescription: about, Computed: true, Optional: optional}
	}
}
