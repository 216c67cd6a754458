package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/tavus/terraform-provider-tavus/internal/clitools"
)

// compare returns a line for each page that differs between two folders.
func compare(have, want string) ([]string, error) {
	old, err := readAll(have)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	now, err := readAll(want)
	if err != nil {
		return nil, err
	}
	names := slices.Concat(slices.Collect(maps.Keys(old)), slices.Collect(maps.Keys(now)))
	slices.Sort(names)
	var out []string
	for _, name := range slices.Compact(names) {
		before, had := old[name]
		after, has := now[name]
		switch {
		case !had:
			out = append(out, "docs/"+name+" is missing")
		case !has:
			out = append(out, "docs/"+name+" is not generated from anything")
		case !bytes.Equal(before, after):
			out = append(out, "docs/"+name+" differs: "+firstDifference(string(before), string(after)))
		}
	}
	return out, nil
}

func readAll(dir string) (map[string][]byte, error) {
	out := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		out[filepath.ToSlash(name)], err = os.ReadFile(path)
		return err
	})
	return out, err
}

// firstDifference shows the first line that is not the same.
func firstDifference(have, want string) string {
	a, b := strings.Split(have, "\n"), strings.Split(want, "\n")
	for i := range max(len(a), len(b)) {
		at := func(lines []string) string {
			if i < len(lines) {
				return fmt.Sprintf("%q", lines[i])
			}
			return "the end"
		}
		if at(a) != at(b) {
			return fmt.Sprintf("line %d is %s, should be %s", i+1, at(a), at(b))
		}
	}
	return "nothing"
}

// compareWithCLI checks the schema that the pages were made from against the one
// that a CLI shows, where there is a CLI that knows every part of it.
func compareWithCLI(ctx context.Context, own []byte) (err error) {
	all, err := clitools.All(ctx)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, clitools.CLI.HasQuery)
	if i < 0 {
		fmt.Println("NOT CHECKED: the schema as a CLI shows it; no Terraform 1.14 or later is here.")
		return nil
	}
	box, err := clitools.NewSandbox(ctx, all[i])
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, box.Close()) }()
	dir, err := box.Copy(filepath.Join("examples", "provider"), "schema")
	if err != nil {
		return err
	}
	var shown clitools.Result
	for _, args := range [][]string{{"init", "-no-color"}, {"providers", "schema", "-json"}} {
		shown, err = box.Run(ctx, dir, nil, args...)
		if err != nil {
			return err
		}
		if shown.Code != 0 {
			return fmt.Errorf("%s %s: exit code %d\n%s%s", box.CLI, args[0], shown.Code, shown.Stdout, shown.Stderr)
		}
	}
	theirs, err := providerOf([]byte(shown.Stdout))
	if err != nil {
		return fmt.Errorf("%s providers schema: %w", box.CLI, err)
	}
	ours, err := providerOf(own)
	if err != nil {
		return err
	}
	if where := difference("", ours, theirs); where != "" {
		return fmt.Errorf("the schema that docs/ is made from is not the one that %s shows: %s", box.CLI, where)
	}
	fmt.Printf("The schema is the one that %s shows.\n", box.CLI)
	return nil
}

// providerOf reads the one provider of a schema document.
func providerOf(document []byte) (any, error) {
	var schemas struct {
		Providers map[string]any `json:"provider_schemas"`
	}
	if err := json.Unmarshal(document, &schemas); err != nil {
		return nil, err
	}
	for _, provider := range schemas.Providers {
		return provider, nil
	}
	return nil, errors.New("no provider in it")
}

// difference gives the path of the first place where two JSON values differ, or
// an empty string. A field that is missing equals an empty one: the CLI and this
// command leave out different ones.
func difference(path string, a, b any) string {
	if empty(a) && empty(b) {
		return ""
	}
	object, isObject := a.(map[string]any)
	other, isOther := b.(map[string]any)
	if empty(a) {
		isObject = isOther
	}
	if empty(b) {
		isOther = isObject
	}
	if !isObject || !isOther {
		if reflect.DeepEqual(a, b) {
			return ""
		}
		return fmt.Sprintf("%s is %v here and %v there", path, a, b)
	}
	keys := slices.Concat(slices.Collect(maps.Keys(object)), slices.Collect(maps.Keys(other)))
	slices.Sort(keys)
	for _, key := range slices.Compact(keys) {
		if where := difference(path+"/"+key, object[key], other[key]); where != "" {
			return where
		}
	}
	return ""
}

func empty(value any) bool {
	switch v := value.(type) {
	case nil:
		return true
	case bool:
		return !v
	case string:
		return v == ""
	case float64:
		return v == 0
	case []any:
		return len(v) == 0
	case map[string]any:
		for _, field := range v {
			if !empty(field) {
				return false
			}
		}
		return true
	}
	return false
}
