//go:build unix

package main

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

// A sample is what one step of a life took.
type sample struct {
	wall     time.Duration
	cpu      time.Duration // of all processes of the provider
	memory   int64         // resident bytes, the most that one process had
	requests int
}

// steps are a life. text is the value of the key that the third one changes.
var steps = []struct {
	name, text string
	args       []string
}{
	{"create", "one", []string{"apply", "-auto-approve"}},
	{"empty plan", "one", []string{"plan", "-detailed-exitcode"}},
	{"change a key", "two", []string{"apply", "-auto-approve"}},
	{"destroy", "two", []string{"destroy", "-auto-approve"}},
}

const configuration = `
terraform {
  required_providers {
    %[1]s = { source = %[2]q }
  }
}

resource "%[1]s_deployment" "bench" {
  count   = %[3]d
  pal_id  = "p5317866"
  channel = "widget"
  name    = "bench ${count.index}"

  customization = jsonencode({
    show_haircheck = true
    preview        = { title = "Questions about our docs?", description = "%[4]s", btn_title = "Talk" }
    after_call     = { title = "Thank you", description = "We read every call." }
    widget         = { text = { title = "Ask me" } }
    style          = { magic_canvas = { accent_color = "#0a66c2" } }
  })
  limits = jsonencode({
    max_call_duration         = 600
    daily_call_limit_per_user = 3
  })
  allowed_origins = ["https://www.example.com", "https://docs.example.com"]
}
`

// life takes one contender through all steps, with an API and a folder of its own,
// and returns a sample for each step.
func life(ctx context.Context, o options, c contender, scratch string) ([]sample, error) {
	dir, err := os.MkdirTemp(scratch, "life-")
	if err != nil {
		return nil, err
	}
	sim, err := simulator.New("latency=" + latency)
	if err != nil {
		return nil, err
	}
	server := httptest.NewServer(sim)
	defer server.Close()
	usage := filepath.Join(dir, "usage")
	env, err := environment(c, dir)
	if err != nil {
		return nil, err
	}
	env = append(env, envProgram+"="+c.binary, envUsage+"="+usage, "TAVUS_BASE_URL="+server.URL, "TAVUS_API_KEY=key-of-the-bench")
	var samples []sample
	for _, step := range steps {
		text := fmt.Sprintf(configuration, c.kind, c.source, o.count, step.text)
		if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte(text), 0o600); err != nil {
			return nil, err
		}
		sim.ResetRequests()
		cmd := exec.CommandContext(ctx, o.cli, append(step.args, "-no-color", "-input=false")...)
		cmd.Dir, cmd.Env = dir, env
		begun := time.Now()
		if out, err := cmd.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("%s: %w\n%s", step.name, err, out[:min(len(out), 4000)])
		}
		taken := sample{wall: time.Since(begun), requests: len(sim.Requests())}
		if taken.cpu, taken.memory, err = readUsage(usage); err != nil {
			return nil, fmt.Errorf("%s: %w", step.name, err)
		}
		samples = append(samples, taken)
	}
	return samples, nil
}

// environment makes the CLI take this program, as a launcher, for the provider. A
// development override is found without "init" and without a checksum.
func environment(c contender, dir string) ([]string, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	plugins := filepath.Join(dir, "plugins")
	if err := os.Mkdir(plugins, 0o750); err != nil {
		return nil, err
	}
	if err := os.Symlink(self, filepath.Join(plugins, "terraform-provider-"+c.kind)); err != nil {
		return nil, err
	}
	file := filepath.Join(dir, "cli.tfrc")
	text := fmt.Sprintf("provider_installation {\n  dev_overrides {\n    %q = %q\n  }\n}\n", c.source, plugins)
	return append(os.Environ(), "TF_CLI_CONFIG_FILE="+file, "CHECKPOINT_DISABLE=1"), os.WriteFile(file, []byte(text), 0o600)
}
