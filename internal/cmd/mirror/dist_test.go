package main

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const testManifest = `{"version": 1, "metadata": {"protocol_versions": ["6.0"]}}`

// fakeDist writes what a release has, with texts for programs, and returns the
// folder. spoil may change the files before the sums are made.
func fakeDist(t *testing.T, spoil func(files map[string][]byte)) string {
	t.Helper()
	files := map[string][]byte{project + "_1.2.3_manifest.json": []byte(testManifest)}
	for _, system := range systems {
		exe := ""
		if strings.HasPrefix(system, "windows") {
			exe = ".exe"
		}
		files[project+"_1.2.3_"+system+".zip"] = archive(t, project+"_v1.2.3"+exe)
		files["tavus-simulator_1.2.3_"+system+".zip"] = archive(t, "tavus-simulator"+exe)
	}
	spoil(files)
	root := t.TempDir()
	dist := filepath.Join(root, "dist")
	if err := os.Mkdir(dist, 0o750); err != nil {
		t.Fatal(err)
	}
	var sums strings.Builder
	for name, content := range files {
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(content), name)
		path := filepath.Join(dist, name)
		if strings.HasSuffix(name, "_manifest.json") {
			path = filepath.Join(root, "terraform-registry-manifest.json")
		}
		write(t, path, content)
	}
	write(t, filepath.Join(dist, project+"_1.2.3_SHA256SUMS"), []byte(sums.String()))
	return dist
}

func write(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func archive(t *testing.T, program string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	if _, err := w.Create(program); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestReadDist(t *testing.T) {
	t.Parallel()
	r, err := readDist(fakeDist(t, func(map[string][]byte) {}))
	if err != nil {
		t.Fatal(err)
	}
	if r.version != "1.2.3" || r.files != 2*len(systems)+1 || len(r.systems) != len(systems) {
		t.Errorf("got %+v", r)
	}
}

func TestReadDistRefuses(t *testing.T) {
	t.Parallel()
	const linux = project + "_1.2.3_linux_amd64.zip"
	for name, test := range map[string]struct {
		spoil func(map[string][]byte)
		after func(t *testing.T, dist string)
		want  string
	}{
		"a system is missing":     {spoil: func(f map[string][]byte) { delete(f, linux) }, want: "no archive for linux_amd64"},
		"a simulator is missing":  {spoil: func(f map[string][]byte) { delete(f, "tavus-simulator_1.2.3_linux_amd64.zip") }, want: "no simulator for linux_amd64"},
		"the manifest is missing": {spoil: func(f map[string][]byte) { delete(f, project+"_1.2.3_manifest.json") }, want: "_manifest.json has no sum"},
		"another protocol": {
			spoil: func(f map[string][]byte) {
				f[project+"_1.2.3_manifest.json"] = []byte(strings.Replace(testManifest, "6.0", "5.0", 1))
			},
			want: "protocol 6.0",
		},
		"a program with a wrong name": {
			spoil: func(f map[string][]byte) { f[linux] = archive(t, project) },
			want:  "does not hold " + project + "_v1.2.3",
		},
		"a changed archive": {
			after: func(t *testing.T, dist string) { t.Helper(); write(t, filepath.Join(dist, linux), archive(t, "other")) },
			want:  "is not the file that the sums are of",
		},
		"an archive without a sum": {
			after: func(t *testing.T, dist string) { t.Helper(); write(t, filepath.Join(dist, "x.zip"), archive(t, "x")) },
			want:  "x.zip has no sum",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			spoil := test.spoil
			if spoil == nil {
				spoil = func(map[string][]byte) {}
			}
			dist := fakeDist(t, spoil)
			if test.after != nil {
				test.after(t, dist)
			}
			if _, err := readDist(dist); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("the error is %v, want %q in it", err, test.want)
			}
		})
	}
}
