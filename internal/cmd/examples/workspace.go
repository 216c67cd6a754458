package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/tavus/terraform-provider-tavus/internal/clitools"
)

// A workspace is one initialised folder of the sandbox, with the configuration
// of one example.
type workspace struct {
	box  *clitools.Sandbox
	name string // of the example
	// source is the folder of the example, dir the scratch folder.
	source, dir string
	vars        []string // arguments for the variables
}

// A summary is what a plan or an apply says it does.
type summary struct {
	Add    int `json:"add"`
	Change int `json:"change"`
	Import int `json:"import"`
	Remove int `json:"remove"`
}

// folder copies the configuration of an example, without its import blocks, to a
// new folder, puts a real id where the example id stands, and runs "init".
func (c *checker) folder(ctx context.Context, name string) (*workspace, error) {
	c.folders++
	dir := filepath.Join(c.box.Dir, "examples", strconv.Itoa(c.folders))
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, err
	}
	var files []string
	for _, pattern := range []string{"*.tf", "*.tfquery.hcl"} {
		matches, err := filepath.Glob(filepath.Join(c.root, name, pattern))
		if err != nil {
			return nil, err
		}
		files = append(files, matches...)
	}
	var config strings.Builder
	for _, file := range files {
		if strings.HasPrefix(filepath.Base(file), "import") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		text = bytes.ReplaceAll(text, []byte(exampleID), []byte(c.seed))
		config.Write(text)
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(file)), text, 0o600); err != nil {
			return nil, err
		}
	}
	if config.Len() == 0 {
		return nil, fmt.Errorf("%s: no configuration in it", name)
	}
	if !strings.Contains(config.String(), "required_providers") {
		if err := os.WriteFile(filepath.Join(dir, "source.tf"), []byte(source), 0o600); err != nil {
			return nil, err
		}
	}
	w := &workspace{
		box: c.box, name: name, source: filepath.Join(c.root, name), dir: dir,
		vars: variables(config.String()),
	}
	_, err := w.text(ctx, "init", "-no-color")
	return w, err
}

// text runs a command that must end with exit code 0.
func (w *workspace) text(ctx context.Context, args ...string) (string, error) {
	result, err := w.box.Run(ctx, w.dir, nil, args...)
	if err != nil {
		return "", err
	}
	if result.Code != 0 {
		return "", fmt.Errorf("%s: %s %s: exit code %d\n%s%s", w.name, w.box.CLI, args[0], result.Code, result.Stdout, result.Stderr)
	}
	return result.Stdout, nil
}

func (w *workspace) plan(ctx context.Context) (summary, error) {
	return w.json(ctx, "", append([]string{"plan"}, w.vars...)...)
}

// keysLeave is the one warning that an import may give: a deployment from the
// portal holds keys that an example does not have.
const keysLeave = "Keys go out of the configuration"

// json runs a command with its machine-readable output. An error or a warning in
// it is an error, except a warning with the expected summary.
func (w *workspace) json(ctx context.Context, expected string, args ...string) (summary, error) {
	result, err := w.box.Run(ctx, w.dir, nil, append([]string{args[0], "-json"}, args[1:]...)...)
	if err != nil {
		return summary{}, err
	}
	sum, problems, err := readUI(result.Stdout, expected)
	if err != nil {
		return summary{}, fmt.Errorf("%s: %s %s: %w\n%s", w.name, w.box.CLI, args[0], err, result.Stderr)
	}
	if result.Code != 0 || len(problems) > 0 {
		return summary{}, fmt.Errorf("%s: %s %s: exit code %d\n%s", w.name, w.box.CLI, args[0], result.Code, strings.Join(problems, "\n"))
	}
	return sum, nil
}

// readUI reads the machine-readable output of plan and apply
// (https://developer.hashicorp.com/terraform/internals/machine-readable-ui): the
// last summary of changes, and every error and warning in a line, except the
// warning with the expected summary.
func readUI(output, expected string) (sum summary, problems []string, err error) {
	found := false
	for line := range strings.Lines(output) {
		var message struct {
			Type       string  `json:"type"`
			Changes    summary `json:"changes"`
			Diagnostic struct {
				Severity string `json:"severity"`
				Summary  string `json:"summary"`
				Detail   string `json:"detail"`
			} `json:"diagnostic"`
		}
		if err := json.Unmarshal([]byte(line), &message); err != nil {
			return sum, problems, fmt.Errorf("not a message: %.200s", line)
		}
		switch message.Type {
		case "change_summary":
			sum, found = message.Changes, true
		case "diagnostic":
			d := message.Diagnostic
			if d.Severity == "warning" && d.Summary == expected {
				continue
			}
			problems = append(problems, fmt.Sprintf("%s: %s: %s", d.Severity, d.Summary, d.Detail))
		}
	}
	if !found && len(problems) == 0 {
		return sum, nil, errors.New("no summary of changes in the output")
	}
	return sum, problems, nil
}

// importBlock plans the example together with an import block.
func (w *workspace) importBlock(ctx context.Context, label string, block []byte) error {
	if err := os.WriteFile(filepath.Join(w.dir, "import.tf"), block, 0o600); err != nil {
		return err
	}
	got, err := w.json(ctx, keysLeave, append([]string{"plan"}, w.vars...)...)
	if err != nil {
		return err
	}
	if got.Import != 1 || got.Add != 0 || got.Remove != 0 {
		return fmt.Errorf("%s: planned is not one import: %+v", label, got)
	}
	return nil
}

// importCommand runs the command that stands in a script.
func (w *workspace) importCommand(ctx context.Context, label, script string) error {
	for line := range strings.Lines(script) {
		args, ok := strings.CutPrefix(strings.TrimSpace(line), "terraform import ")
		if !ok {
			continue
		}
		out, err := w.text(ctx, append(append([]string{"import", "-no-color"}, w.vars...), strings.Fields(args)...)...)
		if err != nil {
			return err
		}
		if strings.Contains(out, "Warning:") {
			return fmt.Errorf("%s: a warning\n%s", label, out)
		}
		return nil
	}
	return fmt.Errorf("%s: no \"terraform import\" in it", label)
}
