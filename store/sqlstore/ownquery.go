package sqlstore

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// Query finds the page in the database if the mapping has what the filter and
// the order need. Where the database finds too many, such as texts that it
// compares in its own way, each is looked at, up to q.MaxScan. If no term that
// must be true helps to find resources, Query declines.
func (h ownHandle) Query(ctx context.Context, q store.Query) (page store.Page, err error) {
	if err := ctx.Err(); err != nil {
		return page, err
	}
	table := h.own.tables[q.Type]
	if table == nil {
		return store.NewPager(q).Page()
	}
	p, err := h.plan(table, q)
	if err != nil {
		return page, err
	}
	if p.most > 0 {
		if page, done, err := h.look(ctx, table, p, q); done {
			return page, err
		}
	}
	include := selected(q.Projection)
	if p.rest != nil && table.asksDerived(q) {
		include = everything
	}
	several := table.several(include, p.few) || !p.few && (p.rest != nil || table.ID.Kind == IntegerID) || !p.few && q.Total && q.Count > 0
	err = h.read(ctx, several, func(t *tx) error {
		page, err = h.rows(t, table).answer(ctx, p, q, include)
		return err
	})
	if err != nil {
		return store.Page{}, err
	}
	return page, nil
}

// asksDerived reports whether a query looks at what relations derive.
func (t *ownTable) asksDerived(q store.Query) bool {
	if q.Filter != nil {
		for p := range q.Filter.Paths() {
			if t.roleAt(p) != nil {
				return true
			}
		}
	}
	return t.roleAt(q.Sort.By) != nil
}

// ownPlan is how a query is answered.
type ownPlan struct {
	where *clause      // which rows fulfil what the database can tell
	rest  filter.Expr  // what is left to look at; nil if nothing is
	few   bool         // a unique index finds the rows
	most  int          // rows to read in no order; 0 if none
	order *columnOrder // nil for the order of ids
}

// plan decides what the database does.
func (h ownHandle) plan(table *ownTable, q store.Query) (*ownPlan, error) {
	p := &ownPlan{where: &clause{once: true}}
	table.visible(p.where, "r", h.tenant)
	if q.Filter != nil && q.Filter.Type() != table.Type {
		return nil, fmt.Errorf("sqlstore: the filter is for another type called %s", q.Type)
	}
	var rest []filter.Expr
	pushed := 0
	if q.Filter != nil {
		for term := range filter.Conjuncts(q.Filter.Expr()) {
			c, loose, err := table.condition(term, h.tenant)
			if err == nil {
				pushed++
				p.where.add(" AND "+c.String(), c.args...)
			}
			if loose || err != nil {
				rest = append(rest, term)
			}
		}
		p.few = table.finds(q.Filter.Expr())
		p.where.once = !p.few // clients look up in one way, and filter in many
	}
	if p.order = table.orderOf(q.Sort); p.order == nil && !q.Sort.By.IsZero() && len(rest) == 0 {
		rest = []filter.Expr{&filter.And{}} // every row is fine, but not their order
	}
	if len(rest) > 0 && pushed == 0 {
		return nil, errors.ErrUnsupported
	}
	if len(rest) > 0 {
		p.rest = &filter.And{Terms: rest}
	}
	p.most = table.worth(p, q)
	return p, nil
}

// finds reports whether a filter demands a value that a unique index finds.
func (t *ownTable) finds(e filter.Expr) bool {
	if _, ok := filter.EqualityOn(e, t.Type.IDPath()); ok {
		return true
	}
	for _, f := range t.fields {
		if _, ok := filter.EqualityOn(e, f.path); ok && f.Unique {
			return true
		}
	}
	return false
}

// answer carries a plan out.
func (s ownRows) answer(ctx context.Context, p *ownPlan, q store.Query, include func(schema.Path) bool) (store.Page, error) {
	if p.few || p.rest != nil {
		return sift(s.candidates(ctx, p, q, include), q)
	}
	page := store.Page{Total: -1}
	if q.Count > 0 {
		if err := s.fill(ctx, &page, p, q); err != nil {
			return page, err
		}
	}
	if q.Total && !lastPage(&page, q) {
		if _, err := s.one(ctx, "SELECT COUNT(*) FROM "+s.from("r")+" WHERE "+p.where.String(), p.where.args, &page.Total); err != nil {
			return page, err
		}
	}
	return page, s.assemble(ctx, page.Resources, include)
}

