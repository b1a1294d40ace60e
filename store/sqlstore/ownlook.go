package sqlstore

import (
	"context"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// worth returns how many rows of a plan are worth reading in no order, in the
// hope that they are all: some more than the page has, if an equality may have
// an index that finds few. It is 0 if none are.
func (t *ownTable) worth(p *ownPlan, q store.Query) int {
	if p.few || q.After != "" || q.Count <= 0 || q.Filter == nil || t.asksDerived(q) || !t.narrows(q.Filter.Expr()) {
		return 0
	}
	if p.rest == nil {
		return max(q.Offset, 0) + q.Count + 1
	}
	return fewest
}

// narrows reports whether a filter demands a value that few rows can be expected
// to have.
func (t *ownTable) narrows(e filter.Expr) bool {
	for term := range filter.Conjuncts(e) {
		if c, ok := selective(term); ok && t.fieldAt(c.Path) != nil {
			return true
		}
	}
	return false
}

// some selects the rows of a plan, but no more than are worth it.
func (s ownRows) some(p *ownPlan, with *reading) *clause {
	c := s.byWhere(p.where, with)
	c.add(" LIMIT ?", p.most)
	return c
}

// look answers a query from the rows of its plan, unless there are too many.
func (h ownHandle) look(ctx context.Context, table *ownTable, p *ownPlan, q store.Query) (page store.Page, done bool, err error) {
	include, near := selected(q.Projection), table.near.Load()
	var list []*schema.Resource
	err = h.read(ctx, table.several(include, near), func(t *tx) error {
		s := h.rows(t, table)
		with := s.few(include, near)
		list, err = s.load(ctx, s.some(p, with), with)
		if done = len(list) < p.most; !done || err != nil {
			return err
		}
		return s.complete(ctx, list, include, with)
	})
	if err != nil || !done {
		return page, err != nil, err
	}
	sortByID(list)
	page, err = pageOf(list, q)
	return page, true, err
}
