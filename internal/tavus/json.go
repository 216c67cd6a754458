package tavus

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxDepth caps the nesting of an answer. Real documents nest less than ten
// deep; the cap keeps recursive code, here and in callers, away from the end
// of the stack.
const maxDepth = 100

var (
	errNotUTF8 = errors.New("the answer is not valid UTF-8")
	errTooDeep = fmt.Errorf("the answer nests deeper than %d levels", maxDepth)
)

// checkJSON checks a whole answer (RFC 8259): UTF-8, depth, syntax.
func checkJSON(body []byte) error {
	if !utf8.Valid(body) {
		return errNotUTF8
	}
	depth, inString := 0, false
	for i := 0; i < len(body); i++ {
		switch b := body[i]; {
		case inString && b == '\\':
			i++
		case b == '"':
			inString = !inString
		case inString:
		case b == '{' || b == '[':
			if depth++; depth > maxDepth {
				return errTooDeep
			}
		case b == '}' || b == ']':
			depth--
		}
	}
	if !json.Valid(body) {
		return errors.New("the answer is not JSON" + describeBody(body))
	}
	return nil
}

func describeBody(body []byte) string {
	if len(bytes.TrimSpace(body)) == 0 {
		return " (it is empty)"
	}
	return ""
}

// object reads the fields of a JSON object and remembers the first error.
// A map, not a struct: encoding/json would also take "Pal_ID" for "pal_id".
// Of duplicate keys the last one wins.
type object struct {
	fields map[string]json.RawMessage
	err    error
}

// newObject expects text that passed checkJSON.
func newObject(raw []byte, what string) (*object, error) {
	if kind := kindOf(raw); kind != "an object" {
		return nil, fmt.Errorf("%s is not an object but %s", what, kind)
	}
	o := &object{}
	if err := json.Unmarshal(raw, &o.fields); err != nil {
		return nil, fmt.Errorf("%s is not a JSON object", what)
	}
	return o, nil
}

func (o *object) wrong(name, want string) {
	if o.err == nil {
		o.err = fmt.Errorf("the field %s is not %s but %s", name, want, kindOf(o.fields[name]))
	}
}

func (o *object) has(names ...string) bool {
	for _, name := range names {
		if _, ok := o.fields[name]; !ok {
			return false
		}
	}
	return true
}

func (o *object) isNull(name string) bool {
	kind := kindOf(o.fields[name])
	return kind == "null" || kind == "nothing"
}

func (o *object) str(name string) string {
	var s string
	if !o.isNull(name) && json.Unmarshal(o.fields[name], &s) != nil {
		o.wrong(name, "a string")
	}
	return s
}

// id returns an id, which a person may paste into a shell: "" with an error
// where it holds a control character.
func (o *object) id(name string) string {
	s := o.str(name)
	if !strings.ContainsFunc(s, unicode.IsControl) {
		return s
	}
	if o.err == nil {
		o.err = fmt.Errorf("the field %s holds a control character", name)
	}
	return ""
}

func (o *object) boolean(name string) bool {
	var b bool
	if !o.isNull(name) && json.Unmarshal(o.fields[name], &b) != nil {
		o.wrong(name, "a boolean")
	}
	return b
}

// rawObject returns the text of an object as the server wrote it.
func (o *object) rawObject(name string) json.RawMessage {
	if o.isNull(name) {
		return nil
	}
	if kindOf(o.fields[name]) != "an object" {
		o.wrong(name, "an object")
		return nil
	}
	return bytes.Clone(bytes.TrimSpace(o.fields[name]))
}

func (o *object) strs(name string) []string {
	if o.isNull(name) {
		return nil
	}
	var items []json.RawMessage
	if json.Unmarshal(o.fields[name], &items) != nil {
		o.wrong(name, "a list of strings")
		return nil
	}
	list := make([]string, len(items))
	for i, item := range items {
		if kindOf(item) != "a string" || json.Unmarshal(item, &list[i]) != nil {
			if o.err == nil {
				o.err = fmt.Errorf("the field %s[%d] is not a string but %s", name, i, kindOf(item))
			}
			return nil
		}
	}
	return list
}

// count returns a whole number, or nil where the number is none that a counter
// can have (1.5, 1e400). A counter is never worth a failed run; another type is.
func (o *object) count(name string) *int64 {
	if o.isNull(name) {
		return nil
	}
	var n json.Number
	if kindOf(o.fields[name]) != "a number" || json.Unmarshal(o.fields[name], &n) != nil {
		o.wrong(name, "a number")
		return nil
	}
	return wholeNumber(n.String())
}

func wholeNumber(text string) *int64 {
	d := parseDecimal(text)
	if d.exp == nil || d.exp.Sign() < 0 || d.exp.Cmp(big.NewInt(20)) > 0 {
		return nil
	}
	digits := d.digits + strings.Repeat("0", int(d.exp.Int64()))
	if digits == "" {
		digits = "0"
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return nil
	}
	if d.negative {
		n = -n
	}
	return &n
}

// decimal is a JSON number by value: digits times ten to the power of exp, with
// no zero at either end of digits. Zero has no digits. It never expands the
// exponent, so 1e1000000000 costs nothing. exp is nil for text that is no number.
type decimal struct {
	negative bool
	digits   string
	exp      *big.Int
}

func parseDecimal(text string) decimal {
	var d decimal
	text, d.negative = strings.CutPrefix(text, "-")
	mantissa, exponent := text, "0"
	if i := strings.IndexAny(text, "eE"); i >= 0 {
		mantissa, exponent = text[:i], strings.TrimPrefix(text[i+1:], "+")
	}
	// A longer exponent is text for no number that anybody means, and slow to parse.
	if len(exponent) > 1000 {
		return decimal{}
	}
	exp, ok := new(big.Int).SetString(exponent, 10)
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := whole + fraction
	if !ok || digits == "" || strings.Trim(digits, "0123456789") != "" {
		return decimal{}
	}
	exp.Sub(exp, big.NewInt(int64(len(fraction))))
	digits = strings.TrimLeft(digits, "0")
	short := strings.TrimRight(digits, "0")
	exp.Add(exp, big.NewInt(int64(len(digits)-len(short))))
	if short == "" {
		return decimal{exp: big.NewInt(0)}
	}
	d.digits, d.exp = short, exp
	return d
}

// key is the same for equal numbers and different for others.
func (d decimal) key(text string) string {
	if d.exp == nil {
		return text
	}
	sign := ""
	if d.negative {
		sign = "-"
	}
	return sign + d.digits + "e" + d.exp.String()
}

// kindOf names the type of a JSON value for a person.
func kindOf(raw []byte) string {
	raw = bytes.TrimLeft(raw, " \t\r\n")
	if len(raw) == 0 {
		return "nothing"
	}
	switch raw[0] {
	case '{':
		return "an object"
	case '[':
		return "a list"
	case '"':
		return "a string"
	case 't', 'f':
		return "a boolean"
	case 'n':
		return "null"
	}
	return "a number"
}

// appendStrings adds every string value in raw to list, keys excepted.
func appendStrings(list []string, raw []byte) []string {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var value any
	if decoder.Decode(&value) != nil {
		return list
	}
	return appendAny(list, value)
}

func appendAny(list []string, value any) []string {
	switch v := value.(type) {
	case string:
		return append(list, v)
	case []any:
		for _, item := range v {
			list = appendAny(list, item)
		}
	case map[string]any:
		for _, item := range v {
			list = appendAny(list, item)
		}
	}
	return list
}
