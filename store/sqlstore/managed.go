package sqlstore

import (
	"errors"
	"fmt"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
)

// managed are the places of our own tables. A row is one of muster_resources,
// called r. The leaves are lists of ids, which databases turn into joins; or
// where few rows are looked at, questions about each.
type managed struct {
	*kind
	dialect Dialect
	tenant  string
	probe   bool // few rows are looked at
}

func (m managed) compare(c *clause, e *filter.Compare) error {
	if e.Path == m.typ.IDPath() && e.Op == filter.Eq {
		return m.isID(c, e, "r.id = ?")
	}
	if name := m.columnOf(e.Path); e.Op == filter.Eq && name != "" && e.Path.FoldValue(e.Value) != "" {
		c.add("(r."+name+" IS NOT NULL AND r."+name+" = ?)", column(e.Path.FoldValue(e.Value)))
		return nil
	}
	role, list, other := m.linked(e)
	switch {
	case role == nil:
		return m.elements(c, e)
	case m.probe:
		return m.isID(c, e, "EXISTS (SELECT 1 FROM muster_members m WHERE m.tenant = ? AND m.relation = ? AND m."+list+" = r.id AND m."+other+" = ?)", m.tenant, role.key())
	}
	return m.isID(c, e, "r.id IN (SELECT m."+list+" FROM muster_members m WHERE m.tenant = ? AND m.relation = ? AND m."+other+" = ?)", m.tenant, role.key())
}

// linked returns the role whose rows a comparison is about, if it is equality
// with the id at the other end of a membership, and the columns of both ends.
func (m managed) linked(e *filter.Compare) (r *role, own, other string) {
	r = m.roleAt(e.Path)
	switch {
	case r == nil || e.Path != r.links.Value || !e.Path.CaseExact() || e.Op != filter.Eq:
		return nil, "", ""
	case r.holder:
		return r, "holder", "member"
	}
	return r, "member", "holder"
}

// ids selects the resources that fulfil a term, each once.
func (m managed) ids(c *clause, e filter.Expr) error {
	switch e := e.(type) {
	case *filter.Compare:
		if role, own, other := m.linked(e); role != nil {
			return m.isID(c, e, "SELECT m."+own+" AS id FROM muster_members m WHERE m.tenant = ? AND m.relation = ? AND m."+other+" = ?", m.tenant, role.key())
		}
		return m.idsOf(c, e.Path, e)
	case *filter.Has:
		if and, ok := e.X.(*filter.And); ok {
			return m.idsOf(c, e.Path, and.Terms...)
		}
		return m.ids(c, e.X)
	}
	return errors.ErrUnsupported
}

// idsOf selects the resources of which one element fulfils all terms.
func (m managed) idsOf(c *clause, p schema.Path, terms ...filter.Expr) error {
	c.add("SELECT ")
	if manyValued(p) {
		c.add("DISTINCT ")
	}
	c.add("v0.id AS id")
	return m.rows(c, terms, "v0.tenant = ? AND v0.type = ?", m.tenant, m.typ.Name())
}

// columnOf returns the column that holds the prepared value at p, or "".
func (k *kind) columnOf(p schema.Path) string {
	switch p {
	case k.key:
		return "unique_key"
	case k.typ.ExternalIDPath():
		return "external_key"
	}
	return ""
}

// isID adds a condition on an id; one that cannot be stored equals none.
func (m managed) isID(c *clause, e *filter.Compare, condition string, args ...any) error {
	id := e.Value.Text()
	if !namable(id) {
		return errors.ErrUnsupported
	}
	c.add(condition, append(args, id)...)
	return nil
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
	if m.probe {
		c.add("EXISTS (SELECT 1")
		if err := m.rows(c, terms, "v0.tenant = r.tenant AND v0.id = r.id"); err != nil {
			return err
		}
	} else {
		c.add("r.id IN (SELECT v0.id")
		if err := m.rows(c, terms, "v0.tenant = ? AND v0.type = ?", m.tenant, m.typ.Name()); err != nil {
			return err
		}
	}
	c.add(")")
	return nil
}

// rows adds the values of one element that fulfil all terms, the first of them
// among the given rows.
func (m managed) rows(c *clause, terms []filter.Expr, among string, args ...any) error {
	c.add(" FROM muster_values v0")
	for i := range terms[1:] {
		c.add(fmt.Sprintf(" JOIN muster_values v%d ON v%[1]d.tenant = v0.tenant AND v%[1]d.type = v0.type AND v%[1]d.id = v0.id AND v%[1]d.element = v0.element", i+1))
	}
	c.add(" WHERE "+among, args...)
	for i, t := range terms {
		if err := m.value(c, fmt.Sprintf("v%d.", i), t); err != nil {
			return err
		}
	}
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
