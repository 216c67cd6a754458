package provider_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/go-version"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

// since skips a test on a CLI that is too old for it.
func since(t *testing.T, minimum string) {
	t.Helper()
	if cli, err := findCLI(); err == nil && cli.version.LessThan(version.Must(version.NewVersion(minimum))) {
		t.Skipf("Terraform CLI version %s is below minimum version %s: skipping test", cli.version, minimum)
	}
}

// odd is a deployment that is hard to write a configuration for.
func (f *fake) odd() (id string) {
	return f.Put(map[string]any{
		"pal_id": pal, "channel": "landing-page", "status": "inactive", "name": "Käse & <Brot> \"${x}\"",
		"customization": map[string]any{
			"": "empty", "a/b~c": []any{nil, map[string]any{"x": nil}, []any{}}, "${y}": "%{z} <b>\n\t\\", "n": nil, "e": map[string]any{},
			"big": json.Number("123456789012345678901234567890"), "f": json.Number("1.50"), "é": map[string]any{"😀": true},
		},
		"limits":          map[string]any{"max_call_duration": "soon"}, // what a validator would not take
		"allowed_origins": []string{"https://Example.com/path/", "*"},
		"password":        "set by hand",
	})
}

func TestAccImportBlock(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{})
	id := f.odd()
	w := f.cli(t)
	w.deployment(`pal_id = "p5317866"
channel = "landing-page"
customization = jsonencode({ big = 123456789012345678901234567890 })`)
	w.file("import.tf", fmt.Sprintf("import {\n  to = tavus_deployment.test\n  id = %q\n}\n", id))
	f.ResetRequests()
	output := w.must(0, "plan", "-out=import.tfplan")
	if !strings.Contains(output, "Plan: 1 to import, 0 to add, 0 to change, 0 to destroy.") {
		t.Fatalf("the plan is not a mere import:\n%s", output)
	}
	if !strings.Contains(output, "Password not managed") {
		t.Errorf("nothing is said about the password:\n%s", output)
	}
	w.must(0, "apply", "import.tfplan")
	w.quiet()
	f.untouched(t, id)
	if held, _ := f.Password(id); held != "set by hand" {
		t.Errorf("the password is %q now", held)
	}
	w.destroy()
}

func TestAccImportBlockByIdentity(t *testing.T) {
	t.Parallel()
	since(t, "1.12.0")
	f := newFake(t, simulator.Options{})
	id := f.odd()
	w := f.cli(t)
	w.deployment("pal_id = \"p5317866\"\nchannel = \"landing-page\"")
	w.file("import.tf", fmt.Sprintf("import {\n  to = tavus_deployment.test\n  identity = {\n    deployment_id = %q\n  }\n}\n", id))
	f.ResetRequests()
	output := w.must(0, "plan", "-out=import.tfplan")
	if !strings.Contains(output, "Plan: 1 to import, 0 to add, 0 to change, 0 to destroy.") {
		t.Fatalf("the plan is not a mere import:\n%s", output)
	}
	w.must(0, "apply", "import.tfplan")
	w.quiet()
	f.untouched(t, id)
	w.destroy()
}

func TestAccGenerateConfigOut(t *testing.T) {
	t.Parallel()
	f := newFake(t, simulator.Options{})
	w := f.cli(t)
	ids := []string{f.odd(), f.byHand(), f.Put(map[string]any{"pal_id": simulator.PalProductTour})}
	var blocks strings.Builder
	for i, id := range ids {
		fmt.Fprintf(&blocks, "import {\n  to = tavus_deployment.d%d\n  id = %q\n}\n", i, id)
	}
	w.main(blocks.String())
	f.ResetRequests()
	output := w.must(0, "plan", "-generate-config-out=generated.tf", "-out=import.tfplan")
	if !strings.Contains(output, "Plan: 3 to import, 0 to add, 0 to change, 0 to destroy.") {
		t.Fatalf("the plan is not a mere import:\n%s", output)
	}
	w.must(0, "apply", "import.tfplan")
	w.quiet()
	if rest := strings.Trim(f.methods(), "GET "); rest != "" {
		t.Errorf("an import sent more than GETs: %s", f.methods())
	}
	if got := f.IDs(); !slices.Equal(got, ids) {
		t.Errorf("the server holds %v instead of %v", got, ids)
	}
	generated := w.read("generated.tf")
	if !strings.Contains(generated, "jsonencode({") || strings.Contains(generated, "has_password") {
		t.Errorf("generated:\n%s", generated)
	}
	// The generated configuration can be applied elsewhere: it makes the same again.
	twin := f.cli(t)
	twin.main(generated)
	twin.apply()
	twin.quiet()
	copies := f.IDs()[len(ids):]
	for _, id := range ids {
		original, _ := f.Document(id)
		copied := slices.ContainsFunc(copies, func(other string) bool {
			doc, _ := f.Document(other)
			return doc["name"] == original["name"] && doc["pal_id"] == original["pal_id"] && doc["status"] == original["status"] &&
				sameJSON("limits", doc["limits"], string(encode(t, original["limits"]))) == nil
		})
		if !copied {
			t.Errorf("no copy of %v", original)
		}
	}
	twin.must(0, "destroy", "-auto-approve")
	if got := f.IDs(); !slices.Equal(got, ids) {
		t.Errorf("without the copies the server holds %v instead of %v", got, ids)
	}
	w.destroy()
}
