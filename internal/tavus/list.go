package tavus

import (
	"context"
	"fmt"
	"iter"
	"net/url"
)

const deploymentsPath = "/v2/deployments"

// ListFilter narrows a list. Empty fields do not narrow.
type ListFilter struct {
	// PalID and Status are compared by the server.
	PalID, Status string

	// Search is a part of the name, without regard to case (docs.tavus.io/api-reference/deployments/get-deployments).
	Search string

	// PageSize is the number of items to ask for in one request, at most 100. 0 means 100.
	PageSize int
}

// ListDeployments streams the deployments that the filter lets through, each id
// once, as the pages arrive. After an error the sequence ends.
func (c *Client) ListDeployments(ctx context.Context, f ListFilter) iter.Seq2[*ListedDeployment, error] {
	return func(yield func(*ListedDeployment, error) bool) {
		ctx, cancel := c.budget(ctx)
		defer cancel()
		mask := c.newMasker(ctx, func() []string { return []string{f.Search} })
		for item, err := range c.deploymentPager(f, mask).all(ctx) {
			if err != nil {
				yield(nil, err)
				return
			}
			listed, err := decodeListed(item.raw)
			if err != nil {
				yield(nil, fmt.Errorf("GET %s: deployment %s: %w", deploymentsPath, cleanLine(item.id, mask), err))
				return
			}
			if !yield(listed, nil) {
				return
			}
		}
	}
}

func (c *Client) deploymentPager(f ListFilter, mask *masker) *pager {
	query := url.Values{}
	for name, value := range map[string]string{"pal_id": f.PalID, "search": f.Search, "status": f.Status} {
		if value != "" {
			query.Set(name, value)
		}
	}
	return c.listPager(deploymentsPath, query, f.PageSize, "deployment_id", mask)
}
