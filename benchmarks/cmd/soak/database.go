package main

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"log"
	"strings"

	"github.com/go-sql-driver/mysql"
	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/memstore"
	"github.com/muster-scim/muster/store/sqlstore"
)

// inMemory is the value of -db for a store that does not outlive the program.
const inMemory = "memory"

// connections is the size of a pool, more than there are clients.
const connections = 16

// database is where the data is. A process of the service opens it.
type database struct {
	driver, source string
	dialect        sqlstore.Dialect
	memory         *memstore.Tenants // nil if there is a driver
	run            store.TenantID    // begins the names of all tenants, so that a database can be used again
}

// newDatabase reads the value of -db.
func newDatabase(text string) *database {
	d := &database{source: text, run: store.TenantID(store.NewID()) + "-"}
	switch {
	case text == inMemory || text == "":
		d.memory = &memstore.Tenants{}
	case strings.HasPrefix(text, "postgres"):
		d.driver, d.dialect = "pgx", sqlstore.PostgreSQL
	case strings.Contains(text, "@"):
		d.driver, d.dialect = "mysql", sqlstore.MySQL
		_ = mysql.SetLogger(log.New(io.Discard, "", 0)) // which tells about each lost connection
	default:
		d.driver, d.dialect = "sqlite", sqlstore.SQLite
		d.source = "file:" + text + "?_pragma=journal_mode(WAL)&_pragma=busy_timeout(10000)&_pragma=synchronous(NORMAL)"
	}
	return d
}

// process is what one process of the service knows of its database.
type process struct {
	tenant func(store.TenantID) store.Store
	close  func() error
}

// open starts a process.
func (d *database) open(ctx context.Context) (*process, error) {
	if d.memory != nil {
		return &process{func(name store.TenantID) store.Store { return d.memory.Tenant(name) }, func() error { return nil }}, nil
	}
	pool, err := sql.Open(d.driver, d.source)
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	db, err := sqlstore.New(pool, d.dialect, &sqlstore.Config{Types: []*schema.ResourceType{userType, groupType}})
	if err == nil {
		err = db.Migrate(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	return &process{func(name store.TenantID) store.Store { return db.Tenant(d.run + name) }, pool.Close}, nil
}
