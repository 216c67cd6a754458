package provider_test

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
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/go-version"
)

// cliFolder is a folder in which the real CLI runs as a user runs it, with the
// provider as a program of its own. Package resource hides warnings, saved plans
// and exit codes; a test that is about those uses a cliFolder.
type cliFolder struct {
	t    *testing.T
	f    *fake
	dir  string
	path string // the CLI
	env  []string
}

// sourceBlock names the provider by its full address, because OpenTofu has
// another default registry.
const sourceBlock = `terraform {
  required_providers {
    tavus = { source = "registry.terraform.io/tavus/tavus" }
  }
}
`

// cli returns an empty folder whose environment points the provider to the
// simulator.
func (f *fake) cli(t *testing.T) *cliFolder {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("acceptance tests need TF_ACC=1; make test runs them on every CLI that it finds")
	}
	cli, err := findCLI()
	if err != nil {
		t.Fatal(err)
	}
	binary, err := buildProvider()
	if err != nil {
		t.Fatal(err)
	}
	w := &cliFolder{t: t, f: f, dir: t.TempDir(), path: cli.path}
	w.file("cli.tfrc", fmt.Sprintf("provider_installation {\n  dev_overrides {\n    %q = %q\n  }\n  direct {}\n}\n",
		"registry.terraform.io/tavus/tavus", filepath.ToSlash(filepath.Dir(binary))))
	for _, setting := range os.Environ() {
		if !strings.HasPrefix(setting, "TF_") && !strings.HasPrefix(setting, "TAVUS_") {
			w.env = append(w.env, setting)
		}
	}
	w.env = append(w.env, "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "TF_INPUT=0", "TF_CLI_ARGS=-no-color",
		"TF_CLI_CONFIG_FILE="+filepath.Join(w.dir, "cli.tfrc"), "TAVUS_API_KEY=key-of-the-test", "TAVUS_BASE_URL="+f.URL)
	return w
}

// setenv adds to the environment of the commands that follow.
func (w *cliFolder) setenv(settings ...string) {
	w.env = slices.Concat(w.env, settings)
}

// foundCLI is the CLI under test.
type foundCLI struct {
	path    string
	tofu    bool
	version *version.Version
}

// findCLI takes the CLI that package resource takes.
var findCLI = sync.OnceValues(func() (foundCLI, error) {
	path := os.Getenv("TF_ACC_TERRAFORM_PATH")
	if path == "" {
		var err error
		if path, err = exec.LookPath("terraform"); err != nil {
			return foundCLI{}, err
		}
	}
	cmd := exec.CommandContext(context.Background(), path, "version", "-json") //nolint:gosec // The path is the tester's own.
	cmd.Env = append(os.Environ(), "TF_CLI_CONFIG_FILE="+os.DevNull, "CHECKPOINT_DISABLE=1")
	out, err := cmd.Output()
	if err != nil {
		return foundCLI{}, fmt.Errorf("%s version -json: %w", path, err)
	}
	var answer struct {
		Version string `json:"terraform_version"`
	}
	if err := json.Unmarshal(out, &answer); err != nil {
		return foundCLI{}, fmt.Errorf("%s version -json: %w", path, err)
	}
	v, err := version.NewVersion(answer.Version)
	return foundCLI{path: path, tofu: strings.HasPrefix(filepath.Base(path), "tofu"), version: v}, err
})

// buildProvider builds the provider once for all tests of the run. The file is
// renamed when it is whole, because test runs on several CLIs share it.
var buildProvider = sync.OnceValues(func() (string, error) {
	target, err := filepath.Abs(filepath.FromSlash("../../.build/acceptance/terraform-provider-tavus"))
	if err != nil {
		return "", err
	}
	if runtime.GOOS == "windows" {
		target += ".exe"
	}
	if err := os.MkdirAll(filepath.Dir(target), 0o750); err != nil {
		return "", err
	}
	scratch, err := os.MkdirTemp(filepath.Dir(target), "build-")
	if err != nil {
		return "", err
	}
	defer func() { _ = os.RemoveAll(scratch) }()
	built := filepath.Join(scratch, "provider")
	cmd := exec.CommandContext(context.Background(), "go", "build", "-buildvcs=false", "-o", built, //nolint:gosec // All of it is ours.
		"-ldflags", "-X main.version="+builtVersion, "../..")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return target, os.Rename(built, target)
})

// builtVersion is the version of the provider that buildProvider builds.
const builtVersion = "0.0.1-acceptance"

