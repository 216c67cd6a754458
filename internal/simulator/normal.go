package simulator

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// fillDefaults puts the server's own settings under the ones of the document.
func fillDefaults(doc map[string]any) {
	for _, key := range []string{"customization", "limits"} {
		own, isObject := doc[key].(map[string]any)
		if doc[key] != nil && !isObject {
			continue // a test put something else there on purpose
		}
		if own == nil {
			own = map[string]any{}
		}
		mergeUnder(own, defaults(key))
		doc[key] = own
	}
}

// defaults are settings whose keys the documentation names; their values are
// made up.
func defaults(key string) map[string]any {
	if key == "limits" {
		return map[string]any{
			"max_call_duration":         json.Number("3600"),
			"daily_call_limit_per_user": json.Number("5"),
		}
	}
	return map[string]any{
		"show_haircheck": true,
		"theme":          map[string]any{"mode": "light", "radius": json.Number("8")},
		"widget":         map[string]any{"text": "Talk to us"},
	}
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

// normalise rewrites the parts of doc that differ from before, as the
// switches say. Parts that nobody changed stay, also where a switch was moved
// since they were written. before may be nil.
func normalise(o Options, before, doc map[string]any) {
	if name, ok := doc["name"].(string); ok && o.Names == NamesStripped && !same(doc["name"], before["name"]) {
		doc["name"] = stripName(name)
	}
	if origins, ok := doc["allowed_origins"].([]any); ok && !same(doc["allowed_origins"], before["allowed_origins"]) {
		doc["allowed_origins"] = normaliseOrigins(o, origins)
	}
	for _, key := range []string{"customization", "limits"} {
		if doc[key] != nil {
			doc[key] = normaliseValue(o, before[key], doc[key])
		}
	}
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

func normaliseOrigins(o Options, origins []any) []any {
	result := slices.Clone(origins)
	if o.Origins == OriginsLowered {
		for i, origin := range result {
			if text, ok := origin.(string); ok {
				result[i] = strings.TrimSuffix(strings.ToLower(text), "/")
			}
		}
	}
	if o.Lists == ListsReordered {
		sortDescending(result)
	}
	return result
}

func sortDescending(list []any) {
	slices.SortStableFunc(list, func(a, b any) int {
		return bytes.Compare(encodeJSON(b), encodeJSON(a))
	})
}

var colour = regexp.MustCompile(`^#(?:[0-9A-Fa-f]{3}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})$`)

func normaliseValue(o Options, before, value any) any {
	switch value := value.(type) {
	case map[string]any:
		was, _ := before.(map[string]any)
		for key, member := range value {
			old, had := was[key]
			if had && same(old, member) {
				continue
			}
			member = normaliseValue(o, old, member)
			inner, isObject := member.(map[string]any)
			if member == nil && o.Nulls == NullsDropped ||
				isObject && len(inner) == 0 && o.EmptyObjects == EmptyObjectsDropped {
				delete(value, key)
				continue
			}
			value[key] = member
		}
		return value
	case []any:
		if same(before, value) {
			return value
		}
		result := make([]any, len(value))
		for i, element := range value {
			result[i] = normaliseValue(o, nil, element)
		}
		if o.Lists == ListsReordered {
			sortDescending(result)
		}
		return result
	case string:
		if o.Colours == ColoursLowered && colour.MatchString(value) {
			return lowerColour(value)
		}
		return value
	case json.Number:
		if o.Numbers == NumbersRounded {
			return roundNumber(value)
		}
		return value
	default:
		return value
	}
}

func lowerColour(text string) string {
	text = strings.ToLower(text)
	if len(text) != len("#fff") {
		return text
	}
	var long strings.Builder
	long.WriteByte('#')
	for _, digit := range text[1:] {
		long.WriteRune(digit)
		long.WriteRune(digit)
	}
	return long.String()
}

// roundNumber keeps what a 64-bit float can hold.
func roundNumber(number json.Number) json.Number {
	float, err := strconv.ParseFloat(string(number), 64)
	if err != nil {
		return number // out of range: there is no such float to write
	}
	text, err := json.Marshal(float)
	if err != nil {
		return number
	}
	return json.Number(text)
}
