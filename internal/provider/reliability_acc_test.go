package provider_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/tavus/terraform-provider-tavus/internal/provider"
	"github.com/tavus/terraform-provider-tavus/internal/simulator"
	"github.com/tavus/terraform-provider-tavus/internal/tavus"
)

// envPanic makes the test binary a provider that panics in its first request.
const envPanic = "TAVUS_TEST_PROVIDER_PANICS"

func init() {
	if os.Getenv(envPanic) == "" {
		return
	}
	adjust := func(config *tavus.Config) {
		config.Log = func(context.Context, string, map[string]any) {
			var none *http.Request
			fmt.Fprint(os.Stderr, none.Method) // a mistake as any, with everything on the stack
		}
	}
	err := providerserver.Serve(context.Background(), provider.NewAdjusted("test", adjust), providerserver.ServeOpts{
		Address: provider.Address, ProtocolVersion: 6,
	})
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// TestAccPastedCommands runs the commands of the error after a lost reply in a
// shell, as a person does who pastes them.
func TestAccPastedCommands(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("the commands are for a POSIX shell")
	}
	for name, id := range map[string]string{"usual": "", "odd": "-it's; $(rm) *\" "} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t, simulator.Options{})
			w := f.cli(t)
			w.main("resource \"tavus_deployment\" \"lost\" {\n  count   = 1\n  pal_id  = \"p5317866\"\n  channel = \"embed\"\n}\n")
			f.SetFaults(func(_ int, r simulator.Request) *simulator.Fault {
				if r.Method != http.MethodPost {
					return nil
				}
				if id == "" {
					return &simulator.Fault{Kind: simulator.FaultCutAfter}
				}
				// The same with an ID that a shell would take apart.
				f.Put(map[string]any{"deployment_id": id, "pal_id": pal, "channel": "embed"})
				return &simulator.Fault{Kind: simulator.FaultCutBefore}
			})
			output := w.must(1, "apply", "-auto-approve")
			f.SetFaults(nil)
			commands := regexp.MustCompile(`(?m)^[│ ]*(printf .*)$`).FindStringSubmatch(output)
			if commands == nil || !strings.Contains(output, "tavus_deployment.lost[0]") {
				t.Fatalf("no command, or no address, in\n%s", output)
			}
			// The command says terraform. Whoever uses OpenTofu writes tofu.
			if err := os.MkdirAll(filepath.Join(w.dir, "bin"), 0o750); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(w.path, filepath.Join(w.dir, "bin", "terraform")); err != nil {
				t.Fatal(err)
			}
			shell := exec.CommandContext(t.Context(), "sh", "-c", commands[1]) //nolint:gosec // It is what the test is about.
			shell.Dir = w.dir
			shell.Env = append(slices.Clone(w.env), "PATH="+filepath.Join(w.dir, "bin")+":"+os.Getenv("PATH"))
			shell.Stdin = strings.NewReader("tavus_deployment.lost[0]\n")
			if out, err := shell.CombinedOutput(); err != nil {
				t.Fatalf("%s: %v\n%s", commands[1], err, out)
			}
			w.quiet()
			w.apply()
			if len(f.IDs()) != 1 {
				t.Fatalf("the server holds %v", f.IDs())
			}
			w.destroy()
		})
	}
}

// canaryConfig is a configuration that gets every secret from sensitive variables.
const canaryConfig = `
variable "key" { sensitive = true }
variable "password" { sensitive = true }
variable "password_wo" { sensitive = true }
variable "name" { sensitive = true }
variable "title" { sensitive = true }
variable "item" { sensitive = true }
variable "number" { sensitive = true }
variable "revision" { default = 1 }

provider "tavus" {
  api_key     = var.key
  max_retries = 0
}

locals {
  customization = jsonencode({ title = var.title, list = [var.item], deep = { number = var.number }, revision = var.revision })
}

resource "tavus_deployment" "stored" {
  pal_id        = "p5317866"
  channel       = "widget"
  name          = "${var.name} 1"
  password      = var.password
  customization = local.customization
}

resource "tavus_deployment" "written" {
  pal_id              = "p5317866"
  channel             = "embed"
  name                = "${var.name} 2"
  password_wo         = var.password_wo
  password_wo_version = var.revision
  customization       = local.customization
}
`

// canaryLookups are data sources beside them.
const canaryLookups = `
data "tavus_deployments" "found" {
  search     = var.name
  depends_on = [tavus_deployment.stored, tavus_deployment.written]
}

data "tavus_deployment" "found" {
  deployment_id = tavus_deployment.written.deployment_id
}

output "found" {
  value     = [data.tavus_deployments.found, data.tavus_deployment.found]
  sensitive = true
}
`

