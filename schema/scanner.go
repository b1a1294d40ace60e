package schema

import (
	"errors"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// scanner reads the tokens of a JSON text (RFC 8259) in memory. Whoever reads a
// value knows what may come next, so there is a method for each place instead of
// a state machine: scanValue, then scanName and scanMember in turns after '{', or
// scanElement after '[', until the end of the object or array, and scanEnd.
//
// What is rare is left to jsontext: see scanString.
type scanner struct {
	source []byte
	kind   jsontext.Kind // of the current token
	start  int           // where it starts in source
	pos    int           // its end; after an error, where the text is wrong

	level, maxLevel   int // objects and arrays that are open
	tokens, maxTokens int // values and names so far

	escaped   bool   // the current token is a string with escapes:
	unescaped []byte // its text
}

// The errors of a scanner.
var (
	errNotJSON = errors.New("is not valid JSON")
	errCutOff  = errors.New("the JSON text ends too early")
	errFollows = errors.New("something follows the end of the JSON value")
	errDepth   = errors.New("is nested too deep")
	errTokens  = errors.New("has too many values")
)

// scanValue reads the token that a value starts with: '{', '[', '"', '0' for any
// number, 't', 'f' or 'n'.
func (s *scanner) scanValue() error {
	c := s.peek()
	s.start, s.kind = s.pos, jsontext.Kind(c)
	if s.tokens++; s.tokens > s.maxTokens {
		return errTokens
	}
	switch c {
	case '{', '[':
		s.pos++
		if s.level++; s.level > s.maxLevel {
			return errDepth
		}
		return nil
	case '"':
		return s.scanString()
	case 't':
		return s.scanLiteral("true")
	case 'f':
		return s.scanLiteral("false")
	case 'n':
		return s.scanLiteral("null")
	default:
		s.kind = '0'
		return s.scanNumber()
	}
}

// scanName reads the name of the next member of an object, or '}'.
func (s *scanner) scanName() error {
	if more, err := s.another('{', '}'); !more {
		return err
	}
	if s.peek() != '"' {
		return s.wrong()
	}
	return s.scanValue()
}

// scanMember reads the token that the value of a member starts with, after its
// name.
func (s *scanner) scanMember() error {
	if s.peek() != ':' {
		return s.wrong()
	}
	s.pos++
	return s.scanValue()
}

// scanElement reads the token that the next element of an array starts with, or
// ']'.
func (s *scanner) scanElement() error {
	if more, err := s.another('[', ']'); !more {
		return err
	}
	return s.scanValue()
}

// another reports whether a member or element follows, and passes the comma in
// front of all but the first one. If none does, the end is the current token.
func (s *scanner) another(open, end jsontext.Kind) (bool, error) {
	switch c := s.peek(); {
	case c == byte(end):
		s.start, s.kind = s.pos, end
		s.pos++
		s.level--
		return false, nil
	case s.kind == open:
		return true, nil
	case c == ',':
		s.pos++
		return true, nil
	default:
		return false, s.wrong()
	}
}

// scanEnd checks that nothing follows.
func (s *scanner) scanEnd() error {
	if s.peek(); s.pos < len(s.source) {
		return errFollows
	}
	return nil
}

// peek passes white space and returns what follows, or 0, which is no token, at
// the end of the text.
func (s *scanner) peek() byte {
	if s.pos < len(s.source) && s.source[s.pos] > ' ' {
		return s.source[s.pos]
	}
	return s.peekFar()
}

func (s *scanner) peekFar() byte {
	for i, c := range s.source[s.pos:] {
		if c > ' ' || !isSpace(c) {
			s.pos += i
			return c
		}
	}
	s.pos = len(s.source)
	return 0
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\r' || c == '\t' }

func (s *scanner) scanLiteral(word string) error {
	for i := range len(word) {
		if s.pos == len(s.source) || s.source[s.pos] != word[i] {
			return s.wrong()
		}
		s.pos++
	}
	return nil
}

func (s *scanner) scanNumber() error {
	end := s.pos
	for end < len(s.source) && strings.IndexByte("+-.0123456789Ee", s.source[end]) >= 0 {
		end++
	}
	if !isDecimal(string(s.source[s.pos:end])) {
		return s.wrong()
	}
	s.pos = end
	return nil
}

// text is what the current token, a string, says. It is valid until the next
// token.
func (s *scanner) text() []byte {
	if s.escaped {
		return s.unescaped
	}
	return s.source[s.start+1 : s.pos-1]
}

// raw is the current token as it is written.
func (s *scanner) raw() []byte { return s.source[s.start:s.pos] }

// wrong is the error of what is at pos.
func (s *scanner) wrong() error {
	if s.pos < len(s.source) {
		return errNotJSON
	}
	return errCutOff
}
