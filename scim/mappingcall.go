package scim

import (
	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
)

// mapping is that of the route's type, or nil.
func (c *call) mapping() *typeMapper { return c.profile.mapping.of(c.route.typ) }

// appendResource appends the JSON of a resource as the client knows it.
func (c *call) appendResource(dst []byte, r *schema.Resource, e *schema.Encoding) ([]byte, error) {
	m := c.profile.mapping.of(r.Type())
	if m == nil {
		return r.AppendJSON(dst, e)
	}
	text, err := r.AppendJSON(nil, e)
	return append(dst, m.out(text)...), err
}

// catalogue is what discovery shows.
func (c *call) catalogue() *catalogue {
	if m := c.profile.mapping; m != nil && m.catalogue != nil {
		return m.catalogue
	}
	return c.h.catalogue
}

// hides reports whether the client cannot reach an attribute.
func (m *typeMapper) hides(p schema.Path) bool {
	if m == nil {
		return false
	}
	for _, h := range m.hidden {
		if h.equal(parsePlace(m.typ, p.String())) {
			return true
		}
	}
	return false
}

// filtersMapped binds the filter of a search over all types where the types have
// names of their own for the same attributes.
func (c *call) filtersMapped(types []*schema.ResourceType) (map[*schema.ResourceType]*filter.Filter, error) {
	filters := make(map[*schema.ResourceType]*filter.Filter, len(types))
	var first error
	bound := false
	for _, t := range types {
		across, err := filter.ParseAcross([]*schema.ResourceType{t}, c.mapped(t, c.params.filter), c.filterOptions())
		if err != nil {
			if first == nil {
				first = err
			}
			continue
		}
		bound = true
		for t, f := range across.Filters() {
			filters[t] = f
		}
	}
	if !bound {
		return nil, first
	}
	return filters, nil
}
