package scim

import (
	"slices"
	"strings"

	"github.com/muster-scim/muster/schema"
)

// clientCatalogue is discovery under the names of the client. A mapping that
// makes no valid definitions is a mistake.
func (h *Handler) clientCatalogue(m *mapper, e *ProfileError) *catalogue {
	var types []*schema.ResourceType
	for t := range h.registry.Types() {
		if tm := m.of(t); tm != nil {
			shown, err := tm.definition().Compile()
			if err != nil {
				e.add("Mapping", err.Error(), "choose names that make a valid schema")
				return nil
			}
			t = shown
		}
		types = append(types, t)
	}
	registry, err := schema.NewRegistry(types...)
	if err == nil {
		var c *catalogue
		if c, err = newCatalogue(registry); err == nil {
			return c
		}
	}
	e.add("Mapping", err.Error(), "map a schema in the same way in all types that have it")
	return nil
}

// definition is the type as the client sees it.
func (m *typeMapper) definition() schema.Definition {
	d := definitionOf(m.typ)
	for _, s := range m.subs {
		renameAttribute(attributesAt(&d, s.attr), s.served, s.client)
	}
	for _, p := range m.hidden {
		dropAttribute(&d, m.typ, p)
	}
	moved := make([]*schema.Attribute, len(m.moves))
	for i, mv := range m.moves {
		moved[i] = dropAttribute(&d, m.typ, mv.served)
	}
	for i, mv := range m.moves {
		m.showAttribute(&d, mv, moved[i])
	}
	d.Extensions = slices.DeleteFunc(d.Extensions, func(x schema.Extension) bool { return len(x.Schema.Attributes) == 0 })
	for s := range withSchemas(&d) {
		s.ID = m.clientURN(s.ID)
	}
	return d
}

// definitionOf returns the definition of a type, to be changed.
func definitionOf(t *schema.ResourceType) schema.Definition {
	d := schema.Definition{
		ID: t.ID(), Name: t.Name(), Endpoint: t.Endpoint(), Description: t.Description(),
		Schema: copySchema(t.Schema()), Extensions: slices.Clone(t.Extensions()),
	}
	for i := range d.Extensions {
		d.Extensions[i].Schema = copySchema(d.Extensions[i].Schema)
	}
	return d
}

// copySchema copies s as far as a mapping changes it.
func copySchema(s *schema.Schema) *schema.Schema {
	c := *s
	c.Attributes = slices.Clone(s.Attributes)
	for i := range c.Attributes {
		c.Attributes[i].SubAttributes = slices.Clone(c.Attributes[i].SubAttributes)
	}
	return &c
}

func withSchemas(d *schema.Definition) func(func(*schema.Schema) bool) {
	return func(yield func(*schema.Schema) bool) {
		if !yield(d.Schema) {
			return
		}
		for _, x := range d.Extensions {
			if !yield(x.Schema) {
				return
			}
		}
	}
}

// schemaAt returns the schema with a URN, or nil.
func schemaAt(d *schema.Definition, urn string) *schema.Schema {
	if urn == "" {
		return d.Schema
	}
	for s := range withSchemas(d) {
		if strings.EqualFold(s.ID, urn) {
			return s
		}
	}
	return nil
}

// attributesAt returns the sub-attributes of an attribute.
func attributesAt(d *schema.Definition, p place) []schema.Attribute {
	if s := schemaAt(d, p.urn); s != nil {
		if i := attributeIndex(s.Attributes, p.attr); i >= 0 {
			return s.Attributes[i].SubAttributes
		}
	}
	return nil
}

func attributeIndex(list []schema.Attribute, name string) int {
	return slices.IndexFunc(list, func(a schema.Attribute) bool { return strings.EqualFold(a.Name, name) })
}

func renameAttribute(list []schema.Attribute, from, to string) {
	if i := attributeIndex(list, from); i >= 0 {
		list[i].Name = to
	}
}

// dropAttribute removes an attribute from its schema and returns its definition.
// Common attributes such as externalId are in none.
func dropAttribute(d *schema.Definition, t *schema.ResourceType, p place) *schema.Attribute {
	if s := schemaAt(d, p.urn); s != nil {
		if i := attributeIndex(s.Attributes, p.attr); i >= 0 {
			a := s.Attributes[i]
			s.Attributes = slices.Delete(s.Attributes, i, i+1)
			return &a
		}
	}
	if found, err := t.Path(p.String()); err == nil {
		a := *found.Attribute()
		return &a
	}
	return nil
}

// showAttribute adds an attribute where the client has it.
func (m *typeMapper) showAttribute(d *schema.Definition, mv move, a *schema.Attribute) {
	common := mv.client.urn == "" && strings.EqualFold(mv.client.attr, "externalId")
	if a == nil || common {
		return
	}
	a.Name = mv.client.attr
	s := schemaAt(d, mv.client.urn)
	if s == nil {
		s = &schema.Schema{ID: mv.client.urn, Name: mv.client.urn[strings.LastIndexByte(mv.client.urn, ':')+1:]}
		d.Extensions = append(d.Extensions, schema.Extension{Schema: s})
	}
	s.Attributes = append(s.Attributes, *a)
}
