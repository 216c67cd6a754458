package embed

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// hostile are texts that would run a script, or leave their attribute, if one of them were
// written as it is. A script that ran would set window.ran.
var hostile = []string{
	`"><script>window.ran=true</script>`,
	`'><img src=x onerror="window.ran=true">`,
	"` onload=window.ran=true //",
	`</tavus-widget></script><script>window.ran=true</script>`,
	`--><svg onload=window.ran=true>`,
	`&quot;&#34;&lt;script&gt; &notit; &#x0d; &amp`,
	`javascript:window.ran=true`,
	"line one\nline two\ttab",
	`{"a": "</script><!--", "b": ["'", "\""]}`,
}

// found is an element of the page as the browser sees it.
type found struct {
	Name       string            `json:"name"`
	Attributes map[string]string `json:"attributes"`
}

// TestHTML_InABrowser shows every hostile text to a real browser, in every option that takes
// free text. The page reports which elements it has and whether something ran.
func TestHTML_InABrowser(t *testing.T) {
	t.Parallel()
	browser := chromium()
	if browser == "" {
		t.Skip("NOT CHECKED: the HTML in a real browser; there is no Chromium in PATH")
	}
	var page strings.Builder
	var want [][]found
	for i, text := range hostile {
		for _, channel := range []string{Widget, Inline} {
			options := Options{
				DeploymentID: "d" + text, Channel: channel, Version: "0.1.0", Nonce: "n" + text, Defer: i%2 == 0, NoScript: i == len(hostile)-1,
				Attributes: map[string]string{"custom-greeting": text, "data-a": text + text},
			}
			if options.NoScript {
				options.Version, options.Nonce, options.Defer = "", "", false
			}
			written, err := HTML(options)
			if err != nil {
				t.Fatalf("%q: %v", text, err)
			}
			page.WriteString("<section>" + written + "</section>\n")
			want = append(want, wanted(&options))
		}
	}
	ran, got := show(t, browser, page.String())
	if ran {
		t.Error("a hostile text ran")
	}
	if len(got) != len(want) {
		t.Fatalf("the page has %d sections instead of %d", len(got), len(want))
	}
	for i := range want {
		if have, should := fmt.Sprint(got[i]), fmt.Sprint(want[i]); have != should {
			t.Errorf("section %d has %s\ninstead of %s", i, have, should)
		}
	}
}

// wanted are the elements of the options' HTML.
func wanted(o *Options) []found {
	element := found{"tavus-" + o.Channel, map[string]string{"deployment-id": o.DeploymentID}}
	for name, value := range o.Attributes {
		element.Attributes[name] = value
	}
	var all []found
	if o.Channel == Inline {
		all = append(all, found{"div", map[string]string{"style": "width: " + DefaultWidth + "; aspect-ratio: " + DefaultAspectRatio + ";"}})
	}
	all = append(all, element)
	if o.NoScript {
		return all
	}
	// A browser hides the nonce of a page that has a Content Security Policy; this one has none.
	script := found{"script", map[string]string{"src": "https://unpkg.com/@tavus/" + o.Channel + "@0.1.0", "nonce": o.Nonce}}
	if o.Defer {
		script.Attributes["defer"] = ""
	}
	return append(all, script)
}

// report is run by the browser at the end of the page.
const report = `<script>
const all = [...document.querySelectorAll("section")].map(section => [...section.querySelectorAll("*")].map(element => ({
  name: element.localName, attributes: Object.fromEntries([...element.attributes].map(a => [a.name, a.value]))})));
const out = document.createElement("pre");
out.id = "report";
out.textContent = JSON.stringify({ran: window.ran === true, all: all});
document.body.append(out);
</script>`

// show opens a page in the browser, without a network, and returns what it reports.
func show(t *testing.T, browser, body string) (ran bool, all [][]found) {
	t.Helper()
	folder := t.TempDir()
	file := filepath.Join(folder, "page.html")
	text := "<!doctype html><html><head><meta charset=\"utf-8\"></head><body>\n" + body + report + "</body></html>"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	shown, err := exec.CommandContext(ctx, browser, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", //nolint:gosec // The path of the browser comes from PATH.
		"--user-data-dir="+filepath.Join(folder, "profile"), "--host-resolver-rules=MAP * ~NOTFOUND", "--dump-dom", "file://"+file).Output()
	if err != nil {
		t.Fatalf("%s: %v", browser, err)
	}
	match := regexp.MustCompile(`(?s)<pre id="report">(.*)</pre>`).FindSubmatch(shown)
	if match == nil {
		t.Fatalf("the page has no report: %s", shown)
	}
	var result struct {
		Ran bool      `json:"ran"`
		All [][]found `json:"all"`
	}
	if err := json.Unmarshal([]byte(html.UnescapeString(string(match[1]))), &result); err != nil {
		t.Fatal(err)
	}
	return result.Ran, result.All
}

// chromium returns the path of the browser, "" where there is none.
func chromium() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}
