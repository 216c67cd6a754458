package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestBrokenLinks(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	for name, text := range map[string]string{
		"README.md":          "[a](docs/index.md) [b](docs/index.md#the-key-to-it) [c](docs) [d](https://example.com/x) [e](gone.md)\n",
		"docs/index.md":      "# Title\n## The `key`, to it\n[a](guides/one.md#nestedatt--x) [b](#title) [c](#no) `[d](e)` [f](../README.md)\n",
		"docs/guides/one.md": "[up](../index.md#title)\n<a id=\"nestedatt--x\"></a>\n```text\n[not](a-link)\n# no heading\n```\n[x](#no-heading)\n",
	} {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := brokenLinks(root)
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(got)
	want := []string{
		`README.md: the link "gone.md" leads to no file`,
		`docs/guides/one.md: the link "#no-heading" leads to no heading of that file`,
		`docs/index.md: the link "#no" leads to no heading of that file`,
		`docs/index.md: the link "../README.md" leaves docs/`,
	}
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
