package clitools

import (
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// tools are the programs that are installed by version into a cache of this
// project. They are no requirements of any module here: their own would fill
// go.mod.
var tools = map[string]struct{ pkg, version string }{
	"golangci-lint": {"github.com/golangci/golangci-lint/v2/cmd/golangci-lint", "v2.15.0"},
	"goreleaser":    {"github.com/goreleaser/goreleaser/v2", "v2.16.0"},
}

// Tool returns the path of the named program in the version that this project
// uses, installing it when it is missing. That takes minutes, so it says so.
func Tool(ctx context.Context, name string, say Say) (string, error) {
	tool, ok := tools[name]
	if !ok {
		known := slices.Sorted(maps.Keys(tools))
		return "", fmt.Errorf("no tool %q; there are: %s", name, strings.Join(known, ", "))
	}
	cache, err := userCache()
	if err != nil {
		return "", err
	}
	bin := filepath.Join(cache, "terraform-provider-tavus", "bin")
	target := filepath.Join(bin, exe(name+"-"+tool.version))
	if _, err := os.Stat(target); err == nil {
		return target, nil
	}
	say("Installing %s %s into %s. This is done once and takes some minutes.", name, tool.version, bin)
	if err := os.MkdirAll(bin, 0o750); err != nil {
		return "", err
	}
	scratch, err := os.MkdirTemp(bin, ".install-")
	if err != nil {
		return "", err
	}
	defer func() { _ = os.RemoveAll(scratch) }()
	stop := heartbeat(say, "still building "+name)
	defer stop()
	cmd := exec.CommandContext(ctx, "go", "install", tool.pkg+"@"+tool.version)
	cmd.Dir = scratch
	cmd.Env = append(os.Environ(), "GOBIN="+scratch)
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("cannot install %s %s: %w\n%s", name, tool.version, err, out)
	}
	// "go install" names the file after the package.
	return target, os.Rename(filepath.Join(scratch, exe(name)), target)
}
