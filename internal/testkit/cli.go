package testkit

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
)

// CLI is a folder in which a real Terraform or OpenTofu runs as a user runs it, with the
// provider as a program of its own. TF_ACC_TERRAFORM_PATH names the CLI; without it, it is the
// terraform on the PATH.
type CLI struct {
	// Dir is the folder of the configuration.
	Dir string
	// Tofu says that the CLI is an OpenTofu.
	Tofu bool
	// Minor is the second number of its version: 11 of Terraform 1.11.4.
	Minor int
	// Env is the environment of the commands that follow.
	Env []string

	t       testing.TB
	path    string
	plugins string // the folder of the provider
}

// sourceBlock names the provider by its full address, because OpenTofu has another default
// registry.
const sourceBlock = "terraform {\n  required_providers {\n    tavus = { source = \"registry.terraform.io/tavus/tavus\" }\n  }\n}\n"

// NewCLI makes an empty folder whose environment points the provider to the server. It skips
// the test unless TF_ACC is set.
func NewCLI(t testing.TB, s *Server) *CLI {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("acceptance tests need TF_ACC=1; scripts/acceptance.sh runs them on every CLI that it finds")
	}
	found, err := findCLI()
	plugins, problem := buildProvider()
	c := &CLI{Dir: t.TempDir(), Tofu: found.tofu, Minor: found.minor, t: t, path: found.path, plugins: plugins}
	c.check(errors.Join(err, problem))
	for _, setting := range os.Environ() {
		if !strings.HasPrefix(setting, "TF_") && !strings.HasPrefix(setting, "TAVUS_") {
			c.Env = append(c.Env, setting)
		}
	}
	c.Setenv("CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "TF_INPUT=0", "TF_CLI_ARGS=-no-color",
		"TF_CLI_CONFIG_FILE="+filepath.Join(c.Dir, "cli.tfrc"), "TAVUS_API_KEY="+Key, "TAVUS_BASE_URL="+s.URL)
	c.Override()
	return c
}

// check ends the test where there is an error.
func (c *CLI) check(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

// Override makes the provider under test stand in for others, such as "mastercard/restapi".
func (c *CLI) Override(sources ...string) {
	c.t.Helper()
	var lines strings.Builder
	for _, source := range append([]string{"tavus/tavus"}, sources...) {
		dir := c.plugins
		if name := filepath.Base(source); name != "tavus" {
			dir = filepath.Join(c.Dir, ".providers", name)
			c.check(os.MkdirAll(dir, 0o750))
			c.check(os.Symlink(filepath.Join(c.plugins, "terraform-provider-tavus"), filepath.Join(dir, "terraform-provider-"+name)))
		}
		for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
			fmt.Fprintf(&lines, "    %q = %q\n", host+"/"+source, filepath.ToSlash(dir))
		}
	}
	c.File("cli.tfrc", "provider_installation {\n  dev_overrides {\n"+lines.String()+"  }\n  direct {}\n}\n")
}

// Needs skips the test where the CLI is older than 1.terraform, or than 1.tofu; 0: no version of
// it can do this.
func (c *CLI) Needs(terraform, tofu int, what string) {
	c.t.Helper()
	lowest, name := terraform, "Terraform"
	if c.Tofu {
		lowest, name = tofu, "OpenTofu"
	}
	switch {
	case lowest == 0:
		c.t.Skipf("%s cannot do this: %s", name, what)
	case c.Minor < lowest:
		c.t.Skipf("%s needs %s 1.%d, this is 1.%d", what, name, lowest, c.Minor)
	}
}

// Setenv adds to the environment of the commands that follow.
func (c *CLI) Setenv(settings ...string) { c.Env = slices.Concat(c.Env, settings) }

// File writes a file of the folder.
func (c *CLI) File(name, text string) {
	c.t.Helper()
	path := filepath.Join(c.Dir, filepath.FromSlash(name))
	c.check(os.MkdirAll(filepath.Dir(path), 0o750))
	c.check(os.WriteFile(path, []byte(text), 0o600))
}

// Read returns a file of the folder.
func (c *CLI) Read(name string) string {
	c.t.Helper()
	text, err := os.ReadFile(filepath.Join(c.Dir, filepath.FromSlash(name)))
	c.check(err)
	return string(text)
}

// Main writes main.tf. Without a provider block everything comes from the environment.
func (c *CLI) Main(config string) {
	c.t.Helper()
	c.File("main.tf", sourceBlock+config)
}

// Start runs a command and returns its exit code.
func (c *CLI) Start(stdout, stderr io.Writer, args ...string) (code int) {
	c.t.Helper()
	cmd := c.Command(args...)
	cmd.Stdout, cmd.Stderr = stdout, stderr
	err := cmd.Run()
	if cmd.ProcessState == nil {
		c.check(err)
	}
	return cmd.ProcessState.ExitCode()
}

// Command is a command that is not started yet.
func (c *CLI) Command(args ...string) *exec.Cmd {
	cmd := exec.CommandContext(c.t.Context(), c.path, args...) //nolint:gosec // The tester's own CLI.
	cmd.Dir, cmd.Env = c.Dir, c.Env
	return cmd
}

