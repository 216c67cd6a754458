package bench

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"text/template"
)

// A Contender is a provider that is measured.
type Contender struct {
	// Name stands in the table.
	Name string
	// Source is the source address in required_providers, such as "tavus/tavus".
	Source string
	// Program is the path of the provider's binary.
	Program string
	// Config is the template of a configuration, over the fields of Input.
	Config *template.Template
}

// Input is what a configuration is made of.
type Input struct {
	URL   string // of the API, with no slash at the end
	Key   string // any text will do
	PalID string // a PAL that the API knows
	Count int    // how many deployments
	// Text is the value of one key of customization. The step "change" is another text.
	Text string
}

//go:embed templates
var templates embed.FS

// BareName is the name of the contender that is the floor.
const BareName = "bare"

// Bare is the contender with the program of package bare.
func Bare(program string) (Contender, error) {
	return own(BareName, "bench/bare", program)
}

// Tavus is the contender with the provider of this project.
func Tavus(program string) (Contender, error) {
	return own("tavus", "tavus/tavus", program)
}

func own(name, source, program string) (Contender, error) {
	config, err := template.ParseFS(templates, path.Join("templates", name+".tf.tmpl"))
	return Contender{Name: name, Source: source, Program: program, Config: config}, err
}

// LoadContender reads a folder with two files: contender.json, with the keys
// name, source and program (a path, from that folder if it is relative), and
// main.tf.tmpl, the configuration.
func LoadContender(dir string) (Contender, error) {
	text, err := os.ReadFile(filepath.Join(dir, "contender.json")) //nolint:gosec // The user names the folder.
	if err != nil {
		return Contender{}, err
	}
	var c Contender
	err = json.Unmarshal(text, &struct{ Name, Source, Program *string }{&c.Name, &c.Source, &c.Program})
	if err == nil && (c.Name == "" || c.Source == "" || c.Program == "") {
		err = errors.New("name, source and program are needed")
	}
	if err != nil {
		return Contender{}, fmt.Errorf("contender.json in %s: %w", dir, err)
	}
	if !filepath.IsAbs(c.Program) {
		c.Program = filepath.Join(dir, c.Program)
	}
	if c.Program, err = filepath.Abs(c.Program); err != nil {
		return Contender{}, err
	}
	if _, err := os.Stat(c.Program); err != nil {
		return Contender{}, err
	}
	c.Config, err = template.ParseFiles(filepath.Join(dir, "main.tf.tmpl"))
	return c, err
}
