package scim

import (
	"context"
	"encoding/json"

	"github.com/muster-scim/muster/store"
)

// places says for each type of a sorted search, by its name, where its next
// page starts. A type that is not in it has no more matches.
type places map[string][]byte

// searchSorted merges the types and keeps a place in each.
func (c *call) searchSorted(ctx context.Context, queries []store.Query) (response, error) {
	start, bound := store.Query{}, c.searchBinding()
	if err := c.place(&start, bound); err != nil {
		return response{}, err
	}
	at, err := placesAt(start.After, queries)
	if err != nil {
		return response{}, err
	}
	pages, total, err := c.pagesAt(ctx, queries, at, start.Count)
	if err != nil {
		return response{}, err
	}
	if err := c.goOn(ctx, queries, at, pages, merge(queries, pages, start.Count).taken); err != nil {
		return response{}, err
	}
	next := ""
	if len(at) > 0 {
		position, err := json.Marshal(at)
		if err != nil {
			return response{}, err
		}
		next = c.h.cursors.seal(cursor{position: string(position), count: start.Count}, bound)
	}
	return c.searchPage(merge(queries, pages, start.Count).list, total, 0, next)
}

// placesAt reads the places out of a position; "" is the start of every type.
func placesAt(p store.Position, queries []store.Query) (places, error) {
	at := make(places, len(queries))
	if p == "" {
		for _, q := range queries {
			at[q.Type] = nil
		}
		return at, nil
	}
	if json.Unmarshal([]byte(p), &at) != nil {
		return nil, errCursor()
	}
	return at, nil
}

// pagesAt reads as much of each type as the page could need, and counts the
// matches of all.
func (c *call) pagesAt(ctx context.Context, queries []store.Query, at places, want int) (pages []store.Page, total int, err error) {
	pages = make([]store.Page, len(queries))
	for i, q := range queries {
		if position, more := at[q.Type]; more {
			q.After, q.Count = store.Position(position), want
		}
		if pages[i], err = store.RunQuery(ctx, c.tenant.Store, q); err != nil {
			return nil, 0, err
		}
		total += pages[i].Total
	}
	return pages, total, nil
}

// goOn moves each place behind what was taken of its page. A page of which only
// the beginning was taken is read again, because only the store can say where
// the next one starts after that. What it answers now is what the client gets:
// even if resources came or went in between, none is left out or repeated.
func (c *call) goOn(ctx context.Context, queries []store.Query, at places, pages []store.Page, taken []int) (err error) {
	for i, q := range queries {
		page := &pages[i]
		if taken[i] == 0 {
			if len(page.Resources) == 0 {
				delete(at, q.Type)
			}
			page.Resources = nil
			continue
		}
		if taken[i] < len(page.Resources) {
			q.After, q.Count, q.Total = store.Position(at[q.Type]), taken[i], false
			if *page, err = store.RunQuery(ctx, c.tenant.Store, q); err != nil {
				return err
			}
		}
		at.set(q.Type, page.Next)
	}
	return nil
}

func (at places) set(typ string, next store.Position) {
	if next == "" {
		delete(at, typ)
		return
	}
	at[typ] = []byte(next)
}
