package provider

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tavus/terraform-provider-tavus/internal/ownedjson"
	"github.com/tavus/terraform-provider-tavus/internal/tavus"
)

var _ list.ListResourceWithConfigure = (*deploymentListResource)(nil)

// deploymentListResource is the list resource tavus_deployment, which
// `terraform query` reads (Terraform 1.14 and later).
type deploymentListResource struct {
	connection *connection
}

type deploymentListConfig struct {
	PalID   types.String `tfsdk:"pal_id"`
	Search  types.String `tfsdk:"search"`
	Status  types.String `tfsdk:"status"`
	Channel types.String `tfsdk:"channel"`
}

// NewDeploymentListResource returns the list resource tavus_deployment.
func NewDeploymentListResource() list.ListResource {
	return &deploymentListResource{}
}

func (l *deploymentListResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_deployment"
}

func (l *deploymentListResource) Configure(_ context.Context, req resource.ConfigureRequest, _ *resource.ConfigureResponse) {
	l.connection, _ = req.ProviderData.(*connection)
}

func (l *deploymentListResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the deployments of the account for `terraform query` (Terraform 1.14 and later), whoever made them, " +
			"and writes the configuration to adopt them with `-generate-config-out`. Nothing is written to the server. Filters add up. " +
			"Terraform asks for 100 results at most; set `limit` in the `list` block to get more.",
		Attributes: map[string]schema.Attribute{
			"pal_id": schema.StringAttribute{
				MarkdownDescription: describePalFilter,
				Optional:            true,
				Validators:          []validator.String{notEmpty{adviseFilter}},
			},
			"search": schema.StringAttribute{
				MarkdownDescription: describeSearchFilter,
				Optional:            true,
				Validators:          []validator.String{notEmpty{adviseFilter}},
			},
			"status": schema.StringAttribute{
				MarkdownDescription: describeStatusFilter,
				Optional:            true,
				Validators:          []validator.String{statusNames},
			},
			"channel": schema.StringAttribute{
				MarkdownDescription: describeChannelFilter,
				Optional:            true,
				Validators:          []validator.String{channelNames},
			},
		},
	}
}

// usualLimit is what Terraform sends when a list block sets no limit. It cannot
// be told from a limit that was meant, and Terraform says nothing when more is
// there, so only at this limit the provider looks one further and says it.
const usualLimit = 100

func (l *deploymentListResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var config deploymentListConfig
	diags := req.Config.Get(ctx, &config)
	client := l.connection.connect(&diags)
	if diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	ctx = tavus.Mask(ctx, func() []string { return []string{config.Search.ValueString()} })
	stream.Results = func(push func(list.ListResult) bool) {
		listing := listing{req: req, client: client, config: config}
		listing.run(ctx, push)
	}
}

// listing is one run of the list resource.
type listing struct {
	req    list.ListRequest
	client *tavus.Client
	config deploymentListConfig
	more   bool // there is more than the limit
}

func (l *listing) run(ctx context.Context, push func(list.ListResult) bool) {
	filter := tavus.ListFilter{
		PalID: l.config.PalID.ValueString(), Search: l.config.Search.ValueString(), Status: l.config.Status.ValueString(),
	}
	if l.config.Channel.IsNull() && l.req.Limit > 0 {
		filter.PageSize = int(min(l.req.Limit, 100)) // no larger a page than is needed
	}
	items := l.limited(withChannel(ctx, l.client, l.client.ListDeployments(ctx, filter), l.config.Channel.ValueString()))
	documents := shown(items)
	if l.req.IncludeResource {
		documents = wholeDeployments(ctx, l.client, items)
	}
	warned := false
	for live, err := range documents {
		result := l.req.NewListResult(ctx)
		if err != nil {
			addAPIError(&result.Diagnostics, "list the deployments", err)
			push(result)
			return
		}
		l.fill(ctx, live, &result)
		if l.more && !warned {
			warned = true
			l.warnMore(&result.Diagnostics)
		}
		if !push(result) || result.Diagnostics.HasError() {
			return
		}
	}
	if l.more && !warned { // the last one was deleted meanwhile
		result := list.ListResult{}
		l.warnMore(&result.Diagnostics)
		push(result)
	}
}

// limited stops at the limit that Terraform asks for. That more is there is
// known before the last one goes out, because Terraform listens no further.
func (l *listing) limited(items iter.Seq2[*tavus.ListedDeployment, error]) iter.Seq2[*tavus.ListedDeployment, error] {
	if l.req.Limit <= 0 {
		return items
	}
	return func(yield func(*tavus.ListedDeployment, error) bool) {
		var last *tavus.ListedDeployment
		count := int64(0)
		for item, err := range items {
			if last != nil {
				l.more = err == nil
				break
			}
			count++
			if err == nil && count == l.req.Limit {
				if last = item; l.req.Limit == usualLimit {
					continue
				}
				break
			}
			if !yield(item, err) || err != nil {
				return
			}
		}
		if last != nil {
			yield(last, nil)
		}
	}
}

// shown passes items on as the list shows them, whole or not.
func shown(items iter.Seq2[*tavus.ListedDeployment, error]) iter.Seq2[*tavus.Deployment, error] {
	return func(yield func(*tavus.Deployment, error) bool) {
		for item, err := range items {
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(&item.Deployment, nil) {
				return
			}
		}
	}
}

func (l *listing) warnMore(diags *diag.Diagnostics) {
	diags.AddWarning("More deployments than the limit",
		fmt.Sprintf("The account holds more deployments that fit than the limit of %d, which is what Terraform asks for when the list "+
			"block has no limit. Set limit in the list block to get all of them.", l.req.Limit))
}

// fill writes what Terraform gets of one deployment. The resource is as after an
// import, so that the configuration made from it plans empty.
func (l *listing) fill(ctx context.Context, live *tavus.Deployment, result *list.ListResult) {
	result.DisplayName = displayName(live)
	identity := deploymentIdentity{DeploymentID: types.StringValue(live.DeploymentID)}
	result.Diagnostics.Append(result.Identity.Set(ctx, identity)...)
	if !l.req.IncludeResource {
		return
	}
	state := &deploymentModel{AllowedOrigins: types.SetNull(types.StringType)}
	if err := refresh(state, ownedjson.DecodeRecord(nil), live, true); err != nil {
		result.Diagnostics.AddError("Cannot list the deployments", sentence(err.Error()))
		return
	}
	result.Diagnostics.Append(result.Resource.Set(ctx, state)...)
}

// shortID is how many characters of an id stand in a display name. A UUID has
// eight before its first hyphen.
const shortID = 8

// displayName is what a person sees in the output of a query: name, channel and
// the beginning of the id. A terminal shows it, so control characters go.
func displayName(live *tavus.Deployment) string {
	name := strings.Join(strings.FieldsFunc(live.Name, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r)
	}), " ")
	if name == "" {
		name = "(no name)"
	}
	id := []rune(live.DeploymentID)
	id = id[:min(len(id), shortID)]
	if live.Channel == "" {
		return fmt.Sprintf("%s (%s)", name, string(id))
	}
	return fmt.Sprintf("%s (%s %s)", name, live.Channel, string(id))
}
