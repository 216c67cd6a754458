package provider_test

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tavus/terraform-provider-tavus/internal/provider"
)

// embedHTML calls the function as Terraform does.
func embedHTML(t *testing.T, server tfprotov6.ProviderServer, id, channel string, options ...tftypes.Value) (string, error) {
	t.Helper()
	ctx := context.Background()
	arguments := []*tfprotov6.DynamicValue{}
	for _, text := range []string{id, channel} {
		value, err := tfprotov6.NewDynamicValue(tftypes.String, tftypes.NewValue(tftypes.String, text))
		if err != nil {
			t.Fatal(err)
		}
		arguments = append(arguments, &value)
	}
	for _, option := range options {
		value, err := tfprotov6.NewDynamicValue(tftypes.DynamicPseudoType, option)
		if err != nil {
			t.Fatal(err)
		}
		arguments = append(arguments, &value)
	}
	resp, err := server.CallFunction(ctx, &tfprotov6.CallFunctionRequest{Name: "embed_html", Arguments: arguments})
	if err != nil {
		t.Fatal(err)
	}
	if resp.Error != nil {
		position := int64(-1)
		if resp.Error.FunctionArgument != nil {
			position = *resp.Error.FunctionArgument
		}
		return "", errors.New(fmt.Sprintf("argument %d: ", position) + resp.Error.Text)
	}
	value, err := resp.Result.Unmarshal(tftypes.String)
	if err != nil {
		t.Fatal(err)
	}
	var text string
	if err := value.As(&text); err != nil {
		t.Fatal(err)
	}
	return text, nil
}

func text(s string) tftypes.Value { return tftypes.NewValue(tftypes.String, s) }

func objectValue(members map[string]tftypes.Value) tftypes.Value {
	types := map[string]tftypes.Type{}
	for name, member := range members {
		types[name] = member.Type()
	}
	return tftypes.NewValue(tftypes.Object{AttributeTypes: types}, members)
}

func mapValue(members map[string]tftypes.Value) tftypes.Value {
	return tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, members)
}

type members = map[string]tftypes.Value

func TestEmbedHTML(t *testing.T) {
	t.Parallel()
	server := providerserver.NewProtocol6(provider.New("test")())()
	const widget = `<tavus-widget deployment-id="d1"></tavus-widget>
<script src="https://unpkg.com/@tavus/widget"></script>`
	none := tftypes.NewValue(tftypes.DynamicPseudoType, nil)
	for name, test := range map[string]struct {
		channel string
		options []tftypes.Value
		want    string
	}{
		"no options":   {"widget", nil, widget},
		"null":         {"widget", []tftypes.Value{none}, widget},
		"empty object": {"widget", []tftypes.Value{objectValue(members{})}, widget},
		"empty map":    {"widget", []tftypes.Value{mapValue(members{})}, widget},
		"options of null": {"widget", []tftypes.Value{objectValue(members{
			"version": tftypes.NewValue(tftypes.String, nil), "attributes": none, "width": none, "aspect_ratio": none,
		})}, widget},
		"a map of options": {
			"embed",
			[]tftypes.Value{mapValue(members{"version": text("0.1.0"), "width": text("50%")})},
			"<div style=\"width: 50%; aspect-ratio: 16 / 9;\">\n  <tavus-embed deployment-id=\"d1\"></tavus-embed>\n</div>\n" +
				`<script src="https://unpkg.com/@tavus/embed@0.1.0"></script>`,
		},
		"everything": {
			"embed",
			[]tftypes.Value{objectValue(members{
				"version": text("0.1.0"), "width": text("720px"), "aspect_ratio": text("9/16"),
				"attributes": objectValue(members{
					"custom-greeting": text(`Say "hi" & <wave>`), "data-count": tftypes.NewValue(tftypes.Number, big.NewFloat(3)),
					"data-on": tftypes.NewValue(tftypes.Bool, true), "memory-stores": tftypes.NewValue(tftypes.String, nil),
				}),
			})},
			"<div style=\"width: 720px; aspect-ratio: 9 / 16;\">\n  <tavus-embed deployment-id=\"d1\" custom-greeting=\"Say &quot;hi&quot; &amp; &lt;wave&gt;\" " +
				"data-count=\"3\" data-on=\"true\"></tavus-embed>\n</div>\n" + `<script src="https://unpkg.com/@tavus/embed@0.1.0"></script>`,
		},
		"a map of attributes": {
			"widget",
			[]tftypes.Value{objectValue(members{"attributes": mapValue(members{"memory-stores": text("a,b")})})},
			`<tavus-widget deployment-id="d1" memory-stores="a,b"></tavus-widget>` + "\n" + `<script src="https://unpkg.com/@tavus/widget"></script>`,
		},
		// A ratio may be written as a number.
		"a number": {
			"embed",
			[]tftypes.Value{objectValue(members{"aspect_ratio": tftypes.NewValue(tftypes.Number, big.NewFloat(1.5))})},
			"<div style=\"width: 100%; aspect-ratio: 1.5;\">\n  <tavus-embed deployment-id=\"d1\"></tavus-embed>\n</div>\n" +
				`<script src="https://unpkg.com/@tavus/embed"></script>`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := embedHTML(t, server, "d1", test.channel, test.options...)
			if err != nil || got != test.want {
				t.Errorf("got\n%s, %v\nwant\n%s", got, err, test.want)
			}
		})
	}
}

