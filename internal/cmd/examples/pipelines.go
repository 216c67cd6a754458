package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// pipelines runs the scripts of the example workflows, one workflow after the
// other, as a runner does: bash, stopping at the first command that fails.
// Between them somebody edits the deployment, so that the drift workflow is seen
// to stay quiet and to speak.
func (c *checker) pipelines(ctx context.Context, name string) error {
	if runtime.GOOS == "windows" {
		c.notChecked = append(c.notChecked, name+": the scripts are for bash")
		return nil
	}
	if !c.box.CLI.HasWriteOnly() {
		c.notChecked = append(c.notChecked, name+": ephemeral variables need Terraform 1.10 or OpenTofu 1.11")
		return nil
	}
	w, err := c.folder(ctx, name)
	if err != nil {
		return err
	}
	bin := filepath.Join(w.dir, "bin")
	if err := os.Mkdir(bin, 0o750); err != nil {
		return err
	}
	// The workflows say "terraform", whatever CLI this is.
	if err := os.Symlink(c.box.CLI.Path, filepath.Join(bin, "terraform")); err != nil {
		return err
	}
	if _, err := w.workflow(ctx, "plan.yml"); err != nil {
		return err
	}
	if _, err := w.workflow(ctx, "apply.yml"); err != nil {
		return err
	}
	id, err := w.text(ctx, "output", "-raw", "embed_id")
	if err != nil {
		return err
	}
	for _, edit := range []struct{ path, value, code string }{
		{"", "", "0"},
		{"/customization/theme", `{"mode":"dark"}`, "0"},
		{"/customization/preview/title", `"Hi"`, "2"},
	} {
		if edit.path != "" {
			patch := fmt.Sprintf(`[{"op":"add","path":%q,"value":%s}]`, edit.path, edit.value)
			if _, err := send(ctx, http.MethodPatch, c.url+"/v2/deployments/"+id, patch); err != nil {
				return err
			}
		}
		said, err := w.workflow(ctx, "drift.yml")
		if err != nil {
			return err
		}
		if said != "code="+edit.code+"\n" {
			return fmt.Errorf("%s: drift.yml after an edit of %q says %q, not code %s", name, edit.path, said, edit.code)
		}
	}
	fmt.Printf("ok  %s: plan, apply, and drift seen where there is some\n", name)
	return nil
}

// workflow runs the steps of a workflow that have a script and no condition. It
// returns what they wrote to GITHUB_OUTPUT.
func (w *workspace) workflow(ctx context.Context, file string) (string, error) {
	text, err := os.ReadFile(filepath.Join(w.source, "workflows", file))
	if err != nil {
		return "", err
	}
	found := scripts(string(text))
	if len(found) == 0 {
		return "", fmt.Errorf("%s: no step with a script in it", file)
	}
	output := filepath.Join(w.dir, file+".output")
	for _, script := range found {
		cmd := exec.CommandContext(ctx, "bash", "-e", "-o", "pipefail", "-c", script)
		cmd.Dir = w.dir
		cmd.Env = append(w.box.Environ(), "TF_VAR_tavus_api_key=examples", "GITHUB_OUTPUT="+output,
			"GITHUB_STEP_SUMMARY="+filepath.Join(w.dir, file+".summary"),
			"PATH="+filepath.Join(w.dir, "bin")+string(os.PathListSeparator)+os.Getenv("PATH"))
		if out, err := cmd.CombinedOutput(); err != nil {
			return "", fmt.Errorf("%s: %w\n%s\n%s", file, err, script, out)
		}
	}
	said, err := os.ReadFile(output)
	if os.IsNotExist(err) {
		return "", nil
	}
	if removed := os.Remove(output); removed != nil {
		return "", removed
	}
	return string(said), err
}

// scripts returns the scripts of the steps of a workflow. It reads the form that
// the files here have and no other YAML: a step begins with a dash six columns in,
// and its keys stand at eight.
func scripts(workflow string) []string {
	var out []string
	_, steps, _ := strings.Cut(workflow, "\n    steps:\n")
	for step := range strings.SplitSeq(steps, "\n      - ") {
		if strings.Contains(step, "\n        if: ") {
			continue
		}
		if _, script, ok := strings.Cut(step, "\n        run: |\n"); ok {
			out = append(out, strings.ReplaceAll("\n"+script, "\n          ", "\n"))
		} else if _, script, ok := strings.Cut(step, "\n        run: "); ok {
			out = append(out, script)
		}
	}
	return out
}
