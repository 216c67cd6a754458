package main

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

const project = "terraform-provider-tavus"

// systems are those that a release must have, because people use Terraform there.
var systems = []string{"darwin_amd64", "darwin_arm64", "linux_amd64", "linux_arm64", "windows_amd64"}

// maxProgram is more than any program here has, in bytes.
const maxProgram = 256 << 20

// release is what stands in dist/.
type release struct {
	folder  string
	version string // without a "v"
	files   int
	systems []string // such as linux_amd64
}

// readDist checks dist/ as far as the files say something about each other.
func readDist(folder string) (*release, error) {
	found, err := filepath.Glob(filepath.Join(folder, project+"_*_SHA256SUMS"))
	if err != nil || len(found) != 1 {
		return nil, errors.Join(err, fmt.Errorf("%s holds %d files of sums, not one; \"make archives\" builds a release there", folder, len(found)))
	}
	r := &release{folder: folder}
	r.version = strings.TrimSuffix(strings.TrimPrefix(filepath.Base(found[0]), project+"_"), "_SHA256SUMS")
	text, err := os.ReadFile(found[0])
	if err != nil {
		return nil, err
	}
	listed := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		sum, name, ok := strings.Cut(strings.TrimSpace(line), "  ")
		if !ok {
			return nil, fmt.Errorf("%s: not a line of sums: %q", found[0], line)
		}
		listed[name] = true
		if err := r.compare(name, sum); err != nil {
			return nil, err
		}
	}
	r.files = len(listed)
	archives, err := filepath.Glob(filepath.Join(folder, "*.zip"))
	if err != nil {
		return nil, err
	}
	for _, archive := range archives {
		if !listed[filepath.Base(archive)] {
			return nil, fmt.Errorf("%s has no sum", archive)
		}
		if err := r.open(archive); err != nil {
			return nil, err
		}
	}
	if manifest := r.manifest(); !listed[manifest] {
		return nil, fmt.Errorf("%s has no sum, and the registry wants one", manifest)
	}
	for _, system := range systems {
		if !slices.Contains(r.systems, system) {
			return nil, fmt.Errorf("no archive for %s", system)
		}
		if name := "tavus-simulator_" + r.version + "_" + system + ".zip"; !listed[name] {
			return nil, fmt.Errorf("no simulator for %s", system)
		}
	}
	return r, nil
}

func (r *release) manifest() string { return project + "_" + r.version + "_manifest.json" }

// compare reads a file of the sums. The manifest is uploaded under its name in
// the sums, and stands in the source tree under another one.
func (r *release) compare(name, sum string) error {
	path := filepath.Join(r.folder, name)
	if name == r.manifest() {
		path = filepath.Join(r.folder, "..", "terraform-registry-manifest.json")
		if err := checkManifest(path); err != nil {
			return err
		}
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("a file of the sums: %w", err)
	}
	is := sha256.Sum256(content)
	if hex.EncodeToString(is[:]) != sum {
		return fmt.Errorf("%s is not the file that the sums are of", path)
	}
	return nil
}

// checkManifest wants what developer.hashicorp.com/terraform/registry/providers/publishing says.
func checkManifest(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var manifest struct {
		Version  int `json:"version"`
		Metadata struct {
			Protocols []string `json:"protocol_versions"`
		} `json:"metadata"`
	}
	if err := json.Unmarshal(text, &manifest); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if manifest.Version != 1 || !slices.Equal(manifest.Metadata.Protocols, []string{"6.0"}) {
		return fmt.Errorf("%s does not say version 1 and protocol 6.0", path)
	}
	return nil
}

// open looks for the program in an archive.
func (r *release) open(archive string) error {
	name := strings.TrimSuffix(filepath.Base(archive), ".zip")
	program := "tavus-simulator"
	if system, is := strings.CutPrefix(name, project+"_"+r.version+"_"); is {
		r.systems = append(r.systems, system)
		// The registry and every CLI look for this name.
		program = project + "_v" + r.version
	}
	if strings.Contains(name, "_windows_") {
		program += ".exe"
	}
	reader, err := zip.OpenReader(archive)
	if err != nil {
		return fmt.Errorf("%s: %w", archive, err)
	}
	defer func() { _ = reader.Close() }()
	for _, file := range reader.File {
		if file.Name == program {
			return nil
		}
	}
	return fmt.Errorf("%s does not hold %s", archive, program)
}

func (r *release) checkSignature(ctx context.Context) error {
	sums := filepath.Join(r.folder, project+"_"+r.version+"_SHA256SUMS")
	if boms, err := filepath.Glob(filepath.Join(r.folder, "*.sbom.json")); err != nil || len(boms) == 0 {
		fmt.Println("NOT CHECKED: SBOMs; this release was built without them")
	}
	if _, err := os.Stat(sums + ".sig"); errors.Is(err, fs.ErrNotExist) {
		fmt.Println("NOT CHECKED: the signature of the sums; this release was built without one")
		return nil
	}
	if out, err := exec.CommandContext(ctx, "gpg", "--batch", "--verify", sums+".sig", sums).CombinedOutput(); err != nil {
		return fmt.Errorf("the signature of the sums: %w\n%s", err, out)
	}
	fmt.Println("ok  the signature of the sums")
	return nil
}

// fillMirror copies the archive for this system to where a CLI looks for it in a
// filesystem mirror, still packed
// (developer.hashicorp.com/terraform/cli/config/config-file#filesystem_mirror).
func (r *release) fillMirror(scratch string) error {
	name := fmt.Sprintf("%s_%s_%s_%s.zip", project, r.version, runtime.GOOS, runtime.GOARCH)
	content, err := os.ReadFile(filepath.Join(r.folder, name))
	if err != nil {
		return err
	}
	for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		target := filepath.Join(scratch, "mirror", host, "tavus", "tavus")
		if err := os.MkdirAll(target, 0o750); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(target, name), content, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// unpackSimulator returns the path of the program.
func (r *release) unpackSimulator(scratch string) (string, error) {
	name := fmt.Sprintf("tavus-simulator_%s_%s_%s.zip", r.version, runtime.GOOS, runtime.GOARCH)
	reader, err := zip.OpenReader(filepath.Join(r.folder, name))
	if err != nil {
		return "", err
	}
	defer func() { _ = reader.Close() }()
	for _, file := range reader.File {
		if !strings.HasPrefix(file.Name, "tavus-simulator") {
			continue
		}
		from, err := file.Open()
		if err != nil {
			return "", err
		}
		// A program of this project, not an archive from elsewhere; still, it ends.
		content, err := io.ReadAll(io.LimitReader(from, maxProgram))
		if closed := from.Close(); err != nil || closed != nil {
			return "", errors.Join(err, closed)
		}
		path := filepath.Join(scratch, filepath.Base(file.Name))
		return path, os.WriteFile(path, content, 0o700) //nolint:gosec // A program has to be executable.
	}
	return "", fmt.Errorf("%s holds no program", name)
}
