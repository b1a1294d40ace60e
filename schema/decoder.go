package schema

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"sync"

	"github.com/go-json-experiment/json/jsontext"
)

// decoder reads one body. Its buffers are reused from body to body, so reading
// one costs only what the result needs: see assemble.
//
// Its methods return an error only to stop: broken JSON or a limit. Everything
// else that is wrong goes to problems and reading goes on.
type decoder struct {
	opts DecodeOptions
	json *jsontext.Decoder
	src  bytes.Buffer // hands source to json

	source []byte        // what json reads: the body, or a string of it
	nested bool          // it is a string
	base   int64         // where the string starts
	kind   jsontext.Kind // of the current token
	start  int           // of its text in source
	pos    int           // the end of its text
	level  int           // objects and arrays that are open
	tokens int           // values and names so far

	size     int    // of all texts of values
	text     []byte // those that are not parts of the body
	stack    []node // values whose parent is still being read
	done     []node // children of finished parents, in runs
	trail           // where the reader is
	seen     []uint64
	skipped  openNames
	names    map[unknownName]struct{} // unknown members of the open objects
	ignored  map[string]struct{}      // index of report.Ignored once that is long
	uris     []int                    // what "schemas" names: see schemaOf
	scratch  []byte
	report   *Report
	used     []ToleranceSet // for each attribute by ord, what report has; empty if nothing
	problems []*PathError
}

var decoders = sync.Pool{New: func() any {
	return &decoder{json: jsontext.NewDecoder(&bytes.Buffer{})}
}}

// maxKept is the size up to which buffers are kept for the next body.
const maxKept = 1 << 16

func newDecoder(t *ResourceType, data []byte, o *DecodeOptions) *decoder {
	d := decoders.Get().(*decoder)
	d.typ, d.opts, d.report = t, o.withDefaults(), &Report{}
	d.read(data)
	return d
}

// ownNames leaves the search for duplicate members to us, who must find those in
// another letter case too.
var ownNames = jsontext.AllowDuplicateNames(true)

// read makes data the text that d.json reads. A bytes.Buffer is read in place
// and never written to.
func (d *decoder) read(data []byte) {
	d.source, d.pos, d.src = data, 0, *bytes.NewBuffer(data)
	d.json.Reset(&d.src, ownNames)
}

// release empties d and keeps it for the next body, unless this one was large.
func (d *decoder) release() {
	if cap(d.text) > maxKept || cap(d.stack) > maxKept/8 || cap(d.done) > maxKept/8 {
		return
	}
	d.read(nil)
	*d = decoder{
		json: d.json, text: d.text[:0], stack: d.stack[:0], done: d.done[:0],
		trail: trail{steps: d.steps[:0]}, seen: d.seen[:0], uris: d.uris[:0], used: d.used[:0], scratch: d.scratch[:0], skipped: d.skipped,
	}
	decoders.Put(d)
}

// finish turns the result of reading the body into the error of the caller.
func (d *decoder) finish(err error) error {
	if err == nil {
		err = d.end()
	}
	var stop *PathError
	switch {
	case errors.As(err, &stop):
		d.problems = append(d.problems, stop)
	case err != nil:
		d.problems = append(d.problems, d.syntax(err))
	}
	if len(d.problems) == 0 {
		return nil
	}
	return &ValidationError{Problems: d.problems}
}

// begin reads the first token.
func (d *decoder) begin() error {
	if len(d.source) > math.MaxUint32 {
		return d.stop(ErrLimit, "is longer than 4 GiB")
	}
	return d.next()
}

// end checks that nothing follows the value.
func (d *decoder) end() error {
	switch err := d.next(); err {
	case io.EOF:
		return nil
	case nil:
		return d.stop(ErrSyntax, "something follows the end of the JSON value")
	default:
		return err
	}
}

// next reads the next token: the start or the end of an object or array, the
// name of a member, or a scalar. Its text stays valid, because it is part of
// the source.
func (d *decoder) next() error {
	if _, err := d.json.ReadToken(); err != nil {
		return err
	}
	start := d.pos
	for delimiters[d.source[start]] {
		start++
	}
	d.kind, d.start, d.pos = jsontext.Kind(d.source[start]), start, int(d.json.InputOffset())
	switch d.kind {
	case '{', '[':
		if d.level++; d.level > d.opts.MaxDepth {
			return d.stop(ErrLimit, fmt.Sprintf("is nested deeper than %d levels", d.opts.MaxDepth))
		}
	case '}', ']':
		d.level--
		return nil
	case '"', 't', 'f', 'n':
	default:
		d.kind = '0'
	}
	if d.tokens++; d.tokens > d.opts.MaxValues {
		return d.stop(ErrLimit, fmt.Sprintf("has more than %d values", d.opts.MaxValues))
	}
	return nil
}

// delimiters may stand between two tokens.
var delimiters = [256]bool{' ': true, '\t': true, '\r': true, '\n': true, ',': true, ':': true}

// raw is the text of the current token.
func (d *decoder) raw() []byte { return d.source[d.start:d.pos] }

// offset is the position of the current token in the body.
func (d *decoder) offset() int64 {
	if d.nested {
		return d.base
	}
	return int64(d.start)
}
