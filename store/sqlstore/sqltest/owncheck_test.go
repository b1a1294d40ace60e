package sqltest

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/muster-scim/muster/store/sqlstore"
	"github.com/muster-scim/muster/store/sqlstore/sqltest/internal/owned"
	"github.com/muster-scim/muster/storetest"
)

// Check accepts tables that fit, and names everything that does not.
func TestOwnCheck(t *testing.T) {
	for _, e := range engines(t) {
		t.Run(e.name, func(t *testing.T) {
			pool, remove, err := e.fresh(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = remove() })
			if err := owned.Run(t.Context(), pool, owned.Types[e.dialect].Replace(owned.Schema+checkedSchema)); err != nil {
				t.Fatal(err)
			}
			db, err := sqlstore.NewOwnTables(pool, e.dialect, owned.Mapping(e.dialect))
			if err == nil {
				err = db.Check(t.Context())
			}
			if err != nil {
				t.Fatal(err)
			}
			if db, err = sqlstore.NewOwnTables(pool, e.dialect, wrongMapping()); err != nil {
				t.Fatal(err)
			}
			wantProblems(t, db.Check(t.Context()), []string{
				"there is no table nowhere",
				"accounts.login_count (User.displayName) is of type",
				"table accounts has no column nick (User.nickName)",
				"accounts.first_name cannot be NULL, but User.name.givenName may have no value: set NotNull",
				"accounts.secret cannot be NULL and has no default, and no attribute fills it",
				"table accounts has no unique index on (lower(email)), which User.userName needs",
				"accounts.closed_at cannot be NULL, so every resource would be deleted",
				"accounts.id has no default, so the database does not make ids",
				"account_mails.seen has no default, so the database does not fill it",
			})
		})
	}
}

// checkedSchema are tables that do not fit wrongMapping.
const checkedSchema = `;
CREATE TABLE accounts (id varchar(36) NOT NULL PRIMARY KEY, email NAME_ NOT NULL, first_name NAME_ NOT NULL, login_count bigint, secret NAME_ NOT NULL, closed_at TIME_ NOT NULL, extra JSON_);
CREATE TABLE account_mails (account varchar(36) NOT NULL, seen bigint, mail TEXT_)`

func wrongMapping() *sqlstore.Mapping {
	return &sqlstore.Mapping{Tables: []sqlstore.Table{
		{
			Type: storetest.UserType(), Name: "accounts", ID: sqlstore.ID{Column: "id", Kind: sqlstore.IntegerID, Generated: true}, Overflow: "extra", Deleted: sqlstore.Stamp{Column: "closed_at"},
			Columns: []sqlstore.Column{
				{Path: "userName", Column: "email", Unique: true}, {Path: "displayName", Column: "login_count"}, {Path: "nickName", Column: "nick"},
				{Path: "name.givenName", Column: "first_name"},
			},
			Lists: []sqlstore.List{{Path: "emails", Table: "account_mails", Owner: "account", Key: "seen", Columns: []sqlstore.Column{{Path: "value", Column: "mail"}}}},
		},
		{Type: storetest.GroupType(), Name: "nowhere", ID: sqlstore.ID{Column: "id"}, Overflow: "extra"},
	}}
}

func wantProblems(t *testing.T, err error, want []string) {
	t.Helper()
	var all *sqlstore.MappingError
	if !errors.As(err, &all) {
		t.Fatal(err)
	}
	for _, w := range want {
		if !slices.ContainsFunc(all.Problems, func(p string) bool { return strings.Contains(p, w) }) {
			t.Errorf("no problem says %q", w)
		}
	}
	if t.Failed() {
		t.Log(strings.Join(all.Problems, "\n"))
	}
}