// canaryFolder is a folder with the configuration, and TRACE logs in a file.
func canaryFolder(t *testing.T, f *fake) *cliFolder {
	t.Helper()
	w := f.cli(t)
	w.main(canaryConfig)
	variables, err := json.Marshal(map[string]string{
		"key": canaries.key, "password": canaries.password, "password_wo": canaries.passwordWO, "name": canaries.name,
		"title": canaries.title, "item": canaries.item, "number": canaries.number,
	})
	if err != nil {
		t.Fatal(err)
	}
	w.file("terraform.tfvars.json", string(variables))
	w.setenv("TF_LOG=TRACE", "TF_LOG_PATH="+filepath.Join(w.dir, "trace.log"))
	return w
}

// ownWarning is what OpenTofu itself writes into its log when a refresh shows a
// drift: the values before and after, sensitive or not. No provider can change that.
var ownWarning = regexp.MustCompile(`(?m)^.*\[WARN\]  Provider "\S+" produced an unexpected new value for \S+ during refresh\.\n(?:      - \..*: was .*\n)+`)

// clean asserts that no canary is in an output or in any file of the folder,
// other than those that Terraform keeps configured values in.
func (w *cliFolder) clean(what, output string) {
	w.t.Helper()
	if found := leaks(output); len(found) > 0 {
		w.t.Errorf("%s: %v in the output\n%s", what, found, output)
	}
	err := filepath.WalkDir(w.dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || entry.Name() == "terraform.tfvars.json" {
			return err
		}
		text, err := os.ReadFile(path) //nolint:gosec // A file of the test's own folder.
		if err != nil {
			return err
		}
		found := leaks(ownWarning.ReplaceAllString(string(text), ""))
		if strings.HasPrefix(entry.Name(), "terraform.tfstate") {
			found = w.leaksOfState(text)
		}
		if len(found) > 0 {
			w.t.Errorf("%s: %v in %s\n%s", what, found, entry.Name(), around(string(text), found[0]))
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// leaksOfState looks at what must not stand in a state: the key, the write-only
// password, and any value in the private state.
func (w *cliFolder) leaksOfState(text []byte) []string {
	w.t.Helper()
	found := slices.DeleteFunc(leaks(string(text)), func(word string) bool {
		return !strings.HasPrefix(word, "key") && !strings.HasPrefix(word, "writeOnly")
	})
	var state struct {
		Resources []struct{ Instances []struct{ Private string } }
	}
	if err := json.Unmarshal(text, &state); err != nil {
		w.t.Fatal(err)
	}
	for _, resource := range state.Resources {
		for _, instance := range resource.Instances {
			if instance.Private == "" {
				continue // a data source
			}
			private, err := base64.StdEncoding.DecodeString(instance.Private)
			if err != nil {
				w.t.Fatal(err)
			}
			found = append(found, leaks(readable(w.t, private))...)
		}
	}
	return found
}

func around(text, word string) string {
	i := strings.Index(strings.ToLower(text), strings.ToLower(word))
	return text[max(0, i-300):min(len(text), i+300)]
}

// TestAccCanary takes secrets through everything that a user does, at TRACE. The
// server repeats in every error what it was sent.
func TestAccCanary(t *testing.T) {
	t.Parallel()
	needsWriteOnly(t)
	f := newFake(t, simulator.Options{})
	w := canaryFolder(t, f)
	w.clean("apply", w.must(0, "apply", "-auto-approve"))
	if len(f.IDs()) != 2 {
		t.Fatalf("the server holds %v", f.IDs())
	}
	w.main(canaryConfig + canaryLookups)
	w.clean("data sources", w.must(0, "apply", "-auto-approve"))
	w.main(canaryConfig)
	w.clean("plan", w.must(0, "plan", "-out=saved.tfplan", "-var=revision=2"))
	w.clean("show", w.must(0, "show", "saved.tfplan"))
	w.clean("apply a plan", w.must(0, "apply", "saved.tfplan"))
	w.clean("show the state", w.must(0, "show"))
	id := f.IDs()[slices.IndexFunc(f.IDs(), func(id string) bool {
		doc, _ := f.Document(id)
		return doc["channel"] == "widget"
	})]
	f.portal(t, id, "by hand", "customization", "title")
	w.clean("drift", w.must(0, "plan", "-refresh-only"))

	statuses := []int{400, 401, 500} // TestCanaryInDiagnostics has the others
	if isLong() {
		statuses = []int{400, 401, 403, 409, 422, 500, 503}
	}
	for _, status := range statuses {
		f.SetFaults(func(_ int, r simulator.Request) *simulator.Fault {
			return &simulator.Fault{Kind: simulator.FaultStatus, Status: status, Text: "You sent " + string(r.Body) + " with " + canaries.key}
		})
		w.clean(fmt.Sprint("refresh with ", status), w.must(1, "plan"))
		w.clean(fmt.Sprint("change with ", status), w.must(1, "apply", "-auto-approve", "-refresh=false", fmt.Sprint("-var=revision=", status)))
		if status == 400 || status == 500 {
			w.clean(fmt.Sprint("destroy with ", status), w.must(1, "destroy", "-auto-approve", "-refresh=false"))
			stored := w.read("terraform.tfstate")
			w.must(0, "state", "rm", "tavus_deployment.stored")
			w.clean(fmt.Sprint("create with ", status), w.must(1, "apply", "-auto-approve", "-refresh=false"))
			w.clean(fmt.Sprint("import with ", status), w.must(1, "import", "tavus_deployment.stored", id))
			w.file("terraform.tfstate", stored)
		}
	}
	f.SetFaults(nil)
	w.must(0, "state", "rm", "tavus_deployment.stored")
	w.clean("import", w.must(0, "import", "tavus_deployment.stored", id))
	w.clean("apply after an import", w.must(0, "apply", "-auto-approve"))
	w.clean("destroy", w.must(0, "destroy", "-auto-approve"))
	log := w.read("trace.log")
	for _, words := range []string{"Tavus API request", "[TRACE]", "/v2/deployments/" + id} {
		if !strings.Contains(log, words) {
			t.Errorf("the log has no %q, so this test does not see it", words)
		}
	}
}

// TestAccCanaryInPanic ends a provider by a mistake in it, with all secrets on the
// stack. What Go prints of a stack are addresses and lengths of texts, never the
// texts.
func TestAccCanaryInPanic(t *testing.T) {
	t.Parallel()
	needsWriteOnly(t)
	f := newFake(t, simulator.Options{})
	w := canaryFolder(t, f)
	executable, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(w.dir, "bin"), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(executable, filepath.Join(w.dir, "bin", "terraform-provider-tavus")); err != nil {
		t.Fatal(err)
	}
	w.file("cli.tfrc", fmt.Sprintf("provider_installation {\n  dev_overrides {\n    %q = %q\n  }\n  direct {}\n}\n",
		"registry.terraform.io/tavus/tavus", filepath.Join(w.dir, "bin")))
	w.setenv(envPanic + "=1")
	output := w.must(1, "apply", "-auto-approve")
	// OpenTofu has it in the log alone.
	for _, words := range []string{"panic: runtime error: invalid memory address or nil pointer dereference", "CreateDeployment"} {
		if !strings.Contains(output+w.read("trace.log"), words) {
			t.Fatalf("there is no %q in\n%s", words, output)
		}
	}
	if err := os.RemoveAll(filepath.Join(w.dir, "bin")); err != nil { // the test binary itself
		t.Fatal(err)
	}
	w.clean("panic", output)
}

// TestAccStorm is TestStorm with the real CLI and its parallelism.
func TestAccStorm(t *testing.T) {
	t.Parallel()
	count := 40
	if long {
		count = 300
	}
	f := newFake(t, simulator.Options{RatePerSecond: 20})
	w := f.cli(t)
	w.main(fmt.Sprintf("resource \"tavus_deployment\" \"test\" {\n  count   = %d\n  pal_id  = \"p5317866\"\n  channel = \"widget\"\n  name    = \"Number ${count.index}\"\n}\n", count))
	begun := time.Now()
	w.apply("-parallelism=30")
	limited := 0
	requests := f.Requests()
	for _, r := range requests {
		if r.Status == http.StatusTooManyRequests {
			limited++
		}
	}
	t.Logf("%d deployments in %s, %d requests, %d of them refused", count, time.Since(begun).Round(time.Millisecond), len(requests), limited)
	if len(f.IDs()) != count || limited == 0 || 3*limited > len(requests) {
		t.Errorf("%d deployments, %d of %d requests refused", len(f.IDs()), limited, len(requests))
	}
	f.Configure(func(o *simulator.Options) { o.RatePerSecond = 0 })
	w.destroy()
}
