package provider_test

import (
	"strings"
	"testing"

	"github.com/tavus/terraform-provider-tavus/internal/simulator"
)

// A JSON file that is checked out on Windows has other line ends than on Linux. One
// state is shared by both, so neither may plan a change for the other.
func TestLifeLineEndsOfWindows(t *testing.T) {
	t.Parallel()
	unix := "{\n\t\"preview\": {\n\t\t\"title\": \"Ask\"\n\t},\n\t\"list\": [\n\t\t1,\n\t\t2\n\t]\n}\n"
	windows := strings.ReplaceAll(unix, "\n", "\r\n")
	for name, texts := range map[string][2]string{"first on Unix": {unix, windows}, "first on Windows": {windows, unix}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t, simulator.Options{})
			c := newCore(t, f.URL)
			c.must(t, actCreate, widget(args{"customization": texts[0], "limits": "{\r\n}"}))
			f.ResetRequests()
			c.must(t, actNoop, widget(args{"customization": texts[1], "limits": "{\n}"}))
			if strings.Contains(f.methods(), "PATCH") {
				t.Errorf("line ends were sent: %s", f.methods())
			}
			// Inside a text they are part of the value.
			id, _ := f.only(t)
			c.must(t, actUpdate, widget(args{"customization": `{"preview":{"title":"Ask\r\nus"},"list":[1,2]}`, "limits": "{}"}))
			doc, _ := f.Document(id)
			if got := lookup(doc, "customization", "preview", "title"); got != "Ask\r\nus" {
				t.Errorf("the title is %q", got)
			}
			if err := c.destroy(); err != nil {
				t.Fatal(err)
			}
		})
	}
}
