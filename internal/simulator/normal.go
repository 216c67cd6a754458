package simulator

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// fillUnder puts the server's own settings under the ones of a member.
func fillUnder(doc map[string]any, key string, settings map[string]any) {
	own, _ := doc[key].(map[string]any)
	if own == nil {
		own = map[string]any{}
	}
	mergeUnder(own, settings)
	doc[key] = own
}

// mergeUnder adds what the document lacks. What stands there stays, null too.
func mergeUnder(doc, under map[string]any) {
	for key, value := range under {
		present, has := doc[key]
		if !has {
			doc[key] = value
			continue
		}
		inner, isObject := present.(map[string]any)
		innerUnder, underIsObject := value.(map[string]any)
		if isObject && underIsObject {
			mergeUnder(inner, innerUnder)
		}
	}
}

// normalise rewrites the members of doc that differ from before, as the
// switches say. before may be nil.
func (s *Simulator) normalise(k *kind, before, doc map[string]any) {
	for _, m := range k.members {
		value, has := doc[m.name]
		if !has || !m.written() || same(value, before[m.name]) {
			continue
		}
		switch value := value.(type) {
		case string:
			doc[m.name] = s.normalText(value, m.name == k.name)
		case []any, map[string]any:
			doc[m.name] = s.normalValue(deepCopy(value))
		}
	}
	if k.normal != nil {
		k.normal(s, before, doc)
	}
}

func (s *Simulator) normalText(value string, isName bool) string {
	if isName && s.is("names", "stripped") {
		return stripName(value)
	}
	if s.is("texts", "trimmed") {
		return strings.TrimSpace(value)
	}
	return value
}

// stripName does what the API does to the names of PALs: punctuation is lost.
func stripName(name string) string {
	name = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsSpace(r) {
			return r
		}
		return -1
	}, name)
	return strings.Join(strings.Fields(name), " ")
}

// lowered is the list with its texts in lower case.
func lowered(list []any) []any {
	result := slices.Clone(list)
	for i, item := range result {
		if text, isText := item.(string); isText {
			result[i] = strings.ToLower(text)
		}
	}
	return result
}

func sortDescending(list []any) {
	slices.SortStableFunc(list, func(a, b any) int {
		return bytes.Compare(encodeJSON(b), encodeJSON(a))
	})
}

var colour = regexp.MustCompile(`^#(?:[0-9A-Fa-f]{3}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})$`)

func (s *Simulator) normalValue(value any) any {
	switch value := value.(type) {
	case map[string]any:
		for key, member := range value {
			member = s.normalValue(member)
			inner, isObject := member.(map[string]any)
			if member == nil && s.is("nulls", "dropped") ||
				isObject && len(inner) == 0 && s.is("empty-objects", "dropped") {
				delete(value, key)
				continue
			}
			value[key] = member
		}
	case []any:
		for i, element := range value {
			value[i] = s.normalValue(element)
		}
		if s.is("lists", "reordered") {
			sortDescending(value)
		}
	case string:
		if s.is("colours", "lowered") && colour.MatchString(value) {
			return strings.ToLower(value)
		}
	case json.Number:
		if s.is("numbers", "rounded") {
			return roundNumber(value)
		}
	}
	return value
}

// roundNumber keeps what a 64-bit float can hold.
func roundNumber(number json.Number) json.Number {
	float, err := number.Float64()
	if err != nil {
		return number // out of range: there is no such float to write
	}
	return json.Number(encodeJSON(float))
}
