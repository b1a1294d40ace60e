package store

import (
	"cmp"
	"context"

	"github.com/muster-scim/muster/schema"
)

// scanQuery answers a query with Scan.
func scanQuery(ctx context.Context, s Store, q Query) (Page, error) {
	limit := cmp.Or(max(q.MaxScan, 0), DefaultMaxScan)
	pager := NewPager(q)
	from := schema.ID("")
	if q.Sort.By.IsZero() && !q.Total {
		from = schema.ID(q.After)
	}
	for r, err := range s.Scan(ctx, q.Type, from) {
		if err != nil {
			return Page{}, err
		}
		if limit--; limit < 0 {
			return Page{}, ErrScanLimit
		}
		more, err := pager.Add(r)
		if err != nil {
			return Page{}, err
		}
		if !more {
			break
		}
	}
	return pager.Page()
}
