package syntax

// class is a set of properties of a byte.
type class uint8

const (
	blank    class = 1 << iota // space, and the blanks that a tolerant reader skips
	alpha                      // A-Z a-z
	nameByte                   // may stand in an attribute name (RFC 7643 §2.1, EID 8924)
	pathByte                   // may stand in an attribute path with its schema URI
	wordByte                   // may stand in a bare word used as an operand
)

// classes is built once, at compile time of the package's variables, from the
// byte sets of the grammar.
var classes = func() (t [256]class) {
	set := func(bytes string, c class) {
		for i := range len(bytes) {
			t[bytes[i]] |= c
		}
	}
	for b := range t {
		switch c := byte(b); {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z':
			t[b] |= alpha | nameByte | pathByte | wordByte
		case '0' <= c && c <= '9':
			t[b] |= nameByte | pathByte | wordByte
		case c > ' ' && c != 0x7f:
			t[b] |= wordByte
		}
	}
	set("-_$", nameByte|pathByte)
	set(".:/~%+#?&=@!*,;", pathByte)
	set(" \t\r\n", blank)
	for _, b := range []byte("()[]\"\\") {
		t[b] &^= wordByte
	}
	return t
}()

// skipWhile returns the offset of the first byte from pos on that is not in c.
func (p *parser) skipWhile(pos int, c class) int {
	for pos < len(p.text) && classes[p.text[pos]]&c != 0 {
		pos++
	}
	return pos
}

// foldEqual reports whether word is the lower-case ASCII keyword in any case.
func foldEqual(word, keyword string) bool {
	if len(word) != len(keyword) {
		return false
	}
	for i := range len(word) {
		if word[i]|0x20 != keyword[i] {
			return false
		}
	}
	return true
}
