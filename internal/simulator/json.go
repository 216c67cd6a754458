package simulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/big"
	"slices"
	"strconv"
)

// decodeJSON reads exactly one JSON value; numbers become json.Number.
func decodeJSON(text []byte) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one JSON value")
	}
	return value, nil
}

// encodeJSON writes a value the way an HTTP API does: no escapes for HTML.
func encodeJSON(value any) []byte {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		// Only a caller of Put or Edit can get here, with a Go value
		// that JSON has no form for. That is a mistake in a test.
		panic(fmt.Sprintf("simulator: a document that JSON cannot hold: %v", err))
	}
	return bytes.TrimRight(buffer.Bytes(), "\n")
}

// plain turns a document with any Go values in it, such as []string or int,
// into one of JSON's own types. The result shares nothing with the input.
func plain(doc map[string]any) map[string]any {
	value, err := decodeJSON(encodeJSON(doc))
	if err != nil {
		panic(fmt.Sprintf("simulator: a document that JSON cannot hold: %v", err))
	}
	result, ok := value.(map[string]any)
	if !ok {
		return map[string]any{}
	}
	return result
}

func deepCopy(value any) any {
	switch value := value.(type) {
	case map[string]any:
		result := make(map[string]any, len(value))
		for key, member := range value {
			result[key] = deepCopy(member)
		}
		return result
	case []any:
		result := make([]any, len(value))
		for i, element := range value {
			result[i] = deepCopy(element)
		}
		return result
	default:
		return value
	}
}

func copyDoc(doc map[string]any) map[string]any {
	result, _ := deepCopy(doc).(map[string]any)
	return result
}

// same compares two JSON values; numbers by value, so 1 is 1.0.
func same(a, b any) bool {
	switch a := a.(type) {
	case map[string]any:
		b, ok := b.(map[string]any)
		return ok && maps.EqualFunc(a, b, same)
	case []any:
		b, ok := b.([]any)
		return ok && slices.EqualFunc(a, b, same)
	case json.Number:
		b, ok := b.(json.Number)
		return ok && sameNumber(a, b)
	default:
		return a == b
	}
}

// sameNumber compares with far more digits than anybody writes, and with any exponent.
func sameNumber(a, b json.Number) bool {
	x, okX := new(big.Float).SetPrec(2048).SetString(string(a))
	y, okY := new(big.Float).SetPrec(2048).SetString(string(b))
	return okX && okY && x.Cmp(y) == 0
}

func textOf(value any) string {
	text, _ := value.(string)
	return text
}

func jsonInt(n int) json.Number { return json.Number(strconv.Itoa(n)) }
