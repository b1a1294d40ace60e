package cow

import (
	"hash/maphash"
	"iter"
	"slices"
)

const (
	mapBits  = 4
	mapFan   = 1 << mapBits
	mapLeaf  = 48 // entries in a leaf before it is divided
	mapDepth = 64 / mapBits
)

var seed = maphash.MakeSeed()

// Map is a hash map of values that carry their own key. A Map with nothing but
// Key is empty.
//
// A lookup in a large map costs what it costs to fetch memory that no cache
// holds, so a step down touches one cache line and a leaf three.
type Map[V any] struct {
	Key  func(V) string // the key of a value; it must be set
	root mapKid[V]
	size int
}

// mapKid is a branch or a leaf, or nothing.
type mapKid[V any] struct {
	branch *mapBranch[V]
	leaf   *mapEntries[V]
}

type mapBranch[V any] struct {
	kids [mapFan]mapKid[V]
	edit Edit
}

// mapEntries has the upper half of each hash beside the values, so that looking
// through it touches one value.
type mapEntries[V any] struct {
	edit   Edit
	hashes []uint32
	values []V
}

// Len returns the number of entries.
func (m *Map[V]) Len() int { return m.size }

// Get returns the value with the given key.
func (m *Map[V]) Get(key string) (v V, ok bool) {
	hash := maphash.String(seed, key)
	leaf := m.root.leaf
	for branch, depth := m.root.branch, 0; branch != nil; depth++ {
		kid := &branch.kids[slot(hash, depth)]
		branch, leaf = kid.branch, kid.leaf
	}
	if i := m.find(leaf, hash, key); i >= 0 {
		return leaf.values[i], true
	}
	return v, false
}

// Set adds v, or puts it in place of the value with the same key.
func (m *Map[V]) Set(e Edit, v V) {
	key := m.Key(v)
	hash := maphash.String(seed, key)
	at, depth := m.descend(e, hash)
	if at.leaf == nil {
		at.leaf = &mapEntries[V]{edit: e}
	}
	leaf := at.leaf.own(e)
	at.leaf = leaf
	if i := m.find(leaf, hash, key); i >= 0 {
		leaf.values[i] = v
		return
	}
	leaf.hashes, leaf.values = append(leaf.hashes, upper(hash)), append(leaf.values, v)
	m.size++
	if len(leaf.values) > mapLeaf && depth < mapDepth {
		*at = m.divide(e, leaf, depth)
	}
}

// Delete removes the value with the given key and reports whether there was
// one. A branch stays when it becomes small; its leaves shrink.
func (m *Map[V]) Delete(e Edit, key string) bool {
	if _, ok := m.Get(key); !ok {
		return false
	}
	hash := maphash.String(seed, key)
	at, _ := m.descend(e, hash)
	leaf := at.leaf.own(e)
	i := m.find(leaf, hash, key)
	leaf.hashes, leaf.values = slices.Delete(leaf.hashes, i, i+1), slices.Delete(leaf.values, i, i+1)
	at.leaf = leaf
	if len(leaf.values) == 0 {
		at.leaf = nil
	}
	if m.size--; m.size == 0 {
		m.root = mapKid[V]{}
	}
	return true
}

// descend makes the branches on the way to a hash belong to e and returns where
// its leaf hangs.
func (m *Map[V]) descend(e Edit, hash uint64) (at *mapKid[V], depth int) {
	for at = &m.root; at.branch != nil; depth++ {
		if at.branch.edit != e {
			own := *at.branch
			own.edit = e
			at.branch = &own
		}
		at = &at.branch.kids[slot(hash, depth)]
	}
	return at, depth
}

// All iterates over the values in no particular order.
func (m *Map[V]) All() iter.Seq[V] {
	root := m.root
	return func(yield func(V) bool) { root.walk(yield) }
}

func (k *mapKid[V]) walk(yield func(V) bool) bool {
	if k.leaf != nil {
		for _, v := range k.leaf.values {
			if !yield(v) {
				return false
			}
		}
	}
	if k.branch != nil {
		for i := range k.branch.kids {
			if !k.branch.kids[i].walk(yield) {
				return false
			}
		}
	}
	return true
}

func (m *Map[V]) find(leaf *mapEntries[V], hash uint64, key string) int {
	if leaf == nil {
		return -1
	}
	want := upper(hash)
	for i, h := range leaf.hashes {
		if h == want && m.Key(leaf.values[i]) == key {
			return i
		}
	}
	return -1
}

// own returns the leaf if it belongs to e, or else a copy that does.
func (n *mapEntries[V]) own(e Edit) *mapEntries[V] {
	if n.edit == e {
		return n
	}
	return &mapEntries[V]{
		edit:   e,
		hashes: append(make([]uint32, 0, len(n.hashes)+1), n.hashes...),
		values: append(make([]V, 0, len(n.values)+1), n.values...),
	}
}

// divide turns a full leaf into a branch.
func (m *Map[V]) divide(e Edit, leaf *mapEntries[V], depth int) mapKid[V] {
	branch := &mapBranch[V]{edit: e}
	for i, v := range leaf.values {
		at := &branch.kids[slot(maphash.String(seed, m.Key(v)), depth)]
		if at.leaf == nil {
			at.leaf = &mapEntries[V]{edit: e}
		}
		at.leaf.hashes = append(at.leaf.hashes, leaf.hashes[i])
		at.leaf.values = append(at.leaf.values, v)
	}
	return mapKid[V]{branch: branch}
}

// slot picks the branch from the lower bits first; upper is for the leaves.
func slot(hash uint64, depth int) int { return int(hash>>(depth*mapBits)) & (mapFan - 1) }

func upper(hash uint64) uint32 { return uint32(hash >> 32) }
