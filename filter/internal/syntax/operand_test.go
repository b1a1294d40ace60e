package syntax

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestOperands: what an operand is, and whether it is JSON as written.
func TestOperands(t *testing.T) {
	tests := []struct {
		text string
		lit  Literal
		odd  bool
	}{
		{`true`, True, false}, {`True`, True, true},
		{`false`, False, false}, {`FALSE`, False, true},
		{`null`, Null, false}, {`nulL`, Null, true},
		{`-1.5e3`, Number, false}, {`007`, Word, true}, {`truer`, Word, true}, {`x`, Word, true},
		{`""`, String, false}, {`"x"`, String, false}, {`"\n"`, Escaped, false},
	}
	for _, tt := range tests {
		tree, err := Filter("a eq "+tt.text, limits)
		if err != nil {
			t.Errorf("%s: %v", tt.text, err)
		} else if n := tree.Nodes[0]; n.Lit != tt.lit || n.Odd != tt.odd {
			t.Errorf("%s: literal %d, odd %t", tt.text, n.Lit, n.Odd)
		}
	}
}

// TestBytes: which ASCII bytes a name and a word without quotes may hold.
func TestBytes(t *testing.T) {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	const symbols = "!#$%&'*+,-./:;<=>?@^_`{|}~"
	tests := []struct{ what, text, bytes string }{
		{"at the start of a name", "%sx eq 1", letters + "$: \t\r\n"},
		{"in a name", "a%sa eq 1", letters + "0123456789-_$.:"},
		{"in a sub-attribute", "a[b pr].c%sa eq 1", letters + "0123456789-_$"},
		{"in a word", "a eq x%sx", letters + "0123456789" + symbols},
	}
	for _, tt := range tests {
		for b := range 128 {
			_, err := Filter(fmt.Sprintf(tt.text, string(rune(b))), limits)
			if want := strings.IndexByte(tt.bytes, byte(b)) >= 0; (err == nil) != want {
				t.Errorf("%q %s: %v, want %t", rune(b), tt.what, err, want)
			}
		}
	}
}

// TestQuote: an error repeats no more than 200 bytes, and no half of a
// character.
func TestQuote(t *testing.T) {
	a := strings.Repeat("a", 199)
	tests := []struct{ text, want string }{
		{a + "b", `"` + a + `b"`},
		{a + "bc", `"` + a + `b"…`},
		{a + "é", `"` + a + `"…`},
		{strings.Repeat("\x80", 201), `""…`},
	}
	for _, tt := range tests {
		if got := Quote(tt.text); got != tt.want {
			t.Errorf("Quote(%q) = %s", tt.text, got)
		}
	}
}

func TestIsAttrPath(t *testing.T) {
	for text, want := range map[string]bool{
		"a": true, "a.b": true, "urn:x:y": true, "": false, "a b": false, "a[": false, "a.": false, "1": false, "1a": false,
		"a.b.c": false, "urn:x y": false, " urn:x": false, `"urn:x`: false,
	} {
		if got := IsAttrPath(text); got != want {
			t.Errorf("IsAttrPath(%q) = %t", text, got)
		}
	}
}

// TestOperators: no other word of two letters is an operator.
func TestOperators(t *testing.T) {
	names := strings.Fields("eq ne co sw ew pr gt ge lt le")
	for i := range 26 * 26 {
		word := string([]byte{'a' + byte(i/26), 'a' + byte(i%26)})
		op, ok := lookupOp(word)
		if want := slices.Index(names, word) + 1; ok != (want > 0) || int(op) != want {
			t.Errorf("%s is operator %d, %t", word, op, ok)
		}
	}
}

func TestErrorDetails(t *testing.T) {
	for text, want := range map[string]string{
		`a eq 'x'`:     "not in single quotes",
		`a eq "x`:      "the string starts at offset 5",
		"a eq \"x\n\"": "are written as escapes",
		`a[b[c pr]]`:   "cannot contain another value filter",
		`a regex "x"`:  `the operator "regex" is not supported`,
		`a "x"`:        "",
		`a eq "x" b`:   "",
	} {
		_, err := Filter(text, limits)
		var e *Error
		if !errors.As(err, &e) || !strings.Contains(e.Detail, want) || want == "" && e.Detail != "" {
			t.Errorf("%s: %v (%s)", text, err, e.Detail)
		}
	}
}

// TestOperator finds the operator of the last comparison.
func TestOperator(t *testing.T) {
	for text, want := range map[string]int{`a eq 1`: 2, "a \t eq 1": 4, `b pr and a eq 1`: 11} {
		tree, err := Filter(text, limits)
		if err != nil {
			t.Fatal(err)
		}
		for i := range tree.Nodes {
			n := &tree.Nodes[i]
			if got := tree.Operator(n); n.Op == Eq && (int(got.Start) != want || tree.Slice(got) != "eq") {
				t.Errorf("the operator of %q is at %v", text, got)
			}
		}
	}
}
