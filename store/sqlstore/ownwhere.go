package sqlstore

import (
	"context"
	"errors"
	"iter"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// ownPlaces are the places of the service's own tables. A row is one of the
// table, called r.
type ownPlaces struct {
	*ownTable
	tenant store.TenantID
	loose  *bool // set by a condition that is true for too many rows
}

// condition makes the condition of a term. It is loose if rows that fulfil it
// still have to be looked at. Of a loose condition nothing may be negated.
func (t *ownTable) condition(e filter.Expr, tenant store.TenantID) (c *clause, loose bool, err error) {
	c = &clause{}
	if err := where(c, e, ownPlaces{t, tenant, &loose}); err != nil {
		return nil, false, err
	}
	if loose {
		for x := range filter.Walk(e) {
			if _, negated := x.(*filter.Not); negated {
				return nil, false, errors.ErrUnsupported
			}
		}
	}
	return c, loose, nil
}

func (o ownPlaces) compare(c *clause, e *filter.Compare) error {
	role := o.roleAt(e.Path)
	switch {
	case e.Path == o.Type.IDPath():
		return o.isID(c, e)
	case role != nil:
		return o.isMember(c, role, e)
	}
	if f := o.metaField(e.Path); f != nil {
		return o.noting(f.compare(c, "r", e))
	}
	if f := o.fieldAt(e.Path); f != nil && !f.path.MultiValued() {
		return o.noting(f.compare(c, "r", e))
	}
	if f := o.singleAt(e.Path); f != nil {
		return o.noting(f.compare(c, "r", e))
	}
	if l := o.listAt(e.Path); l != nil {
		return o.some(c, l, e)
	}
	return errors.ErrUnsupported
}

// noting remembers that a condition is loose.
func (o ownPlaces) noting(loose bool, err error) error {
	*o.loose = *o.loose || loose
	return err
}

// metaField returns the field of a time of meta.
func (t *ownTable) metaField(p schema.Path) *field {
	for _, f := range []*field{t.created, t.updated} {
		if f != nil && f.path == p {
			return f
		}
	}
	return nil
}

// singleAt returns the field that shows the value of one element, if p is where
// elements have it.
func (t *ownTable) singleAt(p schema.Path) *field {
	f := t.fieldAt(p)
	if f == nil && p.Name() == "value" {
		f = t.fieldAt(p.Parent())
	}
	if f == nil {
		return nil
	}
	if _, ok := f.conv.(one); !ok {
		return nil
	}
	return f
}

func (o ownPlaces) isID(c *clause, e *filter.Compare) error {
	if e.Op != filter.Eq || !e.Path.CaseExact() {
		return errors.ErrUnsupported
	}
	arg, ok := o.ID.param(schema.ID(e.Value.Text()))
	if !ok {
		c.add("1 = 0")
		return nil
	}
	c.add(o.id("r")+" = ?", arg)
	if o.ID.Kind == TextID && !o.ID.Ordered && o.dialect != SQLite {
		*o.loose = true
	}
	return nil
}

// isMember adds that a row is at one end of a membership whose other end is an
// id.
func (o ownPlaces) isMember(c *clause, role *ownRole, e *filter.Compare) error {
	if e.Path != role.links.Value || !e.Path.CaseExact() || e.Op != filter.Eq {
		return errors.ErrUnsupported
	}
	c.add("(1 = 0")
	for _, part := range role.join.parts {
		mine, other, table := part.Holder, part.Member, part.target
		if !role.holder {
			mine, other, table = part.Member, part.Holder, role.join.holders
		}
		arg, ok := table.ID.param(schema.ID(e.Value.Text()))
		if !ok || !role.holder && part.Type != o.Type.Name() {
			continue
		}
		q := o.dialect.quote
		c.add(" OR "+o.id("r")+" IN (SELECT m."+q(mine)+" FROM "+q(part.Table)+" m JOIN "+table.from("x")+" ON "+table.id("x")+" = m."+q(other)+" WHERE m."+q(other)+" = ? AND ", arg)
		table.visible(c, "x", o.tenant)
		o.dialect.fixed(c, "m", part.Where)
		c.add(")")
	}
	c.add(")")
	return nil
}

// some adds that a row of a child table fulfils terms about its columns.
func (o ownPlaces) some(c *clause, l *ownList, terms ...filter.Expr) error {
	q := o.dialect.quote
	c.add(o.id("r") + " IN (SELECT l." + q(l.Owner) + " FROM " + q(l.Table) + " l WHERE 1 = 1")
	l.visible(c, o.dialect, o.tenant)
	at := inChild{l, o}
	for _, term := range terms {
		c.add(" AND ")
		if err := where(c, term, at); err != nil {
			return err
		}
	}
	c.add(")")
	return nil
}

func (o ownPlaces) present(c *clause, e *filter.Present) error {
	if f := o.metaField(e.Path); f != nil {
		return f.conv.present(c, f, f.column("r"))
	}
	if f := o.fieldAt(e.Path); f != nil {
		return f.conv.present(c, f, f.column("r"))
	}
	if l := o.listAt(e.Path); l != nil && l.path != e.Path && l.fieldAt(e.Path) != nil {
		return o.some(c, l, e)
	}
	return errors.ErrUnsupported
}

func (o ownPlaces) has(c *clause, e *filter.Has) error {
	if l := o.listAt(e.Path); l != nil && l.path == e.Path {
		return o.some(c, l, e.X)
	}
	if f := o.singleAt(e.Path); f != nil && f.path == e.Path {
		return o.hasOne(c, f, e.X)
	}
	role := o.roleAt(e.Path)
	if x, ok := e.X.(*filter.Compare); ok && role != nil {
		return o.isMember(c, role, x)
	}
	if !e.Path.MultiValued() {
		return where(c, e.X, o)
	}
	return errors.ErrUnsupported
}

// hasOne adds the term about the value that a column shows. The others are
// looked at in Go.
func (o ownPlaces) hasOne(c *clause, f *field, x filter.Expr) error {
	for term := range filter.Conjuncts(x) {
		if e, ok := term.(*filter.Compare); ok && o.singleAt(e.Path) == f {
			*o.loose = true
			return o.noting(f.compare(c, "r", e))
		}
	}
	return errors.ErrUnsupported
}

// inChild are the places of one row of a child table, called l.
type inChild struct {
	*ownList
	row ownPlaces
}

func (el inChild) compare(c *clause, e *filter.Compare) error {
	if f := el.fieldAt(e.Path); f != nil {
		return el.row.noting(f.compare(c, "l", e))
	}
	return errors.ErrUnsupported
}

func (el inChild) present(c *clause, e *filter.Present) error {
	if f := el.fieldAt(e.Path); f != nil {
		return f.conv.present(c, f, f.column("l"))
	}
	return errors.ErrUnsupported
}

func (inChild) has(*clause, *filter.Has) error { return errors.ErrUnsupported }

// holdersOf iterates over the resources that have a key: those that the
// database finds, or all if it cannot tell.
func (s ownRows) holdersOf(ctx context.Context, k schema.Key) iter.Seq2[*schema.Resource, error] {
	base := &clause{}
	s.visible(base, "r", s.tenant)
	if c, _, err := s.condition(equality(k), s.tenant); err == nil {
		base.add(" AND "+c.String(), c.args...)
	}
	all := inBatches(ctx, "", func(after schema.ID, size int) ([]*schema.Resource, error) {
		return s.inOrder(ctx, base, after, 0, size)
	})
	return func(yield func(*schema.Resource, error) bool) {
		for r, err := range all {
			if err == nil && !has(r, k) {
				continue
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

// has reports whether a resource has a key.
func has(r *schema.Resource, k schema.Key) bool {
	for v := range r.Values(k.Path) {
		if k.Path.FoldValue(v) == k.Text {
			return true
		}
	}
	return false
}
