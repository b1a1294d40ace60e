package store

import (
	"context"
	"errors"
	"math"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
)

// DefaultMaxScan is how many resources a query reads at most where it has to
// look at each, unless Query.MaxScan says otherwise.
const DefaultMaxScan = 100_000

// Query asks for one page of the resources of a type.
//
// There are two ways to page. By index, Offset says how many matches come
// before the page (RFC 7644 §3.4.2.4, startIndex-1). By position, After is the
// Next of the page before (RFC 9865): then nothing that exists throughout is
// skipped or repeated, whatever else comes and goes, and the tenth page costs
// as much as the first. At most one of the two is set.
type Query struct {
	// Type is the resource type.
	Type string
	// Filter selects; nil selects everything. It is bound to the type.
	Filter *filter.Filter
	// Sort orders the matches, ties by id. Without Sort.By the order is the one
	// of Scan, and Sort.Descending does not count.
	Sort filter.Sort
	// Offset is the number of matches to skip.
	Offset int
	// After is where the page before ended; "" is the start.
	After Position
	// Count is the most resources to return. 0 asks for the total only, as a
	// negative one does.
	Count int
	// Total asks for the number of all matches, on all pages.
	Total bool
	// Projection is what the caller will look at; nil is everything. A store may
	// leave out the rest and so save reading it.
	Projection *schema.Projection
	// MaxScan limits the resources that the fallback reads; 0 means
	// DefaultMaxScan. A QueryStore knows itself what it can afford, and may heed
	// it.
	MaxScan int
}

// Page is the answer to a Query. The caller owns the slice.
type Page struct {
	// Resources are the matches in order, at most Query.Count of them.
	Resources []*schema.Resource
	// Total is the number of all matches, or -1 if it was not asked for.
	Total int
	// Next continues after the last of Resources. It is "" if there are no more
	// matches, or if none were asked for.
	Next Position
}

// QueryStore is implemented by a Store that answers queries itself, with its
// indexes or in its database.
type QueryStore interface {
	Store
	// Query returns one page. The result is the same as that of RunQuery on the
	// five methods: the filter means what Filter.Match says, the order is that of
	// Sort.Compare. A store that cannot do all of it returns
	// errors.ErrUnsupported and does nothing; it never returns a part, or more
	// for the caller to sift. A Position that it did not make is an ErrPosition.
	Query(ctx context.Context, q Query) (Page, error)
}

// farthest is more than any store has, and so little that a sum of two does not
// overflow.
const farthest = math.MaxInt / 8

// bounded returns q with numbers that can be added.
func (q Query) bounded() Query {
	q.Offset, q.Count = min(q.Offset, farthest), min(q.Count, farthest)
	return q
}

// RunQuery returns one page of the resources that q selects, consistent with
// a moment during the call.
//
// Without a QueryStore, or if it declines, the resources of the type are
// scanned, matched and sorted here: at most q.MaxScan of them, otherwise the
// result is an ErrScanLimit. A page by position that is neither sorted nor
// counted reads no further than it must.
func RunQuery(ctx context.Context, s Store, q Query) (Page, error) {
	q = q.bounded()
	if querier, ok := s.(QueryStore); ok {
		page, err := querier.Query(ctx, q)
		if !errors.Is(err, errors.ErrUnsupported) {
			return page, err
		}
	}
	return scanQuery(ctx, s, q)
}
