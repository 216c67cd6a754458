package contract

import (
	"bytes"
	"encoding/json"
)

// tame replaces numbers beyond the range of a 64-bit float, which JSON allows
// and the library cannot read, by 0. The contract has nothing to say about
// their size. Text that is not JSON comes back as it is.
func tame(text []byte) []byte {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil || decoder.More() {
		return text
	}
	value, changed := tameValue(value)
	if !changed {
		return text
	}
	tamed, err := json.Marshal(value)
	if err != nil {
		return text
	}
	return tamed
}

func tameValue(value any) (result any, changed bool) {
	switch value := value.(type) {
	case json.Number:
		if _, err := value.Float64(); err != nil {
			return json.Number("0"), true
		}
	case map[string]any:
		for key, member := range value {
			tamed, did := tameValue(member)
			value[key], changed = tamed, changed || did
		}
		return value, changed
	case []any:
		for i, element := range value {
			tamed, did := tameValue(element)
			value[i], changed = tamed, changed || did
		}
		return value, changed
	}
	return value, false
}
