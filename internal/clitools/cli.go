package clitools

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// The two programs that a provider runs under. The names are also the names of
// their executables.
const (
	Terraform = "terraform"
	OpenTofu  = "tofu"
)

// ErrNoCLI says that this machine has neither Terraform nor OpenTofu.
var ErrNoCLI = errors.New("no Terraform or OpenTofu CLI: none in TF_CLI, none on the PATH, none in the CLI cache")

// A CLI is one Terraform or OpenTofu executable.
type CLI struct {
	Path    string // absolute
	Name    string // Terraform or OpenTofu
	Version string // as the CLI reports it, without a "v"
}

// String gives the name and version as a person writes them.
func (c CLI) String() string {
	return c.Title() + " " + c.Version
}

// Title gives the product's name.
func (c CLI) Title() string {
	if c.Name == OpenTofu {
		return "OpenTofu"
	}
	return "Terraform"
}

// RegistryHost is the host that the CLI puts before a provider source such as
// "tavus/tavus".
func (c CLI) RegistryHost() string {
	if c.Name == OpenTofu {
		return "registry.opentofu.org"
	}
	return "registry.terraform.io"
}

// HasIdentity reports whether the CLI knows resource identity and "import" by
// identity. OpenTofu is named without the patch release in which it came,
// because 1.12 is the first that this project was run on.
func (c CLI) HasIdentity() bool { return c.atLeast(12) }

// HasQuery reports whether the CLI knows list resources. No OpenTofu does.
func (c CLI) HasQuery() bool { return c.Name == Terraform && c.atLeast(14) }

// HasWriteOnly reports whether the CLI knows write-only arguments.
func (c CLI) HasWriteOnly() bool { return c.atLeast(11) }

// HasFunctions reports whether the CLI knows functions of providers.
func (c CLI) HasFunctions() bool {
	return c.atLeast(8) || c.Name == OpenTofu && c.atLeast(7)
}

// atLeast compares with 1.minor; neither product has had another major version.
func (c CLI) atLeast(minor int) bool {
	a, b := parseVersion(c.Version)
	return a > 1 || a == 1 && b >= minor
}

// parseVersion reads "1.12.6" or "1.15.0-rc1" as 1, 12 and 1, 15. What it
// cannot read counts as 0, which has no feature.
func parseVersion(version string) (major, minor int) {
	parts := strings.SplitN(strings.TrimPrefix(version, "v"), ".", 3)
	if len(parts) < 2 {
		return 0, 0
	}
	major, err := strconv.Atoi(parts[0])
	if err != nil {
		return 0, 0
	}
	minor, err = strconv.Atoi(parts[1])
	if err != nil {
		return 0, 0
	}
	return major, minor
}

// Find returns the CLI that comes first in the order given in the package
// comment, building one when there is none. An unusable TF_CLI is an error:
// whoever set it wants that one and no other.
func Find(ctx context.Context, say Say) (CLI, error) {
	return Choose(ctx, say, func(CLI) bool { return true })
}

// Choose returns the first CLI that fits, building OpenTofu when none does. With
// TF_CLI set it returns that one, whether it fits or not.
func Choose(ctx context.Context, say Say, fits func(CLI) bool) (CLI, error) {
	all, err := All(ctx)
	if err != nil {
		return CLI{}, err
	}
	for _, c := range all {
		if os.Getenv("TF_CLI") != "" || fits(c) {
			return c, nil
		}
	}
	return BuildOpenTofu(ctx, say)
}

