package ownership

import (
	"iter"
	"slices"
	"strings"
)

var (
	tokenEscaper   = strings.NewReplacer("~", "~0", "/", "~1")
	tokenUnescaper = strings.NewReplacer("~1", "/", "~0", "~")
)

// escapeToken writes a key as a reference token (RFC 6901, section 3).
func escapeToken(key string) string {
	if !strings.ContainsAny(key, "~/") {
		return key
	}
	return tokenEscaper.Replace(key)
}

func unescapeToken(token string) string {
	if !strings.Contains(token, "~") {
		return token
	}
	return tokenUnescaper.Replace(token)
}

// validPointer reports whether a pointer names a leaf, in the spelling that this
// package gives it.
func validPointer(pointer string) bool {
	if !strings.HasPrefix(pointer, "/") {
		return false
	}
	for token := range strings.SplitSeq(pointer[1:], "/") {
		if escapeToken(unescapeToken(token)) != token {
			return false
		}
	}
	return true
}

func pointerOf(path []string) string {
	var b strings.Builder
	for _, key := range path {
		b.WriteByte('/')
		b.WriteString(escapeToken(key))
	}
	return b.String()
}

// tokenEnd returns where the token that begins at start ends.
func tokenEnd(pointer string, start int) int {
	if i := strings.IndexByte(pointer[start:], '/'); i >= 0 {
		return start + i
	}
	return len(pointer)
}

// Parents lists the pointers of the objects around a leaf, the outermost first, without the root.
func Parents(pointer string) []string { return slices.Collect(parents(pointer)) }

// parents yields the pointers of the objects around a leaf, the outermost
// first. The root is not among them.
func parents(pointer string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := 1; i < len(pointer); i++ {
			if pointer[i] == '/' && !yield(pointer[:i]) {
				return
			}
		}
	}
}

// parent returns the pointer around a leaf; "" is the root.
func parent(pointer string) string {
	return pointer[:strings.LastIndexByte(pointer, '/')]
}