func TestEmbedHTMLRefuses(t *testing.T) {
	t.Parallel()
	server := providerserver.NewProtocol6(provider.New("test")())()
	one := func(name string, value tftypes.Value) []tftypes.Value {
		return []tftypes.Value{objectValue(members{name: value})}
	}
	attribute := func(name, value string) []tftypes.Value {
		return one("attributes", objectValue(members{name: text(value)}))
	}
	tuple := tftypes.NewValue(tftypes.Tuple{ElementTypes: []tftypes.Type{tftypes.String}}, []tftypes.Value{text("x")})
	for name, test := range map[string]struct {
		id, channel string
		options     []tftypes.Value
		words       []string
	}{
		"landing page":        {"d1", "landing-page", nil, []string{"argument 1", "hosted by Tavus", "Link to its address"}},
		"unknown channel":     {"d1", "popup", nil, []string{"argument 1", "popup"}},
		"no id":               {"", "widget", nil, []string{"argument 0", "empty"}},
		"two options":         {"d1", "widget", []tftypes.Value{objectValue(members{}), objectValue(members{})}, []string{"argument 3", "at most one"}},
		"a string of options": {"d1", "widget", []tftypes.Value{text("0.1.0")}, []string{"argument 2", "must be an object"}},
		"a list of options":   {"d1", "widget", []tftypes.Value{tuple}, []string{"argument 2", "must be an object"}},
		"unknown option":      {"d1", "widget", one("height", text("1px")), []string{"argument 2", `"height"`, "aspect_ratio, attributes, defer, integrity, nonce, script, version, width"}},
		"empty option":        {"d1", "embed", one("width", text("")), []string{"argument 2", "width is empty"}},
		"attributes as text":  {"d1", "widget", one("attributes", text("x")), []string{"argument 2", "map of strings"}},
		"attribute as object": {"d1", "widget", one("attributes", objectValue(members{"override-config": objectValue(members{})})), []string{"jsonencode"}},
		"attribute as list":   {"d1", "widget", one("attributes", objectValue(members{"memory-stores": tuple})), []string{"join"}},
		"event handler":       {"d1", "widget", attribute("OnLoad", "x"), []string{"argument 2", "event handler"}},
		"bad name":            {"d1", "widget", attribute("a b", "x"), []string{"argument 2", "no name of an HTML attribute"}},
		"bad version":         {"d1", "widget", one("version", text("latest")), []string{"argument 2", "exact"}},
		"version as number":   {"d1", "widget", one("version", tftypes.NewValue(tftypes.Number, big.NewFloat(0.1))), []string{"exact"}},
		"width of a widget":   {"d1", "widget", one("width", text("1px")), []string{"argument 2", "no container"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := embedHTML(t, server, test.id, test.channel, test.options...)
			expectError(t, err, test.words...)
		})
	}
}
