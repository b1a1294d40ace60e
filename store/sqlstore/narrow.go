package sqlstore

import (
	"slices"

	"github.com/muster-scim/muster/schema"
)

// Narrow returns a definition without the attributes that the table has no
// place for, for tables without Overflow: what discovery then serves is what can
// be kept, and a client that sends more is treated as the policy for unknown
// attributes says. The lists of relations and their inverse attributes are
// named in more, because Joins keep them:
//
//	users.Narrow(schema.UserDefinition(), "groups")
//
// The definition itself is not changed. Required attributes stay, so that a
// missing column for one of them is reported by NewOwnTables.
func (m Table) Narrow(d schema.Definition, more ...string) (schema.Definition, error) {
	t, err := d.Compile()
	if err != nil {
		return d, err
	}
	c := &compiler{tables: map[string]*ownTable{}}
	all := m
	all.Type = t
	c.table(&all)
	table := c.tables[t.Name()]
	keep := func(p schema.Path) bool {
		return p.Required() || slices.ContainsFunc(more, func(name string) bool {
			named, err := t.Path(name)
			return err == nil && named.Contains(p)
		}) || table.placed(p) || table.partly(p)
	}
	d.Schema = narrowed(d.Schema, t, "", keep)
	var extensions []schema.Extension
	for _, e := range d.Extensions {
		e.Schema = narrowed(e.Schema, t, e.Schema.ID+":", keep)
		if len(e.Schema.Attributes) > 0 {
			extensions = append(extensions, e)
		}
	}
	d.Extensions = extensions
	return d, nil
}

// narrowed returns a copy of a schema with the attributes that are kept.
func narrowed(s *schema.Schema, t *schema.ResourceType, prefix string, keep func(schema.Path) bool) *schema.Schema {
	c := *s
	c.Attributes = narrowedAttributes(s.Attributes, t, prefix, keep)
	return &c
}

func narrowedAttributes(list []schema.Attribute, t *schema.ResourceType, prefix string, keep func(schema.Path) bool) []schema.Attribute {
	var kept []schema.Attribute
	for _, a := range list {
		p, err := t.Path(prefix + a.Name)
		if err != nil || !keep(p) {
			continue
		}
		if len(a.SubAttributes) > 0 {
			a.SubAttributes = narrowedAttributes(a.SubAttributes, t, prefix+a.Name+".", keep)
		}
		kept = append(kept, a)
	}
	return kept
}
