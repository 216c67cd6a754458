package provider_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
	"github.com/tavus/terraform-provider-tavus/internal/testkit"
)

// madeInThePortal puts deployments on the server as people make them, with texts that a
// generated configuration has to escape.
func madeInThePortal(s *testkit.Server, count int) (ids []string) {
	for i := range count {
		ids = append(ids, s.Put("deployments", map[string]any{
			"pal_id": simulator.PalDocsGuide, "channel": channelsOf[i%len(channelsOf)], "name": fmt.Sprintf("Made by hand %d", i),
			"customization": map[string]any{
				"widget": map[string]any{"position": "top-left", "text": map[string]any{"title": "${a} %{b} \"c\" \\ é\n"}},
				"list":   []any{nil, map[string]any{"x": nil}}, "empty": map[string]any{}, "of_next_year": 1.5,
			},
			"limits": map[string]any{"max_call_duration": 900}, "allowed_origins": []any{"https://www.example.com"},
			"password": "a password of the portal",
		}))
	}
	return ids
}

var channelsOf = []string{"widget", "embed", "landing-page", "channel-of-next-year"}

// TestAccImport_GeneratedConfigurationPlansEmpty adopts by import blocks without a line of
// configuration.
func TestAccImport_GeneratedConfigurationPlansEmpty(t *testing.T) {
	t.Parallel()
	s, c := newAcc(t)
	s.SetContract(nil) // which knows the channels of today
	ids := madeInThePortal(s, len(channelsOf))
	var blocks strings.Builder
	for i, id := range ids {
		fmt.Fprintf(&blocks, "import {\n  to = tavus_deployment.d%d\n  id = %q\n}\n", i, id)
	}
	c.Main(blocks.String())
	c.Must(0, "plan", "-generate-config-out=generated.tf")
	says(t, c.Must(0, "apply", "-auto-approve"), "4 imported, 0 added, 0 changed, 0 destroyed.")
	readsOnly(t, s)
	c.Quiet()
	readsOnly(t, s)
	if strings.Contains(c.Read("terraform.tfstate"), "a password of the portal") {
		t.Error("a password stands in the state")
	}
}

// TestAccImport_ThreeOfManyKeys: a configuration with a few of the server's keys plans empty
// after terraform import, and takes nothing away when one of its own keys changes.
func TestAccImport_ThreeOfManyKeys(t *testing.T) {
	t.Parallel()
	s, c := newAcc(t, "defaults=none")
	keys := map[string]any{}
	for i := range 30 {
		keys[fmt.Sprintf("k%02d", i)] = i
	}
	id := s.Put("deployments", map[string]any{"pal_id": simulator.PalDocsGuide, "channel": "widget", "customization": keys})
	c.Main(deploymentBlock("test", "customization = jsonencode({ k00 = 0, k10 = 10, k20 = 20 })"))
	sends(t, s, c, "GET", "import", "tavus_deployment.test", id)
	c.Quiet()
	readsOnly(t, s)
	c.Main(deploymentBlock("test", "customization = jsonencode({ k00 = 0, k10 = 11 })"))
	c.Apply()
	c.Quiet()
	keys["k10"] = 11
	holds(t, s, "/customization", testkit.JSON(keys)) // k20 is not Terraform's: no apply has written it
}

// TestAccImport_OfNothing: an ID that the account does not have is one error.
func TestAccImport_OfNothing(t *testing.T) {
	t.Parallel()
	_, c := newAcc(t)
	c.Main(deploymentBlock("test", ""))
	says(t, c.Must(1, "import", "tavus_deployment.test", "d1234567890abcdef"), "No such deployment", "no deployment d1234567890abcdef")
}

const queryAll = "list \"tavus_deployment\" \"all\" {\n  provider = tavus\n%s}\n"

