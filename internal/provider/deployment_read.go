package provider

import (
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tavus/terraform-provider-tavus/internal/ownedjson"
	"github.com/tavus/terraform-provider-tavus/internal/tavus"
)

// refresh brings a state up to what the server holds. It depends on the record,
// the state and the server's document alone, because a Read knows no
// configuration. What means the same keeps the text of the state to the byte.
func refresh(state *deploymentModel, record *ownedjson.Record, live *tavus.Deployment, imported bool) error {
	state.ID, state.DeploymentID = types.StringValue(live.DeploymentID), types.StringValue(live.DeploymentID)
	state.PalID = types.StringValue(live.PalID)
	state.Channel = types.StringValue(live.Channel)
	state.Status = nullIfEmpty(live.Status)
	state.HasPassword = types.BoolValue(live.HasPassword)
	refreshThumbnails(state, live)
	if !sameTime(state.CreatedAt.ValueString(), live.CreatedAt) {
		state.CreatedAt = nullIfEmpty(live.CreatedAt)
	}
	if !nameSetting(record, nil, nil, state).Shows(ownedjson.DigestString(live.Name)) {
		state.Name = nullIfEmpty(live.Name)
	}
	if !originsSetting(record, nil, nil, state).Shows(ownedjson.DigestSet(live.AllowedOrigins)) {
		state.AllowedOrigins = liveOrigins(live)
	}
	for _, argument := range objectArguments {
		if err := refreshObject(state, argument, record, live, imported); err != nil {
			return err
		}
	}
	return nil
}

// settle brings a state and its record up to what the server holds, where updates
// that failed have left something open. It returns the record, and what stays open.
func settle(state *deploymentModel, record *ownedjson.Record, tried map[string]ownedjson.Tried, live *tavus.Deployment) (*ownedjson.Record, map[string]ownedjson.Tried, error) {
	objects := map[string]*ownedjson.Object{}
	for _, argument := range objectArguments {
		object, err := heldObject(live, argument)
		if err != nil {
			return nil, nil, err
		}
		objects[argument] = object
	}
	// The state follows the old record before: what that owns and the new one does not
	// is gone, and must not be frozen.
	if err := refresh(state, record, live, false); err != nil {
		return nil, nil, err
	}
	record, open := record.Settle(tried, objects)
	return record, open, refresh(state, record, live, false)
}

func refreshObject(state *deploymentModel, argument string, record *ownedjson.Record, live *tavus.Deployment, imported bool) error {
	object, err := heldObject(live, argument)
	if err != nil {
		return err
	}
	text := state.object(argument)
	switch {
	case imported && object.Empty():
		*text = types.StringNull()
	case imported:
		*text = types.StringValue(object.Text())
	case !text.IsNull():
		shown := stateObject(state, argument)
		if now := ownedjson.Read(record.Owned(argument), shown, object); shown == nil || !ownedjson.Equal(now, shown) {
			*text = types.StringValue(now.Text())
		}
	default:
		// An update wrote the first keys, and did not come to save its state.
		if now := ownedjson.Read(record.Owned(argument), nil, object); !now.Empty() {
			*text = types.StringValue(now.Text())
		}
	}
	return nil
}

func refreshThumbnails(state *deploymentModel, live *tavus.Deployment) {
	if !sameURL(state.ThumbnailVideoURL.ValueString(), live.ThumbnailVideoURL) {
		state.ThumbnailVideoURL = nullIfEmpty(live.ThumbnailVideoURL)
	}
	if !sameURL(state.ThumbnailImageURL.ValueString(), live.ThumbnailImageURL) {
		state.ThumbnailImageURL = nullIfEmpty(live.ThumbnailImageURL)
	}
}

// liveOrigins is null where the server has none.
func liveOrigins(live *tavus.Deployment) types.Set {
	if len(live.AllowedOrigins) == 0 {
		return types.SetNull(types.StringType)
	}
	return originsValue(live.AllowedOrigins)
}

// fill replaces what is still unknown in a planned deployment by what the
// server holds. Known planned values stay as they are: Terraform takes another
// value for a bug, and an edit that somebody made meanwhile is the next refresh's to show.
func fill(plan *deploymentModel, live *tavus.Deployment) {
	known := func(target *types.String, value string) {
		if target.IsUnknown() {
			*target = nullIfEmpty(value)
		}
	}
	known(&plan.ID, live.DeploymentID)
	known(&plan.DeploymentID, live.DeploymentID)
	known(&plan.Name, live.Name)
	known(&plan.Status, live.Status)
	known(&plan.ThumbnailVideoURL, live.ThumbnailVideoURL)
	known(&plan.ThumbnailImageURL, live.ThumbnailImageURL)
	known(&plan.CreatedAt, live.CreatedAt)
	if plan.AllowedOrigins.IsUnknown() {
		plan.AllowedOrigins = liveOrigins(live)
	}
	if plan.HasPassword.IsUnknown() {
		plan.HasPassword = types.BoolValue(live.HasPassword)
	}
}

// sameTime reports whether two texts give the same instant (RFC 3339).
func sameTime(a, b string) bool {
	if a == b {
		return true
	}
	ta, errA := time.Parse(time.RFC3339, a)
	tb, errB := time.Parse(time.RFC3339, b)
	return errA == nil && errB == nil && ta.Equal(tb)
}
