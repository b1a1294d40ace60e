package storetest_test

import (
	"context"
	"errors"
	"iter"
	"strconv"
	"strings"
	"sync"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// query breaks queries by changing the question or the answer.
func query(ask func(*store.Query), answer func(store.Query, *store.Page)) func(*broken) {
	return func(b *broken) {
		b.query = func(ctx context.Context, q store.Query) (store.Page, error) {
			asked := q
			if ask != nil {
				ask(&asked)
			}
			page, err := b.Forward.Query(ctx, asked)
			if err == nil && answer != nil {
				answer(q, &page)
			}
			return page, err
		}
	}
}

// keep removes resources from a page as if they did not match.
func keep(page *store.Page, match func(*schema.Resource) bool) {
	var kept []*schema.Resource
	for _, r := range page.Resources {
		if match(r) {
			kept = append(kept, r)
		} else if page.Total > 0 {
			page.Total--
		}
	}
	page.Resources = kept
}

func asks(q store.Query, part string) bool {
	return q.Filter != nil && strings.Contains(q.Filter.String(), part)
}

// byOffset pages by position with nothing but a number in it.
func byOffset(b *broken) {
	b.query = func(ctx context.Context, q store.Query) (store.Page, error) {
		offset, err := strconv.Atoi("0" + string(q.After))
		if err != nil {
			return store.Page{}, store.ErrPosition
		}
		q.Offset, q.After = q.Offset+offset, ""
		page, err := b.Forward.Query(ctx, q)
		if page.Next != "" {
			page.Next = store.Position(strconv.Itoa(q.Offset + q.Count))
		}
		return page, err
	}
}

// cachedPages answers the same query from memory.
func cachedPages(b *broken) {
	var mu sync.Mutex
	cache := map[string]store.Page{}
	b.query = func(ctx context.Context, q store.Query) (store.Page, error) {
		mu.Lock()
		defer mu.Unlock()
		key := q.Type
		if q.Filter != nil {
			key += q.Filter.String()
		}
		if page, ok := cache[key]; ok {
			return page, nil
		}
		page, err := b.Forward.Query(ctx, q)
		cache[key] = page
		return page, err
	}
}

var queryMutants = []mutant{
	{name: "Query/EveryOperator", flaw: "has a wildcard in ew", breakIt: query(nil, func(q store.Query, page *store.Page) {
		if asks(q, " ew ") {
			keep(page, func(r *schema.Resource) bool { return !strings.Contains(text(r, "label"), "%") })
		}
	})},
	{name: "Query/EveryOperator", flaw: "thinks that ne wants a value", breakIt: query(nil, func(q store.Query, page *store.Page) {
		if asks(q, "label ne ") {
			keep(page, func(r *schema.Resource) bool { return text(r, "label") != "" })
		}
	})},
	{name: "Query/RandomFilters", flaw: "forgets the parentheses", breakIt: query(func(q *store.Query) {
		if asks(*q, " or ") && asks(*q, " and ") {
			q.Filter = nil
		}
	}, nil)},
	{name: "Query/UniqueKeys", flaw: "has a case-sensitive index", breakIt: query(nil, func(q store.Query, page *store.Page) {
		if asks(q, "userName eq ") {
			keep(page, func(r *schema.Resource) bool { return asks(q, text(r, "userName")) || asks(q, text(r, "externalId")) })
		}
	})},
	{name: "Query/SeesWrites", flaw: "caches", breakIt: cachedPages},
	{name: "Ownership/PageIsTheCallers", flaw: "caches", breakIt: cachedPages},
	{name: "Race/Everything", flaw: "caches counts", breakIt: query(nil, func(q store.Query, page *store.Page) {
		if q.Filter != nil {
			page.Total = 0
		}
	})},
	{name: "Query/Sort", flaw: "cannot sort downwards", breakIt: query(func(q *store.Query) { q.Sort.Descending = false }, nil)},
	{name: "Paging/ByIndex", flaw: "counts from one", breakIt: query(func(q *store.Query) { q.Offset = max(0, q.Offset-1) }, nil)},
	{name: "Paging/ByPosition", flaw: "repeats the last one", breakIt: query(nil, func(q store.Query, page *store.Page) {
		if page.Next != "" && len(page.Resources) > 1 && q.Sort.By.IsZero() {
			page.Next = store.Position(page.Resources[len(page.Resources)-2].ID())
		}
	})},
	{name: "Paging/ByPosition", flaw: "knows two pages", breakIt: query(nil, func(q store.Query, page *store.Page) {
		if q.After != "" {
			page.Next = ""
		}
	})},
	{name: "Paging/UnderChange", flaw: "counts offsets", breakIt: byOffset},
	{name: "Paging/Count", flaw: "reads zero as the default", breakIt: query(func(q *store.Query) {
		if q.Count <= 0 {
			q.Count = 100
		}
	}, nil)},
	{name: "Paging/LastPage", flaw: "has an empty last page", breakIt: query(nil, func(q store.Query, page *store.Page) {
		if page.Next == "" && len(page.Resources) == q.Count {
			page.Next = "more"
		}
	})},
	{name: "Paging/TotalOnlyIfAsked", flaw: "always counts", breakIt: query(func(q *store.Query) { q.Total = true }, nil)},
	{name: "Paging/ForeignPosition", flaw: "starts over", breakIt: func(b *broken) {
		b.query = func(ctx context.Context, q store.Query) (store.Page, error) {
			page, err := b.Forward.Query(ctx, q)
			if errors.Is(err, store.ErrPosition) {
				q.After = ""
				return b.Forward.Query(ctx, q)
			}
			return page, err
		}
	}},
	{name: "Read/Projected", flaw: "cannot read parts", breakIt: func(b *broken) {
		b.read = func(ctx context.Context, ref store.Ref, _ *schema.Projection) (*schema.Resource, error) {
			r, err := b.Inner.Get(ctx, ref)
			if err != nil {
				return nil, err
			}
			return with(r, "name", schema.Value{}), nil
		}
	}},
	{name: "Read/ProjectedNotFound", flaw: "returns an empty row", breakIt: func(b *broken) {
		b.read = func(ctx context.Context, ref store.Ref, p *schema.Projection) (*schema.Resource, error) {
			r, err := b.Forward.ReadProjected(ctx, ref, p)
			if errors.Is(err, store.ErrNotFound) {
				return nil, nil
			}
			return r, err
		}
	}},
	{name: "Read/QueryProjected", flaw: "never joins the members", breakIt: query(nil, func(_ store.Query, page *store.Page) {
		for i, r := range page.Resources {
			page.Resources[i] = with(r, "members", schema.Value{})
		}
	})},
	{name: "Values/InOrder", flaw: "streams backwards", breakIt: func(b *broken) {
		b.values = func(ctx context.Context, ref store.Ref, p schema.Path) iter.Seq2[schema.Value, error] {
			return func(yield func(schema.Value, error) bool) {
				r, err := b.Inner.Get(ctx, ref)
				if err != nil {
					yield(schema.Value{}, err)
					return
				}
				for i := r.Get(p).Len() - 1; i >= 0 && yield(r.Get(p).At(i), nil); i-- {
				}
			}
		}
	}},
	{name: "Values/OfAnyList", flaw: "streams members only", breakIt: func(b *broken) {
		b.values = func(ctx context.Context, ref store.Ref, p schema.Path) iter.Seq2[schema.Value, error] {
			if p.Name() == "members" {
				return b.Forward.ReadValues(ctx, ref, p)
			}
			return func(func(schema.Value, error) bool) {}
		}
	}},
	{name: "Values/NotFound", flaw: "yields nothing", breakIt: func(b *broken) {
		b.values = func(ctx context.Context, ref store.Ref, p schema.Path) iter.Seq2[schema.Value, error] {
			if _, err := b.Inner.Get(ctx, ref); err != nil {
				return func(func(schema.Value, error) bool) {}
			}
			return b.Forward.ReadValues(ctx, ref, p)
		}
	}},
	{name: "Values/EarlyStop", flaw: "reads the list again for each value", breakIt: func(b *broken) {
		b.values = func(ctx context.Context, ref store.Ref, p schema.Path) iter.Seq2[schema.Value, error] {
			return func(yield func(schema.Value, error) bool) {
				for i := 0; ; i++ {
					r, err := b.Inner.Get(ctx, ref)
					if err != nil || i >= r.Get(p).Len() || !yield(r.Get(p).At(i), nil) {
						return
					}
				}
			}
		}
	}},
}
