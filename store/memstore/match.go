package memstore

import (
	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// matcher returns a function that tells whether a stored resource matches,
// with the derived attributes that the filter asks for.
func (s *state) matcher(t *table, f *filter.Filter) func(*schema.Resource) bool {
	var derive []func(*schema.Resource) *schema.Resource
	for i := range t.roles {
		if role := &t.roles[i]; touches(f, role.links.List) {
			derive = append(derive, s.deriveFor(t, f, role))
		}
	}
	if len(derive) == 0 {
		return f.Match
	}
	return func(r *schema.Resource) bool {
		for _, add := range derive {
			r = add(r)
		}
		return f.Match(r)
	}
}

// touches reports whether a filter asks for p or a part of it.
func touches(f *filter.Filter, p schema.Path) bool {
	for asked := range f.Paths() {
		if p.Contains(asked) {
			return true
		}
	}
	return false
}

// deriveFor returns a function that adds a list to a resource, or as much of it
// as the filter can tell from the whole.
func (s *state) deriveFor(t *table, f *filter.Filter, role *role) func(*schema.Resource) *schema.Resource {
	m := mention{links: role.links}
	if !role.holder || !m.all(f.Expr()) {
		return func(r *schema.Resource) *schema.Resource { return s.assemble(t, r, role.links.List.Contains) }
	}
	return func(r *schema.Resource) *schema.Resource {
		list := s.some(role, r.ID(), m.ids)
		if m.present && len(list) == 0 {
			for e := range s.derived(role, r.ID()) {
				list = append(list, e)
				break
			}
		}
		if len(list) == 0 {
			return r
		}
		return with(r, role.links, list)
	}
}

// mention gathers the ids of members that a filter speaks of.
type mention struct {
	links   store.Links
	ids     []schema.ID
	present bool // it asks whether there are members at all
}

// all reports whether everything that e asks of the list can be told from the
// members that it mentions by id.
func (m *mention) all(e filter.Expr) bool {
	switch e := e.(type) {
	case *filter.And:
		return m.each(e.Terms)
	case *filter.Or:
		return m.each(e.Terms)
	case *filter.Not:
		return m.all(e.X)
	case *filter.Compare:
		if e.Path == m.links.Value && e.Op == filter.Eq {
			m.ids = append(m.ids, schema.ID(e.Value.Text()))
			return m.links.Value.CaseExact()
		}
		return !m.links.Holds(e.Path)
	case *filter.Present:
		m.present = m.present || e.Path == m.links.List || e.Path == m.links.Value
		return m.present || !m.links.Holds(e.Path)
	case *filter.Has:
		return m.has(e)
	}
	return false
}

func (m *mention) each(terms []filter.Expr) bool {
	for _, t := range terms {
		if !m.all(t) {
			return false
		}
	}
	return true
}

func (m *mention) has(e *filter.Has) bool {
	if !m.links.Holds(e.Path) {
		return true
	}
	ids, ok := filter.AnyOf(e.X, m.links.Value)
	for _, id := range ids {
		m.ids = append(m.ids, schema.ID(id.Text()))
	}
	return ok && m.links.Value.CaseExact()
}
