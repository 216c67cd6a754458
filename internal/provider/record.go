package provider

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/tavus/terraform-provider-tavus/internal/ownedjson"
	"github.com/tavus/terraform-provider-tavus/internal/tavus"
)

// Keys of the private state, which Terraform keeps beside the state and shows
// to nobody.
const (
	recordKey   = "record"   // an ownedjson.Record
	importedKey = "imported" // set by an import until the first Read
	ignoredKey  = "ignored"  // a JSON object of the arguments that the last write found ignored, see getIgnored
	triedKey    = "tried"    // a JSON object: the ownedjson.Tried of each object argument
)

// privateReader and privateWriter are the framework's private state, whose type
// is internal.
type privateReader interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

type privateWriter interface {
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

func getRecord(ctx context.Context, private privateReader, diags *diag.Diagnostics) *ownedjson.Record {
	data, more := private.GetKey(ctx, recordKey)
	diags.Append(more...)
	return ownedjson.DecodeRecord(data)
}

func setRecord(ctx context.Context, private privateWriter, record *ownedjson.Record, diags *diag.Diagnostics) {
	diags.Append(private.SetKey(ctx, recordKey, record.Encode())...)
}

// getIgnored returns the object arguments for which the last write planned the
// text of the state, although the configuration has another one. Most often
// ignore_changes is the reason: Terraform then hands over the state as the
// configuration, so while planning it cannot be told from a configuration of the
// same text.
func getIgnored(ctx context.Context, private privateReader, diags *diag.Diagnostics) map[string]bool {
	data, more := private.GetKey(ctx, ignoredKey)
	diags.Append(more...)
	var ignored map[string]bool
	if json.Unmarshal(data, &ignored) != nil {
		return nil // nothing was kept, or it is damaged
	}
	return ignored
}

// setIgnored keeps what getIgnored returns; before is what it returned before.
func setIgnored(ctx context.Context, private privateWriter, write *deploymentWrite, before map[string]bool, diags *diag.Diagnostics) {
	ignored := map[string]bool{}
	// In a create, and where the plan asked for the keys, only ignore_changes can put
	// a text beside an argument that is left out.
	asked := write.state == nil || write.plan.PalID.Equal(write.state.PalID) && write.plan.ThumbnailImageURL.IsUnknown()
	for _, argument := range objectArguments {
		config, plan := *write.config.object(argument), *write.plan.object(argument)
		if !config.Equal(plan) && (!config.IsNull() || asked || before[argument]) {
			ignored[argument] = true
		}
	}
	data, err := json.Marshal(ignored)
	if err != nil {
		diags.AddError("Cannot write the private state", sentence(err.Error()))
		return
	}
	diags.Append(private.SetKey(ctx, ignoredKey, data)...)
}

// getTried returns what updates that failed have left open, by argument.
func getTried(ctx context.Context, private privateReader, diags *diag.Diagnostics) map[string]ownedjson.Tried {
	data, more := private.GetKey(ctx, triedKey)
	diags.Append(more...)
	return ownedjson.DecodeTried(data, objectArguments...)
}

func setTried(ctx context.Context, private privateWriter, tried map[string]ownedjson.Tried, diags *diag.Diagnostics) {
	diags.Append(private.SetKey(ctx, triedKey, ownedjson.EncodeTried(tried))...) // nil takes the key away
}

// nameSetting and originsSetting describe the arguments that are one leaf. plan
// is nil where there is none, as in Read.
func nameSetting(record *ownedjson.Record, config, plan, state *deploymentModel) ownedjson.Setting {
	setting := ownedjson.Setting{Owned: record.Setting("name")}
	if config != nil {
		setting.Managed, setting.Config = !config.Name.IsNull(), ownedjson.DigestString(config.Name.ValueString())
	}
	if plan != nil {
		setting.Plan = ownedjson.DigestString(plan.Name.ValueString())
	}
	if state != nil {
		setting.State = ownedjson.DigestString(state.Name.ValueString())
	}
	return setting
}

func originsSetting(record *ownedjson.Record, config, plan, state *deploymentModel) ownedjson.Setting {
	setting := ownedjson.Setting{Owned: record.Setting("allowed_origins")}
	if config != nil {
		setting.Managed, setting.Config = !config.AllowedOrigins.IsNull(), ownedjson.DigestSet(originsOf(config.AllowedOrigins))
	}
	if plan != nil {
		setting.Plan = ownedjson.DigestSet(originsOf(plan.AllowedOrigins))
	}
	if state != nil {
		setting.State = ownedjson.DigestSet(originsOf(state.AllowedOrigins))
	}
	return setting
}

// stateObject parses an object argument of a state. A text that this provider
// cannot have written (an edited state file) counts as null: then nothing is
// taken for granted.
func stateObject(state *deploymentModel, argument string) *ownedjson.Object {
	if state == nil {
		return nil
	}
	object, err := state.parsed(argument)
	if err != nil {
		return nil
	}
	return object
}

// liveObject parses an object of the server's document. Nil says that the
// server holds none.
func liveObject(live *tavus.Deployment, argument string) (*ownedjson.Object, error) {
	if live == nil {
		return nil, nil //nolint:nilnil // No document, no object.
	}
	text := live.Customization
	if argument == "limits" {
		text = live.Limits
	}
	if text == nil {
		return nil, nil //nolint:nilnil // The server holds none.
	}
	return ownedjson.ParseServer(text)
}

// heldObject is liveObject with an error for the user.
func heldObject(live *tavus.Deployment, argument string) (*ownedjson.Object, error) {
	object, err := liveObject(live, argument)
	if err != nil {
		return nil, fmt.Errorf("the server's %s of deployment %s cannot be read: %w", argument, live.DeploymentID, err)
	}
	return object, nil
}
