package schema

import (
	"bytes"

	"github.com/go-json-experiment/json/jsontext"
)

// skip reads the rest of the value that starts with the current token.
func (d *decoder) skip() error {
	if d.kind != '{' && d.kind != '[' {
		return nil
	}
	start, outside := d.start, d.level-1
	names := &d.skipped
	*names = openNames{names: names.names[:0], starts: names.starts[:0]}
	names.token(d)
	for d.level > outside {
		if err := d.next(); err != nil {
			return err
		}
		names.token(d)
	}
	if names.doubt && !jsontext.Value(d.source[start:d.pos]).IsValid() {
		return d.stop(ErrSyntax, "has a member twice")
	}
	return nil
}

// openNames holds the names in the open objects of a value that is skipped. It
// knows which objects surely have each name once, which most have; to read
// others again is dear, but rare.
type openNames struct {
	names  []span
	starts []int // of the names of each object
	doubt  bool  // an object may have a name twice
}

// token takes note of the current token.
func (o *openNames) token(d *decoder) {
	switch d.kind {
	case '{':
		o.starts = append(o.starts, len(o.names))
	case '}':
		last := len(o.starts) - 1
		o.names, o.starts = o.names[:o.starts[last]], o.starts[:last]
	case '"':
		if in, n := d.json.StackIndex(d.json.StackDepth()); in == '{' && n%2 == 1 && !o.doubt {
			o.add(d.source, span{d.start + 1, d.pos - 1})
		}
	}
}

func (o *openNames) add(source []byte, name span) {
	const few = 16
	text := source[name.start:name.end]
	known := o.names[o.starts[len(o.starts)-1]:]
	o.doubt = len(known) == few || bytes.IndexByte(text, '\\') >= 0
	for _, other := range known {
		o.doubt = o.doubt || string(source[other.start:other.end]) == string(text)
	}
	o.names = append(o.names, name)
}

// span is a part of the source.
type span struct{ start, end int }
