package sqltest

import (
	"context"
	"database/sql"
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
	// fresh makes an empty database and returns a pool for it, and what removes
	// it.
	fresh func(ctx context.Context) (*sql.DB, func() error, error)
}

// engines returns the databases that are there. With MUSTER_TEST_REQUIRE=1 all
// have to be.
func engines(t testing.TB) []engine {
	t.Helper()
	dir := t.TempDir()
	list := []engine{{"SQLite", sqlstore.SQLite, func(context.Context) (*sql.DB, func() error, error) { return sqliteFile(dir) }}}
	if dsn := server(t, "MUSTER_TEST_POSTGRES"); dsn != "" {
		list = append(list, engine{"PostgreSQL", sqlstore.PostgreSQL, func(ctx context.Context) (*sql.DB, func() error, error) { return postgresSchema(ctx, dsn) }})
	}
	if dsn := server(t, "MUSTER_TEST_MYSQL"); dsn != "" {
		list = append(list, engine{"MySQL", sqlstore.MySQL, func(ctx context.Context) (*sql.DB, func() error, error) { return mysqlDatabase(ctx, dsn) }})
	}
	return list
}

func server(t testing.TB, name string) string {
	dsn := os.Getenv(name)
	if dsn == "" && os.Getenv("MUSTER_TEST_REQUIRE") == "1" {
		t.Errorf("%s is not set", name)
	}
	return dsn
}

var serial atomic.Int64

// uniqueName names a database that no other test has.
func uniqueName() string { return fmt.Sprintf("muster_%d_%d", os.Getpid(), serial.Add(1)) }

func sqliteFile(dir string) (*sql.DB, func() error, error) {
	path := filepath.Join(dir, uniqueName()+".db")
	pool, err := sql.Open("sqlite", "file:"+path+"?_pragma=journal_mode(WAL)&_pragma=busy_timeout(10000)&_pragma=synchronous(OFF)")
	if err != nil {
		return nil, nil, err
	}
	return pool, pool.Close, nil
}

func postgresSchema(ctx context.Context, dsn string) (*sql.DB, func() error, error) {
	name := uniqueName()
	u, err := url.Parse(dsn)
	if err != nil {
		return nil, nil, err
	}
	admin, err := sql.Open("pgx", dsn)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = admin.Close() }()
	if _, err := admin.ExecContext(ctx, "CREATE SCHEMA "+name); err != nil {
		return nil, nil, err
	}
	q := u.Query()
	q.Set("search_path", name)
	u.RawQuery = q.Encode()
	pool, err := sql.Open("pgx", u.String())
	if err != nil {
		return nil, nil, err
	}
	pool.SetMaxOpenConns(20)
	return pool, func() error {
		_, err := pool.ExecContext(context.Background(), "DROP SCHEMA "+name+" CASCADE")
		_ = pool.Close()
		return err
	}, nil
}

func mysqlDatabase(ctx context.Context, dsn string) (*sql.DB, func() error, error) {
	name := uniqueName()
	admin, err := sql.Open("mysql", dsn)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = admin.Close() }()
	if _, err := admin.ExecContext(ctx, "CREATE DATABASE "+name+" CHARACTER SET utf8mb4"); err != nil {
		return nil, nil, err
	}
	pool, err := sql.Open("mysql", dsn[:strings.LastIndex(dsn, "/")+1]+name)
	if err != nil {
		return nil, nil, err
	}
	pool.SetMaxOpenConns(20)
	return pool, func() error {
		_, err := pool.ExecContext(context.Background(), "DROP DATABASE "+name)
		_ = pool.Close()
		return err
	}, nil
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
		Tenant: func(_ context.Context, name string) (store.Store, error) { return db.Tenant(name), nil },
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
