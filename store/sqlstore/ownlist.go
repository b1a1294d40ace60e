package sqlstore

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// part returns what a field of a child table holds of an element.
func (l *ownList) part(element schema.Value, p schema.Path) schema.Value {
	if p == l.path {
		return element
	}
	return element.Get(p)
}

// element makes an element of the cells of its fields.
func (l *ownList) element(cells []any) schema.Value {
	fields := make([]schema.Field, 0, len(l.fields))
	for i, f := range l.fields {
		if f.path == l.path {
			return f.decode(cells[i])
		}
		fields = append(fields, schema.Field{Path: f.path, Value: f.decode(cells[i])})
	}
	return schema.Complex(fields...)
}

// elementShows returns an element as its row shows it.
func (l *ownList) elementShows(e schema.Value) schema.Value {
	fields := make([]schema.Field, 0, len(l.fields))
	for _, f := range l.fields {
		if f.path == l.path {
			return f.shows(e)
		}
		fields = append(fields, schema.Field{Path: f.path, Value: f.shows(e.Get(f.path))})
	}
	return schema.Complex(fields...)
}

// shows returns a list as the child table shows it.
func (l *ownList) shows(list schema.Value) schema.Value {
	shown := make([]schema.Value, 0, list.Len())
	for _, e := range list.All() {
		shown = append(shown, l.elementShows(e))
	}
	return schema.List(shown...)
}

// childQuery selects the rows of owners: owner, order, key, then the fields.
func (l *ownList) childQuery(d Dialect, owners int) *clause {
	c := &clause{}
	names := []string{"l." + d.quote(l.Owner), l.order(d), "l." + d.quote(l.Key)}
	for _, f := range l.fields {
		names = append(names, f.column("l"))
	}
	c.add("SELECT " + strings.Join(names, ", ") + " FROM " + d.quote(l.Table) + " l WHERE l." + d.quote(l.Owner) + " IN " + marks(owners))
	return c
}

// visible adds the conditions under which a row is a value of a tenant.
func (l *ownList) visible(c *clause, d Dialect, tenant store.TenantID) {
	if l.Tenant != "" {
		c.add(" AND l."+d.quote(l.Tenant)+" = ?", tenant)
	}
	d.fixed(c, "l", l.Where)
}

// order is what the rows of an owner are ordered by, before their key. Texts are
// put in order here: databases have different orders for them.
func (l *ownList) order(d Dialect) string { return "l." + d.quote(cmp.Or(l.Order, l.Key)) }

// addList reads the values of a list for all resources.
func (s ownRows) addList(ctx context.Context, l *ownList, list []*schema.Resource, suffix string) error {
	found := map[schema.ID][][]any{}
	err := argChunks(s.ID.params(ids(list)), func(args []any) error {
		c := l.childQuery(s.tx.dialect, len(args))
		c.args = args
		l.visible(c, s.tx.dialect, s.tenant)
		return s.each(ctx, c.String()+suffix, c.args, func(scan func(...any) error) error {
			cells, err := scanned(scan, 3+len(l.fields))
			if err == nil {
				owner := s.ID.text(cells[0])
				found[owner] = append(found[owner], cells[1:])
			}
			return err
		})
	})
	if err != nil {
		return err
	}
	for i, r := range list {
		if list[i], err = l.with(r, l.inOrder(found[r.ID()])); err != nil {
			return err
		}
	}
	return nil
}

// inOrder makes elements of rows that begin with order and key.
func (l *ownList) inOrder(rows [][]any) []schema.Value {
	slices.SortStableFunc(rows, l.compare)
	list := make([]schema.Value, len(rows))
	for i, row := range rows {
		list[i] = l.element(row[2:])
	}
	return list
}

// with gives a resource the elements that its rows show.
func (l *ownList) with(r *schema.Resource, elements []schema.Value) (*schema.Resource, error) {
	shown, differs := l.shown(r, elements)
	if !differs {
		return r, nil
	}
	b := r.Edit()
	err := b.Set(l.path, shown)
	return b.Resource(), err
}

// shown returns the list of the elements that rows show, and whether that differs:
// the overflow may have the same, or more of the same.
func (l *ownList) shown(base *schema.Resource, elements []schema.Value) (list schema.Value, differs bool) {
	list, spare := schema.List(elements...), base.Get(l.path)
	return list, !list.Equal(spare) && (spare.IsZero() || !l.shows(spare).Equal(list))
}

func ids(list []*schema.Resource) []schema.ID {
	ids := make([]schema.ID, len(list))
	for i, r := range list {
		ids[i] = r.ID()
	}
	return ids
}
