package provider

import (
	"context"
	"fmt"
	"strings"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tavus/terraform-provider-tavus/internal/ownership"
	"github.com/tavus/terraform-provider-tavus/internal/tavus"
)

var _ list.ListResourceWithConfigure = (*kindList)(nil)

// kindList is the list resource that `terraform query` reads (Terraform 1.14 and later).
type kindList struct {
	connected
	kind *kind
}

// Metadata implements the list's interface.
func (l *kindList) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + l.kind.name
}

// ListResourceConfigSchema makes the schema of the filters.
func (l *kindList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	attributes := map[string]schema.Attribute{}
	for i := range l.kind.filters {
		f := &l.kind.filters[i]
		attributes[f.name] = schema.StringAttribute{MarkdownDescription: f.about, Optional: true, Validators: f.validators()}
	}
	resp.Schema = schema.Schema{MarkdownDescription: l.kind.listAbout, Attributes: attributes}
}

// List implements the list's interface.
func (l *kindList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	result := req.NewListResult(ctx)
	config, client := l.begin(req.Config.Raw, &result.Diagnostics)
	if client == nil {
		stream.Results = list.ListResultsStreamDiagnostics(result.Diagnostics)
		return
	}
	stream.Results = func(push func(list.ListResult) bool) { l.run(ctx, req, client, config, push) }
}

func (l *kindList) run(ctx context.Context, req list.ListRequest, client *tavus.Client, config values, push func(list.ListResult) bool) {
	count := int64(0)
	var held *list.ListResult
	for one, err := range l.kind.items(ctx, client, config, req.IncludeResource, req.Limit) {
		if held != nil {
			if err == nil {
				l.warnMore(&held.Diagnostics)
			}
			break
		}
		result := req.NewListResult(ctx)
		if err == nil {
			err = l.fill(req, one, &result)
		}
		if err != nil {
			explain(&result.Diagnostics, l.kind, "list the "+l.kind.plural, err)
			push(result)
			return
		}
		if count++; count == usualLimit && req.Limit == usualLimit {
			// Terraform listens no further than the limit, so what is to be said goes with the last one.
			held = &result
			continue
		}
		if !push(result) || req.Limit > 0 && count == req.Limit {
			return
		}
	}
	if held != nil {
		push(*held)
	}
}

// usualLimit is what Terraform asks for when a list block has no limit.
const usualLimit = 100

func (l *kindList) warnMore(diags *diag.Diagnostics) {
	diags.AddWarning("More "+l.kind.plural+" than the limit",
		fmt.Sprintf("The account holds more %s that fit than the limit of %d, which is what Terraform asks for when the list block has no "+
			"limit. Set limit in the list block to get all of them.", l.kind.plural, usualLimit))
}

// fill writes what Terraform gets of one object. The resource is as after an import, so
// that the configuration made from it plans empty.
func (l *kindList) fill(req list.ListRequest, one *item, result *list.ListResult) error {
	result.DisplayName = l.kind.displayName(one)
	r := &kindResource{kind: l.kind, schema: l.kind.schema()}
	result.Identity.Raw = r.identity(result.Identity, values{"id": textValue(one.id)})
	if !req.IncludeResource {
		return nil
	}
	state := values{}
	typ, ok := result.Resource.Raw.Type().(tftypes.Object)
	if !ok {
		return nil
	}
	for name, attribute := range typ.AttributeTypes {
		state[name] = tftypes.NewValue(attribute, nil)
	}
	next, err := r.imported(state, one)
	if err == nil {
		result.Resource.Raw = next.raw(typ)
	}
	return err
}

// imported is the state of an object that was just imported.
func (r *kindResource) imported(state values, one *item) (values, error) {
	state["id"] = textValue(one.id)
	empty := ownership.NewDocument(nil)
	for i := range r.kind.fields {
		if err := r.kind.show(&r.kind.fields[i], state, empty, one.document, one.document); err != nil {
			return nil, err
		}
	}
	return state, nil
}

// shortID is how many characters of an id a display name has. A UUID has eight before its
// first hyphen.
const shortID = 8

// displayName is what a person sees in the output of a query. A terminal shows it, so
// control characters go.
func (k *kind) displayName(one *item) string {
	name := strings.Join(strings.FieldsFunc(one.text(k.nameAt()), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r)
	}), " ")
	if name == "" {
		name = "(no name)"
	}
	id := []rune(one.id)
	short := string(id[:min(len(id), shortID)])
	if label := one.text(k.label); k.label != "" && label != "" {
		return fmt.Sprintf("%s (%s %s)", name, label, short)
	}
	return fmt.Sprintf("%s (%s)", name, short)
}
