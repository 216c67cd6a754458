package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tavus/terraform-provider-tavus/internal/tavus"
)

var (
	_ datasource.DataSourceWithConfigure      = (*kindDataSource)(nil)
	_ datasource.DataSourceWithValidateConfig = (*kindDataSource)(nil)
	_ datasource.DataSourceWithConfigure      = (*kindListDataSource)(nil)
)

// kindDataSource reads one object, by its id or by its exact name.
type kindDataSource struct {
	connected
	kind *kind
}

// kindListDataSource lists objects.
type kindListDataSource struct {
	connected
	kind *kind
}

// shownFields are the attributes of an object in data sources.
func (k *kind) shownFields() []*field {
	var fields []*field
	for _, rows := range [][]field{k.fields, k.dataFields} {
		for i := range rows {
			if !rows[i].hidden {
				fields = append(fields, rows[i].readable())
			}
		}
	}
	return fields
}

// readable is the field without what no server shows.
func (f *field) readable() *field {
	shown := *f
	shown.secret, shown.fields = nil, nil
	for i := range f.fields {
		shown.fields = append(shown.fields, *f.fields[i].readable())
	}
	return &shown
}

func (k *kind) dataAttributes() map[string]schema.Attribute {
	attributes := map[string]schema.Attribute{
		"id": schema.StringAttribute{MarkdownDescription: "The same as `" + k.id() + "`.", Computed: true},
	}
	for _, f := range k.shownFields() {
		attributes[f.name] = f.dataAttribute(f.description(true), false)
	}
	return attributes
}

// Metadata implements the data source's interface.
func (d *kindDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + d.kind.name
}

// Metadata implements the data source's interface.
func (d *kindListDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + d.kind.plural
}

// Schema makes the schema of the rows: everything is computed, but for the ways to find
// the object.
func (d *kindDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	k := d.kind
	attributes := k.dataAttributes()
	attributes[k.id()] = schema.StringAttribute{
		MarkdownDescription: fmt.Sprintf("ID of the %s to read. Write either this or `name`.", k.api.Noun),
		Optional:            true, Computed: true, Validators: filled,
	}
	attributes["name"] = schema.StringAttribute{
		MarkdownDescription: fmt.Sprintf("Name of the %s to look for, exactly as the Tavus portal shows it. Write either this or `%s`. No %s of this "+
			"name and several of them are errors that list IDs.%s", k.api.Noun, k.id(), k.api.Noun, k.aboutLooseNames()),
		Optional: true, Computed: true, Validators: filled,
	}
	for i := range k.filters {
		if f := &k.filters[i]; f.narrows {
			attributes[f.name] = schema.StringAttribute{
				MarkdownDescription: k.narrowing(f), Optional: true, Computed: true, Validators: filled,
			}
		}
	}
	resp.Schema = schema.Schema{MarkdownDescription: k.dataAbout, Attributes: attributes}
}

func (k *kind) aboutLooseNames() string {
	if k.looseNames {
		return " Tavus takes the punctuation out of names, so where none is exactly the same, a name that differs in punctuation and white space counts."
	}
	return ""
}

func (k *kind) narrowing(f *filter) string {
	about := ""
	if shown := k.field(f.name); shown != nil {
		about = shown.description(true) + " "
	}
	return about + fmt.Sprintf("Beside `name` it can be written, to look among the %s that have it only.", k.plural)
}

// ValidateConfig checks that there is one way to find the object.
func (d *kindDataSource) ValidateConfig(_ context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	k := d.kind
	config, err := decodeValues(req.Config.Raw)
	switch {
	case err != nil:
		addCodecError(&resp.Diagnostics, err)
	case config.isNull(k.id()) && config.isNull("name"):
		resp.Diagnostics.AddError(fmt.Sprintf("No %s or name", k.id()), fmt.Sprintf("Write %s, or name.", k.id()))
	case config.isSet(k.id()) && config.isSet("name"):
		resp.Diagnostics.AddAttributeError(path.Root("name"), "Two ways to name a "+k.api.Noun, fmt.Sprintf("Write either %s or name, not both.", k.id()))
	case config.isSet(k.id()):
		for i := range k.filters {
			if f := &k.filters[i]; f.narrows && config.isSet(f.name) {
				resp.Diagnostics.AddAttributeError(path.Root(f.name), "Nothing to narrow",
					fmt.Sprintf("%s narrows a search by name. The %s names one %s already, so leave it out.", f.name, k.id(), k.api.Noun))
			}
		}
	}
}

