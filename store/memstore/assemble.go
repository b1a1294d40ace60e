package memstore

import (
	"iter"
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
func (s *state) assemble(t *table, r *schema.Resource, include func(schema.Path) bool) *schema.Resource {
	for i := range t.roles {
		role := &t.roles[i]
		n := s.relations[role.relation].across(!role.holder, r.ID()).Len()
		if n == 0 || !include(role.links.List) {
			continue
		}
		list := make([]schema.Value, 0, n)
		for v := range s.derived(role, r.ID()) {
			list = append(list, v)
		}
		r = with(r, role.links, list)
	}
	return r
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
func (s *state) derived(role *role, id schema.ID) iter.Seq[schema.Value] {
	rel := s.relations[role.relation]
	return func(yield func(schema.Value) bool) {
		if role.holder {
			for m := range rel.members(id) {
				if !yield(s.memberElement(role, m)) {
					return
				}
			}
			return
		}
		for holder := range rel.holdersOf(id) {
			display := s.nameOf(role.relation, store.Ref{Type: rel.Type, ID: holder})
			if !yield(role.links.Element(holder, directly, display)) {
				return
			}
		}
	}
}

func (s *state) memberElement(role *role, m *member) schema.Value {
	ref := store.Ref{Type: s.relations[role.relation].Targets[m.target].Type, ID: m.id}
	return role.links.Element(m.id, ref.Type, s.nameOf(role.relation, ref))
}

// some returns the elements of a holder's list for the members among ids, in
// the order of the list.
func (s *state) some(role *role, holder schema.ID, ids []schema.ID) []schema.Value {
	l, ok := s.relations[role.relation].lists.Get(string(holder))
	if !ok {
		return nil
	}
	var found []*member
	for _, id := range ids {
		if m, ok := l.byID.Get(string(id)); ok {
			found = append(found, m)
		}
	}
	slices.SortFunc(found, l.order.Compare)
	found = slices.Compact(found)
	list := make([]schema.Value, len(found))
	for i, m := range found {
		list[i] = s.memberElement(role, m)
	}
	return list
}
