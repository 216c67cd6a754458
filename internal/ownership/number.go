package ownership

import (
	"strconv"
	"strings"
)

// Number is a JSON number in canonical form.
type Number string

// NewNumber brings a JSON number into canonical form.
func NewNumber(literal string) Number { return Number(canonicalNumber(literal)) }

// maxPlain is the longest run of digits that zeros are added up to. What is
// larger or smaller keeps an exponent: 1e1000000 is nine characters on the
// wire and must not become a million in memory.
const maxPlain = 400

// canonicalNumber brings a JSON number (RFC 8259, section 6) into the form that
// Terraform's jsonencode writes: no exponent, no needless zero. Two numbers are
// equal exactly where their canonical forms are. It works on the digits alone,
// so no precision is lost.
func canonicalNumber(literal string) string {
	literal = strings.ToLower(literal)
	text, negative := strings.CutPrefix(literal, "-")
	text, power, powered := strings.Cut(text, "e")
	exponent := 0
	if powered {
		e, err := strconv.Atoi(power)
		if err != nil || e > 1e9 || e < -1e9 {
			if strings.Trim(text, "0.") == "" {
				return "0"
			}
			// Out of every range: comparable with its own spelling only.
			return literal
		}
		exponent = e
	}
	whole, fraction, _ := strings.Cut(text, ".")
	digits := whole + fraction
	exponent -= len(fraction)

	trimmed := strings.TrimRight(digits, "0")
	exponent += len(digits) - len(trimmed)
	digits = strings.TrimLeft(trimmed, "0")
	if digits == "" {
		return "0"
	}
	sign := ""
	if negative {
		sign = "-"
	}
	exponential := sign + digits + "e" + strconv.Itoa(exponent)
	point := len(digits) + exponent // where the point stands among the digits
	if exponent >= 0 {
		if exponent > 0 && point > maxPlain {
			return exponential
		}
		return sign + digits + strings.Repeat("0", exponent)
	}
	if point > 0 {
		return sign + digits[:point] + "." + digits[point:]
	}
	if -exponent > maxPlain {
		return exponential
	}
	return sign + "0." + strings.Repeat("0", -point) + digits
}
