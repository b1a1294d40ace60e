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
	config    *Config
	tables    []*table
	relations []*relation // in the order of Config.Relations
	journal   *journal
}

func newState(c *Config) *state {
	s := &state{config: c, journal: newJournal()}
	for i := range c.Relations {
		s.relations = append(s.relations, newRelation(&c.Relations[i]))
	}
	return s
}

// table returns the resources of a type, or nil if there never was one.
func (s *state) table(resourceType string) *table {
	for _, t := range s.tables {
		if t.typ.Name() == resourceType {
			return t
		}
	}
	return nil
}

// stored returns the resource as it is stored: without what is derived.
func (s *state) stored(ref store.Ref) (*schema.Resource, bool) {
	t := s.table(ref.Type)
	if t == nil {
		return nil, false
	}
	return t.byID.Get(string(ref.ID))
}

// draft is a state that is being changed. What belongs to its edit is changed
// in place, everything else is copied first.
type draft struct {
	state
	edit cow.Edit
}

func newDraft(s *state) *draft {
	d := &draft{}
	d.restore(s)
	return d
}

// snapshot returns the draft as it is now. Later changes do not touch it.
func (d *draft) snapshot() *state {
	s := d.state
	d.restore(&s)
	return &s
}

// restore makes the draft a copy of s.
func (d *draft) restore(s *state) {
	d.state = *s
	d.tables, d.relations = slices.Clone(s.tables), slices.Clone(s.relations)
	d.edit = cow.NewEdit()
}

// tableFor returns the table of a type to change it, and makes it if there is
// none yet.
func (d *draft) tableFor(typ *schema.ResourceType) (*table, error) {
	for i, t := range d.tables {
		if t.typ.Name() != typ.Name() {
			continue
		}
		if t.typ != typ {
			return nil, fmt.Errorf("memstore: two different types are called %s", typ.Name())
		}
		if t.edit != d.edit {
			t = t.copy(d.edit)
			d.tables[i] = t
		}
		return t, nil
	}
	t := newTable(d.edit, d.config, typ)
	d.tables = append(d.tables, t)
	return t, nil
}

// relationAt returns a relation to change it.
func (d *draft) relationAt(i int) *relation {
	r := d.relations[i]
	if r.edit != d.edit {
		c := *r
		c.edit = d.edit
		r = &c
		d.relations[i] = r
	}
	return r
}
