package schema

import (
	"iter"
	"slices"
	"unsafe"
)

// identity tells one value in memory from another.
type identity struct {
	data unsafe.Pointer
	size uint32
	kind Kind
}

func (v Value) identity() identity { return identity{v.data, v.size, v.kind} }

// added iterates over the elements of v, with their positions, that are not
// elements of old in memory. What two long lists share at their beginnings and
// ends is passed over quickly; all elements of a short list count as new.
func (v Value) added(old Value) iter.Seq2[int, Value] {
	if !v.spread {
		return v.All()
	}
	return func(yield func(int, Value) bool) {
		before, now, i := unshared(old, v)
		known := identities(before)
		for _, run := range now {
			for _, e := range run {
				if _, ok := known[e.identity()]; !ok && !yield(i, e) {
					return
				}
				i++
			}
		}
	}
}

// unshared returns the stretches of memory of two lists without what they have
// in common at their beginnings and ends, and where that of v starts.
func unshared(old, v Value) (a, b [][]Value, start int) {
	before, now := old.chunkList(), v.chunkList()
	for len(before) > 0 && len(now) > 0 && before[0].same(now[0]) {
		start += len(now[0].values)
		before, now = before[1:], now[1:]
	}
	for len(before) > 0 && len(now) > 0 && before[len(before)-1].same(now[len(now)-1]) {
		before, now = before[:len(before)-1], now[:len(now)-1]
	}
	a, b = runs(before), runs(now)
	if len(a) > 0 && len(b) > 0 {
		n := commonPrefix(a[0], b[0])
		a[0], b[0], start = a[0][n:], b[0][n:], start+n
		x, y := &a[len(a)-1], &b[len(b)-1]
		n = commonSuffix(*x, *y)
		*x, *y = (*x)[:len(*x)-n], (*y)[:len(*y)-n]
	}
	return a, b, start
}

func runs(chunks []*chunk) [][]Value {
	runs := make([][]Value, len(chunks))
	for i, c := range chunks {
		runs[i] = c.values
	}
	return runs
}

func commonPrefix(a, b []Value) int {
	n, i := min(len(a), len(b)), 0
	for i < n && a[i].same(b[i]) {
		i++
	}
	return i
}

func commonSuffix(a, b []Value) int {
	n, i := min(len(a), len(b)), 0
	for i < n && a[len(a)-1-i].same(b[len(b)-1-i]) {
		i++
	}
	return i
}

// element is one element of a list and its position.
type element struct {
	index int
	value Value
}

// newElements appends what added iterates over to dst.
func (v Value) newElements(old Value, dst []element) []element {
	if v.spread {
		return v.newSpread(old)
	}
	for i, e := range v.run() {
		dst = append(dst, element{i, e})
	}
	return dst
}

// newSpread is newElements of a long list. It is apart because its loop would
// move any buffer to the heap.
func (v Value) newSpread(old Value) (news []element) {
	for i, e := range v.added(old) {
		news = append(news, element{i, e})
	}
	return news
}

func identities(runs [][]Value) map[identity]struct{} {
	known := make(map[identity]struct{})
	for _, run := range runs {
		for _, e := range run {
			known[e.identity()] = struct{}{}
		}
	}
	return known
}

func (c *chunk) same(d *chunk) bool {
	return len(c.values) == len(d.values) && unsafe.SliceData(c.values) == unsafe.SliceData(d.values)
}

// equalLists compares two lists of the same length, whatever their chunks.
func equalLists(v, w Value) bool {
	if !v.spread { // nor is w
		return equalElements(v.children(), w.children())
	}
	i := 0
	for _, c := range v.chunkList() {
		if !w.hasChunk(i, c) {
			for j, e := range c.values {
				if !e.Equal(w.At(i + j)) {
					return false
				}
			}
		}
		i += len(c.values)
	}
	return true
}

func equalElements(a, b []Value) bool {
	return slices.EqualFunc(a, b, Value.Equal)
}

// hasChunk reports whether c is the chunk of v, a long list, that starts at
// position i.
func (v Value) hasChunk(i int, c *chunk) bool {
	s := v.spineOf()
	at := s.find(i)
	return s.starts[at] == i && s.chunks[at].same(c)
}
