// Numbers measures what the store costs at a size, beside statements written by
// hand that do the same in the same run.
//
//	go run ./numbers -users 100000 -members 100000
//	go run ./numbers -db 'postgres://user@127.0.0.1/empty' -users 1000000
//	go run ./numbers -db 'user:password@tcp(127.0.0.1:3306)/empty' -run lookup
//
// Ours and theirs take turns, and the median of each counts. By hand means
// prepared statements on a table of its own, with a column and an index for
// each attribute that is looked for, and the document decoded into a resource.
//
// It writes to the tenant "numbers" and to tables whose names begin with
// "hand_", and does not clean up: a second run on the same database measures
// without filling it again.
package main

import (
	"context"
	"database/sql"
	"flag"
	"fmt"
	"os"
	"strings"

	_ "github.com/go-sql-driver/mysql"
	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store/sqlstore"
	"github.com/muster-scim/muster/storetest"
)

func main() {
	source := flag.String("db", "numbers.db", "an SQLite `file`, a postgres:// URL or a MySQL data source")
	users := flag.Int("users", 10_000, "`number` of users")
	members := flag.Int("members", 10_000, "`number` of members of the largest group, at most that of users")
	only := flag.String("run", "", "`names` of parts to run, with commas between: lookup, filter, page, create, group")
	flag.Parse()
	if err := run(context.Background(), *source, *users, min(*members, *users), *only); err != nil {
		fmt.Fprintln(os.Stderr, "numbers:", err)
		os.Exit(1)
	}
}

// tenant is whose data is measured.
const tenant = "numbers"

// indexes are what is looked for besides userName and externalId.
var indexes = []string{"emails.value", "displayName", "title", "active"}

// combined are what is looked for at once.
var combined = [][]string{{"title", "active"}}

// bench is one run.
type bench struct {
	pool    *sql.DB
	dialect sqlstore.Dialect
	store   *sqlstore.Store
	ids     []schema.ID // of the users, in their order
	without *schema.Projection
}

func run(ctx context.Context, source string, users, members int, only string) error {
	b, err := open(source)
	if err != nil {
		return err
	}
	defer func() { _ = b.pool.Close() }()
	db, err := sqlstore.New(b.pool, b.dialect, &sqlstore.Config{Types: []*schema.ResourceType{storetest.UserType(), storetest.GroupType()}, Indexes: indexes, Combined: combined})
	if err == nil {
		err = db.Migrate(ctx)
	}
	if err != nil {
		return err
	}
	b.store = db.Tenant(tenant)
	if _, err := db.Reindex(ctx); err != nil {
		return err
	}
	if err := b.fill(ctx, users); err != nil {
		return err
	}
	for _, part := range []struct {
		name string
		run  func(context.Context) error
	}{
		{"lookup", b.lookups},
		{"filter", b.filters},
		{"page", b.pages},
		{"create", b.creates},
		{"group", func(ctx context.Context) error { return b.groups(ctx, members) }},
	} {
		if only != "" && !strings.Contains(","+only+",", ","+part.name+",") {
			continue
		}
		if err := part.run(ctx); err != nil {
			return fmt.Errorf("%s: %w", part.name, err)
		}
	}
	return nil
}

func open(source string) (*bench, error) {
	driver, b := "sqlite", &bench{dialect: sqlstore.SQLite}
	switch {
	case strings.HasPrefix(source, "postgres"):
		driver, b.dialect = "pgx", sqlstore.PostgreSQL
	case strings.Contains(source, "@"):
		driver, b.dialect = "mysql", sqlstore.MySQL
	default:
		source = "file:" + source + "?_pragma=journal_mode(WAL)&_pragma=busy_timeout(10000)&_pragma=synchronous(NORMAL)"
	}
	var err error
	b.pool, err = sql.Open(driver, source)
	if err == nil {
		b.pool.SetMaxIdleConns(16)
	}
	return b, err
}

// bound writes the parameters of a statement as the dialect does.
func (b *bench) bound(query string) string {
	if b.dialect != sqlstore.PostgreSQL {
		return query
	}
	for n := 1; strings.Contains(query, "?"); n++ {
		query = strings.Replace(query, "?", fmt.Sprintf("$%d", n), 1)
	}
	return query
}

// prepare prepares a statement by hand.
func (b *bench) prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	return b.pool.PrepareContext(ctx, b.bound(query))
}
