package provider

import (
	"context"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// TestServer_NullWithoutBytes: OpenTofu sends a null of a type as a value without bytes. It is the
// same as no options.
func TestServer_NullWithoutBytes(t *testing.T) {
	t.Parallel()
	server := newServer("test")
	if _, ok := server.(listingServer); !ok {
		t.Fatal("the server has lost its lists")
	}
	text := func(s string) *tfprotov6.DynamicValue {
		value, err := tfprotov6.NewDynamicValue(tftypes.String, tftypes.NewValue(tftypes.String, s))
		if err != nil {
			t.Fatal(err)
		}
		return &value
	}
	for name, null := range map[string]*tfprotov6.DynamicValue{"empty": {}, "nil": nil} {
		resp, err := server.CallFunction(context.Background(), &tfprotov6.CallFunctionRequest{
			Name: "embed_html", Arguments: []*tfprotov6.DynamicValue{text("d1"), text("widget"), null},
		})
		if err != nil || resp.Error != nil || resp.Result == nil {
			t.Errorf("%s: %v, %+v", name, err, resp)
		}
	}
}
