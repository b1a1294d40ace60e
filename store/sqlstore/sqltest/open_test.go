package sqltest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	_ "github.com/go-sql-driver/mysql"
	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/sqlstore"
	"github.com/muster-scim/muster/storetest"
)

// engine is one kind of database that tests run on.
type engine struct {
	name    string
	dialect sqlstore.Dialect
	driver  string
	// make makes an empty database, and returns its data source and what
	// removes it.
	make func(ctx context.Context) (source string, remove func() error, err error)
}

// engines returns the databases that are there. With MUSTER_TEST_REQUIRE=1 all
// have to be.
func engines(t testing.TB) []engine {
	t.Helper()
	dir := t.TempDir()
	list := []engine{{"SQLite", sqlstore.SQLite, "sqlite", func(context.Context) (string, func() error, error) { return sqliteFile(dir) }}}
	if dsn := server(t, "MUSTER_TEST_POSTGRES"); dsn != "" {
		list = append(list, postgresEngine(dsn))
	}
	if dsn := server(t, "MUSTER_TEST_MYSQL"); dsn != "" {
		list = append(list, mysqlEngine(dsn))
	}
	return list
}

func postgresEngine(dsn string) engine {
	return engine{"PostgreSQL", sqlstore.PostgreSQL, "pgx", func(ctx context.Context) (string, func() error, error) { return postgresSchema(ctx, dsn) }}
}

func mysqlEngine(dsn string) engine {
	return engine{"MySQL", sqlstore.MySQL, "mysql", func(ctx context.Context) (string, func() error, error) { return mysqlDatabase(ctx, dsn) }}
}

func server(t testing.TB, name string) string {
	dsn := os.Getenv(name)
	if dsn == "" && os.Getenv("MUSTER_TEST_REQUIRE") == "1" {
		t.Errorf("%s is not set", name)
	}
	return dsn
}

// fresh makes an empty database and returns a pool for it, and what removes
// both.
func (e engine) fresh(ctx context.Context) (*sql.DB, func() error, error) {
	source, remove, err := e.make(ctx)
	if err != nil {
		return nil, nil, err
	}
	pool, err := sql.Open(e.driver, source)
	if err != nil {
		return nil, nil, err
	}
	pool.SetMaxOpenConns(maxConnections)
	return pool, func() error { return errors.Join(pool.Close(), remove()) }, nil
}

// maxConnections is the size of a pool: the servers of the tests serve many.
const maxConnections = 20

var serial atomic.Int64

// uniqueName names a database that no other test has.
func uniqueName() string { return fmt.Sprintf("muster_%d_%d", os.Getpid(), serial.Add(1)) }

func sqliteFile(dir string) (string, func() error, error) {
	path := filepath.Join(dir, uniqueName()+".db")
	return "file:" + path + "?_pragma=journal_mode(WAL)&_pragma=busy_timeout(10000)&_pragma=synchronous(OFF)", func() error { return nil }, nil
}

func postgresSchema(ctx context.Context, dsn string) (string, func() error, error) {
	name := uniqueName()
	u, err := url.Parse(dsn)
	if err != nil {
		return "", nil, err
	}
	q := u.Query()
	q.Set("search_path", name)
	u.RawQuery = q.Encode()
	remove := func() error { return once(context.Background(), "pgx", dsn, "DROP SCHEMA "+name+" CASCADE") }
	return u.String(), remove, once(ctx, "pgx", dsn, "CREATE SCHEMA "+name)
}

func mysqlDatabase(ctx context.Context, dsn string) (string, func() error, error) {
	name := uniqueName()
	remove := func() error { return once(context.Background(), "mysql", dsn, "DROP DATABASE "+name) }
	return dsn[:strings.LastIndex(dsn, "/")+1] + name, remove, once(ctx, "mysql", dsn, "CREATE DATABASE "+name+" CHARACTER SET utf8mb4")
}

// once runs one statement.
func once(ctx context.Context, driver, source, statement string) error {
	pool, err := sql.Open(driver, source)
	if err != nil {
		return err
	}
	_, err = pool.ExecContext(ctx, statement)
	return errors.Join(err, pool.Close())
}

// database makes an empty database for one test.
func (e engine) database(t *testing.T) *sql.DB {
	t.Helper()
	pool, remove, err := e.fresh(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := remove(); err != nil {
			t.Error(err)
		}
	})
	return pool
}

// open makes a deployment on a fresh database.
func (e engine) open(ctx context.Context) (*storetest.Deployment, error) {
	pool, remove, err := e.fresh(ctx)
	if err != nil {
		return nil, err
	}
	db, err := e.connect(ctx, pool)
	if err != nil {
		return nil, err
	}
	return &storetest.Deployment{
		Tenant: func(_ context.Context, name store.TenantID) (store.Store, error) { return db.Tenant(name), nil },
		Restart: func(ctx context.Context) error {
			db, err = e.connect(ctx, pool)
			return err
		},
		Close: remove,
	}, nil
}

func (e engine) connect(ctx context.Context, pool *sql.DB) (*sqlstore.DB, error) {
	db, err := sqlstore.New(pool, e.dialect, &sqlstore.Config{
		Types: []*schema.ResourceType{storetest.UserType(), storetest.GroupType(), storetest.ProbeType()},
	})
	if err != nil {
		return nil, err
	}
	return db, db.Migrate(ctx)
}
