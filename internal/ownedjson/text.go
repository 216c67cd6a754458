package ownedjson

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// text is the canonical text of a value, see Object.Text.
func text(value any) []byte {
	b := appendText(make([]byte, 0, 64), value) // most values are short
	if norm.NFC.IsNormal(b) {
		return b
	}
	// Terraform brings the whole text into NFC. A combining mark would then melt
	// with the last letter of an escape before it (\u003c and a cedilla) and break
	// the JSON, so such texts are written in ASCII.
	return asciiText(b)
}

func appendText(b []byte, value any) []byte {
	switch value := value.(type) {
	case nil:
		return append(b, "null"...)
	case bool:
		return strconv.AppendBool(b, value)
	case number:
		return append(b, value...)
	case string:
		return appendString(b, value)
	case []any:
		b = append(b, '[')
		for i, item := range value {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendText(b, item)
		}
		return append(b, ']')
	}
	members, _ := value.(map[string]any)
	b = append(b, '{')
	for i, key := range slices.Sorted(maps.Keys(members)) {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendString(b, key), ':')
		b = appendText(b, members[key])
	}
	return append(b, '}')
}

func appendString(b []byte, s string) []byte {
	if plain(s) {
		b = append(b, '"')
		b = append(b, s...)
		return append(b, '"')
	}
	quoted, _ := json.Marshal(s) //nolint:errchkjson // A string always marshals.
	return append(b, quoted...)
}

// plain reports whether a string stands in JSON as it is. It says no where in
// doubt; json.Marshal knows.
func plain(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case c < ' ', c >= 0x7f, c == '"', c == '\\', c == '<', c == '>', c == '&':
			return false
		}
	}
	return true
}

func asciiText(b []byte) []byte {
	var ascii []byte
	for _, r := range string(b) {
		if r < 0x80 {
			ascii = utf8.AppendRune(ascii, r)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			ascii = append(ascii, `\u`...)
			ascii = append(ascii, strconv.FormatUint(0x10000|uint64(unit), 16)[1:]...)
		}
	}
	return ascii
}

// Digest identifies a JSON value without showing it: 128 bits of the SHA-256 of
// its canonical text, in base64. Absent is the digest of no value.
type Digest string

// Absent is the digest of a value that is not there.
const Absent Digest = ""

var emptyObjectDigest = digestOf(map[string]any{}, true)

func digestOf(value any, found bool) Digest {
	if !found {
		return Absent
	}
	sum := sha256.Sum256(text(value))
	return Digest(base64.RawURLEncoding.EncodeToString(sum[:16]))
}

// digestAs is digestOf for a leaf that is wanted as an empty object: any object
// will do.
func digestAs(value any, found, emptyObject bool) Digest {
	if emptyObject && isObject(value) {
		return emptyObjectDigest
	}
	return digestOf(value, found)
}

// DigestString returns the digest of a string argument. The empty string and
// null mean the same, so both are Absent.
func DigestString(s string) Digest {
	return digestOf(norm.NFC.String(s), s != "")
}

// DigestSet returns the digest of a set of strings. The empty set and null mean
// the same, so both are Absent; order and repetition do not count.
func DigestSet(items []string) Digest {
	normal := make([]string, len(items))
	for i, item := range items {
		normal[i] = norm.NFC.String(item)
	}
	slices.Sort(normal)
	values := []any{}
	for _, item := range slices.Compact(normal) {
		values = append(values, item)
	}
	return digestOf(values, len(values) > 0)
}
