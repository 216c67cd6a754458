package bare_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/tavus/terraform-provider-tavus/internal/bench/bare"
	"github.com/tavus/terraform-provider-tavus/internal/provider"
)

// A floor with fewer attributes would be too low, one with more too high.
func TestBareHasTheAttributesOfTheProvider(t *testing.T) {
	t.Parallel()
	attributes := func(r resource.Resource) []string {
		resp := &resource.SchemaResponse{}
		r.Schema(t.Context(), resource.SchemaRequest{}, resp)
		return slices.Sorted(maps.Keys(resp.Schema.Attributes))
	}
	floor, own := attributes(bare.New().Resources(t.Context())[0]()), attributes(provider.NewDeploymentResource())
	if !slices.Equal(floor, own) {
		t.Errorf("the bare resource has %v, the real one %v", floor, own)
	}
}
