package schema

import "strings"

// longText is the length in bytes from which on a text is not worth copying.
const longText = 1 << 10

// Compact returns a resource that is equal to r and laid out for being kept:
// its values lie together in memory and its texts do, in the order in which
// they are written, and nothing else is kept by them, such as the rest of the
// body that r was decoded from. A store that holds resources in memory so needs
// less of it, and finds each in fewer places. Texts of a kilobyte or more and
// lists of more than 512 values are shared with r, so Compact takes bounded time
// for what is unbounded.
func (r *Resource) Compact() *Resource {
	var c compaction
	c.countRecord(r.fields)
	own, values := newBlock(c.nValues)
	c.values = values[:0]
	c.text.Grow(c.nBytes)
	own.typ, own.fields = r.typ, c.record(r.fields)
	return own
}

// compaction copies values into memory of their number and length.
type compaction struct {
	nValues, nBytes int
	values          []Value
	text            strings.Builder
}

func (c *compaction) countRecord(values []Value) {
	c.nValues += len(values)
	for i := range values {
		switch v := &values[i]; {
		case v.isShort():
			c.nBytes += int(v.size)
		case v.hasChildren():
			c.countRecord(v.children())
		}
	}
}

// record copies values and, after all of them, their children.
func (c *compaction) record(values []Value) []Value {
	from := len(c.values)
	c.values = append(c.values, values...)
	own := c.values[from:len(c.values):len(c.values)]
	for i := range own {
		switch v := &own[i]; {
		case v.isShort():
			at := c.text.Len()
			c.text.WriteString(textOf(*v))
			v.data = scalar(v.kind, c.text.String()[at:]).data
		case v.hasChildren():
			v.data = parent(v.kind, c.record(v.children())).data
		}
	}
	return own
}

// isShort reports whether v is a text that is worth copying.
func (v *Value) isShort() bool {
	switch v.kind {
	case KindNone, KindBoolean, KindComplex, KindList:
		return false
	}
	return v.size < longText
}

// hasChildren reports whether v is a complex value or a list that is one array.
func (v *Value) hasChildren() bool {
	return (v.kind == KindComplex || v.kind == KindList) && !v.spread
}
