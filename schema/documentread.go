package schema

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
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
// leaves the text readable is collected; after one that does not, nothing more
// is reported.
type documentReader struct {
	data       []byte
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
	return &documentReader{data: data, dec: documentDecoder(data), known: o.Known, warn: o.Warn}
}

// documentDecoder leaves it to the documentReader to report names that occur
// twice.
func documentDecoder(data []byte) *jsontext.Decoder {
	return jsontext.NewDecoder(bytes.NewReader(data), jsontext.AllowDuplicateNames(true))
}

// addNew adds mistakes that were found in what was read, but for those that
// follow from a value that could not be read.
func (r *documentReader) addNew(lists ...problems) {
	unread := map[jsontext.Pointer]bool{}
	for _, p := range r.found {
		unread[jsontext.Pointer(p.Pointer)] = true
	}
	fresh := slices.DeleteFunc(slices.Concat(lists...), func(p DefinitionProblem) bool {
		pointer := jsontext.Pointer(p.Pointer)
		for pointer != "" && !unread[pointer] {
			pointer = pointer.Parent()
		}
		return unread[pointer]
	})
	locate(r.data, fresh)
	r.found = append(r.found, fresh...)
}

// err returns all mistakes as an error, in the order of the document.
func (r *documentReader) err() error {
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
		p = DefinitionProblem{Pointer: string(syntax.JSONPointer), Offset: syntax.ByteOffset, Detail: syntax.Err.Error()}
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
	v, err := r.dec.ReadValue() // nil after an error
	if err != nil {
		r.fail(err)
	}
	return v
}

// expect reports whether the next value is of one of the given kinds. If not,
// it skips the value, which is a mistake unless it is null.
func (r *documentReader) expect(kinds, what string) bool {
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
	if r.expect(`"`, "a string") {
		*into = string(unquote(r.read()))
	}
}

// unquote returns the text of a string that was read, which is a valid one.
func unquote(v jsontext.Value) []byte {
	text, _ := jsontext.AppendUnquote(nil, v)
	return text
}

func (r *documentReader) flag(into *bool) {
	if r.expect("tf", "true or false") {
		*into = r.dec.PeekKind() == 't'
		r.read()
	}
}

// list reads an array by calling element for each of its values.
func (r *documentReader) list(element func(i int)) {
	if !r.expect("[", "a list") {
		return
	}
	r.bracket()
	for i := 0; !r.stopped && r.dec.PeekKind() != ']'; i++ {
		element(i)
	}
	r.bracket()
}

func (r *documentReader) texts(into *[]string) {
	r.list(func(int) {
		var text string
		r.text(&text)
		*into = append(*into, text)
	})
}

// bracket reads the bracket that PeekKind has seen.
func (r *documentReader) bracket() { _, _ = r.dec.ReadToken() }

// keyword is one member that an object of the document can have.
type keyword[T any] struct {
	name string
	read func(*documentReader, *T)
}

// readObject reads an object with the given keywords, in any letter case.
func readObject[T any](r *documentReader, into *T, keywords []keyword[T]) {
	if !r.expect("{", "an object") {
		return
	}
	r.bracket()
	seen := uint64(0) // a bit for each keyword
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
	r.bracket()
}

func indexKeyword[T any](keywords []keyword[T], name jsontext.Value) int {
	text := unquote(name)
	return slices.IndexFunc(keywords, func(k keyword[T]) bool { return equalFoldASCII(k.name, text) })
}

func (r *documentReader) unknown(name jsontext.Value) {
	const detail = "is not a keyword of RFC 7643"
	if r.warn != nil {
		r.warn(r.here(len(name), detail))
		return
	}
	r.report(len(name), detail)
}
