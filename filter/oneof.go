package filter

import "github.com/muster-scim/muster/schema"

// minOneOf is the number of terms from which looking up a value among the
// operands is faster than comparing it with each.
const minOneOf = 8

// mergeEqual merges terms that all ask for equality with a text at the same
// path, as in members[value eq "a" or value eq "b" or …], into one comparison
// that costs the same however many there are. It returns nil if the terms are
// not like that, or few.
func mergeEqual(terms []Expr) *Compare {
	if len(terms) < minOneOf {
		return nil
	}
	first, ok := terms[0].(*Compare)
	if !ok || first.test.kind != schema.KindString && first.test.kind != schema.KindReference {
		return nil
	}
	keys := make(map[string]struct{}, len(terms))
	for _, t := range terms {
		c, ok := t.(*Compare)
		if !ok || c.Op != Eq || c.Path != first.Path {
			return nil
		}
		keys[c.test.key] = struct{}{}
	}
	merged := *first
	merged.test.keys = keys
	return &merged
}

// isOneOf reports whether the fold of text is one of the keys.
func (t *test) isOneOf(text string) bool {
	var found bool
	switch {
	case t.fold.IsZero():
		_, found = t.keys[text]
	case len(text) <= 256 && isASCII(text):
		var room [256]byte
		_, found = t.keys[string(lowerASCII(room[:0], text))]
	default:
		_, found = t.keys[t.fold.Fold(text)]
	}
	return found
}
