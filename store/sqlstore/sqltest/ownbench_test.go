package sqltest

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/sqlstore"
	"github.com/muster-scim/muster/store/sqlstore/sqltest/internal/owned"
	"github.com/muster-scim/muster/storetest"
)

// benchUsers is how many users the tables of a service hold in a benchmark.
const benchUsers = 20_000

// crowd is a service with many users, one team of all but one of them.
type crowd struct {
	pool *sql.DB
	own  *sqlstore.OwnStore
	last schema.ID // of the user who is not in the team
}

func newCrowd(b *testing.B, e engine) *crowd {
	b.Helper()
	pool, remove, err := e.fresh(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = remove() })
	c := &crowd{pool: pool}
	if err := owned.Run(b.Context(), pool, owned.Types[e.dialect].Replace(owned.Schema)); err != nil {
		b.Fatal(err)
	}
	db, err := sqlstore.NewOwnTables(pool, e.dialect, owned.Mapping(e.dialect))
	if err == nil {
		c.own, err = db.Tenant("acme")
	}
	if err != nil {
		b.Fatal(err)
	}
	c.fill(b)
	if e.dialect != sqlstore.MySQL {
		if _, err := pool.ExecContext(b.Context(), "ANALYZE"); err != nil {
			b.Fatal(err)
		}
	}
	return c
}

// fill inserts the rows as a service would.
func (c *crowd) fill(b *testing.B) {
	b.Helper()
	const each = 500
	var users, emails, members []string
	for n := range benchUsers {
		id := fmt.Sprintf("u%08d", n)
		users = append(users, fmt.Sprintf("('acme', '%s', 'User%d@example.com', 'Given', 'Family', 'human', 1)", id, n))
		emails = append(emails, fmt.Sprintf("('acme', '%s', 'user%d@example.com', 'work', 0)", id, n))
		members = append(members, fmt.Sprintf("('acme', 't1', '%s', %d)", id, n))
		if len(users) < each && n < benchUsers-1 {
			continue
		}
		if n == benchUsers-1 {
			members, c.last = members[:len(members)-1], schema.ID(id)
		}
		for into, list := range map[string][]string{
			"users (tenant_id, id, user_name, given_name, family_name, kind, revision)": users,
			"user_emails (tenant_id, user_id, address, label, pos)":                     emails,
			"team_users (tenant_id, team_id, user_id, seq)":                             members,
		} {
			if _, err := c.pool.ExecContext(b.Context(), "INSERT INTO "+into+" VALUES "+strings.Join(list, ", ")); err != nil {
				b.Fatal(err)
			}
		}
		users, emails, members = nil, nil, nil
	}
	if _, err := c.pool.ExecContext(b.Context(), "INSERT INTO teams (tenant_id, id, name, revision) VALUES ('acme', 't1', 'Everybody', 1)"); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkOwnLookup compares userName eq with the statement that one would
// write: for the row alone, and with the addresses and teams that a User has.
func BenchmarkOwnLookup(b *testing.B) {
	for _, e := range engines(b) {
		c := newCrowd(b, e)
		row, whole := lookupByHand(e.dialect)
		all := filterOf("userName eq \"USER77@example.com\"")
		alone, err := storetest.UserType().NewProjection([]string{"userName", "name", "active"}, nil)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(e.name+"/row/hand", func(b *testing.B) { c.byHand(b, row, false) })
		b.Run(e.name+"/row/own", func(b *testing.B) { c.query(b, store.Query{Type: "User", Filter: all, Count: 2, Projection: alone}) })
		b.Run(e.name+"/whole/hand", func(b *testing.B) { c.byHand(b, whole, true) })
		b.Run(e.name+"/whole/own", func(b *testing.B) { c.query(b, store.Query{Type: "User", Filter: all, Count: 2}) })
	}
}

// lookupByHand returns the statements that find a user: the row, and with it
// the addresses and teams as JSON.
func lookupByHand(d sqlstore.Dialect) (row, whole string) {
	array := map[sqlstore.Dialect]string{
		sqlstore.SQLite: "json_group_array(json_array(%s))", sqlstore.PostgreSQL: "json_agg(json_build_array(%s))", sqlstore.MySQL: "JSON_ARRAYAGG(JSON_ARRAY(%s))",
	}[d]
	where := map[sqlstore.Dialect]string{sqlstore.SQLite: "lower(user_name) = ?", sqlstore.PostgreSQL: "lower(user_name) = $1", sqlstore.MySQL: "user_name = ?"}[d]
	columns := "SELECT u.id, user_name, given_name, family_name, display, disabled, title, external_ref, employee_no, created_at, updated_at, revision, extra"
	from := " FROM users u WHERE tenant_id = 'acme' AND " + where
	addresses := "(SELECT " + fmt.Sprintf(array, "pos, address, label, main") + " FROM user_emails e WHERE e.tenant_id = u.tenant_id AND e.user_id = u.id)"
	teams := "(SELECT " + fmt.Sprintf(array, "t.id, t.name") + " FROM team_users m JOIN teams t ON t.tenant_id = m.tenant_id AND t.id = m.team_id WHERE m.tenant_id = u.tenant_id AND m.user_id = u.id)"
	return columns + ", NULL, NULL" + from, columns + ", " + addresses + ", " + teams + from
}

func filterOf(text string) *filter.Filter { return filter.MustParse(storetest.UserType(), text) }

// byHand runs a prepared lookup, and reads the JSON if there is any.
func (c *crowd) byHand(b *testing.B, query string, lists bool) {
	stmt, err := c.pool.PrepareContext(b.Context(), query)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = stmt.Close() }()
	b.ReportAllocs()
	for b.Loop() {
		var cells [13]any
		var emails, teams []byte
		into := make([]any, 0, 15)
		for i := range cells {
			into = append(into, &cells[i])
		}
		if err := stmt.QueryRowContext(b.Context(), "user77@example.com").Scan(append(into, &emails, &teams)...); err != nil {
			b.Fatal(err)
		}
		for _, text := range [][]byte{emails, teams} {
			var rows [][]any
			if err := json.Unmarshal(text, &rows); lists && (err != nil || len(rows) != 1) {
				b.Fatal(len(rows), err)
			}
		}
	}
}

