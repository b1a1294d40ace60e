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
	typ  *ResourceType
	opts DecodeOptions
	json *jsontext.Decoder
	src  bytes.Buffer // hands source to json

	source []byte // what json reads: the body, or a string of it

	text     []byte // of the values read so far
	stack    []node // values whose parent is still being read
	done     []node // children of finished parents, in runs
	trail           // where the reader is
	seen     []uint64
	names    map[unknownName]struct{} // unknown members of the open objects
	ignored  map[string]struct{}      // index of report.Ignored once that is long
	uris     []int                    // what "schemas" names: see schemaOf
	scratch  []byte
	values   int   // read so far
	depth    int   // of the text that json reads in the body
	base     int64 // offset of the text that json reads, if it is not the body
	nested   bool  // json reads a string of the body
	report   *Report
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

// read makes data the text that d.json reads. A bytes.Buffer is read in place
// and never written to.
func (d *decoder) read(data []byte) {
	d.source, d.src = data, *bytes.NewBuffer(data)
	d.json.Reset(&d.src)
}

// release empties d and keeps it for the next body, unless this one was large.
func (d *decoder) release() {
	if cap(d.text) > maxKept || cap(d.stack) > maxKept/32 || cap(d.done) > maxKept/32 {
		return
	}
	d.read(nil)
	*d = decoder{
		json: d.json, text: d.text[:0], stack: d.stack[:0], done: d.done[:0],
		trail: trail{d.steps[:0]}, seen: d.seen[:0], uris: d.uris[:0], scratch: d.scratch[:0],
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

// end checks that nothing follows the value.
func (d *decoder) end() error {
	if len(d.source) > math.MaxUint32 {
		return d.stop(ErrLimit, "is longer than 4 GiB")
	}
	switch _, err := d.json.ReadToken(); err {
	case io.EOF:
		return nil
	case nil:
		return d.stop(ErrSyntax, "something follows the end of the JSON value")
	default:
		return err
	}
}

// open consumes the start of an object or array.
func (d *decoder) open() error {
	if _, err := d.json.ReadToken(); err != nil {
		return err
	}
	if d.depth+d.json.StackDepth() > d.opts.MaxDepth {
		return d.stop(ErrLimit, fmt.Sprintf("is nested deeper than %d levels", d.opts.MaxDepth))
	}
	return d.count()
}

// close consumes the end of an object or array.
func (d *decoder) close() error {
	_, err := d.json.ReadToken()
	return err
}

// scalar consumes a value that is neither object nor array. The text is valid
// until the next call.
func (d *decoder) scalar() (jsontext.Value, error) {
	raw, err := d.json.ReadValue()
	if err != nil {
		return nil, err
	}
	return raw, d.count()
}

func (d *decoder) count() error {
	if d.values++; d.values > d.opts.MaxValues {
		return d.stop(ErrLimit, fmt.Sprintf("has more than %d values", d.opts.MaxValues))
	}
	return nil
}

// skip consumes one value of any kind, within the limits.
func (d *decoder) skip() error {
	level := d.json.StackDepth()
	for {
		var err error
		switch d.json.PeekKind() {
		case '{', '[':
			err = d.open()
		case '}', ']':
			err = d.close()
		default:
			_, err = d.scalar()
		}
		if err != nil {
			return err
		}
		if d.json.StackDepth() == level {
			return nil
		}
	}
}

// offset is the position in the body of what was read last.
func (d *decoder) offset() int64 {
	if d.nested {
		return d.base
	}
	return d.json.InputOffset()
}
