package sqlstore

import (
	"cmp"
	"context"
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
	if _, ok := h.session.(inside); !ok {
		if err := h.db.refresh(ctx); err != nil {
			return page, err
		}
	}
	k = h.db.known(k)
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
	if p.first != nil && p.rest == nil && q.Total && q.Count > 0 && q.After == "" { // few, so the page may hold the last match
		some := q
		some.Total = false
		page, err = h.carryOut(ctx, k, p, some, include)
		if err != nil || lastPage(&page, q) {
			return page, err
		}
	}
	return h.carryOut(ctx, k, p, q, include)
}

// lastPage counts the matches if a page by index holds the last of them.
func lastPage(page *store.Page, q store.Query) bool {
	n := len(page.Resources)
	if q.Count <= 0 || q.After != "" || page.Next != "" || n == 0 && q.Offset > 0 {
		return false
	}
	page.Total = max(q.Offset, 0) + n
	return true
}

// carryOut carries a plan out on one state of the database.
func (h handle) carryOut(ctx context.Context, k *kind, p *plan, q store.Query, include func(schema.Path) bool) (page store.Page, err error) {
	if p.first == nil {
		h = h.forLists()
	}
	several := k.derives(include) || p.rest != nil || p.sort != nil && p.first == nil || q.Total && q.Count > 0
	err = h.read(ctx, several, func(t *tx) error {
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
	if lastPage(&page, q) {
		return page, nil
	}
	var c clause
	p.counted(&c, s.tx.dialect, s.tenant)
	err = s.eachOnce(ctx, c.String(), c.args, func(scan func(...any) error) error { return scan(&page.Total) })
	return page, err
}

// fill reads the resources of a page.
func (s rows) fill(ctx context.Context, page *store.Page, p *plan, q store.Query) (err error) {
	ordered := false
	if p.sort != nil && p.first == nil {
		page.Resources, ordered, err = s.inStages(ctx, p, q)
	}
	if err == nil && !ordered {
		page.Resources, err = s.atOnce(ctx, p, q)
	}
	if err == nil && len(page.Resources) > q.Count {
		page.Resources = page.Resources[:q.Count]
		page.Next, err = store.PositionAfter(q.Sort, page.Resources[q.Count-1])
	}
	return err
}

// atOnce reads the resources of a page with one statement, which sorts all
// matches unless the order is that of ids.
func (s rows) atOnce(ctx context.Context, p *plan, q store.Query) ([]*schema.Resource, error) {
	c, err := s.statement(p, q)
	if err != nil {
		return nil, err
	}
	c.add(" LIMIT ? OFFSET ?", q.Count+1, max(q.Offset, 0))
	return s.documents(ctx, c)
}

// statement selects the documents from the position on, in order.
func (s rows) statement(p *plan, q store.Query) (*clause, error) {
	c := &clause{once: true}
	c.add("SELECT r.doc")
	id := p.from(c, s.tx.dialect, s.tenant, p.sort)
	if q.After != "" {
		at, v, err := q.After.Parse(q.Sort)
		if err != nil {
			return nil, err
		}
		after(c, q.Sort, id, sanitized(at), v)
	}
	switch {
	case p.sort == nil:
		c.add(" ORDER BY " + id)
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
func after(c *clause, sort filter.Sort, column string, id schema.ID, v schema.Value) {
	key := []byte(sortKey(sort.By, v))
	switch {
	case sort.By.IsZero():
		c.add(" AND "+column+" > ?", id)
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

// siftBatch is how many rows sift reads at a time.
const siftBatch = 256

// batchOf selects the next rows of a plan in the order of ids.
func (s rows) batchOf(p *plan, last schema.ID, most int) *clause {
	c := &clause{once: true}
	c.add("SELECT r.doc")
	id := p.from(c, s.tx.dialect, s.tenant, nil)
	c.add(" AND "+id+" > ? ORDER BY "+id+" LIMIT ?", last, most)
	return c
}

// sift looks at each row of a plan in the order of ids.
func (s rows) sift(ctx context.Context, p *plan, q store.Query) (store.Page, error) {
	pager, left, last := store.NewPager(q), cmp.Or(max(q.MaxScan, 0), store.DefaultMaxScan), schema.ID("")
	for {
		batch, err := s.documents(ctx, s.batchOf(p, last, siftBatch))
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
		if len(batch) < siftBatch {
			return pager.Page()
		}
	}
}
