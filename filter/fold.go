package filter

import (
	"strings"
	"unicode/utf8"

	"github.com/muster-scim/muster/schema"
)

// Values whose letter case does not count are compared by their prepared key,
// the one that stores index by. Making a key may allocate, but nearly all
// values are ASCII, where the key is the text in lower case, and those are
// compared without making it.

// foldKey returns the prepared key of text.
func foldKey(p schema.Path, text string) string { return fold(p, text) }

// passesFolded compares the key of text.
func (t *test) passesFolded(text string) bool {
	if !isASCII(text) {
		return t.passesText(foldKey(t.fold, text))
	}
	switch t.op {
	case Eq:
		return len(text) == len(t.key) && compareASCII(text, t.key) == 0
	case Sw:
		return len(text) >= len(t.key) && compareASCII(text[:len(t.key)], t.key) == 0
	case Ew:
		return len(text) >= len(t.key) && compareASCII(text[len(text)-len(t.key):], t.key) == 0
	case Co:
		return containsASCII(text, t.key)
	default:
		return t.op.holds(compareASCII(text, t.key))
	}
}

// compareASCII compares text, which is ASCII, in lower case with key.
func compareASCII(text, key string) int {
	n := min(len(text), len(key))
	for i := range n {
		if c, k := lower(text[i]), key[i]; c != k {
			return int(c) - int(k)
		}
	}
	return len(text) - len(key)
}

// compareFolded compares the keys of two texts.
func compareFolded(p schema.Path, a, b string) int {
	if !isASCII(a) || !isASCII(b) {
		return strings.Compare(foldKey(p, a), foldKey(p, b))
	}
	for i := range min(len(a), len(b)) {
		if c, d := lower(a[i]), lower(b[i]); c != d {
			return int(c) - int(d)
		}
	}
	return len(a) - len(b)
}

// containsASCII reports whether text, which is ASCII, contains key when in
// lower case. The search itself is the one of package strings, whose time does
// not depend on how often the start of key occurs.
func containsASCII(text, key string) bool {
	if len(key) > len(text) {
		return false
	}
	var room [256]byte
	if len(text) > len(room) {
		return strings.Contains(strings.ToLower(text), key)
	}
	for i := range len(text) {
		room[i] = lower(text[i])
	}
	return strings.Contains(string(room[:len(text)]), key)
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// fold stands in for the key function of package schema.
func fold(_ schema.Path, text string) string { return strings.ToLower(text) }
