package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/memstore"
	"github.com/muster-scim/muster/store/sqlstore"
)

// indexes are what clients look for besides userName and externalId.
var indexes = []string{"emails.value", "displayName"}

// database is where the data is kept; without a pool it is in memory.
type database struct {
	pool    *sql.DB
	dialect sqlstore.Dialect
	name    string // for people, without a password
}

// inMemory is the value of -db for data that is gone at the end.
const inMemory = "memory"

// openDatabase reads the value of -db: "memory", the URL of a server, or the
// path of an SQLite file. It does not connect yet.
func openDatabase(text string) (*database, error) {
	d, driver, source := &database{}, "sqlite", ""
	switch scheme, rest, isURL := strings.Cut(text, "://"); {
	case text == inMemory:
		return d, nil
	case isURL && (scheme == "postgres" || scheme == "postgresql"):
		d.dialect, driver, source = sqlstore.PostgreSQL, "pgx", text
	case isURL && scheme == "mysql":
		d.dialect, driver, source = sqlstore.MySQL, "mysql", mysqlSource(rest)
	case isURL:
		return nil, fmt.Errorf(`-db: %q is not known; postgres and mysql are`, scheme)
	default:
		d.dialect, d.name = sqlstore.SQLite, text
		source = "file:" + (&url.URL{Path: text}).EscapedPath() + "?_pragma=journal_mode(WAL)&_pragma=busy_timeout(10000)"
	}
	if d.dialect != sqlstore.SQLite {
		d.name = d.dialect.String()
	}
	if !slices.Contains(sql.Drivers(), driver) {
		return nil, errors.New("-db: the drivers of databases were left out of this program; build it without -tags memory")
	}
	var err error
	if d.pool, err = sql.Open(driver, source); err != nil {
		return nil, fmt.Errorf("-db: the data source is not one of %s", d.dialect)
	}
	return d, nil
}

// mysqlSource turns the rest of a URL, user:password@host:port/name, into what
// the driver takes.
func mysqlSource(rest string) string {
	login, address, found := strings.Cut(rest, "@")
	if !found || strings.HasPrefix(address, "tcp(") {
		return rest
	}
	host, name, _ := strings.Cut(address, "/")
	return login + "@tcp(" + host + ")/" + name
}

// stores makes the tables, and returns what opens the store of a tenant.
func (d *database) stores(ctx context.Context, types []*schema.ResourceType) (func(tenant store.TenantID) store.Store, error) {
	if d.pool == nil {
		tenants := &memstore.Tenants{Config: memstore.Config{Indexes: indexes}}
		return func(tenant store.TenantID) store.Store { return tenants.Tenant(tenant) }, nil
	}
	db, err := sqlstore.New(d.pool, d.dialect, &sqlstore.Config{Types: types, Indexes: indexes})
	if err != nil {
		return nil, err
	}
	if err := db.Migrate(ctx); err != nil {
		return nil, fmt.Errorf("-db: %s: %w", d.name, err)
	}
	return func(tenant store.TenantID) store.Store { return db.Tenant(tenant) }, nil
}

func (d *database) close() {
	if d.pool != nil {
		_ = d.pool.Close()
	}
}

// String says where the data is kept.
func (d *database) String() string {
	if d.pool == nil {
		return "in memory"
	}
	return "in " + d.name
}
