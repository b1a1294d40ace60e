package sqlstore

import (
	"context"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// most returns how many rows of a plan are worth reading in no order, in the
// hope that they are all: some more than the page has, if an equality may have
// an index that finds few. It is 0 if none are.
func (t *ownTable) most(p *ownPlan, q store.Query) int {
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
		if c, ok := term.(*filter.Compare); ok && c.Op == filter.Eq && c.Path.Kind() != schema.KindBoolean && t.fieldAt(c.Path) != nil {
			return true
		}
	}
	return false
}

// some selects the rows of a plan, but no more than are worth it.
func (s ownRows) some(p *ownPlan, q store.Query) (*clause, *reading) {
	with := s.few(selected(q.Projection))
	c := s.byWhere(p.where, with)
	c.add(" LIMIT ?", s.most(p, q))
	return c, with
}

// look answers a query from the rows of its plan, unless there are too many.
func (h ownHandle) look(ctx context.Context, table *ownTable, p *ownPlan, q store.Query) (page store.Page, done bool, err error) {
	include := selected(q.Projection)
	var list []*schema.Resource
	err = h.read(ctx, table.several(include, table.near.Load()), func(t *tx) error {
		s := h.rows(t, table)
		c, with := s.some(p, q)
		list, err = s.load(ctx, c, with)
		if done = len(list) < table.most(p, q); !done || err != nil {
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
