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
	alone := isCompare(q.Filter)
	for _, p := range k.unique {
		if v, ok := filter.EqualityOn(q.Filter.Expr(), p); ok && p.FoldValue(v) != "" && (alone || !k.asksRelations(q.Filter)) { // "" is not kept as a key
			return lookup{p, p.FoldValue(v), true}, true
		}
	}
	e, ok := q.Filter.Expr().(*filter.Compare)
	if !ok || e.Path.MultiValued() || e.Path.Parent().MultiValued() || e.Op != filter.Eq || !q.Sort.By.IsZero() || q.Count <= 0 || q.After != "" || !k.sorts(e.Path) {
		return l, false
	}
	return lookup{e.Path, sortKey(e.Path, e.Value), false}, true
}

func isCompare(f *filter.Filter) bool {
	_, ok := f.Expr().(*filter.Compare)
	return ok
}

// asksRelations reports whether a filter is about lists that are kept as rows,
// which may be too long to be looked at here.
func (k *kind) asksRelations(f *filter.Filter) bool {
	for e := range filter.Walk(f.Expr()) {
		var p schema.Path
		switch e := e.(type) {
		case *filter.Compare:
			p = e.Path
		case *filter.Present:
			p = e.Path
		case *filter.Has:
			p = e.Path
		}
		if k.roleAt(p) != nil {
			return true
		}
	}
	return false
}

// look answers a lookup, unless there are more matches than the page holds: the
// first ones would have to be found among them.
func (h handle) look(ctx context.Context, k *kind, l lookup, q store.Query) (page store.Page, done bool, err error) {
	include := everything
	if isCompare(q.Filter) {
		include = selected(q.Projection)
	}
	most := max(q.Offset, 0) + q.Count + 1
	var list []*schema.Resource
	err = h.read(ctx, false, func(t *tx) (err error) {
		list, err = h.rows(t, k).having(ctx, l, most, include)
		return err
	})
	if err != nil || !l.unique && len(list) == most {
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

// having reads some of the resources that have a value.
func (s rows) having(ctx context.Context, l lookup, most int, include func(schema.Path) bool) ([]*schema.Resource, error) {
	if l.path == s.typ.IDPath() && !namable(l.text) {
		return nil, nil
	}
	return s.fetch(ctx, s.which(l, most), include)
}

// which is the condition on the resources that a lookup is for.
func (s rows) which(l lookup, most int) *clause {
	c, name := &clause{}, s.columnOf(l.path)
	key := []any{s.tenant, s.typ.Name(), l.path.String(), column(l.text)}
	switch {
	case l.path == s.typ.IDPath():
		c.add("r.id = ? AND r.type = ?", l.text, s.typ.Name())
	case l.unique && name != "":
		c.add("r.type = ? AND r.unique_key = ?", key[1], key[3])
	case l.unique:
		c.add("r.type = ? AND r.id = (SELECT u.id FROM muster_unique u WHERE u.tenant = ? AND u.type = ? AND u.path = ? AND u.value = ?)", append([]any{key[1]}, key...)...)
	case name != "":
		c.add("r.type = ? AND r.external_key = ? LIMIT ?", key[1], key[3], most)
	default:
		c.add("r.type = ? AND r.id IN (SELECT v.id FROM muster_values v WHERE v.tenant = ? AND v.type = ? AND v.path = ? AND v.value = ?)", append([]any{key[1]}, key...)...)
		c.add(" LIMIT ?", most)
	}
	return c
}
