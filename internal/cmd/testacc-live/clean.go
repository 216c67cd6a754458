package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/tavus/terraform-provider-tavus/internal/tavus"
)

// cleanTime bounds the clean-up, which goes on after an interrupt.
const cleanTime = 2 * time.Minute

// clean deletes what the suite has made: what it knows of, and what the list has
// under its name, because the reply to a create can be lost.
func (u *suite) clean(ctx context.Context, client *tavus.Client, out io.Writer) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanTime)
	defer cancel()
	left := map[string]bool{}
	for _, id := range u.made {
		left[id] = true
	}
	found, err := ours(ctx, client, u.name)
	for _, id := range found {
		left[id] = true
	}
	return errors.Join(err, remove(ctx, client, slices.Sorted(maps.Keys(left)), out))
}

// sweepAll deletes what any run has left behind.
func sweepAll(ctx context.Context, client *tavus.Client, name string, out io.Writer) error {
	found, err := ours(ctx, client, name)
	if err != nil {
		return err
	}
	return remove(ctx, client, found, out)
}

// ours are the ids of the deployments whose names begin with name. The list is
// filtered here as well: a server that ignores "search" must not cost anybody a
// deployment.
func ours(ctx context.Context, client *tavus.Client, name string) ([]string, error) {
	var ids []string
	for item, err := range client.ListDeployments(ctx, tavus.ListFilter{Search: name}) {
		if err != nil {
			return ids, fmt.Errorf("cannot look for deployments named %s...: %w", name, err)
		}
		if strings.HasPrefix(strings.ToLower(item.Name), name) {
			ids = append(ids, item.DeploymentID)
		}
	}
	return ids, nil
}

func remove(ctx context.Context, client *tavus.Client, ids []string, out io.Writer) error {
	var failed []error
	for _, id := range ids {
		if err := client.DeleteDeployment(ctx, id); err != nil {
			failed = append(failed, fmt.Errorf("deployment %s is left behind; delete it in the portal, or with -sweep: %w", id, err))
		}
	}
	fmt.Fprintf(out, "Cleaned up: %d deployments deleted, %d left behind.\n", len(ids)-len(failed), len(failed))
	return errors.Join(failed...)
}
