package sqltest

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"io"
	"sync"
)

// fault is what goes wrong at a statement.
type fault struct {
	name string
	// err is what the statement reports instead of running; nil lets it run.
	err error
	// cut ends the connection: before the statement, or after it with late set.
	// Whoever waits for an answer gets an unexpected EOF.
	cut, late bool
	// rows lets the statement run, and ends the connection while its rows are
	// read.
	rows bool
	// cancel ends the context of the caller before the statement runs.
	cancel bool
	// stays makes all later statements and new connections fail as well.
	stays bool
}

// injector makes one statement fail. It counts the statements of all
// connections from 1, BEGIN and COMMIT among them.
type injector struct {
	mu     sync.Mutex
	count  int
	at     int // 0 is never
	fault  fault
	cancel context.CancelFunc
	trace  []string
}

// arm makes the statement with a number fail.
func (j *injector) arm(at int, f fault, cancel context.CancelFunc) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.count, j.at, j.fault, j.cancel, j.trace = 0, at, f, cancel, nil
}

// disarm returns the statements since arm.
func (j *injector) disarm() []string {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.at = 0
	return j.trace
}

// next counts a statement and returns what happens to it.
func (j *injector) next(query string) *fault {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.count++
	j.trace = append(j.trace, query)
	if j.at == 0 || j.count < j.at || j.count > j.at && !j.fault.stays {
		return nil
	}
	if j.fault.cancel {
		j.cancel()
	}
	return &j.fault
}

// down reports whether new connections are refused.
func (j *injector) down() bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.at > 0 && j.count >= j.at && j.fault.stays && j.fault.cut
}

// faulty opens a pool whose statements can be made to fail.
func (e engine) faulty(source string) (*sql.DB, *injector, error) {
	j := &injector{}
	pool, err := sql.Open(e.driver, source)
	if err != nil {
		return nil, nil, err
	}
	inner := pool.Driver()
	if err := pool.Close(); err != nil {
		return nil, nil, err
	}
	pool = sql.OpenDB(&faultyConnector{inner, source, j})
	pool.SetMaxOpenConns(maxConnections)
	return pool, j, nil
}

// faultyConnector is a driver.Connector.
type faultyConnector struct {
	inner    driver.Driver
	source   string
	injector *injector
}

func (c *faultyConnector) Driver() driver.Driver { return c.inner }

func (c *faultyConnector) Connect(context.Context) (driver.Conn, error) {
	if c.injector.down() {
		return nil, io.ErrUnexpectedEOF
	}
	conn, err := c.inner.Open(c.source)
	if err != nil {
		return nil, err
	}
	return &faultyConn{Conn: conn, injector: c.injector}, nil
}

// faultyConn is a connection to a real database.
type faultyConn struct {
	driver.Conn
	injector *injector
	dead     bool
	open     driver.Rows // of the statement that is running
	stmts    []driver.Stmt
}

func (c *faultyConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (result driver.Result, err error) {
	_, err = c.run(query, func() error {
		result, err = c.Conn.(driver.ExecerContext).ExecContext(ctx, query, args)
		return err
	})
	return result, err
}

func (c *faultyConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	return c.query(query, func() (driver.Rows, error) {
		return c.Conn.(driver.QueryerContext).QueryContext(ctx, query, args)
	})
}

// query runs a statement that returns rows.
func (c *faultyConn) query(query string, statement func() (driver.Rows, error)) (rows driver.Rows, err error) {
	f, err := c.run(query, func() error {
		rows, err = statement()
		c.open = rows
		return err
	})
	c.open = nil
	if err == nil && f != nil && f.rows {
		rows = &brokenRows{rows, c}
	}
	return rows, err
}

// BeginTx counts as a statement.
func (c *faultyConn) BeginTx(ctx context.Context, o driver.TxOptions) (tx driver.Tx, err error) {
	_, err = c.run("BEGIN", func() error {
		tx, err = c.Conn.(driver.ConnBeginTx).BeginTx(ctx, o)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &faultyTx{tx, c}, nil
}

// faultyTx is a transaction, whose end counts as a statement.
type faultyTx struct {
	tx   driver.Tx
	conn *faultyConn
}

func (t *faultyTx) Commit() error {
	_, err := t.conn.run("COMMIT", t.tx.Commit)
	return err
}

func (t *faultyTx) Rollback() error {
	_, err := t.conn.run("ROLLBACK", t.tx.Rollback)
	return err
}

// PrepareContext does not count: when it happens depends on what ran before.
func (c *faultyConn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	if c.dead || c.injector.down() {
		return nil, driver.ErrBadConn
	}
	stmt, err := c.Conn.(driver.ConnPrepareContext).PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	c.stmts = append(c.stmts, stmt)
	return &faultyStmt{stmt, c, query}, nil
}

// faultyStmt is a prepared statement.
type faultyStmt struct {
	driver.Stmt
	conn  *faultyConn
	query string
}

func (s *faultyStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (result driver.Result, err error) {
	_, err = s.conn.run(s.query, func() error {
		result, err = s.Stmt.(driver.StmtExecContext).ExecContext(ctx, args)
		return err
	})
	return result, err
}

func (s *faultyStmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	return s.conn.query(s.query, func() (driver.Rows, error) {
		return s.Stmt.(driver.StmtQueryContext).QueryContext(ctx, args)
	})
}

func (s *faultyStmt) CheckNamedValue(v *driver.NamedValue) error { return s.conn.CheckNamedValue(v) }

func (s *faultyStmt) Close() error {
	if s.conn.dead {
		return nil
	}
	return s.Stmt.Close()
}

// run runs a statement with what goes wrong at it, which it returns.
func (c *faultyConn) run(query string, statement func() error) (*fault, error) {
	if c.dead {
		return nil, driver.ErrBadConn
	}
	f := c.injector.next(query)
	switch {
	case f == nil || f.cancel || f.rows:
		return f, statement()
	case f.err != nil:
		return f, f.err
	}
	if f.late {
		if err := statement(); err != nil {
			return f, err
		}
	}
	c.kill()
	return f, io.ErrUnexpectedEOF
}

func (c *faultyConn) kill() {
	c.dead = true
	if c.open != nil {
		_ = c.open.Close()
	}
	for _, stmt := range c.stmts {
		_ = stmt.Close() // SQLite keeps the locks of connections that have any
	}
	_ = c.Conn.Close()
}

// Close closes a connection that is not dead.
func (c *faultyConn) Close() error {
	if c.dead {
		return nil
	}
	return c.Conn.Close()
}

// IsValid keeps dead connections out of the pool.
func (c *faultyConn) IsValid() bool { return !c.dead }

// CheckNamedValue leaves it to the real driver what a parameter is.
func (c *faultyConn) CheckNamedValue(v *driver.NamedValue) error {
	if checker, ok := c.Conn.(driver.NamedValueChecker); ok {
		return checker.CheckNamedValue(v)
	}
	return driver.ErrSkip
}

// brokenRows are rows that never come.
type brokenRows struct {
	driver.Rows
	conn *faultyConn
}

func (r *brokenRows) Next([]driver.Value) error {
	r.conn.open = r.Rows
	r.conn.kill()
	return io.ErrUnexpectedEOF
}

func (r *brokenRows) Close() error {
	if r.conn.dead {
		return nil
	}
	return r.Rows.Close()
}
