package filter

import (
	"strings"
	"unicode/utf8"

	"github.com/muster-scim/muster/schema"
)

// Texts whose letter case does not count are compared by their schema.Path.Fold.
// Folding may allocate, but nearly all texts are ASCII, where it only lowers
// letters; those are compared without being folded.

// folds reports whether texts at p are compared by their fold.
func folds(p schema.Path) bool { return p.Kind() == schema.KindString && !p.CaseExact() }

// passesFolded compares the fold of text.
func (t *test) passesFolded(text string) bool {
	if t.op == Eq {
		return equalFold(t.fold, text, t.key)
	}
	if !isASCII(text) {
		return t.passesText(t.fold.Fold(text))
	}
	switch t.op {
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

// equalFold reports whether the fold of text is key. It looks no further than
// the first difference, unless what follows could be a mark that changes the
// letter before it.
func equalFold(p schema.Path, text, key string) bool {
	for i := range len(text) {
		c := text[i]
		if c >= utf8.RuneSelf {
			return p.Fold(text) == key
		}
		if i >= len(key) || lower[c] != key[i] {
			return i+1 < len(text) && text[i+1] >= utf8.RuneSelf && p.Fold(text) == key
		}
	}
	return len(text) == len(key)
}

// compareASCII compares text, which is ASCII, in lower case with key.
func compareASCII(text, key string) int {
	n := min(len(text), len(key))
	for i := range n {
		if c, k := lower[text[i]], key[i]; c != k {
			return int(c) - int(k)
		}
	}
	return len(text) - len(key)
}

// compareFolded compares the folds of two texts.
func compareFolded(p schema.Path, a, b string) int {
	if !isASCII(a) || !isASCII(b) {
		return strings.Compare(p.Fold(a), p.Fold(b))
	}
	for i := range min(len(a), len(b)) {
		if c, d := lower[a[i]], lower[b[i]]; c != d {
			return int(c) - int(d)
		}
	}
	return len(a) - len(b)
}

// containsASCII reports whether text, which is ASCII, contains key when in
// lower case. The search itself is the one of package strings, whose time does
// not depend on how often the start of key occurs.
func containsASCII(text, key string) bool {
	var room [256]byte
	if len(text) > len(room) {
		return strings.Contains(strings.ToLower(text), key)
	}
	return strings.Contains(string(lowerASCII(room[:0], text)), key)
}

func lowerASCII(dst []byte, text string) []byte {
	for i := range len(text) {
		dst = append(dst, lower[text[i]])
	}
	return dst
}

// lower maps ASCII letters to lower case, and other bytes to themselves.
var lower = func() (t [256]byte) {
	for c := range t {
		t[c] = byte(c)
		if 'A' <= c && c <= 'Z' {
			t[c] += 'a' - 'A'
		}
	}
	return t
}()

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
