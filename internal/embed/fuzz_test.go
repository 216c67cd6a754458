package embed

import (
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// FuzzHTML holds the promise of the package: whatever goes in, a page with the
// HTML on it has the elements and attribute values that were meant, and nothing else.
func FuzzHTML(f *testing.F) {
	f.Add("d1", true, "", "custom-greeting", "Hello", "data-b", "", "", "")
	f.Add("d\"><script>alert(1)</script>", false, "0.1.0", "conversational-context", "'\"><img src=x onerror=alert(1)>", "x", "&quot;&#13;\r\n", "50%", "9:16")
	f.Add("&amp;", false, "1.2.3-x", "ONCLICK", "--><!--", "a`b", "</tavus-embed>", "1px;", "1 / 0")
	f.Add("ID\u2028\ufeff", true, "", "é", "\x0c\v\x7f", "&lt", "&ampersand &notit; &#x0;", "", "")
	f.Fuzz(func(t *testing.T, id string, widget bool, version, name1, value1, name2, value2, width, ratio string) {
		options := Options{DeploymentID: id, Channel: Inline, Version: version, Width: width, AspectRatio: ratio}
		if widget {
			options.Channel = Widget
		}
		options.Attributes = map[string]string{name1: value1, name2: value2}
		text, err := HTML(options)
		if err != nil {
			if text != "" {
				t.Fatalf("an error with HTML: %q", text)
			}
			return
		}
		// On a page, between other elements: what leaks out shows in what follows.
		checkPage(t, options, parse(t, "<p>before</p>"+text+"<p>after</p>"))
	})
}

func parse(t *testing.T, text string) []*html.Node {
	t.Helper()
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(strings.NewReader(text), body)
	if err != nil {
		t.Fatal(err)
	}
	return nodes
}

func checkPage(t *testing.T, options Options, nodes []*html.Node) {
	t.Helper()
	var elements []*html.Node
	for _, node := range nodes {
		if node.Type == html.TextNode && strings.TrimSpace(node.Data) == "" {
			continue
		}
		if node.Type != html.ElementNode {
			t.Fatalf("a node that nobody meant: %q", node.Data)
		}
		elements = append(elements, node)
	}
	if len(elements) != 4 {
		t.Fatalf("%d elements instead of 4: %v", len(elements), elements)
	}
	checkElement(t, elements[0], "p", nil)
	checkElement(t, elements[3], "p", nil)
	script := "https://unpkg.com/@tavus/" + options.Channel
	if options.Version != "" {
		script += "@" + options.Version
	}
	checkElement(t, elements[2], "script", map[string]string{"src": script})
	if elements[2].FirstChild != nil {
		t.Fatal("the script holds code")
	}
	element := elements[1]
	if options.Channel == Inline {
		if element.Data != "div" || len(element.Attr) != 1 || element.Attr[0].Key != "style" {
			t.Fatalf("no container: %s %v", element.Data, element.Attr)
		}
		checkStyle(t, element.Attr[0].Val)
		element = onlyChild(t, element)
	}
	want := map[string]string{"deployment-id": options.DeploymentID}
	for name, value := range options.Attributes {
		want[strings.Map(lower, name)] = value
	}
	checkElement(t, element, "tavus-"+options.Channel, want)
	if element.FirstChild != nil {
		t.Fatalf("the element holds something: %q", element.FirstChild.Data)
	}
	for name := range want {
		if strings.HasPrefix(name, "on") {
			t.Fatalf("an event handler: %s", name)
		}
	}
}

func lower(r rune) rune {
	if 'A' <= r && r <= 'Z' {
		return r - 'A' + 'a'
	}
	return r
}

// checkStyle knows the two declarations that may be there.
func checkStyle(t *testing.T, style string) {
	t.Helper()
	declarations := strings.Split(strings.TrimSuffix(style, ";"), ";")
	if len(declarations) != 2 || !strings.HasPrefix(declarations[0], "width: ") || !strings.HasPrefix(declarations[1], " aspect-ratio: ") {
		t.Fatalf("declarations that nobody meant: %q", style)
	}
	if strings.ContainsAny(style, "(){}\\@!\"'<") {
		t.Fatalf("characters that no size needs: %q", style)
	}
}

func onlyChild(t *testing.T, parent *html.Node) *html.Node {
	t.Helper()
	var only *html.Node
	for child := range parent.ChildNodes() {
		if child.Type == html.TextNode && strings.TrimSpace(child.Data) == "" {
			continue
		}
		if only != nil || child.Type != html.ElementNode {
			t.Fatalf("a node that nobody meant: %q", child.Data)
		}
		only = child
	}
	if only == nil {
		t.Fatal("the container is empty")
	}
	return only
}

func checkElement(t *testing.T, node *html.Node, tag string, attributes map[string]string) {
	t.Helper()
	if node.Data != tag || node.Namespace != "" {
		t.Fatalf("the element is %q %q instead of %q", node.Namespace, node.Data, tag)
	}
	if len(node.Attr) != len(attributes) {
		t.Fatalf("%s has the attributes %q instead of %q", tag, node.Attr, attributes)
	}
	for _, got := range node.Attr {
		if want, ok := attributes[got.Key]; !ok || got.Val != want || got.Namespace != "" {
			t.Fatalf("%s has %s=%q instead of %q", tag, got.Key, got.Val, attributes)
		}
	}
}