// TestAccQuery_GeneratedConfigurationPlansEmpty adopts a whole account.
func TestAccQuery_GeneratedConfigurationPlansEmpty(t *testing.T) {
	t.Parallel()
	for name, settings := range map[string][]string{
		"whole items":   nil,
		"partial items": {"items=partial", "list-shape=bare", "pages-from=0", "page-cap=3"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, c := newAcc(t, settings...)
			c.Needs(14, 0, "terraform query")
			s.SetContract(nil)
			ids := madeInThePortal(s, 8)
			c.Main("")
			c.File("all.tfquery.hcl", fmt.Sprintf(queryAll, "  limit = 1000\n"))
			says(t, c.Must(0, "query", "-generate-config-out=generated.tf"), ids...)
			says(t, c.Must(0, "apply", "-auto-approve"), "8 imported, 0 added, 0 changed, 0 destroyed.")
			c.Quiet()
			readsOnly(t, s)
		})
	}
}

// TestAccQuery_SaysWhatIsMissing: neither the limit of the CLI nor a page that fails hides
// deployments without a word, and filters are the server's.
func TestAccQuery_SaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	s, c := newAcc(t)
	c.Needs(14, 0, "terraform query")
	s.SetContract(nil)
	ids := madeInThePortal(s, 101)
	c.Main("")
	c.File("all.tfquery.hcl", fmt.Sprintf(queryAll, ""))
	says(t, c.Must(0, "query"), "More deployments than the limit")
	c.File("all.tfquery.hcl", fmt.Sprintf(queryAll, "  config {\n    search = \"hand 77\"\n  }\n"))
	if out := c.Must(0, "query"); !strings.Contains(out, ids[77]) || strings.Contains(out, ids[7]) {
		t.Errorf("the search found\n%s", out)
	}
	c.File("all.tfquery.hcl", fmt.Sprintf(queryAll, "  limit = 1000\n"))
	s.SetFault(func(_ int, r simulator.Request) *simulator.Fault {
		if strings.Contains(r.Query, "page=2") {
			return &simulator.Fault{Kind: simulator.FaultStatus, Status: 403}
		}
		return nil
	})
	says(t, c.Must(1, "query"), "Cannot list the deployments", "403", "Check the API key")
}

// movedState is the state of a generic REST provider with one object.
const movedState = `{"version": 4, "terraform_version": "1.5.0", "serial": 1, "lineage": "11111111-2222-3333-4444-555555555555", "outputs": {},
"resources": [{"mode": "managed", "type": %q, "name": "old", "provider": "provider[\"registry.terraform.io/%s\"]",
"instances": [{"schema_version": 0, "attributes": %s}]}]}`

// TestAccMoved_KeepsTheDeployment: a moved block takes a deployment over from a generic REST
// provider. No deployment is made or lost, and the plan has no change.
func TestAccMoved_KeepsTheDeployment(t *testing.T) {
	t.Parallel()
	for source, row := range map[string]struct{ of, attributes string }{
		"restapi_object": {"mastercard/restapi", `{"id": %q, "path": "/v2/deployments", "data": "{\"channel\":\"widget\"}"}`},
		"restful_resource": {"magodo/restful", `{"id": "/v2/deployments/%s", "path": "/v2/deployments",
			"body": {"value": {"pal_id": "p5317866", "channel": "widget"}, "type": ["object", {"pal_id": "string", "channel": "string"}]}}`},
	} {
		t.Run(source, func(t *testing.T) {
			t.Parallel()
			s, c := newAcc(t)
			id := madeInThePortal(s, 1)[0]
			c.Override(row.of) // nothing is asked of it
			c.Main(deploymentBlock("test", "name = \"Made by hand 0\"\ncustomization = jsonencode({ of_next_year = 1.5 })") +
				"moved {\n  from = " + source + ".old\n  to   = tavus_deployment.test\n}\n")
			c.File("terraform.tfstate", fmt.Sprintf(movedState, source, row.of, fmt.Sprintf(row.attributes, id)))
			says(t, c.Must(0, "apply", "-auto-approve"), "0 added, 0 changed, 0 destroyed.")
			readsOnly(t, s)
			c.Quiet()
			c.Destroy()
			if left := deploymentIDs(s); len(left) > 0 {
				t.Errorf("the server holds %v", left)
			}
		})
	}
}

