package storetest

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// sortOf makes a sort order of users.
func (r *run) sortOf(by, direction string) filter.Sort {
	order, _, err := filter.ParseSort(UserType(), by, direction, nil)
	r.ok("the suite's own sort", err)
	return order
}

// orders are the ways in which the paging cases sort.
func (r *run) orders() []filter.Sort {
	return []filter.Sort{{}, r.sortOf("userName", ""), r.sortOf("title", "descending"), r.sortOf("meta.created", "")}
}

// titled stores n users of whom some have a title, several the same.
func (r *run) titled(n int) []*schema.Resource {
	all := make([]*schema.Resource, n)
	for i := range all {
		b := r.user(fmt.Sprintf("user-%03d", (i*37)%n)).Edit()
		if i%3 != 0 {
			r.ok("title", b.Set(UserType().MustPath("title"), schema.String(fmt.Sprintf("t%d", i%4))))
		}
		all[i] = r.create(b.Resource())
	}
	return all
}

// follow reads page after page by position, and calls between before each
// further page.
func (r *run) follow(q store.Query, between func(page int)) []schema.ID {
	var seen []schema.ID
	for n := 0; ; n++ {
		page := r.query(q)
		seen = append(seen, ids(page.Resources)...)
		if page.Next == "" {
			return seen
		}
		if len(page.Resources) != q.Count {
			r.fatalf("page %d has %d resources instead of %d, and yet there is a next one", n, len(page.Resources), q.Count)
		}
		if n > 1000 {
			r.fatalf("the pages do not end")
		}
		between(n)
		q.After = page.Next
	}
}

var pagingCases = []testCase{
	{
		name:   "Paging/ByIndex",
		clause: "Offset says how many matches come before the page",
		run: func(r *run) {
			all := r.titled(23)
			offsets := []int{math.MaxInt - 1, math.MaxInt}
			for n := range 25 {
				offsets = append(offsets, n)
			}
			for _, order := range r.orders() {
				want := matching(all, nil, order)
				for _, offset := range offsets {
					page := r.query(store.Query{Type: "User", Sort: order, Offset: offset, Count: 5, Total: true})
					part := want[min(offset, 23) : min(offset, 18)+5]
					if !slices.Equal(ids(page.Resources), part) || page.Total != 23 {
						r.errorf("sort %v offset %d: got %v of %d, want %v of 23", order.By, offset, ids(page.Resources), page.Total, part)
					}
				}
			}
		},
	},
	{
		name:   "Paging/ByPosition",
		clause: "nothing that exists throughout is skipped or repeated",
		run: func(r *run) {
			all := r.titled(23)
			for _, order := range r.orders() {
				for _, count := range []int{1, 5, 22, 23, 50} {
					q := store.Query{Type: "User", Sort: order, Count: count}
					if got, want := r.follow(q, func(int) {}), matching(all, nil, order); !slices.Equal(got, want) {
						r.errorf("sort %v, %d a page: got %v, want %v", order.By, count, got, want)
					}
				}
			}
		},
	},
	{
		name:   "Paging/UnderChange",
		clause: "nothing that exists throughout is skipped or repeated, whatever else comes and goes",
		run: func(r *run) {
			for _, order := range r.orders() {
				r.pageUnderChange(order)
			}
		},
	},
	{
		name:   "Paging/Count",
		clause: "0 asks for the total only, as a negative one does.",
		run: func(r *run) {
			r.newUsers(4)
			for _, count := range []int{0, -1} {
				page := r.query(store.Query{Type: "User", Count: count, Total: true})
				if len(page.Resources) != 0 || page.Total != 4 || page.Next != "" {
					r.errorf("count %d: %d resources, total %d, next %q", count, len(page.Resources), page.Total, page.Next)
				}
			}
			if page := r.query(store.Query{Type: "User", Count: 2}); len(page.Resources) != 2 || page.Next == "" {
				r.errorf("count 2 of 4: %d resources, next %q", len(page.Resources), page.Next)
			}
		},
	},
	{
		name:   "Paging/LastPage",
		clause: `It is "" if there are no more matches, or if none were asked for.`,
		run: func(r *run) {
			r.newUsers(4)
			for _, count := range []int{4, 5} {
				if page := r.query(store.Query{Type: "User", Count: count}); page.Next != "" {
					r.errorf("%d of 4: next is %q", count, page.Next)
				}
			}
			if page := r.query(store.Query{Type: "User", Offset: 9, Count: 5, Total: true}); len(page.Resources) != 0 || page.Next != "" || page.Total != 4 {
				r.errorf("past the end: %d resources, total %d, next %q", len(page.Resources), page.Total, page.Next)
			}
		},
	},
	{
		name:   "Paging/TotalOnlyIfAsked",
		clause: "Total is the number of all matches, or -1 if it was not asked for.",
		run: func(r *run) {
			r.newUsers(3)
			if page := r.query(store.Query{Type: "User", Count: 2}); page.Total != -1 {
				r.errorf("not asked for, but %d", page.Total)
			}
		},
	},
	{
		name:   "Paging/ForeignPosition",
		clause: "A Position that it did not make is an ErrPosition.",
		run: func(r *run) {
			r.newUsers(3)
			for _, p := range []store.Position{"?", "9:x", "-1:", "3:abc{", "\x00"} {
				q := store.Query{Type: "User", Sort: r.sortOf("userName", ""), After: p, Count: 2}
				if _, err := store.RunQuery(r.ctx, r.store, q); !errors.Is(err, store.ErrPosition) {
					r.errorf("position %q: %v", p, err)
				}
			}
		},
	},
}

// pageUnderChange pages while users come, change and go. Those that stay and
// keep their sort value have to be seen exactly once.
func (r *run) pageUnderChange(order filter.Sort) {
	all := r.titled(30)
	doomed := map[schema.ID]bool{}
	q := store.Query{Type: "User", Sort: order, Count: 4}
	seen := r.follow(q, func(page int) {
		if page > 20 {
			return
		}
		_, err := r.store.Create(r.ctx, r.user(fmt.Sprintf("user-%03d-late-%d", page, page)), store.Write{})
		r.ok("Create", err)
		gone := all[page%len(all)]
		if !doomed[gone.ID()] {
			doomed[gone.ID()] = true
			r.ok("Delete", r.store.Delete(r.ctx, store.RefOf(gone), store.Write{}))
		}
	})
	count := map[schema.ID]int{}
	for _, id := range seen {
		if count[id]++; count[id] > 1 {
			r.errorf("sort %v: %s came twice", order.By, id)
		}
	}
	for _, res := range all {
		if !doomed[res.ID()] && count[res.ID()] != 1 {
			r.errorf("sort %v: %s came %d times", order.By, res.ID(), count[res.ID()])
		}
	}
	r.wipe(UserType())
}

// wipe deletes all resources of a type in both tenants.
func (r *run) wipe(t *schema.ResourceType) {
	for _, id := range r.scan(t, "") {
		r.ok("Delete", r.store.Delete(r.ctx, store.Ref{Type: t.Name(), ID: id}, store.Write{}))
	}
	for ref := range r.twins {
		if ref.Type == t.Name() {
			r.ok("Delete", r.other.Delete(r.ctx, ref, store.Write{}))
			delete(r.twins, ref)
		}
	}
}
