package provider_test

import (
	"strings"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/testkit"
)

// TestAccEveryKind_LifeHolds plays the life of each kind on a real CLI: create, portal edits, change,
// import with a generated configuration, destroy.
func TestAccEveryKind_LifeHolds(t *testing.T) {
	t.Parallel()
	for i, kind := range fixtures() {
		if !ours(i) {
			continue
		}
		t.Run(kind.Type, func(t *testing.T) {
			t.Parallel()
			s := testkit.NewServer(t)
			kind.Prepare(s)
			cli := testkit.NewCLI(t, s)
			write := func(config testkit.Config) { cli.Main(testkit.HCL("resource", []string{kind.Type, "test"}, config)) }
			write(kind.Full)
			cli.Apply()
			cli.Quiet()
			ids := s.IDs(kind.Collection, kind.ID)
			if len(ids) != 1 {
				t.Fatalf("the server holds %v", ids)
			}
			if err := kind.PortalEdits(s, ids[0]); err != nil {
				t.Fatal(err)
			}
			cli.Quiet()
			write(kind.Changed)
			cli.Apply()
			cli.Quiet()
			if err := kind.Untouched(s, ids[0]); err != nil {
				t.Fatal(err)
			}
			if strings.Contains(cli.Read("terraform.tfstate"), testkit.Key) {
				t.Error("the API key stands in the state")
			}
			adoptOnCLI(t, kind, s, cli, ids[0])
			cli.Destroy()
			if left := s.IDs(kind.Collection, kind.ID); len(left) > 0 {
				t.Errorf("left on the server are %v", left)
			}
		})
	}
}

// adoptOnCLI forgets the object and imports it with the configuration that the CLI writes.
func adoptOnCLI(t *testing.T, kind *testkit.Fixture, s *testkit.Server, cli *testkit.CLI, id string) {
	t.Helper()
	cli.Must(0, "state", "rm", kind.Type+".test")
	cli.Main("import {\n  to = " + kind.Type + ".test\n  id = \"" + id + "\"\n}\n")
	s.ResetRequests()
	cli.Must(0, "plan", "-generate-config-out=generated.tf")
	cli.Apply()
	cli.Quiet()
	if log := s.Log(); strings.Trim(log, "GET ") != "" {
		t.Errorf("an import sent %s", log)
	}
}
