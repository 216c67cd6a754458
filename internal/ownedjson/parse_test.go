package ownedjson

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

func TestParseConfigRefuses(t *testing.T) {
	t.Parallel()
	deep := func(open, shut string, n int) string {
		return `{"a":` + strings.Repeat(open, n) + "1" + strings.Repeat(shut, n) + "}"
	}
	tests := map[string]struct{ text, want string }{
		"empty":               {"", "the text is empty; a JSON object such as {} is needed"},
		"white space":         {" \n\t", "the text is empty; a JSON object such as {} is needed"},
		"array":               {`[{"a":1}]`, `a JSON object such as {"key": "value"} is needed, this is an array`},
		"string":              {`"secret"`, `a JSON object such as {"key": "value"} is needed, this is a string`},
		"number":              {`1`, `a JSON object such as {"key": "value"} is needed, this is a number`},
		"boolean":             {`true`, `a JSON object such as {"key": "value"} is needed, this is a boolean`},
		"null":                {`null`, `a JSON object such as {"key": "value"} is needed, this is null`},
		"cut in a string":     {`{"a":"secr`, "the JSON text ends too early"},
		"cut after a key":     {`{"a"`, "the JSON text ends too early"},
		"cut in an object":    {`{"a":1`, "the JSON text ends too early"},
		"cut in an array":     {`{"a":[1`, "the JSON text ends too early"},
		"cut after a comma":   {`{"a":1,`, "the JSON text ends too early"},
		"unquoted key":        {`{a:1}`, "invalid JSON at line 1, column 2"},
		"number as key":       {`{1:1}`, "invalid JSON at line 1, column 2"},
		"object as key":       {`{{}:1}`, "invalid JSON at line 1, column 2"},
		"comma before brace":  {`{"a":1,}`, "invalid JSON at line 1, column 8"},
		"comma in array":      {`{"a":[1,]}`, "invalid JSON at line 1, column 9"},
		"wrong bracket":       {`{"a":[1}}`, "invalid JSON at line 1, column 8"},
		"third line":          {"{\n\"é\": 1,\n\"ü\": x}", "invalid JSON at line 3, column 6"},
		"second line, first":  {"{\n}x", "there is more text after the JSON value, at line 2, column 2"},
		"number with zero":    {`{"a":01}`, "invalid JSON at line 1, column 7"},
		"NaN":                 {`{"a":NaN}`, "invalid JSON at line 1, column 6"},
		"single quotes":       {`{'a':1}`, "invalid JSON at line 1, column 2"},
		"byte order mark":     {"\ufeff{}", "invalid JSON at line 1, column 1"},
		"more text":           {`{"a":1} x`, "there is more text after the JSON value, at line 1, column 9"},
		"two objects":         {"{}\n{}", "there is more text after the JSON value, at line 2, column 1"},
		"not UTF-8":           {"{\"a\":\"\xff\"}", "the text is not valid UTF-8"},
		"duplicate":           {"{\"a\":1,\n \"a\":2}", `the key "/a" stands twice in the same object (second time at line 2, column 2); keep one of them`},
		"duplicate of null":   {`{"a":null,"a":1}`, `the key "/a" stands twice in the same object (second time at line 1, column 11); keep one of them`},
		"duplicate inside":    {`{"b":{"~/":{"a":1,"a":2}}}`, `the key "/b/~0~1/a" stands twice in the same object (second time at line 1, column 19); keep one of them`},
		"duplicate in array":  {`{"b":[{"a":1,"a":2}]}`, `the key "/b/-/a" stands twice in the same object (second time at line 1, column 14); keep one of them`},
		"duplicate by escape": {`{"a":1,"\u0061":2}`, `the key "/a" stands twice in the same object (second time at line 1, column 8); keep one of them`},
		"duplicate by NFC":    {"{\"\u00e9\":1,\"e\u0301\":2}", "the key \"/\u00e9\" stands twice in the same object (second time at line 1, column 8); keep one of them"},
		"arrays too deep":     {deep("[", "]", maxDepth), "objects and arrays are nested deeper than 500 levels"},
		"objects too deep":    {deep(`{"a":`, "}", maxDepth), "objects and arrays are nested deeper than 500 levels"},
		"much too deep":       {strings.Repeat("[", 1e6), "objects and arrays are nested deeper than 500 levels"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			object, err := ParseConfig(test.text)
			if err == nil {
				t.Fatalf("got %s, want an error", object.Text())
			}
			if err.Error() != test.want {
				t.Errorf("got  %s\nwant %s", err, test.want)
			}
		})
	}
	for _, text := range []string{deep("[", "]", maxDepth-1), deep(`{"a":`, "}", maxDepth-1)} {
		if object := config(t, text); object.Text() != text {
			t.Errorf("%d levels do not come back", maxDepth)
		}
	}
}

