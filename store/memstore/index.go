package memstore

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store/memstore/internal/cow"
)

// index finds the resources that have a value at a path.
type index struct {
	path  schema.Path
	exact cow.Map[bucket]
	keys  cow.Tree[entry] // by key, then id; unused if not ordered
}

// bucket holds the resources with one key: one, or if there are more, many.
type bucket struct {
	key  string
	one  *schema.Resource
	many *cow.Tree[*schema.Resource]
}

// entry is one key of one resource.
type entry struct {
	key      string
	resource *schema.Resource
}

// indexable reports whether equal keys mean equal values.
func indexable(p schema.Path) bool {
	return p.Kind() == schema.KindString || p.Kind() == schema.KindReference
}

func newIndex(p schema.Path, ordered bool) *index {
	x := &index{path: p}
	x.exact.Key = func(b bucket) string { return b.key }
	if ordered {
		x.keys.Compare = compareEntries
	}
	return x
}

func compareEntries(a, b entry) int {
	return cmp.Or(strings.Compare(a.key, b.key), compareIDs(a.resource, b.resource))
}

func (x *index) ordered() bool { return x.keys.Compare != nil }

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

// update replaces old by r; either may be nil.
func (x *index) update(e cow.Edit, old, r *schema.Resource) {
	keys := x.keysOf(r)
	for _, key := range x.keysOf(old) {
		if _, kept := slices.BinarySearch(keys, key); !kept {
			x.remove(e, key, old)
		}
	}
	for _, key := range keys {
		x.add(e, key, r)
	}
}

func (x *index) add(e cow.Edit, key string, r *schema.Resource) {
	b, found := x.exact.Get(key)
	b.key = key // the text of r, so that those of older states can be freed
	if !found || b.many == nil && b.one.ID() == r.ID() {
		b.one = r
	} else {
		many := b.tree(e)
		many.Set(e, r)
		b.one, b.many = nil, many
	}
	x.exact.Set(e, b)
	if x.ordered() {
		x.keys.Set(e, entry{key, r})
	}
}

func (x *index) remove(e cow.Edit, key string, r *schema.Resource) {
	b, found := x.exact.Get(key)
	if !found {
		return
	}
	if b.many == nil {
		x.exact.Delete(e, key)
	} else {
		many := b.tree(e)
		many.Delete(e, r)
		b.many = many
		if many.Len() == 1 {
			for b.one = range many.At(0) {
			}
			b.many = nil
		}
		x.exact.Set(e, b)
	}
	if x.ordered() {
		x.keys.Delete(e, entry{key, r})
	}
}

// tree returns a copy of the bucket's resources to change.
func (b bucket) tree(e cow.Edit) *cow.Tree[*schema.Resource] {
	if b.many != nil {
		c := *b.many
		return &c
	}
	t := &cow.Tree[*schema.Resource]{Compare: compareIDs}
	t.Set(e, b.one)
	return t
}

// other returns a resource with the key that is not the one with the id.
func (x *index) other(key string, id schema.ID) *schema.Resource {
	b, found := x.exact.Get(key)
	if !found {
		return nil
	}
	for r := range b.from("") {
		if r.ID() != id {
			return r
		}
	}
	return nil
}

func (b bucket) len() int {
	switch {
	case b.many != nil:
		return b.many.Len()
	case b.one != nil:
		return 1
	}
	return 0
}

// from iterates over the resources of the bucket after an id, in that order.
func (b bucket) from(afterID schema.ID) iter.Seq[*schema.Resource] {
	if b.many != nil {
		return following(b.many, afterID)
	}
	return func(yield func(*schema.Resource) bool) {
		if b.one != nil && b.one.ID() > afterID {
			yield(b.one)
		}
	}
}

// following iterates over a tree ordered by id.
func following(t *cow.Tree[*schema.Resource], afterID schema.ID) iter.Seq[*schema.Resource] {
	return t.From(func(r *schema.Resource) int {
		if r.ID() <= afterID && afterID != "" {
			return -1
		}
		return 1
	})
}
