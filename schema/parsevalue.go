package schema

import (
	"strings"
	"unicode/utf8"
)

// ParseValue makes a scalar of the given kind from its text, which it keeps as
// it is: the inverse of Value.Text. It reports whether the text is one that
// the kind allows; complex values and lists have no text.
func ParseValue(kind Kind, text string) (Value, bool) {
	ok := false
	switch kind {
	case KindString, KindReference:
		ok = utf8.ValidString(text)
	case KindBoolean:
		return Bool(text == "true"), text == "true" || text == "false"
	case KindInteger:
		ok = isInteger(text)
	case KindDecimal:
		ok = isDecimal(text)
	case KindDateTime:
		ok = isDateTime(text)
	case KindBinary:
		ok = isBase64(text)
	}
	if !ok {
		return Value{}, false
	}
	return scalar(kind, text), true
}

// isInteger reports whether text is a JSON number without fraction and
// exponent (RFC 7643 §2.3.4).
func isInteger(text string) bool {
	rest, ok := cutInteger(text)
	return ok && rest == ""
}

// isDecimal reports whether text is a JSON number (RFC 7643 §2.3.3).
func isDecimal(text string) bool {
	rest, ok := cutInteger(text)
	if fraction, found := strings.CutPrefix(rest, "."); ok && found {
		rest, ok = cutDigits(fraction)
	}
	if ok && rest != "" && rest[0]|0x20 == 'e' {
		exponent := rest[1:]
		if exponent != "" && (exponent[0] == '+' || exponent[0] == '-') {
			exponent = exponent[1:]
		}
		rest, ok = cutDigits(exponent)
	}
	return ok && rest == ""
}

// cutInteger cuts a JSON integer off the front of text.
func cutInteger(text string) (rest string, ok bool) {
	digits := strings.TrimPrefix(text, "-")
	rest, ok = cutDigits(digits)
	return rest, ok && (digits[0] != '0' || len(digits)-len(rest) == 1)
}

// cutDigits cuts one or more digits off the front of text.
func cutDigits(text string) (rest string, ok bool) {
	i := 0
	for i < len(text) && '0' <= text[i] && text[i] <= '9' {
		i++
	}
	return text[i:], i > 0
}
