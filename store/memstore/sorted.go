package memstore

import (
	"iter"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// sorts reports whether an index has all resources in the order of p.
func (t *table) sorts(p schema.Path) bool {
	x := t.index(p)
	return x != nil && x.ordered && !manyValued(p) && x.keys.Len() == t.order.Len()
}

// sorted takes a page of all resources in the order of an index.
func (s *state) sorted(x *index, q store.Query) (store.Page, error) {
	page := store.Page{Total: -1}
	if q.Total {
		page.Total = x.keys.Len()
	}
	if q.Count <= 0 {
		return page, nil
	}
	before, err := s.before(x, q)
	if err != nil {
		return store.Page{}, err
	}
	before += max(q.Offset, 0)
	include := selected(q.Projection)
	for e := range x.from(before, q.Sort.Descending) {
		if len(page.Resources) == q.Count {
			break
		}
		page.Resources = append(page.Resources, s.assemble(s.rows.Get(e.slot), include))
	}
	return withNext(page, q, before+len(page.Resources) < x.keys.Len())
}

// before returns the number of resources up to the position of the query.
func (s *state) before(x *index, q store.Query) (int, error) {
	if q.After == "" {
		return 0, nil
	}
	id, v, err := q.After.Parse(q.Sort)
	if err != nil {
		return 0, err
	}
	key := x.path.FoldValue(v)
	rank, found := x.keys.Find(s.toEntry(key, id))
	switch {
	case q.Sort.Descending && v.IsZero():
		return 0, nil // it was among those without a value, which come first
	case v.IsZero():
		return x.keys.Len(), nil
	case q.Sort.Descending:
		return x.keys.Len() - rank, nil
	case found:
		return rank + 1, nil
	}
	return rank, nil
}

// from iterates in either direction, from the n-th entry in that direction on.
func (x *index) from(n int, descending bool) iter.Seq[entry] {
	if descending {
		return x.keys.Before(x.keys.Len() - n)
	}
	return x.keys.At(n)
}