// TestAccState_OfAnEarlierVersion: a state that an earlier build of the provider wrote plans
// empty, and nothing is written.
func TestAccState_OfAnEarlierVersion(t *testing.T) {
	t.Parallel()
	s, c := newAcc(t, "defaults=none")
	for from, to := range map[string]string{"main.tf": "main.tf", "state.json": "terraform.tfstate"} {
		c.File(to, readTestdata(t, from))
	}
	var held struct{ Deployments []map[string]any }
	decoder := json.NewDecoder(strings.NewReader(readTestdata(t, "server.json")))
	decoder.UseNumber()
	if err := decoder.Decode(&held); err != nil {
		t.Fatal(err)
	}
	for _, doc := range held.Deployments {
		if doc["has_password"] == true {
			doc["password"] = "what a document never shows"
		}
		s.Put("deployments", doc)
	}
	if len(deploymentIDs(s)) < 5 {
		t.Fatal("the fixture has no deployments")
	}
	c.Must(0, "plan", "-detailed-exitcode")
	if drift := c.Drift(); len(drift) > 0 {
		t.Errorf("a refresh-only plan shows %v", drift)
	}
	// Nothing is owned as far as the record says, so a line that goes takes nothing with it.
	c.File("main.tf", strings.Replace(c.Read("main.tf"), "    goodbye ", "    # goodbye ", 1))
	c.Must(0, "plan", "-detailed-exitcode")
	readsOnly(t, s)
}

func readTestdata(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "state", name)) //nolint:gosec // A file of the repository.
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestAccQuery_WholeAccount adopts objects of all kinds with the files that the guide shows, and
// lets them refer to each other.
func TestAccQuery_WholeAccount(t *testing.T) {
	t.Parallel()
	s, c := newAcc(t, "document-speed=0")
	c.Needs(14, 0, "terraform query")
	document := s.Put("documents", map[string]any{"document_url": "https://docs.example.com/", "document_name": "Docs"})
	guardrail := s.Put("guardrails", map[string]any{"guardrail_name": "no_promises", "guardrail_prompt": "Promise nothing."})
	objectives := s.Put("objectives", map[string]any{"data": []any{map[string]any{"objective_name": "help", "objective_prompt": "Help."}}})
	dictionary := s.Put("pronunciation-dictionaries", map[string]any{"name": "Terms"})
	pal := s.Put("pals", map[string]any{
		"pal_name": "Adopted", "default_face_id": "r4317e64d25", "system_prompt": "Say \"hello\".\n", "document_ids": []any{document},
		"guardrail_ids": []any{guardrail}, "objectives_id": objectives,
		"layers": map[string]any{"tts": map[string]any{"pronunciation_dictionary_id": dictionary}},
	})
	s.Put("tools", map[string]any{"name": "open_page", "description": "Opens a page."})
	s.Put("deployments", map[string]any{"pal_id": pal, "channel": "widget", "name": "Adopted"})

	c.Main("")
	c.File("account.tfquery.hcl", readExample(t, "adopting/account.tfquery.hcl"))
	c.File("references.awk", readExample(t, "adopting/references.awk"))
	c.Must(0, "query", "-generate-config-out=account.tf")
	awk := exec.CommandContext(t.Context(), "awk", "-f", "references.awk", "account.tf", "account.tf")
	awk.Dir = c.Dir
	referenced, err := awk.Output()
	if err != nil {
		t.Fatal(err)
	}
	c.File("account.tf", string(referenced))
	says(t, string(referenced), "tavus_document.document_0.document_id", "tavus_guardrail.guardrail_0.guardrail_id", "tavus_objectives.objectives_0.objectives_id",
		"tavus_pronunciation_dictionary.dictionary_0.pronunciation_dictionary_id", "tavus_pal.pal_0.pal_id")
	says(t, c.Must(0, "apply", "-auto-approve"), "imported, 0 added, 0 changed, 0 destroyed.")
	c.Quiet()
	readsOnly(t, s)
}

func readExample(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "examples", filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
