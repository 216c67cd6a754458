package tavus

import (
	"bytes"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// fits says whether d can be what req made. A server may fill in defaults and
// rewrite what was sent: names lose their punctuation, colours get another
// spelling, lists another order. So what was sent must be there, folded, and
// more may be there.
func fits(req *CreateRequest, d *Deployment) bool {
	return d.PalID == req.PalID && d.Channel == req.Channel &&
		(req.Name == nil || fold(*req.Name) == fold(d.Name)) &&
		d.HasPassword == (req.Password != "") &&
		fitsObject(req.Customization, d.Customization) &&
		fitsObject(req.Limits, d.Limits) &&
		(req.AllowedOrigins == nil || maps.Equal(foldedSet(req.AllowedOrigins), foldedSet(d.AllowedOrigins)))
}

func fitsObject(sent, have json.RawMessage) bool {
	if sent == nil {
		return true
	}
	return fitsValue(decodeAny(sent), decodeAny(have))
}

func decodeAny(raw json.RawMessage) any {
	if len(raw) == 0 {
		return nil
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber() // float64 would make different numbers equal.
	var value any
	if decoder.Decode(&value) != nil {
		return nil
	}
	return value
}

// fitsValue compares without regard to spelling. In an object, null counts as
// not sent, and what is empty may be absent.
func fitsValue(sent, have any) bool {
	switch sent := sent.(type) {
	case string:
		if have == nil {
			return sent == ""
		}
		text, ok := have.(string)
		return ok && foldValue(sent) == foldValue(text)
	case json.Number:
		number, ok := have.(json.Number)
		return ok && sameNumber(sent.String(), number.String())
	case []any:
		list, ok := have.([]any)
		return (ok || have == nil) && fitsList(sent, list)
	case map[string]any:
		object, ok := have.(map[string]any)
		if !ok && have != nil {
			return false
		}
		for key, value := range sent {
			if value != nil && !fitsValue(value, object[key]) {
				return false
			}
		}
		return true
	}
	return sent == have // null and booleans
}

// sameNumber also takes what a server makes of a number that keeps all of them
// as 64-bit floats (RFC 8259, section 6): 9007199254740993 comes back as 9007199254740992.
func sameNumber(sent, have string) bool {
	if parseDecimal(sent).key(sent) == parseDecimal(have).key(have) {
		return true
	}
	a, errA := strconv.ParseFloat(sent, 64)
	b, errB := strconv.ParseFloat(have, 64)
	return errA == nil && errB == nil && a == b
}

// maxMatching is the length of a list up to which the order does not matter.
// The time grows with the cube of it in the worst case.
const maxMatching = 200

// fitsList finds a partner in have for each item of sent, in any order. Items
// of sent may fit several partners, because objects fit larger ones, so the
// first partner that fits may have to be given up again (a bipartite matching).
func fitsList(sent, have []any) bool {
	n := len(sent)
	if n != len(have) {
		return false
	}
	if n > maxMatching {
		return slices.EqualFunc(sent, have, fitsValue)
	}
	// Each pair is compared once: in nested lists, twice at every level would
	// double the work at every level.
	known := make([]int8, n*n)
	fit := func(i, j int) bool {
		at := &known[i*n+j]
		if *at == 0 {
			*at = -1
			if fitsValue(sent[i], have[j]) {
				*at = 1
			}
		}
		return *at > 0
	}
	owner := make([]int, n) // index in sent plus one
	var place func(i int, tried []bool) bool
	place = func(i int, tried []bool) bool {
		for k := range n {
			j := (i + k) % n // Most lists keep their order.
			if tried[j] || !fit(i, j) {
				continue
			}
			tried[j] = true
			if owner[j] == 0 || place(owner[j]-1, tried) {
				owner[j] = i + 1
				return true
			}
		}
		return false
	}
	for i := range n {
		if !place(i, make([]bool, n)) {
			return false
		}
	}
	return true
}

// fold keeps letters and digits, in lower case.
func fold(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}

var (
	shortColour = regexp.MustCompile(`^#[0-9a-fA-F]{3,4}$`)
	fullColour  = regexp.MustCompile(`^#[0-9a-fA-F]{6}([fF]{2})?$`)
)

// foldValue folds a setting. #FFF, #ffffff and #FFFFFFFF are one colour (CSS Color 4, section 5.2).
func foldValue(text string) string {
	trimmed := strings.TrimSpace(text)
	if shortColour.MatchString(trimmed) {
		var b strings.Builder
		for _, digit := range trimmed[1:] {
			b.WriteRune(digit)
			b.WriteRune(digit)
		}
		trimmed = "#" + b.String()
	}
	if fullColour.MatchString(trimmed) {
		trimmed = trimmed[:7]
	}
	return fold(trimmed)
}

func foldedSet(list []string) map[string]bool {
	set := map[string]bool{}
	for _, text := range list {
		set[fold(text)] = true
	}
	return set
}
