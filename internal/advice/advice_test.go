package advice

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestCheck_Findings(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		document string
		want     []string
	}{
		"empty": {`{}`, nil},
		"all kinds of values": {`{"schema_version": 1, "show_haircheck": true, "terms_content": "T", "style": {"boxes_radius": 4,
			"magic_canvas": {"accent_color": "#0b5fff80"}}, "after_call": {"cta": [{"title": "a", "url": "b"}]}}`, nil},
		"colour functions":        {`{"style": {"magic_canvas": {"accent_color": "oklch(60% 0.2 250)"}}}`, nil},
		"free text":               {`{"conversation": {"context": "any, {\"text\": 1}"}}`, nil},
		"not JSON":                {`{"widget"`, nil},
		"null is not written":     {`{"widgt": null, "widget": {"text": null}, "preview": {"background": {"type": null}}}`, nil},
		"whole float":             {`{"style": {"border_width": 2.0}}`, nil},
		"near key":                {`{"widgt": {}}`, []string{`/widgt: unknown key, did you mean "widget"?`}},
		"near key, another case":  {`{"Preview": {}}`, []string{`/Preview: unknown key, did you mean "preview"?`}},
		"near key further inside": {`{"style": {"boxs_radius": 1}}`, []string{`/style/boxs_radius: unknown key, did you mean "boxes_radius"?`}},
		"key of another place":    {`{"magic_canvas": {}}`, []string{`/magic_canvas: unknown key, its place is /style/magic_canvas`}},
		"key of many places":      {`{"title": "x"}`, []string{`/title: unknown key`}},
		"key like nothing":        {`{"frobnicate": 1}`, []string{`/frobnicate: unknown key`}},
		"short key":               {`{"x": 1}`, []string{`/x: unknown key`}},
		"key to escape":           {`{"a/b~c": 1}`, []string{`/a~1b~0c: unknown key`}},
		"type":                    {`{"widget": {"text": "Ask"}}`, []string{`/widget/text: a string where an object is expected`}},
		"type of a list":          {`{"after_call": {"cta": {}}}`, []string{`/after_call/cta: an object where an array is expected`}},
		"one of two types":        {`{"preview": {"background": 7}}`, []string{`/preview/background: a number where an object or null is expected`}},
		"fraction":                {`{"style": {"border_width": 1.5}}`, []string{`/style/border_width: a number where an integer is expected`}},
		"text for a flag":         {`{"show_haircheck": "true"}`, []string{`/show_haircheck: a string where a boolean is expected`}},
		"whole value":             {`[]`, []string{`the whole value: an array where an object is expected`}},
		"enumeration":             {`{"style": {"mode": "secret"}}`, []string{`/style/mode: not one of "system", "light", "dark"`}},
		"number for a word":       {`{"landing_page": {"template": 1}}`, []string{`/landing_page/template: not one of "1", "2", "3", "4", "5"`}},
		"enumeration with null":   {`{"preview": {"background": {"type": "x"}}}`, []string{`/preview/background/type: not one of "replica", "background-gradient", "custom-image", null`}},
		"above the range":         {`{"style": {"boxes_radius": 16}}`, []string{`/style/boxes_radius: out of range, 0 to 4`}},
		"below the range":         {`{"style": {"fields_size": 0}}`, []string{`/style/fields_size: out of range, 1 to 3`}},
		"colour": {`{"style": {"magic_canvas": {"accent_color": "#12345"}}}`, []string{
			"/style/magic_canvas/accent_color: not in a form that is known (Accent colour: #rgb, #rgba, #rrggbb, #rrggbbaa, rgb(), hsl() or oklch())",
		}},
		"required members": {`{"landing_page": {"cta": [{"title": "a", "url": "b"}, {"title": "c"}, {}]}}`, []string{
			`/landing_page/cta/1: lacks "url", which it needs`, `/landing_page/cta/2: lacks "title" and "url", which it needs`,
		}},
		"null in a list":  {`{"after_call": {"cta": [null]}}`, []string{`/after_call/cta/0: null where an object is expected`}},
		"inside a screen": {`{"unavailable_screen": {"busy": {"titel": "x"}}}`, []string{`/unavailable_screen/busy/titel: unknown key, did you mean "title"?`}},
		"several, sorted": {`{"widgt": 1, "after_call": {"title": 1}, "style": {"mode": 1}}`, []string{
			`/after_call/title: a number where a string is expected`, `/style/mode: not one of "system", "light", "dark"`,
			`/widgt: unknown key, did you mean "widget"?`,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := Check(DeploymentCustomization, []byte(test.document)); !slices.Equal(got, test.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
			}
		})
	}
}

