package simulator

import (
	"encoding/json"
	"slices"
)

// fits reports whether a value has the type of the shape.
func (is shape) fits(value any) bool {
	switch is {
	case aText:
		_, fits := value.(string)
		return fits
	case aNumber:
		_, fits := value.(json.Number)
		return fits
	case aFlag:
		_, fits := value.(bool)
		return fits
	case anObject:
		_, fits := value.(map[string]any)
		return fits
	case aTextList:
		list, fits := value.([]any)
		return fits && !slices.ContainsFunc(list, func(item any) bool { return !aText.fits(item) })
	case aList:
		_, fits := value.([]any)
		return fits
	case anything:
	}
	return true
}

func (is shape) String() string {
	return [...]string{"a string", "a number", "true or false", "an object", "an array of strings", "an array", "anything"}[is]
}
