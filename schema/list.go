package schema

import (
	"slices"
	"sort"
	"unsafe"
)

// A list of up to chunkSize values is one array. A longer one is a spine: a
// list of chunks, which the lists that are made from it share. Adding a member
// to a group of a million so copies one chunk and the spine, not the group.
const chunkSize = 512

// spine holds the values of a long list.
type spine struct {
	chunks []*chunk
	starts []int // position of the first value of each chunk
	size   int
}

// chunk is one stretch of a long list: at least one value and at most
// chunkSize.
type chunk struct {
	values []Value
	index  chunkIndex
}

// listOf makes a list that owns values.
func listOf(values []Value) Value {
	switch {
	case len(values) == 0:
		return Value{}
	case len(values) <= chunkSize:
		return parent(KindList, values)
	}
	var s spine
	for run := range slices.Chunk(values, chunkSize) {
		s.add(&chunk{values: run})
	}
	return s.list()
}

// Append returns the list v with elements added at its end; unassigned ones are
// left out. An unassigned v is an empty list. v itself does not change, and
// long lists share what they have in common.
func (v Value) Append(elements ...Value) Value {
	elements = slices.DeleteFunc(slices.Clone(elements), Value.IsZero)
	switch {
	case len(elements) == 0:
		return v
	case v.Len()+len(elements) <= chunkSize:
		return listOf(append(slices.Clone(v.run()), elements...))
	}
	s := v.spine()
	for run := range slices.Chunk(elements, chunkSize) {
		s.add(&chunk{values: run})
	}
	return s.list()
}

// Without returns the list v without the elements that drop reports; a list
// that has none left is unassigned, so the result is then the zero Value. If
// nothing is dropped the result is v.
func (v Value) Without(drop func(i int, e Value) bool) Value {
	return v.edit(func(i int, e Value) Value {
		if drop(i, e) {
			return Value{}
		}
		return e
	})
}

// edit returns the list v with the result of f in place of each element;
// unassigned ones are left out. What f does not change is shared.
func (v Value) edit(f func(i int, e Value) Value) Value {
	var s spine
	i, edited := 0, false
	for _, c := range v.chunkList() {
		out := c
		for j, e := range c.values {
			now := f(i, e)
			i++
			if out == c && !now.same(e) {
				out = &chunk{values: append(make([]Value, 0, len(c.values)), c.values[:j]...)}
			}
			if out != c && !now.IsZero() {
				out.values = append(out.values, now)
			}
		}
		edited = edited || out != c
		s.add(out)
	}
	if !edited {
		return v
	}
	return s.list()
}

// WithAt returns the list v with e in place of element i; if e is unassigned,
// element i is removed. It panics if i is out of range.
func (v Value) WithAt(i int, e Value) Value {
	if !v.spread {
		return listOf(withElement(v.run(), i, e))
	}
	old := v.spineOf()
	at := old.find(i)
	s := &spine{chunks: make([]*chunk, 0, len(old.chunks)), starts: make([]int, 0, len(old.chunks))}
	for j, c := range old.chunks {
		if j == at {
			c = &chunk{values: withElement(c.values, i-old.starts[j], e)}
		}
		s.add(c)
	}
	return s.list()
}

// withElement returns a copy of values with e at position i, or without that
// position if e is unassigned.
func withElement(values []Value, i int, e Value) []Value {
	values = slices.Clone(values)
	if values[i] = e; e.IsZero() {
		values = slices.Delete(values, i, i+1)
	}
	return values
}

// add appends a chunk that s may share. Two neighbours that fit into one chunk
// become one, so that a spine stays short whatever is removed.
func (s *spine) add(c *chunk) {
	if len(c.values) == 0 {
		return
	}
	if last := len(s.chunks) - 1; last >= 0 && s.joins(last, c) {
		s.chunks[last] = &chunk{values: slices.Concat(s.chunks[last].values, c.values)}
	} else {
		s.chunks, s.starts = append(s.chunks, c), append(s.starts, s.size)
	}
	s.size += len(c.values)
}

func (s *spine) joins(last int, c *chunk) bool {
	return len(s.chunks[last].values)+len(c.values) <= chunkSize
}

// list makes a Value of s, which is not changed any more.
func (s *spine) list() Value {
	switch len(s.chunks) {
	case 0:
		return Value{}
	case 1:
		return parent(KindList, s.chunks[0].values)
	}
	return Value{kind: KindList, data: unsafe.Pointer(s), size: uint32(s.size), spread: true}
}

// mustHave panics if position i does not exist, as indexing a slice does.
func (s *spine) mustHave(i int) {
	if i < 0 || i >= s.size {
		panic("schema: index out of range of a list")
	}
}

// find returns the chunk that holds position i.
func (s *spine) find(i int) int {
	s.mustHave(i)
	return sort.SearchInts(s.starts, i+1) - 1
}

func (s *spine) at(i int) Value {
	c := s.find(i)
	return s.chunks[c].values[i-s.starts[c]]
}

func (s *spine) yieldAll(yield func(int, Value) bool) {
	i := 0
	for _, c := range s.chunks {
		for _, e := range c.values {
			if !yield(i, e) {
				return
			}
			i++
		}
	}
}

func (v Value) spineOf() *spine { return (*spine)(v.data) }

// spine returns a copy of the spine of v that can be added to.
func (v Value) spine() *spine {
	chunks := v.chunkList()
	s := &spine{chunks: make([]*chunk, 0, len(chunks)+1), starts: make([]int, 0, len(chunks)+1)}
	for _, c := range chunks {
		s.add(c)
	}
	return s
}

// run returns the values of a short list; one value that is no list is its own
// only element.
func (v Value) run() []Value {
	switch {
	case v.kind == KindNone || v.spread:
		return nil
	case v.kind == KindList:
		return v.children()
	default:
		return []Value{v}
	}
}

// chunkList returns the chunks of a list; a short one is a single chunk.
func (v Value) chunkList() []*chunk {
	if v.spread {
		return v.spineOf().chunks
	}
	if run := v.run(); len(run) > 0 {
		return []*chunk{{values: run}}
	}
	return nil
}