// Must runs a command, which has to end with the exit code, and returns both its outputs.
func (c *CLI) Must(want int, args ...string) (output string) {
	c.t.Helper()
	var out bytes.Buffer
	if code := c.Start(&out, &out, args...); code != want {
		c.t.Fatalf("%s: exit code %d instead of %d\n%s", strings.Join(args, " "), code, want, &out)
	}
	return out.String()
}

// Apply applies the configuration, which has to work.
func (c *CLI) Apply(args ...string) {
	c.t.Helper()
	c.Must(0, append([]string{"apply", "-auto-approve"}, args...)...)
}

// Destroy destroys everything, which has to work.
func (c *CLI) Destroy() {
	c.t.Helper()
	c.Must(0, "destroy", "-auto-approve")
}

// Quiet asserts that a plan and a refresh-only plan are empty.
func (c *CLI) Quiet() {
	c.t.Helper()
	c.Must(0, "plan", "-detailed-exitcode")
	// Terraform 1.11 at times calls a refresh-only plan of sensitive attributes a change
	// although all values are the same. There the values decide.
	if c.Tofu || c.Minor > 12 {
		c.Must(0, "plan", "-refresh-only", "-detailed-exitcode")
	} else if drift := c.Drift(); len(drift) > 0 {
		c.t.Fatalf("a refresh-only plan shows %v", drift)
	}
}

// Drift returns the attributes that a refresh-only plan shows as changed.
func (c *CLI) Drift() (changed []string) {
	c.t.Helper()
	c.Must(0, "plan", "-refresh-only", "-out=refresh.tfplan")
	for _, r := range c.Plan("refresh.tfplan").Drift {
		for name, value := range r.Change.After {
			if !reflect.DeepEqual(value, r.Change.Before[name]) {
				changed = append(changed, name)
			}
		}
		if r.Change.After == nil {
			changed = append(changed, "all of "+r.Address)
		}
	}
	return changed
}

// ShownPlan is what show -json prints of a saved plan.
type ShownPlan struct {
	Drift   []ShownChange `json:"resource_drift"`
	Changes []ShownChange `json:"resource_changes"`
}

// ShownChange is one object of a plan. Before and After are its attributes, Unknown those that
// are not known yet.
type ShownChange struct {
	Address string `json:"address"`
	Change  struct {
		Actions []string       `json:"actions"`
		Before  map[string]any `json:"before"`
		After   map[string]any `json:"after"`
		Unknown map[string]any `json:"after_unknown"`
	} `json:"change"`
}

// Plan returns a saved plan.
func (c *CLI) Plan(file string) (plan ShownPlan) {
	c.t.Helper()
	c.show(&plan, file)
	return plan
}

// Outputs returns the outputs of the state.
func (c *CLI) Outputs() map[string]any {
	c.t.Helper()
	var state struct {
		Values struct {
			Outputs map[string]struct{ Value any }
		}
	}
	c.show(&state)
	outputs := map[string]any{}
	for name, output := range state.Values.Outputs {
		outputs[name] = output.Value
	}
	return outputs
}

func (c *CLI) show(into any, file ...string) {
	c.t.Helper()
	var stdout, stderr bytes.Buffer
	if code := c.Start(&stdout, &stderr, append([]string{"show", "-json"}, file...)...); code != 0 {
		c.t.Fatalf("show %v: exit code %d\n%s", file, code, &stderr)
	}
	c.check(json.Unmarshal(stdout.Bytes(), into))
}

type foundCLI struct {
	path  string
	tofu  bool
	minor int
}

var findCLI = sync.OnceValues(func() (foundCLI, error) {
	path := os.Getenv("TF_ACC_TERRAFORM_PATH")
	if path == "" {
		path = "terraform"
	}
	path, err := exec.LookPath(path)
	if err != nil {
		return foundCLI{}, err
	}
	cmd := exec.CommandContext(context.Background(), path, "version", "-json") //nolint:gosec // The tester's own CLI.
	cmd.Env = append(os.Environ(), "TF_CLI_CONFIG_FILE="+os.DevNull, "CHECKPOINT_DISABLE=1")
	out, err := cmd.Output()
	if err != nil {
		return foundCLI{}, fmt.Errorf("%s version -json: %w", path, err)
	}
	var answer struct {
		Version string `json:"terraform_version"`
	}
	found := foundCLI{path: path, tofu: strings.HasPrefix(filepath.Base(path), "tofu")}
	if err := json.Unmarshal(out, &answer); err != nil {
		return found, fmt.Errorf("%s version -json: %w", path, err)
	}
	_, err = fmt.Sscanf(answer.Version, "1.%d", &found.minor)
	return found, err
})

// buildProvider builds the provider once for all tests of a run, and returns its folder.
var buildProvider = sync.OnceValues(func() (string, error) {
	out, err := exec.CommandContext(context.Background(), "go", "env", "GOMOD").Output()
	if err != nil {
		return "", fmt.Errorf("go env: %w", err)
	}
	root := filepath.Dir(strings.TrimSpace(string(out)))
	plugins := filepath.Join(root, ".build", "acceptance")
	cmd := exec.CommandContext(context.Background(), "go", "build", "-buildvcs=false", "-o", plugins+string(filepath.Separator), //nolint:gosec // All of it is ours.
		"-ldflags", "-X main.version=0.1.1-acceptance", ".")
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return plugins, nil
})
