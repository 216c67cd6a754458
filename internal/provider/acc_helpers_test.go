package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
	"github.com/tavus/terraform-provider-tavus/internal/testkit"
)

// The acceptance tests run the provider as a program under a real Terraform or OpenTofu. Only
// what depends on that is tested here; everything else is on testkit.Core.

// newAcc is a server with the settings, and a folder of the CLI under test.
func newAcc(t testing.TB, settings ...string) (*testkit.Server, *testkit.CLI) {
	t.Helper()
	s := testkit.NewServer(t, settings...)
	return s, testkit.NewCLI(t, s)
}

func deploymentIDs(s *testkit.Server) []string { return s.IDs("deployments", "deployment_id") }

// onlyID is the ID of the only deployment on the server.
func onlyID(t testing.TB, s *testkit.Server) string {
	t.Helper()
	ids := deploymentIDs(s)
	if len(ids) != 1 {
		t.Fatalf("the server holds %v instead of one deployment", ids)
	}
	return ids[0]
}

// deploymentBlock is a resource with the arguments beside pal_id and channel.
func deploymentBlock(name, arguments string) string {
	return fmt.Sprintf("resource \"tavus_deployment\" %q {\n  pal_id  = %q\n  channel = \"widget\"\n%s\n}\n", name, simulator.PalDocsGuide, arguments)
}

// holds asserts the value at a JSON pointer of the only deployment.
func holds(t testing.TB, s *testkit.Server, pointer, want string) {
	t.Helper()
	if got := testkit.JSON(s.At("deployments", onlyID(t, s), pointer)); got != want {
		t.Errorf("the server holds %s at %s instead of %s", got, pointer, want)
	}
}

// sends runs a command that has to succeed, and asserts the methods of the requests that it sent.
func sends(t testing.TB, s *testkit.Server, c *testkit.CLI, want string, args ...string) {
	t.Helper()
	s.ResetRequests()
	output := c.Must(0, args...)
	if got := s.Log(); got != want {
		t.Fatalf("%s sent %q instead of %q\n%s", strings.Join(args, " "), got, want, output)
	}
}

// readsOnly asserts that nothing but GETs were sent since the last reset.
func readsOnly(t testing.TB, s *testkit.Server) {
	t.Helper()
	if log := s.Log(); log == "" || strings.Trim(log, "GET ") != "" {
		t.Errorf("requests: %q", log)
	}
}

// says asserts that a text has all the words, however the CLI breaks its lines.
func says(t testing.TB, text string, words ...string) {
	t.Helper()
	plain := strings.Join(strings.Fields(strings.NewReplacer("│", " ", "╷", " ", "╵", " ").Replace(text)), " ")
	for _, word := range words {
		if !strings.Contains(plain, word) {
			t.Errorf("there is no %q in\n%s", word, text)
		}
	}
}
