package sqltest

import (
	"database/sql"
	"errors"
	"fmt"
	"testing"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/sqlstore"
	"github.com/muster-scim/muster/storetest"
)

func (e engine) indexed(t *testing.T, pool *sql.DB, indexes ...string) *sqlstore.DB {
	t.Helper()
	return e.configured(t, pool, &sqlstore.Config{Indexes: indexes})
}

// configured returns the tables of users in a database.
func (e engine) configured(t *testing.T, pool *sql.DB, c *sqlstore.Config) *sqlstore.DB {
	t.Helper()
	c.Types = []*schema.ResourceType{storetest.UserType()}
	db, err := sqlstore.New(pool, e.dialect, c)
	if err == nil {
		err = db.Migrate(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// An index that resources were stored without is not read until it is complete.
func TestReindex(t *testing.T) {
	for _, e := range engines(t) {
		t.Run(e.name, func(t *testing.T) {
			pool := e.database(t)
			old := e.indexed(t, pool, "title")
			var last *schema.Resource
			for n := range 250 {
				last = create(t, old.Tenant(store.TenantID(fmt.Sprint("t", n%2))), n)
			}
			wantPushed(t, old.Tenant("t1"), `title eq "title 9"`, true)

			db := e.indexed(t, pool, "title", "emails.value")
			wantPushed(t, db.Tenant("t1"), `title eq "title 9"`, true)
			wantPushed(t, db.Tenant("t1"), `emails.value eq "9@example.com"`, false)
			create(t, db.Tenant("t0"), 1000)
			if n, err := db.Reindex(t.Context()); err != nil || n != 251 {
				t.Fatalf("reindexed %d: %v", n, err)
			}
			wantPushed(t, db.Tenant("t1"), `emails.value eq "9@example.com"`, true)
			wantPushed(t, db.Tenant("t0"), `emails.value eq "1000@example.com"`, true)
			if n, err := db.Reindex(t.Context()); err != nil || n != 0 {
				t.Errorf("a second time it looked at %d: %v", n, err)
			}

			// One with less comes back, and writes what the index does not follow.
			old = e.indexed(t, pool, "title")
			b := last.Edit()
			if err := b.Set(storetest.UserType().MustPath("emails"), schema.Value{}); err != nil {
				t.Fatal(err)
			}
			if _, err := old.Tenant("t1").Replace(t.Context(), b.Resource(), store.Write{}); err != nil {
				t.Fatal(err)
			}
			db = e.indexed(t, pool, "title", "emails.value")
			wantPushed(t, db.Tenant("t1"), `emails.value eq "9@example.com"`, false)
			if _, err := db.Reindex(t.Context()); err != nil {
				t.Fatal(err)
			}
			q := store.Query{Type: "User", Count: 10, Filter: filter.MustParse(storetest.UserType(), `emails.value eq "249@example.com"`)}
			if page, err := db.Tenant("t1").Query(t.Context(), q); err != nil || len(page.Resources) != 0 {
				t.Errorf("a value that is gone finds %d users: %v", len(page.Resources), err)
			}
		})
	}
}

func create(t *testing.T, s store.Store, n int) *schema.Resource {
	t.Helper()
	r, _, err := storetest.UserType().Decode(fmt.Appendf(nil, `{"userName":"user %d","title":"title %[1]d","emails":[{"value":"%[1]d@example.com"}]}`, n), nil)
	if err == nil {
		r, err = s.Create(t.Context(), r, store.Write{})
	}
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// wantPushed checks that a filter finds one user, in the database or not.
func wantPushed(t *testing.T, s *sqlstore.Store, text string, want bool) {
	t.Helper()
	q := store.Query{Type: "User", Count: 10, Filter: filter.MustParse(storetest.UserType(), text)}
	if _, err := s.Query(t.Context(), q); (err == nil) != want || err != nil && !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("%s in the database: %v", text, err)
	}
	page, err := store.RunQuery(t.Context(), s, q)
	if err != nil || len(page.Resources) != 1 {
		t.Errorf("%s finds %d users: %v", text, len(page.Resources), err)
	}
}
