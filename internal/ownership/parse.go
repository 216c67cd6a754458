package ownership

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxDepth is how deep arrays and objects may be nested, in a configuration and in an answer
// of the server.
const maxDepth = 100

// maxPointers bounds the length in bytes of all pointers of a document. A long key is in the
// pointer of each leaf under it: without a bound, a small document could take memory with the
// square of its size.
const maxPointers = 32 << 20

// ParseConfig parses what a user wrote. The text must be one JSON object (RFC 8259), valid
// UTF-8, without duplicate keys. Errors name keys and positions, never values.
func ParseConfig(text string) (*Document, error) { return parse(text, true) }

// ParseServer parses what a server answered. Of duplicate keys the last one counts, as in most
// readers of JSON. Empty text and null are no object: nil.
func ParseServer(text []byte) (*Document, error) {
	if trimmed := strings.TrimSpace(string(text)); trimmed == "" || trimmed == "null" {
		return nil, nil //nolint:nilnil // No object is not an error.
	}
	return parse(string(text), false)
}

func parse(text string, strict bool) (*Document, error) {
	if !utf8.ValidString(text) {
		return nil, errors.New("the text is not valid UTF-8")
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	p := parser{decoder: decoder, text: text, strict: strict}
	value, err := p.value(nil)
	if err != nil {
		return nil, err
	}
	if rest := strings.TrimLeft(text[decoder.InputOffset():], " \t\r\n"); rest != "" {
		offset := len(text) - len(rest)
		return nil, fmt.Errorf("there is more text after the JSON value, at %s%s", p.position(offset), p.character(offset))
	}
	members, ok := value.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("a JSON object such as {\"key\": \"value\"} is needed, this is %s%s", kind(value), adviceFor(value))
	}
	return &Document{members: members}, nil
}

func adviceFor(value any) string {
	if value == nil {
		return "; for an input that can be null write var.x == null ? null : jsonencode(var.x)"
	}
	return ""
}

type parser struct {
	decoder *json.Decoder
	text    string
	strict  bool
	inArray int
	// length is that of the pointer to the member at hand, pointers that of all leaves so far.
	length, pointers int
}

func (p *parser) value(path []string) (any, error) {
	token, err := p.decoder.Token()
	if err != nil {
		return nil, p.explain(err)
	}
	switch token := token.(type) {
	case json.Delim:
		if len(path) >= maxDepth {
			return nil, fmt.Errorf("objects and arrays are nested deeper than %d levels", maxDepth)
		}
		if token == '[' {
			return p.array(path)
		}
		return p.object(path)
	case json.Number:
		return NewNumber(token.String()), nil
	case string:
		return norm.NFC.String(token), nil
	default: // a boolean, or nil for null
		return token, nil
	}
}

func (p *parser) object(path []string) (any, error) {
	members := map[string]any{}
	for p.decoder.More() {
		before := int(p.decoder.InputOffset())
		token, err := p.decoder.Token()
		if err != nil {
			return nil, p.explain(err)
		}
		spelled, _ := token.(string) // Token takes nothing else for a key
		key := norm.NFC.String(spelled)
		if _, twice := members[key]; twice && p.strict {
			return nil, fmt.Errorf("the key %q is in the same object twice (the second time at %s); keep one of them",
				pointerOf(append(path, key)), p.position(before+strings.IndexByte(p.text[before:], '"')))
		}
		p.length += len(key) + 1
		value, err := p.value(append(path, key))
		if err != nil {
			return nil, err
		}
		if p.inArray == 0 && (!isObject(value) || isEmptyObject(value)) {
			if p.pointers += p.length; p.pointers > maxPointers {
				return nil, errors.New("the keys are too long, counted with the keys of the objects around them")
			}
		}
		p.length -= len(key) + 1
		members[key] = value
	}
	if _, err := p.decoder.Token(); err != nil {
		return nil, p.explain(err)
	}
	if p.inArray == 0 {
		maps.DeleteFunc(members, func(_ string, value any) bool { return value == nil })
	}
	return members, nil
}

func (p *parser) array(path []string) (any, error) {
	p.inArray++
	defer func() { p.inArray-- }()
	items := []any{}
	for p.decoder.More() {
		value, err := p.value(append(path, "-"))
		if err != nil {
			return nil, err
		}
		items = append(items, value)
	}
	if _, err := p.decoder.Token(); err != nil {
		return nil, p.explain(err)
	}
	return items, nil
}

func (p *parser) explain(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		if strings.TrimSpace(p.text) == "" {
			return errors.New("the text is empty; a JSON object such as {} is needed")
		}
		return errors.New("the JSON text ends too early")
	}
	// The offsets in the decoder's own errors are not those of the text.
	var whole json.RawMessage
	syntax := &json.SyntaxError{Offset: 1}
	errors.As(json.Unmarshal([]byte(p.text), &whole), &syntax)
	offset := int(syntax.Offset) - 1
	return fmt.Errorf("invalid JSON at %s%s", p.position(offset), p.character(offset))
}

// notJSON are words of other languages. Other words are not repeated: they can be values.
var notJSON = []string{"NaN", "Infinity", "None", "True", "False", "undefined"}

// character says what is wrong with the character at an offset: many editors show it as nothing, or as
// valid.
func (p *parser) character(offset int) string {
	if offset < 0 || offset >= len(p.text) {
		return ""
	}
	r, _ := utf8.DecodeRuneInString(p.text[offset:])
	switch {
	case r == '\ufeff':
		return ": the character U+FEFF, a byte order mark, which JSON does not have"
	case r == '/' || r == '#':
		return fmt.Sprintf(": %q begins a comment, which JSON does not have", r)
	case r == '\n' || r == '\r':
		return `: a string goes over the end of its line; write the line break as \n, or close the string with "`
	case r == '\t':
		return `: a string holds a tab; write it as \t`
	case r > 0x7f || r < ' ':
		return fmt.Sprintf(": the character %U is not part of JSON", r)
	case strings.ContainsRune("'`", r):
		return fmt.Sprintf(`: strings and keys are in double quotes ("), not in %c`, r)
	case (r == '}' || r == ']') && strings.HasSuffix(strings.TrimRight(p.text[:offset], " \t\r\n"), ","):
		return ": JSON has no comma after the last value; take it out"
	}
	for _, word := range notJSON {
		if strings.HasPrefix(p.text[offset:], word) {
			return fmt.Sprintf(": JSON has no %s; its words are true, false and null", word)
		}
	}
	return ""
}

// position says where in the text the character at an offset in bytes is.
func (p *parser) position(offset int) string {
	before := p.text[:max(0, min(offset, len(p.text)))]
	line := strings.Count(before, "\n") + 1
	column := utf8.RuneCountInString(before[strings.LastIndex(before, "\n")+1:]) + 1
	return fmt.Sprintf("line %d, column %d", line, column)
}

func kind(value any) string {
	switch value.(type) {
	case nil:
		return "null"
	case bool:
		return "a boolean"
	case Number:
		return "a number"
	case string:
		return "a string"
	case []any:
		return "an array"
	default:
		return "an object"
	}
}
