package sqlstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/muster-scim/muster/store"
)

// querier is a transaction, or the pool.
type querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// tx is one transaction, or outside of one the pool, for single reads. It is
// used by one goroutine at a time.
type tx struct {
	querier
	dialect  Dialect
	prepared *statements   // nil where nothing is kept prepared
	failed   *failure      // what the database refused; the transaction is lost
	depth    int           // savepoints
	guard    *guard        // nil unless it keeps other writers of its tenant out
	pending  []store.Entry // of the journal, for the end of the transaction
	apart    bool          // lists in tables of a service are read with statements of their own
}

// prepare returns the statement as it is prepared on the connection at hand, or
// nil.
func (t *tx) prepare(ctx context.Context, query string, args int, loose bool) *sql.Stmt {
	stmt := t.prepared.get(query, args, loose)
	if in, ok := t.querier.(*sql.Tx); ok && stmt != nil {
		return in.StmtContext(ctx, stmt)
	}
	return stmt
}

// exec runs a statement, which is kept prepared, and returns the number of rows
// that it changed.
func (t *tx) exec(ctx context.Context, query string, args ...any) (int64, error) {
	result, err := t.send(ctx, query, args)
	if err != nil {
		return 0, t.fail(err)
	}
	n, err := result.RowsAffected()
	return n, t.fail(err)
}

// send runs a statement and leaves the error to be judged.
func (t *tx) send(ctx context.Context, query string, args []any) (sql.Result, error) {
	if stmt := t.prepare(ctx, query, len(args), false); stmt != nil {
		return stmt.ExecContext(ctx, args...)
	}
	return t.ExecContext(ctx, t.dialect.bind(query), args...)
}

// each calls fn for each row of a query, which is kept prepared.
func (t *tx) each(ctx context.Context, query string, args []any, fn func(scan func(...any) error) error) error {
	return t.query(ctx, query, args, false, fn)
}

// eachOnce is each for a query that may never come again, such as one that was
// made of a filter. A few of them are kept prepared.
func (t *tx) eachOnce(ctx context.Context, query string, args []any, fn func(scan func(...any) error) error) error {
	return t.query(ctx, query, args, true, fn)
}

func (t *tx) query(ctx context.Context, query string, args []any, loose bool, fn func(scan func(...any) error) error) error {
	if stmt := t.prepare(ctx, query, len(args), loose); stmt != nil {
		rows, err := stmt.QueryContext(ctx, args...)
		return t.scan(rows, err, fn)
	}
	rows, err := t.QueryContext(ctx, t.dialect.bind(query), args...)
	return t.scan(rows, err, fn)
}

// sel is each or eachOnce, as the query says.
func (t *tx) sel(ctx context.Context, c *clause, fn func(scan func(...any) error) error) error {
	if c.once {
		return t.eachOnce(ctx, c.String(), c.args, fn)
	}
	return t.each(ctx, c.String(), c.args, fn)
}

// errEnough ends a query whose other rows nobody needs. To ask whether there is
// another one takes a database as long as a part of a look-up.
var errEnough = errors.New("enough")

