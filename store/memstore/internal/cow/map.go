package cow

import (
	"hash/maphash"
	"iter"
	"slices"
)

const (
	mapBits  = 4
	mapFan   = 1 << mapBits
	mapLeaf  = 32 // entries in a leaf before it is divided
	mapDepth = 64 / mapBits
)

var seed = maphash.MakeSeed()

// Map is a hash map of values that carry their own key. A Map with nothing but
// Key is empty.
type Map[V any] struct {
	Key  func(V) string // the key of a value; it must be set
	root *mapNode[V]
	size int
}

// mapNode is a branch, which has kids, or a leaf, which has entries. The upper
// half of each hash is kept so that looking through a leaf touches one entry.
type mapNode[V any] struct {
	edit   Edit
	kids   *[mapFan]*mapNode[V]
	hashes []uint32
	values []V
}

// Len returns the number of entries.
func (m *Map[V]) Len() int { return m.size }

// Get returns the value with the given key.
func (m *Map[V]) Get(key string) (v V, ok bool) {
	hash := maphash.String(seed, key)
	n := m.root
	for depth := 0; n != nil && n.kids != nil; depth++ {
		n = n.kids[slot(hash, depth)]
	}
	if n == nil {
		return v, false
	}
	if i := n.find(m, hash, key); i >= 0 {
		return n.values[i], true
	}
	return v, false
}

// Set adds v, or puts it in place of the value with the same key.
func (m *Map[V]) Set(e Edit, v V) {
	key := m.Key(v)
	hash := maphash.String(seed, key)
	at := &m.root
	depth := 0
	for ; *at != nil && (*at).kids != nil; depth++ {
		n := (*at).own(e)
		*at = n
		at = &n.kids[slot(hash, depth)]
	}
	if *at == nil {
		*at = &mapNode[V]{edit: e}
	}
	n := (*at).own(e)
	*at = n
	if i := n.find(m, hash, key); i >= 0 {
		n.values[i] = v
		return
	}
	n.hashes, n.values = append(n.hashes, upper(hash)), append(n.values, v)
	m.size++
	if len(n.values) > mapLeaf && depth < mapDepth {
		n.divide(m, e, depth)
	}
}

// Delete removes the value with the given key and reports whether there was
// one. A branch stays when it becomes small; its leaves shrink.
func (m *Map[V]) Delete(e Edit, key string) bool {
	if _, ok := m.Get(key); !ok {
		return false
	}
	hash := maphash.String(seed, key)
	at := &m.root
	for depth := 0; (*at).kids != nil; depth++ {
		n := (*at).own(e)
		*at = n
		at = &n.kids[slot(hash, depth)]
	}
	n := (*at).own(e)
	i := n.find(m, hash, key)
	n.hashes, n.values = slices.Delete(n.hashes, i, i+1), slices.Delete(n.values, i, i+1)
	*at = n
	if len(n.values) == 0 {
		*at = nil
	}
	if m.size--; m.size == 0 {
		m.root = nil
	}
	return true
}

// All iterates over the values in no particular order.
func (m *Map[V]) All() iter.Seq[V] {
	root := m.root
	return func(yield func(V) bool) { root.walk(yield) }
}

func (n *mapNode[V]) walk(yield func(V) bool) bool {
	if n == nil {
		return true
	}
	for _, v := range n.values {
		if !yield(v) {
			return false
		}
	}
	if n.kids == nil {
		return true
	}
	for _, kid := range n.kids {
		if !kid.walk(yield) {
			return false
		}
	}
	return true
}

func (n *mapNode[V]) find(m *Map[V], hash uint64, key string) int {
	want := upper(hash)
	for i, h := range n.hashes {
		if h == want && m.Key(n.values[i]) == key {
			return i
		}
	}
	return -1
}

// own returns n if it belongs to e, or else a copy that does.
func (n *mapNode[V]) own(e Edit) *mapNode[V] {
	if n.edit == e {
		return n
	}
	c := &mapNode[V]{edit: e}
	if n.kids != nil {
		kids := *n.kids
		c.kids = &kids
		return c
	}
	c.hashes = append(make([]uint32, 0, len(n.hashes)+1), n.hashes...)
	c.values = append(make([]V, 0, len(n.values)+1), n.values...)
	return c
}

// divide turns a full leaf into a branch.
func (n *mapNode[V]) divide(m *Map[V], e Edit, depth int) {
	hashes, values := n.hashes, n.values
	n.kids, n.hashes, n.values = new([mapFan]*mapNode[V]), nil, nil
	for i, v := range values {
		at := &n.kids[slot(maphash.String(seed, m.Key(v)), depth)]
		if *at == nil {
			*at = &mapNode[V]{edit: e}
		}
		(*at).hashes = append((*at).hashes, hashes[i])
		(*at).values = append((*at).values, v)
	}
}

// slot picks the branch from the lower bits first; upper is for the leaves.
func slot(hash uint64, depth int) int { return int(hash>>(depth*mapBits)) & (mapFan - 1) }

func upper(hash uint64) uint32 { return uint32(hash >> 32) }
