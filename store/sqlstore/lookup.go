package sqlstore

import (
	"context"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// lookup is a query that one statement answers, because its filter demands one
// value at an indexed path.
type lookup struct {
	path   schema.Path
	text   string // the prepared value
	unique bool   // at most one resource has it; other terms are looked at here
}

// lookupIn returns the lookup that a query is, if it is one.
func (k *kind) lookupIn(q store.Query) (l lookup, ok bool) {
	if q.Filter == nil {
		return l, false
	}
	for _, p := range k.unique {
		if v, ok := filter.EqualityOn(q.Filter.Expr(), p); ok && p.FoldValue(v) != "" { // which is not kept as a key
			return lookup{p, p.FoldValue(v), true}, true
		}
	}
	e, ok := q.Filter.Expr().(*filter.Compare)
	if !ok || e.Op != filter.Eq || !q.Sort.By.IsZero() || q.Count <= 0 || q.Total && q.After != "" || !k.sorts(e.Path) {
		return l, false
	}
	return lookup{e.Path, sortKey(e.Path, e.Value), false}, true
}

// look answers a lookup. It declines if there are more matches than asked for
// and they are to be counted.
func (h handle) look(ctx context.Context, k *kind, l lookup, q store.Query) (page store.Page, done bool, err error) {
	include := everything
	if _, alone := q.Filter.Expr().(*filter.Compare); alone {
		include = selected(q.Projection)
	}
	most := max(q.Offset, 0) + q.Count + 1
	var list []*schema.Resource
	err = h.read(ctx, false, func(t *tx) (err error) {
		list, err = h.rows(t, k).having(ctx, l, schema.ID(q.After), most, include)
		return err
	})
	if err != nil || !l.unique && q.Total && len(list) == most {
		return page, err != nil, err
	}
	pager := store.NewPager(q)
	for _, r := range list {
		if _, err := pager.Add(r); err != nil {
			return page, true, err
		}
	}
	page, err = pager.Page()
	return page, true, err
}

// having reads the first resources that have a value.
func (s rows) having(ctx context.Context, l lookup, after schema.ID, most int, include func(schema.Path) bool) ([]*schema.Resource, error) {
	var c clause
	key := []any{s.tenant, s.typ.Name(), l.path.String(), column(l.text)}
	switch {
	case l.path == s.typ.IDPath():
		return s.byID(ctx, schema.ID(l.text), include)
	case l.unique:
		c.add("= (SELECT u.id FROM muster_unique u WHERE u.tenant = ? AND u.type = ? AND u.path = ? AND u.value = ?)", key...)
	default:
		c.add("IN (SELECT k.id FROM (SELECT v.id FROM muster_values v WHERE v.tenant = ? AND v.type = ? AND v.path = ? AND v.value = ?", key...)
		c.add(" AND v.id > ? ORDER BY v.id LIMIT ?) k)", sanitized(after), most)
	}
	return s.fetch(ctx, &c, include)
}
