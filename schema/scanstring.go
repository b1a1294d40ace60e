package schema

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math/bits"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// scanString reads a string. Nearly all are plain; jsontext decodes the others.
func (s *scanner) scanString() error {
	s.escaped = false
	s.pos++
	s.pos += plain(s.source[s.pos:])
	if s.pos < len(s.source) && s.source[s.pos] == '"' {
		s.pos++
		return nil
	}
	if err := s.scanUnplain(); err != nil {
		return err
	}
	return s.unescape()
}

// scanUnplain finds the end of a string that is not plain from pos on.
func (s *scanner) scanUnplain() error {
	for ; s.pos < len(s.source); s.pos++ {
		switch c := s.source[s.pos]; {
		case c == '"':
			s.pos++
			return nil
		case c == '\\':
			s.escaped = true
			s.pos++
		case c < ' ':
			return errNotJSON
		}
	}
	s.pos = len(s.source)
	return errCutOff
}

// unescape checks the string that is the current token, and finds its text.
func (s *scanner) unescape() error {
	if !s.escaped && utf8.Valid(s.raw()) {
		return nil
	}
	text, err := jsontext.AppendUnquote(s.unescaped[:0], s.raw())
	if err != nil {
		s.pos = s.start + faultIn(s.raw())
		return errNotJSON
	}
	s.unescaped = text
	return nil
}

// faultIn returns where a quoted string is wrong.
func faultIn(quoted []byte) int {
	_, err := jsontext.NewDecoder(bytes.NewBuffer(quoted)).ReadToken()
	var fault *jsontext.SyntacticError
	if !errors.As(err, &fault) {
		return 0
	}
	return int(fault.ByteOffset)
}

// plain returns how many bytes at the front of text are ASCII and stand for
// themselves in a string. It looks at eight of them at a time.
func plain(text []byte) int {
	n := 0
	for ; len(text) >= 8; text = text[8:] {
		if found := special(binary.LittleEndian.Uint64(text)); found != 0 {
			return n + bits.TrailingZeros64(found)/8
		}
		n += 8
	}
	for i := 0; i < len(text) && isPlain(text[i]); i++ {
		n++
	}
	return n
}

func isPlain(c byte) bool { return ' ' <= c && c < utf8.RuneSelf && c != '"' && c != '\\' }

// special sets the high bit of the lowest byte of word that is not plain, and
// maybe of bytes above it. If all are plain, the result is 0.
func special(word uint64) uint64 {
	const each, high = 0x0101010101010101, 0x8080808080808080 // each*c has c in all bytes
	quote, backslash := word^each*'"', word^each*'\\'
	return (word | (word - each*' ') | (quote - each) | (backslash - each)) & high
}
