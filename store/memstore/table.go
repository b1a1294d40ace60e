package memstore

import (
	"slices"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/memstore/internal/cow"
)

// table holds the resources of one type, without what is derived from
// relations.
type table struct {
	edit    cow.Edit
	typ     *schema.ResourceType
	byID    cow.Map[*schema.Resource]
	order   cow.Tree[*schema.Resource] // by id
	indexes []*index
	bin     cow.Tree[store.Discarded] // by id
	roles   []role
	names   [][]schema.Path // by relation: what names such a resource in it
}

func newTable(e cow.Edit, c *Config, typ *schema.ResourceType) *table {
	t := &table{edit: e, typ: typ, roles: rolesOf(c.Relations, typ), names: namesOf(c.Relations, typ)}
	t.byID.Key = func(r *schema.Resource) string { return string(r.ID()) }
	t.order.Compare = compareIDs
	t.bin.Compare = func(a, b store.Discarded) int { return compareIDs(a.Resource, b.Resource) }
	for p := range typ.AllPaths() {
		unique := p.Uniqueness() != schema.UniquenessNone && p != typ.IDPath() && !p.IsExtension()
		if unique || p == typ.ExternalIDPath() {
			t.addIndex(e, p, false)
		}
	}
	for _, name := range c.Indexes {
		if p, err := typ.Path(name); err == nil && indexable(p) {
			t.addIndex(e, p, true)
		}
	}
	return t
}

func compareIDs(a, b *schema.Resource) int { return a.ID().Compare(b.ID()) }

// copy returns a table that belongs to e.
func (t *table) copy(e cow.Edit) *table {
	c := *t
	c.edit = e
	c.indexes = make([]*index, len(t.indexes))
	for i, x := range t.indexes {
		own := *x
		c.indexes[i] = &own
	}
	return &c
}

// index returns the index of a path, or nil.
func (t *table) index(p schema.Path) *index {
	for _, x := range t.indexes {
		if x.path == p {
			return x
		}
	}
	return nil
}

// addIndex makes an index, or makes the one there is serve order as well.
func (t *table) addIndex(e cow.Edit, p schema.Path, ordered bool) *index {
	if x := t.index(p); x != nil && (!ordered || x.ordered()) {
		return x
	}
	x := newIndex(p, ordered)
	for r := range t.order.At(0) {
		x.update(e, nil, r)
	}
	t.indexes = slices.DeleteFunc(t.indexes, func(other *index) bool { return other.path == p })
	t.indexes = append(t.indexes, x)
	return x
}

// put stores r in place of old, which is nil for a new resource.
func (t *table) put(e cow.Edit, old, r *schema.Resource) {
	t.byID.Set(e, r)
	t.order.Set(e, r)
	for _, x := range t.indexes {
		x.update(e, old, r)
	}
}

// drop removes r.
func (t *table) drop(e cow.Edit, r *schema.Resource) {
	t.byID.Delete(e, string(r.ID()))
	t.order.Delete(e, r)
	for _, x := range t.indexes {
		x.update(e, r, nil)
	}
}

// conflict returns an error if another resource has one of the keys of r.
func (t *table) conflict(e cow.Edit, r *schema.Resource, w store.Write) error {
	for _, key := range w.Keys(r) {
		x := t.index(key.Path)
		if x == nil { // a key that only the host wants to be unique
			x = t.addIndex(e, key.Path, false)
		}
		if other := x.other(key.Text, r.ID()); other != nil {
			return &store.ConflictError{Path: key.Path.String(), Existing: store.RefOf(other)}
		}
	}
	return nil
}