// What is wrong is said without the values: they can be secrets.
func TestParseErrorsHoldNoValues(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`"hunter2"`, `{"a":"hunter2`, `{"a":hunter2}`, `{"a":"hunter2" "b"}`, `{"a":"hunter2","a":1}`,
		`{"a":"hunter2"}hunter2`, `["hunter2"]`, "{\"a\":\"hunter2\xff\"}", `{"a":"hunter2\x"}`,
	} {
		if _, err := ParseConfig(text); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("ParseConfig(%s): %v", text, err)
		}
	}
}

func TestParseServer(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ text, want string }{
		"empty":                 {"", `{}`},
		"white space":           {" \n", `{}`},
		"null":                  {" null ", `{}`},
		"empty object":          {`{}`, `{}`},
		"last duplicate counts": {`{"a":1,"b":2,"a":3}`, `{"a":3,"b":2}`},
		"null as the last":      {`{"a":1,"a":null}`, `{}`},
		"null as the first":     {`{"a":null,"a":1}`, `{"a":1}`},
		"object, then scalar":   {`{"a":{"b":1},"a":2}`, `{"a":2}`},
		"NFC counts, first":     {"{\"\u00e9\":1,\"e\u0301\":2}", "{\"\u00e9\":1}"},
		"NFC counts, more keys": {"{\"\u00e9\":1,\"e\u0301\":2,\"b\":3}", "{\"b\":3,\"\u00e9\":1}"},
		"NFC counts, last":      {"{\"e\u0301\":2,\"\u00e9\":1}", "{\"\u00e9\":1}"},
		"the last of two NFD":   {"{\"e\u0301\":1,\"e\u0301\":2}", "{\"\u00e9\":2}"},
		"half a surrogate pair": {`{"a":"\ud83d"}`, "{\"a\":\"\ufffd\"}"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := server(t, test.text).Text(); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
	for _, text := range []string{`[]`, `"x"`, `1`, `{"a":1}{}`, "{\"a\":\"\xff\"}", `nullnull`} {
		if object, err := ParseServer([]byte(text)); err == nil {
			t.Errorf("ParseServer(%q) = %s, want an error", text, object.Text())
		}
	}
}

func TestPointers(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text string
		want []string
	}{
		"nothing":          {`{}`, []string{}},
		"null":             {`{"a":null,"b":{"c":null}}`, []string{"/b"}},
		"scalars":          {`{"b":1,"a":"x","c":true,"d":false}`, []string{"/a", "/b", "/c", "/d"}},
		"arrays are whole": {`{"a":[],"b":[1,{"c":2}]}`, []string{"/a", "/b"}},
		"empty object":     {`{"a":{},"b":{"c":{}}}`, []string{"/a", "/b/c"}},
		"odd keys":         {`{"":{"":1},"/":1,"~":1,"~1":1,".":1,"\"":1,"${x}":1,"<":1}`, []string{"//", "/\"", "/${x}", "/.", "/~1", "/<", "/~0", "/~01"}},
		"by key":           {`{"a":{"b":1},"a!":1}`, []string{"/a/b", "/a!"}},
		"NFC":              {"{\"e\u0301\":1}", []string{"/\u00e9"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := config(t, test.text).Pointers(); !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
	if got := (*Object)(nil).Pointers(); len(got) != 0 {
		t.Errorf("of no object: %q", got)
	}
}

func TestEqual(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		a, b string
		want bool
	}{
		"order of keys":          {`{"a":1,"b":{"c":1,"d":2}}`, `{"b":{"d":2,"c":1},"a":1}`, true},
		"order of items":         {`{"a":[1,2]}`, `{"a":[2,1]}`, false},
		"number of items":        {`{"a":[1]}`, `{"a":[1,1]}`, false},
		"spelling of numbers":    {`{"a":[1,100,0.5]}`, `{"a":[1.0,1e2,5E-1]}`, true},
		"other number":           {`{"a":1}`, `{"a":2}`, false},
		"number and text":        {`{"a":1}`, `{"a":"1"}`, false},
		"boolean and text":       {`{"a":true}`, `{"a":"true"}`, false},
		"null is not written":    {`{"a":null,"b":1}`, `{"b":1}`, true},
		"null in arrays":         {`{"a":[null]}`, `{"a":[]}`, false},
		"null in arrays, equal":  {`{"a":[null,{"b":null}]}`, `{"a":[null,{"b":null}]}`, true},
		"null key in an array":   {`{"a":[{"b":null}]}`, `{"a":[{}]}`, false},
		"null, object in array":  {`{"a":[null]}`, `{"a":[{}]}`, false},
		"object and array":       {`{"a":{}}`, `{"a":[]}`, false},
		"object and scalar":      {`{"a":{"b":1}}`, `{"a":1}`, false},
		"scalar and object":      {`{"a":1}`, `{"a":{"b":1}}`, false},
		"array and scalar":       {`{"a":[1]}`, `{"a":1}`, false},
		"scalar and array":       {`{"a":1}`, `{"a":[1]}`, false},
		"empty object is a leaf": {`{"a":{}}`, `{}`, false},
		"more keys":              {`{"a":1}`, `{"a":1,"b":1}`, false},
		"NFC":                    {"{\"\u00e9\":\"\u00e9\"}", "{\"e\u0301\":\"e\u0301\"}", true},
		"no object":              {"", `{}`, true},
		"no object, some":        {"", `{"a":1}`, false},
		"none":                   {"", "", true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, b := orNil(t, test.a), orNil(t, test.b)
			if got := Equal(a, b); got != test.want {
				t.Errorf("Equal(a, b) = %v", got)
			}
			if got := Equal(b, a); got != test.want {
				t.Errorf("Equal(b, a) = %v", got)
			}
			if got := digestOf(a.all(), true) == digestOf(b.all(), true); got != test.want {
				t.Errorf("equal digests: %v", got)
			}
		})
	}
}

func (o *Object) all() map[string]any {
	if o == nil {
		return nil
	}
	return o.members
}

func TestEmpty(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{"": true, `{}`: true, `{"a":null}`: true, `{"a":{}}`: false, `{"a":1}`: false} {
		if got := orNil(t, text).Empty(); got != want {
			t.Errorf("%s: got %v", text, got)
		}
	}
}

func TestStrings(t *testing.T) {
	t.Parallel()
	object := config(t, `{"a":"one","b":[1,"two",{"c":"three"}],"d":{"e":12345,"f":true},"g":123,"h":1000}`)
	var all []string
	for s := range object.Strings {
		all = append(all, s)
	}
	slices.Sort(all)
	if want := []string{"1000", "12345", "one", "three", "two"}; !slices.Equal(all, want) {
		t.Errorf("got %q, want %q", all, want)
	}
	for range (*Object)(nil).Strings {
		t.Error("a string of no object")
	}
	for n := range len(all) {
		left := n
		for range object.Strings {
			if left == 0 {
				break
			}
			left--
		}
	}
}

func TestKinds(t *testing.T) {
	t.Parallel()
	got := config(t, `{"a":true,"b":1,"c":"x","d":[],"e":{},"f":null}`).Kinds()
	want := map[string]string{"a": "a boolean", "b": "a number", "c": "a string", "d": "an array", "e": "an object"}
	if !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := (*Object)(nil).Kinds(); len(got) != 0 {
		t.Errorf("of no object: %v", got)
	}
}

// A long key stands in the pointer of each leaf under it.
func TestLongKeysAreBounded(t *testing.T) {
	t.Parallel()
	document := func(size int) string {
		var b strings.Builder
		b.WriteString(`{"` + strings.Repeat("k", size) + `":{"x":1`)
		for i := range size / 8 {
			fmt.Fprintf(&b, `,"%x":1`, i)
		}
		b.WriteString("}}")
		return b.String()
	}
	for size, good := range map[int]bool{10_000: true, 200_000: false} {
		_, err := ParseServer([]byte(document(size)))
		if (err == nil) != good {
			t.Errorf("a key of %d bytes around %d leaves: %v", size, size/8, err)
		}
		if _, strict := ParseConfig(document(size)); (strict == nil) != good {
			t.Errorf("a configuration with it: %v", strict)
		}
	}
}

// The bound counts what is under a key, once for each leaf, and not what is in lists.
func TestPointersAreCounted(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("k", maxPointers/4)
	for name, test := range map[string]struct {
		text string
		good bool
	}{
		"three leaves":               {`{"` + long + `":{"a":1,"b":1,"c":1}}`, true},
		"four leaves":                {`{"` + long + `":{"a":1,"b":1,"c":1,"d":1}}`, false},
		"a leaf is an empty object":  {`{"` + long + `":{"a":{},"b":{},"c":{},"d":{}}}`, false},
		"an object around is none":   {`{"` + long + `":{"a":{"x":1},"b":{"x":1},"c":{"x":1}}}`, true},
		"a key counts until its end": {`{"` + long + `":1,"a":{"b":1},"c":1,"d":1,"e":1}`, true},
		"just as many as allowed":    {`{"a":1,"` + strings.Repeat("k", maxPointers-3) + `":1}`, true},
		"one more":                   {`{"a":1,"` + strings.Repeat("k", maxPointers-2) + `":1}`, false},
		"lists are leaves":           {`{"` + long + `":{"a":[{"x":1,"y":1,"z":1},{"x":1,"y":1}]}}`, true},
	} {
		if _, err := ParseServer([]byte(test.text)); (err == nil) != test.good {
			t.Errorf("%s: %v", name, err)
		}
	}
}
