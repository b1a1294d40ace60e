package filter

import (
	"math/big"
	"testing"
)

// TestNumbersCompare: numbers compare as their exact values do, in every
// notation.
func TestNumbersCompare(t *testing.T) {
	texts := []string{
		"0", "-0", "0.0", "0e9", "1", "-1", "1.0", "10e-1", "0.1e1", "1E+0", "9", "9.99", "10", "12", "12.5", "-12.5", "1.25e1", "100", "0.05", "0.5", "0.050", "5e-2",
		"0.0049", "0.00499", "-0.0049", "3", "0.3", "3e2", "301", "299.999", "123456789012345678901234567890", "123456789012345678901234567891", "1e29", "1e-29", "-1e29",
	}
	for _, a := range texts {
		for _, b := range texts {
			x, _ := new(big.Rat).SetString(a)
			y, _ := new(big.Rat).SetString(b)
			if got, want := compareInts(int64(parseNumber(a).compare(parseNumber(b))), 0), x.Cmp(y); got != want {
				t.Errorf("%s and %s compare as %d, want %d", a, b, got, want)
			}
		}
	}
}

// TestLettersFold: every ASCII letter is equal to itself in the other case, and
// no other byte is changed.
func TestLettersFold(t *testing.T) {
	for c := range 256 {
		want := byte(c)
		if 'A' <= c && c <= 'Z' {
			want += 'a' - 'A'
		}
		if lower[c] != want {
			t.Errorf("%q folds to %q", rune(c), lower[c])
		}
	}
}

func TestContainsASCII(t *testing.T) {
	for _, c := range []struct {
		text, key string
		want      bool
	}{
		{"ABC", "abc", true}, {"xABCx", "abc", true}, {"AB", "abc", false}, {"", "", true}, {"ABD", "abc", false},
	} {
		if got := containsASCII(c.text, c.key); got != c.want {
			t.Errorf("containsASCII(%q, %q) = %v", c.text, c.key, got)
		}
	}
}
