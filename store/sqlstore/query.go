package sqlstore

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// Query finds the page in the database if the filter and the order only need
// ids, memberships and indexed values. If some of the terms that must all be
// true do, it looks at each resource that fulfils those, up to q.MaxScan.
// Otherwise it declines.
func (h handle) Query(ctx context.Context, q store.Query) (page store.Page, err error) {
	if err := ctx.Err(); err != nil {
		return page, err
	}
	k := h.db.kinds[q.Type]
	if k == nil {
		return store.NewPager(q).Page()
	}
	if q.Filter != nil && q.Filter.Type() != k.typ {
		return page, fmt.Errorf("sqlstore: the filter is for another type called %s", q.Type)
	}
	if l, ok := k.lookupIn(q); ok {
		if page, done, err := h.look(ctx, k, l, q); done {
			return page, err
		}
	}
	p, err := h.plan(k, q)
	if err != nil {
		return page, err
	}
	include := selected(q.Projection)
	if p.rest != nil {
		include = everything
	}
	err = h.read(ctx, k.derives(include) || p.rest != nil || q.Total && q.Count > 0, func(t *tx) error {
		page, err = h.rows(t, k).answer(ctx, p, q, include)
		return err
	})
	if err != nil {
		return store.Page{}, err
	}
	return page, nil
}

// answer carries a plan out.
func (s rows) answer(ctx context.Context, p *plan, q store.Query, include func(schema.Path) bool) (store.Page, error) {
	if p.rest != nil {
		return s.sift(ctx, p, q)
	}
	page, err := s.page(ctx, p, q)
	if err == nil {
		err = s.assemble(ctx, page.Resources, include)
	}
	return page, err
}

// plan is how a query is answered.
type plan struct {
	where clause      // which rows fulfil what the database can tell
	rest  filter.Expr // what is left to look at; nil if nothing is
	sort  *clause     // the join with the value that is sorted by
}

// plan decides what the database does.
func (h handle) plan(k *kind, q store.Query) (*plan, error) {
	p, m := &plan{}, managed{k, h.db.dialect, h.tenant}
	p.where.add("r.tenant = ? AND r.type = ?", h.tenant, k.typ.Name())
	pushed := 0
	var rest []filter.Expr
	if q.Filter != nil {
		for term := range filter.Conjuncts(q.Filter.Expr()) {
			var c clause
			if err := where(&c, term, m); err != nil {
				rest = append(rest, term)
				continue
			}
			pushed++
			p.where.add(" AND "+c.String(), c.args...)
		}
	}
	if !q.Sort.By.IsZero() {
		p.sort = &clause{}
		p.sort.add(" LEFT JOIN muster_values s ON s.tenant = r.tenant AND s.id = r.id AND s.element = 0 AND s.path = ?", q.Sort.By.String())
		if !k.sorts(q.Sort.By) && len(rest) == 0 {
			rest = []filter.Expr{&filter.And{}} // every row is fine, but not their order
		}
	}
	if len(rest) > 0 {
		if pushed == 0 {
			return nil, errors.ErrUnsupported
		}
		p.rest = &filter.And{Terms: rest}
	}
	return p, nil
}

// sorts reports whether the order of the prepared keys at p is that of
// filter.Sort.
func (k *kind) sorts(p schema.Path) bool {
	switch p.Kind() {
	case schema.KindString, schema.KindReference, schema.KindDateTime, schema.KindBoolean:
		return k.indexes(p) && k.roleAt(p) == nil && !p.MultiValued() && !p.Parent().MultiValued()
	}
	return false
}

// page reads the page, and the total if it is wanted.
func (s rows) page(ctx context.Context, p *plan, q store.Query) (page store.Page, err error) {
	page.Total = -1
	if q.Count > 0 {
		if err := s.fill(ctx, &page, p, q); err != nil {
			return page, err
		}
	}
	if !q.Total {
		return page, nil
	}
	if n := len(page.Resources); q.Count > 0 && q.After == "" && page.Next == "" && (n > 0 || q.Offset <= 0) {
		page.Total = max(q.Offset, 0) + n // the page holds the last match
		return page, nil
	}
	_, err = s.one(ctx, "SELECT COUNT(*) FROM muster_resources r WHERE "+p.where.String(), p.where.args, &page.Total)
	return page, err
}

