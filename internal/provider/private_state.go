package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/tavus/terraform-provider-tavus/internal/ownership"
)

// Keys of the private state, which Terraform keeps beside the state and shows to
// nobody. A missing, damaged or newer record means: as after an import.
const (
	recordKey   = "record"   // an ownership.Record
	importedKey = "imported" // set by an import or a move until the first Read
)

// privateReader and privateWriter are the framework's private state, whose type is
// internal.
type privateReader interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

type privateWriter interface {
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

func getRecord(ctx context.Context, private privateReader, diags *diag.Diagnostics) *ownership.Record {
	data, more := private.GetKey(ctx, recordKey)
	diags.Append(more...)
	return ownership.DecodeRecord(data)
}

func setRecord(ctx context.Context, private privateWriter, record *ownership.Record, diags *diag.Diagnostics) {
	if record != nil {
		diags.Append(private.SetKey(ctx, recordKey, record.Encode())...)
	}
}

func isImported(ctx context.Context, private privateReader, diags *diag.Diagnostics) bool {
	data, more := private.GetKey(ctx, importedKey)
	diags.Append(more...)
	return len(data) > 0
}

func setImported(ctx context.Context, private privateWriter, imported bool, diags *diag.Diagnostics) {
	var mark []byte // nil takes the key away
	if imported {
		mark = []byte("true")
	}
	diags.Append(private.SetKey(ctx, importedKey, mark)...)
}
