package embed

import (
	"errors"
	"strings"
	"testing"
)

func TestHTML(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		options Options
		want    string
	}{
		"widget": {
			Options{DeploymentID: "d1234567890abcdef", Channel: Widget},
			`<tavus-widget deployment-id="d1234567890abcdef"></tavus-widget>
<script src="https://unpkg.com/@tavus/widget"></script>`,
		},
		"embed": {
			Options{DeploymentID: "d1", Channel: Inline},
			`<div style="width: 100%; aspect-ratio: 16 / 9;">
  <tavus-embed deployment-id="d1"></tavus-embed>
</div>
<script src="https://unpkg.com/@tavus/embed"></script>`,
		},
		"everything": {
			Options{
				DeploymentID: "d1", Channel: Inline, Version: "0.2.0-beta.1", Width: "720px", AspectRatio: "4:3",
				Attributes: map[string]string{
					"custom-greeting": "Hi & \"welcome\" to <Docs>\r\nit's us", "Memory-Stores": "a,b",
					"override-config": `{"a":"</script>"}`, "data-x": "",
				},
			},
			`<div style="width: 720px; aspect-ratio: 4 / 3;">
  <tavus-embed deployment-id="d1" custom-greeting="Hi &amp; &quot;welcome&quot; to &lt;Docs&gt;&#13;
it&#39;s us" data-x="" memory-stores="a,b" override-config="{&quot;a&quot;:&quot;&lt;/script&gt;&quot;}"></tavus-embed>
</div>
<script src="https://unpkg.com/@tavus/embed@0.2.0-beta.1"></script>`,
		},
		"a second one on the page": {
			Options{DeploymentID: "d1", Channel: Widget, NoScript: true},
			`<tavus-widget deployment-id="d1"></tavus-widget>`,
		},
		"a strict page": {
			Options{
				DeploymentID: "d1", Channel: Widget, Version: "0.18.0", Nonce: `r4nd"om`, Defer: true,
				Integrity: "sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC",
			},
			`<tavus-widget deployment-id="d1"></tavus-widget>
<script src="https://unpkg.com/@tavus/widget@0.18.0" nonce="r4nd&quot;om" integrity="sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC" crossorigin="anonymous" defer></script>`,
		},
		"ratio of one number": {
			Options{DeploymentID: "d1", Channel: Inline, AspectRatio: " 1.5 ", Width: "50.5%"},
			`<div style="width: 50.5%; aspect-ratio: 1.5;">
  <tavus-embed deployment-id="d1"></tavus-embed>
</div>
<script src="https://unpkg.com/@tavus/embed"></script>`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := HTML(test.options)
			if err != nil {
				t.Fatal(err)
			}
			if got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

func TestHTMLRefuses(t *testing.T) {
	t.Parallel()
	attribute := func(name, value string) Options {
		return Options{DeploymentID: "d1", Channel: Widget, Attributes: map[string]string{name: value}}
	}
	inline := func(width, ratio string) Options {
		return Options{DeploymentID: "d1", Channel: Inline, Width: width, AspectRatio: ratio}
	}
	for name, test := range map[string]struct {
		options Options
		option  string
		says    string
	}{
		"landing page":        {Options{DeploymentID: "d1", Channel: LandingPage}, "channel", "Link to its address"},
		"unknown channel":     {Options{DeploymentID: "d1", Channel: "Widget"}, "channel", `must be "widget" or "embed"`},
		"no id":               {Options{DeploymentID: " \n", Channel: Widget}, "deployment_id", "empty"},
		"nul in the id":       {Options{DeploymentID: "d\x00", Channel: Widget}, "deployment_id", "U+0000"},
		"bytes in the id":     {Options{DeploymentID: "d\xff", Channel: Widget}, "deployment_id", "UTF-8"},
		"version range":       {Options{DeploymentID: "d1", Channel: Widget, Version: "^0.1.0"}, "version", "exact"},
		"version tag":         {Options{DeploymentID: "d1", Channel: Widget, Version: "latest"}, "version", "exact"},
		"version with a path": {Options{DeploymentID: "d1", Channel: Widget, Version: "0.1.0/../../evil"}, "version", "exact"},
		"event handler":       {attribute("onClick", "x"), "attributes", "addEventListener"},
		"any on":              {attribute("once", "x"), "attributes", "event handler"},
		"space":               {attribute("a b", "x"), "attributes", "no name of an HTML attribute"},
		"quote":               {attribute(`a"b`, "x"), "attributes", "no name"},
		"equals":              {attribute("=", "x"), "attributes", "no name"},
		"slash":               {attribute("a/", "x"), "attributes", "no name"},
		"less than":           {attribute("<script", "x"), "attributes", "no name"},
		"tab":                 {attribute("a\tb", "x"), "attributes", "no name"},
		"C1 control":          {attribute("a\u0085b", "x"), "attributes", "no name"},
		"noncharacter":        {attribute("a\ufdd0", "x"), "attributes", "no name"},
		"noncharacter at end": {attribute("a\U0001ffff", "x"), "attributes", "no name"},
		"bytes in a name":     {attribute("a\xff", "x"), "attributes", "no name"},
		"empty name":          {attribute("", "x"), "attributes", "empty"},
		"deployment-id":       {attribute("Deployment-ID", "x"), "attributes", "first argument"},
		"nul in a value":      {attribute("custom-greeting", "\x00"), "attributes", "custom-greeting holds"},
		"bytes in a value":    {attribute("custom-greeting", "\xff"), "attributes", "UTF-8"},
		"override not JSON":   {attribute("override-config", "{a: 1}"), "attributes", "jsonencode"},
		"width of a widget":   {Options{DeploymentID: "d1", Channel: Widget, Width: "1px"}, "width", "no container"},
		"ratio of a widget":   {Options{DeploymentID: "d1", Channel: Widget, AspectRatio: "1"}, "aspect_ratio", "no container"},
		"width without unit":  {inline("720", ""), "width", "CSS length"},
		"width of zero":       {inline("0.0px", ""), "width", "above zero"},
		"width with CSS":      {inline("1px; position: fixed", ""), "width", "CSS length"},
		"width with url":      {inline("url(//evil)", ""), "width", "CSS length"},
		"ratio of zero":       {inline("", "16/0"), "aspect_ratio", "width to height"},
		"ratio with CSS":      {inline("", "1;color:red"), "aspect_ratio", "width to height"},
		"names that are one": {
			Options{DeploymentID: "d1", Channel: Widget, Attributes: map[string]string{"data-a": "1", "DATA-A": "2"}},
			"attributes", "twice",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			html, err := HTML(test.options)
			problem, ok := errors.AsType[*Error](err)
			if !ok || html != "" {
				t.Fatalf("not refused with an *Error: %q, %v", html, err)
			}
			if problem.Option != test.option || !strings.Contains(err.Error(), test.says) {
				t.Errorf("refused %s: %q", problem.Option, err)
			}
		})
	}
}
