package sqltest

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/sqlstore"
	"github.com/muster-scim/muster/store/sqlstore/sqltest/internal/owned"
	"github.com/muster-scim/muster/storetest"
)

// teamed are 40 users of whom every other one is in a team. Four have the same
// display name.
const teamed = `;
INSERT INTO users (tenant_id, id, user_name, display, kind, revision) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40)
	SELECT 'acme', CONCAT('u', i), CONCAT('user', i), CONCAT('Name ', i % 10), 'human', 1 FROM n;
INSERT INTO teams (tenant_id, id, name, revision) VALUES ('acme', 'even', 'Even', 1);
INSERT INTO team_users (tenant_id, team_id, user_id, seq) WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 2 FROM n WHERE i < 40) SELECT 'acme', 'even', CONCAT('u', i), i FROM n`

// service returns the tables of a service with some rows, and the store of its
// tenant acme.
func (e engine) service(t *testing.T, rows string) (*sql.DB, *sqlstore.OwnTables, *sqlstore.OwnStore) {
	t.Helper()
	pool := e.database(t)
	err := owned.Run(t.Context(), pool, owned.Types[e.dialect].Replace(owned.Schema)+rows)
	if err != nil {
		t.Fatal(err)
	}
	db, err := sqlstore.NewOwnTables(pool, e.dialect, owned.Mapping(e.dialect))
	if err != nil {
		t.Fatal(err)
	}
	s, err := db.Tenant("acme")
	if err != nil {
		t.Fatal(err)
	}
	return pool, db, s
}

// Few users that an equality finds are read without an order, with their teams
// if Check has seen an index that finds those.
func TestOwnLook(t *testing.T) {
	for _, e := range engines(t) {
		t.Run(e.name, func(t *testing.T) {
			pool, db, s := e.service(t, teamed)
			wantLook(t, s, false)
			if err := db.Check(t.Context()); err != nil {
				t.Fatal(err)
			}
			wantLook(t, s, true)
			drop := "DROP INDEX team_users_user"
			if e.dialect == sqlstore.MySQL {
				drop += " ON team_users"
			}
			if _, err := pool.ExecContext(t.Context(), drop); err != nil {
				t.Fatal(err)
			}
			if err := db.Check(t.Context()); err != nil {
				t.Fatal(err)
			}
			wantLook(t, s, false)
		})
	}
}

// wantLook checks how users are found, and that they are.
func wantLook(t *testing.T, s *sqlstore.OwnStore, together bool) {
	t.Helper()
	q := store.Query{Type: "User", Count: 4, Total: true, Filter: filter.MustParse(storetest.UserType(), `displayName eq "NAME 4"`)}
	how, err := s.Explain(q)
	if err != nil || strings.Contains(how.SQL, "ORDER BY") || strings.Contains(how.SQL, "team_users") != together {
		t.Errorf("teams in the same statement %t, want %t: %v", strings.Contains(how.SQL, "team_users"), together, err)
	}
	for count, want := range map[int]string{4: "u14:Even u24:Even u34:Even u4:Even", 3: "u14:Even u24:Even u34:Even", 1: "u14:Even", 0: ""} {
		q.Count = count
		page, err := s.Query(t.Context(), q)
		if err != nil || page.Total != 4 {
			t.Fatalf("%d users: %v", page.Total, err)
		}
		var got []string
		for _, r := range page.Resources {
			for _, g := range r.Get(storetest.UserType().MustPath("groups")).All() {
				display, _ := storetest.UserType().MustPath("groups").Sub("display")
				got = append(got, fmt.Sprintf("%s:%s", r.ID(), g.Get(display).Text()))
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%d of them: %s, want %s", count, got, want)
		}
	}
}
