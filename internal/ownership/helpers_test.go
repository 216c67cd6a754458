package ownership

import (
	"encoding/json"
	"flag"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestMain draws 300 examples for each property, and 20,000 where TAVUS_LONG is set. The seed is
// fixed, so that a run fails for what changed and not by chance.
func TestMain(m *testing.M) {
	set := func(name, value string) {
		if err := flag.Set(name, value); err != nil {
			panic(err)
		}
	}
	set("rapid.nofailfile", "true")
	set("rapid.seed", "20261125") // -rapid.seed=N draws other ones
	set("rapid.checks", "300")
	if os.Getenv("TAVUS_LONG") != "" {
		set("rapid.checks", "20000")
	}
	os.Exit(m.Run())
}

// tester is what testing.T and rapid.T have in common.
type tester interface {
	Helper()
	Fatalf(format string, args ...any)
}

func config(t tester, text string) *Document {
	t.Helper()
	if text == "" {
		return nil
	}
	document, err := ParseConfig(text)
	if err != nil {
		t.Fatalf("ParseConfig(%s): %v", text, err)
	}
	return document
}

func server(t tester, text string) *Document {
	t.Helper()
	document, err := ParseServer([]byte(text))
	if err != nil {
		t.Fatalf("ParseServer(%s): %v", text, err)
	}
	return document
}

// testSchema has an argument of each sort: a name, a set, an object that is owned key by key, and
// a leaf inside that object that is an argument of its own.
var testSchema = Schema{
	{At: "/name", Leaf: true, Follow: true, Clear: json.RawMessage(`""`)},
	{At: "/tags", Leaf: true, Follow: true, Unordered: true, Clear: json.RawMessage(`[]`)},
	{At: "/url", Leaf: true, Follow: true},
	{At: "/layers"},
	{At: "/layers/tts/id", Leaf: true, Follow: true},
}

// managed lists the arguments of a configuration.
func managed(d *Document) map[string]bool {
	all := map[string]bool{}
	for _, p := range testSchema {
		if _, found := d.At(p.At); found {
			all[p.At] = true
		}
	}
	return all
}

// applied applies operations, strictly (RFC 6902, for add and remove on objects): the objects around
// the target must be there, and so must what is removed.
func applied(t tester, document *Document, operations []Operation) *Document {
	t.Helper()
	root := map[string]any{}
	if err := json.Unmarshal([]byte(document.Text()), &root); err != nil {
		t.Fatalf("%v", err)
	}
	for _, o := range operations {
		tokens := strings.Split(o.Path, "/")[1:]
		members := root
		for _, token := range tokens[:len(tokens)-1] {
			next, ok := members[unescapeToken(token)].(map[string]any)
			if !ok {
				t.Fatalf("%s: no object on the way in %s", o, document.Text())
			}
			members = next
		}
		key := unescapeToken(tokens[len(tokens)-1])
		if o.Op == "remove" {
			if _, found := members[key]; !found {
				t.Fatalf("%s: nothing is there in %s", o, document.Text())
			}
			delete(members, key)
			continue
		}
		var value any
		if err := json.Unmarshal(o.Value, &value); err != nil {
			t.Fatalf("%s: %v", o, err)
		}
		members[key] = value
	}
	text, err := json.Marshal(root)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return server(t, string(text))
}

// flat is the leaves of a document by pointer, whatever the schema is.
func flat(d *Document) map[string]string {
	leaves := map[string]string{}
	for _, l := range appendLeaves(nil, "", d.root()) {
		leaves[l.pointer] = string(ValueText(l.value))
	}
	return leaves
}

func isRelated(a, b string) bool {
	return a == b || strings.HasPrefix(a, b+"/") || strings.HasPrefix(b, a+"/")
}

// genInside draws what is under /layers: few keys and few values, so that documents meet.
func genInside(depth int) *rapid.Generator[map[string]any] {
	return rapid.MapOfN(rapid.SampledFrom([]string{"a", "b", "c", "tts", "a/b", "é"}), rapid.Custom(func(t *rapid.T) any {
		switch kind := rapid.IntRange(0, 9).Draw(t, "kind"); {
		case kind == 0:
			return map[string]any{}
		case kind <= 4 && depth > 0:
			return any(genInside(depth-1).Draw(t, "object"))
		default:
			return rapid.SampledFrom([]any{"A", "a", "", true, Number("1"), Number("2"), []any{}, []any{"A", Number("1")}}).Draw(t, "leaf")
		}
	}), 0, 3)
}

// genDocument draws a document in which each argument may be missing.
func genDocument() *rapid.Generator[*Document] {
	return rapid.Custom(func(t *rapid.T) *Document {
		members := map[string]any{}
		maybe := func(name string, values ...any) {
			if rapid.Bool().Draw(t, "has "+name) {
				members[name] = rapid.SampledFrom(values).Draw(t, name)
			}
		}
		maybe("name", "Docs", "DOCS", "Shop", "")
		maybe("tags", []any{"x", "y"}, []any{"y", "x"}, []any{"x"}, []any{})
		maybe("url", "https://a.example", "https://b.example", "")
		if rapid.Bool().Draw(t, "has layers") {
			members["layers"] = genInside(2).Draw(t, "layers")
		}
		document := NewDocument(members)
		// What is at /layers/tts/id is an argument of its own, and a text.
		if _, found := document.At("/layers/tts/id"); found {
			document = document.With("/layers/tts/id", rapid.SampledFrom([]any{"v1", "v2"}).Draw(t, "id"))
		}
		return document
	})
}

// genNear draws a document that was made from another one by a few edits.
func genNear(from *Document) *rapid.Generator[*Document] {
	return rapid.Custom(func(t *rapid.T) *Document {
		to, other := from, genDocument().Draw(t, "other")
		for _, pointer := range slices.Sorted(maps.Keys(flat(other))) {
			if rapid.IntRange(0, 2).Draw(t, "take") == 0 {
				value, _ := other.At(pointer)
				to = to.With(pointer, value)
			}
		}
		for _, pointer := range slices.Sorted(maps.Keys(flat(to))) {
			if rapid.IntRange(0, 5).Draw(t, "drop") == 0 {
				to = to.With(pointer, nil)
			}
		}
		return to
	})
}
