package provider_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// cliDriver is the CLI under test, with the provider as a program of its own.
type cliDriver struct {
	w      *cliFolder
	output string
}

// connectCLI gives each history a folder of its own.
func connectCLI(t *testing.T) func(r *run) driver {
	t.Helper()
	return func(r *run) driver {
		w := (&fake{Simulator: r.sim, URL: r.url}).cli(t)
		d := &cliDriver{w: w}
		d.write(&r.c)
		return d
	}
}

func (d *cliDriver) write(c *configuration) { d.w.main(c.resource()) }

func (d *cliDriver) run(args ...string) error {
	code, output := d.w.try(args...)
	// The CLI breaks lines and frames messages, which is no matter here.
	lines := strings.FieldsFunc(output, func(r rune) bool { return r == '\n' || r == '│' || r == '╷' || r == '╵' })
	d.output = strings.Join(strings.Fields(strings.Join(lines, " ")), " ")
	if code != 0 {
		return fmt.Errorf("%s: exit code %d: %s", strings.Join(args, " "), code, d.output)
	}
	return nil
}

// attributes are those of the state file; nil where it has no deployment.
func (d *cliDriver) attributes() map[string]any {
	text, err := os.ReadFile(filepath.Join(d.w.dir, "terraform.tfstate"))
	if err != nil {
		return nil // nothing was applied yet
	}
	var state struct {
		Resources []struct {
			Instances []struct {
				Attributes map[string]any `json:"attributes"`
			} `json:"instances"`
		} `json:"resources"`
	}
	if err := json.Unmarshal(text, &state); err != nil {
		d.w.t.Fatal(err)
	}
	if len(state.Resources) == 0 {
		return nil
	}
	return state.Resources[0].Instances[0].Attributes
}

func (d *cliDriver) refresh() ([]string, error) {
	before := d.attributes()
	if before == nil {
		return nil, nil
	}
	if err := d.run("apply", "-refresh-only", "-auto-approve"); err != nil {
		return nil, err
	}
	after := d.attributes()
	if after == nil {
		return []string{"all"}, nil
	}
	var changed []string
	for name, value := range after {
		if !reflect.DeepEqual(value, before[name]) {
			changed = append(changed, name)
		}
	}
	slices.Sort(changed)
	return changed, nil
}

func (d *cliDriver) plan(c *configuration) (action string, changed []string, err error) {
	d.write(c)
	if err := d.run("plan", "-refresh=false", "-out=saved"); err != nil {
		return "", nil, err
	}
	var stdout, stderr bytes.Buffer
	if code := d.w.start(&stdout, &stderr, "show", "-json", "saved"); code != 0 {
		return "", nil, errors.New(stderr.String())
	}
	var shown struct {
		Changes []struct {
			Change struct {
				Actions []string       `json:"actions"`
				Before  map[string]any `json:"before"`
				After   map[string]any `json:"after"`
				Unknown map[string]any `json:"after_unknown"`
			} `json:"change"`
		} `json:"resource_changes"`
	}
	if err := json.Unmarshal(stdout.Bytes(), &shown); err != nil {
		return "", nil, err
	}
	if len(shown.Changes) != 1 {
		return "", nil, fmt.Errorf("the plan has %d changes", len(shown.Changes))
	}
	change := shown.Changes[0].Change
	for name := range change.Before {
		if change.Unknown[name] == true || !reflect.DeepEqual(change.Before[name], change.After[name]) {
			changed = append(changed, name)
		}
	}
	slices.Sort(changed)
	switch strings.Join(change.Actions, " ") {
	case "no-op":
		return actNoop, nil, nil
	case "create":
		return actCreate, nil, nil
	case "update":
		return actUpdate, changed, nil
	case "delete create":
		return actReplace, nil, nil
	}
	return strings.Join(change.Actions, " "), changed, nil
}

func (d *cliDriver) apply() error { return d.run("apply", "saved") }

func (d *cliDriver) destroy() error { return d.run("destroy", "-auto-approve") }

func (d *cliDriver) importID(id string) error { return d.run("import", address, id) }

func (d *cliDriver) forget() {
	if d.attributes() != nil {
		d.w.must(0, "state", "rm", address)
	}
}

func (d *cliDriver) warnings() string { return d.output }

// secrets are none, because a CLI shows plans, and lines of the configuration.
func (d *cliDriver) secrets() []string { return nil }

func (d *cliDriver) attribute(name string) string {
	name, raw := strings.CutSuffix(name, " text")
	switch value := d.attributes()[name].(type) {
	case string:
		return canonAttribute(name, value, raw)
	case bool:
		return canon(value, true)
	case []any:
		return document{"allowed_origins": value}.origins()
	}
	return ""
}

// TestAccModel plays histories through the real CLI. They are the same in every
// run, so that CI is not red by chance; TestModelHistories looks for new ones.
func TestAccModel(t *testing.T) {
	t.Parallel()
	seeds := 4
	if isLong() {
		seeds = 24
	}
	generator := histories(3, cliKinds, nil)
	for seed := range seeds {
		t.Run(fmt.Sprint("seed ", seed+1), func(t *testing.T) {
			t.Parallel()
			play(t, generator.Example(seed+1), connectCLI(t))
		})
	}
}
