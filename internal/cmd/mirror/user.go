package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/tavus/terraform-provider-tavus/internal/clitools"
)

const configuration = `terraform {
  required_providers {
    tavus = {
      source  = "tavus/tavus"
      version = %q
    }
  }
}

resource "tavus_deployment" "docs" {
  pal_id  = "p5317866"
  channel = "widget"
  name    = "Docs site"
}
`

// user is somebody with one CLI and a mirror.
type user struct {
	cli     clitools.CLI
	version string
	scratch string
}

// folder makes a folder with a configuration in it, and a CLI configuration that
// knows the mirror and nothing else.
func (u *user) folder(name string) (dir string, env []string, err error) {
	dir = filepath.Join(u.scratch, u.cli.Name+"-"+u.cli.Version+"-"+name)
	if err := os.Mkdir(dir, 0o750); err != nil {
		return "", nil, err
	}
	config := fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n",
		filepath.ToSlash(filepath.Join(u.scratch, "mirror")))
	rc := filepath.Join(dir, "cli.tfrc")
	err = errors.Join(os.WriteFile(rc, []byte(config), 0o600),
		os.WriteFile(filepath.Join(dir, "main.tf"), fmt.Appendf(nil, configuration, u.version), 0o600))
	return dir, []string{"TF_CLI_CONFIG_FILE=" + rc, "TAVUS_API_KEY=mirror"}, err
}

// run runs the CLI and wants one exit code.
func (u *user) run(ctx context.Context, dir string, env []string, want int, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, u.cli.Path, append(args, "-no-color")...)
	cmd.Dir = dir
	cmd.Env = clitools.Environ(env...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	if got := cmd.ProcessState.ExitCode(); got != want || ctx.Err() != nil {
		return "", errors.Join(ctx.Err(), fmt.Errorf("%s: exit code %d, not %d (%w)\n%s", args[0], got, want, err, &out))
	}
	return out.String(), nil
}

// life installs the provider and uses it once.
func (u *user) life(ctx context.Context, api string) error {
	dir, env, err := u.folder("life")
	if err != nil {
		return err
	}
	env = append(env, "TAVUS_BASE_URL="+api)
	for _, step := range []struct {
		code int
		args []string
	}{
		{0, []string{"init"}},
		{2, []string{"plan", "-detailed-exitcode"}},
		{0, []string{"apply", "-auto-approve"}},
		{0, []string{"plan", "-detailed-exitcode"}},
		{0, []string{"destroy", "-auto-approve"}},
	} {
		if _, err := u.run(ctx, dir, env, step.code, step.args...); err != nil {
			return err
		}
	}
	lock, err := os.ReadFile(filepath.Join(dir, ".terraform.lock.hcl"))
	if err != nil {
		return err
	}
	if !strings.Contains(string(lock), `"`+u.version+`"`) || !strings.Contains(string(lock), `"h1:`) {
		return fmt.Errorf("the lock file does not name this version and its sum:\n%s", lock)
	}
	fmt.Printf("ok  %s: installed from the mirror, planned, applied, empty, destroyed\n", u.cli)
	return nil
}

// behindProxy reaches an API whose name only a proxy knows, and whose certificate
// only a company CA has signed.
func (u *user) behindProxy(ctx context.Context, api string) error {
	network, err := newNetwork(ctx, api)
	if err != nil {
		return err
	}
	defer network.close()
	dir, env, err := u.folder("proxy")
	if err != nil {
		return err
	}
	env = append(env, "TAVUS_BASE_URL=https://"+apiHost, "HTTPS_PROXY="+network.proxy, "https_proxy="+network.proxy, "NO_PROXY=", "no_proxy=")
	if _, err := u.run(ctx, dir, env, 0, "init"); err != nil {
		return err
	}
	// Without the CA, the message has to say what is wrong.
	out, err := u.run(ctx, dir, append(env, "SSL_CERT_FILE="+os.DevNull, "SSL_CERT_DIR="+dir), 1, "apply", "-auto-approve")
	if err != nil {
		return err
	}
	if !strings.Contains(strings.Join(strings.Fields(out), " "), "certificate") {
		return fmt.Errorf("a certificate that nobody knows is not named in the error\n%s", out)
	}
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		fmt.Println("NOT CHECKED: a company CA; Go takes it from the system's own store here")
		return nil
	}
	ca := filepath.Join(dir, "ca.pem")
	if err := os.WriteFile(ca, network.ca, 0o600); err != nil {
		return err
	}
	env = append(env, "SSL_CERT_FILE="+ca)
	if _, err := u.run(ctx, dir, env, 0, "apply", "-auto-approve"); err != nil {
		return err
	}
	if _, err := u.run(ctx, dir, env, 0, "destroy", "-auto-approve"); err != nil {
		return err
	}
	if network.tunnels.Load() == 0 {
		return errors.New("no request came through the proxy")
	}
	fmt.Printf("ok  %s: the same through a proxy and with a CA of our own\n", u.cli)
	return nil
}