// file writes a file of the folder.
func (w *cliFolder) file(name, text string) {
	w.t.Helper()
	if err := os.WriteFile(filepath.Join(w.dir, name), []byte(text), 0o600); err != nil { //nolint:gosec // A name that the test gives.
		w.t.Fatal(err)
	}
}

// read returns a file of the folder.
func (w *cliFolder) read(name string) string {
	w.t.Helper()
	text, err := os.ReadFile(filepath.Join(w.dir, filepath.FromSlash(name)))
	if err != nil {
		w.t.Fatal(err)
	}
	return string(text)
}

// main writes the configuration. The provider block is empty: everything
// comes from the environment.
func (w *cliFolder) main(config string) {
	w.t.Helper()
	w.file("main.tf", sourceBlock+config)
}

// deployment writes a configuration of one deployment with the arguments.
func (w *cliFolder) deployment(arguments string) {
	w.t.Helper()
	w.main("resource \"tavus_deployment\" \"test\" {\n" + arguments + "\n}\n")
}

// try runs the CLI and returns its exit code and both its outputs.
func (w *cliFolder) try(args ...string) (code int, output string) {
	w.t.Helper()
	var out bytes.Buffer
	code = w.start(&out, &out, args...)
	return code, out.String()
}

func (w *cliFolder) start(stdout, stderr io.Writer, args ...string) (code int) {
	w.t.Helper()
	cmd := exec.CommandContext(w.t.Context(), w.path, args...) //nolint:gosec // The tester's own CLI.
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = w.dir, w.env, stdout, stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		w.t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode()
}

// must runs the CLI, which has to end with the code.
func (w *cliFolder) must(want int, args ...string) (output string) {
	w.t.Helper()
	code, output := w.try(args...)
	if code != want {
		w.t.Fatalf("%s: exit code %d instead of %d\n%s", strings.Join(args, " "), code, want, output)
	}
	return output
}

// apply applies the configuration, which has to work.
func (w *cliFolder) apply(args ...string) {
	w.t.Helper()
	w.must(0, append([]string{"apply", "-auto-approve"}, args...)...)
}

// destroy destroys everything and asserts that the server is empty.
func (w *cliFolder) destroy() {
	w.t.Helper()
	w.must(0, "destroy", "-auto-approve")
	if ids := w.f.IDs(); len(ids) > 0 {
		w.t.Fatalf("deployments are left on the server: %v", ids)
	}
}

// quiet asserts that a plan and a refresh-only plan are empty. Terraform 1.11
// alone at times calls a refresh-only plan of sensitive attributes a change, so
// below 1.13 the values of the plan decide, and not the exit code.
func (w *cliFolder) quiet() {
	w.t.Helper()
	w.must(0, "plan", "-detailed-exitcode")
	if cli, _ := findCLI(); cli.tofu || cli.version.GreaterThanOrEqual(version.Must(version.NewVersion("1.13.0"))) {
		w.must(0, "plan", "-refresh-only", "-detailed-exitcode")
		return
	}
	w.nothingDrifted()
}

// nothingDrifted asserts that a refresh-only plan shows no value that changed.
func (w *cliFolder) nothingDrifted() {
	w.t.Helper()
	if drift := w.drift(); len(drift) > 0 {
		w.t.Fatalf("a refresh-only plan shows %v", drift)
	}
}

// drift returns the attributes that a refresh-only plan shows as changed.
func (w *cliFolder) drift() []string {
	w.t.Helper()
	w.must(0, "plan", "-refresh-only", "-out=refresh.tfplan")
	var changed []string
	for _, r := range w.plan("refresh.tfplan").ResourceDrift {
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

// shownPlan is what `show -json` prints of a plan.
type shownPlan struct {
	ResourceDrift   []shownChange `json:"resource_drift"`
	ResourceChanges []shownChange `json:"resource_changes"`
}

type shownChange struct {
	Address string `json:"address"`
	Change  struct {
		Actions []string       `json:"actions"`
		Before  map[string]any `json:"before"`
		After   map[string]any `json:"after"`
	} `json:"change"`
}

// plan returns a saved plan.
func (w *cliFolder) plan(file string) shownPlan {
	w.t.Helper()
	var stdout, stderr bytes.Buffer
	if code := w.start(&stdout, &stderr, "show", "-json", file); code != 0 {
		w.t.Fatalf("show %s: exit code %d\n%s", file, code, &stderr)
	}
	var plan shownPlan
	if err := json.Unmarshal(stdout.Bytes(), &plan); err != nil {
		w.t.Fatal(err)
	}
	return plan
}

// id is the ID of the only deployment on the server.
func (w *cliFolder) id() string {
	w.t.Helper()
	id, _ := w.f.only(w.t)
	return id
}
