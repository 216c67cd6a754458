package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
)

// Serve answers Terraform until it ends the provider. With debug it waits for a debugger and
// prints how Terraform can attach.
func Serve(version string, debug bool) error {
	var options []tf6server.ServeOpt
	if debug {
		options = append(options, tf6server.WithManagedDebug())
	}
	return tf6server.Serve(Address, func() tfprotov6.ProviderServer { return newServer(version) }, options...)
}

func newServer(version string) tfprotov6.ProviderServer {
	server := providerserver.NewProtocol6(New(version)())()
	if whole, ok := server.(listingServer); ok {
		return nullServer{whole}
	}
	return server
}

// nullServer mends the arguments of functions that OpenTofu sends for a null of a type: a value
// without any bytes, which the framework refuses before the function is called.
type nullServer struct {
	listingServer
}

// listingServer is a server with everything that this provider has.
type listingServer interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
}

// msgpackNil is a null in MessagePack.
const msgpackNil = 0xc0

// CallFunction calls a function of the provider.
func (s nullServer) CallFunction(ctx context.Context, req *tfprotov6.CallFunctionRequest) (*tfprotov6.CallFunctionResponse, error) {
	for i, argument := range req.Arguments {
		if argument == nil || len(argument.MsgPack) == 0 && len(argument.JSON) == 0 {
			req.Arguments[i] = &tfprotov6.DynamicValue{MsgPack: []byte{msgpackNil}}
		}
	}
	return s.listingServer.CallFunction(ctx, req)
}
