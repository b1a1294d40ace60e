package main

import (
	"context"
	"fmt"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/storetest"
)

// pageSize is the number of users on a page.
const pageSize = 100

// pages compares the first page by cursor with one far behind, in several
// orders.
func (b *bench) pages(ctx context.Context) error {
	for _, sortBy := range []string{"", "userName", "displayName", "emails.value"} {
		for _, order := range []string{"", "descending"} {
			if sortBy == "" && order != "" {
				continue
			}
			sort, _, err := filter.ParseSort(storetest.UserType(), sortBy, order, nil)
			if err != nil {
				return err
			}
			q := store.Query{Type: "User", Count: pageSize, Sort: sort, Projection: b.bare()}
			if err := b.page(ctx, "sortBy="+sortBy+" "+order, q); err != nil {
				return err
			}
		}
	}
	return nil
}

// page compares the first page with that at 99 % of the users.
func (b *bench) page(ctx context.Context, name string, q store.Query) error {
	far := q
	far.Count, far.Offset = 1, len(b.ids)*99/100
	page, err := b.store.Query(ctx, far)
	if err != nil {
		return err
	}
	if page.Next == "" {
		return fmt.Errorf("there is no user %d", far.Offset)
	}
	ask := func(after store.Position) work {
		return func(int) error {
			q.After = after
			_, err := b.store.Query(ctx, q)
			return err
		}
	}
	m, err := turns(20, ask(page.Next), ask(""))
	if err != nil {
		return err
	}
	fmt.Printf("%-58s %10v  page 1  %10v  ratio %.2f\n", fmt.Sprintf("page %d, %s", far.Offset/pageSize, name), m[0].Round(1000), m[1].Round(1000), float64(m[0])/float64(m[1]))
	return nil
}
