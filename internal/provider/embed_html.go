package provider

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tavus/terraform-provider-tavus/internal/embed"
)

var _ function.Function = embedHTMLFunction{}

// embedHTMLFunction is provider::tavus::embed_html. It needs no provider
// configuration and sends no request. What the HTML looks like is decided by
// package embed; this file only reads the arguments.
type embedHTMLFunction struct{}

// NewEmbedHTMLFunction returns the function embed_html.
func NewEmbedHTMLFunction() function.Function {
	return embedHTMLFunction{}
}

func (embedHTMLFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "embed_html"
}

func (embedHTMLFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "HTML that shows a deployment on a page",
		MarkdownDescription: "Returns the custom element that shows a deployment and the script that it needs, ready to be put into a " +
			"page. An inline embed comes in a container of a definite size.\n\n" +
			"Every value is escaped, so texts may hold quotes and markup. The script belongs on a page once: for a second " +
			"deployment on the same page, leave it out with `script = false`. No request is sent.",
		Parameters: []function.Parameter{
			function.StringParameter{
				Name:               "deployment_id",
				AllowUnknownValues: true,
				MarkdownDescription: "ID of the deployment, such as `tavus_deployment.docs.deployment_id`. It is meant to be public; who may " +
					"talk to the deployment is governed by its allowed origins, limits and password.",
			},
			function.StringParameter{
				Name: "channel",
				MarkdownDescription: "Channel of the deployment, `widget` or `embed`, such as `tavus_deployment.docs.channel`. A " +
					"`landing-page` is hosted by Tavus and has no HTML, so it is an error.",
			},
		},
		VariadicParameter: function.DynamicParameter{
			Name:           "options",
			AllowNullValue: true,
			MarkdownDescription: "At most one object. Each of its attributes may be left out or null; any other name is an error.\n\n" +
				"  - `version`: release of the script, an exact one such as `\"0.1.0\"`. Left out, visitors get the newest one.\n" +
				"  - `attributes`: a map of attributes of the element. Documented are `custom-greeting` (what the PAL says first), " +
				"`conversational-context` (what it should know about the page), `memory-stores` (IDs, separated by commas) and " +
				"`override-config` (JSON, write it with `jsonencode`). Any other name that HTML allows is taken, event handlers " +
				"(`on...`) are not. An attribute that is null is left out.\n" +
				"  - `width`: width of the container of an `embed`, a CSS length such as `\"720px\"`. Left out, `100%`.\n" +
				"  - `aspect_ratio`: width to height of that container, such as `\"9/16\"`. Left out, `16/9`.\n" +
				"  - `script`: `false` leaves the script out, for a second deployment on the same page.\n" +
				"  - `nonce`: the nonce of the page's Content Security Policy, for the script.\n" +
				"  - `integrity`: the hash of the release that `version` names, such as `\"sha384-...\"`.\n" +
				"  - `defer`: `true` runs the script after the page was read.\n\n" +
				"A typed null works as no options. For a null without a type write `[for o in [var.options] : o if o != null]...`.",
		},
		Return: function.StringReturn{},
	}
}

// Positions of the arguments in errors.
const (
	argDeploymentID = 0
	argChannel      = 1
	argOptions      = 2
)

func (embedHTMLFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var options embed.Options
	var id types.String
	var more []types.Dynamic
	resp.Error = req.Arguments.Get(ctx, &id, &options.Channel, &more)
	if resp.Error != nil {
		return
	}
	// The channel and the options are known while planning, before the id is: what is wrong
	// with them is said then, and not after everything was created.
	options.DeploymentID = id.ValueString()
	if id.IsUnknown() {
		options.DeploymentID = "not-known-yet"
	}
	if len(more) > 1 {
		resp.Error = argumentError(argOptions+1, "There is at most one value of options. Put all of them into one object: "+
			"{ version = \"0.1.0\", width = \"720px\" }.")
		return
	}
	for _, given := range more {
		if err := readEmbedOptions(&options, given.UnderlyingValue()); err != nil {
			resp.Error = argumentError(argOptions, err.Error())
			return
		}
	}
	html, err := embed.HTML(options)
	if err != nil {
		resp.Error = embedError(err)
		return
	}
	if id.IsUnknown() {
		resp.Error = resp.Result.Set(ctx, types.StringUnknown())
		return
	}
	resp.Error = resp.Result.Set(ctx, html)
}

