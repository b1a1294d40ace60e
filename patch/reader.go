package patch

import (
	"bytes"
	"sync"

	"github.com/go-json-experiment/json/jsontext"
)

// reader reads JSON text and hands out parts of it without copying them.
type reader struct {
	text []byte
	src  bytes.Buffer
	dec  *jsontext.Decoder
}

// readers keeps the decoders' working memory for the next text.
var readers = sync.Pool{New: func() any { return &reader{dec: jsontext.NewDecoder(&bytes.Buffer{})} }}

// newReader returns a reader for text; release gives it back. A bytes.Buffer is
// read in place and never written to.
func newReader(text []byte) *reader {
	r := readers.Get().(*reader)
	r.text, r.src = text, *bytes.NewBuffer(text)
	r.dec.Reset(&r.src)
	return r
}

func (r *reader) release() {
	r.text, r.src = nil, bytes.Buffer{}
	r.dec.Reset(&r.src)
	readers.Put(r)
}

// open returns a reader behind the opening bracket of text, or nil if there is
// none.
func open(text jsontext.Value, bracket jsontext.Kind) *reader {
	if text.Kind() != bracket {
		return nil
	}
	r := newReader(text)
	if _, err := r.dec.ReadToken(); err != nil {
		r.release()
		return nil
	}
	return r
}

// next returns the next value as a part of the text.
func (r *reader) next() (jsontext.Value, error) {
	read, err := r.dec.ReadValue()
	if err != nil {
		return nil, err
	}
	end := r.dec.InputOffset()
	return r.text[end-int64(len(read)) : end : end], nil
}
