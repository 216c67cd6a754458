package bench

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/tavus/terraform-provider-tavus/internal/bench/usage"
	"github.com/tavus/terraform-provider-tavus/internal/clitools"
	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

// benchKey is the API key of all rounds.
const benchKey = "key-of-the-bench"

// A Runner runs rounds.
type Runner struct {
	CLI      clitools.CLI
	Launcher string // the path of the program in internal/cmd/bench/launcher
	Scratch  string // a folder for everything that a round leaves
	Latency  time.Duration
	Env      []string // settings for the CLI and the providers, such as TF_LOG_SDK=OFF
}

// A Round is one life of so many deployments with one contender.
type Round struct {
	Contender   string   `json:"contender"`
	Count       int      `json:"count"`
	Parallelism int      `json:"parallelism"`
	Samples     []Sample `json:"samples"`
}

// HasHTTPBackend reports whether a CLI can keep its state in the bench. There are
// builds without remote state.
func HasHTTPBackend(ctx context.Context, cli clitools.CLI, scratch string) bool {
	r := &Runner{CLI: cli, Scratch: scratch}
	w, err := r.open(ctx)
	if err != nil {
		return false
	}
	defer w.close()
	if err := os.WriteFile(filepath.Join(w.dir, "output.tf"), []byte("output \"one\" {\n  value = 1\n}\n"), 0o600); err != nil {
		return false
	}
	if _, err := w.terraform(ctx, "apply", "-auto-approve"); err != nil {
		return false
	}
	return strings.Contains(string(w.backend.state), `"one"`)
}

// Run runs one round.
func (r *Runner) Run(ctx context.Context, c Contender, count, parallelism int) (*Round, error) {
	w, err := r.open(ctx)
	if err != nil {
		return nil, err
	}
	defer w.close()
	api, err := startAPI(ctx, r.Latency)
	if err != nil {
		return nil, err
	}
	defer api.stop()
	report := filepath.Join(w.dir, "usage.jsonl")
	if err := w.override(c, r.Launcher, usage.EnvProgram+"="+c.Program, usage.EnvReport+"="+report); err != nil {
		return nil, err
	}
	round := &Round{Contender: c.Name, Count: count, Parallelism: parallelism}
	for _, s := range steps {
		input := Input{URL: api.URL, Key: benchKey, PalID: simulator.PalDocsGuide, Count: count, Text: s.text}
		if err := w.configure(c, input); err != nil {
			return nil, err
		}
		api.take()
		begun := time.Now()
		code, err := w.terraform(ctx, append(s.args, "-parallelism="+strconv.Itoa(parallelism))...)
		sample := Sample{Step: s.name, Wall: time.Since(begun), Changes: s.plan && code == 2}
		if err != nil && !sample.Changes {
			return nil, fmt.Errorf("%s with %d deployments, %s: %w", c.Name, count, s.name, err)
		}
		sample.Requests, sample.Connections = api.take()
		if err := sample.addUsage(report); err != nil {
			return nil, err
		}
		if held := len(api.simulator.IDs()); c.Name != BareName && held != s.left*count {
			return nil, fmt.Errorf("%s with %d deployments, %s: the API holds %d afterwards", c.Name, count, s.name, held)
		}
		round.Samples = append(round.Samples, sample)
	}
	return round, nil
}

func (s *Sample) addUsage(report string) error {
	processes, err := usage.Read(report)
	if err != nil {
		return err
	}
	for _, p := range processes {
		s.Processes++
		s.CPU += p.CPU
		s.Peak = max(s.Peak, p.Peak)
	}
	return os.Remove(report)
}

// workspace is a folder where a CLI runs, with its state in an HTTP backend.
type workspace struct {
	dir     string
	sandbox *clitools.Sandbox
	backend *stateBackend
	server  *server
}

func (r *Runner) open(ctx context.Context) (*workspace, error) {
	dir, err := os.MkdirTemp(r.Scratch, "round-")
	if err != nil {
		return nil, err
	}
	w := &workspace{dir: dir, sandbox: &clitools.Sandbox{CLI: r.CLI, Dir: dir}, backend: &stateBackend{}}
	w.sandbox.Setenv(r.Env...)
	if w.server, err = startServer(ctx, http.Handler(w.backend)); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	// Without a provider in the configuration, "init" needs no registry.
	text := fmt.Sprintf("terraform {\n  backend \"http\" {\n    address = %q\n  }\n}\n", w.server.URL)
	if err = os.WriteFile(filepath.Join(dir, "backend.tf"), []byte(text), 0o600); err == nil {
		_, err = w.terraform(ctx, "init")
	}
	if err != nil {
		w.close()
		return nil, err
	}
	return w, nil
}

func (w *workspace) close() {
	w.server.stop()
	_ = os.RemoveAll(w.dir) // in a scratch folder that goes as a whole
}

// override makes the CLI take the program for the contender's provider. A
// development override is found without "init" and without a checksum.
func (w *workspace) override(c Contender, program string, env ...string) error {
	parts := strings.Split(c.Source, "/")
	dir := filepath.Join(w.dir, "plugin")
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return err
	}
	name := "terraform-provider-" + parts[len(parts)-1] + filepath.Ext(program)
	if err := os.Symlink(program, filepath.Join(dir, name)); err != nil {
		return err
	}
	config := filepath.Join(w.dir, "cli.tfrc")
	text := fmt.Sprintf("provider_installation {\n  dev_overrides {\n    %q = %q\n  }\n}\n", c.Source, filepath.ToSlash(dir))
	w.sandbox.Setenv(append(env, "TF_CLI_CONFIG_FILE="+config)...)
	return os.WriteFile(config, []byte(text), 0o600)
}

func (w *workspace) configure(c Contender, input Input) (err error) {
	file, err := os.Create(filepath.Join(w.dir, "main.tf"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	return c.Config.Execute(file, input)
}

// terraform runs the CLI. An exit code other than 0 is an error with what the
// CLI said.
func (w *workspace) terraform(ctx context.Context, args ...string) (code int, err error) {
	args = append([]string{args[0], "-no-color"}, args[1:]...)
	result, err := w.sandbox.Run(ctx, w.dir, nil, args...)
	if err == nil && result.Code != 0 {
		said := strings.TrimSpace(result.Stderr)
		err = fmt.Errorf("%s %s ended with the exit code %d\n%s", w.sandbox.CLI.Name, args[0], result.Code, said[:min(len(said), 4000)])
	}
	return result.Code, err
}
