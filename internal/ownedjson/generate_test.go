package ownedjson

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

// The generators draw few keys and few values, so that documents meet: the same
// key as a scalar here and an object there, the same number in two spellings.

var (
	someKeys = []string{"a", "b", "c", "a", "b", "c", "", "a/b", "~", "~1", "\u00e9", "${x}", "<\">"}
	someLeaf = []any{
		"A", "a", "B", "b", "", "\u00c9", "<&\u2028", true, false,
		json.Number("1"), json.Number("1.0"), json.Number("10e-1"), json.Number("2"), json.Number("1e400"),
		json.Number("9007199254740993"), json.Number("-0"),
		[]any{},
		[]any{"A"},
		[]any{"a"},
		[]any{json.Number("1"), nil, map[string]any{"a": nil, "b": "B"}},
	}
)

func genKey() *rapid.Generator[string] { return rapid.SampledFrom(someKeys) }

// genValue draws a leaf, an object, and sometimes null.
func genValue(depth int) *rapid.Generator[any] {
	return rapid.Custom(func(t *rapid.T) any {
		switch kind := rapid.IntRange(0, 9).Draw(t, "kind"); {
		case kind == 0:
			return nil
		case kind == 1:
			return map[string]any{}
		case kind <= 4 && depth > 0:
			return genObject(depth-1).Draw(t, "object")
		default:
			return rapid.SampledFrom(someLeaf).Draw(t, "leaf")
		}
	})
}

func genObject(depth int) *rapid.Generator[map[string]any] {
	return rapid.MapOfN(genKey(), genValue(depth), 0, 3)
}

// genNear draws a document that was made from another one by a few edits.
func genNear(from map[string]any, depth int) *rapid.Generator[map[string]any] {
	return rapid.Custom(func(t *rapid.T) map[string]any {
		to := map[string]any{}
		for _, key := range slices.Sorted(maps.Keys(from)) {
			value := from[key]
			switch rapid.IntRange(0, 7).Draw(t, "edit") {
			case 0:
				continue
			case 1:
				value = genValue(depth).Draw(t, "value")
			case 2, 3:
				if object, ok := value.(map[string]any); ok && depth > 0 {
					value = genNear(object, depth-1).Draw(t, "object")
				}
			}
			to[key] = value
		}
		if rapid.IntRange(0, 3).Draw(t, "more") == 0 {
			to[genKey().Draw(t, "key")] = genValue(depth).Draw(t, "value")
		}
		return to
	})
}

// render writes a document as JSON, with its keys in a drawn order and, if nfd is set,
// in the Unicode form that Terraform does not use.
func render(t *rapid.T, value any, nfd bool) string {
	var b strings.Builder
	write := func(s string) {
		quoted, err := json.Marshal(s)
		if err != nil {
			t.Fatalf("%v", err)
		}
		b.Write(quoted)
	}
	switch value := value.(type) {
	case map[string]any:
		b.WriteByte('{')
		keys := slices.Sorted(maps.Keys(value))
		if len(keys) > 1 {
			keys = rapid.Permutation(keys).Draw(t, "order")
		}
		for i, key := range keys {
			if i > 0 {
				b.WriteByte(',')
			}
			if nfd {
				write(norm.NFD.String(key))
			} else {
				write(key)
			}
			b.WriteString(": " + render(t, value[key], nfd))
		}
		b.WriteByte('}')
	case []any:
		b.WriteByte('[')
		for i, item := range value {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(render(t, item, nfd))
		}
		b.WriteByte(']')
	case string:
		write(value)
	default:
		text, err := json.Marshal(value)
		if err != nil {
			t.Fatalf("%v", err)
		}
		b.Write(text)
	}
	return b.String()
}

// scene is what the laws are about: a record, the texts of the configuration and the
// state, and the server's document.
type scene struct {
	owned                         Owned
	configText, stateText, server string
	config, state, live           *Object
}

// genScene draws a scene as life makes them: the record holds leaves that were
// once configured, the state is what a refresh showed, the server moved on.
func genScene() *rapid.Generator[scene] {
	return rapid.Custom(func(t *rapid.T) scene {
		old := genObject(2).Draw(t, "old")
		wanted := genNear(old, 2).Draw(t, "config")
		held := genNear(old, 2).Draw(t, "live")
		var s scene
		if rapid.IntRange(0, 3).Draw(t, "record") > 0 {
			s.owned = genOwned(t, config(t, render(t, old, false)))
		}
		s.configText = render(t, wanted, false)
		s.server = render(t, held, rapid.Bool().Draw(t, "nfd"))
		s.config, s.live = config(t, s.configText), server(t, s.server)
		shown := config(t, render(t, genNear(old, 2).Draw(t, "state"), false))
		if rapid.Bool().Draw(t, "refreshed") {
			shown = Read(s.owned, shown, s.live)
		}
		s.stateText, s.state = shown.Text(), shown
		return s
	})
}

// genOwned draws a record of some leaves of a document, some of them normalised.
func genOwned(t *rapid.T, from *Object) Owned {
	owned := Owned{}
	for _, l := range from.leaves() {
		sent := digestOf(l.value, true)
		switch rapid.IntRange(0, 6).Draw(t, "owned") {
		case 0, 1, 2:
			owned[l.pointer] = Pair{sent, sent}
		case 3:
			value := rapid.SampledFrom([]any{"a", "b", number("1"), map[string]any{}, map[string]any{"a": "a"}}).Draw(t, "answered")
			owned[l.pointer] = Pair{sent, digestOf(value, true)}
		case 4:
			owned[l.pointer] = Pair{sent, Absent}
		}
	}
	return owned
}
