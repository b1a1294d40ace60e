package schema

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"math/bits"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// Limits on what one document can cost. A document that exceeds one is refused.
const (
	maxMistakes           = 1000
	maxDocumentAttributes = 100_000
)

// documentReader reads the JSON of definitions in one pass. A mistake that
// leaves the text readable is collected; after one that does not, every method
// does nothing.
type documentReader struct {
	dec        *jsontext.Decoder
	known      []*Schema
	warn       func(DefinitionProblem)
	found      problems
	attributes int // read so far
	depth      int // of lists of attributes
	stopped    bool
}

func newDocumentReader(data []byte, o *DocumentOptions) *documentReader {
	if o == nil {
		o = &DocumentOptions{}
	}
	dec := jsontext.NewDecoder(bytes.NewReader(data), jsontext.AllowDuplicateNames(true))
	return &documentReader{dec: dec, known: o.Known, warn: o.Warn}
}

// addNew adds mistakes that were found in what was read, but for those that
// follow from a value that could not be read.
func (r *documentReader) addNew(lists ...problems) {
	unread := map[string]bool{}
	for _, p := range r.found {
		unread[p.Pointer] = true
	}
	for _, list := range lists {
		for _, p := range list {
			pointer := p.Pointer
			for pointer != "" && !unread[pointer] {
				pointer = around(pointer)
			}
			if !unread[pointer] {
				r.found = append(r.found, p)
			}
		}
	}
}

// err returns all mistakes as an error, with the position of each and in the
// order of the document.
func (r *documentReader) err(data []byte) error {
	locate(data, r.found)
	slices.SortStableFunc(r.found, func(p, q DefinitionProblem) int { return cmp.Compare(p.Offset, q.Offset) })
	return r.found.err()
}

// end checks that nothing follows the document.
func (r *documentReader) end() {
	if r.stopped {
		return
	}
	if _, err := r.dec.ReadToken(); err == nil {
		r.stop("is followed by more text")
	} else if !errors.Is(err, io.EOF) {
		r.fail(err)
	}
}

// fail records that the text is not JSON.
func (r *documentReader) fail(err error) {
	p := DefinitionProblem{Offset: r.dec.InputOffset(), Detail: err.Error()}
	var syntax *jsontext.SyntacticError
	if errors.As(err, &syntax) {
		p = DefinitionProblem{Pointer: cutPointer(string(syntax.JSONPointer)), Offset: syntax.ByteOffset, Detail: syntax.Err.Error()}
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		p.Detail = "ends too early"
	}
	r.found = append(r.found, p)
	r.stopped = true
}

// stop records a mistake after which reading on makes no sense.
func (r *documentReader) stop(detail string) {
	r.report(0, detail)
	r.stopped = true
}

// report records a mistake in the value or name of the given length that was
// read last.
func (r *documentReader) report(length int, detail string) {
	if r.stopped {
		return
	}
	if len(r.found) == maxMistakes {
		r.stopped = true
		detail = "there are more mistakes"
	}
	r.found = append(r.found, r.here(length, detail))
}

func (r *documentReader) here(length int, detail string) DefinitionProblem {
	return DefinitionProblem{Pointer: string(r.dec.StackPointer()), Offset: r.dec.InputOffset() - int64(length), Detail: detail}
}

// read returns the next value or name, or nil if there is none.
func (r *documentReader) read() jsontext.Value {
	if r.stopped {
		return nil
	}
	v, err := r.dec.ReadValue()
	if err != nil {
		r.fail(err)
		return nil
	}
	return v
}

// expect reports whether the next value is of one of the given kinds. If not,
// it skips the value, which is a mistake unless it is null.
func (r *documentReader) expect(kinds, what string) bool {
	if r.stopped {
		return false
	}
	kind := r.dec.PeekKind()
	if strings.IndexByte(kinds, byte(kind)) >= 0 {
		return true
	}
	if v := r.read(); v != nil && kind != 'n' {
		r.report(len(v), fmt.Sprintf("wants %s, not %s", what, kindText(kind)))
	}
	return false
}

func kindText(k jsontext.Kind) string {
	switch k {
	case '"':
		return "a string"
	case '0':
		return "a number"
	case '{':
		return "an object"
	case '[':
		return "a list"
	default:
		return "a boolean"
	}
}

func (r *documentReader) text(into *string) {
	if !r.expect(`"`, "a string") {
		return
	}
	if v := r.read(); v != nil {
		text, err := jsontext.AppendUnquote(nil, v)
		if err != nil {
			r.fail(err)
		}
		*into = string(text)
	}
}

func (r *documentReader) flag(into *bool) {
	if r.expect("tf", "true or false") {
		*into = r.dec.PeekKind() == 't'
		r.read()
	}
}

// list reads an array by calling element for each of its values.
func (r *documentReader) list(element func(i int)) {
	if !r.expect("[", "a list") || !r.token() {
		return
	}
	for i := 0; !r.stopped && r.dec.PeekKind() != ']'; i++ {
		element(i)
	}
	r.token()
}

func (r *documentReader) texts(into *[]string) {
	r.list(func(int) {
		var text string
		r.text(&text)
		*into = append(*into, text)
	})
}

// token reads a delimiter.
func (r *documentReader) token() bool {
	if r.stopped {
		return false
	}
	if _, err := r.dec.ReadToken(); err != nil {
		r.fail(err)
	}
	return !r.stopped
}

// keyword is one member that an object of the document can have.
type keyword[T any] struct {
	name string
	read func(*documentReader, *T)
}

// readObject reads an object with the given keywords, in any letter case.
func readObject[T any](r *documentReader, into *T, keywords []keyword[T]) {
	if !r.expect("{", "an object") || !r.token() {
		return
	}
	seen := uint(0)
	for !r.stopped && r.dec.PeekKind() != '}' {
		name := r.read()
		if name == nil {
			return
		}
		i := indexKeyword(keywords, name)
		switch {
		case i < 0:
			r.unknown(name)
			r.read()
		case seen&(1<<i) != 0:
			r.report(len(name), "is there twice")
			r.read()
		default:
			keywords[i].read(r, into)
			seen |= 1 << i
		}
	}
	r.token()
}

// indexKeyword relies on tables being shorter than a word has bits.
func indexKeyword[T any](keywords []keyword[T], name jsontext.Value) int {
	text, _ := jsontext.AppendUnquote(nil, name)
	for i := range min(len(keywords), bits.UintSize) {
		if equalFoldASCII(keywords[i].name, text) {
			return i
		}
	}
	return -1
}

func (r *documentReader) unknown(name jsontext.Value) {
	const detail = "is not a keyword of RFC 7643"
	if r.warn != nil {
		r.warn(r.here(len(name), detail))
		return
	}
	r.report(len(name), detail)
}