func (c *crowd) query(b *testing.B, q store.Query) {
	b.ReportAllocs()
	for b.Loop() {
		page, err := c.own.Query(b.Context(), q)
		if err != nil || len(page.Resources) != 1 {
			b.Fatal(len(page.Resources), err)
		}
	}
}

// BenchmarkOwnMember compares a PATCH that adds or removes one member of a team
// of many with the transaction that one would write.
func BenchmarkOwnMember(b *testing.B) {
	for _, e := range engines(b) {
		c := newCrowd(b, e)
		b.Run(e.name+"/hand", func(b *testing.B) { c.memberByHand(b, e.dialect) })
		b.Run(e.name+"/own", c.memberByPatch)
	}
}

func (c *crowd) memberByPatch(b *testing.B) {
	t := storetest.GroupType()
	none, err := t.NewProjection([]string{"id"}, nil)
	if err != nil {
		b.Fatal(err)
	}
	var both []store.Patch
	for _, op := range []string{`{"op":"add","path":"members","value":[{"value":"` + string(c.last) + `"}]}`, `{"op":"remove","path":"members[value eq \"` + string(c.last) + `\"]"}`} {
		request, err := patch.Parse([]byte(`{"schemas":["`+patch.MessageURN+`"],"Operations":[`+op+`]}`), nil)
		if err != nil {
			b.Fatal(err)
		}
		changes, err := request.Compile(t, nil)
		if err != nil {
			b.Fatal(err)
		}
		both = append(both, store.Patch{Ref: store.Ref{Type: "Group", ID: "t1"}, Changes: changes, Projection: none})
	}
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		out, err := c.own.Patch(b.Context(), both[n%2], store.Write{})
		if err != nil || !out.Changed {
			b.Fatal(out, err)
		}
		n++
	}
	if n%2 == 1 {
		_, _ = c.own.Patch(b.Context(), both[1], store.Write{})
	}
}

// memberByHand adds and removes by turns: lock the team, look for the user,
// change the row, count the revision.
func (c *crowd) memberByHand(b *testing.B, d sqlstore.Dialect) {
	lock := map[sqlstore.Dialect]string{sqlstore.SQLite: "", sqlstore.PostgreSQL: " FOR UPDATE", sqlstore.MySQL: " FOR UPDATE"}[d]
	change := []string{
		"INSERT INTO team_users (tenant_id, team_id, user_id, seq) SELECT 'acme', 't1', '" + string(c.last) + "', COALESCE(MAX(seq), 0) + 1 FROM team_users WHERE tenant_id = 'acme' AND team_id = 't1'",
		"DELETE FROM team_users WHERE tenant_id = 'acme' AND team_id = 't1' AND user_id = '" + string(c.last) + "'",
	}
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		if err := c.memberTx(b.Context(), lock, change[n%2]); err != nil {
			b.Fatal(err)
		}
		n++
	}
	if n%2 == 1 {
		_, _ = c.pool.ExecContext(b.Context(), change[1])
	}
}

func (c *crowd) memberTx(ctx context.Context, lock, change string) error {
	tx, err := c.pool.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	var cell any
	for _, query := range []string{
		"SELECT revision FROM teams WHERE tenant_id = 'acme' AND id = 't1'" + lock,
		"SELECT id FROM users WHERE tenant_id = 'acme' AND id = '" + string(c.last) + "'" + strings.Replace(lock, "UPDATE", "SHARE", 1),
	} {
		if strings.HasSuffix(query, "SHARE") && strings.Contains(lock, "FOR UPDATE") {
			query = strings.Replace(query, " FOR SHARE", "", 1)
		}
		if err := tx.QueryRowContext(ctx, query).Scan(&cell); err != nil {
			return err
		}
	}
	for _, statement := range []string{change, "UPDATE teams SET revision = revision + 1, updated_at = CURRENT_TIMESTAMP WHERE tenant_id = 'acme' AND id = 't1'"} {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return tx.Commit()
}
