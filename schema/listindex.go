package schema

import (
	"hash/maphash"
	"math/bits"
	"sync/atomic"
)

// chunkIndex finds the elements of a chunk by their key. It is built when it is
// needed for the second time: whoever reads a group to add one member is done
// sooner by looking at each. A chunk never changes, so lists that share it
// share the index.
type chunkIndex struct {
	table atomic.Pointer[keyTable]
	asked atomic.Bool
}

// keyTable is an open-addressing hash table of positions in a chunk.
type keyTable struct {
	attr  *attr    // whose keys these are
	slots []uint32 // upper half: part of the hash; lower half: position + 1
}

// keySeed makes collisions unpredictable to clients.
var keySeed = maphash.MakeSeed()

// IndexOfElement returns the position of the first element of the list v whose
// Path.ElementKey for p is key, or -1. Long lists remember an index, so looking
// up again, also in lists made from v, takes time in proportion to their
// number of chunks of 512 only.
func (v Value) IndexOfElement(p Path, key string) int {
	if key == "" || p.a == nil || v.kind != KindList {
		return -1
	}
	if !v.spread {
		return p.search(v.children(), key)
	}
	s, hash := v.spineOf(), maphash.String(keySeed, key)
	for i, c := range s.chunks {
		if at := c.find(p, key, hash); at >= 0 {
			return s.starts[i] + at
		}
	}
	return -1
}

func (p Path) search(elements []Value, key string) int {
	for i, e := range elements {
		if p.hasKey(e, key) {
			return i
		}
	}
	return -1
}

// hasKey reports whether ElementKey gives key, which is not "", for e. Most
// often it does not, and the first letters tell.
func (p Path) hasKey(e Value, key string) bool {
	if e.kind == KindComplex {
		if p.a.value == nil {
			return false
		}
		p, e = Path{p.a.value}, field(e.children(), p.a.value.index)
	}
	if e.kind == KindString || e.kind == KindReference {
		return p.a.fold.equal(textOf(e), key)
	}
	return p.FoldValue(e) == key
}

// find returns the position of key in c, or -1.
func (c *chunk) find(p Path, key string, hash uint64) int {
	t := c.index.table.Load()
	if t == nil && c.index.asked.Swap(true) {
		t = newKeyTable(p, c.values)
		c.index.table.Store(t)
	}
	if t == nil || t.attr != p.a {
		return p.search(c.values, key)
	}
	mask := len(t.slots) - 1
	for i := int(hash) & mask; t.slots[i] != 0; i = (i + 1) & mask {
		slot := t.slots[i]
		if at := int(slot&0xffff) - 1; slot>>16 == uint32(hash>>48) && p.hasKey(c.values[at], key) {
			return at
		}
	}
	return -1
}

func newKeyTable(p Path, elements []Value) *keyTable {
	t := &keyTable{attr: p.a, slots: make([]uint32, 2<<bits.Len(uint(len(elements))))}
	mask := len(t.slots) - 1
	for at, e := range elements {
		key := p.ElementKey(e)
		if key == "" {
			continue
		}
		hash := maphash.String(keySeed, key)
		i := int(hash) & mask
		for t.slots[i] != 0 {
			i = (i + 1) & mask
		}
		t.slots[i] = uint32(hash>>48)<<16 | uint32(at+1)
	}
	return t
}

// fewElements is the number of lookups up to which the index of a long list is
// cheaper than one pass over the list.
const fewElements = 64

// finder returns a function that finds an element of the list v by its key, and
// is good for the given number of lookups. A key that several elements have
// does not tell which one is meant, and is not found.
func (v Value) finder(p Path, lookups int) func(key string) int {
	if v.spread && p.a.ref != nil && lookups <= fewElements { // whose keys are distinct
		return func(key string) int { return v.IndexOfElement(p, key) }
	}
	positions := make(map[string]int, v.Len())
	for i, e := range v.All() {
		key := p.ElementKey(e)
		if _, twice := positions[key]; twice || key == "" {
			i = -1
		}
		positions[key] = i
	}
	return func(key string) int {
		if i, ok := positions[key]; ok {
			return i
		}
		return -1
	}
}
