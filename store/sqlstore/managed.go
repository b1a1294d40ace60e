package sqlstore

import (
	"errors"
	"fmt"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
)

// managed are the places of our own tables. A row is one of muster_resources,
// called r. The leaves are lists of ids, which databases turn into joins.
type managed struct {
	*kind
	dialect Dialect
	tenant  string
}

func (m managed) compare(c *clause, e *filter.Compare) error {
	role := m.roleAt(e.Path)
	switch {
	case e.Path == m.typ.IDPath() && e.Op == filter.Eq:
		m.isID(c, "r.id = ?", e.Value.Text())
		return nil
	case role != nil && e.Path == role.links.Value && e.Path.CaseExact() && e.Op == filter.Eq:
		if role.holder {
			m.isID(c, "r.id IN (SELECT m.holder FROM muster_members m WHERE m.tenant = ? AND m.relation = ? AND m.member = ?)", e.Value.Text(), m.tenant, role.key())
		} else {
			m.isID(c, "r.id IN (SELECT m.member FROM muster_members m WHERE m.tenant = ? AND m.relation = ? AND m.holder = ?)", e.Value.Text(), m.tenant, role.key())
		}
		return nil
	}
	return m.elements(c, e)
}

// isID adds a condition on an id; one that cannot be stored equals none.
func (m managed) isID(c *clause, condition, id string, args ...any) {
	if !namable(id) {
		c.add("1 = 0")
		return
	}
	c.add(condition, append(args, id)...)
}

func (m managed) present(c *clause, e *filter.Present) error { return m.elements(c, e) }

func (m managed) has(c *clause, e *filter.Has) error {
	switch x := e.X.(type) {
	case *filter.Compare:
		return m.compare(c, x)
	case *filter.Present:
		return m.present(c, x)
	case *filter.And:
		return m.elements(c, x.Terms...)
	case *filter.Or:
		for i, t := range x.Terms {
			c.add([]string{"(", " OR "}[min(i, 1)])
			if err := m.has(c, &filter.Has{Path: e.Path, X: t}); err != nil {
				return err
			}
		}
		c.add(")")
		return nil
	}
	return errors.ErrUnsupported
}

// elements adds that one element has indexed values that fulfil all terms.
func (m managed) elements(c *clause, terms ...filter.Expr) error {
	for i := range terms {
		if i == 0 {
			c.add("r.id IN (SELECT v0.id FROM muster_values v0")
			continue
		}
		c.add(fmt.Sprintf(" JOIN muster_values v%d ON v%[1]d.tenant = v0.tenant AND v%[1]d.type = v0.type AND v%[1]d.id = v0.id AND v%[1]d.element = v0.element", i))
	}
	for i, t := range terms {
		word := " AND"
		if i == 0 {
			word = " WHERE"
		}
		c.add(fmt.Sprintf("%s v%d.tenant = ? AND v%[2]d.type = ?", word, i), m.tenant, m.typ.Name())
		if err := m.value(c, fmt.Sprintf("v%d.", i), t); err != nil {
			return err
		}
	}
	c.add(")")
	return nil
}

// value adds what one row of muster_values must fulfil.
func (m managed) value(c *clause, row string, e filter.Expr) error {
	var p schema.Path
	switch e := e.(type) {
	case *filter.Compare:
		p = e.Path
	case *filter.Present:
		p = e.Path
	}
	if p.IsZero() || !m.indexes(p) || m.roleAt(p) != nil {
		return errors.ErrUnsupported
	}
	c.add(" AND "+row+"path = ? AND ", p.String())
	if compare, ok := e.(*filter.Compare); ok {
		return m.dialect.keyTest(c, row+"value", "COALESCE("+row+"whole, "+row+"value)", compare)
	}
	c.add("LENGTH(" + row + "value) > 0")
	return nil
}
