package provider

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"

	"github.com/tavus/terraform-provider-tavus/internal/tavus"
)

// This file waits for objects that the server goes on with after their create. Their kinds have
// api.Ready, and get two arguments that no document has: wait_for_ready and timeouts.

const defaultTimeout = 20 * time.Minute

func (k *kind) waitAttributes(ctx context.Context, to map[string]schema.Attribute) {
	to["wait_for_ready"] = schema.BoolAttribute{
		Optional: true,
		MarkdownDescription: fmt.Sprintf("Whether an apply waits until the %s is ready, by default `true`. An apply that is interrupted or runs "+
			"out of time keeps the %s: it becomes ready by itself.", k.api.Noun, k.api.Noun),
	}
	const about = "How long the apply waits at most, such as `45m`; by default `20m`."
	limits := timeouts.Attributes(ctx, timeouts.Opts{Create: true, CreateDescription: about, Update: true, UpdateDescription: about})
	if nested, ok := limits.(schema.SingleNestedAttribute); ok {
		nested.MarkdownDescription = "How long an apply waits at most."
		limits = nested
	}
	to["timeouts"] = limits
}

// timeout is what the argument timeouts says of an operation.
func timeout(plan values, operation string) time.Duration {
	if given, err := decodeValues(plan["timeouts"]); err == nil && given != nil {
		if d, err := time.ParseDuration(given.text(operation)); err == nil {
			return d
		}
	}
	return defaultTimeout
}

// within bounds an operation by its timeout, where the kind has one.
func (w *write) within(ctx context.Context, operation string) (context.Context, context.CancelFunc) {
	if w.kind.api.Ready == nil {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, timeout(w.plan, operation))
}

// await waits until the server has finished with the object. The state has to be saved before. An
// end of the wait before that is a warning: an error would taint a new object, and the next apply
// would start it anew. The result is what was read last, and whether the server could finish it.
func (w *write) await(ctx context.Context, client *tavus.Client, live *tavus.Object, diags *diag.Diagnostics) (*tavus.Object, bool) {
	k := w.kind
	if k.api.Ready == nil || !w.plan.isNull("wait_for_ready") && !w.plan.flag("wait_for_ready") {
		return live, true
	}
	live, err := client.Wait(ctx, w.api, live)
	if err != nil {
		status, _ := k.api.Ready(live.Document)
		diags.AddWarning(k.title(live.ID)+" is not ready yet", fmt.Sprintf("%s The status of the %s was %q. It is kept in the state and becomes "+
			"ready by itself; nothing has to be done. Until then, what refers to it does not find it whole. To wait longer, set timeouts.",
			whyEnded(ctx, err), k.api.Noun, status))
		return live, true
	}
	if problem := k.failure(live); problem != "" {
		diags.AddError(k.title(live.ID)+" could not be made ready", problem)
		return live, false
	}
	return live, true
}

// whyEnded says in a sentence why a wait ended.
func whyEnded(ctx context.Context, err error) string {
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return "The time for the operation was up."
	case ctx.Err() != nil:
		return "The apply was interrupted."
	}
	return sentence(err.Error())
}

// failure says why the server could not finish an object, "" where it could or is not done.
func (k *kind) failure(live *tavus.Object) string {
	if k.failed == nil {
		return ""
	}
	return k.failed(live.Document)
}
