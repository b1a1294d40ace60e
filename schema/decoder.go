package schema

import (
	"errors"
	"slices"
	"sync"
)

// decoder reads one body. Its buffers are reused from body to body, so reading
// one costs only what the result needs: see assemble.
//
// Its methods return an error only to stop: broken JSON or a limit. Everything
// else that is wrong goes to problems and reading goes on.
type decoder struct {
	opts DecodeOptions
	scanner
	nested bool  // source is a string of the body
	base   int64 // where the string starts

	texts    []byte // of all scalars, one after the other
	stack    []node // values whose parent is still being read
	done     []node // children of finished parents, in runs
	trail           // where the reader is
	seen     []uint64
	skipped  []span                   // the names in a value that is skipped
	names    map[unknownName]struct{} // unknown members of the open objects
	ignored  map[string]struct{}      // index of report.Ignored once that is long
	uris     []int                    // what "schemas" names: see schemaOf
	report   *Report
	used     []ToleranceSet // for each attribute by ord, what report has; empty if nothing
	problems []*PathError
}

var decoders = sync.Pool{New: func() any { return new(decoder) }}

// maxKept is the size up to which buffers are kept for the next body.
const maxKept = 1 << 16

func newDecoder(t *ResourceType, data []byte, o *DecodeOptions) *decoder {
	d := decoders.Get().(*decoder)
	d.typ, d.opts, d.report = t, o.withDefaults(), &Report{}
	d.source, d.maxLevel, d.maxTokens = data, d.opts.MaxDepth, d.opts.MaxValues
	return d
}

// release empties d and keeps it for the next body, unless this one was large.
func (d *decoder) release() {
	if max(cap(d.texts), cap(d.unescaped)) > maxKept || cap(d.stack) > maxKept/8 || cap(d.done) > maxKept/8 {
		return
	}
	*d = decoder{
		scanner: scanner{unescaped: d.unescaped[:0]}, trail: trail{steps: d.steps[:0]},
		texts: d.texts[:0], stack: d.stack[:0], done: d.done[:0],
		seen: d.seen[:0], uris: d.uris[:0], used: d.used[:0], skipped: d.skipped[:0],
	}
	decoders.Put(d)
}

// finish turns the result of reading the body into the error of the caller.
func (d *decoder) finish(err error) error {
	if err == nil {
		err = d.scanEnd()
	}
	if err != nil {
		d.problems = append(d.problems, d.last(err))
	}
	if len(d.problems) == 0 {
		return nil
	}
	return &ValidationError{Problems: d.problems}
}

// last is the problem at which reading stopped.
func (d *decoder) last(err error) *PathError {
	var stop *PathError
	if errors.As(err, &stop) {
		return stop
	}
	return d.scanProblem(err)
}

// begin reads the first token. Positions in the body have 32 bits.
func (d *decoder) begin() error {
	if uint64(len(d.source))>>32 != 0 {
		return d.stop(ErrLimit, "has 4 GiB or more")
	}
	if err := d.scanValue(); err != nil {
		return err
	}
	d.texts = slices.Grow(d.texts, len(d.source)) // what texts there are fits
	return nil
}

// offset is the position of the current token in the body.
func (d *decoder) offset() int64 {
	if d.nested {
		return d.base
	}
	return int64(d.start)
}
