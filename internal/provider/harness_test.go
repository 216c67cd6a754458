package provider_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/tavus/terraform-provider-tavus/internal/contract"
	"github.com/tavus/terraform-provider-tavus/internal/provider"
	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

const address = "tavus_deployment.test"

// fake is a simulator behind a loopback address, with every request and every
// answer checked against the contract.
type fake struct {
	*simulator.Simulator
	URL string
}

func newFake(t *testing.T, options simulator.Options) *fake {
	t.Helper()
	sim := simulator.New(options)
	checker, err := contract.New()
	if err != nil {
		t.Fatal(err)
	}
	sim.SetContract(func(req *http.Request, reqBody []byte, status int, header http.Header, body []byte) {
		if err := checker.Check(req, reqBody, status, header, body); err != nil {
			t.Errorf("outside the contract: %s %s: %v", req.Method, req.URL.Path, err)
		}
	})
	server := httptest.NewServer(sim)
	t.Cleanup(server.Close)
	return &fake{Simulator: sim, URL: server.URL}
}

// provider is the provider block that points to the simulator.
func (f *fake) provider() string {
	return fmt.Sprintf("provider \"tavus\" {\n  api_key  = \"key-of-the-test\"\n  base_url = %q\n}\n", f.URL)
}

// config is a configuration of one deployment with the given arguments.
func (f *fake) config(arguments string) string {
	return f.provider() + "resource \"tavus_deployment\" \"test\" {\n" + arguments + "\n}\n"
}

// only returns the single deployment that the simulator holds.
func (f *fake) only(t *testing.T) (string, map[string]any) {
	t.Helper()
	ids := f.IDs()
	if len(ids) != 1 {
		t.Fatalf("the server holds %d deployments instead of 1", len(ids))
	}
	doc, _ := f.Document(ids[0])
	return ids[0], doc
}

// requests are the requests since the last reset, as "GET /v2/...".
func (f *fake) methods() string {
	var methods []string
	for _, r := range f.Requests() {
		methods = append(methods, r.Method)
	}
	return strings.Join(methods, " ")
}

func factories() map[string]func() (tfprotov6.ProviderServer, error) {
	return map[string]func() (tfprotov6.ProviderServer, error){
		"tavus": providerserver.NewProtocol6WithError(provider.New("test")()),
	}
}

// run runs an acceptance test. After every apply a plan and a refresh-only plan
// must be empty, and at the end the server must be.
func (f *fake) run(t *testing.T, test resource.TestCase) {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("acceptance tests need TF_ACC=1; make test runs them on every CLI that it finds")
	}
	test.ProtoV6ProviderFactories = factories()
	test.Steps = quietSteps(test.Steps)
	if test.CheckDestroy == nil {
		test.CheckDestroy = func(*terraform.State) error {
			if ids := f.IDs(); len(ids) > 0 {
				return fmt.Errorf("deployments are left on the server: %v", ids)
			}
			if n := f.Starts(); n > 0 {
				return fmt.Errorf("%d billed conversations were started", n)
			}
			return nil
		}
	}
	resource.Test(t, test)
}

// empty asserts that the plan and the refresh-only plan are empty.
func (f *fake) empty(config string) resource.TestStep {
	return resource.TestStep{Config: config, PlanOnly: true}
}

func action(address string, want plancheck.ResourceActionType) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, want)}}
}
