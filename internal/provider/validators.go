package provider

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/tavus/terraform-provider-tavus/internal/ownedjson"
)

var (
	_ validator.String = jsonObjectValidator{}
	_ validator.String = oneOf{}
	_ validator.String = notEmpty{}
)

const notAnObject = "Not a JSON object"

// jsonObjectValidator takes the text of a JSON object without duplicate keys.
type jsonObjectValidator struct{}

func (jsonObjectValidator) Description(context.Context) string {
	return "a JSON object, as jsonencode({...}) writes it"
}

func (v jsonObjectValidator) MarkdownDescription(ctx context.Context) string {
	return v.Description(ctx)
}

func (jsonObjectValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if !set(req.ConfigValue) {
		return
	}
	if _, err := ownedjson.ParseConfig(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, notAnObject,
			fmt.Sprintf("%s must be a JSON object, as jsonencode({...}) writes it. %s", req.Path, sentence(err.Error())))
	}
}

// oneOf takes one of a few words.
type oneOf []string

func (o oneOf) Description(context.Context) string {
	quoted := make([]string, len(o))
	for i, word := range o {
		quoted[i] = fmt.Sprintf("%q", word)
	}
	last := len(quoted) - 1
	return strings.Join(quoted[:last], ", ") + " or " + quoted[last]
}

func (o oneOf) MarkdownDescription(ctx context.Context) string {
	return o.Description(ctx)
}

func (o oneOf) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if !set(req.ConfigValue) || slices.Contains(o, req.ConfigValue.ValueString()) {
		return
	}
	resp.Diagnostics.AddAttributeError(req.Path, fmt.Sprintf("Unknown %s", req.Path),
		fmt.Sprintf("%s must be %s, not %q.", req.Path, o.Description(ctx), req.ConfigValue.ValueString()))
}

// notEmpty takes any text but the empty one. advice says what to do instead.
type notEmpty struct{ advice string }

func (notEmpty) Description(context.Context) string {
	return "not empty"
}

func (n notEmpty) MarkdownDescription(ctx context.Context) string {
	return n.Description(ctx)
}

func (n notEmpty) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if set(req.ConfigValue) && req.ConfigValue.ValueString() == "" {
		resp.Diagnostics.AddAttributeError(req.Path, fmt.Sprintf("Empty %s", req.Path),
			fmt.Sprintf("%s must not be empty. %s", req.Path, n.advice))
	}
}
