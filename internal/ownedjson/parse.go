package ownedjson

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

// maxDepth is how deep arrays and objects may be nested. It bounds the stack
// that a document can take.
const maxDepth = 500

// maxPointers bounds the length in bytes of all pointers of a document. Every leaf
// has one, and a long key stands in the pointer of each leaf under it: without a
// bound, a small document could take memory with the square of its size.
const maxPointers = 32 << 20

// number is a JSON number in canonical form.
type number string

// Object is a JSON object. Its values are bool, string, number, []any and
// map[string]any; nil stands inside arrays only, because a key whose value is
// null counts as not written. An Object is never changed once it is parsed. The
// nil *Object stands for no object at all and behaves as an empty one.
type Object struct {
	members map[string]any
	notes   *notes // of a server's object only
}

// ParseConfig parses what a user wrote. The text must be one JSON object (RFC
// 8259), valid UTF-8, without duplicate keys. Errors name keys and positions,
// never values.
func ParseConfig(text string) (*Object, error) {
	return parse(text, true)
}

// ParseServer parses what a server answered. Of duplicate keys the last one
// counts, as in most readers of JSON; of keys that are the same in Unicode form
// NFC, the one in that form. Empty text and null are no object at all, the nil
// *Object.
func ParseServer(text []byte) (*Object, error) {
	if trimmed := strings.TrimSpace(string(text)); trimmed == "" || trimmed == "null" {
		return nil, nil //nolint:nilnil // No object is not an error.
	}
	return parse(string(text), false)
}

func parse(text string, strict bool) (*Object, error) {
	if !utf8.ValidString(text) {
		return nil, errors.New("the text is not valid UTF-8")
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	p := parser{decoder: decoder, text: text, strict: strict}
	value, notes, err := p.value(nil)
	if err != nil {
		return nil, err
	}
	if rest := strings.TrimLeft(text[decoder.InputOffset():], " \t\r\n"); rest != "" {
		return nil, fmt.Errorf("there is more text after the JSON value, at %s", p.position(len(text)-len(rest)))
	}
	members, ok := value.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("a JSON object such as {\"key\": \"value\"} is needed, this is %s", kind(value))
	}
	return &Object{members: members, notes: notes}, nil
}

type parser struct {
	decoder *json.Decoder
	text    string
	strict  bool
	inArray int
	// length is that of the pointer to the member at hand, pointers that of all leaves
	// so far.
	length, pointers int
}

func (p *parser) value(path []string) (any, *notes, error) {
	token, err := p.decoder.Token()
	if err != nil {
		return nil, nil, p.explain(err)
	}
	switch token := token.(type) {
	case json.Delim:
		if len(path) >= maxDepth {
			return nil, nil, fmt.Errorf("objects and arrays are nested deeper than %d levels", maxDepth)
		}
		if token == '[' {
			items, err := p.array(path)
			return items, nil, err
		}
		return p.object(path)
	case json.Number:
		return number(canonicalNumber(token.String())), nil, nil
	case string:
		return norm.NFC.String(token), nil, nil
	default: // a boolean, or nil for null
		return token, nil, nil
	}
}

func (p *parser) object(path []string) (map[string]any, *notes, error) {
	members, noted := map[string]any{}, notes{}
	for p.decoder.More() {
		before := int(p.decoder.InputOffset())
		token, err := p.decoder.Token()
		if err != nil {
			return nil, nil, p.explain(err)
		}
		spelled, _ := token.(string) // Token takes nothing else for a key
		key := norm.NFC.String(spelled)
		_, twice := members[key]
		if twice && p.strict {
			return nil, nil, fmt.Errorf("the key %q stands twice in the same object (second time at %s); keep one of them",
				pointerOf(append(path, key)), p.position(before+strings.IndexByte(p.text[before:], '"')))
		}
		p.length += len(key) + 1
		value, inside, err := p.value(append(path, key))
		if err != nil {
			return nil, nil, err
		}
		if p.inArray == 0 && (!isObject(value) || isEmptyObject(value)) {
			if p.pointers += p.length; p.pointers > maxPointers {
				return nil, nil, errors.New("the keys are too long, counted with the keys of the objects around them")
			}
		}
		p.length -= len(key) + 1
		if twice && spelled != key && noted.spelled[key] == "" {
			continue
		}
		members[key] = value
		if !p.strict {
			noted.member(key, spelled, inside)
		}
	}
	if _, err := p.decoder.Token(); err != nil {
		return nil, nil, p.explain(err)
	}
	if p.inArray > 0 {
		return members, nil, nil
	}
	all := len(members)
	maps.DeleteFunc(members, func(_ string, value any) bool { return value == nil })
	noted.nulls = len(members) < all
	return members, noted.orNil(), nil
}

func (p *parser) array(path []string) ([]any, error) {
	p.inArray++
	defer func() { p.inArray-- }()
	items := []any{}
	for p.decoder.More() {
		value, _, err := p.value(append(path, "-"))
		if err != nil {
			return nil, err
		}
		items = append(items, value)
	}
	_, err := p.decoder.Token()
	return items, p.explain(err)
}

func (p *parser) explain(err error) error {
	if err == nil {
		return nil
	}
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
	return fmt.Errorf("invalid JSON at %s", p.position(int(syntax.Offset)-1))
}

// position says where in the text the character at an offset in bytes stands.
func (p *parser) position(offset int) string {
	before := p.text[:offset]
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
	case number:
		return "a number"
	case string:
		return "a string"
	case []any:
		return "an array"
	default:
		return "an object"
	}
}
