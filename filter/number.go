package filter

import (
	"math"
	"strconv"
	"strings"
)

// number is a JSON number that compares exactly, whatever its size, and
// without being expanded: 1e999999999 is as cheap as 1.
type number struct {
	negative bool
	// digits are the significant digits; a decimal point among them is skipped.
	// They are empty for zero.
	digits string
	// magnitude is the power of ten of the first digit, plus one.
	magnitude int64
}

// parseNumber reads a number that is known to be one.
func parseNumber(text string) number {
	var n number
	text, n.negative = strings.CutPrefix(text, "-")
	mantissa, exponent := text, int64(0)
	if i := strings.IndexAny(text, "eE"); i >= 0 {
		mantissa, exponent = text[:i], parseExponent(text[i+1:])
	}
	point := strings.IndexByte(mantissa, '.')
	if point < 0 {
		point = len(mantissa)
	}
	n.digits = strings.TrimLeft(mantissa, "0.")
	first := len(mantissa) - len(n.digits)
	n.magnitude = int64(point-first) + exponent
	if first > point {
		n.magnitude++
	}
	return n
}

// parseExponent reads an exponent; beyond what it can hold it returns a bound
// that leaves room for the position of the point.
func parseExponent(text string) int64 {
	const bound = math.MaxInt64 / 4
	e, _ := strconv.ParseInt(strings.TrimPrefix(text, "+"), 10, 64) // out of range: the nearest
	return min(max(e, -bound), bound)
}

// compare returns how n is ordered to m: negative, zero or positive.
func (n number) compare(m number) int {
	sign := n.sign()
	if other := m.sign(); sign != other {
		return sign - other
	}
	if n.magnitude != m.magnitude {
		return sign * compareInts(n.magnitude, m.magnitude)
	}
	return sign * compareDigits(n.digits, m.digits)
}

func (n number) sign() int {
	switch {
	case n.digits == "":
		return 0
	case n.negative:
		return -1
	}
	return 1
}

// compareDigits compares two runs of digits as fractions 0.a and 0.b.
func compareDigits(a, b string) int {
	for a != "" || b != "" {
		var x, y byte
		x, a = nextDigit(a)
		y, b = nextDigit(b)
		if x != y {
			return int(x) - int(y)
		}
	}
	return 0
}

// nextDigit takes the first digit off s; beyond the end all digits are 0.
func nextDigit(s string) (digit byte, rest string) {
	s = strings.TrimPrefix(s, ".")
	if s == "" {
		return '0', ""
	}
	return s[0], s[1:]
}
