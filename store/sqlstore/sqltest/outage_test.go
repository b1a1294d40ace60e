package sqltest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/sqlstore"
)

// tenantOn makes the tables and fills a tenant, and returns another store of
// it on a pool with other parameters of the data source.
func tenantOn(t *testing.T, e engine, parameters string) (pool *sql.DB, healthy, other store.Store) {
	t.Helper()
	source, remove, err := e.make(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var pools [2]*sql.DB
	var stores [2]store.Store
	for i, source := range []string{source, with(source, parameters)} {
		if pools[i], err = sql.Open(e.driver, source); err != nil {
			t.Fatal(err)
		}
		db, err := sqlstore.New(pools[i], e.dialect, &sqlstore.Config{Types: types})
		if err == nil && i == 0 {
			err = errors.Join(db.Migrate(t.Context()), fixture(t.Context(), db.Tenant("acme")))
		}
		if err != nil {
			t.Fatal(err)
		}
		stores[i] = db.Tenant("acme")
	}
	t.Cleanup(func() {
		if err := errors.Join(pools[0].Close(), pools[1].Close(), remove()); err != nil {
			t.Error(err)
		}
	})
	return pools[1], stores[0], stores[1]
}

// with adds parameters to a data source.
func with(source, parameters string) string {
	if strings.Contains(source, "?") {
		return source + "&" + parameters
	}
	return source + "?" + parameters
}

// product names the database, and tells MySQL and MariaDB, which share a
// dialect and not the names of all parameters, apart.
func (e engine) product(t *testing.T) string {
	t.Helper()
	if e.dialect != sqlstore.MySQL {
		return e.name
	}
	var version string
	if err := e.database(t).QueryRowContext(t.Context(), "SELECT VERSION()").Scan(&version); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(version, "MariaDB") {
		return "MariaDB"
	}
	return "MySQL"
}

// A database that only reads refuses writes as unavailable, and answers reads.
func TestReadOnly(t *testing.T) {
	parameters := map[string]string{
		"SQLite": "_pragma=query_only(1)", "PostgreSQL": "default_transaction_read_only=on", "MySQL": "transaction_read_only=1", "MariaDB": "tx_read_only=1",
	}
	for _, e := range engines(t) {
		t.Run(e.name, func(t *testing.T) {
			_, _, s := tenantOn(t, e, parameters[e.product(t)])
			for _, op := range operations() {
				_, err := op.run(t.Context(), s)
				if writes := op.done != nil || op.adds || strings.Contains("Replace PatchUser PatchMembers Nest Forget Prune", op.name); writes != errors.Is(err, store.ErrUnavailable) {
					t.Errorf("%s: %v", op.name, err)
				}
			}
		})
	}
}

// A full disk refuses a write whole, and the same write succeeds when there is
// room again.
func TestDiskFull(t *testing.T) {
	pool, healthy, s := tenantOn(t, engines(t)[0], "_pragma=max_page_count(1)") // no less than there are
	pool.SetMaxOpenConns(1)
	n := 0
	var err error
	for ; err == nil && n < 10_000; n++ {
		_, err = createUser(schema.ID(fmt.Sprint("u", n)))(t.Context(), s)
	}
	if !errors.Is(err, store.ErrUnavailable) {
		t.Fatalf("after %d users: %v", n, err)
	}
	if _, err := s.Get(t.Context(), ann); err != nil {
		t.Error("reading: ", err)
	}
	last := schema.ID(fmt.Sprint("u", n-1))
	if _, err := healthy.Get(t.Context(), store.Ref{Type: "User", ID: last}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("what was refused is there: %v", err)
	}
	if _, err := pool.ExecContext(t.Context(), "PRAGMA max_page_count = 100000"); err != nil {
		t.Fatal(err)
	}
	if _, err := createUser(last)(t.Context(), s); err != nil {
		t.Error("with room again: ", err)
	}
}

// A pool without a free connection makes callers wait, for as long as their
// context lets them.
func TestPoolExhausted(t *testing.T) {
	for _, e := range engines(t) {
		t.Run(e.name, func(t *testing.T) {
			pool, healthy, s := tenantOn(t, e, "")
			pool.SetMaxOpenConns(1)
			held, err := pool.Conn(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, op := range operations() {
				ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
				if _, err := op.run(ctx, s); !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("%s: %v", op.name, err)
				}
				cancel()
			}
			if err := held.Close(); err != nil {
				t.Fatal(err)
			}
			var wg sync.WaitGroup
			for i := range 8 {
				wg.Go(func() {
					if _, err := createUser(schema.ID(fmt.Sprint("u", i)))(t.Context(), s); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			if _, err := createUser("u7")(t.Context(), healthy); !errors.Is(err, store.ErrConflict) {
				t.Error(err)
			}
		})
	}
}

// A statement that the database ends because it waits too long for a lock
// leaves nothing behind.
func TestLockTimeout(t *testing.T) {
	parameters := map[string]string{"PostgreSQL": "statement_timeout=20", "MySQL": "max_execution_time=20", "MariaDB": "max_statement_time=0.02"}
	for _, e := range engines(t)[1:] {
		t.Run(e.name, func(t *testing.T) {
			_, healthy, s := tenantOn(t, e, parameters[e.product(t)])
			change := patched(ann, `{"op":"replace","path":"title","value":"new"}`)
			err := healthy.(store.TxStore).InTx(t.Context(), func(ctx context.Context, tx store.Store) error {
				if _, err := change(ctx, tx); err != nil {
					return err
				}
				if _, err := change(ctx, s); !errors.Is(err, store.ErrUnavailable) {
					t.Errorf("beside a transaction that does not end: %v", err)
				}
				return errors.ErrUnsupported // so that it is undone
			})
			if !errors.Is(err, errors.ErrUnsupported) {
				t.Fatal(err)
			}
			if _, err := change(t.Context(), s); err != nil {
				t.Error("afterwards: ", err)
			}
		})
	}
}

// Processes whose clocks differ agree on everything but the time: it never runs
// backwards for a resource, and the journal has the order of the writes.
func TestClocksDiffer(t *testing.T) {
	for _, e := range engines(t) {
		t.Run(e.name, func(t *testing.T) {
			_, fast, slow := tenantOn(t, e, "")
			var last *schema.Resource
			for n := range 6 {
				s, now := fast, always.Time.Add(time.Hour)
				if n%2 == 1 {
					s, now = slow, always.Time.Add(-time.Hour)
				}
				err := store.InTx(t.Context(), s, func(ctx context.Context, tx store.Store) error {
					r, err := decoded(types[0], ann.ID, `{"userName":"ann","title":"%d"}`, n)
					if err != nil {
						return err
					}
					if r, err = tx.Replace(ctx, r, store.Write{Time: now}); err != nil {
						return err
					}
					if last != nil && (r.LastModified().Before(last.LastModified()) || r.Version() == last.Version()) {
						t.Errorf("write %d: %v after %v", n, r.LastModified(), last.LastModified())
					}
					last = r
					_, err = onLog(func(ctx context.Context, l store.Log) error {
						return l.Append(ctx, store.Entry{Time: now, Kind: fmt.Sprint("write ", n), Data: []byte("{}")})
					})(ctx, tx)
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
			}
			text, err := readLog(t.Context(), fast)
			if err != nil || !strings.HasSuffix(text, "3 write 0\n4 write 1\n5 write 2\n6 write 3\n7 write 4\n8 write 5\nmap[reader:1]") {
				t.Errorf("%q, %v", text, err)
			}
		})
	}
}
