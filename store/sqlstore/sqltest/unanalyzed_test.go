package sqltest

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/sqlstore"
	"github.com/muster-scim/muster/storetest"
)

// What a look-up reads grows with the users or with the memberships, not with
// their product, also while PostgreSQL has no statistics, as after an import or
// a restore.
func TestLookupWithoutStatistics(t *testing.T) {
	for _, e := range engines(t) {
		if e.dialect != sqlstore.PostgreSQL {
			continue
		}
		pool := e.database(t)
		pool.SetMaxOpenConns(1)
		db, err := sqlstore.New(pool, e.dialect, &sqlstore.Config{
			Types:   []*schema.ResourceType{storetest.UserType(), storetest.GroupType()},
			Indexes: []string{"title", "emails.value"},
		})
		if err == nil {
			err = db.Migrate(t.Context())
		}
		if err != nil {
			t.Fatal(err)
		}
		keepUnanalyzed(t, pool)
		s := db.Tenant("acme")
		const users = 200
		everyone(t, s, users)
		for _, text := range []string{`userName eq "user 7"`, `title eq "title 7"`, `emails.value eq "7@example.com"`} {
			t.Run(text, func(t *testing.T) {
				before := rowsRead(t, pool)
				const lookups = 10 // more than PostgreSQL plans one by one
				for range lookups {
					page, err := s.Query(t.Context(), store.Query{Type: "User", Filter: filter.MustParse(storetest.UserType(), text), Count: 2})
					if err != nil || len(page.Resources) != 1 || page.Resources[0].Get(storetest.UserType().MustPath("groups")).Len() != 1 {
						t.Fatal(page, err)
					}
				}
				if n := (rowsRead(t, pool) - before) / lookups; n > 10*users {
					t.Errorf("%d rows were read for one of %d users", n, users)
				}
			})
		}
	}
}

// keepUnanalyzed turns off what collects statistics.
func keepUnanalyzed(t *testing.T, pool *sql.DB) {
	t.Helper()
	for _, table := range []string{"muster_resources", "muster_members", "muster_values"} {
		if _, err := pool.ExecContext(t.Context(), "ALTER TABLE "+table+" SET (autovacuum_enabled = false)"); err != nil {
			t.Fatal(err)
		}
	}
}

// everyone makes users and a group of them all.
func everyone(t *testing.T, s store.Store, users int) {
	t.Helper()
	var members []string
	for n := range users {
		members = append(members, fmt.Sprintf(`{"value":%q}`, create(t, s, n).ID()))
	}
	r, _, err := storetest.GroupType().Decode([]byte(`{"displayName":"Everyone","members":[`+strings.Join(members, ",")+`]}`), nil)
	if err == nil {
		_, err = s.Create(t.Context(), r, store.Write{})
	}
	if err != nil {
		t.Fatal(err)
	}
}

// rowsRead returns how many rows statements have read from the tables. The server
// counts them when a session is done with a transaction.
func rowsRead(t *testing.T, pool *sql.DB) (n int) {
	t.Helper()
	for _, query := range []string{
		"SELECT 1 FROM (SELECT pg_stat_force_next_flush()) f",
		"SELECT sum(COALESCE(seq_tup_read, 0) + COALESCE(idx_tup_fetch, 0)) FROM pg_stat_user_tables WHERE schemaname = current_schema()",
	} {
		if err := pool.QueryRowContext(t.Context(), query).Scan(&n); err != nil {
			t.Fatal(err)
		}
	}
	return n
}
