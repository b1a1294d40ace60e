package memstore

import (
	"slices"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/memstore/internal/cow"
)

// table is what is kept of the resources of one type besides themselves.
type table struct {
	edit    cow.Edit
	typ     *schema.ResourceType
	order   cow.Tree[uint32] // slots by id
	indexes []*index
	bin     cow.Tree[store.Discarded] // by id
	roles   []role
	names   [][]schema.Path // by relation: what names such a resource in it
}

func newTable(e cow.Edit, c *Config, typ *schema.ResourceType) *table {
	t := &table{edit: e, typ: typ, roles: rolesOf(c.Relations, typ), names: namesOf(c.Relations, typ)}
	for p := range typ.AllPaths() {
		unique := p.Uniqueness() != schema.UniquenessNone && p != typ.IDPath() && !p.IsExtension()
		if unique || p == typ.ExternalIDPath() {
			t.indexes = append(t.indexes, &index{path: p})
		}
	}
	for _, name := range c.Indexes {
		if p, err := typ.Path(name); err == nil && indexable(p) {
			t.indexes = slices.DeleteFunc(t.indexes, func(x *index) bool { return x.path == p })
			t.indexes = append(t.indexes, &index{path: p, ordered: true})
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

// addIndex makes an index of what there is.
func (d *draft) addIndex(t *table, p schema.Path) *index {
	t = d.ownTable(t)
	x := &index{path: p}
	t.indexes = append(t.indexes, x)
	for slot := range t.order.At(0) {
		x.carryOut(d.edit, &d.resources, x.change(nil, d.at(slot)), slot)
	}
	return x
}

// insert stores a new resource and returns its slot.
func (d *draft) insert(r *schema.Resource) (slot uint32) {
	t := d.ownTable(d.tableOf(r))
	slot = d.add(d.edit, r)
	t.order.Set(d.edit, slot, d.toID(r.ID()))
	for _, x := range t.indexes {
		x.carryOut(d.edit, &d.resources, x.change(nil, r), slot)
	}
	return slot
}

// update stores a new state of a resource. What finds it is changed only if its
// keys are.
func (d *draft) update(slot uint32, r *schema.Resource) {
	t, old := d.tableOf(r), d.at(slot)
	d.set(d.edit, slot, r)
	for i := range t.indexes {
		if c := t.indexes[i].change(old, r); !c.none() {
			t = d.ownTable(t)
			t.indexes[i].carryOut(d.edit, &d.resources, c, slot)
		}
	}
}

// remove removes a resource, which has no memberships any more.
func (d *draft) remove(slot uint32) {
	r := d.at(slot)
	t := d.ownTable(d.tableOf(r))
	t.order.Delete(d.edit, d.toID(r.ID()))
	for _, x := range t.indexes {
		x.carryOut(d.edit, &d.resources, x.change(r, nil), slot)
	}
	d.drop(d.edit, slot)
}

// conflict returns an error if a resource of a type in another slot has one of
// the keys.
func (d *draft) conflict(typ *schema.ResourceType, keys []schema.Key, slot uint32) error {
	for _, key := range keys {
		t := d.table(typ.Name())
		x := t.index(key.Path)
		if x == nil { // a key that only the host wants to be unique
			x = d.addIndex(t, key.Path)
		}
		if other, ok := x.other(&d.resources, key.Text, slot); ok {
			return &store.ConflictError{Path: key.Path.String(), Existing: store.RefOf(d.at(other))}
		}
	}
	return nil
}
