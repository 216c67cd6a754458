package main

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"
)

// sections are the headings of the guide, and the types that each is about.
var sections = map[string][]string{
	"Deployment":                {"tavus_deployment"},
	"PAL":                       {"tavus_pal"},
	"Tool":                      {"tavus_tool"},
	"Tools and skills of a PAL": {"tavus_pal_tools", "tavus_pal_skill"},
	"Document":                  {"tavus_document"},
	"Guardrail":                 {"tavus_guardrail"},
	"Objectives":                {"tavus_objectives"},
	"Pronunciation dictionary":  {"tavus_pronunciation_dictionary"},
	"Face and voice":            {"tavus_face", "tavus_voice"},
}

type attribute struct {
	Nested *struct {
		Attributes map[string]attribute `json:"attributes"`
	} `json:"nested_type"`
}

type typeSchema struct {
	Block struct {
		Attributes map[string]attribute `json:"attributes"`
	} `json:"block"`
}

// Whoever reads the guide finds every argument and attribute in it.
func TestFieldsOfTheAPI_HasEveryAttribute(t *testing.T) {
	t.Parallel()
	page := readFile(t, "../../templates/guides/fields-of-the-api.md.tmpl")
	var file struct {
		Providers map[string]struct {
			Resources   map[string]typeSchema `json:"resource_schemas"`
			DataSources map[string]typeSchema `json:"data_source_schemas"`
		} `json:"provider_schemas"`
	}
	if err := json.Unmarshal([]byte(readFile(t, "schema.json")), &file); err != nil {
		t.Fatal(err)
	}
	schemas := file.Providers[schemaKey]
	covered := map[string]bool{}
	for heading, types := range sections {
		_, section, found := strings.Cut(page, "\n## "+heading+"\n")
		section, _, _ = strings.Cut(section, "\n## ")
		if !found {
			t.Errorf("no section %s", heading)
		}
		for _, name := range types {
			covered[name] = true
			checkAttributes(t, heading, section, schemas.Resources[name].Block.Attributes)
			checkAttributes(t, heading, section, schemas.DataSources[name].Block.Attributes)
		}
	}
	for name := range schemas.Resources {
		if !covered[name] {
			t.Errorf("no section has the resource %s", name)
		}
	}
}

func checkAttributes(t *testing.T, heading, section string, attributes map[string]attribute) {
	t.Helper()
	for name, attribute := range attributes {
		if !regexp.MustCompile("[`.]"+name+"`").MatchString(section) && name != "id" {
			t.Errorf("the section %s does not have `%s`", heading, name)
		}
		if attribute.Nested != nil {
			checkAttributes(t, heading, section, attribute.Nested.Attributes)
		}
	}
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