// All returns every CLI of this machine, in the order given in the package
// comment, each version once. It builds nothing; the result may be empty. A
// file that does not answer "version" is left out, except the one in TF_CLI,
// which is then an error.
func All(ctx context.Context) ([]CLI, error) {
	var found []CLI
	add := func(path string) error {
		c, err := Inspect(ctx, path)
		if err != nil {
			return err
		}
		same := func(o CLI) bool { return o.Name == c.Name && o.Version == c.Version }
		if !slices.ContainsFunc(found, same) {
			found = append(found, c)
		}
		return nil
	}
	if path := os.Getenv("TF_CLI"); path != "" {
		full, err := exec.LookPath(path)
		if err != nil {
			return nil, fmt.Errorf("TF_CLI: %w", err)
		}
		if err := add(full); err != nil {
			return nil, fmt.Errorf("TF_CLI: %w", err)
		}
	}
	var candidates []string
	for _, name := range []string{Terraform, OpenTofu} {
		if path, err := exec.LookPath(name); err == nil {
			candidates = append(candidates, path)
		}
	}
	if cache, err := CLICache(); err == nil {
		for _, name := range []string{Terraform, OpenTofu} {
			// The only error of Glob is a malformed pattern.
			matches, _ := filepath.Glob(filepath.Join(cache, "*", exe(name)))
			slices.SortFunc(matches, newestFirst)
			candidates = append(candidates, matches...)
		}
	}
	for _, path := range candidates {
		// A broken candidate is nobody's wish, so the others are used.
		_ = add(path)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return found, nil
}

// newestFirst orders cache folders such as terraform-1.9.0 and terraform-1.15.9
// by version. It reads only names, so that the order needs no process.
func newestFirst(a, b string) int {
	read := func(path string) (int, int) {
		folder := filepath.Base(filepath.Dir(path))
		return parseVersion(folder[strings.LastIndex(folder, "-")+1:])
	}
	a1, a2 := read(a)
	b1, b2 := read(b)
	if a1 != b1 {
		return b1 - a1
	}
	if a2 != b2 {
		return b2 - a2
	}
	return strings.Compare(b, a)
}

// Inspect asks the executable at path for its name and version.
func Inspect(ctx context.Context, path string) (CLI, error) {
	full, err := filepath.Abs(path)
	if err != nil {
		return CLI{}, err
	}
	run := func(args ...string) ([]byte, error) {
		cmd := exec.CommandContext(ctx, full, args...)
		cmd.Env = Environ()
		return cmd.Output()
	}
	out, err := run("version", "-json")
	if err != nil {
		return CLI{}, fmt.Errorf("%s version -json: %w", full, err)
	}
	var answer struct {
		Version string `json:"terraform_version"`
	}
	if err := json.Unmarshal(out, &answer); err != nil || answer.Version == "" {
		return CLI{}, fmt.Errorf("%s version -json: the answer has no version", full)
	}
	c := CLI{Path: full, Name: Terraform, Version: answer.Version}
	switch strings.TrimSuffix(filepath.Base(full), ".exe") {
	case Terraform:
	case OpenTofu:
		c.Name = OpenTofu
	default:
		// OpenTofu, too, answers with a "terraform_version", so a file of
		// another name is asked again in words.
		text, err := run("version")
		if err != nil {
			return CLI{}, fmt.Errorf("%s version: %w", full, err)
		}
		if strings.HasPrefix(string(text), "OpenTofu") {
			c.Name = OpenTofu
		}
	}
	return c, nil
}

// CLICache is the folder with one folder for each cached CLI.
func CLICache() (string, error) {
	cache, err := userCache()
	if err != nil {
		return "", err
	}
	return filepath.Join(cache, "terraform-cli"), nil
}

// userCache is the same on every system, so that one sentence in the docs says
// where things are.
func userCache() (string, error) {
	if dir := os.Getenv("XDG_CACHE_HOME"); filepath.IsAbs(dir) {
		return dir, nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("no cache folder: %w", err)
	}
	return filepath.Join(home, ".cache"), nil
}

// CleanEnviron is this process's environment without what would change the
// behaviour of a CLI or of the provider: arguments, variables and settings of
// the person at the screen, and the switch for acceptance tests.
func CleanEnviron() []string {
	drop := func(setting string) bool {
		name, _, _ := strings.Cut(setting, "=")
		for _, prefix := range []string{"TF_CLI_ARGS", "TF_VAR_", "TF_ACC", "TF_LOG", "TAVUS_"} {
			if strings.HasPrefix(name, prefix) {
				return true
			}
		}
		switch name {
		case "TF_DATA_DIR", "TF_WORKSPACE", "TF_REATTACH_PROVIDERS", "TF_PLUGIN_CACHE_DIR":
			return true
		}
		return false
	}
	return append(slices.DeleteFunc(os.Environ(), drop),
		"CHECKPOINT_DISABLE=1",
		// A file that is named must exist, or OpenTofu warns on every command.
		"TF_CLI_CONFIG_FILE="+os.DevNull,
	)
}

// Environ is CleanEnviron for a CLI that is run by a program, and the settings,
// which win over it.
func Environ(settings ...string) []string {
	env := append(CleanEnviron(), "TF_IN_AUTOMATION=1", "TF_INPUT=0")
	return append(env, settings...)
}

func exe(name string) string {
	if runtime.GOOS == "windows" {
		return name + ".exe"
	}
	return name
}
