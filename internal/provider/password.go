package provider

import (
	"slices"
	"strings"
	"unicode"
)

// passwordProblem says why visitors cannot easily type a password, without its value.
func passwordProblem(password string) string {
	switch {
	case password == "":
		return ""
	case strings.HasSuffix(password, "\n"):
		return "ends with a line break; use trimspace() where it comes from a file."
	case strings.TrimSpace(password) != password:
		return "begins or ends with white space; use trimspace() where it comes from a file."
	case slices.ContainsFunc([]rune(password), unicode.IsControl):
		return "holds a control character."
	case strings.ContainsAny(password, "\u00ad\u200b\u2060\ufeff"):
		return "holds an invisible character, such as a zero-width space or a byte order mark."
	case strings.Trim(password, "*•") == "":
		return "is only a mask, such as a page shows in the place of a hidden password."
	}
	return ""
}
