package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/tavus/terraform-provider-tavus/internal/clitools"
)

// exampleID is the deployment_id in every example. It is replaced by one that
// the simulator knows.
const exampleID = "5f0c7b1e-6d7a-4c55-9a52-0e2f6c1b9d3a"

// source goes beside an example that does not say where the provider is from, as
// the pages of a resource do not.
const source = `terraform {
  required_providers {
    tavus = {
      source = "tavus/tavus"
    }
  }
}
`

type checker struct {
	box        *clitools.Sandbox
	root       string
	url        string // of the simulator
	seed       string // the id of a deployment that was made in the portal
	folders    int    // made so far
	notChecked []string
}

// all checks every folder of examples/, in the layout that tfplugindocs wants.
func (c *checker) all(ctx context.Context) error {
	entries, err := os.ReadDir(filepath.Join(c.root, "examples"))
	if err != nil {
		return err
	}
	for _, entry := range entries {
		name := filepath.Join("examples", entry.Name())
		switch entry.Name() {
		case "demo", "provider":
			err = c.resource(ctx, name)
		case "resources":
			err = c.each(ctx, name, c.resource)
		case "data-sources", "functions":
			err = c.each(ctx, name, c.planOnly)
		case "list-resources":
			err = c.each(ctx, name, c.query)
		case "pipelines":
			err = c.pipelines(ctx, name)
		case "module-testing":
			// Checked on every CLI, by the command moduletests.
		default:
			err = fmt.Errorf("%s: this command does not know how to check it", name)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *checker) each(ctx context.Context, name string, check func(context.Context, string) error) error {
	entries, err := os.ReadDir(filepath.Join(c.root, name))
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if err := check(ctx, filepath.Join(name, entry.Name())); err != nil {
			return err
		}
	}
	return nil
}

// planOnly checks an example that manages nothing.
func (c *checker) planOnly(ctx context.Context, name string) error {
	w, err := c.folder(ctx, name)
	if err != nil {
		return err
	}
	if _, err = w.plan(ctx); err != nil {
		return err
	}
	fmt.Printf("ok  %s\n", name)
	return nil
}

// query runs the searches of a list resource.
func (c *checker) query(ctx context.Context, name string) error {
	if !c.box.CLI.HasQuery() {
		c.notChecked = append(c.notChecked, name+": needs Terraform 1.14")
		return nil
	}
	w, err := c.folder(ctx, name)
	if err != nil {
		return err
	}
	out, err := w.text(ctx, append([]string{"query", "-no-color"}, w.vars...)...)
	if err != nil {
		return err
	}
	if strings.Contains(out, "Warning:") {
		return fmt.Errorf("%s: a warning\n%s", name, out)
	}
	if !strings.Contains(out, c.seed) {
		return fmt.Errorf("%s: the query does not find deployment %s, a widget of PAL p5317866\n%s", name, c.seed, out)
	}
	fmt.Printf("ok  %s\n", name)
	return nil
}

// resource plans an example, applies it, expects an empty plan, and then imports
// a deployment from the portal in every way that the folder shows.
func (c *checker) resource(ctx context.Context, name string) error {
	text, err := os.ReadFile(filepath.Join(c.root, name, "resource.tf"))
	if err == nil && bytes.Contains(text, []byte("password_wo")) && !c.box.CLI.HasWriteOnly() {
		c.notChecked = append(c.notChecked, name+": write-only arguments need Terraform or OpenTofu 1.11")
		return nil
	}
	w, err := c.folder(ctx, name)
	if err != nil {
		return err
	}
	planned, err := w.plan(ctx)
	if err != nil {
		return err
	}
	if planned.Add == 0 {
		return fmt.Errorf("%s: nothing to create in it", name)
	}
	if _, err := w.json(ctx, "", append([]string{"apply", "-auto-approve"}, w.vars...)...); err != nil {
		return err
	}
	second, err := w.plan(ctx)
	if err != nil {
		return err
	}
	if second != (summary{}) {
		return fmt.Errorf("%s: the plan after an apply is not empty: %+v", name, second)
	}
	fmt.Printf("ok  %s: %d to create, and an empty plan after that\n", name, planned.Add)
	return c.imports(ctx, name)
}

// imports checks the files that show how to import the resource.
func (c *checker) imports(ctx context.Context, name string) error {
	files, err := filepath.Glob(filepath.Join(c.root, name, "import*"))
	if err != nil || len(files) == 0 {
		return err
	}
	for _, file := range files {
		label := filepath.Join(name, filepath.Base(file))
		if strings.HasPrefix(filepath.Base(file), "import-by-identity") && !c.box.CLI.HasIdentity() {
			c.notChecked = append(c.notChecked, label+": needs Terraform 1.12 or OpenTofu 1.12")
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if !bytes.Contains(text, []byte(exampleID)) {
			return fmt.Errorf("%s: the example id %s is not in it", label, exampleID)
		}
		text = bytes.ReplaceAll(text, []byte(exampleID), []byte(c.seed))
		w, err := c.folder(ctx, name)
		if err != nil {
			return err
		}
		if filepath.Ext(file) == ".sh" {
			err = w.importCommand(ctx, label, string(text))
		} else {
			err = w.importBlock(ctx, label, text)
		}
		if err != nil {
			return err
		}
		fmt.Printf("ok  %s\n", label)
	}
	return nil
}

var (
	variableBlock = regexp.MustCompile(`(?s)(?:^|\n)variable "(\w+)" \{(.*?)\n\}`)
	defaultLine   = regexp.MustCompile(`\n {2}default\s*=`)
)

// variables gives arguments for the variables that have no default. They are
// texts in every example here.
func variables(config string) []string {
	var out []string
	for _, block := range variableBlock.FindAllStringSubmatch(config, -1) {
		if !defaultLine.MatchString(block[2]) {
			out = append(out, "-var", block[1]+"=an example value")
		}
	}
	return out
}

// makeDeployment creates a deployment on the simulator, for the examples that
// read one.
func makeDeployment(ctx context.Context, url string) (string, error) {
	body := `{"pal_id":"p5317866","channel":"widget","name":"Made in the portal"}`
	answer, err := send(ctx, http.MethodPost, url+"/v2/deployments", body)
	if err != nil {
		return "", err
	}
	var deployment struct {
		ID string `json:"deployment_id"`
	}
	if err := json.Unmarshal(answer, &deployment); err != nil || deployment.ID == "" {
		return "", fmt.Errorf("the simulator created no deployment: %.200s", answer)
	}
	return deployment.ID, nil
}

// send does what somebody else does on the simulator, with the examples' key.
func send(ctx context.Context, method, url, body string) (answer []byte, err error) {
	req, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("X-Api-Key", "examples")
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, resp.Body.Close()) }()
	answer, err = io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s %s: %s: %.200s", method, req.URL.Path, resp.Status, answer)
	}
	return answer, err
}
