package filter

import (
	"strings"
	"time"

	"github.com/muster-scim/muster/schema"
)

// test is a comparison with everything about the operand prepared, so that
// trying a value allocates nothing.
type test struct {
	op      Op
	kind    schema.Kind // of the attribute
	fold    schema.Path // the attribute if its letter case does not count
	small   bool        // the operand is an integer that n holds
	n       int64
	key     string // the prepared operand of a string comparison
	number  number
	instant time.Time
	// keys, if not nil, replaces key: the value may equal any of them.
	keys map[string]struct{}
}

// presence is the test that every value passes except the empty string.
var presence = test{kind: schema.KindNone}

// newTest prepares the comparison of values at p with the operand v.
func newTest(p schema.Path, op Op, v schema.Value) test {
	t := test{op: op, kind: p.Kind()}
	switch t.kind {
	case schema.KindBoolean:
		t.small = v.Bool()
	case schema.KindInteger, schema.KindDecimal:
		t.n, t.small = v.Int()
		t.number = parseNumber(v.Text())
	case schema.KindDateTime:
		t.instant, _ = v.Time()
	case schema.KindBinary:
		t.key = binaryKey(v.Text())
	default:
		t.key = v.Text()
		if folds(p) {
			t.fold, t.key = p, p.Fold(t.key)
		}
	}
	return t
}

// passes reports whether the single value v passes. An unassigned value does
// not.
func (t *test) passes(v schema.Value) bool {
	if v.Kind() != t.kind {
		return t.kind == schema.KindNone && !isEmpty(v)
	}
	switch t.kind {
	case schema.KindBoolean:
		return v.Bool() == t.small
	case schema.KindInteger:
		if n, ok := v.Int(); ok && t.small {
			return t.op.holds(compareInts(n, t.n))
		}
		return t.op.holds(parseNumber(v.Text()).compare(t.number))
	case schema.KindDecimal:
		return t.op.holds(parseNumber(v.Text()).compare(t.number))
	case schema.KindDateTime:
		instant, ok := v.Time()
		return ok && t.op.holds(instant.Compare(t.instant))
	case schema.KindBinary:
		return t.passesText(binaryKey(v.Text()))
	}
	if t.keys != nil {
		return t.isOneOf(v.Text())
	}
	if t.fold.IsZero() {
		return t.passesText(v.Text())
	}
	return t.passesFolded(v.Text())
}

// isEmpty reports whether v is the empty string.
func isEmpty(v schema.Value) bool {
	return (v.Kind() == schema.KindString || v.Kind() == schema.KindReference) && v.Text() == ""
}

// passesText compares text as it is.
func (t *test) passesText(text string) bool {
	switch t.op {
	case Eq:
		return text == t.key
	case Co:
		return strings.Contains(text, t.key)
	case Sw:
		return strings.HasPrefix(text, t.key)
	case Ew:
		return strings.HasSuffix(text, t.key)
	default:
		return t.op.holds(strings.Compare(text, t.key))
	}
}

func compareInts(a, b int64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// binaryKey makes equal data equal text: padding may be left out, and the two
// alphabets differ in two letters only (RFC 7643 §2.3.6).
func binaryKey(text string) string {
	text = strings.TrimRight(text, "=")
	if strings.ContainsAny(text, "-_") {
		text = strings.NewReplacer("-", "+", "_", "/").Replace(text)
	}
	return text
}
