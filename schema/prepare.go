package schema

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/secure/precis"
)

// folding is the way in which texts of an attribute are compared.
type folding uint8

const (
	foldExact folding = iota // caseExact
	foldCase                 // simple case folding
	foldUser                 // the PRECIS profile UsernameCaseMapped
)

// foldingOf follows the definition. Only userName is prepared with PRECIS (RFC
// 7644 §5): it is the one attribute that people type in to log in.
func foldingOf(a *attr) folding {
	switch {
	case a.kind != KindString || a.def.CaseExact:
		return foldExact
	case a.parent == nil && equalFoldASCII(a.def.Name, "userName"):
		return foldUser
	default:
		return foldCase
	}
}

// Fold returns the prepared form of a text of p: two texts are equal for p if
// and only if their prepared forms are the same bytes. Unique keys, filters
// and indexes all use it. With caseExact the text is returned as it is;
// otherwise Unicode simple case folding applies, and for userName the PRECIS
// profile UsernameCaseMapped (RFC 8265 §3.3), or case folding where the
// profile does not allow the text.
func (p Path) Fold(text string) string {
	if p.a == nil {
		return text
	}
	return p.a.fold.apply(text)
}

func (f folding) apply(text string) string {
	switch {
	case f == foldExact:
		return text
	case f == foldUser && !isASCII(text):
		if prepared, err := precis.UsernameCaseMapped.String(text); err == nil {
			return prepared
		}
	}
	return foldText(text)
}

// equal reports whether two texts have the same prepared form, without making
// it. Letters fold one by one, so the first one that differs mostly tells.
func (f folding) equal(a, b string) bool {
	switch {
	case f == foldExact:
		return a == b
	case f == foldUser && !(isASCII(a) && isASCII(b)):
		return f.apply(a) == f.apply(b)
	}
	for i := range min(len(a), len(b)) {
		switch {
		case a[i]|b[i] >= utf8.RuneSelf:
			return foldText(a[i:]) == foldText(b[i:])
		case lower(a[i]) != lower(b[i]):
			return false
		}
	}
	return len(a) == len(b)
}

// foldText applies Unicode simple case folding: one code point becomes one
// code point, without regard to any language. A text that is folded already
// is returned without a copy.
func foldText(text string) string { return strings.Map(foldRune, text) }

// foldRune maps all code points that differ in case only to the same one, the
// lower-case form where there is one.
func foldRune(r rune) rune {
	if r < utf8.RuneSelf {
		return rune(lower(byte(r)))
	}
	next := unicode.SimpleFold(r)
	if next == r {
		return r
	}
	least := min(r, next)
	for ; next != r; next = unicode.SimpleFold(next) {
		least = min(least, next)
	}
	if small := unicode.ToLower(unicode.ToUpper(least)); sameOrbit(least, small) {
		return small
	}
	return least
}

func sameOrbit(a, b rune) bool {
	for r := unicode.SimpleFold(a); r != a; r = unicode.SimpleFold(r) {
		if r == b {
			return true
		}
	}
	return a == b
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
