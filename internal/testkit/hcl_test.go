package testkit_test

import (
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/testkit"
)

func TestHCL_QuotesWhatTerraformWouldReplace(t *testing.T) {
	t.Parallel()
	got := testkit.HCL("resource", []string{"tavus_deployment", "docs"}, testkit.Config{
		"name": "${x} %{y} \"q\" <b>", "n": 5, "list": []any{"a", nil}, "object": map[string]any{"k": true},
	})
	want := `resource "tavus_deployment" "docs" {
  list = ["a",null]
  n = 5
  name = "$${x} %%{y} \"q\" <b>"
  object = {"k":true}
}
`
	if got != want {
		t.Errorf("%s instead of %s", got, want)
	}
}