func (t *tx) scan(rows *sql.Rows, err error, fn func(scan func(...any) error) error) error {
	if err != nil {
		return t.fail(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := fn(rows.Scan); err == errEnough {
			return t.fail(rows.Close())
		} else if err != nil {
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
	judge := t.dialect.judge
	if _, pooled := t.querier.(*sql.DB); pooled {
		judge = t.dialect.connecting // there is nothing to undo
	}
	f := judge(err)
	if t.failed == nil {
		t.failed = f // what follows is a consequence
	}
	return f
}

// clash gives the transaction up so that it is run again.
func (t *tx) clash(reason string) error {
	f := &failure{verdict: clash, err: errors.New(reason)}
	if t.failed == nil {
		t.failed = f
	}
	return f
}

// step runs fn so that it has no effect if it fails, and the transaction can
// go on.
func (t *tx) step(ctx context.Context, fn func() error) (err error) {
	t.depth++
	defer func() { t.depth-- }()
	name, entries, held := fmt.Sprintf("muster_%d", t.depth), slices.Clone(t.pending), free
	if t.guard != nil {
		held = t.guard.held
	}
	if _, err := t.exec(ctx, "SAVEPOINT "+name); err != nil {
		return err
	}
	if err = fn(); err == nil {
		_, err = t.exec(ctx, "RELEASE SAVEPOINT "+name)
		return err
	}
	t.pending = entries
	if t.guard != nil {
		t.guard.held = held // PostgreSQL gives up what was locked since
	}
	if t.failed == nil {
		_, undo := t.exec(ctx, "ROLLBACK TO SAVEPOINT "+name)
		return errors.Join(err, undo)
	}
	return err
}

// begun is a transaction on a connection of its own.
type begun struct {
	*sql.Tx
	conn   *sql.Conn
	cancel context.CancelFunc // ends what is waited for, and the transaction
}

// access is what a transaction does.
type access uint8

const (
	reads       access = iota
	writes             // and may read before
	writesFirst        // its first statement is one that writes
)

// begin starts a transaction, which outlives ctx: it ends by a commit or a
// rollback only. Writers see what was committed before each statement, and lock
// what they rely on; readers see one moment.
func (db *DB) begin(ctx context.Context, a access) (*begun, error) {
	db.prepared.prepare(ctx)
	conn, err := db.pool.Conn(ctx)
	if err != nil {
		return nil, db.dialect.connecting(err)
	}
	lasting, cancel := db.lasting(ctx)
	stop := context.AfterFunc(ctx, cancel)
	defer stop()
	t, err := db.beginOn(ctx, lasting, conn, a)
	if err != nil {
		cancel()
		discard(conn)
		return nil, db.dialect.connecting(err)
	}
	return &begun{t, conn, cancel}, nil
}

// lasting returns a context that ends with cancel only. That of SQLite never
// ends: nothing but a lock is waited for, for as long as its pool allows, and
// drivers start a goroutine for each statement whose context may end.
func (db *DB) lasting(ctx context.Context) (lasting context.Context, cancel context.CancelFunc) {
	lasting = context.WithoutCancel(ctx)
	if db.dialect == SQLite {
		return lasting, func() {}
	}
	return context.WithCancel(lasting)
}

func (db *DB) beginOn(ctx, lasting context.Context, conn *sql.Conn, a access) (*sql.Tx, error) {
	switch d := db.dialect; {
	case d == MySQL && a != reads && db.serial:
		return conn.BeginTx(lasting, &sql.TxOptions{Isolation: sql.LevelSerializable})
	case d == SQLite && a == writes:
		return db.beginImmediate(ctx, lasting, conn)
	case d == SQLite:
		return conn.BeginTx(lasting, nil)
	case a != reads:
		return conn.BeginTx(lasting, &sql.TxOptions{Isolation: sql.LevelReadCommitted})
	}
	return conn.BeginTx(lasting, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
}

// beginImmediate starts the transaction of SQLite over, because sql.DB has no
// name for one that takes its lock at once. One that reads first fails if
// somebody else has written when it wants to; one that begins by writing takes
// its lock with that.
func (db *DB) beginImmediate(ctx, lasting context.Context, conn *sql.Conn) (*sql.Tx, error) {
	t, err := conn.BeginTx(lasting, nil)
	if err != nil {
		return nil, err
	}
	in := &tx{querier: t, dialect: db.dialect, prepared: db.prepared}
	for _, statement := range []string{"COMMIT", "BEGIN IMMEDIATE"} {
		if _, err := in.send(ctx, statement, nil); err != nil {
			_ = t.Rollback()
			return nil, err
		}
	}
	return t, nil
}

// run runs fn in one transaction and commits if it returns nil. A panic undoes
// it too.
func (db *DB) run(ctx context.Context, a access, fn func(*tx) error) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	if a != reads {
		pass, err := db.turn.take(ctx)
		if err != nil {
			return err
		}
		defer pass()
	}
	b, err := db.begin(ctx, a)
	if err != nil {
		return err
	}
	t, done := &tx{querier: b.Tx, dialect: db.dialect, prepared: db.prepared}, false
	defer func() {
		if !done {
			b.undo(t.failed)
		}
		b.cancel()
		_ = b.conn.Close()
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
	t.failed = db.commit(b)
	if done = t.failed == nil; done || a == reads {
		return nil // what was read was of one state, however that ended
	}
	return t.failed
}

// commitPatience is how long a commit may take; rollbackPatience, a rollback.
const (
	commitPatience   = 30 * time.Second
	rollbackPatience = 5 * time.Second
)

// commit does not end with the context of a call: a commit that is cut off may
// have happened or not.
func (db *DB) commit(b *begun) *failure {
	timer := time.AfterFunc(commitPatience, b.cancel)
	defer timer.Stop()
	if err := b.Commit(); err != nil {
		return db.dialect.committing(err)
	}
	return nil
}

// undo rolls back, also when the context has ended. A connection that cannot do
// that, as after a commit that failed, or was refused something, is not used
// again; what failed for no known reason failed because of it.
func (b *begun) undo(failed *failure) {
	timer := time.AfterFunc(rollbackPatience, b.cancel)
	defer timer.Stop()
	err := b.Rollback()
	if err != nil && failed != nil && failed.verdict == broken && !errors.Is(err, sql.ErrTxDone) {
		failed.verdict = lost
	}
	if err != nil || failed != nil && failed.verdict >= lost {
		discard(b.conn)
	}
}

// discard makes database/sql throw a connection away.
func discard(conn *sql.Conn) {
	_ = conn.Raw(func(any) error { return driver.ErrBadConn })
	_ = conn.Close()
}
