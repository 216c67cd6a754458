package clitools

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// fakeCLI writes a program that answers "version" as a CLI does.
func fakeCLI(t *testing.T, path, title, version string) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("a fake CLI is a shell script")
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		t.Fatal(err)
	}
	script := "#!/bin/sh\nif [ \"$2\" = -json ]; then echo '{\"terraform_version\":\"" + version + "\"}'; else echo '" + title + " v" + version + "'; fi\n"
	if err := os.WriteFile(path, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

// machine sets up a machine with an empty PATH (but for the shell's) and an
// empty cache, and returns the two folders.
func machine(t *testing.T) (bin, cache string) {
	t.Helper()
	bin, cache = t.TempDir(), t.TempDir()
	t.Setenv("PATH", bin)
	t.Setenv("XDG_CACHE_HOME", cache)
	t.Setenv("TF_CLI", "")
	return bin, filepath.Join(cache, "terraform-cli")
}

func versions(t *testing.T) []string {
	t.Helper()
	all, err := All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	out := make([]string, 0, len(all))
	for _, c := range all {
		out = append(out, c.String())
	}
	return out
}

func TestAllInOrder(t *testing.T) {
	bin, cache := machine(t)
	if got := versions(t); len(got) != 0 {
		t.Fatalf("an empty machine has %q", got)
	}
	fakeCLI(t, filepath.Join(cache, "tofu-1.12.6", "tofu"), "OpenTofu", "1.12.6")
	fakeCLI(t, filepath.Join(cache, "terraform-1.9.8", "terraform"), "Terraform", "1.9.8")
	fakeCLI(t, filepath.Join(cache, "terraform-1.15.9", "terraform"), "Terraform", "1.15.9")
	fakeCLI(t, filepath.Join(bin, "tofu"), "OpenTofu", "1.10.0")
	fakeCLI(t, filepath.Join(bin, "terraform"), "Terraform", "1.9.8")
	// Broken ones are no reason to find none.
	if err := os.MkdirAll(filepath.Join(cache, "terraform-1.99.0", "terraform"), 0o750); err != nil {
		t.Fatal(err)
	}
	want := []string{"Terraform 1.9.8", "OpenTofu 1.10.0", "Terraform 1.15.9", "OpenTofu 1.12.6"}
	if got := versions(t); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}

	wish := fakeCLI(t, filepath.Join(t.TempDir(), "my-cli"), "OpenTofu", "1.11.0")
	t.Setenv("TF_CLI", wish)
	c, err := Choose(t.Context(), t.Logf, CLI.HasQuery)
	if err != nil {
		t.Fatal(err)
	}
	if c.Path != wish || c.Name != OpenTofu || c.Version != "1.11.0" {
		t.Errorf("TF_CLI gives %+v", c)
	}
	t.Setenv("TF_CLI", "")
	if c, err = Choose(t.Context(), t.Logf, CLI.HasQuery); err != nil || c.Version != "1.15.9" {
		t.Errorf("with query: %+v, %v", c, err)
	}
}

func TestUnusableWish(t *testing.T) {
	bin, _ := machine(t)
	fakeCLI(t, filepath.Join(bin, "terraform"), "Terraform", "1.11.4")
	t.Setenv("TF_CLI", filepath.Join(bin, "nothing"))
	if _, err := Find(t.Context(), t.Logf); err == nil || !strings.Contains(err.Error(), "TF_CLI") {
		t.Errorf("a TF_CLI that is not there: %v", err)
	}
	broken := filepath.Join(bin, "broken")
	if err := os.WriteFile(broken, []byte("#!/bin/sh\necho hello\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TF_CLI", broken)
	if _, err := Find(t.Context(), t.Logf); err == nil || !strings.Contains(err.Error(), "has no version") {
		t.Errorf("a TF_CLI that is none: %v", err)
	}
}

func TestFeatures(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		cli                        CLI
		writeOnly, identity, query bool
	}{
		{CLI{Name: Terraform, Version: "1.9.8"}, false, false, false},
		{CLI{Name: Terraform, Version: "1.11.4"}, true, false, false},
		{CLI{Name: Terraform, Version: "1.12.0-rc1"}, true, true, false},
		{CLI{Name: Terraform, Version: "1.14.0"}, true, true, true},
		{CLI{Name: Terraform, Version: "2.0.0"}, true, true, true},
		{CLI{Name: OpenTofu, Version: "1.14.0"}, true, true, false},
		{CLI{Name: OpenTofu, Version: "odd"}, false, false, false},
	} {
		if c.cli.HasWriteOnly() != c.writeOnly || c.cli.HasIdentity() != c.identity || c.cli.HasQuery() != c.query {
			t.Errorf("%s: write-only %t, identity %t, query %t", c.cli, c.cli.HasWriteOnly(), c.cli.HasIdentity(), c.cli.HasQuery())
		}
	}
}

func TestCleanEnviron(t *testing.T) {
	for _, name := range []string{"TF_ACC", "TF_LOG", "TF_VAR_x", "TF_CLI_ARGS_plan", "TF_WORKSPACE", "TAVUS_API_KEY"} {
		t.Setenv(name, "leak")
	}
	t.Setenv("TF_CLI_CONFIG_FILE", "/nowhere")
	env := CleanEnviron()
	if i := slices.IndexFunc(env, func(s string) bool { return strings.HasSuffix(s, "=leak") }); i >= 0 {
		t.Errorf("%s comes through", env[i])
	}
	if last := env[len(env)-1]; last != "TF_CLI_CONFIG_FILE="+os.DevNull {
		t.Errorf("the last setting is %s", last)
	}
}

func TestRootIsThisModule(t *testing.T) {
	t.Chdir(filepath.Join("..", "tools", "tofu"))
	root, err := Root()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(root, "internal", "clitools", "doc.go")); err != nil {
		t.Errorf("the root is %s: %v", root, err)
	}
	t.Chdir(t.TempDir())
	if root, err := Root(); err == nil {
		t.Errorf("outside, the root is %s", root)
	}
}
