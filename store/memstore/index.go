package memstore

import (
	"cmp"
	"iter"
	"math"
	"slices"
	"strings"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store/memstore/internal/cow"
)

// index finds the resources that have a value at a path.
type index struct {
	path    schema.Path
	ordered bool
	exact   cow.Index          // slots by the hashes of their keys
	shared  cow.Pool[*sharing] // keys that are not of one resource alone
	keys    cow.Tree[entry]    // by key, then id; empty if not ordered
}

// sharing are the resources with one key. In an index its number has the bit
// isShared.
type sharing struct {
	key   string
	slots cow.Tree[uint32] // by id
}

const (
	isShared = 1 << 31
	none     = math.MaxUint32 // no slot
)

// entry is one key of one resource.
type entry struct {
	key  string
	slot uint32
}

// toEntry tells how an entry compares to one with a key and an id.
func (rs *resources) toEntry(key string, id schema.ID) func(entry) int {
	return func(e entry) int {
		return cmp.Or(strings.Compare(e.key, key), rs.id(e.slot).Compare(id))
	}
}

// indexable reports whether equal keys mean equal values.
func indexable(p schema.Path) bool {
	return p.Kind() == schema.KindString || p.Kind() == schema.KindReference
}

// manyValued reports whether a resource can have several values at p.
func manyValued(p schema.Path) bool { return p.MultiValued() || p.Parent().MultiValued() }

// keysOf returns the keys of r in order, each once.
func (x *index) keysOf(r *schema.Resource) []string {
	if r == nil {
		return nil
	}
	var keys []string
	for v := range r.Values(x.path) {
		keys = append(keys, x.path.FoldValue(v))
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// keyChange is what becomes of the keys of one resource in an index.
type keyChange struct{ gone, came []string }

// change compares the keys of two states of a resource; either may be nil.
func (x *index) change(old, r *schema.Resource) (c keyChange) {
	if old != nil && r != nil && !manyValued(x.path) && old.Get(x.path).Equal(r.Get(x.path)) {
		return c
	}
	was, is := x.keysOf(old), x.keysOf(r)
	for _, key := range was {
		if _, stays := slices.BinarySearch(is, key); !stays {
			c.gone = append(c.gone, key)
		}
	}
	for _, key := range is {
		if _, stays := slices.BinarySearch(was, key); !stays {
			c.came = append(c.came, key)
		}
	}
	return c
}

func (c keyChange) none() bool { return len(c.gone) == 0 && len(c.came) == 0 }

// carryOut changes the keys under which a slot is found.
func (x *index) carryOut(e cow.Edit, rs *resources, c keyChange, slot uint32) {
	for _, key := range c.gone {
		x.remove(e, rs, key, slot)
	}
	for _, key := range c.came {
		x.add(e, rs, strings.Clone(key), slot) // so that it does not keep all texts of the resource
	}
}

// findShared returns the number of what shares a key, with the bit isShared.
func (x *index) findShared(key string) (number uint32, ok bool) {
	if x.shared.Empty() {
		return 0, false
	}
	return x.exact.Find(cow.Hash(key), func(number uint32) bool {
		return number&isShared != 0 && x.shared.Get(number&^isShared).key == key
	})
}

// findSingle returns the slot of a resource that has a key, other than the given
// one. It is wrong if several share the key.
func (x *index) findSingle(rs *resources, key string, than uint32) (slot uint32, ok bool) {
	return x.exact.Find(cow.Hash(key), func(number uint32) bool {
		return number&isShared == 0 && number != than && x.has(rs.at(number), key)
	})
}

// has reports whether a resource has a key.
func (x *index) has(r *schema.Resource, key string) bool {
	if manyValued(x.path) {
		for v := range r.Values(x.path) {
			if x.path.FoldValue(v) == key {
				return true
			}
		}
		return false
	}
	v := r.Get(x.path)
	return v.Text() == key && indexable(x.path) || x.path.FoldValue(v) == key
}

func (x *index) add(e cow.Edit, rs *resources, key string, slot uint32) {
	hash, id := cow.Hash(key), rs.id(slot)
	if x.ordered {
		x.keys.Set(e, entry{key, slot}, rs.toEntry(key, id))
	}
	if number, found := x.findShared(key); found {
		own := *x.shared.Get(number &^ isShared)
		own.slots.Set(e, slot, rs.toID(id))
		x.shared.Set(e, number&^isShared, &own)
		return
	}
	other, found := x.findSingle(rs, key, slot)
	if !found {
		x.exact.Add(e, hash, slot)
		return
	}
	s := &sharing{key: key}
	s.slots.Set(e, other, rs.toID(rs.id(other)))
	s.slots.Set(e, slot, rs.toID(id))
	x.exact.Remove(e, hash, other)
	x.exact.Add(e, hash, x.shared.Add(e, s)|isShared)
}

// remove undoes add. The resource may have another state already.
func (x *index) remove(e cow.Edit, rs *resources, key string, slot uint32) {
	hash, id := cow.Hash(key), rs.id(slot)
	if x.ordered {
		x.keys.Delete(e, rs.toEntry(key, id))
	}
	number, found := x.findShared(key)
	if !found {
		x.exact.Remove(e, hash, slot)
		return
	}
	own := *x.shared.Get(number &^ isShared)
	if own.slots.Delete(e, rs.toID(id)); own.slots.Len() > 1 {
		x.shared.Set(e, number&^isShared, &own)
		return
	}
	x.exact.Remove(e, hash, number)
	x.shared.Remove(e, number&^isShared)
	for last := range own.slots.At(0) {
		x.exact.Add(e, hash, last)
	}
}

// found are the resources with one key: one, or many.
type found struct {
	one  uint32
	many *cow.Tree[uint32]
}

func (x *index) lookUp(rs *resources, key string) (f found, ok bool) {
	if number, ok := x.findShared(key); ok {
		return found{many: &x.shared.Get(number &^ isShared).slots}, true
	}
	f.one, ok = x.findSingle(rs, key, none)
	return f, ok
}

func (f found) len() int {
	if f.many != nil {
		return f.many.Len()
	}
	return 1
}

// all iterates over the slots in the order of their ids.
func (f found) all() iter.Seq[uint32] {
	if f.many != nil {
		return f.many.At(0)
	}
	return func(yield func(uint32) bool) { yield(f.one) }
}

// other returns a slot with the key that is not the given one.
func (x *index) other(rs *resources, key string, than uint32) (slot uint32, ok bool) {
	f, ok := x.lookUp(rs, key)
	if !ok {
		return 0, false
	}
	for slot := range f.all() {
		if slot != than {
			return slot, true
		}
	}
	return 0, false
}
