package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tavus/terraform-provider-tavus/internal/tavus"
)

// action is a POST to Path/ID/NAME that an update sends when the map of texts NAME_triggers
// changes. A server can put it off. Terraform takes a state without the planned map for a bug, so
// NAME_pending remembers that it is due: the next plan shows it as not known, and tries again.
type action struct {
	name          string // the last part of the path: "recrawl"
	about         string // description of the triggers
	aboutPending  string
	adviceRefused string // added to the error where the server refuses it
}

func (a *action) triggers() string { return a.name + "_triggers" }
func (a *action) pending() string  { return a.name + "_pending" }

func (a *action) attributes(to map[string]schema.Attribute) {
	to[a.triggers()] = schema.MapAttribute{MarkdownDescription: a.about, ElementType: types.StringType, Optional: true}
	to[a.pending()] = schema.BoolAttribute{MarkdownDescription: a.aboutPending, Computed: true}
}

// isDue reports whether an update sends the request.
func (a *action) isDue(plan, state values) bool {
	return !plan.isNull(a.triggers()) && (!plan.equal(a.triggers(), state) || state.flag(a.pending()))
}

// plan is what a plan says of NAME_pending. It is not known where the request is due, because the
// server can put it off.
func (a *action) plan(plan, state values) tftypes.Value {
	switch {
	case state == nil:
		return tftypes.NewValue(tftypes.Bool, false)
	case a.isDue(plan, state):
		return unknownOf(tftypes.Bool)
	case state.flag(a.pending()): // the triggers left the configuration
		return tftypes.NewValue(tftypes.Bool, false)
	}
	return state[a.pending()]
}

// act sends the request where it is due. It returns what the server holds afterwards, and whether
// the request had its effect.
func (a *action) act(ctx context.Context, client *tavus.Client, w *write, live *tavus.Object, diags *diag.Diagnostics) (*tavus.Object, bool) {
	if !a.isDue(w.plan, w.state) {
		return live, false
	}
	w.plan[a.pending()] = tftypes.NewValue(tftypes.Bool, false)
	after := live
	err := client.Patiently(ctx, func() error {
		answer, err := client.Act(ctx, w.api, live.ID, a.name)
		if err == nil {
			after = answer
		}
		return err
	})
	switch reason := tavus.ReasonOf(err); {
	case err == nil:
		return after, true
	case reason == tavus.LimitReached || reason == tavus.Busy:
		w.plan[a.pending()] = tftypes.NewValue(tftypes.Bool, true)
		diags.AddAttributeWarning(path.Root(a.triggers()), fmt.Sprintf("%s: the %s was put off", w.kind.title(live.ID), a.name),
			fmt.Sprintf("%s\n\nEverything else is applied. %s is true until the %s is done, and the next apply tries again.",
				sentence(err.Error()), a.pending(), a.name))
	default:
		a.undo(w)
		detail := sentence(err.Error())
		if reason == tavus.Refused {
			detail += "\n\n" + a.adviceRefused
		}
		diags.AddAttributeError(path.Root(a.triggers()), fmt.Sprintf("Cannot %s %s", a.name, w.kind.title(live.ID)), detail)
	}
	return live, false
}

// undo makes the state show the old triggers, so that the next plan shows the request again.
func (a *action) undo(w *write) {
	w.plan[a.triggers()], w.plan[a.pending()] = w.state[a.triggers()], w.state[a.pending()]
}
