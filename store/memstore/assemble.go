package memstore

import (
	"iter"
	"maps"
	"slices"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// directly is the type of a membership that is not through another one (RFC
// 7643 §4.1.2).
const directly = "direct"

// everything is the selection of all derived attributes.
func everything(schema.Path) bool { return true }

// selected turns a projection into a selection.
func selected(p *schema.Projection) func(schema.Path) bool {
	if p == nil {
		return everything
	}
	return p.Includes
}

// assemble adds to a stored resource the derived attributes that are selected.
// A resource that has none is returned as it is.
func (s *state) assemble(stored row, include func(schema.Path) bool) *schema.Resource {
	r := stored.resource
	if stored.ties == nil {
		return r
	}
	roles := s.tableOf(r).roles
	for i := range roles {
		role := &roles[i]
		n := stored.across(role)
		if n == 0 || !include(role.links.List) {
			continue
		}
		list := make([]schema.Value, 0, n)
		for v := range s.derived(role, stored.ties) {
			list = append(list, v)
		}
		r = with(r, role.links, list)
	}
	return r
}

// across returns the number of elements that a row has in a role.
func (r row) across(role *role) int {
	if role.holder {
		return r.ties.in(role.relation).members()
	}
	return r.ties.in(role.relation).holders()
}

// with sets the list of r. It cannot fail: the elements are of its own links.
func with(r *schema.Resource, links store.Links, list []schema.Value) *schema.Resource {
	b := r.Edit()
	if b.Set(links.List, schema.List(list...)) != nil {
		return r
	}
	return b.Resource()
}

// derived iterates over the elements of a list or inverse attribute.
func (s *state) derived(role *role, ties *tie) iter.Seq[schema.Value] {
	t := ties.in(role.relation)
	return func(yield func(schema.Value) bool) {
		if role.holder {
			for member := range t.allMembers() {
				if !yield(s.memberElement(role, member)) {
					return
				}
			}
			return
		}
		for holder := range t.allHolders() {
			if !yield(role.links.Element(s.id(holder), directly, s.nameOf(role.relation, holder))) {
				return
			}
		}
	}
}

func (s *state) memberElement(role *role, member uint32) schema.Value {
	r := s.at(member)
	return role.links.Element(r.ID(), r.Type().Name(), s.nameOf(role.relation, member))
}

// some returns the elements of a holder's list for the members among ids, in
// the order of the list.
func (s *state) some(role *role, ties *tie, ids []schema.ID) []schema.Value {
	t := ties.in(role.relation)
	if t == nil || t.list == nil {
		return nil
	}
	slots := map[uint32]uint32{} // by position
	for _, id := range ids {
		if slot, ok := s.find(id); ok {
			if at, ok := t.list.position(slot); ok {
				slots[at] = slot
			}
		}
	}
	list := make([]schema.Value, 0, len(slots))
	for _, at := range slices.Sorted(maps.Keys(slots)) {
		list = append(list, s.memberElement(role, slots[at]))
	}
	return list
}
