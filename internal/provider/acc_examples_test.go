package provider_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
	"github.com/tavus/terraform-provider-tavus/internal/testkit"
)

// exampleID is the deployment that the examples speak of.
const exampleID = "5f0c7b1e-6d7a-4c55-9a52-0e2f6c1b9d3a"

// provideExamples makes what the examples look for.
func provideExamples(s *testkit.Server) {
	s.Put("deployments", map[string]any{"deployment_id": exampleID, "pal_id": simulator.PalDocsGuide, "channel": "widget", "name": "Docs site"})
	s.Put("deployments", map[string]any{"pal_id": simulator.PalDocsGuide, "channel": "widget", "name": "Made in the portal"})
}

// ours reports whether this CLI takes number i of the examples, or of the kinds. Where several CLIs run
// the tests, scripts/acceptance.sh gives each its share, as "0/3"; in the long round each takes all.
func ours(i int) bool {
	var share, count int
	if n, err := fmt.Sscanf(os.Getenv("TAVUS_SHARE"), "%d/%d", &share, &count); long || n != 2 || err != nil || count == 0 {
		return true
	}
	return i%count == share
}

// TestAccExamples_ApplyAndPlanEmpty: what the docs show can be pasted and works. Each folder is
// applied, its plan is empty after it, and it is destroyed.
func TestAccExamples_ApplyAndPlanEmpty(t *testing.T) {
	t.Parallel()
	seen := 0
	for _, pattern := range []string{"provider", "support-agent", "resources/*", "data-sources/*", "functions/*"} {
		folders, err := filepath.Glob(filepath.FromSlash("../../examples/" + pattern))
		if err != nil || len(folders) == 0 {
			t.Fatalf("no examples in %s (%v)", pattern, err)
		}
		for _, folder := range folders {
			if seen++; !ours(seen) {
				continue
			}
			t.Run(filepath.Base(filepath.Dir(folder))+"/"+filepath.Base(folder), func(t *testing.T) {
				t.Parallel()
				s, c := newAcc(t, "usage=off")
				provideExamples(s)
				held := len(deploymentIDs(s))
				copyExample(t, c, folder)
				c.Apply()
				c.Must(0, "plan", "-detailed-exitcode")
				c.Destroy()
				if left := deploymentIDs(s); len(left) != held {
					t.Errorf("the server holds %v", left)
				}
			})
		}
	}
}

// copyExample copies a folder of examples without what stands beside the example proper, and
// gives it what every example leaves to its reader.
func copyExample(t *testing.T, c *testkit.CLI, folder string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.tf"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files in %s (%v)", folder, err)
	}
	all := ""
	for _, file := range files {
		if strings.HasPrefix(filepath.Base(file), "import-") {
			continue
		}
		text, err := os.ReadFile(file) //nolint:gosec // An example of the repository.
		if err != nil {
			t.Fatal(err)
		}
		// The test destroys what it made.
		clean := strings.ReplaceAll(string(text), "prevent_destroy = true", "prevent_destroy = false")
		c.File(filepath.Base(file), clean)
		all += clean
	}
	if !strings.Contains(all, "required_providers") {
		c.File("versions.tf", "terraform {\n  required_providers {\n    tavus = { source = \"tavus/tavus\" }\n  }\n}\n")
	}
	for from, to := range map[string]string{"prompts/agent.md": "prompts/agent.md", "example.tfvars": "terraform.tfvars"} {
		text, err := os.ReadFile(filepath.Join(folder, from)) //nolint:gosec // An example of the repository.
		if err == nil {
			c.File(to, string(text))
		}
	}
	c.Setenv("TF_VAR_docs_password=open sesame", "TF_VAR_ticket_token=open sesame")
}

// TestAccExamples_ImportBlocks: the import blocks of the docs take over the resource of the
// docs, by its ID and by its identity.
func TestAccExamples_ImportBlocks(t *testing.T) {
	t.Parallel()
	for file, lowest := range map[string]int{"import-by-string-id.tf": 5, "import-by-identity.tf": 12} {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			s, c := newAcc(t)
			c.Needs(lowest, lowest, file)
			provideExamples(s)
			folder := filepath.FromSlash("../../examples/resources/tavus_deployment")
			copyExample(t, c, folder)
			block, err := os.ReadFile(filepath.Join(folder, file)) //nolint:gosec // An example of the repository.
			if err != nil {
				t.Fatal(err)
			}
			c.File("import.tf", string(block))
			c.Apply()
			c.Quiet()
			if got := c.Outputs()["docs_deployment_id"]; got != exampleID {
				t.Errorf("the deployment is %v", got)
			}
			c.Destroy()
		})
	}
}
