package ownership

import (
	"math/big"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestCanonicalNumber(t *testing.T) {
	t.Parallel()
	zeros := func(n int) string { return strings.Repeat("0", n) }
	tests := map[string]string{
		"0": "0", "-0": "0", "0.0": "0", "-0.00": "0", "0e5": "0", "0e-5": "0",
		"1": "1", "1.0": "1", "1e0": "1", "1E+0": "1", "10e-1": "1", "0.1e1": "1", "-1": "-1", "-1.0e0": "-1",
		"100": "100", "1e2": "100", "1.50": "1.5", "15e-1": "1.5", "150e-2": "1.5", "12.5e1": "125", "-12.5": "-12.5",
		"1e-5": "0.00001", "-1.5e-3": "-0.0015", "0.10": "0.1", "0.5": "0.5", "5e-1": "0.5", "123e-3": "0.123", "123e-2": "1.23",
		"9007199254740993":               "9007199254740993",
		"9007199254740993.0":             "9007199254740993",
		"123456789012345678901234567890": "123456789012345678901234567890",
		"0.1234567890123456789012345678": "0.1234567890123456789012345678",
		// Zeros are added up to 400 digits, and digits that are there always stay.
		"1e399":                     "1" + zeros(399),
		"1e400":                     "1e400",
		"12e398":                    "12" + zeros(398),
		"12e399":                    "12e399",
		"1" + zeros(400):            "1e400",
		"1" + zeros(399):            "1" + zeros(399),
		"1" + zeros(500) + "1":      "1" + zeros(500) + "1",
		"1e-400":                    "0." + zeros(399) + "1",
		"1e-401":                    "1e-401",
		"12e-400":                   "0." + zeros(398) + "12",
		"1.1e-400":                  "11e-401",
		"1" + zeros(450) + "1e-450": "10." + zeros(449) + "1",
		"1e1000000":                 "1e1000000",
		"1.5E+1000000":              "15e999999",
		"-1e-1000000":               "-1e-1000000",
		"1e1000000000":              "1e1000000000",
		"10e1000000000":             "1e1000000001",
		"1e-1000000000":             "1e-1000000000",
		"0.1e-1000000000":           "1e-1000000001",
		// Beyond that a number is comparable with its own spelling only.
		"10E1000000001":            "10e1000000001",
		"10E-1000000001":           "10e-1000000001",
		"0e99999999999999999999":   "0",
		"-0.0E-9999999999":         "0",
		"1e99999999999999999999":   "1e99999999999999999999",
		"-1e+99999999999999999999": "-1e+99999999999999999999",
	}
	for literal, want := range tests {
		if got := canonicalNumber(literal); got != want {
			t.Errorf("%.60s: got %.60s, want %.60s", literal, got, want)
		}
		if got := canonicalNumber(want); got != want {
			t.Errorf("%.60s is not stable: %.60s", want, got)
		}
	}
}

// numberLiteral draws the same few numbers in many spellings, so that equal ones
// meet.
func numberLiteral() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		sign := rapid.SampledFrom([]string{"", "", "-"}).Draw(t, "sign")
		digits := strings.TrimLeft(rapid.StringMatching(`[0-3]{0,4}(0{0,3})`).Draw(t, "digits"), "0")
		if digits == "" {
			digits = "0"
		}
		if rapid.Bool().Draw(t, "with fraction") {
			digits += "." + rapid.StringMatching(`[0-2]{1,3}0{0,2}`).Draw(t, "fraction")
		}
		if rapid.Bool().Draw(t, "with exponent") {
			digits += rapid.SampledFrom([]string{"e", "E", "e+", "E+"}).Draw(t, "e") + strconv.Itoa(rapid.IntRange(0, 5).Draw(t, "exponent"))
		} else if rapid.Bool().Draw(t, "with negative exponent") {
			digits += "e-" + strconv.Itoa(rapid.IntRange(0, 5).Draw(t, "exponent"))
		}
		return sign + digits
	})
}

// Numbers are equal exactly where their canonical forms are, and the canonical
// form is the number.
func TestCanonicalNumberLaws(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := numberLiteral().Draw(t, "a"), numberLiteral().Draw(t, "b")
		ca, cb := canonicalNumber(a), canonicalNumber(b)
		ra, okA := new(big.Rat).SetString(a)
		rb, okB := new(big.Rat).SetString(b)
		rc, okC := new(big.Rat).SetString(ca)
		if !okA || !okB || !okC {
			t.Fatalf("not numbers: %s %s %s", a, b, ca)
		}
		if ra.Cmp(rc) != 0 {
			t.Fatalf("%s became %s", a, ca)
		}
		if (ra.Cmp(rb) == 0) != (ca == cb) {
			t.Fatalf("%s is %s, %s is %s", a, ca, b, cb)
		}
		if strings.ContainsAny(ca, "eE+") || strings.Contains(ca, ".") && strings.HasSuffix(ca, "0") {
			t.Fatalf("%s is not the plain form of %s", ca, a)
		}
	})
}