// fill reads the resources of a page.
func (s ownRows) fill(ctx context.Context, page *store.Page, p *ownPlan, q store.Query) (err error) {
	if p.order != nil {
		page.Resources, err = s.ordered(ctx, p, q)
	} else {
		page.Resources, err = s.inOrder(ctx, p.where, schema.ID(q.After), max(q.Offset, 0), q.Count+1)
	}
	if err == nil && len(page.Resources) > q.Count {
		page.Resources = page.Resources[:q.Count]
		page.Next, err = store.PositionAfter(q.Sort, page.Resources[q.Count-1])
	}
	return err
}

// candidates iterates over the rows of a plan in the order of ids.
func (s ownRows) candidates(ctx context.Context, p *ownPlan, q store.Query, include func(schema.Path) bool) iter.Seq2[*schema.Resource, error] {
	if p.few {
		return func(yield func(*schema.Resource, error) bool) {
			with := s.alone(include)
			list, err := s.load(ctx, s.byWhere(p.where, with), with)
			if err == nil {
				err = s.complete(ctx, list, include, with)
			}
			if err != nil {
				yield(nil, err)
				return
			}
			sortByID(list)
			for _, r := range list {
				if !yield(r, nil) {
					return
				}
			}
		}
	}
	var after schema.ID
	if q.Sort.By.IsZero() && !q.Total {
		after = schema.ID(q.After)
	}
	return inBatches(ctx, after, func(after schema.ID, size int) ([]*schema.Resource, error) {
		list, err := s.inOrder(ctx, p.where, after, 0, size)
		if err == nil {
			err = s.assemble(ctx, list, include)
		}
		return list, err
	})
}

// sift answers a query by looking at candidates, at most q.MaxScan of them.
func sift(candidates iter.Seq2[*schema.Resource, error], q store.Query) (store.Page, error) {
	pager, left := store.NewPager(q), cmp.Or(max(q.MaxScan, 0), store.DefaultMaxScan)
	for r, err := range candidates {
		if err != nil {
			return store.Page{}, err
		}
		if left--; left < 0 {
			return store.Page{}, store.ErrScanLimit
		}
		more, err := pager.Add(r)
		if err != nil {
			return store.Page{}, err
		}
		if !more {
			break
		}
	}
	return pager.Page()
}

// byWhere selects the rows that fulfil a condition.
func (s ownRows) byWhere(where *clause, with *reading) *clause {
	c := s.selecting(with)
	c.once = where.once
	c.add(where.String(), where.args...)
	return c
}

// Explain says how Query would answer, without asking the database. It returns
// errors.ErrUnsupported where Query declines, so that every resource of the type
// would be looked at.
func (h ownHandle) Explain(q store.Query) (Explanation, error) {
	table := h.own.tables[q.Type]
	if table == nil {
		return Explanation{}, errors.ErrUnsupported
	}
	p, err := h.plan(table, q)
	if err != nil {
		return Explanation{}, err
	}
	c := h.rows(&tx{dialect: h.own.dialect}, table).first(p, q)
	e := Explanation{SQL: h.own.dialect.bind(c.String())}
	if p.rest != nil {
		e.Rest = p.rest.String()
	}
	return e, nil
}

// first is the statement that a query begins with.
func (s ownRows) first(p *ownPlan, q store.Query) *clause {
	if p.few {
		return s.byWhere(p.where, s.alone(selected(q.Projection)))
	}
	if p.most > 0 {
		return s.some(p, s.few(selected(q.Projection), s.near.Load()))
	}
	c := s.byWhere(p.where, s.inBulk())
	if p.rest == nil && p.order != nil {
		c.add(p.order.by(q.Sort.Descending))
	} else {
		c.add(" ORDER BY " + s.ID.ordered(s.tx.dialect, "r"))
	}
	return c
}
