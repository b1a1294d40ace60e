package syntax

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/muster-scim/muster/schema"
)

const expectOperand = `a value: a JSON string in double quotes, a number, true, false or null`

// literal reads the operand at the current offset into n.
func (p *parser) literal(n *Node) *Error {
	start := p.pos
	if start >= len(p.text) {
		return p.fail(start, expectOperand)
	}
	switch p.text[start] {
	case '"':
		return p.stringLiteral(n)
	case '\'':
		return p.failDetail(start, expectOperand, "strings are written in double quotes, not in single quotes")
	}
	end := p.skipWhile(start, wordByte)
	word := p.text[start:end]
	if i := invalidUTF8(word); i >= 0 {
		return p.fail(start+i, "valid UTF-8")
	}
	if word == "" || foldEqual(word, "and") || foldEqual(word, "or") || foldEqual(word, "not") {
		return p.fail(start, expectOperand)
	}
	n.Lit, n.Odd = classify(word)
	n.Value = p.span(start, end)
	p.pos = end
	return nil
}

// classify tells what a word without quotes is, and whether it is not JSON.
func classify(word string) (lit Literal, odd bool) {
	switch {
	case foldEqual(word, "true"):
		return True, word != "true"
	case foldEqual(word, "false"):
		return False, word != "false"
	case foldEqual(word, "null"):
		return Null, word != "null"
	}
	if _, ok := schema.ParseValue(schema.KindDecimal, word); ok {
		return Number, false
	}
	return Word, true
}

// stringLiteral reads a JSON string. It is checked here in full, so that
// unescape cannot fail.
func (p *parser) stringLiteral(n *Node) *Error {
	start := p.pos
	n.Lit = String
	var ascii byte
	for i := start + 1; i < len(p.text); {
		switch c := p.text[i]; {
		case c == '"':
			if ascii >= utf8.RuneSelf {
				if bad := invalidUTF8(p.text[start+1 : i]); bad >= 0 {
					return p.fail(start+1+bad, "valid UTF-8")
				}
			}
			n.Value = p.span(start, i+1)
			p.pos = i + 1
			return nil
		case c == '\\':
			n.Lit = Escaped
			size := escapeLen(p.text[i:])
			if size == 0 {
				return p.badEscape(i)
			}
			i += size
		case c < ' ':
			return p.failDetail(i, "a character or a closing quote", "control characters inside a string are written as escapes")
		default:
			ascii |= c
			i++
		}
	}
	e := p.fail(len(p.text), `a closing quote (")`)
	e.Detail = "the string starts at offset " + strconv.Itoa(start)
	return e
}

func (p *parser) badEscape(pos int) *Error {
	return &Error{Offset: pos, Found: "a malformed escape", InPath: p.inPath,
		Expected: `\", \\, \/, \b, \f, \n, \r, \t or \u with four hexadecimal digits (surrogates in pairs)`}
}

// invalidUTF8 returns the index of the first byte of s that is not UTF-8, -1
// if there is none.
func invalidUTF8(s string) int {
	for i, r := range s {
		if r == utf8.RuneError && !strings.HasPrefix(s[i:], string(r)) {
			return i
		}
	}
	return -1
}

// escapes maps the byte after a backslash to what it stands for.
var escapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// escapeLen returns the length of the escape at the start of s, or 0 if it is
// malformed or cut off.
func escapeLen(s string) int {
	if len(s) > 1 && s[1] != 'u' {
		if escapes[s[1]] == 0 {
			return 0
		}
		return 2
	}
	r, ok := hex4(s)
	switch {
	case !ok || (0xdc00 <= r && r <= 0xdfff):
		return 0
	case !utf16.IsSurrogate(r):
		return 6
	}
	if low, ok := hex4(s[6:]); !ok || low < 0xdc00 || low > 0xdfff {
		return 0
	}
	return 12
}

// hex4 decodes a \uXXXX at the start of s.
func hex4(s string) (rune, bool) {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return 0, false
	}
	var r rune
	for i := 2; i < 6; i++ {
		c := s[i]
		switch {
		case '0' <= c && c <= '9':
			r = r<<4 | rune(c-'0')
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			r = r<<4 | rune(c|0x20-'a'+10)
		default:
			return 0, false
		}
	}
	return r, true
}

// unescape decodes the inside of a string that stringLiteral has accepted.
func unescape(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); {
		if s[i] != '\\' {
			b.WriteByte(s[i])
			i++
			continue
		}
		size := escapeLen(s[i:])
		switch size {
		case 2:
			b.WriteByte(escapes[s[i+1]])
		case 6:
			r, _ := hex4(s[i:])
			b.WriteRune(r)
		default:
			high, _ := hex4(s[i:])
			low, _ := hex4(s[i+6:])
			b.WriteRune(utf16.DecodeRune(high, low))
		}
		i += size
	}
	return b.String()
}
