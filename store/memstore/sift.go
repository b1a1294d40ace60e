package memstore

import (
	"context"
	"iter"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// matches iterates over the rows of a plan that match, in the order of their
// ids.
func (s *state) matches(ctx context.Context, t *table, p plan, q store.Query) iter.Seq2[row, error] {
	match := func(row) bool { return true }
	if !p.exact {
		match = s.matcher(t, q.Filter)
	}
	found, from := p.gather(), 0
	if q.Sort.By.IsZero() && !q.Total && q.After != "" {
		from = found.rank(schema.ID(q.After))
	}
	first := firstPath(q)
	return func(yield func(row, error) bool) {
		for some := range batches(found.from(from)) {
			if ctx.Err() != nil {
				yield(row{}, ctx.Err())
				return
			}
			touch(some, first)
			for _, r := range some {
				if match(r) && !yield(r, nil) {
					return
				}
			}
		}
	}
}

// batch is how many rows are fetched together.
const batch = 64

// batches iterates over rows by some at a time.
func batches(all iter.Seq[row]) iter.Seq[[]row] {
	return func(yield func([]row) bool) {
		some := make([]row, 0, batch)
		for r := range all {
			if some = append(some, r); len(some) == batch {
				if !yield(some) {
					return
				}
				some = some[:0]
			}
		}
		if len(some) > 0 {
			yield(some)
		}
	}
}

// touch reads a value of each of some rows. Hardly any of it is in a cache: if a
// filter looked at one row after the other, it would wait for memory again and
// again; this way the rows wait together. The result keeps the reads alive.
func touch(some []row, p schema.Path) (unlikely int) {
	for _, r := range some {
		if r.resource.Type() == nil {
			unlikely++
		}
	}
	var texts [batch]string
	for i, r := range some {
		texts[i] = r.resource.Get(p).Text()
	}
	for _, text := range texts {
		if text != "" && text[0] == 0 {
			unlikely++
		}
	}
	return unlikely
}

// firstPath returns the attribute that a query looks at first, or the list that
// holds it.
func firstPath(q store.Query) schema.Path {
	p := q.Sort.By
	if q.Filter != nil {
		for p = range q.Filter.Paths() {
			break
		}
	}
	if p.Parent().MultiValued() {
		return p.Parent()
	}
	return p
}
