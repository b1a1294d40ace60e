package sqlstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"time"

	"github.com/muster-scim/muster/store"
)

// querier is a connection, or the pool.
type querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// tx is one transaction, or outside of one the pool, for single reads. It is
// used by one goroutine at a time.
type tx struct {
	querier
	dialect Dialect
	failed  *failure // what the database refused; the transaction is lost
	depth   int      // savepoints
}

func (t *tx) exec(ctx context.Context, query string, args ...any) (int64, error) {
	result, err := t.ExecContext(ctx, t.dialect.bind(query), args...)
	if err != nil {
		return 0, t.fail(err)
	}
	n, err := result.RowsAffected()
	return n, t.fail(err)
}

// each calls fn for each row of a query.
func (t *tx) each(ctx context.Context, query string, args []any, fn func(scan func(...any) error) error) error {
	rows, err := t.QueryContext(ctx, t.dialect.bind(query), args...)
	if err != nil {
		return t.fail(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := fn(rows.Scan); err != nil {
			return err
		}
	}
	return t.fail(rows.Err())
}

// one reads the only row of a query and reports whether there is one.
func (t *tx) one(ctx context.Context, query string, args []any, dest ...any) (found bool, err error) {
	err = t.each(ctx, query, args, func(scan func(...any) error) error {
		found = true
		return scan(dest...)
	})
	return found, err
}

func (t *tx) fail(err error) error {
	if err == nil {
		return nil
	}
	f := t.dialect.judge(err)
	if t.failed == nil {
		t.failed = f // what follows is a consequence
	}
	return f
}

// step runs fn so that it has no effect if it fails, and the transaction can
// go on.
func (t *tx) step(ctx context.Context, fn func() error) (err error) {
	t.depth++
	defer func() { t.depth-- }()
	name := fmt.Sprintf("muster_%d", t.depth)
	if _, err := t.exec(ctx, "SAVEPOINT "+name); err != nil {
		return err
	}
	if err = fn(); err == nil {
		_, err = t.exec(ctx, "RELEASE SAVEPOINT "+name)
		return err
	}
	if t.failed == nil {
		_, undo := t.exec(ctx, "ROLLBACK TO SAVEPOINT "+name)
		return errors.Join(err, undo)
	}
	return err
}

// begin starts a transaction on a connection of its own. The statements are
// our own rather than those of sql.DB because only that way SQLite takes its
// lock at once.
func (db *DB) begin(ctx context.Context, write bool) (*sql.Conn, error) {
	conn, err := db.pool.Conn(ctx)
	if err != nil {
		return nil, db.dialect.connecting(err)
	}
	for _, statement := range db.dialect.begin(write) {
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			discard(conn)
			return nil, db.dialect.connecting(err)
		}
	}
	return conn, nil
}

// begin returns the statements that start a transaction. Writers see what was
// committed before each statement, and lock what they rely on; readers see one
// moment.
func (d Dialect) begin(write bool) []string {
	switch {
	case d == SQLite && write:
		return []string{"BEGIN IMMEDIATE"}
	case d == SQLite:
		return []string{"BEGIN"}
	case d == PostgreSQL && write:
		return []string{"BEGIN ISOLATION LEVEL READ COMMITTED"}
	case d == PostgreSQL:
		return []string{"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"}
	case write:
		return []string{"SET TRANSACTION ISOLATION LEVEL READ COMMITTED", "START TRANSACTION"}
	}
	return []string{"SET TRANSACTION ISOLATION LEVEL REPEATABLE READ", "START TRANSACTION READ ONLY"}
}

// run runs fn in one transaction and commits if it returns nil. A panic undoes
// it too.
func (db *DB) run(ctx context.Context, write bool, fn func(*tx) error) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	conn, err := db.begin(ctx, write)
	if err != nil {
		return err
	}
	t, done := &tx{querier: conn, dialect: db.dialect}, false
	defer func() {
		if !done {
			db.undo(conn, t.failed)
		}
		_ = conn.Close()
	}()
	if err = fn(t); t.failed != nil && !errors.Is(err, t.failed) {
		err = t.failed // whatever fn made of it
	}
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return err
	}
	if t.failed, err = db.commit(ctx, conn, write); err == nil {
		done = true
	}
	return err
}

