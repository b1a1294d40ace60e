package memstore

import (
	"context"
	"fmt"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// Query answers with one state of the store. Filters that no index serves look
// at every resource of the type, whatever q.MaxScan says.
func (h handle) Query(ctx context.Context, q store.Query) (store.Page, error) {
	if err := ctx.Err(); err != nil {
		return store.Page{}, err
	}
	s := h.session.read()
	t := s.table(q.Type)
	if t == nil {
		return store.NewPager(q).Page()
	}
	if q.Filter != nil && q.Filter.Type() != t.typ {
		return store.Page{}, fmt.Errorf("memstore: the filter is for another type called %s", q.Type)
	}
	p := s.plan(t, q.Filter)
	switch {
	case p.exact && q.Sort.By.IsZero():
		return s.cut(p.gather(), q)
	case p.exact && q.Filter == nil && t.sorts(q.Sort.By):
		return s.sorted(t.index(q.Sort.By), q)
	}
	return s.sift(ctx, t, p, q)
}

// cut takes a page out of rows that all match, without looking at the others.
func (s *state) cut(found rows, q store.Query) (store.Page, error) {
	page := store.Page{Total: -1}
	if q.Total {
		page.Total = found.Len()
	}
	if q.Count <= 0 {
		return page, nil
	}
	from := max(q.Offset, 0)
	if q.After != "" {
		from += found.rank(schema.ID(q.After))
	}
	include := selected(q.Projection)
	for r := range found.from(from) {
		if len(page.Resources) == q.Count {
			break
		}
		page.Resources = append(page.Resources, s.assemble(r, include))
	}
	return withNext(page, q, from+len(page.Resources) < found.Len())
}

// withNext sets the position after the page, if there is more.
func withNext(page store.Page, q store.Query, more bool) (store.Page, error) {
	if !more || len(page.Resources) == 0 {
		return page, nil
	}
	var err error
	page.Next, err = store.PositionAfter(q.Sort, page.Resources[len(page.Resources)-1])
	return page, err
}

// sift looks at each row of a plan.
func (s *state) sift(ctx context.Context, t *table, p plan, q store.Query) (store.Page, error) {
	derived := t.roleAt(q.Sort.By) != nil
	pager := store.NewPager(q)
	for r, err := range s.matches(ctx, t, p, q) {
		if err != nil {
			return store.Page{}, err
		}
		res := r.resource
		if derived {
			res = s.assemble(r, everything)
		}
		more, err := pager.AddMatch(res)
		if err != nil {
			return store.Page{}, err
		}
		if !more {
			break
		}
	}
	return s.assembled(pager, q)
}

// assembled returns the page of a pager.
func (s *state) assembled(pager *store.Pager, q store.Query) (store.Page, error) {
	page, err := pager.Page()
	if err != nil {
		return store.Page{}, err
	}
	include := selected(q.Projection)
	for i, r := range page.Resources {
		stored, _ := s.stored(store.RefOf(r))
		page.Resources[i] = s.assemble(stored, include)
	}
	return page, nil
}
