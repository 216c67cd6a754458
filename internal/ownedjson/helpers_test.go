package ownedjson

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"math/big"
	"os"
	"slices"
	"strings"
	"testing"

	jsonpatch "github.com/evanphx/json-patch/v5"
	"golang.org/x/text/unicode/norm"
)

// TestMain draws 500 examples for each property, and 20,000 where TAVUS_LONG is
// set. The seed is fixed, so that a run fails for what changed and not by chance.
// Where TAVUS_MUTATION is set, it fails fast: a mutant need not be shrunk. A failure
// prints its seed, so rapid need not leave files behind.
func TestMain(m *testing.M) {
	set := func(name, value string) {
		if err := flag.Set(name, value); err != nil {
			panic(err)
		}
	}
	set("rapid.nofailfile", "true")
	set("rapid.seed", "20261123") // -rapid.seed=N draws other ones
	set("rapid.checks", "500")
	if os.Getenv("TAVUS_LONG") != "" {
		set("rapid.checks", "20000")
	}
	if os.Getenv("TAVUS_MUTATION") != "" {
		set("rapid.checks", "300")
		set("rapid.shrinktime", "0s")
	}
	os.Exit(m.Run())
}

// tester is what testing.T and rapid.T have in common.
type tester interface {
	Helper()
	Fatalf(format string, args ...any)
	Errorf(format string, args ...any)
}

func config(t tester, text string) *Object {
	t.Helper()
	object, err := ParseConfig(text)
	if err != nil {
		t.Fatalf("ParseConfig(%s): %v", text, err)
	}
	return object
}

func server(t tester, text string) *Object {
	t.Helper()
	object, err := ParseServer([]byte(text))
	if err != nil {
		t.Fatalf("ParseServer(%s): %v", text, err)
	}
	return object
}

// orNil is config, with "" for null.
func orNil(t tester, text string) *Object {
	t.Helper()
	if text == "" {
		return nil
	}
	return config(t, text)
}

func digest(t tester, text string) Digest {
	t.Helper()
	if text == "" {
		return Absent
	}
	value, _, _ := config(t, `{"v":`+text+`}`).at("/v")
	return digestOf(value, true)
}

// pairs builds a record: pointer to "sent" or "sent => answered", each a JSON text,
// answered empty where the server dropped the leaf.
func pairs(t tester, written map[string]string) Owned {
	t.Helper()
	if written == nil {
		return nil
	}
	owned := Owned{}
	for pointer, pair := range written {
		sent, answered, differs := strings.Cut(pair, " =>")
		if !differs {
			answered = sent
		}
		owned[pointer] = Pair{digest(t, sent), digest(t, strings.TrimSpace(answered))}
	}
	return owned
}

// patched applies operations, strictly, to a server's document whose
// customization is live; "" stands for a document without one.
func patched(t tester, live string, operations []Operation) string {
	t.Helper()
	document := `{"deployment_id":"d"}`
	if live != "" {
		document = `{"deployment_id":"d","customization":` + live + `}`
	}
	type wire struct {
		Op    string          `json:"op"`
		Path  string          `json:"path"`
		Value json.RawMessage `json:"value,omitempty"`
	}
	wires, emptyKey := []wire{}, false
	for _, o := range operations {
		wires = append(wires, wire(o))
		emptyKey = emptyKey || strings.Contains(o.Path, "//")
	}
	result := applyStrictly(t, document, operations)
	if !emptyKey { // json-patch takes an empty key on the way for the object itself
		text, err := json.Marshal(wires)
		if err != nil {
			t.Fatalf("marshal %v: %v", operations, err)
		}
		patch, err := jsonpatch.DecodePatch(text)
		if err != nil {
			t.Fatalf("decode %s: %v", text, err)
		}
		other, err := patch.Apply([]byte(document))
		if err != nil {
			t.Fatalf("apply %s to %s: %v", text, document, err)
		}
		if !maps.Equal(flatten(t, string(other)), flatten(t, result)) {
			t.Fatalf("two readings of %s on %s: %s and %s", text, document, other, result)
		}
	}
	var after struct {
		Customization json.RawMessage `json:"customization"`
	}
	if err := json.Unmarshal([]byte(result), &after); err != nil {
		t.Fatalf("%s: %v", result, err)
	}
	return string(after.Customization)
}

// applyStrictly is RFC 6902 for add and remove on objects. The way to the target
// must be there, and so must what is removed.
func applyStrictly(t tester, document string, operations []Operation) string {
	t.Helper()
	root := decoded(t, document)
	for _, o := range operations {
		tokens := strings.Split(o.Path, "/")
		if tokens[0] != "" || len(tokens) < 2 {
			t.Fatalf("path %q", o.Path)
		}
		members, ok := root.(map[string]any)
		for i, token := range tokens[1:] {
			key := strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~")
			if !ok {
				t.Fatalf("%s: the way is barred in %s", o, document)
			}
			if i < len(tokens)-2 {
				members, ok = members[key].(map[string]any)
				continue
			}
			if _, there := members[key]; o.Op == "remove" && !there {
				t.Fatalf("%s: nothing is there in %s", o, document)
			}
			if delete(members, key); o.Op == "add" {
				members[key] = decoded(t, string(o.Value))
			}
		}
	}
	text, err := json.Marshal(root)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return string(text)
}

func decoded(t tester, text string) any {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return value
}

// flatten is the package's idea of leaves, written a second time without it:
// pointer to canonical value. Numbers must be small enough for big.Rat.
func flatten(t tester, text string) map[string]string {
	t.Helper()
	leaves := map[string]string{}
	if text == "" {
		return leaves
	}
	if object, ok := decoded(t, text).(map[string]any); ok {
		flattenInto(leaves, "", object)
	}
	return leaves
}

func flattenInto(leaves map[string]string, at string, object map[string]any) {
	for _, key := range slices.Sorted(maps.Keys(object)) {
		token := strings.ReplaceAll(strings.ReplaceAll(norm.NFC.String(key), "~", "~0"), "/", "~1")
		pointer := at + "/" + token
		switch value := object[key].(type) {
		case nil:
		case map[string]any:
			before := len(leaves)
			flattenInto(leaves, pointer, value)
			if len(leaves) == before {
				leaves[pointer] = "{}"
			}
		default:
			leaves[pointer] = canonicalValue(value)
		}
	}
}

func canonicalValue(value any) string {
	switch value := value.(type) {
	case json.Number:
		rat, ok := new(big.Rat).SetString(value.String())
		if !ok {
			return "number " + value.String()
		}
		return "number " + rat.RatString()
	case string:
		return "string " + norm.NFC.String(value)
	case []any:
		var b strings.Builder
		for _, item := range value {
			b.WriteString(canonicalValue(item) + ",")
		}
		return "[" + b.String() + "]"
	case map[string]any:
		var b strings.Builder
		for _, key := range slices.Sorted(maps.Keys(value)) {
			fmt.Fprintf(&b, "%q:%s,", norm.NFC.String(key), canonicalValue(value[key]))
		}
		return "{" + b.String() + "}"
	default:
		return fmt.Sprint(value)
	}
}

// related reports whether one of two pointers is the other or stands above it.
func related(a, b string) bool {
	return a == b || strings.HasPrefix(a, b+"/") || strings.HasPrefix(b, a+"/")
}

func nfc(s string) string { return norm.NFC.String(s) }