func TestCheck_Limits(t *testing.T) {
	t.Parallel()
	for document, want := range map[string][]string{
		`{"max_call_duration": 600, "daily_call_limit_per_user": 5}`: nil,
		`{"daily_call_limit_per_user": null}`:                        nil,
		`{"daily_call_limit": 100, "total_limit": "unpublished"}`:    nil, // the schema leaves them open
		`{"max_call_duraton": 600}`:                                  {`/max_call_duraton: unknown key, did you mean "max_call_duration"?`},
		`{"max_call_duration": "600"}`:                               {`/max_call_duration: a string where an integer is expected`},
		`{"max_call_duration": 0}`:                                   {`/max_call_duration: out of range, at least 1`},
		`{"daily_call_limit_per_user": -1}`:                          {`/daily_call_limit_per_user: out of range, at least 0`},
		`{"daily_call_limit_per_user": "many"}`:                      {`/daily_call_limit_per_user: a string where an integer or null is expected`},
	} {
		if got := Check(DeploymentLimits, []byte(document)); !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", document, got, want)
		}
	}
}

func TestCheck_NamesNoValue(t *testing.T) {
	t.Parallel()
	const secret = "s3cr3t-v4lue"
	paths := load(DeploymentCustomization).paths()
	rapid.Check(t, func(t *rapid.T) {
		path := rapid.SampledFrom(paths).Draw(t, "path")
		value := rapid.SampledFrom([]string{`"` + secret + `"`, `["` + secret + `"]`, `[["` + secret + `"]]`, `{"k": "` + secret + `"}`}).Draw(t, "value")
		document := nested(strings.Split(path, "/")[1:], value)
		for _, finding := range Check(DeploymentCustomization, []byte(document)) {
			if strings.Contains(finding, secret) {
				t.Fatalf("%s: %s", document, finding)
			}
			if !strings.HasPrefix(finding, "/") || !strings.Contains(finding, ": ") {
				t.Fatalf("%s: no path in %q", document, finding)
			}
		}
	})
}

// nested writes a document with a value at a path, "*" being the only element of a list.
func nested(path []string, value string) string {
	if len(path) == 0 {
		return value
	}
	inner := nested(path[1:], value)
	if path[0] == "*" {
		return "[" + inner + "]"
	}
	return `{"` + path[0] + `": ` + inner + `}`
}

func TestCheck_UnknownSchemaPanics(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("a schema that does not exist was taken")
		}
	}()
	Check("no_such_schema", []byte(`{}`))
}

func TestSchemas_AreSchemas(t *testing.T) {
	t.Parallel()
	entries, err := files.ReadDir("schemas")
	if err != nil || len(entries) != 3 {
		t.Fatalf("%d schemas, %v", len(entries), err)
	}
	for _, entry := range entries {
		text, err := files.ReadFile("schemas/" + entry.Name())
		if err != nil {
			t.Fatal(err)
		}
		if findings := CheckSchema(text); findings != nil {
			t.Errorf("%s: %q", entry.Name(), findings)
		}
		title := Title(strings.TrimSuffix(entry.Name(), ".schema.json"))
		if !strings.Contains(title, "schema_version 1, @tavus/widget 0.18.0") && !strings.Contains(title, "docs.tavus.io, 2026-11") {
			t.Errorf("%s says no version: %q", entry.Name(), title)
		}
	}
}