// Read implements the data source's interface.
func (d *kindDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	k := d.kind
	config, client := d.begin(req.Config.Raw, &resp.Diagnostics)
	if client == nil {
		return
	}
	id := config.text(k.id())
	if id == "" {
		found := k.byName(ctx, client, config, &resp.Diagnostics)
		if found == nil {
			return
		}
		if id = found.id; k.hasMarker(found.document) {
			d.save(found, config, resp)
			return
		}
	}
	if found := k.get(ctx, client, id, &resp.Diagnostics); found != nil {
		d.save(found, config, resp)
	}
}

func (d *kindDataSource) save(found *item, config values, resp *datasource.ReadResponse) {
	resp.State.Raw = d.kind.dataValue(found, config, resp.State.Raw.Type(), &resp.Diagnostics)
	if d.kind.warnData != nil {
		d.kind.warnData(found, &resp.Diagnostics)
	}
}

// get reads one object, or returns nil after an error.
func (k *kind) get(ctx context.Context, client *tavus.Client, id string, diags *diag.Diagnostics) *item {
	object, err := client.Get(ctx, k.api, id)
	switch {
	case tavus.IsGone(err):
		addMissing(diags, k, id)
		return nil
	case err != nil:
		explain(diags, k, "read "+k.title(id), err)
		return nil
	}
	k.warnUnseen(object, nil, diags)
	one, err := k.whole(object)
	if err != nil {
		diags.AddError("Cannot read "+k.title(id), sentence(err.Error()))
		return nil
	}
	return one
}

// dataValue is an object as a data source shows it. The name stays as the configuration
// writes it: the stored one can lack the punctuation.
func (k *kind) dataValue(one *item, config values, typ tftypes.Type, diags *diag.Diagnostics) tftypes.Value {
	v := values{"id": textValue(one.id)}
	for _, f := range k.shownFields() {
		value, err := f.fromDocument(one.document, true)
		if err != nil {
			diags.AddError("Cannot read "+k.title(one.id), sentence(err.Error()))
			return tftypes.NewValue(typ, nil)
		}
		v[f.name] = value
	}
	v[k.id()] = textValue(one.id)
	if config.isSet("name") {
		v["name"] = config["name"]
	}
	return v.raw(typ)
}

// Schema makes the schema of the filters and the rows.
func (d *kindListDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	k := d.kind
	attributes := map[string]schema.Attribute{
		k.plural: schema.ListNestedAttribute{
			MarkdownDescription: fmt.Sprintf("The %s, the oldest first.", k.plural), Computed: true,
			NestedObject: schema.NestedAttributeObject{Attributes: k.dataAttributes()},
		},
	}
	for i := range k.filters {
		f := &k.filters[i]
		attributes[f.name] = schema.StringAttribute{MarkdownDescription: f.about, Optional: true, Validators: f.validators()}
	}
	resp.Schema = schema.Schema{MarkdownDescription: k.dataListAbout, Attributes: attributes}
}

func (f *filter) validators() []validator.String {
	if len(f.oneOf) > 0 {
		return []validator.String{stringvalidator.OneOf(f.oneOf...)}
	}
	return filled
}

// Read implements the data source's interface.
func (d *kindListDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	k := d.kind
	config, client := d.begin(req.Config.Raw, &resp.Diagnostics)
	if client == nil {
		return
	}
	var found []*item
	for one, err := range k.items(ctx, client, config, true, 0) {
		if err != nil {
			explain(&resp.Diagnostics, k, "list the "+k.plural, err)
			return
		}
		found = append(found, one)
	}
	typ, ok := resp.State.Raw.Type().(tftypes.Object)
	if !ok {
		return
	}
	list, _ := typ.AttributeTypes[k.plural].(tftypes.List)
	elements := []tftypes.Value{}
	for _, one := range sorted(found) {
		elements = append(elements, k.dataValue(one, nil, list.ElementType, &resp.Diagnostics))
	}
	if !resp.Diagnostics.HasError() {
		config[k.plural] = tftypes.NewValue(list, elements)
		resp.State.Raw = config.raw(typ)
	}
}
