package syntax

import (
	"strconv"
	"unicode/utf8"
)

// Error is a fault in the text. Found and Expected complete the sentence
// "found …, expected …"; Detail explains where these two do not suffice.
// Operands are described and never quoted: they may be confidential.
type Error struct {
	// Offset is the position in bytes.
	Offset int
	// Found and Expected say what is there and what should be.
	Found, Expected string
	// Detail explains the fault; it may be empty.
	Detail string
	// InPath reports a fault in the path outside its brackets.
	InPath bool
}

// Error returns one sentence.
func (e *Error) Error() string {
	return "offset " + strconv.Itoa(e.Offset) + ": found " + e.Found + ", expected " + e.Expected
}

// maxQuoted bounds the length, in bytes, of what an error repeats of the input.
// An attribute with the URN of its schema fits.
const maxQuoted = 200

// Quote shows s, shortened where it is long.
func Quote(s string) string {
	if len(s) <= maxQuoted {
		return strconv.QuoteToGraphic(s)
	}
	cut := maxQuoted
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return strconv.QuoteToGraphic(s[:cut]) + "…"
}

// found describes what stands at offset pos.
func (p *parser) found(pos int) string {
	if pos >= len(p.text) {
		return "the end"
	}
	if p.text[pos] == '"' {
		return "a string"
	}
	if word := p.text[pos:p.skipWhile(pos, pathByte)]; word != "" {
		return Quote(word)
	}
	r, size := utf8.DecodeRuneInString(p.text[pos:])
	if r == utf8.RuneError && size == 1 {
		return "the invalid byte 0x" + strconv.FormatUint(uint64(p.text[pos]), 16)
	}
	return Quote(p.text[pos : pos+size])
}

// fail reports that expected does not stand at offset pos.
func (p *parser) fail(pos int, expected string) *Error {
	return &Error{Offset: pos, Found: p.found(pos), Expected: expected, InPath: p.inPath}
}

// failDetail is fail with an explanation.
func (p *parser) failDetail(pos int, expected, detail string) *Error {
	e := p.fail(pos, expected)
	e.Detail = detail
	return e
}