// embedError puts an error at its argument.
func embedError(err error) *function.FuncError {
	position := int64(argOptions)
	if problem, ok := errors.AsType[*embed.Error](err); ok {
		switch problem.Option {
		case "deployment_id":
			position = argDeploymentID
		case "channel":
			position = argChannel
		}
	}
	return argumentError(position, err.Error())
}

// argumentError leaves the last full stop to Terraform, which adds one.
func argumentError(position int64, text string) *function.FuncError {
	return function.NewArgumentFuncError(position, strings.TrimSuffix(sentence(text), "."))
}

var embedOptions = []string{"aspect_ratio", "attributes", "defer", "integrity", "nonce", "script", "version", "width"}

func readEmbedOptions(options *embed.Options, given attr.Value) error {
	if given == nil || given.IsNull() {
		return nil
	}
	members, ok := membersOf(given)
	if !ok {
		return errors.New("options must be an object, such as { version = \"0.1.0\" }")
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		value := members[name]
		var target *string
		switch name {
		case "version":
			target = &options.Version
		case "width":
			target = &options.Width
		case "aspect_ratio":
			target = &options.AspectRatio
		case "nonce":
			target = &options.Nonce
		case "integrity":
			target = &options.Integrity
		case "script", "defer":
			on, err := flagOf(value, name == "script")
			if err != nil {
				return fmt.Errorf("the option %s %w", name, err)
			}
			if name == "script" {
				options.NoScript = !on
			} else {
				options.Defer = on
			}
			continue
		case "attributes":
			if err := readAttributes(options, value); err != nil {
				return err
			}
			continue
		default:
			return fmt.Errorf("there is no option %q; the options are %s", name, strings.Join(embedOptions, ", "))
		}
		text, isNull, err := textOf(value)
		if err != nil {
			return fmt.Errorf("the option %s %w", name, err)
		}
		if !isNull && text == "" {
			return fmt.Errorf("the option %s is empty; leave it out instead", name)
		}
		*target = text
	}
	return nil
}

func readAttributes(options *embed.Options, given attr.Value) error {
	given = unwrap(given)
	if given.IsNull() {
		return nil
	}
	members, ok := membersOf(given)
	if !ok {
		return errors.New("the option attributes must be a map of strings, such as { \"custom-greeting\" = \"Hello\" }")
	}
	options.Attributes = map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		text, isNull, err := textOf(members[name])
		if err != nil {
			return fmt.Errorf("the attribute %q %w", name, err)
		}
		if !isNull {
			options.Attributes[name] = text
		}
	}
	return nil
}

// membersOf takes an object and a map alike: which of them a literal is depends
// on its values.
func membersOf(value attr.Value) (map[string]attr.Value, bool) {
	switch value := unwrap(value).(type) {
	case types.Object:
		return value.Attributes(), true
	case types.Map:
		return value.Elements(), true
	}
	return nil, false
}

// textOf converts a primitive value as Terraform does.
func textOf(value attr.Value) (text string, isNull bool, err error) {
	value = unwrap(value)
	if value.IsNull() {
		return "", true, nil
	}
	switch value := value.(type) {
	case types.String:
		return value.ValueString(), false, nil
	case types.Number:
		return value.ValueBigFloat().Text('f', -1), false, nil
	case types.Bool:
		return strconv.FormatBool(value.ValueBool()), false, nil
	}
	return "", false, errors.New("must be a string; write an object with jsonencode, and a list with join(\",\", ...)")
}

// flagOf converts a boolean; null is otherwise.
func flagOf(value attr.Value, otherwise bool) (bool, error) {
	value = unwrap(value)
	if value.IsNull() {
		return otherwise, nil
	}
	if on, ok := value.(types.Bool); ok {
		return on.ValueBool(), nil
	}
	return false, errors.New("must be true or false")
}

func unwrap(value attr.Value) attr.Value {
	if dynamic, ok := value.(types.Dynamic); ok && !dynamic.IsNull() {
		return dynamic.UnderlyingValue()
	}
	return value
}