// commitPatience is how long a commit may take; rollbackPatience, a rollback.
const (
	commitPatience   = 30 * time.Second
	rollbackPatience = 5 * time.Second
)

// commit does not end with ctx: a commit that is cut off may have happened or
// not.
func (db *DB) commit(ctx context.Context, conn *sql.Conn, write bool) (*failure, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), commitPatience)
	defer cancel()
	_, err := conn.ExecContext(ctx, "COMMIT")
	switch {
	case err == nil:
		return nil, nil
	case !write:
		f := db.dialect.connecting(err)
		return f, f
	}
	f := db.dialect.committing(err)
	return f, f
}

// undo rolls back, also when the context has ended. A connection that cannot do
// that, or was refused something, is not used again; what failed for no known
// reason failed because of it.
func (db *DB) undo(conn *sql.Conn, failed *failure) {
	ctx, cancel := context.WithTimeout(context.Background(), rollbackPatience)
	defer cancel()
	_, err := conn.ExecContext(ctx, "ROLLBACK")
	if err != nil && failed != nil && failed.verdict == broken {
		failed.verdict = lost
	}
	if err != nil || failed != nil && failed.verdict >= lost {
		discard(conn)
	}
}

// discard makes database/sql throw a connection away.
func discard(conn *sql.Conn) {
	_ = conn.Raw(func(any) error { return driver.ErrBadConn })
	_ = conn.Close()
}

// session is where a handle reads and writes: a tenant of the database, or one
// transaction on it.
type session interface {
	// write runs fn in a transaction; fn has no effect if it fails.
	write(ctx context.Context, fn func(*tx) error) error
	// view runs fn on one state of the database.
	view(ctx context.Context, fn func(*tx) error) error
	// inTx is InTx.
	inTx(ctx context.Context, h handle, fn func(context.Context, store.Store) error) error
}

// outside is the session of a tenant outside of transactions.
type outside struct {
	db     *DB
	tenant string
}

// write runs beside other writes of the tenant, and never beside an InTx.
func (s outside) write(ctx context.Context, fn func(*tx) error) error {
	return retry(ctx, func() error {
		return s.db.run(ctx, true, func(t *tx) error {
			if err := lockTenant(ctx, t, s.tenant, t.dialect.forShare()); err != nil {
				return err
			}
			return fn(t)
		})
	})
}

func (s outside) view(ctx context.Context, fn func(*tx) error) error {
	return retry(ctx, func() error { return s.db.run(ctx, false, fn) })
}

// inTx keeps all other writes of the tenant out, which makes transactions run
// one after another whatever they read.
func (s outside) inTx(ctx context.Context, h handle, fn func(context.Context, store.Store) error) error {
	return retry(ctx, func() error {
		return s.db.run(ctx, true, func(t *tx) error {
			if err := lockTenant(ctx, t, s.tenant, t.dialect.forUpdate()); err != nil {
				return err
			}
			h.session = inside{t}
			return fn(ctx, h)
		})
	})
}

// lockTenant locks the row of a tenant, and makes it if there is none.
func lockTenant(ctx context.Context, t *tx, tenant, mode string) error {
	query := "SELECT 1 FROM muster_tenants WHERE tenant = ?" + mode
	var one int
	found, err := t.one(ctx, query, []any{tenant}, &one)
	if err != nil || found {
		return err
	}
	_, err = t.exec(ctx, t.dialect.insertNew("muster_tenants (tenant, last_seq, pruned_seq) VALUES (?, 0, 0)"), tenant)
	if err == nil {
		_, err = t.one(ctx, query, []any{tenant}, &one)
	}
	return err
}

// inside is the session of a transaction.
type inside struct{ tx *tx }

func (s inside) write(ctx context.Context, fn func(*tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return withContext(ctx, s.tx.step(ctx, func() error { return fn(s.tx) }))
}

func (s inside) view(ctx context.Context, fn func(*tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return withContext(ctx, fn(s.tx))
}

// inTx joins the transaction. What fn did before it failed is undone.
func (s inside) inTx(ctx context.Context, h handle, fn func(context.Context, store.Store) error) error {
	return s.tx.step(ctx, func() error { return fn(ctx, h) })
}
