package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log"
	"strings"

	"github.com/go-sql-driver/mysql"
	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/sqlstore"
	"github.com/muster-scim/muster/store/sqlstore/sqltest/internal/owned"
	"github.com/muster-scim/muster/storetest"
)

// target is where the storm writes: a tenant of its own in a database.
type target struct {
	tables tables
	tenant store.TenantID
	pool   *sql.DB
	// create makes the tables, unless they are there.
	create func(context.Context) error
	// faults are what the tables themselves may not hold.
	faults []fault
}

// tables are the store. To wrap it would hide what else it can do, such as Patch.
type tables interface {
	store.QueryStore
	store.TxStore
	store.JournalStore
}

// fault is a mistake that a store may not show, and the query that counts it.
type fault struct{ name, query string }

// open connects to Muster's tables, or to those of a service.
func open(source string, own bool) (*target, error) {
	driver, dialect := "sqlite", sqlstore.SQLite
	switch {
	case strings.HasPrefix(source, "postgres"):
		driver, dialect = "pgx", sqlstore.PostgreSQL
	case strings.Contains(source, "@"):
		driver, dialect = "mysql", sqlstore.MySQL
		_ = mysql.SetLogger(log.New(io.Discard, "", 0)) // which tells about each lost connection
	default:
		source = "file:" + source + "?_pragma=journal_mode(WAL)&_pragma=busy_timeout(10000)"
	}
	pool, err := sql.Open(driver, source)
	if err != nil {
		return nil, err
	}
	if own {
		return openOwn(pool, dialect)
	}
	return openManaged(pool, dialect)
}

func openManaged(pool *sql.DB, d sqlstore.Dialect) (*target, error) {
	const tenant = "storm"
	db, err := sqlstore.New(pool, d, &sqlstore.Config{Types: []*schema.ResourceType{storetest.UserType(), storetest.GroupType()}})
	if err != nil {
		return nil, err
	}
	inAll := func(child, column string) fault {
		return orphan{child, column, "muster_resources", "tenant", tenant}.fault()
	}
	return &target{
		tables: db.Tenant(tenant), tenant: tenant, pool: pool, create: db.Migrate,
		faults: []fault{inAll("muster_members", "holder"), inAll("muster_members", "member"), inAll("muster_unique", "id"), inAll("muster_values", "id")},
	}, nil
}

// openOwn has a journal beside the tables of the service.
func openOwn(pool *sql.DB, d sqlstore.Dialect) (*target, error) {
	const tenant = "storm-own" // whose journal may be beside that of "storm"
	mapping := owned.Mapping(d)
	mapping.Journal = true
	db, err := sqlstore.NewOwnTables(pool, d, mapping)
	if err != nil {
		return nil, err
	}
	s, err := db.Tenant(tenant)
	if err != nil {
		return nil, err
	}
	in := func(child, column, parent string) fault {
		return orphan{child, column, parent, "tenant_id", tenant}.fault()
	}
	return &target{
		tables: s, tenant: tenant, pool: pool, create: func(ctx context.Context) error { return createOwn(ctx, pool, d, db) },
		faults: []fault{
			in("team_users", "team_id", "teams"), in("team_users", "user_id", "users"), in("user_emails", "user_id", "users"),
			{"members of one team with the same number", "SELECT COUNT(*) FROM (SELECT seq FROM team_users WHERE tenant_id = '" + tenant + "' GROUP BY team_id, seq HAVING COUNT(*) > 1) same"},
		},
	}, nil
}

func createOwn(ctx context.Context, pool *sql.DB, d sqlstore.Dialect, db *sqlstore.OwnTables) error {
	if err := db.Migrate(ctx); err != nil {
		return err
	}
	err := db.Check(ctx)
	var missing *sqlstore.MappingError
	if !errors.As(err, &missing) {
		return err
	}
	if err := owned.Run(ctx, pool, owned.Types[d].Replace(owned.Schema)); err != nil {
		return errors.Join(missing, err) // there are others, which do not fit
	}
	return db.Check(ctx)
}

// orphan is a row whose column names nothing in a table.
type orphan struct{ child, column, parent, tenantColumn, tenant string }

func (o orphan) fault() fault {
	return fault{
		fmt.Sprintf("rows of %s whose %s is not in %s", o.child, o.column, o.parent),
		fmt.Sprintf("SELECT COUNT(*) FROM %s WHERE %[4]s = '%[5]s' AND %[2]s NOT IN (SELECT id FROM %[3]s WHERE %[4]s = '%[5]s')", o.child, o.column, o.parent, o.tenantColumn, o.tenant),
	}
}

// countFaults looks for faults in the tables.
func (t *target) countFaults(ctx context.Context) error {
	var found []error
	for _, f := range t.faults {
		var n int
		err := t.pool.QueryRowContext(ctx, f.query).Scan(&n)
		if err == nil && n > 0 {
			err = fmt.Errorf("%d %s", n, f.name)
		}
		found = append(found, err)
	}
	return errors.Join(found...)
}