// fill reads the resources of a page.
func (s rows) fill(ctx context.Context, page *store.Page, p *plan, q store.Query) error {
	c, err := p.statement(q)
	if err != nil {
		return err
	}
	c.once = true
	c.add(" LIMIT ? OFFSET ?", q.Count+1, max(q.Offset, 0))
	page.Resources, err = s.documents(ctx, c)
	if err == nil && len(page.Resources) > q.Count {
		page.Resources = page.Resources[:q.Count]
		page.Next, err = store.PositionAfter(q.Sort, page.Resources[q.Count-1])
	}
	return err
}

// statement selects the documents from the position on, in order.
func (p *plan) statement(q store.Query) (*clause, error) {
	c := &clause{}
	c.add("SELECT r.doc FROM muster_resources r")
	if p.sort != nil {
		c.add(p.sort.String(), p.sort.args...)
	}
	c.add(" WHERE "+p.where.String(), p.where.args...)
	if q.After != "" {
		id, v, err := q.After.Parse(q.Sort)
		if err != nil {
			return nil, err
		}
		after(c, q.Sort, sanitized(id), v)
	}
	switch {
	case p.sort == nil:
		c.add(" ORDER BY r.id")
	case q.Sort.Descending:
		c.add(" ORDER BY CASE WHEN s.value IS NULL THEN 1 ELSE 0 END DESC, " + sorted + " DESC, r.id DESC")
	default:
		c.add(" ORDER BY CASE WHEN s.value IS NULL THEN 1 ELSE 0 END, " + sorted + ", r.id")
	}
	return c, nil
}

// sorted is the value that is sorted by; NULL, which comes last, if there is none.
const sorted = "COALESCE(s.whole, s.value)"

// after adds that a row comes after a position.
func after(c *clause, sort filter.Sort, id schema.ID, v schema.Value) {
	key := []byte(sortKey(sort.By, v))
	switch {
	case sort.By.IsZero():
		c.add(" AND r.id > ?", id)
	case sort.Descending && v.IsZero():
		c.add(" AND (s.value IS NOT NULL OR r.id < ?)", id)
	case sort.Descending:
		c.add(" AND ("+sorted+" < ? OR "+sorted+" = ? AND r.id < ?)", key, key, id)
	case v.IsZero():
		c.add(" AND s.value IS NULL AND r.id > ?", id)
	default:
		c.add(" AND (s.value IS NULL OR "+sorted+" > ? OR "+sorted+" = ? AND r.id > ?)", key, key, id)
	}
}

// sift looks at each row of a plan in the order of ids.
func (s rows) sift(ctx context.Context, p *plan, q store.Query) (store.Page, error) {
	const most = 256
	pager, left, last := store.NewPager(q), cmp.Or(max(q.MaxScan, 0), store.DefaultMaxScan), schema.ID("")
	for {
		c := clause{once: true}
		c.add("SELECT r.doc FROM muster_resources r WHERE "+p.where.String(), p.where.args...)
		c.add(" AND r.id > ? ORDER BY r.id LIMIT ?", last, most)
		batch, err := s.documents(ctx, &c)
		if err == nil {
			err = s.assemble(ctx, batch, everything)
		}
		if err != nil {
			return store.Page{}, err
		}
		for _, r := range batch {
			if left--; left < 0 {
				return store.Page{}, store.ErrScanLimit
			}
			more, err := pager.Add(r)
			if err != nil {
				return store.Page{}, err
			}
			if !more {
				return pager.Page()
			}
			last = r.ID()
		}
		if len(batch) < most {
			return pager.Page()
		}
	}
}

// Explanation says how a query is answered.
type Explanation struct {
	// SQL is the statement that finds the resources, for the first page.
	SQL string
	// Rest is what is looked at in Go for each resource that SQL finds; "" if
	// nothing is.
	Rest string
}

// Explain says how Query would answer, without asking the database. It returns
// errors.ErrUnsupported where Query declines, so that every resource of the
// type would be looked at.
func (h handle) Explain(q store.Query) (Explanation, error) {
	k := h.db.kinds[q.Type]
	if k == nil {
		return Explanation{}, errors.ErrUnsupported
	}
	p, err := h.plan(k, q)
	if err != nil {
		return Explanation{}, err
	}
	q.After = ""
	if p.rest != nil {
		p.sort = nil
	}
	c, err := p.statement(q)
	if err != nil {
		return Explanation{}, err
	}
	e := Explanation{SQL: h.db.dialect.bind(c.String())}
	if p.rest != nil {
		e.Rest = p.rest.String()
	}
	return e, nil
}
