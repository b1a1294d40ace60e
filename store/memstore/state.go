package memstore

import (
	"fmt"
	"slices"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/memstore/internal/cow"
)

// state is everything that the store holds at one moment. It never changes.
type state struct {
	resources
	config  *Config
	tables  []*table
	journal *journal
}

func newState(c *Config) *state {
	return &state{config: c, journal: &journal{}}
}

// table returns what is kept of a type, or nil if there never was such a
// resource.
func (s *state) table(resourceType string) *table {
	for _, t := range s.tables {
		if t.typ.Name() == resourceType {
			return t
		}
	}
	return nil
}

// tableOf returns what is kept of the type of a stored resource.
func (s *state) tableOf(r *schema.Resource) *table {
	for _, t := range s.tables {
		if t.typ == r.Type() {
			return t
		}
	}
	return nil
}

// slotOf returns the slot of a resource.
func (s *state) slotOf(ref store.Ref) (slot uint32, ok bool) {
	slot, ok = s.find(ref.ID)
	return slot, ok && s.at(slot).Type().Name() == ref.Type
}

// stored returns the resource as it is stored: without what is derived.
func (s *state) stored(ref store.Ref) (row, bool) {
	slot, ok := s.slotOf(ref)
	if !ok {
		return row{}, false
	}
	return s.rows.Get(slot), true
}

// draft is a state that is being changed. What belongs to its edit is changed
// in place, everything else is copied first.
type draft struct {
	state
	edit cow.Edit
	base *state // that it began as
}

func newDraft(s *state) *draft { return &draft{state: *s, edit: cow.NewEdit(), base: s} }

// snapshot returns the draft as it is now. Later changes do not touch it.
func (d *draft) snapshot() *state {
	s := d.state
	d.edit = cow.NewEdit()
	return &s
}

// restore makes the draft a copy of s.
func (d *draft) restore(s *state) { d.state, d.edit = *s, cow.NewEdit() }

// tableFor returns the table of a type to change it, and makes it if there is
// none yet.
func (d *draft) tableFor(typ *schema.ResourceType) (*table, error) {
	t := d.table(typ.Name())
	switch {
	case t == nil:
		t = newTable(d.edit, d.config, typ)
		d.tables = append(slices.Clip(d.tables), t)
	case t.typ != typ:
		return nil, fmt.Errorf("memstore: two different types are called %s", typ.Name())
	}
	return d.ownTable(t), nil
}

// ownTable returns a table to change it.
func (d *draft) ownTable(t *table) *table {
	if t.edit == d.edit {
		return t
	}
	own := t.copy(d.edit)
	d.tables = slices.Clone(d.tables)
	d.tables[slices.Index(d.tables, t)] = own
	return own
}
