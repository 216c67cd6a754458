package ownership

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
)

// ValueText is the canonical JSON text of a value, see Document.Text.
func ValueText(value any) []byte {
	return appendText(make([]byte, 0, 64), value) // most values are short
}

func appendText(b []byte, value any) []byte {
	switch value := value.(type) {
	case nil:
		return append(b, "null"...)
	case bool:
		return strconv.AppendBool(b, value)
	case Number:
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

// plain reports whether a string is the same in JSON. It says no where in doubt; json.Marshal
// knows.
func plain(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case c < ' ', c >= 0x7f, c == '"', c == '\\', c == '<', c == '>', c == '&':
			return false
		}
	}
	return true
}

// Digest identifies a JSON value without showing it: 128 bits of the SHA-256 of its canonical
// text, in base64.
type Digest string

// Absent is the digest of a value that is not there.
const Absent Digest = ""

var emptyObjectDigest = digestOf(map[string]any{}, true)

func digestOf(value any, found bool) Digest {
	if !found {
		return Absent
	}
	sum := sha256.Sum256(ValueText(value))
	return Digest(base64.RawURLEncoding.EncodeToString(sum[:16]))
}
