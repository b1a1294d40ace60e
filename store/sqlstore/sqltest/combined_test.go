package sqltest

import (
	"errors"
	"fmt"
	"testing"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/sqlstore"
	"github.com/muster-scim/muster/storetest"
)

// titled makes 400 users, of which every other one is active and ten share a
// title.
func titled(t *testing.T, s store.Store) {
	t.Helper()
	for n := range 400 {
		r, _, err := storetest.UserType().Decode(fmt.Appendf(nil, `{"userName":"user %d","title":"Title %d","active":%t}`, n, n/10, n%2 == 0), nil)
		if err == nil {
			_, err = s.Create(t.Context(), r, store.Write{})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// Attributes that are combined are found together, from one page to the next,
// and with what else the filter asks for.
func TestCombined(t *testing.T) {
	for _, e := range engines(t) {
		t.Run(e.name, func(t *testing.T) {
			s := e.configured(t, e.database(t), &sqlstore.Config{Combined: [][]string{{"title", "active"}, {"department", "title"}, {"emails.value", "title"}, {"title"}, {"title", "Title"}, {}}}).Tenant("acme")
			titled(t, s)
			for _, c := range []struct {
				filter string
				n      int
				index  bool
				looked bool // in Go
			}{
				{`active eq true and title eq "TITLE 7"`, 5, true, false},
				{`title eq "title 7" and active eq false`, 5, true, false},
				{`title eq "title 7" and userName co "4" and active eq true`, 1, true, true},
				{`title eq "title 7" and userName ne "user 76" and active eq true`, 4, true, true},
				{`title eq "title 7" and title eq "title 8" and active eq true`, 0, true, true},
				{`title eq "title" and active eq true`, 0, true, false},
				{`title eq "title 7"`, 10, false, false},
				{`title eq "title 7" or active eq true`, 205, false, false},
				{`title eq "title 7" and emails.value eq "a"`, 0, false, false},
			} {
				q := store.Query{Type: "User", Count: 2, Total: true, Filter: filter.MustParse(storetest.UserType(), c.filter)}
				if how, err := s.Explain(q); (err == nil) != c.index || (how.Rest != "") != c.looked {
					t.Errorf("%s: %+v, %v", c.filter, how, err)
				}
				seen := map[schema.ID]bool{}
				for more := true; more; more = q.After != "" {
					page, err := store.RunQuery(t.Context(), s, q)
					if err != nil || page.Total != c.n {
						t.Fatalf("%s: %d users: %v", c.filter, page.Total, err)
					}
					for _, r := range page.Resources {
						seen[r.ID()] = true
					}
					q.After = page.Next
				}
				if len(seen) != c.n {
					t.Errorf("%s: %d users on the pages, want %d", c.filter, len(seen), c.n)
				}
			}
		})
	}
}

// An index of several is completed like others.
func TestCombinedReindex(t *testing.T) {
	for _, e := range engines(t) {
		t.Run(e.name, func(t *testing.T) {
			pool := e.database(t)
			titled(t, e.configured(t, pool, &sqlstore.Config{}).Tenant("acme"))
			db := e.configured(t, pool, &sqlstore.Config{Combined: [][]string{{"title", "active"}}})
			const text = `title eq "Title 39" and userName eq "user 398" and active eq true`
			declined := store.Query{Type: "User", Count: 10, Filter: filter.MustParse(storetest.UserType(), `title eq "Title 39" and active eq true`)}
			if _, err := db.Tenant("acme").Query(t.Context(), declined); !errors.Is(err, errors.ErrUnsupported) {
				t.Errorf("an index that is not complete: %v", err)
			}
			wantPushed(t, db.Tenant("acme"), text, true) // by its userName
			if n, err := db.Reindex(t.Context()); err != nil || n != 400 {
				t.Fatalf("reindexed %d: %v", n, err)
			}
			// In another order it is the same.
			db = e.configured(t, pool, &sqlstore.Config{Combined: [][]string{{"active", "title"}}})
			page, err := db.Tenant("acme").Query(t.Context(), declined)
			if err != nil || len(page.Resources) != 5 {
				t.Errorf("%d users: %v", len(page.Resources), err)
			}
			b := page.Resources[0].Edit()
			if err := b.Set(storetest.UserType().MustPath("active"), schema.Bool(false)); err != nil {
				t.Fatal(err)
			}
			if _, err := db.Tenant("acme").Replace(t.Context(), b.Resource(), store.Write{}); err != nil {
				t.Fatal(err)
			}
			page, err = db.Tenant("acme").Query(t.Context(), declined)
			if err != nil || len(page.Resources) != 4 {
				t.Errorf("%d users after one is inactive: %v", len(page.Resources), err)
			}
		})
	}
}
