package memstore

import (
	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// matcher returns a function that tells whether a stored resource matches,
// with the derived attributes that the filter asks for.
func (s *state) matcher(t *table, f *filter.Filter) func(row) bool {
	var derive []func(row) *schema.Resource
	for i := range t.roles {
		if role := &t.roles[i]; touches(f, role.links.List) {
			derive = append(derive, s.deriveFor(f, role))
		}
	}
	if len(derive) == 0 {
		return func(r row) bool { return f.Match(r.resource) }
	}
	return func(r row) bool {
		for _, add := range derive {
			r.resource = add(r)
		}
		return f.Match(r.resource)
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
func (s *state) deriveFor(f *filter.Filter, role *role) func(row) *schema.Resource {
	m := mention{links: role.links}
	if !role.holder || !m.all(f.Expr()) {
		return func(r row) *schema.Resource { return s.assemble(r, role.links.List.Contains) }
	}
	return func(r row) *schema.Resource {
		list := s.some(role, r.ties, m.ids)
		if m.present && len(list) == 0 {
			for e := range s.derived(role, r.ties) {
				list = append(list, e)
				break
			}
		}
		if len(list) == 0 {
			return r.resource
		}
		return with(r.resource, role.links, list)
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
